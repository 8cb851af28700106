"""A change of leader: moves, turned calendars, rates of ends, and what a government keeps."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.institutions import leadership as model


def test_moves_by_hand():
    x = np.array([[0.0, 0.0, 0.0], [9.0, 9.0, 9.0], [1.0, 2.0, 6.0], [0.0, 0.0, np.nan]])
    found = model.moves(x)
    assert np.isnan(found[[0, 3]]).all()
    np.testing.assert_allclose(found[1], [1.0, 0.0, 4.0])
    np.testing.assert_allclose(found[2, :2], 0.0)
    assert np.isnan(found[2, 2])


def made(effect, seed=3):
    rng = np.random.default_rng(seed)
    changed = rng.random((60, 80)) < 0.15
    size = np.abs(rng.normal(size=(60, 80))) * rng.uniform(0.5, 2.0, 80) * (1 + effect * changed)
    size[rng.random(size.shape) < 0.1] = np.nan
    return size, changed


def test_an_effect_put_in_is_found():
    found = model.turnover_effect(*made(0.3), draws=199)
    assert found.ratio == pytest.approx(1.3, abs=0.08) and found.chance == 0.005


def test_nothing_put_in_is_not_found():
    found = model.turnover_effect(*made(0.0), draws=199)
    assert found.low < found.ratio < found.high and found.chance > 0.05


@settings(max_examples=10, deadline=None)
@given(st.floats(0.1, 10.0))
def test_the_unit_of_positions_does_not_matter(unit):
    size, changed = made(0.2)
    one = model.turnover_effect(size[:, :10], changed[:, :10], draws=9)
    other = model.turnover_effect(unit * size[:, :10], changed[:, :10], draws=9)
    assert other.ratio == pytest.approx(one.ratio)


def test_rate_ratio_by_hand():
    """Two strata: (10/100 against 10/200) and (4/40 against 6/120), both twofold."""
    ends, exposure = np.array([10.0, 10, 4, 6]), np.array([100.0, 200, 40, 120])
    changed = np.array([True, False, True, False])
    stratum, state = np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3])
    found = model.rate_ratio(ends, exposure, changed, stratum, state, draws=50)
    assert found.ratio == pytest.approx(2.0)
    assert found.treated == 2


def test_a_confounder_between_strata_is_taken_out():
    rng = np.random.default_rng(0)
    stratum = np.repeat([0, 1], 2000)
    changed = rng.random(4000) < np.where(stratum == 0, 0.1, 0.6)
    ends = rng.poisson(np.where(stratum == 0, 0.02, 0.2)).astype(float)
    state = rng.integers(0, 50, 4000)
    found = model.rate_ratio(ends, np.ones(4000), changed, stratum, state, draws=200)
    assert found.low < 1.0 < found.high
    assert ends[changed].mean() > 2 * ends[~changed].mean()


def test_least_squares_on_an_exact_line():
    x = np.column_stack([np.ones(20), np.arange(20.0)])
    b, errors, fit = model.least_squares(x @ [2.0, 3.0], x)
    np.testing.assert_allclose(b, [2.0, 3.0])
    assert fit == pytest.approx(1.0) and (errors < 1e-9).all()


def test_rates_between_the_types():
    engagement = jnp.array([[-1.0, -0.5, 0.0, 0.5]])
    found = model.exit_rate(engagement, jnp.asarray(0.01), jnp.full(4, 0.25))
    np.testing.assert_allclose(found[0], [0.25, 0.05, 0.01, 0.005])
    kept = model.next_kept(jnp.full((1, 4), 0.5), jnp.zeros((1, 4)), jnp.full((1, 4), jnp.log(2.0)))
    np.testing.assert_allclose(kept, 0.75)


def test_the_interval_holds_the_middle_95_in_100_of_turned_calendars():
    size, changed = made(0.2)
    one = model.turnover_effect(size[:, :10], changed[:, :10], draws=1)
    two = model.turnover_effect(size[:, :10], changed[:, :10], draws=2)
    first, second = one.low, two.low + two.high - one.low
    assert one.low == one.high and first != second
    assert two.high - two.low == pytest.approx(0.95 * abs(first - second))


def test_the_chance_is_the_share_of_turned_calendars_as_far_off():
    """Of four turns one puts the change in the quiet year: 1/8 against 24/17, farther off."""
    size = np.array([[8.0], [8.0], [8.0], [1.0]])
    quiet = np.array([[False], [False], [False], [True]])
    found = model.turnover_effect(size, quiet, draws=999)
    assert found.ratio == pytest.approx(1 / 8) and found.treated == 1
    assert found.chance == pytest.approx(0.25, abs=0.04)


def test_a_constant_alone_explains_nothing_and_has_the_error_of_a_mean():
    """Mean 3, squares of what is left 4 + 1 + 9 over 3 x 2."""
    b, errors, fit = model.least_squares(np.array([1.0, 2.0, 6.0]), np.ones((3, 1)))
    assert b[0] == pytest.approx(3.0) and fit == pytest.approx(0.0, abs=1e-12)
    assert errors[0] == pytest.approx(np.sqrt(14 / 6))
