"""One strategy of each side together: arms, clashes, the same bits as a run, no link means nil."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from comity.cli.main import app
from comity.core.errors import BadInput
from comity.face.answers import answered, asked, cost_of
from comity.scenarios.scenario import Scenario
from comity.scenarios.strategy import load_strategy
from comity.scenarios.together import check_sides
from comity.study import ensemble as engine
from comity.study import laboratory
from comity.study.executors import LocalExecutor
from comity.study.joint import build, joint_plan, levels
from comity.study.plan import Request

FUTURES, SEED, LAST = 2, 5, 2028
MINE = ("steady", "retaliate", "de-risk-china")
THEIRS = {"CHN": ("steady", "build-up", "retaliate")}


def request(actor="JPN", strategies=MINE, scenario="tariff-wall", **other):
    options = {"futures": FUTURES, "seed": SEED, "horizon": LAST, "world": "focus"} | other
    return Request(scenario, actor, strategies, **options)


def test_cells_that_come_to_the_same_are_one_arm():
    plan = joint_plan(request(), THEIRS)
    laid = plan.laid
    assert plan.shape == (3, 3) and laid.cells.shape == (1, 3, 3)
    # Two states at rest, and nine cells of which one is the scenario alone.
    assert len(laid.arms) == 2 + 9 and laid.rest == (0, 1)
    assert laid.cells[0, 0, 0] == laid.alone[0]
    both = laid.arms[laid.cells[0, 2, 1]]
    assert [d.name for d in both.documents] == ["tariff-wall", "de-risk-china", "build-up"]
    assert both.actor == "JPN" and both.documents[2].actor == "CHN"
    seen = joint_plan(request(), THEIRS, by_partner=True).laid
    assert len(seen.arms) == 2 + 2 * 9 and seen.arms[seen.cells[1, 2, 1]].actor == "CHN"
    cost = cost_of(plan)
    assert (cost.arms, cost.rows, cost.megabytes) == (11, 11 * FUTURES, 0.0)


def test_in_a_scenario_that_does_nothing_doing_nothing_is_the_world_as_it_goes():
    laid = joint_plan(request(scenario="as-is"), THEIRS).laid
    assert laid.cells[0, 0, 0] == laid.alone[0] == laid.rest[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no side answers"),
        ({"JPN": ("steady",)}, "JPN is named twice"),
        ({"China": ("steady",), "CHN": ("retaliate",)}, "CHN is named twice"),
        ({"Chinna": ("steady",)}, "China|CHN"),
        ({"CHN": ("stedy",)}, "steady"),
        ({"CHN": ("widen-cptpp",)}, "is of JPN, not of CHN"),
        ({"CHN": ("steady", "steady")}, "two of one name"),
        ({"CHN": tuple("abcdefghijk")}, "11 strategies of CHN are too many"),
        ({s: ("a", "b", "c", "d", "e", "f", "g") for s in ("CHN", "USA", "KOR")}, "combinations"),
    ],
)
def test_what_cannot_be_put_together_is_refused(given, said):
    with pytest.raises(BadInput, match=said):
        joint_plan(
            request(strategies=MINE if "a" not in given.get("KOR", ()) else given["KOR"]), given
        )


def test_strategies_that_clash_are_refused_with_both_places():
    words = laboratory.vocabulary()
    sides = [
        [load_strategy(name, words, actor)]
        for actor, name in (("JPN", "widen-cptpp"), ("IDN", "asean-centrality"))
    ]
    with pytest.raises(BadInput, match="repeats") as caught:
        check_sides(sides, words)
    places = re.findall(r"([\w-]+\.yaml):\d+:\d+", str(caught.value))
    assert sorted(places) == ["asean-centrality.yaml", "widen-cptpp.yaml"]
    with pytest.raises(BadInput, match="widen-cptpp"):
        joint_plan(request(strategies=("widen-cptpp",)), {"IDN": ("asean-centrality",)})


@pytest.mark.slow
def test_what_a_scenario_says_of_the_actor_it_says_of_every_side():
    """America-first answers the tariffs of ACTOR; in whatever order, it answers those of both."""
    west = "america-first"
    one = joint_plan(request(scenario=west), THEIRS).scenario
    other = joint_plan(request("CHN", THEIRS["CHN"], west), {"JPN": MINE}).scenario
    assert {rule.state for rule in one.rules} == {rule.state for rule in other.rules}
    assert {rule.state for rule in one.rules} >= {"JPN", "CHN"}
    alone = laboratory.plan_of(request(scenario=west)).scenario
    assert "CHN" not in {rule.state for rule in alone.rules} and one.title == alone.title
    # What all but ACTOR do neither of them does: each chooses among its own strategies.
    answers = [[m for m in s.moves if m.instrument == "answer-deepening"] for s in (one, alone)]
    mine, theirs = ({state for m in moves for state in m.actors} for moves in answers)
    assert theirs - mine == {"CHN"} and "JPN" not in theirs


@pytest.mark.parametrize("scenario", ["tariff-wall", "universal-decline"])
def test_scenarios_that_speak_of_the_actor_can_be_read_for_several_sides(scenario):
    sides = {"CHN": ("steady",), "KOR": ("steady",), "USA": ("steady",)}
    plan = joint_plan(request(scenario=scenario, horizon=None), sides)
    assert plan.scenario.name == scenario


def test_branches_of_one_name_in_two_strategies_say_nothing_of_each_other():
    """Each has a choice of its own; that they are called alike does not keep them apart."""
    words = laboratory.vocabulary()
    mine, theirs = (load_strategy("retaliate", words, state) for state in ("JPN", "KOR"))
    check_sides([[mine], [theirs]], words)


@pytest.fixture(scope="module")
def solved():
    lab = build(joint_plan(request(), THEIRS))
    return lab, levels(lab)


def _read_for_both(lab, arm):
    """Documents of an arm with the scenario as read for all sides."""
    return tuple(lab.joint.scenario if isinstance(one, Scenario) else one for one in arm.documents)


@pytest.mark.slow
def test_a_side_among_others_that_do_nothing_has_the_bits_of_a_run(solved):
    lab, found = solved
    plan = laboratory.plan_of(request())
    mine = tuple(replace(arm, documents=_read_for_both(lab, arm)) for arm in plan.arms)
    made = engine.ensemble(mine, lab.joint.plan.options, plan.years, FUTURES, SEED)
    (rows,) = engine.solve(made, FUTURES, [0], LocalExecutor())
    block = engine.block(made, rows, range(len(plan.names)))
    for measure in made.measures():
        if measure.name in ("consumption.mean", "exposure.CHN", "exposure.USA"):
            aim = measure.name.removesuffix(".mean")
            np.testing.assert_array_equal(
                found[0].cells[aim][:, :, 0], measure.reduce(block)[:, 1:]
            )


@pytest.mark.slow
def test_where_no_link_leads_nothing_moves_and_where_something_moves_there_is_a_link(solved):
    lab, found = solved
    seen = set()
    for links, own in zip(lab.linked, found, strict=True):
        for name, linked in links.items():
            gain = own.cells[name] - own.alone[name][:, None, None]
            moves = (np.abs(np.nan_to_num(gain)) > 1e-9).any(axis=0)
            assert not (moves & ~linked).any()
            assert not linked[0, 0]
            seen |= {*linked.reshape(-1).tolist()}
    assert seen == {True, False}


@pytest.mark.slow
def test_sides_in_another_order_give_the_same_cells(solved):
    _, found = solved
    other = levels(build(joint_plan(request("CHN", THEIRS["CHN"]), {"JPN": MINE})))
    # What cutting off a partner would cost is computed for the first side alone.
    shared = other[1].cells.keys()
    assert "consumption" in shared and "exposure.CHN" not in shared
    for name in shared:
        np.testing.assert_allclose(
            other[1].cells[name].swapaxes(1, 2), found[0].cells[name], rtol=1e-9, atol=1e-12
        )
    np.testing.assert_allclose(
        other[0].cells["consumption"].swapaxes(1, 2), found[1].cells["consumption"], rtol=1e-9
    )


def say(*arguments):
    return CliRunner().invoke(app, ["answers", "tariff-wall", *arguments])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--against", "Chinna"], "China"),
        (["--against", ""], "no side answers"),
        (["--against", "CHN", "--strategies", "IND:steady"], "IND is no side here"),
        (["--against", "CHN", "--strategies", "CHN:stedy"], "steady"),
        (["--against", "CHN", "--futures", "0"], "--futures 0 is out of range"),
        (["--against", "JPN"], "JPN is named twice"),
        (["--against", "CHN", "--lang", "fr"], "use en or ja"),
    ],
)
def test_what_cannot_be_answered_is_one_clean_error(given, said):
    found = say(*given)
    assert isinstance(found.exception, BadInput) and found.exception.exit_code == 2
    assert said in str(found.exception)


@pytest.mark.slow
def test_the_command_prints_what_it_promises():
    given = ["--for", "JPN", "--against", "CHN", "--futures", "4", "--horizon", "2027"]
    some = ["--strategies", "JPN:steady,de-risk-china", "--strategies", "CHN:steady,retaliate"]
    found = say(*given, *some, "--aims", "consumption", "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout[found.stdout.index("{") :])
    assert {"aims", "cells", "equilibria", "survives"} <= told.keys()
    keys = {"side", "own", "others", "aim", "mean", "low", "high", "linked"}
    assert all(cell.keys() == keys for cell in told["cells"])
    still = [c for c in told["cells"] if not c["linked"]]
    assert still and all(c["mean"] is c["low"] is c["high"] is None for c in still)
    cost = say(*given, *some, "--dry-run")
    assert "about" in cost.output and "minutes" in cost.output


@pytest.mark.slow
def test_exposure_of_every_side_is_measured_where_it_is_weighed():
    question = asked(
        "tariff-wall",
        "JPN",
        ["KOR"],
        ["JPN:steady,de-risk-china", "KOR:steady,de-risk-china"],
        ["exposure.CHN"],
        futures=2,
        horizon=2027,
    )
    assert question.lab.joint.by_partner
    told = answered(question)
    own = [c for c in told["cells"] if c["side"] == "KOR" and c["aim"] == "exposure.CHN"]
    assert any(c["mean"] for c in own)
