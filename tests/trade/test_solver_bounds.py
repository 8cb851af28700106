"""Shocks within the documented bounds of tariffs and barriers, on the focus world."""

import importlib.util
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "solver_bounds.py"


@pytest.fixture(scope="module")
def bounds():
    spec = importlib.util.spec_from_file_location("benchmark_solver_bounds", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_all_draws_are_solved_or_ended_by_a_lender(bounds):
    place = bounds.scene()
    found = bounds.survey(place, 2000, seed=2)
    lost = found[~found["after"]]
    assert (lost["lender"] != "").all(), "the solver gave up without a reason"
    lends = dict(zip(place.states, place.base.deficit.tolist(), strict=True))
    assert all(lends[state] < 0 for state in lost["lender"])
    assert found["after"].mean() > found["before"].mean() + 0.05
    mild = found[found["size"] <= 2.0]
    assert mild["after"].all() and not mild["before"].all()
    # What the solver lost had high elasticities; what has no equilibrium does not.
    gained = found.loc[found["after"] & ~found["before"], "elasticity"].mean()
    assert gained > found["elasticity"].mean() + 0.25
    assert abs(lost["elasticity"].mean() - found["elasticity"].mean()) < 0.25


@pytest.mark.slow
def test_the_branch_goes_on_to_where_the_lender_has_spent_all(bounds):
    """Prices that clear exist beyond it; the lender's consumption there is below nil."""
    walk = bounds.walk(bounds.scene(), 4.0, (0.0, 2.0, 3.0, 4.0, 5.0))
    assert (walk["residual"] <= 1e-10).all()
    assert walk["state"].tolist()[1:] == ["SGP"] * 4
    assert (walk["consumption"].diff().dropna() < 0).all()
    assert walk["consumption"].iloc[2] > 0 > walk["consumption"].iloc[3]
