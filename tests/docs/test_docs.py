"""The Python of the how-tos and tutorials runs, in order, and prints what they say it prints.

A block fenced ``output`` after a block fenced ``python`` is what that block must print. Pages that
run futures do so in a new Python, as a reader would: this suite checks the shapes of arrays, and in
a run the class of one row holds many.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from comity.core.errors import CoverageWarning, DataMissing

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [
    DOCS.parent / "README.md",
    *sorted(p for folder in ("how-to", "tutorials") for p in (DOCS / folder).glob("*.md")),
]
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)


def _runs(page):
    """Whether a page computes futures, which takes long."""
    return "cm.run(" in page.read_text(encoding="utf-8")


def blocks(text):
    """Return (line, code, expected output or None) of each Python block of a page."""
    found = [(text.count("\n", 0, m.start()) + 2, m[1], m[2]) for m in FENCE.finditer(text)]
    out = []
    for number, (line, kind, body) in enumerate(found):
        if kind == "python":
            after = found[number + 1] if number + 1 < len(found) else (0, "", "")
            out.append((line, body, after[2] if after[1] == "output" else None))
    return out


def run(text, name):
    """Run the blocks of a page in one namespace and compare what they print."""
    space = {"__name__": "page"}
    for line, code, expected in blocks(text):
        printed = io.StringIO()
        program = compile("\n" * (line - 1) + code, name, "exec")
        with contextlib.redirect_stdout(printed):
            exec(program, space)
        if expected is not None:
            seen = [row.rstrip() for row in printed.getvalue().strip().splitlines()]
            assert seen == [row.rstrip() for row in expected.strip().splitlines()], f"{name}:{line}"


NO_DATA = 77


def in_new_python(page):
    """Run a page in a new Python; raise what it raised."""
    done = subprocess.run([sys.executable, __file__, str(page)], capture_output=True, text=True)
    if done.returncode == NO_DATA:
        raise DataMissing(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr


def in_here(page):
    run(page.read_text(encoding="utf-8"), str(page))


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=[pytest.mark.slow] * _runs(page), id=page.stem) for page in PAGES],
)
def test_page(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one = in_new_python if _runs(page) else in_here
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        try:
            one(page)
        except DataMissing as error:
            if os.environ.get("COMITY_DATA"):
                raise
            pytest.skip(str(error))


def test_a_wrong_page_is_caught():
    run("```python\nprint(1)\n```\n\n```output\n1\n```\n", "good")
    with pytest.raises(AssertionError, match="bad:2"):
        run("```python\nprint(1)\n```\n\n```output\n2\n```\n", "bad")
    with pytest.raises(ZeroDivisionError):
        run("text\n```python\nx = 1\n```\nthen\n```python\nx / 0\n```\n", "broken")


def test_a_wrong_page_is_caught_in_a_new_python(tmp_path):
    page = tmp_path / "bad.md"
    page.write_text("```python\nprint(1)\n```\n\n```output\n2\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="bad.md:2"):
        in_new_python(page)


if __name__ == "__main__":
    warnings.simplefilter("ignore", CoverageWarning)
    try:
        in_here(Path(sys.argv[1]))
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        sys.exit(NO_DATA)
