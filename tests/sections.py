"""Sections of a page that campaigns write anew, between two marks."""

from pathlib import Path


def put(page: Path, name: str, text: str) -> None:
    """Put a section in its place on a page; at its end where it has none yet."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    whole = page.read_text(encoding="utf-8") if page.exists() else "# Reliability\n"
    before, found, rest = whole.partition(begin)
    after = rest.partition(end)[2] if found else ""
    made = f"{before.rstrip()}\n\n{begin}\n{text.strip()}\n{end}"
    page.write_text(made + (after or "\n"), encoding="utf-8")
