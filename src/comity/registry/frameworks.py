"""Frameworks: treaties, organisations, summits and minilaterals, and who belongs to them when.

Read from the embedded snapshot.  A state is a member in a year when it is one at the end of it; of
those whose year of entry is known as an interval only, from its last year on (``uncertain`` names
them before).  Some were members before they were states of the registry (Belarus in the United
Nations of 1945) and are named too.
"""

import csv
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources

from comity.core.errors import BadInput
from comity.registry.states import BASE_YEAR, find


@dataclass(frozen=True)
class Framework:
    """One framework.

    ``status`` says how far its membership was confirmed: ``checked``, ``unverified`` (partly
    from memory) or ``partial`` (members are known to be missing).  The weights are judged shares
    of its mandate and sum to one.
    """

    id: str
    name_en: str
    name_ja: str
    kind: str
    founded: int
    decision_rule: str
    obligation: str
    w_security: float
    w_economy: float
    w_rules: float
    w_human: float
    status: str
    note: str
    source: str


def _read(name: str) -> tuple[dict[str, str], ...]:
    """Read a snapshot table as text."""
    place = resources.files("comity.snapshot").joinpath(f"{name}.csv")
    with place.open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


@lru_cache(maxsize=1)
def _all() -> dict[str, Framework]:
    """Return every framework by id."""
    found = {}
    text = ("id", "name_ja", "kind", "decision_rule", "obligation", "status", "note", "source")
    for row in _read("frameworks"):
        found[row["id"]] = Framework(
            name_en=row["name"],
            founded=int(row["founded"]),
            w_security=float(row["w_security"]),
            w_economy=float(row["w_economy"]),
            w_rules=float(row["w_rules"]),
            w_human=float(row["w_human"]),
            **{key: row[key] for key in text},
        )
    return found


@lru_cache(maxsize=1)
def _spells() -> dict[str, list[tuple[str, int, int]]]:
    """Return framework -> [(state, since, until)], 9999 for no end."""
    found: dict[str, list[tuple[str, int, int]]] = {own: [] for own in _all()}
    for row in _read("memberships"):
        until = int(row["until"]) if row["until"] else 9999
        found[row["framework"]].append((row["state"], int(row["since"]), until))
    return found


def ids() -> tuple[str, ...]:
    """Return the ids of all frameworks, those without members too, sorted."""
    return tuple(sorted(_all()))


def framework(framework_id: str) -> Framework:
    """Return a framework by its id.

    Raises
    ------
    BadInput
        When there is none; the nearest ids and names are given.
    """
    known = _all()
    if framework_id in known:
        return known[framework_id]
    folded = framework_id.casefold()
    labels = {own.casefold(): own for own in known}
    labels |= {label.casefold(): f.id for f in known.values() for label in (f.name_en, f.name_ja)}
    near = get_close_matches(folded, labels, n=3, cutoff=0.5)
    names = ", ".join(dict.fromkeys(f"{labels[n]} ({known[labels[n]].name_en})" for n in near))
    raise BadInput(
        f"there is no framework called {framework_id!r}",
        why="its id is not in the registry",
        fix=f"did you mean {names}?" if names else f"ids are {', '.join(sorted(known))}",
    )


def frameworks(year: int = BASE_YEAR) -> tuple[str, ...]:
    """Return the ids of the frameworks that have members in a year, sorted."""
    return tuple(sorted(own for own in _all() if members(own, year)))


def members(framework_id: str, year: int = BASE_YEAR) -> tuple[str, ...]:
    """Return the members of a framework at the end of a year, sorted ids.

    >>> members("QUAD")
    ('AUS', 'IND', 'JPN', 'USA')
    """
    spans = _spells()[framework(framework_id).id]
    return tuple(sorted({own for own, since, until in spans if since <= year < until}))


@lru_cache(maxsize=1)
def _waiting() -> dict[str, list[tuple[str, int, int]]]:
    """Return framework -> [(state, earliest, since)] of entries known as an interval."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for row in _read("memberships"):
        if row["earliest"]:
            span = (row["state"], int(row["earliest"]), int(row["since"]))
            found.setdefault(row["framework"], []).append(span)
    return found


def uncertain(framework_id: str, year: int = BASE_YEAR) -> tuple[str, ...]:
    """Return the states that may have been members at the end of a year, sorted ids.

    Their entry is known to lie between two years of a list; ``members`` leaves them out before
    the later one.
    """
    spans = _waiting().get(framework(framework_id).id, [])
    return tuple(sorted({own for own, first, since in spans if first <= year < since}))


def shared(a: str, b: str, year: int = BASE_YEAR) -> tuple[str, ...]:
    """Return the frameworks to which two states both belong in a year, sorted ids."""
    first, second = find(a, year), find(b, year)
    return tuple(own for own in frameworks(year) if {first, second} <= set(members(own, year)))
