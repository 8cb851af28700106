"""The card of aims of a state: what it wants, from which measures that is read, from what size on.

Written into ``run.json`` before anything is judged. The card is one for every state
(``library/aims.toml``); which flashpoints and partners it speaks of follows from who the state is.
An aim that nothing measures stays on the card and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from comity.core.toml_tables import check_keys, location, read
from comity.core.words import both, words
from comity.mechanisms.at_flashpoints import concerned
from comity.registry import states
from comity.registry.flashpoints import Flashpoint, flashpoints
from comity.registry.sizes import smallest
from comity.world.snapshot import table

NEEDED = {
    "group": "a text",
    "measures": "a list of texts",
    "direction": "a text",
    "mechanism": "a text",
}
OPTIONAL = {
    "roles": "a list of texts",
    "together": "true or false",
    "ranked": "true or false",
    "part_of": "a text",
}
MEASURED, NOT_IN_RUN, NOT_MODELLED = "measured", "not_in_run", "not_modelled"


@cache
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """Kinds of aims by name, as ``library/aims.toml`` has them; refuses one that is misspelt."""
    found = read("comity.library", "aims.toml")
    for name, entry in found.items():
        check_keys(entry, NEEDED, OPTIONAL, f"{location('comity.library', 'aims.toml')}:{name}")
    return found


def roles(actor: str, point: Flashpoint) -> frozenset[str]:
    """What a state is at a flashpoint: target, protector, neighbour; nothing as its challenger."""
    if actor == point.challenger:
        return frozenset()
    found = {"target"} if actor == point.target else set()
    if actor in {p.state for p in point.protectors}:
        found.add("protector")
    near = _near(actor)
    if not found and point.challenger in near and point.target in near:
        found.add("neighbour")
    return frozenset(found)


@cache
def _near(actor: str) -> frozenset[str]:
    """States that touch one or lie within 400 miles of water of it (COW direct contiguity)."""
    pairs = table("geography").dropna(subset=["contiguity"])
    a, b = pairs["a"], pairs["b"]
    return frozenset({*b[a == actor], *a[b == actor]})


def card(actor: str, measures: Iterable[Mapping[str, Any]], on: Iterable[str]) -> list[dict]:
    """Aims of a state as plain values for ``run.json``.

    Parameters
    ----------
    actor
        Id of the state.
    measures
        Records of the measures of the run, as `comity.engine.measures.Outcome.record` gives them.
    on
        Names of the mechanisms of the run.

    Returns
    -------
    list of dict
        ``name, kind, group, label, unit, measures, direction, grade, smallest, reason, ranked,
        status, why`` by aim. ``status`` is measured, not_in_run or not_modelled, and ``why`` says
        the reason of the latter two, or why nothing is ranked by an aim.
    """
    known = {m["name"]: m for m in measures}
    running = set(on)
    found = [one for kind in kinds() for one in _of_kind(kind, actor, known, running)]
    return _counted_once(found)


def _counted_once(aims: list[dict]) -> list[dict]:
    """Aims, those not ranked that are part of another which is measured at the same place."""
    texts = words("comity.registry")
    ranked = {aim["name"] for aim in aims if aim["status"] == MEASURED and aim["ranked"]}
    found = []
    for aim in aims:
        whole = kinds()[aim["kind"]].get("part_of")
        if whole and whole + aim["name"].removeprefix(aim["kind"]) in ranked:
            why = both(texts["aim.why.part_of"], whole=texts[f"aim.kind.{whole}.label"])
            aim = aim | {"ranked": False, "why": why}
        found.append(aim)
    return found


def _of_kind(kind: str, actor: str, known: Mapping[str, Any], on: set[str]) -> list[dict]:
    """Aims of one kind; where none is measured, one that says why."""
    entry, texts = kinds()[kind], words("comity.registry")
    label = texts[f"aim.kind.{kind}.label"]
    found = []
    for name, which, wanted in _places(entry, actor, known):
        read_from = [m for m in known if any(fnmatchcase(m, one) for one in wanted)]
        least = smallest(read_from[0]) if read_from else None
        if least is None:
            continue
        named = both(texts["aim.of"], kind=label, which=which) if which else dict(label)
        found.append(
            _aim(kind, f"{kind}.{name}" if name else kind, named)
            | {
                "unit": known[read_from[0]]["unit"],
                "measures": read_from,
                "grade": max(known[m]["grade"] for m in read_from),
                "smallest": least.value,
                "reason": dict(least.reason),
                "why": dict(texts["aim.why.not_ranked"]) if not entry.get("ranked", True) else None,
            }
        )
    return found or [_aim(kind, kind, dict(label)) | _unmeasured(entry, actor, on)]


def _unmeasured(entry: Mapping[str, Any], actor: str, on: set[str]) -> dict[str, Any]:
    """Status of an aim that nothing measures here, and why that is so."""
    texts, wanted = words("comity.registry"), set(entry.get("roles", ()))
    if wanted and not any(roles(actor, point) & wanted for point in flashpoints()):
        return {"status": NOT_MODELLED, "why": dict(texts["aim.why.no_flashpoint"])}
    if entry["mechanism"] not in on:
        why = both(texts["aim.why.not_in_run"], mechanism=entry["mechanism"])
        return {"status": NOT_IN_RUN, "why": why}
    reason = "not_apart" if wanted else "not_modelled"
    return {"status": NOT_MODELLED, "why": dict(texts[f"aim.why.{reason}"])}


def _aim(kind: str, name: str, label: dict[str, str]) -> dict[str, Any]:
    entry = kinds()[kind]
    return {
        "name": name,
        "kind": kind,
        "group": entry["group"],
        "label": label,
        "unit": None,
        "measures": [],
        "direction": entry["direction"],
        "grade": None,
        "smallest": None,
        "reason": None,
        "ranked": entry.get("ranked", True),
        "status": MEASURED,
        "why": None,
    }


def _places(entry: Mapping[str, Any], actor: str, known: Iterable[str]):
    """What an aim stands for one by one: its name, what it is called, patterns of its measures."""
    patterns = entry["measures"]
    if entry.get("roles"):
        wanted = set(entry["roles"])
        mine = [point for point in concerned(actor) if roles(actor, point) & wanted]
        filled = [_filled(patterns, "flashpoint", point.name) for point in mine]
        if entry.get("together"):
            yield "", None, [one for some in filled for one in some]
            return
        for point, own in zip(mine, filled, strict=True):
            yield point.name, point.title, own
    elif any("{partner}" in one for one in patterns):
        stems = [one.partition("{partner}")[0] for one in patterns]
        partners = [m.removeprefix(s) for m in known for s in stems if m.startswith(s)]
        for partner in dict.fromkeys(partners):
            yield partner, states.names(partner), _filled(patterns, "partner", partner)
    else:
        yield "", None, list(patterns)


def _filled(patterns: Iterable[str], what: str, name: str) -> list[str]:
    return [one.replace(f"{{{what}}}", name) for one in patterns]
