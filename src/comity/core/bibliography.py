"""The bibliography: entries of ``references.bib`` by key."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

# A key as sources name it: author, year, first word of the title.
KEY = re.compile(r"\b[a-z]+(?:19|20)\d\d[a-z]+\b")


@cache
def entries() -> dict[str, str]:
    """Entries as they are written, by key."""
    text = resources.files("comity.core").joinpath("references.bib").read_text(encoding="utf-8")
    each = re.split(r"\n(?=@)", "\n" + text)
    return {m[1]: entry for entry in each if (m := re.search(r"@\w+\{([^,]+),", entry))}
