"""Hazard of disputes: recovery of known numbers, the chain of years, missing traits, records."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.force import dyad_hazard as dh


def pairs(count: int = 40_000, seed: int = 0):
    rng = np.random.default_rng(seed)
    traits = rng.normal(size=(count, 2)) * [1.0, 5.0] + [0.0, 10.0]
    peace = rng.integers(0, 40, count).astype(float)
    index = -2.0 + 0.8 * traits[:, 0] - 0.1 * traits[:, 1] - 0.05 * peace
    onset = (rng.random(count) < 1 / (1 + np.exp(-index))).astype(float)
    return traits, np.ones_like(traits, bool), peace, onset, index


def test_it_recovers_the_chances_of_made_up_pairs():
    traits, known, peace, onset, index = pairs()
    model = dh.fit(traits, known, peace, onset, 1e-3)
    assert model.converged
    found = dh.hazard(model, traits, known, peace)
    truth = 1 / (1 + np.exp(-index))
    assert np.abs(found - truth).max() < 0.06
    assert np.abs(found - truth).mean() < 0.003


def test_a_heavy_penalty_leaves_the_base_rate():
    traits, known, peace, onset, _ = pairs(4000)
    model = dh.fit(traits, known, peace, onset, 1e9)
    np.testing.assert_allclose(dh.hazard(model, traits, known, peace), onset.mean(), rtol=1e-4)


def test_unknown_traits_are_not_zeros():
    """What fills an unknown trait does not matter, and it is not read as the figure zero."""
    traits, known, peace, onset, _ = pairs(20_000)
    known[::5, 1] = False
    models = []
    for fill in (0.0, np.nan, 1e12):
        filled = np.where(known, traits, fill)
        models.append(dh.fit(filled, known, peace, onset, 1.0))
    for model in models[1:]:
        np.testing.assert_array_equal(model.coefficients, models[0].coefficients)
    blind = np.array([[0.0, np.nan]])
    zero = np.array([[0.0, 0.0]])
    quiet = np.zeros(1)
    unknown = dh.hazard(models[0], blind, np.array([[True, False]]), quiet)
    as_zero = dh.hazard(models[0], zero, np.array([[True, True]]), quiet)
    assert as_zero[0] > 1.3 * unknown[0]


def test_kinds_of_events_that_are_certain_together():
    """Something comes in the first year for sure, so the second is one after an event."""
    quiet, again = np.array([[[0.5, 0.5], [0.9, 0.1]]]), np.array([[[0.2, 0.3], [0.0, 0.0]]])
    found = dh.chained(quiet, again)
    np.testing.assert_allclose(found, [[[0.5, 0.5], [0.2, 0.3]]], atol=1e-15)
    for one, other in ((quiet + [0.1, 0.0], again), (quiet, again + [0.7, 0.0])):
        with pytest.raises(BadInput, match="no event"):
            dh.chained(one, other)


def test_a_trait_that_all_pairs_share_says_nothing():
    traits, known, peace, onset, _ = pairs(2000)
    model = dh.fit(traits, known, peace, onset, 1.0)
    more = np.column_stack([traits, np.full(2000, 7.0)])
    full = np.column_stack([known, known[:, 0]])
    other = dh.fit(more, full, peace, onset, 1.0)
    assert other.converged and other.coefficients[3] == 0.0
    np.testing.assert_allclose(
        dh.hazard(other, more, full, peace), dh.hazard(model, traits, known, peace), rtol=1e-9
    )


def test_a_forecast_is_the_sum_over_every_history():
    """Four years: each of the 16 ways the years can go, written out."""
    traits, known, peace, onset, _ = pairs(5000)
    model = dh.fit(traits, known, peace, onset, 1.0)
    one, sure = traits[:1], known[:1]
    chance = dh.forecast(model, one, sure, np.array([7.0]), 4)[0]
    expected = np.zeros(4)
    for path in itertools.product((0, 1), repeat=4):
        weight, calm = 1.0, 7.0
        for event in path:
            p = float(dh.hazard(model, one, sure, np.array([calm]))[0])
            weight *= p if event else 1 - p
            calm = 0.0 if event else calm + 1
        expected += weight * np.array(path)
    np.testing.assert_allclose(chance, expected, rtol=1e-12)


def test_a_forecast_of_one_year_is_the_hazard():
    traits, known, peace, onset, _ = pairs(3000)
    model = dh.fit(traits, known, peace, onset, 1.0)
    np.testing.assert_allclose(
        dh.forecast(model, traits, known, peace, 1)[:, 0], dh.hazard(model, traits, known, peace)
    )


def test_peace_beyond_the_longest_seen_counts_as_that_long():
    traits, known, peace, onset, _ = pairs(3000)
    model = dh.fit(traits, known, peace, onset, 1.0)
    at, beyond = (dh.hazard(model, traits[:5], known[:5], np.full(5, t)) for t in (39.0, 300.0))
    np.testing.assert_array_equal(at, beyond)


def test_climatology_finds_the_spread_of_rates():
    rng = np.random.default_rng(3)
    rates = rng.beta(0.5, 19.5, 4000)
    onsets = rng.binomial(30, rates).astype(float)
    found = dh.fit_climatology(onsets, np.full(4000, 30.0))
    assert found.a == pytest.approx(0.5, rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(0.025, rel=0.06)


@given(st.floats(0.01, 5), st.floats(0.1, 100), st.integers(0, 60), st.integers(0, 60))
def test_a_record_pulls_the_rate_towards_itself(a, b, onsets, calm):
    years = onsets + calm
    model = dh.Climatology(a, b)
    rate = dh.climatological_rate(model, np.array([float(onsets)]), np.array([float(years)]))[0]
    prior = a / (a + b)
    ends = sorted([prior, onsets / years if years else prior])
    assert ends[0] - 1e-12 <= rate <= ends[1] + 1e-12


def test_kinds_of_events_share_one_chain():
    """Two kinds add up to what one of their sum does; and two years by hand."""
    rng = np.random.default_rng(3)
    quiet, again = (0.3 * rng.random((4, 5, 2)) for _ in range(2))
    both = dh.chained(quiet, again)
    whole = dh.chained(quiet.sum(2, keepdims=True), again.sum(2, keepdims=True))
    assert np.allclose(both.sum(axis=2), whole[:, :, 0])
    first = quiet[:, 0].sum(axis=1)
    by_hand = (1 - first)[:, None] * quiet[:, 1] + first[:, None] * again[:, 0]
    assert np.allclose(both[:, 1], by_hand)


def test_the_unit_of_a_trait_does_not_matter_under_a_penalty():
    traits, known, peace, onset, _ = pairs(4000)
    small = traits / 1000.0
    one = dh.hazard(dh.fit(traits, known, peace, onset, 50.0), traits, known, peace)
    other = dh.hazard(dh.fit(small, known, peace, onset, 50.0), small, known, peace)
    np.testing.assert_allclose(other, one, rtol=1e-6)


def test_a_trait_that_is_missing_has_a_coefficient_of_its_own():
    """Constant, traits, missing traits, years: half the pairs lack the second, and fight more."""
    rng = np.random.default_rng(1)
    traits, known = rng.normal(size=(8000, 2)), np.ones((8000, 2), bool)
    known[::2, 1] = False
    onset = (rng.random(8000) < np.where(known[:, 1], 0.1, 0.3)).astype(float)
    found = dh.fit(traits, known, rng.integers(0, 9, 8000).astype(float), onset, 1e-3)
    assert found.coefficients[4] == pytest.approx(np.log(0.3 / 0.7) - np.log(0.1 / 0.9), abs=0.2)
    assert found.coefficients[3] == pytest.approx(0.0, abs=1e-6)
