"""Trend: what a future draws once. The model's own tests are in tests/models/test_growth.py."""

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.engine.year import assemble, bind
from comity.mechanisms.catalogue import books, fields, levers
from comity.models.people.growth import draw_trend

WORLD = toy.toy_world()
TREND = next(m for m in toy.toy_year(WORLD) if m.name == "trend")


def test_without_uncertainty_the_trend_is_the_expected_one():
    sure = bind(TREND, {"growth.trend_sd_scale": jnp.asarray(0.0)})
    change = sure(WORLD, toy.still(), jax.random.key(0))
    np.testing.assert_allclose(change["growth_trend"], WORLD.trend, rtol=0, atol=1e-15)


def test_spread_over_futures_is_the_stated_one():
    keys = jax.random.split(jax.random.key(1), 4000)
    drawn = jax.vmap(lambda k: TREND(WORLD, toy.still(), k)["growth_trend"])(keys)
    np.testing.assert_allclose(drawn.mean(0), WORLD.trend, atol=6e-4)
    np.testing.assert_allclose(drawn.std(0), WORLD.trend_sd, rtol=0.05)
    shocks = jax.vmap(lambda k: TREND(WORLD, toy.still(), k)["world_shock"])(keys)
    assert abs(shocks.std() / books()["growth"]["world_sd"].value - 1) < 0.05


@given(st.floats(-0.009, 0.009))
def test_an_error_of_the_world_mean_moves_every_state_alike(error):
    key = jax.random.key(2)
    plain = TREND(WORLD, toy.still(), key)["growth_trend"]
    moved = bind(TREND, {"growth.world_mean_error": jnp.asarray(error)})(WORLD, toy.still(), key)
    np.testing.assert_allclose(moved["growth_trend"] - plain, error, atol=1e-15)


def test_agrees_with_the_model_called_by_hand():
    key = jax.random.key(3)
    by_hand = draw_trend(jax.random.split(key)[0], WORLD.trend, WORLD.trend_sd, WORLD.slot)
    np.testing.assert_array_equal(TREND(WORLD, toy.still(), key)["growth_trend"], by_hand)


def test_it_acts_before_the_first_year():
    assert assemble((TREND,), fields(), levers())[0].phase == "start"
