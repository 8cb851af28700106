"""Strategies without the scenario: added arms move nothing, and what does not react is said so."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import comity as cm
from comity.claims.experiment import Arm, Pool
from comity.claims.verdict import decide
from comity.cli.main import app
from comity.core import run_folder
from comity.core.run_folder import ALONE
from comity.registry.sizes import smallest
from comity.study import ensemble as engine
from comity.study import laboratory
from comity.study.executors import LocalExecutor
from comity.study.plan import Request

FUTURES, SEED = 6, 3
STRATEGIES = ("steady", "retaliate", "de-risk-china")


def planned(scenario="tariff-wall", strategies=STRATEGIES):
    request = Request(scenario, "JPN", strategies, FUTURES, SEED, 2029, "focus")
    return laboratory.plan_of(request)


def test_what_does_nothing_has_no_arm_of_its_own():
    plan = planned()
    # Nothing, three strategies under the scenario, two of them alone; steady does nothing.
    assert len(plan.arms) == 6
    assert plan.calm == {ALONE: 1, "steady": 0, "retaliate": 4, "de-risk-china": 5}
    assert plan.arms[4].documents == (plan.strategies[1],)
    quiet = planned("as-is", ("retaliate",))
    assert len(quiet.arms) == 2 and quiet.calm == {ALONE: 0, "retaliate": 1}
    lone = planned(strategies=("retaliate",))
    assert lone.arms[lone.calm[ALONE]].documents == (lone.scenario,)


@pytest.mark.slow
def test_added_arms_move_no_bit_and_no_draw():
    plan = planned()
    blocks = []
    for arms in (plan.arms[: len(plan.names)], plan.arms):
        made = engine.ensemble(arms, plan.options, plan.years, FUTURES, SEED)
        (found,) = engine.solve(made, FUTURES, [0], LocalExecutor())
        blocks.append((made.drawn, engine.block(made, found, range(len(plan.names)))))
    (drawn, one), (again, two) = blocks
    pd.testing.assert_frame_equal(drawn, again)
    for name, values in one.series.items():
        np.testing.assert_array_equal(values, two.series[name], err_msg=name)
    np.testing.assert_array_equal(one.losses, two.losses)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "wall"
    return cm.run(
        "tariff-wall",
        strategies=list(STRATEGIES),
        futures=FUTURES,
        seed=SEED,
        horizon=2035,
        out=folder,
        weights={"economy": 1.0},
    )


@pytest.mark.slow
def test_a_strategy_that_does_not_react_is_said_not_to(result):
    aims = result.judgement["aims"]
    cells = {(c["aim"], c["strategy"]): c for c in aims["cells"]}
    # Depending less on China does the same whatever the United States do.
    fixed = cells["exposure.CHN", "de-risk-china"]
    assert fixed["reacts"] == "good_anyway"
    assert abs(fixed["gain"]["mean"] - fixed["calm"]["mean"]) < 0.1 * abs(fixed["calm"]["mean"])
    # Without tariffs there is nothing to answer, and a steady course never does anything.
    assert cells["consumption", "retaliate"]["calm"]["same"]
    assert not cells["consumption", "retaliate"]["gain"]["same"]
    for aim in {c["aim"] for c in aims["cells"]}:
        assert cells[aim, "steady"]["gain"]["same"] and cells[aim, "steady"]["calm"]["same"]
        assert cells[aim, "steady"]["reacts"] == "no_effect"


@pytest.mark.slow
def test_the_figures_are_those_of_the_tables(result):
    aims, folder = result.judgement["aims"], result.folder
    calm = pd.read_parquet(folder / "calm.parquet")
    assert set(calm["strategy"]) == {ALONE, *STRATEGIES}
    both = pd.concat([result.outcomes, calm.assign(strategy="calm " + calm["strategy"])])
    wide = both[both["measure"] == "consumption.mean"].pivot(
        index="future", columns="strategy", values="value"
    )
    for strategy in STRATEGIES:
        (cell,) = (
            c for c in aims["cells"] if c["strategy"] == strategy and c["aim"] == "consumption"
        )
        under = (wide[strategy] - wide[f"calm {ALONE}"]).to_numpy()
        alone = (wide[f"calm {strategy}"] - wide["baseline"]).to_numpy()
        assert cell["gain"]["mean"] == pytest.approx(under.mean(), abs=1e-9)
        assert cell["calm"]["mean"] == pytest.approx(alone.mean(), abs=1e-9)
        person = json.loads((folder / "run.json").read_text(encoding="utf-8"))["money"]
        usd = person["usd"] / 100 * cell["gain"]["mean"]
        assert cell["money"]["usd"] == pytest.approx(usd, rel=1e-9, abs=1e-9)
        assert cell["money"]["local"] == pytest.approx(usd * person["rate"], rel=1e-9, abs=1e-9)
    assert aims["weights"]["by_aim"] == {"consumption": 1.0}
    assert {row["strategy"] for row in aims["weights"]["regret"]} == set(STRATEGIES)
    again = cm.judge(result)["aims"]
    assert again == aims | {"weights": None}
    for named, kept in (((), {"economy": 1.0}), (("--weights", "burden=2"), {"burden": 2.0})):
        done = CliRunner().invoke(app, ["report", str(folder), *named])
        assert done.exit_code == 0 and "Regret under your weights" in done.output
        assert cm.read(folder).judgement["aims"]["weights"]["given"] == kept
    assert run_folder.kept_weights(folder) == {"burden": 2.0}
    done = CliRunner().invoke(app, ["report", str(folder), "--lang", "ja"])
    assert done.exit_code == 0 and "後悔" in done.output
    assert '<html lang="ja">' in (folder / "report.html").read_text(encoding="utf-8")
    done = CliRunner().invoke(app, ["report", str(folder), "--lang", "jp"])
    assert done.exit_code != 0


@pytest.mark.slow
@pytest.mark.parametrize("strategy", STRATEGIES[1:])
def test_a_run_and_a_claim_have_one_word_for_one_effect(result, strategy):
    """The same strategy against the scenario alone, in a run and in a claim."""
    with_, without = Arm("JPN", "tariff-wall", (strategy,)), Arm("JPN", "tariff-wall", ())
    pool = Pool((with_, without), (), FUTURES, SEED, 1)
    block = pool.block(with_, without, lambda finished, all_: None)
    named = {one.name: one for one in pool.ensemble.measures()}
    for name in ("consumption.mean", "exposure.CHN", "burden.final"):
        values = named[name].reduce(block)
        claimed = decide(values[:, 1] - values[:, 0], smallest(name).value)
        (cell,) = (
            c
            for c in result.judgement["aims"]["cells"]
            if c["strategy"] == strategy and c["aim"] in (name, name.partition(".")[0])
        )
        said = cell["gain"]["size"]
        assert (claimed.size.least, claimed.size.most) == (said["least"], said["most"]), name
        assert (claimed.word == "negligible") == (said["most"] == "negligible"), name
