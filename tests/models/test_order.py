"""Orders of tariffs: what reciprocity leaves alone, what bargains give, who can lose."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax.numpy as jnp
import numpy as np
import pytest

from comity.models.trade import order
from comity.models.trade.tariff_war import nash
from comity.models.trade.trade_equilibrium import calibrate

pytestmark = pytest.mark.slow
N, ELASTICITY = 4, jnp.array(4.0)
REACH = jnp.ones((N, N)) - jnp.eye(N)


def world(size, openness=0.15):
    """Balanced trade, free at first, of states with given sizes."""
    size = np.asarray(size, float)
    sales = openness * np.outer(size, size) / size.sum()
    sales[np.diag_indices(N)] = size - sales.sum(1) + np.diag(sales)
    return calibrate(jnp.asarray(sales), jnp.zeros((N, N)), jnp.full(N, 0.5))


@pytest.fixture(scope="module")
def unequal():
    base = world([8.0, 2.0, 1.0, 0.5])
    return base, nash(base, ELASTICITY, reach=REACH)


@pytest.fixture(scope="module")
def free(unequal):
    return order.under(unequal[0], ELASTICITY, jnp.zeros((N, N)), REACH)


def test_reciprocal_cuts_leave_prices_where_the_war_put_them(unequal):
    base, war = unequal
    found = order.rules(base, ELASTICITY, war, REACH)
    assert found.converged and found.gap < 1e-8
    relative = np.asarray(found.price / war.equilibrium.price)
    np.testing.assert_allclose(relative, relative[0], rtol=1e-8)
    rate, before = (np.asarray(x).max(0) for x in (found.rate, war.rate))
    assert rate.min() < 1e-3 < rate.max() and np.all(rate < before)


def test_all_gain_by_rules_whatever_their_size(unequal):
    """At given world prices every cut towards free trade is a gain to who makes it."""
    base, war = unequal
    gain = order.gains(order.rules(base, ELASTICITY, war, REACH), order.of_war(war))
    assert np.all(gain > 0)
    assert np.all(np.diff(gain) > 0)  # the smaller, the more


def test_equals_are_led_by_rules_to_free_trade():
    base = world([1.0] * N)
    war = nash(base, ELASTICITY, reach=REACH)
    fair = order.rules(base, ELASTICITY, war, REACH)
    np.testing.assert_allclose(np.asarray(fair.rate), 0.0, atol=2e-3)
    np.testing.assert_allclose(np.asarray(fair.consumption), 1.0, atol=1e-6)


def test_going_on_past_the_first_who_is_free_opens_more(unequal):
    base, war = unequal
    ends, goes_on = (order.rules(base, ELASTICITY, war, REACH, strict) for strict in (True, False))
    assert np.asarray(goes_on.rate).mean() < np.asarray(ends.rate).mean()
    assert np.all(order.gains(goes_on, order.of_war(war)) > 0)


def test_no_pair_can_do_better_by_another_bargain(unequal):
    """The product of gains of a pair, by exact equilibria, falls off the bargain struck."""
    base, war = unequal
    found = order.power(base, ELASTICITY, war, REACH)
    assert found.converged

    def product(i, j, mine, yours):
        rate = found.rate.at[i, j].set(mine).at[j, i].set(yours)
        fallback = found.rate.at[i, j].set(war.rate[i, j]).at[j, i].set(war.rate[j, i])
        struck, none = (order.under(base, ELASTICITY, r, REACH) for r in (rate, fallback))
        gain = np.log(np.asarray(struck.consumption / none.consumption))[[i, j]]
        return gain.prod() if (gain > 0).all() else -1.0

    for i, j in ((0, 1), (0, 3), (2, 3)):
        here = float(found.rate[i, j]), float(found.rate[j, i])
        best = product(i, j, *here)
        assert best > 0
        for a in (-0.02, 0.0, 0.02):
            for b in (-0.02, 0.0, 0.02):
                other = product(i, j, max(here[0] + a, 0.0), max(here[1] + b, 0.0))
                assert other <= best * (1 + 1e-3)


def test_bargains_favour_the_large_and_cost_the_small_against_free_trade(unequal, free):
    base, war = unequal
    found = order.power(base, ELASTICITY, war, REACH)
    gain = order.gains(found, free)
    assert gain[0] > 0 > gain[-1]
    assert np.all(order.gains(found, order.of_war(war)) > 0)


def test_equals_bargain_their_tariffs_away():
    base = world([1.0] * N)
    found = order.power(base, ELASTICITY, nash(base, ELASTICITY, reach=REACH), REACH)
    assert found.converged
    np.testing.assert_allclose(np.asarray(found.rate), 0.0, atol=1e-3)
