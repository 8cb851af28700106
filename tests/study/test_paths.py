"""Paths of whole runs: what ships, by hand, and no measure that moves without a path."""

import random
from dataclasses import replace

import numpy as np
import pytest

from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import chosen, levers, option_names
from comity.registry.axes import axes
from comity.scenarios.scenario import load_scenario
from comity.scenarios.strategy import load_strategy, parse_strategy
from comity.study.ensemble import Arm, block, ensemble, solve
from comity.study.executors import LocalExecutor
from comity.study.laboratory import vocabulary
from comity.study.paths import paths

pytestmark = pytest.mark.slow
HEAD = """comity: strategy 1
name: {name}
actor: {actor}
title: Random moves
summary: Drawn for a test.
uncertainties:
  agreed:
    meaning: Others agree
    choices: {{granted: 0.7, refused: 0.3}}
    status: judged
    source: drawn for a test
"""
OTHERS = ("USA", "KOR", "CHN", "AUS", "DEU", "IND", "TWN", "PRK")


@pytest.fixture(scope="module")
def japan():
    """Paths of two strategies of Japan in the scenario of the cut of US forces."""
    words = replace(vocabulary(), actor="JPN")
    scenario = load_scenario("usfk-cut", words)
    named = [load_strategy(name, words, "JPN") for name in ("steady", "defend-alone", "retaliate")]
    arms = [Arm("JPN"), *(Arm("JPN", (scenario, one)) for one in named)]
    moved = {m.lever for one in (scenario, *named) for m in one.moves}
    made = ensemble(arms, chosen(scenario.mechanisms, moved), tuple(range(2025, 2036)), 1, 1)
    return paths(made, made.measures())


def test_doing_nothing_reaches_nothing(japan):
    assert set(japan.by_strategy["steady"].values()) == {None}


def test_arms_of_japan_reach_its_own_flashpoints_and_no_other(japan):
    """Only what other states do about it may carry it on to other flashpoints."""
    reach = japan.by_strategy["defend-alone"]
    linked = {n: p.names for n, p in reach.items() if p and "odds" in p.names[-2]}
    own = {name for name, names in linked.items() if len(names) == 6}
    assert {name.partition(".")[2] for name in own} >= {"senkaku-diaoyu"}
    assert not any("korea" in name for name in own)
    assert all({"alarm", "commitment"} & {*linked[name]} for name in {*linked} - own)
    assert reach["harm.senkaku-diaoyu"].names == (
        "defence_share",
        "armament",
        "military_stock",
        "crises",
        "harm_odds",
        "harm.senkaku-diaoyu",
    )
    assert reach["consumption.mean"].names[0] == "defence_share"


def test_a_tariff_that_a_rule_sets_reaches_everybody_through_trade(japan):
    reach = japan.by_strategy["retaliate"]
    assert reach["exposure_change.CHN"].names == (
        "tariff",
        "trade",
        "losses",
        "exposure_change.CHN",
    )
    assert reach["challenge.korea"].names[:2] == ("tariff", "trade")


def test_the_cut_of_forces_reaches_korea_and_no_economy(japan):
    assert japan.of_scenario["challenge.korea"].names[0] == "forces"
    assert japan.of_scenario["consumption.mean"] is None
    assert japan.of_scenario["challenge.senkaku-diaoyu"] is None


def test_checks_reach_what_hangs_on_acts_that_they_may_end():
    """The scenario's tariffs are acts of the United States, which weaker checks let stand."""
    words = replace(vocabulary(), actor="USA")
    scenario = load_scenario("weak-checks", words)
    text = HEAD.format(name="firm", actor="USA") + (
        "moves:\n  - {lever: checks, state: ACTOR, channel: executive_order, add: -1.0, "
        "from: 2025, judged: drawn}\n"
    )
    own = parse_strategy(from_bytes(text.encode(), "firm.yaml"), words, "USA")
    arms = [Arm("USA"), Arm("USA", (scenario, own))]
    made = ensemble(arms, tuple(option_names()), tuple(range(2025, 2036)), 1, 1)
    way = paths(made, made.measures()).reach("firm", "consumption.mean")
    assert way.names[:5] == ("checks", "checks", "survival", "acts", way.names[4])
    assert way.names[-2:] == ("consumption", "consumption.mean")


