"""The burden model: its year, its estimation, and the panel with state effects."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from comity.models.force import armament as model

KEY = jax.random.key(0)
SLOTS = jnp.arange(4, dtype=jnp.uint32)
BASE = jnp.array([0.01, 0.02, 0.04, 0.08])
NIL = jnp.asarray(0.0)


def step(shift, reversion=0.0, drift=0.0, sd=0.0, base=BASE):
    return model.next_shift(
        KEY, shift, base, jnp.asarray(reversion), jnp.asarray(drift), jnp.asarray(sd), SLOTS
    )


def test_a_gap_fades_at_its_rate():
    """With reversion 0.1 the log distance to the median, here sqrt(0.02 * 0.04), falls by 10 %."""
    shift = step(jnp.zeros(4), reversion=0.1)
    gap = np.log(np.sqrt(0.02 * 0.04)) - np.log(np.asarray(BASE))
    np.testing.assert_allclose(shift, 0.1 * gap, rtol=1e-12)


@given(st.floats(-0.05, 0.05))
def test_drift_moves_all_alike(drift):
    moved = step(jnp.zeros(4), 0.02, drift) - step(jnp.zeros(4), 0.02)
    np.testing.assert_allclose(moved, drift, atol=1e-15)


def test_a_state_that_spends_nothing_gives_no_infinity():
    assert bool(jnp.isfinite(step(jnp.zeros(4), 0.02, base=BASE.at[0].set(0.0))).all())


def test_stock_of_steady_spending_is_spending_over_depreciation():
    stock = jnp.array([100.0])
    for _ in range(400):
        stock = model.next_stock(stock, jnp.array([10.0]), jnp.asarray(0.08))
    np.testing.assert_allclose(stock, 10 / 0.08, rtol=1e-10)


def test_what_is_watched_by_hand():
    weights = jnp.array([[0.0, 1.0, 1.0, 0.0]] + [[0.0] * 4] * 3)
    then, now = jnp.array([5.0, 10.0, 30.0, 1.0]), jnp.array([9.0, 20.0, 30.0, 1.0])
    np.testing.assert_allclose(
        model.followed(weights, now, then), [np.log(50 / 40), 0.0, 0.0, 0.0], rtol=1e-14
    )


@given(st.floats(0.0, 0.9), st.floats(0.1, 1.0))
def test_ten_years_make_the_decade(slope, spread):
    reversion, sd = model.yearly(slope, spread)
    kept = 1.0 - reversion
    assert kept**10 == pytest.approx(1 - slope)
    assert sd**2 * sum(kept ** (2 * n) for n in range(10)) == pytest.approx(spread**2)


def test_fit_finds_the_numbers_rows_were_made_with():
    rng = np.random.default_rng(1)
    traits = rng.normal(size=(4000, 2))
    change = traits @ [0.9, 0.1] + 0.4 * rng.normal(size=4000)
    found = model.fit_burden(change, traits)
    np.testing.assert_allclose(found.slopes, [0.9, 0.1], atol=0.02)
    assert found.spread == pytest.approx(0.4, rel=0.03)


def test_fit_is_where_the_mean_crps_is_least():
    rng = np.random.default_rng(2)
    traits = rng.normal(size=(300, 1))
    change = traits[:, 0] + rng.standard_t(3, size=300)
    found = model.fit_burden(change, traits)

    def crps(slope, spread):
        return scoringrules.crps_normal(change, slope * traits[:, 0], spread).mean()

    best = crps(found.slopes[0], found.spread)
    for slope, spread in ((0.03, 0.0), (-0.03, 0.0), (0.0, 0.03), (0.0, -0.03)):
        assert crps(found.slopes[0] + slope, found.spread + spread) > best


def panel(states: int, years: int, rho: float, seed: int = 0):
    """An autoregression with state and year effects: change, lagged level, numbers, years."""
    rng = np.random.default_rng(seed)
    effects, common = rng.normal(size=states), rng.normal(size=years + 50)
    level, rows = effects / (1 - rho), []
    for year in range(years + 50):
        new = effects + rho * level + common[year] + rng.normal(size=states)
        rows.append((new - level, level))
        level = new
    kept = rows[50:]
    change, lagged = (np.concatenate([row[side] for row in kept]) for side in (0, 1))
    return (
        change,
        lagged[:, None],
        np.tile(np.arange(states), years),
        np.repeat(np.arange(years), states),
    )


def test_nickell_bias_is_there_and_the_jackknife_takes_most_of_it():
    """Nickell (1981): with T years rho is too low by about (1 + rho) / (T - 1)."""
    found = model.error_correction(*panel(400, 40, 0.9))
    bias = found.raw[0] - (0.9 - 1)
    assert bias == pytest.approx(-1.9 / 39, rel=0.25)
    assert abs(found.slopes[0] - (0.9 - 1)) < 0.4 * abs(bias)


def test_standard_errors_cover():
    """With an outside regressor 95 % intervals hold the truth about as often as they say."""
    rng, held = np.random.default_rng(3), 0
    state, year = np.tile(np.arange(60), 12), np.repeat(np.arange(12), 60)
    for _ in range(200):
        x = rng.normal(size=(720, 1)) + rng.normal(size=60)[state][:, None]
        y = 0.5 * x[:, 0] + rng.normal(size=60)[state] + rng.normal(size=12)[year]
        y = y + rng.normal(size=720)
        one = model.error_correction(y, x, state, year)
        held += abs(one.raw[0] - 0.5) < 1.96 * one.errors[0]
    assert 180 <= held <= 198


@given(st.integers(0, 1000))
def test_effects_are_gone(seed):
    rng = np.random.default_rng(seed)
    picked = rng.random(80) < 0.7
    state, year = np.repeat(np.arange(10), 8)[picked], np.tile(np.arange(8), 10)[picked]
    table = rng.normal(size=(picked.sum(), 2))
    moved = table + rng.normal(size=10)[state][:, None] + rng.normal(size=8)[year][:, None]
    np.testing.assert_allclose(
        model.demeaned(moved, state, year), model.demeaned(table, state, year), atol=1e-7
    )


def test_a_gap_that_grows_in_a_decade_is_one_that_stays_and_one_that_turns_all_but_closes():
    """Ten shocks that stay add their variances; of a gap a millionth at least is left."""
    reversion, sd = model.yearly(-0.5, 1.0)
    assert reversion == 0.0 and sd == pytest.approx(10**-0.5)
    assert 1.0 - model.yearly(2.0, 1.0)[0] == pytest.approx(10**-0.6)
