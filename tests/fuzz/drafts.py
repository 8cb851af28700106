"""Random scenarios as documents: every lever that ships, dates, branches, numbers, rules, acts.

A draft hangs on a seed and a number. It is read by the loader of scenario files; what the loader
refuses (moves that contradict each other, sums beyond a bound) is drawn anew, and counted.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from comity.core.errors import BadInput
from comity.engine.levers import Lever
from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import levers, option_names
from comity.registry.axes import CHANNELS, axes
from comity.scenarios.scenario import Scenario, parse_scenario
from comity.scenarios.vocabulary import Vocabulary
from comity.study.laboratory import vocabulary
from comity.world.regions import default_focus

YEARS = tuple(range(2025, 2036))
# Frameworks that a draft may found; the world has a row for each, empty where nobody founds it.
NEW = ("new-pact", "new-market", "new-forum")
DECADES = 3.0  # a value lies between its bound and a thousandth of it, evenly in logs
# The one program of all scenarios leaves out the nine sectors: no move needs them.
LEFT_OUT = ("sectors",)
Data = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A scenario that was accepted, the state by which it is seen, and how many were refused."""

    number: int
    actor: str
    scenario: Scenario
    refused: int


@cache
def words() -> Vocabulary:
    """Names that files may use."""
    return vocabulary()


@cache
def focus() -> tuple[str, ...]:
    """States that the focus world keeps."""
    return tuple(default_focus())


@cache
def every() -> tuple[str, ...]:
    """Ids of all states."""
    return tuple(sorted(words().states(YEARS[0])))


@cache
def binding() -> tuple[str, ...]:
    """Frameworks with two members or more."""
    return tuple(sorted(name for name, states in words().members.items() if len(states) > 1))


def drawn(seed: int, number: int, fits: Callable[[Scenario], bool] = lambda _: True) -> Drawn:
    """The scenario of a number: the first of its drafts that the loader takes and that fits."""
    attempt = 0
    while True:
        luck = random.Random(f"{seed} {number} {attempt}")
        actor = luck.choice(focus())
        raw = json.dumps(draft(luck)).encode()
        try:
            found = parse_scenario(from_bytes(raw, "f.yaml"), replace(words(), actor=actor))
            if (found.moves or found.rules) and fits(found):
                return Drawn(number, actor, found, attempt)
        except BadInput:
            pass
        attempt += 1


def draft(luck: random.Random) -> Data:
    """A document: one to six moves, up to two rules, and what these hang on."""
    data: Data = {
        "comity": "scenario 1",
        "name": "drawn",
        **{key: {"en": "Drawn", "ja": "Drawn"} for key in ("title", "question", "summary")},
        "horizon": {"from": YEARS[0], "to": YEARS[-1]},
        "mechanisms": _options(luck),
        "uncertainties": {},
        "moves": [],
    }
    for _ in range(luck.choices(range(1, 7), (15, 20, 20, 15, 15, 15))[0]):
        data["moves"].append(_move(luck, luck.choice(list(levers())), data))
    rules = luck.choices((0, 1, 2), (70, 20, 10))[0]
    if rules:
        data["rules"] = [_rule(luck, data) for _ in range(rules)]
    for key in ("mechanisms", "uncertainties"):
        if not data[key]:
            del data[key]
    return data


def _options(luck: random.Random) -> list[str]:
    """Options named beside those that the moves bring in: none in half of the drafts."""
    names = [name for name in option_names() if name not in LEFT_OUT]
    return [name for name in names if luck.random() < 0.25] if luck.random() < 0.5 else []


def _move(luck: random.Random, name: str, data: Data) -> Data:
    lever = levers()[name]
    move: Data = {"lever": name, **_arguments(luck, lever, data), **_value(luck, lever)}
    move |= _dates(luck)
    if name == "found":
        move.pop("until", None)
    if luck.random() < 0.3 and lever.valued:
        move["instrument"] = f"act {luck.randrange(100)}"
    if luck.random() < 0.15 and lever.axis != "channel":
        # Each government meets its own checks, so that such a move has one state.
        move["channel"] = luck.choice(CHANNELS)
        if isinstance(move.get("state"), list):
            move["state"] = luck.choice(move["state"])
        elif lever.sides:
            move[lever.sides[0]] = "USA" if luck.random() < 0.6 else luck.choice(focus())
    move |= _doubts(luck, lever, move, data)
    move["judged"] = "drawn"
    return move


def _rule(luck: random.Random, data: Data) -> Data:
    """A rule that watches states of the focus world."""
    name = luck.choice([one for one in levers() if one != "found"])
    rule = _move(luck, name, data)
    kind = luck.choice(("tariff", "consumption", "openness"))
    seen = luck.sample(focus(), 2 if kind == "tariff" else 1)
    high = {"tariff": 0.5, "consumption": 1.6, "openness": 1.5}[kind]
    rule["observe"] = f"{kind}({', '.join(seen)})"
    rule["comparator"] = luck.choice("<>")
    rule["threshold"] = round(luck.uniform(0.02, high), 3)
    return rule


def _party(luck: random.Random) -> list[str] | str:
    kind = luck.random()
    if kind < 0.5:
        return luck.choice(focus() if luck.random() < 0.7 else every())
    if kind < 0.75:
        return luck.sample(every(), luck.randint(2, 5))
    if kind < 0.87:
        return luck.choice(binding())
    if kind < 0.92:
        return "ALL"
    if kind < 0.96:
        return f"ALL except {', '.join(luck.sample(every(), 2))}"
    return "ACTOR"


