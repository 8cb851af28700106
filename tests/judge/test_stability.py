import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from comity.judge.stability import kendall_tau, stability


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_tau_is_scipys_without_ties(a, b):
    ours = float(kendall_tau(np.array(a, float), np.array(b, float)))
    assert abs(ours - stats.kendalltau(a, b).statistic) < 1e-12


def test_tau_counts_ties():
    assert kendall_tau(np.zeros(3), np.zeros(3)) == 1
    assert kendall_tau(np.zeros(2), np.array([1.0, 2.0])) == 0
    assert np.isnan(kendall_tau(np.zeros(1), np.zeros(1)))


def test_perfect_dominance_is_always_on_top():
    rng = np.random.default_rng(0)
    world = rng.normal(0, 5, (100, 1))
    found = stability(world + np.array([0.0, 2.0, 1.0]), "higher", seed=1)
    np.testing.assert_array_equal(found.top_share, [0, 1, 0])
    lower = stability(world + np.array([0.0, 2.0, 1.0]), "lower", seed=1)
    np.testing.assert_array_equal(lower.top_share, [1, 0, 0])


@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, 99))
def test_dominance_for_any_size(futures, strategies, seed):
    base = np.random.default_rng(seed).normal(size=(futures, strategies))
    base[:, 0] = base.max(axis=1) + 0.1
    found = stability(base, "higher", seed=seed, splits=5, resamples=20)
    assert found.top_share[0] == 1 and np.isclose(found.top_share.sum(), 1)


def test_the_order_of_futures_changes_nothing():
    rng = np.random.default_rng(4)
    outcomes = rng.normal(0, 1, (61, 3))
    outcomes[3, 1] = np.nan
    a = stability(outcomes, "higher", seed=2)
    b = stability(outcomes[rng.permutation(61)], "higher", seed=2)
    np.testing.assert_array_equal(a.taus, b.taus)
    np.testing.assert_array_equal(a.top_share, b.top_share)
    assert a.tau_low == b.tau_low and a.enough == b.enough


def test_enough_agrees_with_theory():
    # Two strategies, difference normal(d, 1): two sets of n agree with chance p^2 + (1 - p)^2,
    # p = Phi(d sqrt n), so tau = (2 p - 1)^2 on average.
    rng = np.random.default_rng(7)
    d = 0.3
    difference = rng.normal(size=4000)
    difference += d - difference.mean()
    found = stability(np.column_stack([difference, np.zeros(4000)]), "higher", seed=1, splits=2000)
    theory = (2 * stats.norm.cdf(d * np.sqrt(found.sizes)) - 1) ** 2
    np.testing.assert_allclose(found.taus, theory, atol=0.06)
    assert found.enough == found.sizes[np.flatnonzero(theory >= 0.9)[0]] == 50


def test_no_difference_is_never_enough():
    rng = np.random.default_rng(7)
    found = stability(rng.normal(size=(400, 4)), "higher", seed=1)
    assert found.enough is None and found.tau_mean < 0.9


def test_ties_split_the_top():
    column = np.random.default_rng(1).normal(size=(30, 1))
    found = stability(np.hstack([column, column, column - 1]), "higher", seed=1)
    np.testing.assert_array_equal(found.top_share, [0.5, 0.5, 0])
    assert found.tau_mean == 1


def test_degenerate_tables():
    one_future = stability(np.array([[1.0, 2.0]]), "higher", seed=1)
    assert np.isnan(one_future.tau_mean) and one_future.enough is None
    np.testing.assert_array_equal(one_future.top_share, [0, 1])
    one_strategy = stability(np.arange(20.0)[:, None], "higher", seed=1)
    assert np.isnan(one_strategy.tau_mean) and one_strategy.enough is None
    nothing = stability(np.full((5, 2), np.nan), "higher", seed=1)
    assert np.isnan(nothing.top_share).all() and nothing.sizes.size == 0
    partly = stability(np.array([[1.0, np.nan], [2.0, np.nan]]), "higher", seed=1)
    np.testing.assert_array_equal(partly.top_share, [1, np.nan])
