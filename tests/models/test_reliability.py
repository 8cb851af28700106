"""Shares honoured: intervals by hand, clusters that decide together, covariates."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import beta

from comity.models.force import reliability


def test_published_shares_give_a_mixture_that_can_be():
    """All = a share before 1945 of 66 % and one after of 22 %: 64 % of cases lie before."""
    by = {(p.first, p.last): p.share for p in reliability.PUBLISHED[1:4]}
    weight = reliability.weight_before(by[1816, 2003], by[1816, 1944], by[1945, 2003])
    assert weight == pytest.approx(7 / 11)
    assert weight * 0.66 + (1 - weight) * 0.22 == pytest.approx(0.50)


@pytest.mark.parametrize(("honoured", "cases"), [(0, 10), (3, 10), (10, 10)])
def test_a_share_of_independent_cases(honoured, cases):
    found = reliability.of_cases(honoured, cases)
    by_hand = beta(honoured + 0.5, cases - honoured + 0.5)
    assert by_hand.cdf(found.low) == pytest.approx(0.025)
    assert by_hand.cdf(found.high) == pytest.approx(0.975)
    assert found.share == honoured / cases


def test_allies_of_one_war_are_not_independent():
    """Ten wars of ten allies who all do the same tell as much as ten cases."""
    honoured, war = np.repeat([1.0] * 4 + [0.0] * 6, 10), np.repeat(np.arange(10), 10)
    together = reliability.of_clusters(honoured, war)
    alone = reliability.of_clusters(honoured, np.arange(100))
    assert together.share == alone.share == 0.4
    ratio = (together.high - together.low) / (alone.high - alone.low)
    assert 2.5 < ratio < 3.9  # the root of ten, give or take
    assert (together.cases, together.clusters) == (100, 10)


def test_a_share_of_none_is_not_certain():
    found = reliability.of_clusters(np.zeros(50), np.repeat(np.arange(5), 10))
    assert (found.share, found.low) == (0.0, pytest.approx(0.0, abs=1e-3))
    assert found.high == pytest.approx(beta.ppf(0.975, 0.5, 5.5))


def test_one_dummy_gives_both_shares():
    x = np.repeat([[0.0], [1.0]], [40, 60], axis=0)
    honoured = np.concatenate([np.repeat([1.0, 0.0], [10, 30]), np.repeat([1.0, 0.0], [45, 15])])
    found = reliability.fit(x, honoured, np.arange(100), penalty=0.0)
    assert found.converged
    assert np.allclose(found.coefficients, [logit(0.25), logit(0.75) - logit(0.25)], atol=1e-6)
    chance, low, high = reliability.probability(found, np.array([[0.0], [1.0]]))
    assert np.allclose(chance, [0.25, 0.75], atol=1e-6)
    assert (low < chance).all() and (chance < high).all()


def test_the_warning_stands_where_it_is_read():
    assert "never use it as the probability of defence" in str(reliability.__doc__)


def test_the_prior_of_a_covariate_has_a_variance_of_two():
    """Of 20 and 20 a half and nine tenths: the slope's score is b / 2, the constant's nil."""
    x = np.repeat([[0.0], [1.0]], 20, axis=0)
    honoured = np.concatenate([np.repeat([1.0, 0.0], [10, 10]), np.repeat([1.0, 0.0], [18, 2])])
    constant, slope = reliability.fit(x, honoured, np.arange(40)).coefficients
    chance = expit(np.array([constant, constant + slope]))
    assert 18 - 20 * chance[1] == pytest.approx(slope / 2, abs=1e-6)
    assert 28 == pytest.approx(20 * chance.sum(), abs=1e-6)


def test_two_clusters_that_differ_are_drawn_both_ways_once_in_four():
    """Shares 0, 1/2, 1 with chances 1/4, 1/2, 1/4: the middle half ends at the quarters."""
    honoured, cluster = np.array([1.0, 0.0]), np.arange(2)
    middle = reliability.of_clusters(honoured, cluster, level=0.4)
    assert (middle.low, middle.high) == (0.5, 0.5)
    wide = reliability.of_clusters(honoured, cluster, level=0.6)
    assert (wide.low, wide.high) == (0.0, 1.0)
