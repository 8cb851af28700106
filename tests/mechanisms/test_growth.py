"""Growth of capacity in the year."""

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.engine.year import bind
from comity.models.people.growth import growth_rates

WORLD = toy.toy_world().replace({"growth_trend": jnp.array([0.01, 0.03, 0.008, 0.02, 0.014])})
GROWTH = next(m for m in toy.toy_year(WORLD) if m.name == "growth")


def test_without_shocks_capacity_grows_by_trend_and_population():
    calm = bind(GROWTH, {"growth.world_sd": jnp.asarray(0.0)})
    world = WORLD.replace({"growth_sd": jnp.zeros(WORLD.count)})
    change = calm(world, toy.still(), jax.random.key(0))
    expected = jnp.exp(WORLD.growth_trend + WORLD.population_growth)
    np.testing.assert_allclose(change["capacity"], expected, rtol=1e-14)


def test_world_cycle_fades_at_its_persistence():
    """Expected shock after one year is phi times the last: Kose, Otrok and Whiteman's factor."""
    world = WORLD.replace({"world_shock": jnp.asarray(-0.03)})
    keys = jax.random.split(jax.random.key(1), 4000)
    after = jax.vmap(lambda k: GROWTH(world, toy.still(), k)["world_shock"])(keys)
    assert abs(float(after.mean()) - 0.43 * -0.03) < 6e-4


@given(st.floats(0.5, 2.0))
def test_capacity_scales(start):
    key = jax.random.key(2)
    one = GROWTH(WORLD, toy.still(), key)["capacity"]
    scaled = WORLD.replace({"capacity": jnp.full(WORLD.count, start)})
    np.testing.assert_allclose(
        GROWTH(scaled, toy.still(), key)["capacity"], start * one, rtol=1e-14
    )


def test_agrees_with_the_model_called_by_hand():
    key = jax.random.key(3)
    year = growth_rates(
        key,
        WORLD.growth_trend,
        WORLD.population_growth,
        WORLD.loading,
        WORLD.growth_sd,
        WORLD.world_shock,
        GROWTH.world_sd,
        GROWTH.world_persistence,
        WORLD.slot,
    )
    np.testing.assert_allclose(
        GROWTH(WORLD, toy.still(), key)["capacity"], jnp.exp(year.rate), rtol=1e-15
    )
