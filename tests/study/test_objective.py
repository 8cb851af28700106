"""By which measure strategies are ranked where nothing reaches the usual one."""

from dataclasses import replace
from pathlib import Path

import pytest

from comity.core.errors import BadInput
from comity.engine.paths import Path as Way
from comity.mechanisms.measured import outcomes
from comity.study.laboratory import plan_of
from comity.study.objective import Objective, apart, closest, objective, own
from comity.study.plan import Request

MEASURES = outcomes("JPN", ("CHN", "USA"), ("commitment", "crises"))
RANKED = [one.name for one in MEASURES if one.direction != "none"]
HEIR = """comity: scenario 1
name: heir
title: The same
question: Is it the same?
summary: Nothing is added.
extends: usfk-cut
"""
WAY = Way(("defence_share", "armament", "milex"))


def ways(**reached):
    """Paths of strategies to the measures named."""
    names = [one.name for one in MEASURES]
    return {s: {n: WAY if n in found else None for n in names} for s, found in reached.items()}


def plan(scenario="usfk-cut", strategies=("steady", "defend-alone")):
    return plan_of(Request(scenario, "JPN", strategies, 1, 1, None, "focus"))


def test_what_is_reached_ranks_as_asked():
    found = objective(plan(), MEASURES, ways(steady=[], other=["challenge.korea"]))
    assert found == Objective("challenge.korea")


def test_the_nearest_is_of_one_kind_then_of_one_place_then_most_reached():
    near = ways(a=["consumption.mean", "harm.korea", "challenge.senkaku-diaoyu"], b=[])
    assert closest("challenge.korea", RANKED, near) == "challenge.senkaku-diaoyu"
    near = ways(a=["consumption.mean", "harm.korea"], b=["consumption.mean"])
    assert closest("challenge.korea", RANKED, near) == "harm.korea"
    far = ways(a=["consumption.final", "exposure.CHN"], b=["exposure.CHN"])
    assert closest("challenge.korea", RANKED, far) == "exposure.CHN"


def test_one_that_ships_gives_way_and_says_so():
    found = objective(plan(), MEASURES, ways(a=["challenge.senkaku-diaoyu"]))
    assert found == Objective("challenge.senkaku-diaoyu", "challenge.korea")


def test_where_nobody_moves_anything_the_usual_measure_stands():
    assert objective(plan(), MEASURES, ways(steady=[])) == Objective("challenge.korea")


def test_one_that_a_file_names_is_refused_with_the_nearest(tmp_path):
    shipped = Path(plan().scenario.file)
    mine = tmp_path / "mine.yaml"
    text = shipped.read_text(encoding="utf-8").replace("name: usfk-cut", "name: mine")
    mine.write_text(text, encoding="utf-8")
    own = plan(str(mine))
    with pytest.raises(BadInput, match="rank by challenge.senkaku-diaoyu") as refused:
        objective(own, MEASURES, ways(a=["challenge.senkaku-diaoyu"]))
    line = text[: text.index("objective:")].count("\n") + 1
    assert f"mine.yaml:{line}:" in str(refused.value)
    # One that is only inherited was not named by this file.
    mine.write_text(HEIR, encoding="utf-8")
    found = objective(plan(str(mine)), MEASURES, ways(a=["challenge.senkaku-diaoyu"]))
    assert found.instead_of == "challenge.korea"


def test_what_neither_the_scenario_nor_a_strategy_reaches_is_refused_before_the_run(tmp_path):
    mine = tmp_path / "mine.yaml"
    text = Path(plan().scenario.file).read_text(encoding="utf-8")
    mine.write_text(text.replace("name: usfk-cut", "name: mine"), encoding="utf-8")
    own_plan, nobody = plan(str(mine)), ways(steady=[])
    near = ways(scenario=["consumption.mean", "harm.korea"])["scenario"]
    with pytest.raises(BadInput, match="neither the scenario.*rank by harm.korea"):
        objective(own_plan, MEASURES, nobody, near)
    # One that ships stands, as does one that the scenario reaches, or where nothing moves anything.
    there = ways(scenario=["challenge.korea"])["scenario"]
    asked = Objective("challenge.korea")
    assert objective(plan(), MEASURES, nobody, near) == asked
    for reached in (there, ways(scenario=[])["scenario"]):
        assert objective(own_plan, MEASURES, nobody, reached) == asked
    said = apart(own_plan, MEASURES, "challenge.korea", near)
    assert said and "nearest that the scenario reaches is harm.korea" in said["en"]
    assert apart(own_plan, MEASURES, "challenge.korea", there) is None
    assert apart(plan(), MEASURES, "challenge.korea", near) is None


def test_one_that_is_no_measure_is_refused():
    wrong = plan()
    wrong = replace(wrong, scenario=replace(wrong.scenario, objective="challenge.kora"))
    with pytest.raises(BadInput, match=r"challenge\.korea"):
        objective(wrong, MEASURES, ways(a=[]))


@pytest.mark.parametrize(
    ("actor", "place"),
    [("JPN", "senkaku-diaoyu"), ("KOR", "korea"), ("TWN", "taiwan-strait")],
)
def test_a_kind_alone_is_ranked_by_at_the_actors_own_flashpoint(actor, place):
    """A protector leaves: each of those left is asked about where it is the target itself."""
    request = Request("patron-leaves", actor, ("steady",), 1, 1, None, "focus")
    left = plan_of(request)
    measures = outcomes(actor, ("CHN", "USA"), ("commitment", "crises"))
    nothing = {one.name: None for one in measures}
    assert objective(left, measures, {"steady": nothing}) == Objective(f"harm.{place}")


def test_of_flashpoints_alike_the_one_that_most_strategies_reach():
    ranked = ["harm.korea", "harm.taiwan-strait", "consumption.mean"]
    by = {"a": dict.fromkeys(ranked) | {"harm.taiwan-strait": WAY}}
    assert own("harm", "USA", ranked, by) == "harm.taiwan-strait"
    assert own("consumption.mean", "USA", ranked, by) == "consumption.mean"
    assert own("harm.kora", "USA", ranked, by) == "harm.kora"
