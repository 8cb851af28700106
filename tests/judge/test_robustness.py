import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from comity.judge import robustness as rb

NAN = np.nan
SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6)
FIGURES = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
TABLES = hnp.arrays(float, SHAPES, elements=FIGURES)
GAPPED = hnp.arrays(float, SHAPES, elements=st.one_of(FIGURES, st.just(NAN)))
DIRECTIONS = st.sampled_from(["higher", "lower"])


def test_regret_by_hand():
    outcomes = np.array([[3.0, 1.0], [2.0, 5.0]])
    np.testing.assert_array_equal(rb.regret(outcomes, "higher"), [[0, 2], [3, 0]])
    np.testing.assert_array_equal(rb.regret(outcomes, "lower"), [[2, 0], [0, 3]])


def test_a_failed_future_is_left_out_not_zero():
    outcomes = np.array([[1.0, NAN], [2.0, 3.0]])
    np.testing.assert_array_equal(rb.regret(outcomes, "higher"), [[NAN, NAN], [1, 0]])
    np.testing.assert_array_equal(rb.share(outcomes), [1.5, 3.0])
    interval = rb.mean_interval(outcomes, seed=1)
    np.testing.assert_array_equal(interval.n, [2, 1])
    assert np.isnan(interval.low[1]) and np.isfinite(interval.low[0])


def test_a_strategy_that_always_failed_does_not_silence_the_others():
    outcomes = np.array([[1.0, NAN, 2.0], [4.0, np.inf, 3.0]])
    np.testing.assert_array_equal(rb.regret(outcomes, "higher"), [[1, NAN, 0], [0, NAN, 1]])
    np.testing.assert_array_equal(rb.rank(outcomes, "higher"), [1, 0, 1])


@given(GAPPED, DIRECTIONS)
def test_regret_is_not_negative_and_the_best_has_none(outcomes, direction):
    regret = rb.regret(outcomes, direction)
    known = np.isfinite(regret).any(axis=1)
    futures, _ = rb.comparable(outcomes)
    np.testing.assert_array_equal(known, futures)
    assert (regret[np.isfinite(regret)] >= 0).all()
    assert (np.nanmin(regret[known], axis=1) == 0).all()


@given(TABLES, DIRECTIONS, st.floats(-1e3, 1e3))
def test_a_constant_for_all_leaves_regret(outcomes, direction, constant):
    moved = rb.regret(outcomes + constant, direction)
    np.testing.assert_allclose(moved, rb.regret(outcomes, direction), atol=1e-8)


@given(GAPPED, DIRECTIONS, st.randoms(use_true_random=False))
def test_the_order_of_futures_changes_no_bit(outcomes, direction, random):
    order = random.sample(range(len(outcomes)), len(outcomes))
    shuffled = outcomes[order]
    np.testing.assert_array_equal(
        rb.regret(shuffled, direction), rb.regret(outcomes, direction)[order]
    )
    for f in (rb.share, lambda x: rb.worst(x, direction), lambda x: rb.rank(x, direction)):
        np.testing.assert_array_equal(f(shuffled), f(outcomes))
    for field in ("mean", "low", "high", "n"):
        a, b = (rb.mean_interval(x, seed=3, resamples=20) for x in (outcomes, shuffled))
        np.testing.assert_array_equal(getattr(a, field), getattr(b, field))


@given(TABLES, DIRECTIONS)
def test_rank_by_mean_is_rank_by_mean_regret(outcomes, direction):
    regret = rb.share(rb.regret(outcomes, direction))
    ranks = rb.rank(outcomes, direction)
    order = np.argsort(ranks, kind="stable")
    scale = max(float(np.abs(outcomes).max()), 1.0)
    assert (np.diff(regret[order]) >= -1e-9 * scale).all()


def test_ties_share_a_rank():
    # Sums of 0.1 in different order differ in the last bit.
    outcomes = np.array([[0.1, 0.3, 0.0], [0.2, 0.2, 0.0], [0.3, 0.1, 0.0]])
    np.testing.assert_array_equal(rb.rank(outcomes, "higher"), [1, 1, 3])


def test_worst_reads_the_direction():
    outcomes = np.array([[3.0, NAN], [1.0, NAN]])
    np.testing.assert_array_equal(rb.worst(outcomes, "higher"), [1.0, NAN])
    np.testing.assert_array_equal(rb.worst(outcomes, "lower"), [3.0, NAN])


def test_requirements_hold_jointly():
    outcomes = {
        "growth": np.array([[1.0, 3.0], [2.0, 3.0], [2.0, NAN]]),
        "risk": np.array([[0.1, 0.1], [0.1, 0.5], [0.2, 0.1]]),
    }
    lines = [rb.Requirement("growth", ">=", 2.0), rb.Requirement("risk", "<", 0.2)]
    np.testing.assert_array_equal(rb.satisfies(outcomes, lines), [[0, 1], [1, 0], [0, NAN]])
    np.testing.assert_allclose(rb.share(rb.satisfies(outcomes, lines)), [1 / 3, 1 / 2])


def test_requirements_are_checked():
    with pytest.raises(ValueError, match="comparator '=='"):
        rb.Requirement("growth", "==", 1.0)
    with pytest.raises(ValueError, match="'risk'"):
        rb.satisfies({"growth": np.ones((1, 1))}, [rb.Requirement("risk", ">", 0.0)])
    with pytest.raises(ValueError, match="no requirement"):
        rb.satisfies({"growth": np.ones((1, 1))}, [])


def test_pairing_removes_the_common_noise():
    rng = np.random.default_rng(0)
    world = rng.normal(0, 10, 400)
    a, b = world + 1 + rng.normal(0, 0.1, 400), world + rng.normal(0, 0.1, 400)
    result = rb.paired(a, b, "higher", seed=1)
    assert result.low < 1 < result.high and result.high - result.low < 0.05
    assert result.share_better == 1 and result.failed == 0
    assert rb.paired(a, b, "lower", seed=1).share_better == 0


def test_paired_counts_failures_and_ties():
    a, b = np.array([1.0, NAN, 2.0, 2.0]), np.array([1.0, 1.0, NAN, 1.0])
    result = rb.paired(a, b, "higher", seed=1)
    assert (result.n, result.failed, result.mean, result.share_better) == (2, 2, 0.5, 0.5)
    nothing = rb.paired(a * NAN, b, "higher", seed=1)
    assert nothing.n == 0 and np.isnan(nothing.mean)


def test_bootstrap_interval_covers_the_mean():
    held = 0
    for k in range(200):
        sample = np.random.default_rng(k).normal(5, 2, 60)
        low, high = rb.bootstrap_mean(sample, seed=k, resamples=300)
        held += low <= 5 <= high
    assert 0.89 <= held / 200 <= 0.99
