"""Currency attacks: the published table, why the starts matter, what the standard errors are."""

import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from comity.evidence.replications import leblang
from comity.models.force.strategic_choice import StrategicFit, fit, marginal_effects, predict

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return leblang.frame()


@pytest.fixture(scope="module")
def found(rows) -> StrategicFit:
    return leblang.estimate(rows)


def test_the_published_table():
    checks = leblang.run()
    assert [c for c in checks if not c.ok] == []
    assert {c.what for c in checks} >= set(leblang.GAME.names)
    assert len(leblang.GAME.names) == 19


def test_the_false_optimum_of_the_zero_start_is_reported(found):
    """It is a maximum like the other: only its likelihood tells it apart."""
    (false,) = found.false_optima
    assert false.start == "zero" and false.residual < 1e-5
    assert false.objective == pytest.approx(-487.87, abs=0.01)
    assert found.converged and found.log_likelihood > false.objective + 5.0


def test_who_starts_only_from_zero_is_led_astray(rows):
    astray = fit(leblang.GAME, rows, starts=("zero",))
    assert astray.log_likelihood == pytest.approx(-487.87, abs=0.01)
    assert astray.false_optima == ()


def test_standard_errors_come_from_the_curvature_of_what_is_predicted(found, rows):
    """Second differences of the likelihood, computed from the predicted chances."""
    at = pd.Index(leblang.OUTCOMES).get_indexer(pd.Index(rows["outcome"].astype(object)))

    def likelihood(coefficients: np.ndarray) -> float:
        chances = predict(replace(found, coefficients=coefficients), rows).to_numpy()
        return float(np.log(chances[np.arange(len(rows)), at]).sum())

    best = likelihood(found.coefficients)
    assert best == pytest.approx(found.log_likelihood, abs=1e-8)
    information = np.linalg.inv(found.covariance)
    for c in (0, 3, 8, 10, 13, 18):
        step = 0.02 / np.sqrt(information[c, c]) * np.eye(19)[c]
        up, down = (likelihood(found.coefficients + s) for s in (step, -step))
        bend = (2 * best - up - down) / step[c] ** 2
        assert bend == pytest.approx(information[c, c], rel=1e-3)


def test_an_election_ahead_makes_defence_likelier(found, rows):
    jump = marginal_effects(found, rows, "preelec", between=(0.0, 1.0))["effect"]
    assert jump["defense"] > 0 > jump["devaluation"]
    assert jump.sum() == pytest.approx(0.0, abs=1e-12)
