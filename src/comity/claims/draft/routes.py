"""Up to three ways to test a drafted claim: proposals, from which a person chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from comity.claims.draft.gazetteer import read_toml, straight
from comity.world.snapshot import table

MOST = 3


@dataclass(frozen=True)
class Proposal:
    """A route, the test it might use, and the word of the claim that suggests it."""

    route: str
    test: str
    cue: str


@lru_cache(maxsize=1)
def _units() -> dict[str, frozenset[str]]:
    """Indicator -> units that its series has."""
    frame = table("indicators")
    return {str(name): frozenset(part["unit"]) for name, part in frame.groupby("indicator")}


@lru_cache(maxsize=1)
def _templates() -> list[tuple[re.Pattern[str], dict]]:
    rows = read_toml("templates.toml")["template"]
    return [(re.compile(rf"(?<!\w)(?:{row['cues']})", re.IGNORECASE), row) for row in rows]


def proposals(text: str, kind: str, actors: Sequence[str]) -> list[Proposal]:
    """Ways to test a claim, those on data first; none for definitions and rhetoric.

    Parameters
    ----------
    text
        The claim.
    kind
        Its kind; claims about the world as it is are never proposed for a scenario.
    actors
        States that it names: where a series exists for one of them, its unit is filled in.
    """
    found = []
    plain = straight(text)
    for pattern, row in _templates():
        hit = pattern.search(plain) if kind in row["kinds"] else None
        if hit:
            test = _filled(row["test"], actors)
            if test:
                found.append(Proposal(row["route"], test, " ".join(hit.group().split())))
    return found[:MOST]


def _filled(test: str, actors: Sequence[str]) -> str:
    """The test with its unit; empty where no series has one for these states."""
    name = re.search(r"indicator: ([\w.]+)", test)
    units = _units().get(name.group(1), frozenset()) if name else frozenset()
    if "{STATE}" in test:
        fits = [own for own in actors if own in units]
        return test.replace("{STATE}", fits[0]) if fits else ""
    if "{PAIR}" in test:
        pairs = [f"{a}-{b}" for a in actors for b in actors if f"{a}-{b}" in units]
        return test.replace("{PAIR}", pairs[0]) if pairs else ""
    return test
