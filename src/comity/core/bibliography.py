"""The bibliography: entries of ``references.bib`` by key."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from unicodedata import normalize

# Marks of LaTeX that the entries use: accents, and letters and signs by name.
ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303"}
LETTERS = {r"\aa": "å", r"\o": "ø", r"\ss": "ß", r"\&": "&", r"\_": "_", r"\%": "%"}
# A key as sources name it: author, year, first word of the title.
KEY = re.compile(r"\b[a-z]+(?:19|20)\d\d[a-z]+\b")


@cache
def entries() -> dict[str, str]:
    """Entries as they are written, by key."""
    text = resources.files("comity.core").joinpath("references.bib").read_text(encoding="utf-8")
    each = re.split(r"\n(?=@)", "\n" + text)
    return {m[1]: entry for entry in each if (m := re.search(r"@\w+\{([^,]+),", entry))}


@cache
def bibliography() -> dict[str, str]:
    """Entries of ``references.bib`` as plain text by key."""
    return {key: _plain(entry) for key, entry in entries().items()}


def _plain(entry: str) -> str:
    """Author (year). Title. Where. — from one BibTeX entry."""
    fields = {
        key.lower(): _typeset(value)
        for key, value in re.findall(
            r"(\w+)\s*=\s*[{\"](.*?)[}\"],?\s*(?=\n)", entry + "\n", re.DOTALL
        )
    }
    parts = [
        fields.get("author", ""),
        f"({fields.get('year', 'n.d.')})",
        fields.get("title", ""),
        fields.get("journal") or fields.get("publisher") or fields.get("institution", ""),
    ]
    text = ". ".join(part for part in parts if part).replace("..", ".")
    return re.sub(r"\s+", " ", text)


def _typeset(value: str) -> str:
    """A value without the marks of LaTeX: accents on their letters, dashes, no braces."""
    plain = re.sub(r"[{}]", "", value).replace("--", "–").strip()
    for mark, letter in LETTERS.items():
        plain = plain.replace(mark, letter)

    def accented(hit: re.Match[str]) -> str:
        return normalize("NFC", hit[2] + ACCENTS[hit[1]])

    return re.sub(r"\\(['`^\"~])(\w)", accented, plain)


def spelt(text: str) -> str:
    """A text with the keys in it as readers cite works: authors and year."""
    return re.sub(r"\w+", lambda hit: short(hit[0]) if hit[0] in entries() else hit[0], text)


@cache
def short(key: str) -> str:
    """Authors by surname and year: "Johnson and Leeds 2011", "Tomz et al. 2023"."""
    entry = entries()[key]
    author = re.search(r"author\s*=\s*\{(.*?)\},?\s*\n", entry, re.DOTALL)
    year = re.search(r"year\s*=\s*\{?(\d{4})", entry)
    whole = re.sub(r"\s+", " ", author[1]) if author else key
    # A body in braces has no surname; what stands before a comma is one.
    names = [re.sub(r"[{}]", "", one.split(",")[0]).strip() for one in whole.split(" and ")]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return f"{who} {year[1]}" if year else who


def papers_in(text: str) -> dict[str, str]:
    """Works whose keys occur in a text."""
    words = set(re.findall(r"\w+", text))
    return {key: work for key, work in bibliography().items() if key in words}
