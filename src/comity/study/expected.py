"""What panels expect to be linked and the model does not link, from a list kept by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from comity.core.bibliography import papers_in
from comity.core.errors import AssemblyError, nearest
from comity.core.toml_tables import check_keys, read
from comity.core.words import Text, words
from comity.engine.paths import graph
from comity.mechanisms.called import called
from comity.mechanisms.catalogue import all_parameters, build_year, option_names
from comity.study.ensemble import Ensemble

FILE = "expected_links.toml"
# A link is a chain of at most so many mechanisms. In the end nearly all hangs together: what leads
# by five of them through a war to trade is not what a panel means by a link.
STEPS = 2
KEYS: Mapping[str, str] = dict.fromkeys(("from", "to", "claims", "papers"), "a list of texts")
Links = Mapping[str, Mapping[str, Collection[str]]]


@dataclass(frozen=True)
class Expected:
    """A link that is expected: from any of some fields or levers to any of some fields."""

    name: str
    starts: tuple[str, ...]
    goals: tuple[str, ...]
    claims: tuple[str, ...]
    papers: tuple[str, ...]
    said: Text

    def record(self) -> dict[str, Any]:
        """Plain values for ``run.json``."""
        return {
            "name": self.name,
            "text": dict(self.said),
            "claims": list(self.claims),
            "papers": list(papers_in(" ".join(self.papers)).values()),
        }


@cache
def expected() -> tuple[Expected, ...]:
    """The list.

    Raises
    ------
    AssemblyError
        An entry with a key too many or too few, or without a claim or paper, or of which no end is
        a field or lever of the model.
    """
    texts, found = words("comity.study"), []
    known = {key.removeprefix("field ") for key in called()}
    for name, entry in read("comity.study", FILE).items():
        where = f"study/{FILE}:{name}"
        check_keys(entry, KEYS, {}, where, AssemblyError)
        for end in ("from", "to"):
            # A field that is still to come may stand beside one that is there.
            if not known & {*entry[end]}:
                fix = nearest(str(entry[end][0]), known)
                raise AssemblyError(f"no field or lever of {end!r} is known", fix=fix, where=where)
        if not entry["claims"] and not entry["papers"]:
            raise AssemblyError("nobody expects it", fix="name a claim or a paper", where=where)
        starts, goals, claims, papers = (tuple(entry[key]) for key in KEYS)
        found.append(Expected(name, starts, goals, claims, papers, texts[f"expected.{name}"]))
    return tuple(found)


def reached_from(links: Links, starts: Iterable[str], steps: int = STEPS) -> set[str]:
    """Fields to which a chain of so many mechanisms leads from these fields or levers."""
    found: set[str] = set()
    todo = {*starts}
    for _ in range(steps):
        moved = {out for inputs in links.values() for one in todo for out in inputs.get(one, ())}
        todo = moved - found
        found |= moved
    return found


def absent(links: Links) -> tuple[Expected, ...]:
    """What is expected and no short chain of these links gives."""
    return tuple(one for one in expected() if not reached_from(links, one.starts) & {*one.goals})


def links_of_all(made: Ensemble) -> Links:
    """Links of the whole model, every option on, in the world of an ensemble."""
    year = build_year(made.shared.world, option_names())
    shared = replace(made.shared, mechanisms=year)
    numbers = {p.key: p.value for p in all_parameters()}
    return graph(shared, numbers, made.arms[0].actor, made.partners[0]).links()
