"""Paths of reciprocal cuts and bargains whose gains are written down, ended and struck by hand."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax.numpy as jnp
import numpy as np
import pytest

from comity.models.trade import order
from comity.models.trade.tariff_war import TariffWar
from comity.models.trade.trade_equilibrium import calibrate

N = 3
REACH = jnp.ones((N, N)) - jnp.eye(N)
# Nobody trades: what stands in for a world where another function is replaced.
APART = calibrate(jnp.eye(N), jnp.zeros((N, N)), jnp.ones(N))


def ends(monkeypatch, consumption, bound=(), fails=None):
    """Share of the war's tariffs left where the path ends; ``consumption`` by share."""

    def cut(path, at, share, strict):
        free = np.isin(np.arange(N), bound)
        return at._replace(level=np.full(N, share), bound=free)

    def order_at(path, point):
        share = float(point.level[0])
        well = jnp.asarray(share != fails)
        made = jnp.asarray([f(share) for f in consumption])
        rate = jnp.full((N, N), share)
        return order.Order(rate, rate, made, made, jnp.ones(N), jnp.asarray(0.0), well)

    monkeypatch.setattr(order, "_cut", cut)
    monkeypatch.setattr(order, "_order_at", order_at)
    one = jnp.ones(N)
    yes, no, none = jnp.asarray(True), jnp.asarray(0.0), jnp.asarray(0)
    there = order.TradeEquilibrium(*[one] * 10, no, none, yes)
    war = TariffWar(REACH * (jnp.e - 1), REACH, there, no, none, yes)
    found = order.rules(APART, jnp.array(4.0), war, REACH, strict=False, steps=4)
    return float(found.rate[0, 0])


def more(share):
    return 2.0 - share


def turns(share):
    """Best at half of the war's tariffs."""
    return 1.0 - abs(share - 0.5)


def test_it_goes_on_to_free_trade_where_each_step_is_a_gain(monkeypatch):
    assert ends(monkeypatch, [more] * N) == order.FREE


@pytest.mark.parametrize("who", range(N))
def test_it_ends_before_the_first_step_by_which_one_that_still_cuts_would_lose(monkeypatch, who):
    paths = [turns if i == who else more for i in range(N)]
    assert ends(monkeypatch, paths) == 0.5
    assert ends(monkeypatch, paths, bound=[who]) == order.FREE  # it has nothing left to withhold


def test_it_ends_before_a_step_without_an_equilibrium(monkeypatch):
    assert ends(monkeypatch, [more] * N, fails=0.25) == 0.5


def bargain(monkeypatch, *pairs):
    """Deals of states 0-1, 0-2, 1-2 over shares of threats, by gains linear in the two shares.

    Of each pair: what a full tariff by the second costs the first and brings the second, and what
    one by the first brings the first and costs the second.
    """
    threat = np.arange(1.0, 10.0).reshape(N, N)
    first, second = np.triu_indices(N, 1)

    def welfare(base, elasticity, level, threat, reach, who, price):
        on, by = (x.ravel() for x in np.meshgrid(*[[0.0, 0.5, 1.0]] * 2, indexing="ij"))
        told = [[-a * on + c * by, b * on - d * by] for a, b, c, d in pairs]
        return jnp.asarray(np.moveaxis(told, 1, 2))

    monkeypatch.setattr(order, "_pairs_welfare", welfare)
    given = (APART, jnp.array(4.0), threat, threat, jnp.ones(N), REACH, first, second)
    deals = order._bargains(*given) / threat
    return [(deals[i, j], deals[j, i]) for i, j in zip(first, second, strict=True)]


def test_pairs_strike_the_bargain_with_the_largest_product_of_gains(monkeypatch):
    """By hand, x of the second's tariff and y of the first's staying.

    Alike: (1 - 2x + y)(1 + x - 2y) is largest where both trade freely. Unlike: at x = 0 it is
    (3y - 1)(3 - 4y), largest at y = 13/24. Where a tariff brings its maker more than it costs the
    other, no deal is better for both.
    """
    alike, unlike, none = bargain(monkeypatch, (2, 1, 1, 2), (2, 1, 3, 4), (1, 2, 2, 1))
    assert alike == (0.0, 0.0)
    np.testing.assert_allclose(unlike, (0.0, 13 / 24), atol=1 / 1600)
    assert none == (1.0, 1.0)
    turned = bargain(monkeypatch, (4, 3, 1, 2), (2, 1, 1, 2), (2, 1, 1, 2))[0]
    np.testing.assert_allclose(turned, (13 / 24, 0.0), atol=1 / 1600)


@pytest.mark.parametrize("share", [0.75, 0.2])
def test_equals_cut_alike_and_no_price_moves(share):
    sales = jnp.full((N, N), 0.1) + 0.7 * jnp.eye(N)
    base = calibrate(sales, jnp.zeros((N, N)), jnp.full(N, 0.5))
    path = order._Path(base, jnp.array(4.0), REACH, np.full(N, 1 / N), 0.3)
    start = order._Point(np.full(N, 0.3), np.zeros(N), np.zeros(N, bool))
    found = order._cut(path, start, share, True)
    np.testing.assert_allclose(found.level, 0.3 * share, rtol=1e-9)
    np.testing.assert_array_equal(found.log_price, 0.0)
    assert not found.bound.any()
