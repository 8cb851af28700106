"""States: who exists in which year, under which name, and with which code in which system.

An id is an ISO 3166 alpha-3 code where the state has or had one; states that ended before such
codes keep the abbreviation of the Gleditsch-Ward list.  Continuity follows ISO 3166: the Federal
Republic and Germany are ``DEU``, the Soviet Union and Russia ``RUS``, North Yemen and Yemen
``YEM``; Yugoslavia to 1992 is ``YUG``.  Spells are those of Gleditsch and Ward (1999) with their
microstates; the Correlates of War list, which interrupts states under occupation, is kept beside
it as codes.  Both lists end before the present; later years carry the last entry on.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from comity.core.errors import BadInput
from comity.core.words import LANGS
from comity.registry.fold import fold
from comity.registry.years import MISSING, one_year, whole_years

SYSTEMS = ("id", "cow", "gw", "iso3", "m49")
NUMERIC = frozenset({"cow", "gw", "m49"})
PLACES = frozenset({"iso3", "m49"})
# The last year that each published list itself covers.
LIST_END = {"cow": 2016, "gw": 2017}
BASE_YEAR = 2024


@dataclass(frozen=True)
class State:
    """One state under one name; a state with several names or spells has several of these.

    ``kind`` is its standing in the United Nations today: ``un``, ``observer`` or ``other``.
    ``valid_from`` and ``valid_to`` are ISO dates; an empty ``valid_to`` means it still exists.
    """

    id: str
    name_en: str
    name_ja: str
    iso2: str
    m49: str
    kind: str
    region: str
    valid_from: str
    valid_to: str

    def covers(self, year: int, whole: bool = False) -> bool:
        """Tell whether the spell covers 31 December of ``year`` (or, with ``whole``, any day)."""
        return _covers(self.valid_from, self.valid_to, year, any_day=whole)


def _covers(start: str, end: str, year: int, any_day: bool) -> bool:
    """Tell whether a spell covers the last day (or any day) of a year."""
    first, last = start or "0000", end or "9999"
    earliest = f"{year:04d}-01-01" if any_day else f"{year:04d}-12-31"
    return first <= f"{year:04d}-12-31" and last >= earliest


def _read(name: str) -> tuple[dict[str, str], ...]:
    """Read a registry table as text; blank stays blank (``NA`` is Namibia)."""
    with resources.files("comity.registry").joinpath(name).open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


@lru_cache(maxsize=1)
def spells() -> tuple[State, ...]:
    """Return every spell of every state since 1816, sorted by id and date."""
    return tuple(State(**row) for row in _read("states.csv"))


@lru_cache(maxsize=256)
def ids(year: int = BASE_YEAR) -> tuple[str, ...]:
    """Return the ids of the states that exist on 31 December of ``year``, sorted.

    >>> len(ids(2024))
    196
    """
    when = one_year(year)
    return tuple(sorted({spell.id for spell in spells() if spell.covers(when)}))


def state(state_id: str, year: int | None = None) -> State:
    """Return the spell of a state in ``year`` (default: its latest).

    Raises
    ------
    BadInput
        When there is no such id, or the state does not exist in that year.
    """
    mine = [spell for spell in spells() if spell.id == state_id]
    if not mine:
        raise _unknown(state_id)
    if year is None:
        return mine[-1]
    year = one_year(year)
    live = [s for s in mine if s.covers(year)] or [s for s in mine if s.covers(year, whole=True)]
    if not live:
        raise _not_then(state_id, year)
    return live[-1]


def first_year(state_id: str) -> int:
    """Return the year since which a state has existed without interruption.

    >>> first_year("EST"), first_year("DEU")
    (1991, 1949)
    """
    mine = [spell for spell in spells() if spell.id == state_id]
    if not mine:
        raise _unknown(state_id)
    start = mine[-1].valid_from
    for earlier in reversed(mine[:-1]):
        if int(start[:4]) - int(earlier.valid_to[:4]) > 1:
            break
        start = earlier.valid_from
    return int(start[:4])


def name(state_id: str, lang: str = "en", year: int | None = None) -> str:
    """Return the short name of a state in English or Japanese, as used in ``year``.

    >>> name("USA"), name("RUS", year=1980)
    ('United States', 'Soviet Union')
    """
    if lang not in LANGS:
        known = " or ".join(map(repr, LANGS))
        raise BadInput(f"there are no names in {lang!r}", fix=f"use {known}")
    return names(state_id, year)[lang]


def names(state_id: str, year: int | None = None) -> dict[str, str]:
    """Return the short name of a state by language, as used in ``year``.

    >>> sorted(names("USA"))
    ['en', 'ja']
    """
    one = state(state_id, year)
    return {"en": one.name_en, "ja": one.name_ja}


@lru_cache(maxsize=1)
def codes() -> tuple[dict[str, str], ...]:
    """Return codes by system: rows of id, system, code, valid_from, valid_to and note."""
    return _read("codes.csv")


@lru_cache(maxsize=1)
def succession() -> tuple[dict[str, str], ...]:
    """Return mergers and splits: rows of predecessor, successor, year and kind."""
    return _read("succession.csv")


def is_extension(system: str, year: int) -> bool:
    """Tell whether ``year`` lies after the end of the published list of ``system``."""
    return year > LIST_END.get(system, 9999)


@lru_cache(maxsize=4096)
def _mapping(source: str, target: str, year: int) -> dict[str | int, str | int]:
    """Return the map from source codes to target codes in one year."""
    to_id = _pairs(source, year)
    if target == "id":
        return dict(to_id)
    from_id = {own: code for code, own in _pairs(target, year)}
    return {code: from_id[own] for code, own in to_id if own in from_id}


def _pairs(system: str, year: int) -> list[tuple[str | int, str]]:
    """Return (code, id) pairs valid on some day of a year, the best one of a code or id last.

    Best is one valid at the end of the year, then the current one rather than a withdrawn one.
    ISO and M49 codes are of places: they count only while the state exists.  Correlates of War
    and Gleditsch-Ward have lists of states of their own.
    """
    if system == "id":
        return [(s.id, s.id) for s in spells() if s.covers(year, whole=True)]
    alive = {s.id for s in spells() if s.covers(year, whole=True)}
    rows = []
    for row in codes():
        start, end = row["valid_from"], row["valid_to"]
        if row["system"] != system or not _covers(start, end, year, any_day=True):
            continue
        if system in PLACES and row["id"] not in alive:
            continue
        code: str | int = int(row["code"]) if system in NUMERIC else row["code"]
        rank = (_covers(start, end, year, any_day=False), row["note"] == "", start)
        rows.append((rank, code, row["id"]))
    return [(code, own) for _, code, own in sorted(rows, key=lambda row: row[0])]


def listed(system: str, year: int) -> tuple[int | str, ...]:
    """Return the codes of the states that a list counts on some day of ``year``, sorted.

    The scaffold of state-years and dyad-years in the terms of that list.

    >>> len(listed("cow", 1816))
    23
    """
    if system not in SYSTEMS:
        raise BadInput(f"there is no code system {system!r}", fix=f"use {', '.join(SYSTEMS)}")
    return tuple(sorted({code for code, _ in _pairs(system, year)}))  # type: ignore[type-var]


def convert(
    values: Iterable[object],
    source: str,
    target: str,
    year: Any,
) -> pd.Series:
    """Translate codes from one system to another, each in its own year.

    Parameters
    ----------
    values
        Codes, ``N`` of them; missing ones stay missing.
    source, target
        ``id``, ``cow`` (Correlates of War), ``gw`` (Gleditsch-Ward), ``iso3`` or ``m49``.
    year
        One year for all, or ``N`` years: whole numbers of four digits or dates.  A code counts in
        a year when it was valid on any day of it; an id with two codes in one year gets the one
        valid on 31 December.  Without a year a code is missing.

    Returns
    -------
    pandas.Series
        ``N`` codes with the index of ``values`` where that is a Series; missing where the code
        did not exist in that year.  Numbers (``Int64``) for cow, gw and m49, else text.

    Raises
    ------
    BadInput
        When a system is not known, a year is none (-9, 2010.5, 20000), or their number differs
        from that of the codes.
    """
    for system in (source, target):
        if system not in SYSTEMS:
            raise BadInput(f"there is no code system {system!r}", fix=f"use {', '.join(SYSTEMS)}")
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype="object")
    place, labels = pd.factorize(series)
    years = whole_years(year, missing=True)
    if len(years) not in (1, len(place)) or (np.ndim(year) > 0 and len(years) != len(place)):
        raise BadInput(
            f"{len(place)} codes and {len(years)} years", fix="give one year, or one a code"
        )
    years = np.broadcast_to(years, place.shape)
    # Long panels repeat few pairs of code and year: each pair is looked up once.
    pairs, back = np.unique((place + 1) * 10_000 + years, return_inverse=True)
    found = np.empty(len(pairs), dtype=object)
    for i, pair in enumerate(pairs):
        label, when = divmod(int(pair), 10_000)
        key = _key(labels[label - 1], source) if label and when != MISSING else None
        found[i] = None if key is None else _mapping(source, target, when).get(key)
    dtype = "Int64" if target in NUMERIC else "object"
    return pd.Series(found[back], index=series.index, dtype=dtype)


def _key(item: object, system: str) -> str | int | None:
    """Bring a code into the form of the tables; None when it is missing."""
    if item is None or item is pd.NA or (isinstance(item, float) and math.isnan(item)):
        return None
    if system not in NUMERIC:
        return str(item)
    try:
        number = float(str(item))
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


class Label(NamedTuple):
    """A name of a state and when it is one; empty dates for a name without an end."""

    id: str
    valid_from: str
    valid_to: str


@lru_cache(maxsize=1)
def _labels() -> dict[str, list[Label]]:
    """Return folded name or alias -> what it names.

    A former name lasts as long as its spell, so that no ended state is taken for the one that
    goes on under its id; one that stayed in use (``Burma``) is an alias without dates.
    """
    found: dict[str, list[Label]] = {}
    latest = {s.id: s for s in spells()}
    for s in spells():
        now = latest[s.id]
        for label, last in ((s.name_en, now.name_en), (s.name_ja, now.name_ja)):
            span = ("", "") if label == last else (s.valid_from, s.valid_to)
            found.setdefault(fold(label), []).append(Label(s.id, *span))
    for row in _read("aliases.csv"):
        one = Label(row["id"], row["valid_from"], row["valid_to"])
        found.setdefault(fold(row["alias"]), []).append(one)
    for row in codes():
        if row["system"] == "iso3":
            one = Label(row["id"], row["valid_from"], row["valid_to"])
            found.setdefault(fold(row["code"]), []).append(one)
    return found


def _hits(text: str) -> list[Label]:
    """Return what a text may name; ``Korea, Republic of`` is read as ``Republic of Korea``."""
    labels = _labels()
    plain = fold(text)
    if plain in labels:
        return labels[plain]
    name, comma, rest = plain.partition(", ")
    return labels.get(fold(f"{rest} {name}"), []) if comma else []


def find(text: str, year: int | None = None) -> str:
    """Return the id of the state that ``text`` names: an id, a code, a name or an alias.

    Parameters
    ----------
    text
        English or Japanese; case, accents, hyphens and full-width letters do not matter.
    year
        Year in which the state must exist under that name; ``None`` stands for the base year,
        2024.

    Raises
    ------
    BadInput
        When nothing has that name (the nearest names are given), when several states do
        (``Korea``, ``Congo``), or when the state, or the name, has ended or not begun.
    """
    when = BASE_YEAR if year is None else one_year(year)
    if text in ids(when):
        return text
    hits = _hits(text)
    if not hits:
        raise _unknown(text)
    live = set(ids(when)) | {s.id for s in spells() if s.covers(when, whole=True)}
    chosen = sorted({own for own, a, b in hits if own in live and _covers(a, b, when, True)})
    if len(chosen) > 1:  # in the year of a merger, the one that goes on
        chosen = [own for own in chosen if own in ids(when)] or chosen
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise _not_named_then(text, hits, live, when)
    options = ", ".join(f"{own} ({name(own, 'en', when)})" for own in chosen)
    raise BadInput(f"{text!r} is ambiguous", why=f"it may mean {options}", fix="write the id")


def suggest(text: str, count: int = 3) -> list[str]:
    """Return the ids of the states whose names are nearest to ``text``, best first."""
    near = get_close_matches(fold(text), _labels(), n=3 * count, cutoff=0.6)
    found = [one.id for label in near for one in _labels()[label]]
    return list(dict.fromkeys(found))[:count]


def _unknown(text: str) -> BadInput:
    """Return the error for a name that no state has."""
    near = ", ".join(f"{own} ({name(own)})" for own in suggest(text))
    return BadInput(
        f"there is no state called {text!r}",
        why="it is neither an id, a code, a name nor an alias in the registry",
        fix=f"did you mean {near}?" if near else "use an ISO 3166 alpha-3 code such as JPN",
    )


def _span(state_id: str) -> str:
    mine = [s for s in spells() if s.id == state_id]
    return "; ".join(f"{s.valid_from[:4]}-{s.valid_to[:4]}" for s in mine)


def _not_then(state_id: str, year: int) -> BadInput:
    """Return the error for a state that does not exist in a year."""
    after = [row["successor"] for row in succession() if row["predecessor"] == state_id]
    return BadInput(
        f"{state_id!r} does not exist in {year}",
        why=f"{name(state_id)} ({state_id}) existed {_span(state_id)}",
        fix=f"did you mean {', '.join(after)}?" if after else "",
    )


def _not_named_then(text: str, hits: list[Label], live: set[str], year: int) -> BadInput:
    """Return the error for a name that no state has in a year, with the dates of those it had."""
    why, instead = [], []
    for own, start, end in dict.fromkeys(hits):
        after = [row["successor"] for row in succession() if row["predecessor"] == own]
        if own in live:
            why.append(f"it was the name of {own} from {start or '...'} to {end or '...'}")
        else:
            why.append(f"{name(own)} ({own}) existed {_span(own)}")
        instead += [one for one in (own, *after) if one in live]
    near = ", ".join(f"{own} ({name(own, 'en', year)})" for own in dict.fromkeys(instead))
    fix = f"did you mean {near}?" if near else ""
    return BadInput(f"{text!r} does not exist in {year}", why="; ".join(why), fix=fix)
