"""Selective or uniform: the test's size, an exact chance, and whether it finds what is there."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from comity.core.errors import BadInput
from comity.models.institutions import retreat


def test_chance_of_the_extreme_split_is_exact():
    """Three of three left in a domain of three out of ten: 1 of 120, and no other split as far."""
    domain, left = np.repeat([0, 1], [3, 7]), np.arange(10) < 3
    found = retreat.by_domain(domain, left, draws=60000)
    assert found.chance == pytest.approx(1 / comb(10, 3), abs=0.0012)


def test_the_statistic_is_the_likelihood_ratio():
    held, left = np.array([40.0, 60.0]), np.array([10.0, 5.0])
    p = left / held
    all_ = 15 / 100
    by_hand = 2 * sum(
        n * (q * np.log(q / all_) + (1 - q) * np.log((1 - q) / (1 - all_)))
        for n, q in zip(held, p, strict=True)
    )
    found = retreat.likelihood_ratio(np.stack([left, 0.15 * held]), held)
    np.testing.assert_allclose(found, [by_hand, 0.0], atol=1e-12)


def test_many_commitments_give_the_chi_square():
    domain = np.repeat([0, 1, 2], 400)
    left = np.zeros(1200, bool)
    left[[*range(0, 90), *range(400, 500), *range(800, 925)]] = True
    found = retreat.by_domain(domain, left, draws=20000)
    assert found.critical == pytest.approx(chi2.ppf(0.95, 2), rel=0.06)
    assert found.chance == pytest.approx(chi2.sf(found.statistic, 2), abs=0.01)


def test_power_is_the_level_without_and_near_one_with_a_difference():
    held = np.array([100, 100, 100])
    assert retreat.power(held, 60, np.ones(3)) <= 0.06
    assert retreat.power(held, 60, np.array([1.0, 1.0, 8.0])) > 0.98
    few = retreat.power(np.array([10, 10, 10]), 4, np.array([1.0, 1.0, 3.0]))
    assert few < 0.5


def test_a_number_that_decides_is_found_and_the_unknown_are_left_out():
    value = np.append(np.arange(40.0), np.nan)
    left = np.append(np.arange(40) >= 34, True)
    found = retreat.by_number(value, left)
    assert found.chance < 0.001 and found.statistic == pytest.approx(20.0)
    flat = retreat.by_number(np.tile([0.0, 1.0], 20), np.arange(40) < 6)
    assert flat.chance > 0.9


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(1e-4, 1.0), min_size=1, max_size=6))
def test_holm_only_raises_and_keeps_the_order(chances):
    chances = np.array(chances)
    found = retreat.holm(chances)
    assert (found >= chances).all() and (found <= 1).all()
    order = np.argsort(chances, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    assert found[order[0]] == pytest.approx(min(1.0, len(chances) * chances.min()))


@pytest.mark.parametrize("left", [np.zeros(4, bool), np.ones(4, bool)])
def test_nothing_to_compare_is_refused(left):
    with pytest.raises(BadInput, match="nothing to compare"):
        retreat.by_domain(np.array([0, 0, 1, 1]), left)
