"""Fixed effects Poisson: two years by hand, every group's dummy, groups without events."""

import numpy as np
import pytest
from scipy.optimize import minimize

from comity.core.errors import BadInput
from comity.models.statistics import poisson_within


def panel(groups: int = 40, years: int = 6, seed: int = 1):
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), years)
    x = rng.normal(size=(len(group), 2))
    mean = np.exp(rng.normal(-1.0, 1.0, groups)[group] + x @ np.array([0.5, -0.3]))
    return x, rng.poisson(mean).astype(float), group


def test_before_and_after_by_hand():
    """With one dummy for the second year the estimate is the log of the ratio of sums."""
    y = np.array([3.0, 5.0, 1.0, 4.0])
    x = np.array([[0.0], [1.0], [0.0], [1.0]])
    group = np.array([0, 0, 1, 1])
    found = poisson_within.fit(x, y, group, group)
    assert found.coefficients[0] == pytest.approx(np.log(9 / 4))
    assert found.converged and (found.groups, found.clusters) == (2, 2)


def test_agrees_with_a_dummy_for_every_group():
    x, y, group = panel()
    kept = np.bincount(group, weights=y)[group] > 0
    x, y, group = x[kept], y[kept], group[kept]
    _, group = np.unique(group, return_inverse=True)
    dummies = np.eye(group.max() + 1)[group]
    full = np.column_stack([x, dummies])

    def cost(b):
        mean = np.exp(full @ b)
        return mean.sum() - y @ (full @ b), full.T @ (mean - y)

    other = minimize(cost, np.zeros(full.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-8})
    found = poisson_within.fit(x, y, group, group)
    assert np.allclose(found.coefficients, other.x[:2], atol=1e-5)


def test_groups_without_events_say_nothing():
    x, y, group = panel()
    more_x = np.vstack([x, np.ones((5, 2))])
    more = np.append(group, np.full(5, group.max() + 1))
    one = poisson_within.fit(x, y, group, group)
    two = poisson_within.fit(more_x, np.append(y, np.zeros(5)), more, more)
    assert np.allclose(one.coefficients, two.coefficients, atol=1e-10)
    assert np.allclose(one.covariance, two.covariance, atol=1e-12)


def test_what_does_not_vary_within_groups_is_noticed():
    x, y, group = panel()
    found = poisson_within.fit(np.column_stack([x, group.astype(float)]), y, group, group)
    assert not found.converged


def test_separated_rows_are_counted():
    """A dummy that is 1 in two rows without counts, of groups that have some."""
    x, y, group = panel()
    kept = np.bincount(group, weights=y)[group] > 0
    x, y, group = x[kept], y[kept], np.unique(group[kept], return_inverse=True)[1]
    ban = np.isin(np.arange(len(y)), np.flatnonzero(y == 0)[:2]).astype(float)
    found = poisson_within.fit(np.column_stack([x, ban]), y, group, group)
    assert found.separated == 2 and not found.converged
    assert poisson_within.fit(x, y, group, group).separated == 0


def test_counts_and_clusters_are_checked():
    x, y, group = panel()
    with pytest.raises(BadInput, match="a count"):
        poisson_within.fit(x, y - 1.0, group, group)
    with pytest.raises(BadInput, match="no group has a count"):
        poisson_within.fit(x, 0.0 * y, group, group)
    with pytest.raises(BadInput, match="group 0 lies in two clusters"):
        poisson_within.fit(x, y, group, np.arange(len(y)))


def test_a_column_alone_tells_as_much_as_among_the_others():
    rng = np.random.default_rng(4)
    group = np.repeat(np.arange(40), 12)
    x = rng.standard_normal((480, 3))
    x[:, 1] += 0.7 * x[:, 0]
    y = rng.poisson(np.exp(0.3 * x[:, 0] - 1.0)).astype(float)
    found = poisson_within.fit(x, y, group, group)
    trait, expected = poisson_within.efficient(x, y, group, found.coefficients, 0)
    kept = np.bincount(group, weights=y)[group] > 0
    own = np.unique(group[kept], return_inverse=True)[1]
    # The others and the groups are taken out of it, and the counts expected are the groups' totals.
    for other in (x[kept, 1], x[kept, 2], np.ones(kept.sum())):
        assert abs((expected * trait * other).sum()) < 1e-8
    assert np.bincount(own, weights=expected) == pytest.approx(np.bincount(own, weights=y[kept]))
    score = trait * (y[kept] - expected)
    sums = np.bincount(own, weights=score)
    # The clustered error of the whole fit, from this column alone.
    count = own.max() + 1
    error = np.sqrt((sums**2).sum() * count / (count - 1)) / (expected * trait**2).sum()
    assert error == pytest.approx(found.standard_errors[0], rel=1e-6)


def test_separated_rows_are_told_whatever_the_unit_of_counts():
    """Large counts take more of Newton's steps than there are; that is no summit either."""
    x, y, group = panel()
    kept = np.bincount(group, weights=y)[group] > 0
    x, y, group = x[kept], y[kept], np.unique(group[kept], return_inverse=True)[1]
    ban = np.isin(np.arange(len(y)), np.flatnonzero(y == 0)[:2]).astype(float)
    found = poisson_within.fit(np.column_stack([x, ban]), 1e20 * y, group, group)
    assert found.separated == 2 and not found.converged


def test_one_column_that_stays_within_every_group_is_no_estimate():
    group = np.array([0, 0, 1, 1])
    found = poisson_within.fit(group[:, None] + 1.0, np.array([3.0, 5, 1, 4]), group, group)
    assert not found.converged and found.separated == 0
