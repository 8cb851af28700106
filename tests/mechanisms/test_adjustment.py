"""The option `adjustment`: what is new costs more, what is old is the long run to the bit."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import toy

from comity.core.parameters import book
from comity.mechanisms.adjustment import OUTCOMES, adjustment_from
from comity.mechanisms.trade import trade_from
from comity.models.trade.adjustment import elasticity_after
from comity.models.trade.trade_equilibrium import solve
from comity.world.given import door

NUMBERS = book("trade")
WORLD, _ = door(toy.toy_world())
TRADE, LATER = trade_from(WORLD, NUMBERS), adjustment_from(WORLD, NUMBERS)
N = WORLD.count
A, B = WORLD.index("USA"), WORLD.index("CHN")
PAIR = jnp.zeros((N, N)).at[A, B].set(1.0).at[B, A].set(1.0)
KEY = jax.random.key(0)


@eqx.filter_jit
def year(world, levers, later=LATER):
    """Trade in the long run, and as it stands."""
    long = world.replace(TRADE(world, levers, KEY))
    return long, long.replace(later(long, levers, KEY))


def loss(world):
    return float(1.0 - world.consumption[A])


def test_without_a_cost_it_is_the_long_run_to_the_bit():
    grown = WORLD.replace({"capacity": jnp.ones(N).at[B].set(1.3)})
    long, now = year(grown, toy.still())
    for name in OUTCOMES:
        np.testing.assert_array_equal(getattr(now, name), getattr(long, name))
    assert not now.settled_cost.any() and not now.settled_tariff.any()


def test_a_constant_path_is_the_long_run_to_the_bit():
    one = eqx.tree_at(lambda m: m.first_year, LATER, jnp.ones(()))
    long, now = year(WORLD, toy.still(barrier=0.5 * PAIR, tariff=0.2 * PAIR), one)
    assert loss(long) > 0
    for name in OUTCOMES:
        np.testing.assert_array_equal(getattr(now, name), getattr(long, name))


def test_impact_two_and_ten_years_differ_as_the_path_says():
    """A barrier that stays: each year's loss is near that of one elasticity, the path's."""
    levers, world, losses = toy.still(barrier=0.5 * PAIR), WORLD, []
    for _ in range(11):
        long, world = year(world, levers)
        assert world.converged
        losses.append(loss(world))
    assert losses[0] > 1.05 * losses[2] > 1.05**2 * losses[10]
    assert abs(losses[10] - loss(long)) < 0.02 * (losses[0] - loss(long))
    path = elasticity_after(
        jnp.array([0.0, 2.0, 10.0]), LATER.elasticity, LATER.first_year, LATER.pace
    )
    for years, e in zip((0, 2, 10), path, strict=True):
        alike = solve(TRADE.base, e, jnp.ones(N), TRADE.base.tariff, 1.0 + 0.5 * PAIR)
        assert abs(losses[years] / float(1.0 - alike.consumption[A]) - 1.0) < (
            1e-8 if years == 0 else 0.25
        )


def test_tariffs_settle_too_and_what_ends_is_new_again():
    levers, world = toy.still(tariff=0.3 * PAIR), WORLD
    _, world = year(world, levers)
    pace, goods = LATER.pace, WORLD.goods[A, B]
    np.testing.assert_allclose(world.settled_tariff, pace * 0.3 * goods * PAIR)
    long, after = year(world, toy.still())
    assert abs(loss(long)) < 1e-9 < 1e-5 < abs(loss(after))
    np.testing.assert_allclose(after.settled_tariff, (1 - pace) * world.settled_tariff)


def test_a_sanction_leaves_the_same_trade_and_costs_more():
    left = WORLD.replace({"trade_left": 1.0 - 0.6 * PAIR})
    long, now = year(left, toy.still())
    assert loss(now) > 1.5 * loss(long) > 0
    # Trade that is left, at given incomes: 0.4 of the share against the importer's own.
    np.testing.assert_allclose(now.settled_cost, LATER.pace * -jnp.log(0.4) / 4.0 * PAIR)
    np.testing.assert_allclose(now.partner_share[A, B], long.partner_share[A, B], atol=0.15)


def test_war_is_known_by_what_it_does_to_trade():
    at_war = WORLD.replace({"war_barrier": 0.2 * PAIR})
    _, now = year(at_war, toy.still())
    _, walled = year(WORLD, toy.still(barrier=0.2 * PAIR))
    assert loss(now) > loss(walled) > 0