def drawn_move(draw: random.Random, actor: str) -> str:
    """A move or rule of one lever that the actor may move by itself."""
    lever = draw.choice([one for one in levers().values() if one.name != "decision_rule"])
    given = {lever.actor: "ACTOR"}
    if lever.kind == "dyad":
        second = next(side for side in lever.sides if side != lever.actor)
        given[second] = draw.choice([state for state in OTHERS if state != actor])
    if lever.kind == "membership":
        given["framework"] = {
            "join": draw.choice(("CPTPP", "BRICS", "NATO", "GCC")),
            "leave": draw.choice(("WHO", "WTO", "IMF")),
            "found": "NEW-ONE",
            "deepen": draw.choice(("WTO", "UN")),
        }[lever.name]
    if lever.name == "found":
        given["state"] = f"[ACTOR, {draw.choice(OTHERS)}]"
    if lever.kind == "category":
        given[lever.axis] = draw.choice(axes()[lever.axis])
    if lever.valued:
        low, high = max(lever.low, -0.4), min(lever.high, 0.8)
        given["add"] = f"{draw.uniform(low if lever.low < 0 else 0.1, high):.3f}"
    if lever.name == "alliance":
        given |= {"add": "1.0", "consent": "agreed"}
    if lever.name in ("join", "found"):
        given["consent"] = "agreed"
    inside = ", ".join(f"{name}: {value}" for name, value in given.items())
    if lever.valued and "consent" not in given and draw.random() < 0.3:
        level = f"{draw.uniform(0.9, 1.1):.3f}"
        watched = f'observe: "consumption(ACTOR)", comparator: ">", threshold: {level}'
        return f"  - {{{watched}, lever: {lever.name}, {inside}, judged: drawn}}\n"
    return f"  - {{lever: {lever.name}, {inside}, from: 2025, judged: drawn}}\n"


def drawn_strategies(many: int, actor: str, seed: int) -> list:
    """Strategies of one to three random moves; drawn anew where a file is refused."""
    draw, words, found = random.Random(seed), replace(vocabulary(), actor=actor), []
    while len(found) < many:
        lines = [drawn_move(draw, actor) for _ in range(draw.choice((1, 1, 2, 3)))]
        text = HEAD.format(name=f"drawn-{len(found)}", actor=actor)
        for kind, own in (
            ("moves", [x for x in lines if "observe" not in x]),
            ("rules", [x for x in lines if "observe" in x]),
        ):
            text += f"{kind}:\n{''.join(own)}" if own else ""
        try:
            found.append(parse_strategy(from_bytes(text.encode(), "drawn.yaml"), words, actor))
        except Exception as error:  # noqa: BLE001 - a file that is refused is drawn anew
            refused = str(error)
            assert ".yaml" in refused, refused
    return found


@pytest.mark.parametrize(("actor", "seed"), [("JPN", 1), ("USA", 2)])
def test_no_measure_moves_without_a_path(actor, seed):
    """Random strategies side by side in one program, against the scenario by itself."""
    words = replace(vocabulary(), actor=actor)
    scenario = load_scenario("weak-checks", words)
    steady = load_strategy("steady", words, actor)
    drawn = [steady, *drawn_strategies(30, actor, seed)]
    arms = [Arm(actor), *(Arm(actor, (scenario, one)) for one in drawn)]
    made = ensemble(arms, tuple(option_names()), (2025, 2026, 2027, 2028), 3, 1)
    measures = made.measures()
    found = paths(made, measures)
    rows = next(solve(made, 3, [0], LocalExecutor()))
    side_by_side = block(made, rows, range(len(arms)))
    moved = 0
    for one in measures:
        values = one.reduce(side_by_side)
        for slot, strategy in enumerate(drawn, 1):
            both = np.isfinite(values[:, slot]) & np.isfinite(values[:, 1])
            differs = bool((values[both, slot] != values[both, 1]).any())
            moved += differs
            assert not differs or found.reach(strategy.name, one.name), (strategy.moves, one.name)
    assert moved > len(drawn)
