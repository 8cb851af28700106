"""The smallest effects of interest, and what an effect of some size is called: one room for both.

Runs, trade and claims ask here, so that one effect never has two words. A change of at most the
smallest effect is *negligible*, up to five times it *modest*, beyond that *large*. Draws are called
by the word that nine in ten of them bear; where no word does, by the least range of words that
does ("negligible to modest"). The figures stand in ``library/smallest.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from jaxtyping import Float

from comity.core.toml_tables import read
from comity.core.words import Text, say, words

Word = Literal["negligible", "modest", "large"]
Way = Literal["better", "worse", "either", "none"]
WORDS: tuple[Word, ...] = ("negligible", "modest", "large")
# Ranges of words in the order in which they are tried; of two as long the one with more draws.
_RANGES = ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))


@dataclass(frozen=True)
class Smallest:
    """Smallest effect of interest, what it is in, and why."""

    value: float
    unit: Text
    reason: Text


@dataclass(frozen=True)
class Size:
    """What draws of an effect are called: from ``least`` to ``most``, and which way they go.

    ``way``: better or worse where nine in ten of the draws beyond the smallest effect are so,
    either where they are not, none where the effect is negligible.
    """

    least: Word
    most: Word
    way: Way

    def record(self) -> dict[str, str]:
        """Plain values for files."""
        return asdict(self)


@cache
def _table() -> dict[str, Any]:
    return read("comity.library", "smallest.toml")


def large_from() -> float:
    """Times the smallest effect beyond which an effect is large."""
    return _table()["rule"]["large"]


def sure() -> float:
    """Share of the draws that have to say a word."""
    return _table()["rule"]["sure"]


@cache
def smallest(measure: str, level: bool = False) -> Smallest | None:
    """Smallest effect of interest of a measure; None where none was fixed.

    Parameters
    ----------
    measure
        Name of a measure, such as ``exposure.CHN``; the longest entry that it begins with counts.
    level
        Asked of the measure itself, not of a change in it; an entry below ``level`` goes first.
    """
    for parts in (["level"], []) if level else ([],):
        named = [*parts, *measure.split(".")]
        for length in range(len(named), len(parts), -1):
            entry = _at(named[:length])
            if isinstance(entry, Mapping) and "value" in entry:
                texts, key = words(__package__), f"smallest.{'.'.join(named[:length])}"
                return Smallest(float(entry["value"]), texts[f"{key}.unit"], texts[f"{key}.reason"])
    return None


def _at(parts: list[str]) -> Any:
    """Entry of the table at a path; None where there is none."""
    entry: Any = _table()["smallest"]
    for part in parts:
        if not isinstance(entry, Mapping) or part not in entry:
            return None
        entry = entry[part]
    return entry


def size_of(
    draws: Float[np.ndarray, " draws"], least: float, direction: str = "higher"
) -> Size | None:
    """What draws of an effect are called; None where none of them is finite.

    Parameters
    ----------
    draws
        An effect by draw or future; NaN is left out.
    least
        Smallest effect of interest, above zero.
    direction
        Which way is better: higher or lower.
    """
    known = draws[np.isfinite(draws)]
    if not known.size:
        return None
    places = np.searchsorted([least, large_from() * least], np.abs(known), side="left")
    shares = np.bincount(places, minlength=len(WORDS)) / known.size
    first, last = _range(shares)
    beyond = known[places > 0] * (-1.0 if direction == "lower" else 1.0)
    way: Way = "none"
    if last > 0:
        better = float((beyond > 0).mean())
        way = "better" if better >= sure() else "worse" if 1.0 - better >= sure() else "either"
    return Size(WORDS[first], WORDS[last], way)


def _range(shares: np.ndarray) -> tuple[int, int]:
    """Shortest range of words that holds enough of the draws."""
    held = {(a, b): float(shares[a : b + 1].sum()) for a, b in _RANGES}
    enough = [r for r in _RANGES if held[r] >= sure()] or [_RANGES[-1]]
    shortest = min(b - a for a, b in enough)
    return max((r for r in enough if r[1] - r[0] == shortest), key=lambda r: held[r])


def rule(lang: str) -> str:
    """The rule by which effects are called small or large, in a sentence."""
    text = words(__package__)["size.rule"]
    return say(text, lang, large=f"{large_from():g}", sure=sure())


def magnitude(size: Mapping[str, str], lang: str) -> str:
    """How large, in words: "modest", or "negligible to modest"."""
    texts = words(__package__)
    named = [texts[f"size.{size[end]}"][lang] for end in ("least", "most")]
    if named[0] == named[1]:
        return named[0]
    return say(texts["size.between"], lang, least=named[0], most=named[1])


def in_words(size: Mapping[str, str] | None, lang: str) -> str:
    """How large and which way, in words: "modest gain"; empty where there is no figure."""
    if size is None:
        return ""
    return say(words(__package__)[f"way.{size['way']}"], lang, size=magnitude(size, lang))