def _arguments(luck: random.Random, lever: Lever, data: Data) -> Data:
    """States, framework and labels of a move."""
    found: Data = {}
    if "framework" in lever.signature:
        found["framework"] = _framework(luck, lever, data)
    inside = words().members.get(str(found.get("framework")), frozenset())
    for side in lever.sides:
        found[side] = _party(luck)
        if lever.name == "found":
            found[side] = luck.sample(focus() if luck.random() < 0.5 else every(), 5)
        elif lever.name in ("leave", "deepen") and inside:
            members = sorted(inside)
            found[side] = luck.sample(members, min(len(members), luck.randint(1, 4)))
        elif lever.name == "join" and luck.random() < 0.8:
            outside = [state for state in every() if state not in inside]
            found[side] = luck.sample(outside, min(len(outside), luck.randint(1, 4))) or "ALL"
        if lever.name in ("join", "leave") and isinstance(found[side], list):
            # Some name others too, for whom the move changes nothing.
            found[side] = [*found[side], *luck.sample(every(), luck.choice((0, 0, 0, 3)))]
    if lever.axis:
        labels = axes()[lever.axis]
        found[lever.axis] = luck.choice(labels)
        if lever.axis != "channel" and luck.random() < 0.3:
            found[lever.axis] = luck.sample(labels, 2)
    return found


def _framework(luck: random.Random, lever: Lever, data: Data) -> str:
    if lever.name == "found":
        return luck.choice(NEW)
    if lever.frameworks:
        return luck.choice(lever.frameworks)
    new = [move["framework"] for move in data["moves"] if move["lever"] == "found"]
    if new and luck.random() < 0.7:
        return luck.choice(new)
    again = [move["framework"] for move in data["moves"] if move["lever"] in ("join", "leave")]
    return luck.choice(again if again and luck.random() < 0.3 else binding())


def _value(luck: random.Random, lever: Lever) -> Data:
    """How far: even in logs over three decades up to a bound, of either sign where both are."""
    if not lever.valued:
        return {}
    bound = lever.high if lever.low == 0 or luck.random() < 0.5 else lever.low
    value = float(f"{bound * 10 ** -luck.uniform(0, DECADES):.4g}")
    if lever.base and luck.random() < 0.15:
        return {"times": round(luck.uniform(0, 3), 3)}
    if lever.kind == "dyad" and luck.random() < 0.1:
        return {"set": value}
    return {"add": value}


def _date(luck: random.Random, first: int, last: int) -> int | str:
    year = luck.randint(first, last)
    if luck.random() < 0.6:
        return year
    return f"{year}-{luck.randint(1, 12):02}-{luck.randint(1, 28):02}"


def _dates(luck: random.Random) -> Data:
    start = _date(luck, YEARS[0], YEARS[-2])
    found: Data = {"from": start}
    if luck.random() < 0.35:
        found["until"] = _date(luck, int(str(start)[:4]) + 1, YEARS[-1])
    return found


def _doubts(luck: random.Random, lever: Lever, move: Data, data: Data) -> Data:
    """Branches, consent, an early end and a number that a move hangs on."""
    found: Data = {}
    if luck.random() < 0.25:
        name = _named(luck, data, "choice", _choice(luck))
        options = list(data["uncertainties"][name]["choices"])
        found["when"] = {name: luck.sample(options, luck.randint(1, len(options) - 1))}
    if lever.name in ("join", "deepen") and luck.random() < 0.3:
        odds = round(luck.uniform(0.1, 0.9), 2)
        choices = {"granted": odds, "refused": round(1 - odds, 2)}
        found["consent"] = _named(luck, data, "consent", {"choices": choices})
    if lever.valued and luck.random() < 0.3:
        found["scale"] = _named(luck, data, "number", {"prior": _prior(luck)})
    if luck.random() < 0.1 and isinstance(move["from"], int) and "until" not in move:
        name = _named(luck, data, "end", _choice(luck))
        option = luck.choice(list(data["uncertainties"][name]["choices"]))
        at = luck.randint(move["from"] + 1, YEARS[-1])
        found["ends_early"] = {"at": at, "when": {name: [option]}}
    return found


def _named(luck: random.Random, data: Data, kind: str, made: Data) -> str:
    """Name of an uncertainty of a kind: one that is there already, or the one given."""
    there = [name for name in data["uncertainties"] if name.startswith(kind)]
    if there and luck.random() < 0.5:
        return luck.choice(there)
    name = f"{kind}-{len(data['uncertainties'])}"
    text = {"meaning": {"en": "Drawn", "ja": "Drawn"}, "status": "judged", "source": "drawn"}
    data["uncertainties"][name] = text | made
    return name


def _choice(luck: random.Random) -> Data:
    names: Sequence[str] = ("a", "b", "c")[: luck.randint(2, 3)]
    parts = [luck.randint(1, 9) for _ in names]
    return {"choices": {n: part / sum(parts) for n, part in zip(names, parts, strict=True)}}


def _prior(luck: random.Random) -> Data:
    """A number between a tenth and one, so that a move stays within its lever."""
    low, mode, high = sorted(round(luck.uniform(0.1, 1.0), 3) for _ in range(3))
    return luck.choice(
        (
            {"kind": "uniform", "low": low, "high": high},
            {"kind": "triangular", "low": low, "mode": mode, "high": high},
            {"kind": "normal", "mean": mode, "sd": 0.1, "low": low, "high": high},
            {"kind": "lognormal", "median": mode, "sd": 0.3, "low": low, "high": high},
            {"kind": "fixed", "mean": mode},
        )
    )
