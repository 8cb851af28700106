"""Where the path of reciprocal cuts ends, on a path whose consumption is written down."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax.numpy as jnp
import numpy as np
import pytest

from comity.models.trade import order
from comity.models.trade.tariff_war import TariffWar
from comity.models.trade.trade_market import TradeBase

N = 3
REACH = jnp.ones((N, N)) - jnp.eye(N)


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
    rest, nil, one = jnp.zeros((N, N)), jnp.zeros(N), jnp.ones(N)
    base = TradeBase(jnp.eye(N), jnp.eye(N), jnp.eye(N), one, nil, rest, one, one)
    yes, no, none = jnp.asarray(True), jnp.asarray(0.0), jnp.asarray(0)
    there = order.TradeEquilibrium(*[one] * 10, no, none, yes)
    war = TariffWar(REACH * (jnp.e - 1), REACH, there, no, none, yes)
    found = order.rules(base, jnp.array(4.0), war, REACH, strict=False, steps=4)
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
