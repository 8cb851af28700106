"""Second stage of the Guide's estimates: cells that a known law made are found again."""

import numpy as np
import pytest

from comity.models.trade.gravity_equilibrium import scale_to_totals
from comity.models.trade.gravity_full import fill_missing_pairs, guide_steps

N = 5


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_pairs_that_never_traded_take_the_law_of_the_others(size):
    rng = np.random.default_rng(2)
    ties = np.stack([rng.normal(size=(N, N)), rng.random((N, N)) < 0.4], axis=2)
    law = np.exp(ties @ [-0.8, 0.5] + rng.normal(size=N)[:, None] + rng.normal(size=N)) * size
    law[np.diag_indices(N)] = 1.0
    missing = np.zeros((N, N), bool)
    missing[[0, 2, 3], [1, 4, 0]] = True
    filled, effects = fill_missing_pairs(np.where(missing, np.nan, law), ties)
    np.testing.assert_allclose(effects, [-0.8, 0.5], rtol=1e-9)
    np.testing.assert_allclose(filled, law, rtol=1e-9)
    np.testing.assert_array_equal(filled[~missing], law[~missing])


def test_the_second_stage_keeps_totals_where_the_law_is_not_exact():
    """Poisson with dummies: what is fitted sums to what was seen, by exporter and importer."""
    rng = np.random.default_rng(3)
    ties = rng.normal(size=(N, N, 1))
    seen = rng.lognormal(size=(N, N))
    seen[1, 3] = np.nan
    _, effects = fill_missing_pairs(seen, ties)
    known = ~np.isnan(seen) & ~np.eye(N, dtype=bool)
    # The same by scaling to totals: exporter and importer effects at the effect found.
    pull, values = np.where(known, np.exp(ties[..., 0] * effects[0]), 0.0), np.nan_to_num(seen)
    values, row, column = np.where(known, values, 0.0), np.ones(N), np.ones(N)
    for _ in range(2000):
        row = values.sum(1) / (pull * column).sum(1)
        column = values.sum(0) / (pull * row[:, None]).sum(0)
    fitted = pull * np.outer(row, column)
    np.testing.assert_allclose((ties[..., 0] * (values - fitted)).sum(), 0.0, atol=1e-9)


@pytest.mark.parametrize(("asked", "taken"), [(None, 2), (1, 1), (2, 2), (5, 5)])
def test_where_no_cost_changes_nothing_does_and_the_rule_sees_it_at_the_second_step(asked, taken):
    trade = np.random.default_rng(4).lognormal(size=(N, N)) + 3.0 * np.eye(N)
    base = scale_to_totals(np.ones((N, N)), trade.sum(1), trade.sum(0), 0)
    found = guide_steps(base, np.ones((N, N)), 7.0, 0, asked)
    assert found.steps == taken and found.converged
    np.testing.assert_allclose(found.price, 1.0, rtol=1e-9)
    np.testing.assert_allclose(found.inward, 1.0, rtol=1e-9)
    away = ~np.eye(N, dtype=bool)
    np.testing.assert_allclose(found.exports, (base.trade * away).sum(1), rtol=1e-9)
