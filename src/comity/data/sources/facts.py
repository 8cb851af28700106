"""Memberships with years from the table of dated facts on frameworks."""

import re

from comity.data.sources.source import load

TERM = re.compile(r"\b([A-Z]{3}):(\d{4})(?:-(\d{4}))?")


def terms(framework: str) -> list[tuple[str, int, int | None]]:
    """Return (state, first year, last year or None) for a framework with a year per member.

    Raises
    ------
    KeyError
        When the table has no such framework.
    """
    table = load("facts_frameworks", columns=["id", "members"]).set_index("id")
    return [
        (state, int(first), int(last) if last else None)
        for state, first, last in TERM.findall(str(table.loc[framework, "members"]))
    ]
