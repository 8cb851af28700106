"""Sanctions in the year: trade falls by what is forbidden, less what leaks."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import toy

from comity.mechanisms.sanctions import sanctions_from
from comity.mechanisms.trade import position, trade_from
from comity.models.trade.sanctions import left
from comity.models.trade.trade_equilibrium import flows, solve
from comity.core.parameters import book
from comity.world.given import door

NUMBERS, TRADE = book("sanctions"), book("trade")
SANCTIONS = sanctions_from(NUMBERS)


def moved(world, share):
    n = world.count
    ban = jnp.zeros((n, n)).at[world.index("USA"), world.index("CHN")].set(share)
    return toy.still(sanction=ban)


def change(world, share):
    return SANCTIONS(world, moved(world, share), jax.random.key(0))["trade_left"]


def test_nobody_forbids_nothing_changes():
    world, _ = door(toy.toy_world())
    np.testing.assert_array_equal(change(world, 0.0), np.ones((world.count, world.count)))


def test_the_books_numbers_by_hand():
    world, _ = door(toy.toy_world())
    leak, chill = NUMBERS["leak"].value, NUMBERS["chill"].value
    expected = 0.4 * (1 - 0.6 * chill) + 0.6 * leak
    found = change(world, 0.6)
    a, b = world.index("USA"), world.index("CHN")
    np.testing.assert_allclose([found[a, b], found[b, a]], expected)


def test_trade_obeys_in_the_same_year():
    """A ban cuts the pair's trade by more than half, and the sender's partner turns elsewhere."""
    world, _ = door(toy.toy_world())
    trade = trade_from(world, TRADE)
    n, a, b, c = world.count, *(world.index(s) for s in ("USA", "CHN", "JPN"))
    sales = []
    for share in (0.0, 1.0):
        here = world.replace({"trade_left": change(world, share)})
        at = position(trade, here, toy.still())
        found = solve(trade.base, trade.elasticity, at.capacity, at.tariff, at.cost)
        assert found.converged
        sales.append(flows(trade.base, found, trade.elasticity, at.tariff, at.cost))
    assert n == 5
    assert sales[1][a, b] < 0.5 * sales[0][a, b] and sales[1][c, b] > sales[0][c, b]


def test_a_ban_and_its_barrier_agree():
    world, _ = door(toy.toy_world())
    full = left(moved(world, 1.0).sanction, SANCTIONS.leak, SANCTIONS.chill)
    np.testing.assert_allclose(full, change(world, 1.0))
