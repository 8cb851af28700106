"""58 cases of deterrence: what nearly separated outcomes do to an estimate, and what priors do."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.replications import huth
from comity.models.force.strategic_choice import Prior

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    return huth.frame()


def test_the_cases(cases):
    counts = {"status quo": 34, "back-down": 10, "war": 14}
    assert cases["outcome"].value_counts().to_dict() == counts
    assert cases[["outcome", *huth.GAME.columns]].notna().all(axis=None)


def test_maximum_likelihood_says_that_it_is_not_to_be_trusted(cases):
    """Backward induction ends at a false maximum; a start far out climbs without bound."""
    found = huth.estimate(cases)
    assert found.log_likelihood == pytest.approx(-12.492, abs=0.005)
    assert {a.start for a in found.false_optima} >= {"backward induction"}
    assert not found.converged
    (runaway,) = (a for a in found.higher if a.start == "far out")
    assert np.abs(runaway.coefficients).max() > 10 * np.abs(found.coefficients).max()


@pytest.mark.parametrize("prior", [Prior("log-f"), Prior("cauchy")])
def test_priors_bound_the_estimate(cases, prior):
    found = huth.estimate(cases, prior)
    assert found.converged and not found.higher
    assert np.abs(found.coefficients).max() < 6.0
    attacks, outcomes = huth.foretold(found, cases)
    commonest = cases["outcome"].value_counts(normalize=True).iloc[0]
    assert attacks > 0.85 and outcomes > commonest + 0.2


def test_every_check_of_the_command_holds():
    checks = huth.run()
    assert len(checks) == 10 and all(check.ok for check in checks), checks


def test_from_which_year_decades_count_moves_two_constants_only(cases):
    game = huth.GAME
    later = huth.estimate(cases.assign(decade=cases["decade"] - 5.0), scattered=0)
    plain = huth.estimate(cases, scattered=0)
    assert set(plain.separated) == {n for n in game.names if n.startswith("defender")}
    shift = 5.0 * plain["attacker(status quo):decade"]
    assert later.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)
    for name in game.names:
        moved = name in ("attacker(back-down):constant", "attacker(war):constant")
        expected = plain[name] - (shift if moved else 0.0)
        assert later[name] == pytest.approx(expected, abs=1e-3), name
