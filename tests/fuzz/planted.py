"""Documents with a fault of a known kind, put into a good one at random: none may be accepted."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from fuzz.mutants import Data, Mutant, small, written

JUDGED = {"judged": "a test"}
Fault = Callable[[Data, random.Random], None]


def _add(data: Data, rng: random.Random, *moves: Data) -> None:
    """Moves put into a document at random places, in their order."""
    held = data.setdefault("moves", [])
    spots = sorted(rng.randrange(len(held) + 1) for _ in moves)
    for shift, (spot, move) in enumerate(zip(spots, moves, strict=True)):
        held.insert(spot + shift, {**move, **JUDGED})


def _tariff(rng: random.Random, **more: object) -> Data:
    """A tariff that no shipped document holds: of a small state on another."""
    importer, exporter = rng.sample(["FJI", "TON", "WSM", "VUT", "SLB"], 2)
    return {
        "lever": "tariff",
        "importer": importer,
        "exporter": exporter,
        "add": 0.1,
        "from": rng.randrange(2025, 2030),
        "instrument": f"planted-{rng.randrange(10**6)}",
        **more,
    }


def _number(data: Data, **prior: object) -> str:
    doubts = data.setdefault("uncertainties", {})
    doubts["planted"] = {"meaning": "m", "prior": prior, "status": "judged", "source": "s"}
    return "planted"


def _choice(data: Data, **choices: float) -> str:
    doubts = data.setdefault("uncertainties", {})
    doubts["planted"] = {"meaning": "m", "choices": choices, "status": "judged", "source": "s"}
    return "planted"


def _late_horizon(data: Data, rng: random.Random) -> None:
    start = rng.randrange(2026, 2100)
    data["horizon"] = {"from": start, "to": rng.randrange(start, 2101)}


def _on_oneself(data: Data, rng: random.Random) -> None:
    state = rng.choice(["USA", "JPN", "FJI"])
    other = rng.choice([state, [state], [state, "TON"], [state, "United States"]])
    _add(data, rng, _tariff(rng, importer=[state, "USA"], exporter=other))


def _observed_on_oneself(data: Data, rng: random.Random) -> None:
    state = rng.choice(["USA", "CHN", "ACTOR"])
    rule = _tariff(rng) | {"observe": f"tariff({state}, {state})", "comparator": ">"}
    data.setdefault("rules", []).append({**rule, "threshold": 0.1, **JUDGED})


def _never_observed(data: Data, rng: random.Random) -> None:
    what, sign, at = rng.choice(
        [("consumption(USA)", "<", -1), ("openness(USA)", "<", 0), ("tariff(USA, CHN)", ">", 10)]
    )
    rule = _tariff(rng) | {"observe": what, "comparator": sign, "threshold": at}
    data.setdefault("rules", []).append({**rule, **JUDGED})


def _moves_nothing(data: Data, rng: random.Random) -> None:
    move = _tariff(rng)
    if rng.random() < 0.5:
        del move["add"]
        move["times"] = 1
    else:
        move["add"] = rng.choice([0, -0.0, 0.0])
    _add(data, rng, move)


def _outside_years(data: Data, rng: random.Random) -> None:
    wrong = rng.choice([2024, 1990, 2200, "2024-12-31", "2101-01-01", 99999999999, -5])
    _add(data, rng, _tariff(rng) | {"from": wrong})


def _ends_before(data: Data, rng: random.Random) -> None:
    _add(data, rng, _tariff(rng, until=rng.choice([2025, "2025-01-01"])))


def _never_drawn(data: Data, rng: random.Random) -> None:
    name = _choice(data, here=0.0, there=1.0)
    _add(data, rng, _tariff(rng, when={name: "here"}))


def _never_ends_early(data: Data, rng: random.Random) -> None:
    name = _choice(data, here=0.5, there=0.5)
    early = {"at": "2033-06-01", "when": {name: "there"}}
    _add(data, rng, _tariff(rng, when={name: "here"}, ends_early=early))


def _never_granted(data: Data, rng: random.Random) -> None:
    name = _choice(data, granted=0.5, refused=0.5)
    _add(data, rng, _tariff(rng, when={name: "refused"}, consent=name))


def _empty(data: Data, rng: random.Random) -> None:
    way = rng.randrange(4)
    if way == 0:
        data[rng.choice(["mechanisms", "rules"])] = []
    elif way == 1:
        data["groups"] = {"planted": []}
    elif way == 2:
        _add(data, rng, _tariff(rng, exporter=[]))
    else:
        engage = {"lever": "engage", "state": "USA", "domain": [], "add": 0.1, "from": 2027}
        _add(data, rng, engage)


def _member_joins(data: Data, rng: random.Random) -> None:
    move = {"lever": "join", "framework": "UNSC", "state": rng.choice(["FRA", "CHN"])}
    _add(data, rng, {**move, "from": 2027})


def _other_leaves(data: Data, rng: random.Random) -> None:
    lever = rng.choice(["leave", "deepen"])
    more = {"add": 0.5} if lever == "deepen" else {}
    _add(data, rng, {"lever": lever, "framework": "NATO", "state": "FJI", "from": 2027, **more})


def _before_founding(data: Data, rng: random.Random) -> None:
    found = {"lever": "found", "framework": "planted-ring", "state": ["FJI", "TON"], "from": 2030}
    join = {"lever": "join", "framework": "planted-ring", "state": "WSM"}
    _add(data, rng, found, {**join, "from": rng.choice([2025, 2028, "2029-12-31"])})


def _ruled(data: Data, move: Data) -> None:
    rule = {"observe": "consumption(USA)", "comparator": "<", "threshold": 0.99}
    data.setdefault("rules", []).append({**rule, **move, **JUDGED})


def _founded_by_rule(data: Data, rng: random.Random) -> None:
    _ruled(data, {"lever": "found", "framework": "planted-ring", "state": ["FJI", "TON"]})


def _joined_by_rule(data: Data, rng: random.Random) -> None:
    found = {"lever": "found", "framework": "planted-ring", "state": ["FJI", "TON"], "from": 2030}
    _add(data, rng, found)
    join = {"lever": "join", "framework": "planted-ring", "state": "WSM"}
    _ruled(data, join | rng.choice([{}, {"from": 2029}]))


def _founded_twice(data: Data, rng: random.Random) -> None:
    name = rng.choice(["NATO", "@EU", "JPN", "Japan", "ALL", "ACTOR", "日本", "a, b", " "])
    _add(data, rng, {"lever": "found", "framework": name, "state": ["FJI", "TON"], "from": 2030})


def _scaled_out(data: Data, rng: random.Random) -> None:
    low, high = rng.choice([(0.5, 1e6), (-1.0, 1.0), (-3.0, -1.0), (1.0, 101.0)])
    name = _number(data, kind="uniform", low=low, high=high)
    _add(data, rng, _tariff(rng, scale=name))


def _scaled_out_by_rule(data: Data, rng: random.Random) -> None:
    name = _number(data, kind="lognormal", median=1.0, sd=0.5, low=0.5, high=500.0)
    rule = _tariff(rng, scale=name) | {"observe": "consumption(USA)", "comparator": "<"}
    data.setdefault("rules", []).append({**rule, "threshold": 0.99, **JUDGED})


def _stacked_out(data: Data, rng: random.Random) -> None:
    count = rng.randrange(2, 50)
    each = {"lever": "sanction", "sender": "FJI", "target": "TON", "from": 2027}
    value = rng.uniform(1.05 / count, 1.0)
    moves = [{**each, "add": round(value, 4), "instrument": f"planted-{n}"} for n in range(count)]
    _add(data, rng, *moves)


def _bad_prior(data: Data, rng: random.Random) -> None:
    prior = rng.choice(
        [
            {"kind": "lognormal", "median": 0.5, "sd": 0.5, "low": -1.0, "high": 1.0},
            {"kind": "lognormal", "median": 0.5, "sd": 0.5, "low": 0.0, "high": 1.0},
            {"kind": "uniform", "low": -1e308, "high": 1e308},
            {"kind": "uniform", "low": 1.0, "high": 0.5},
            {"kind": "triangular", "low": 0.0, "mode": 2.0, "high": 1.0},
            {"kind": "normal", "mean": 5.0, "sd": 0.1, "low": 0.0, "high": 1.0},
            {"kind": "normal", "mean": 0.5, "sd": 1e300, "low": 0.0, "high": 1.0},
            {"kind": "normal", "mean": 0.5, "sd": 0.0, "low": 0.0, "high": 1.0},
        ]
    )
    _add(data, rng, _tariff(rng, scale=_number(data, **prior)))


def _set_where_none(data: Data, rng: random.Random) -> None:
    way, value = rng.choice([("set", 0.02), ("times", 2.0)])
    lever = "defence_share" if way == "set" else "leadership"
    _add(data, rng, {"lever": lever, "state": "FJI", way: value, "from": 2027})


def _twice(data: Data, rng: random.Random) -> None:
    move = _tariff(rng)
    _add(data, rng, move, move | {"add": rng.choice([0.1, 0.2])})


def _name_taken(data: Data, rng: random.Random) -> None:
    name = rng.choice(["JPN", "Japan", "NATO", "ALL", "ACTOR"])
    data.setdefault("groups", {})[name] = ["FJI", "TON"]


FAULTS: Mapping[str, Fault] = {
    "years that are not simulated": _late_horizon,
    "dates outside the years": _outside_years,
    "an end before the start": _ends_before,
    "a tariff on oneself": _on_oneself,
    "a tariff on oneself, observed": _observed_on_oneself,
    "a threshold that is never passed": _never_observed,
    "a move of nothing": _moves_nothing,
    "a branch that is never drawn": _never_drawn,
    "an early end that never comes": _never_ends_early,
    "consent in no branch of the move": _never_granted,
    "an empty list": _empty,
    "a member joins": _member_joins,
    "a state leaves what it is not in": _other_leaves,
    "a join before the founding": _before_founding,
    "a founding by a rule": _founded_by_rule,
    "a join by a rule before the founding": _joined_by_rule,
    "a founding of what exists": _founded_twice,
    "a group of a taken name": _name_taken,
    "bounds left after scaling": _scaled_out,
    "bounds left after scaling, by a rule": _scaled_out_by_rule,
    "bounds left by moves together": _stacked_out,
    "a prior that cannot be drawn": _bad_prior,
    "a level laid down where there is none": _set_where_none,
    "a move that stands twice": _twice,
}


def planted(seed: int, number: int) -> tuple[str, Mutant]:
    """A fault and the scenario that it was put into; nothing else is wrong with that."""
    rng = random.Random(f"planted:{seed}:{number}")
    fault = tuple(FAULTS)[number % len(FAULTS)]
    name, data = small("scenario", rng)
    FAULTS[fault](data, rng)
    return fault, Mutant("scenario", name, (fault,), written(data))
