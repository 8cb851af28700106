"""Multinomial logit: two outcomes are the logit, a constant gives the shares, penalties shrink."""

import numpy as np
import pytest

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
