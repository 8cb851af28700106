"""One engine: an arm gives the same bits through a run and a claim, whoever is beside it."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from comity.claims.experiment import Arm, Pool
from comity.engine.measures import Block
from comity.scenarios.scenario import load_scenario
from comity.study import ensemble as engine
from comity.study import laboratory
from comity.study.executors import LocalExecutor
from comity.study.laboratory import vocabulary
from comity.study.plan import Request

FUTURES, SEED = 5, 3
PACKAGE = Path(__file__).parents[2] / "src" / "comity"
ENGINE = "study/ensemble.py"
CASES = {
    "acts, checks and two strategies with uncertainties": (
        "weak-checks",
        "JPN",
        ("widen-cptpp", "de-risk-china"),
    ),
    "a scenario that reads the actor, and rules": ("tariff-wall", "KOR", ("retaliate",)),
}


def quiet(finished, all_):
    """No progress."""


def words(actor: str):
    """Vocabulary of a state whose strategies are compared."""
    return replace(vocabulary(), actor=actor)


def through_a_run(scenario: str, actor: str, strategies: tuple[str, ...]):
    plan = laboratory.plan_of(Request(scenario, actor, strategies, FUTURES, SEED, 2035, "focus"))
    lab = laboratory.build(plan)
    (found,) = engine.solve(lab.ensemble, FUTURES, [0], LocalExecutor())
    return lab, engine.block(lab.ensemble, found, range(len(plan.names)))


def same(one: Block, other: Block, slots: list[int]) -> None:
    """The same bits in these slots of the first as in all of the second."""
    assert (one.states, one.actor, one.partners) == (other.states, other.actor, other.partners)
    assert one.ok[:, slots].all() and other.ok.all()
    np.testing.assert_array_equal(one.losses[:, slots], other.losses)
    assert one.series.keys() == other.series.keys()
    for name, values in one.series.items():
        np.testing.assert_array_equal(values[:, slots], other.series[name], err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("crowd", [False, True], ids=["alone", "in a crowd"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_arm_gives_the_same_bits_through_a_run_and_a_claim(case, crowd):
    scenario, actor, strategies = case
    lab, run = through_a_run(*case)
    arms = [Arm(actor, "", ()), *(Arm(actor, scenario, (name,)) for name in strategies)]
    others = [
        Arm("USA", scenario, ()),
        Arm("CHN", scenario, ("steady",)),
        Arm(actor, "america-first", strategies[:1]),
        Arm(actor, "decoupling", ()),
    ]
    everybody = [*others, *arms] if crowd else arms
    pool = Pool(everybody, lab.plan.options, FUTURES, SEED, 1)
    for slot in range(1, len(arms)):
        claim = pool.block(arms[slot], arms[0], quiet)
        same(run, claim, [0, slot])
        for measure in lab.measures:
            np.testing.assert_array_equal(measure.reduce(claim)[:, 1], measure.reduce(run)[:, slot])


ODD = """comity: scenario 1
name: {name}
title: T
question: Q
summary: S
uncertainties:
  branch:
    meaning: told apart
    choices: {{left: {left}, right: {right}}}
    status: judged
    source: a test
moves:
- {{lever: tariff, importer: USA, exporter: JPN, add: 0.1, from: 2026, when: {{branch: left}},
   judged: a test}}
"""


def test_documents_of_one_name_do_not_collide(tmp_path):
    """Two scenarios called alike: the same luck, but branches and weights of their own."""
    read = []
    for folder, left in (("a", 0.2), ("b", 0.8)):
        (tmp_path / folder).mkdir()
        file = tmp_path / folder / "odd.yaml"
        file.write_text(ODD.format(name="odd", left=left, right=1 - left), encoding="utf-8")
        read.append(load_scenario(file, vocabulary()))
    arms = [engine.Arm("JPN", (one,)) for one in read]
    made = engine.ensemble(arms, (), (2025, 2026), 400, SEED)
    assert [part.label for part in made.parts] == ["scenario", "scenario@2"]
    weights = engine.weights(made)
    owner = [made.parts[0].label == group.document for group in made.groups]
    first, second = weights[:, 0, owner].ravel(), weights[:, 1, np.logical_not(owner)].ravel()
    assert not weights[:, 0, np.logical_not(owner)].any() and not weights[:, 1, owner].any()
    assert abs(first.mean() - 0.2) < 0.06 and abs(second.mean() - 0.8) < 0.06
    assert (first <= second).all(), "the same luck: who is left at 20 % is left at 80 %"


def test_two_readings_share_their_luck_and_those_that_say_the_same_are_one():
    read = [load_scenario("tariff-wall", words(actor)) for actor in ("JPN", "KOR", "KOR")]
    parts = engine.placed([engine.Arm("JPN", (one,)) for one in read])
    assert [part.label for part in parts] == ["scenario", "scenario@2"]
    assert parts[0].document.moves != parts[1].document.moves
    assert parts[0].doubts == parts[1].doubts and parts[0].doubts
    assert all(doubt.luck == f"uncertainty.{doubt.what.name}" for doubt in parts[0].doubts)


def test_futures_of_a_draw_share_its_numbers_only():
    arm = engine.Arm("JPN", (load_scenario("tariff-wall", words("JPN")),))
    single = engine.ensemble([arm], (), (2025, 2026), 4, SEED)
    double = engine.ensemble([arm], (), (2025, 2026), 8, SEED, a_draw=2)
    assert double.drawn.equals(single.drawn)
    one = engine.rows(single, engine.weights(single), 0, 4).row
    two = engine.rows(double, engine.weights(double), 0, 8).row
    assert two.future.tolist() == list(range(8))
    for key, values in one.parameters.items():
        np.testing.assert_array_equal(np.repeat(values, 2), two.parameters[key])
    np.testing.assert_array_equal(np.repeat(one.weights, 2, 0), two.weights)


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (r"\.map\(one_row|over_rows\(", {"core/runtime.py", "study/executors.py", ENGINE}),
        (r"\buniforms\(", {"core/parameters.py", ENGINE}),
        (r"(?<!\.)\bcompile_moves\(", {"scenarios/compile.py", "trade/shock.py", ENGINE}),
    ],
)
def test_no_second_engine(call, where):
    """Rows are mapped, uncertainties drawn and documents compiled in one place."""
    using = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(call, path.read_text(encoding="utf-8"))
    }
    assert using == where
