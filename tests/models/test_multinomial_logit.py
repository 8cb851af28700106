"""Multinomial logit: two outcomes are the logit, a constant gives the shares, penalties shrink."""

import numpy as np
import pytest

from comity.core.errors import BadInput
from comity.models.statistics import logit, multinomial_logit


def drawn(rows: int = 400, seed: int = 1):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(rows), rng.normal(size=(rows, 2))])
    index = np.column_stack([np.zeros(rows), x @ [0.2, 1.0, 0.0], x @ [-1.0, 0.0, -0.8]])
    return x, (index + rng.gumbel(size=index.shape)).argmax(axis=1)


def test_two_outcomes_are_the_logit():
    x, outcome = drawn()
    y, penalty = (outcome == 1).astype(np.int64), np.array([0.0, 2.0, 2.0])
    ours = multinomial_logit.fit(x, y, 2, penalty)
    other = logit.fit(x, y.astype(float), penalty)
    assert ours.converged
    assert np.allclose(ours.coefficients[:, 0], other.coefficients, atol=1e-4)
    assert ours.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-5)


def test_a_constant_alone_gives_the_shares():
    _, outcome = drawn()
    found = multinomial_logit.fit(np.ones((len(outcome), 1)), outcome, 3, np.zeros(1))
    shares = np.bincount(outcome) / len(outcome)
    assert np.allclose(multinomial_logit.chances(found, np.ones((1, 1)))[0], shares, atol=1e-5)


def test_truth_is_found_and_a_penalty_draws_to_zero():
    x, outcome = drawn(20_000)
    plain = multinomial_logit.fit(x, outcome, 3, np.zeros(3))
    assert np.allclose(plain.coefficients, [[0.2, -1.0], [1.0, 0.0], [0.0, -0.8]], atol=0.08)
    heavy = multinomial_logit.fit(x, outcome, 3, np.array([0.0, 1e5, 1e5]))
    assert np.abs(heavy.coefficients[1:]).max() < 0.1
    assert np.allclose(multinomial_logit.chances(plain, x).sum(axis=1), 1.0)


def test_an_outcome_never_seen_is_bounded_by_the_penalty():
    x, outcome = drawn()
    found = multinomial_logit.fit(x, outcome, 4, np.ones(3))
    assert np.isfinite(found.coefficients).all()
    assert multinomial_logit.chances(found, x)[:, 3].max() < 0.05


def test_a_flat_that_separated_rows_make_is_no_summit():
    """The slope vanishes on the way to infinity too."""
    x = np.column_stack([np.ones(30), np.repeat([0.0, 1.0, 2.0], 10)])
    outcome = np.repeat([0, 1, 2], 10)
    found = multinomial_logit.fit(x, outcome, 3, np.zeros(2))
    assert found.separated == 30 and not found.converged
    held = multinomial_logit.fit(x, outcome, 3, np.ones(2))
    assert held.separated == 0 and held.converged
    mixed = np.append(outcome, [0, 1, 2, 0, 1, 2])
    again = np.vstack([x, x[[10, 20, 0, 20, 0, 10]]])
    assert multinomial_logit.fit(again, mixed, 3, np.zeros(2)).converged
    unseen = multinomial_logit.fit(again, mixed, 4, np.zeros(2))
    assert unseen.separated == 36 and not unseen.converged


def test_outcomes_and_figures_are_checked():
    x = np.ones((2, 1))
    with pytest.raises(BadInput, match="numbered 0 to 1"):
        multinomial_logit.fit(x, np.array([0, 2]), 2, np.zeros(1))
    with pytest.raises(BadInput, match="a column not finite"):
        multinomial_logit.fit(x * np.inf, np.array([0, 1]), 2, np.zeros(1))


def test_a_penalised_weight_solves_its_equation():
    """Of 24 rows 9 of 12 and 3 of 12: 24 (3/4 - F(b)) = penalty b, nil for the constant."""
    x = np.column_stack([np.ones(24), np.repeat([1.0, -1.0], 12)])
    outcome = np.repeat([1, 0, 1, 0], [9, 3, 3, 9])
    found = multinomial_logit.fit(x, outcome, 2, np.array([0.0, 2 / np.log(2)]))
    assert found.converged
    np.testing.assert_allclose(found.coefficients[:, 0], [0.0, np.log(2)], atol=1e-5)
