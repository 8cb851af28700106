"""How sentences are read in each language: marks, verbs, dates, from ``languages.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from comity.claims.draft.gazetteer import read_toml
from comity.core.words import LANGS


@dataclass(frozen=True)
class Ways:
    """Ways of a language; the fields are told in ``languages.toml``."""

    end: str
    sure: str
    stops: str
    closing: str
    words: int
    letters: int
    verb: re.Pattern[str]
    clauses: bool
    months: tuple[str, ...]
    dates: tuple[re.Pattern[str], ...]


@cache
def ways() -> dict[str, Ways]:
    """Ways of every language by its code."""
    return {lang: _ways(dict(read_toml("languages.toml")[lang])) for lang in LANGS}


def _ways(given: dict) -> Ways:
    months = tuple(given.pop("months"))
    named = "|".join(months)
    dates = tuple(re.compile(text.replace("MONTH", named)) for text in given.pop("dates"))
    return Ways(verb=re.compile(given.pop("verb")), months=months, dates=dates, **given)


@cache
def ends() -> re.Pattern[str]:
    """What ends a sentence in one language or another."""
    return re.compile("|".join(one.end for one in ways().values()))


@cache
def sure() -> str:
    """Marks that end a sentence whatever follows, of all languages."""
    return "".join(one.sure for one in ways().values())
