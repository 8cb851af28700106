"""Beta-binomial by channel with partial pooling: limits, one number by hand, forecasts left out."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad
from scipy.special import betaln

from comity.core.errors import BadInput
from comity.models.institutions import checks

COUNTS = np.array([56, 10, 17, 12]), np.array([63, 13, 24, 15])


def test_one_channel_against_integration():
    """Posterior mean of 3 of 4 by adaptive quadrature over m and k."""

    def density(k, m):
        like = np.exp(betaln(m * k + 3, (1 - m) * k + 1) - betaln(m * k, (1 - m) * k))
        return like / (1 + k) ** 2

    below = dblquad(density, 1e-6, 1 - 1e-6, 0.1, 1000, epsabs=1e-6)[0]
    above = dblquad(
        lambda k, m: density(k, m) * (m * k + 3) / (k + 4), 1e-6, 1 - 1e-6, 0.1, 1000, epsabs=1e-6
    )[0]
    found = checks.pooled(np.array([3]), np.array([4]))
    assert found.mean[0] == pytest.approx(above / below, abs=2e-3)


def test_few_acts_lean_on_the_others():
    found = checks.pooled(*COUNTS)
    shares = COUNTS[0] / COUNTS[1]
    assert np.ptp(found.mean) < np.ptp(shares)
    assert found.mean[0] < shares[0] and found.mean[2] > shares[2]
    alone = checks.pooled(np.array([56, 0]), np.array([63, 0]))
    assert alone.sd[1] > 3 * alone.sd[0]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=4))
def test_success_and_failure_mirror_each_other(pairs):
    yes, no = (np.array(side) for side in zip(*pairs, strict=True))
    one, other = checks.pooled(yes, yes + no), checks.pooled(no, yes + no)
    np.testing.assert_allclose(one.mean, 1 - other.mean, atol=1e-9)
    np.testing.assert_allclose(one.log_odds, -other.log_odds, atol=1e-7)


def test_many_acts_speak_for_themselves():
    found = checks.pooled(np.array([9000, 100]), np.array([10000, 1000]))
    np.testing.assert_allclose(found.mean, [0.9, 0.1], atol=0.002)


def test_forecasts_leave_the_act_out():
    channel = np.repeat(np.arange(4), COUNTS[1])
    survived = np.concatenate([np.arange(n) < y for y, n in zip(*COUNTS, strict=True)])
    rate = checks.base_rate_left_out(channel, survived, 4)
    np.testing.assert_allclose(rate[0], 55 / 62)
    np.testing.assert_allclose(rate[62], 56 / 62)
    found = checks.left_out(channel, survived, 4)
    without = checks.pooled(COUNTS[0] - [1, 0, 0, 0], COUNTS[1] - [1, 0, 0, 0])
    assert found[0] == pytest.approx(without.mean[0])
    lone = checks.base_rate_left_out(np.array([0, 0, 1]), np.array([True, False, True]), 2)
    np.testing.assert_allclose(lone, [0.0, 1.0, 0.5])


def test_the_logit_finds_a_covariate_that_matters_and_shrinks_one_that_does_not():
    rng = np.random.default_rng(4)
    channel, x = rng.integers(0, 4, 800), rng.normal(size=(800, 2))
    survived = rng.random(800) < 1 / (1 + np.exp(-(1.0 + 1.5 * x[:, 0])))
    fit = checks.fit_logit(checks.design(channel, x, 4), survived, 4)
    assert fit.converged
    assert fit.coefficients[5] == pytest.approx(1.5, abs=0.3)
    assert abs(fit.coefficients[6]) < 0.3
    constant = checks.design(channel, np.ones((800, 1)), 4)
    assert (constant[:, 5] == 0).all()


def test_log_odds_add_up():
    chance = checks.survival_probability(jnp.array([0.0, 1.0]), jnp.array([[0.0, -1.0]]))
    np.testing.assert_allclose(chance, [[0.5, 0.5]])


@pytest.mark.parametrize(
    ("yes", "acts"), [([3], [2]), ([-1], [2]), ([3, 1], [2, 2]), ([-1, 1], [2, 2])]
)
def test_counts_that_cannot_be_are_refused(yes, acts):
    with pytest.raises(BadInput, match="between none and all"):
        checks.pooled(np.array(yes), np.array(acts))
