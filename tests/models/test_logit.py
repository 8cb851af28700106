"""Logit: a textbook table, clustered errors, a closed form, invariants, and what separates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.statistics import logit

# Spector and Mazzeo (1980), as printed in Greene, Econometric Analysis: grade point average,
# test score, taught by the new method, grade improved.
SPECTOR = np.array([
    (2.66, 20, 0, 0), (2.89, 22, 0, 0), (3.28, 24, 0, 0), (2.92, 12, 0, 0), (4.00, 21, 0, 1),
    (2.86, 17, 0, 0), (2.76, 17, 0, 0), (2.87, 21, 0, 0), (3.03, 25, 0, 0), (3.92, 29, 0, 1),
    (2.63, 20, 0, 0), (3.32, 23, 0, 0), (3.57, 23, 0, 0), (3.26, 25, 0, 1), (3.53, 26, 0, 0),
    (2.74, 19, 0, 0), (2.75, 25, 0, 0), (2.83, 19, 0, 0), (3.12, 23, 1, 0), (3.16, 25, 1, 1),
    (2.06, 22, 1, 0), (3.62, 28, 1, 1), (2.89, 14, 1, 0), (3.51, 26, 1, 0), (3.54, 24, 1, 1),
    (2.83, 27, 1, 1), (3.39, 17, 1, 1), (2.67, 24, 1, 0), (3.65, 21, 1, 1), (4.00, 23, 1, 1),
    (3.10, 21, 1, 0), (2.39, 19, 1, 1),
])  # fmt: skip
X = np.column_stack([np.ones(32), SPECTOR[:, :3]])
Y = SPECTOR[:, 3]


def test_the_textbook_table():
    found = logit.fit(X, Y)
    assert found.converged
    np.testing.assert_allclose(found.coefficients, [-13.021, 2.826, 0.095, 2.379], atol=5e-4)
    np.testing.assert_allclose(found.standard_errors, [4.931, 1.263, 0.142, 1.065], atol=5e-4)
    assert found.log_likelihood == pytest.approx(-12.8896, abs=5e-5)
    assert found.observations == 32


def test_clustered_errors_as_another_package_has_them():
    """Groups of four rows; figures of statsmodels 0.15 without its factor (N - 1) / (N - K)."""
    found = logit.fit(X, Y)
    errors = np.sqrt(np.diag(logit.clustered(found, X, Y, np.arange(32) // 4)))
    np.testing.assert_allclose(errors, [4.3834288, 1.1418893, 0.0541578, 0.7818087], rtol=1e-6)


def test_clusters_of_copies_undo_the_copying():
    """Each row three times, clustered by row, says no more than each row once."""
    groups = np.arange(32)
    once = logit.clustered(logit.fit(X, Y), X, Y, groups)
    x3, y3 = np.repeat(X, 3, axis=0), np.repeat(Y, 3)
    tripled = logit.fit(x3, y3)
    np.testing.assert_allclose(
        logit.clustered(tripled, x3, y3, np.repeat(groups, 3)), once, rtol=1e-6
    )
    assert (tripled.standard_errors < 0.6 * logit.fit(X, Y).standard_errors).all()


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_constant_alone_is_the_log_odds(events, others):
    y = np.repeat([1.0, 0.0], [events, others])
    found = logit.fit(np.ones((len(y), 1)), y)
    assert found.coefficients[0] == pytest.approx(np.log(events / others), abs=1e-8)
    assert found.standard_errors[0] == pytest.approx(np.sqrt(1 / events + 1 / others), rel=1e-6)


def test_the_gradient_is_zero_and_rescaling_changes_nothing():
    found = logit.fit(X, Y)
    p = 1 / (1 + np.exp(-X @ found.coefficients))
    assert np.abs(X.T @ (Y - p)).max() < 1e-8
    scale = np.array([1.0, 1e7, 1e-5, 3.0])
    other = logit.fit(X * scale, Y)
    assert other.converged and other.iterations == found.iterations
    np.testing.assert_allclose(other.coefficients * scale, found.coefficients, rtol=1e-6)


def test_separation_is_flagged_and_a_ridge_mends_it():
    x = np.column_stack([np.ones(20), np.linspace(-1, 1, 20)])
    y = (x[:, 1] > 0).astype(float)
    assert not logit.fit(x, y).converged
    ridge = np.array([0.0, 1.0])
    mended = logit.fit(x, y, ridge)
    assert mended.converged
    p = 1 / (1 + np.exp(-x @ mended.coefficients))
    np.testing.assert_allclose(x.T @ (y - p), ridge * mended.coefficients, atol=1e-8)


def test_a_column_that_stands_twice_is_flagged():
    assert not logit.fit(np.column_stack([X, X[:, 1]]), Y).converged


def test_a_heavier_ridge_shrinks_more():
    sizes = [
        np.abs(logit.fit(X, Y, np.array([0, k, k, k])).coefficients[1:]).sum()
        for k in (0.0, 0.1, 1.0, 10.0)
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_separated_rows_are_counted_whatever_else_is_penalised():
    """A ridge on a column does not hold a constant that the outcomes let run away."""
    x = np.column_stack([np.ones(20), np.linspace(-1, 1, 20)])
    split = (x[:, 1] > 0).astype(float)
    assert logit.fit(x, split).separated == 20
    held = logit.fit(x, split, penalty=np.array([0.0, 1.0]))
    assert held.converged and held.separated == 0
    never = logit.fit(x, np.zeros(20), penalty=np.array([0.0, 1.0]))
    assert not never.converged and never.separated == 20


@pytest.mark.parametrize("tolerance", [1e-8, 1e-7])
def test_a_trait_that_always_wins_is_separated_though_other_rows_are_mixed(tolerance):
    """Its six rows alone run to infinity; the constant is that of the ten others, 4 of 10."""
    trait = np.repeat([0.0, 1.0], [10, 6])
    y = np.concatenate([np.repeat([1.0, 0.0], [4, 6]), np.ones(6)])
    found = logit.fit(np.column_stack([np.ones(16), trait]), y, tolerance=tolerance)
    assert found.separated == 6 and not found.converged
    assert found.coefficients[0] == pytest.approx(np.log(4 / 6), abs=1e-6)


def test_a_steep_logit_that_is_not_separated_converges():
    """An outlier far out has log-odds beyond any bar; that alone is no separation."""
    x = np.column_stack([np.ones(8), np.array([-2.0, -1, 0, 1, 2, 3, 4, 900])])
    found = logit.fit(x, np.array([0.0, 1, 0, 1, 0, 1, 1, 1]))
    assert np.abs(x @ found.coefficients).max() > 30
    assert found.converged and found.separated == 0


def test_outcomes_figures_and_penalties_are_checked():
    x, y = np.ones((3, 1)), np.array([0.0, 1, 1])
    with pytest.raises(BadInput, match="the outcome not 0 or 1 at 2"):
        logit.fit(x, np.array([0.0, 1, 2]))
    with pytest.raises(BadInput, match="a column not finite"):
        logit.fit(np.array([[1.0], [np.nan], [1.0]]), y)
    with pytest.raises(BadInput, match="penalty"):
        logit.fit(x, y, np.array([-1.0]))
    with pytest.raises(BadInput, match="one group"):
        logit.clustered(logit.fit(x, y), x, y, np.zeros(3))


def test_separated_rows_are_counted_where_the_steps_ran_out_early():
    """After three steps the index is nowhere near a bar; what it runs to is known all the same."""
    x = np.column_stack([np.ones(20), np.linspace(-1, 1, 20)])
    early = logit.fit(x, (x[:, 1] > 0).astype(float), most=3)
    assert np.abs(x @ early.coefficients).max() < 20 and early.iterations == 3
    assert early.separated == 20 and not early.converged
    short = logit.fit(X, Y, most=1)
    assert short.separated == 0 and not short.converged and short.iterations == 1
