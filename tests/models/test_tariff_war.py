"""Chosen tariffs against closed forms, a search by hand, and what must hold in any world."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from comity.models.trade.tariff_war import best_tariffs, nash, optimal, reciprocal
from comity.models.trade.trade_equilibrium import calibrate, solve

N = 4
solve_jit = jax.jit(solve, static_argnames=("tol", "max_iterations"))


def world(seed=0, tariffs=False, imbalance=0.0, inputs=False):
    """Four unequal states with home-biased trade; plain unless asked for more."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(0, 1.0, N))
    close = np.exp(rng.normal(-2.5, 0.7, (N, N)))
    close[np.diag_indices(N)] = 1.0
    spending = size * (1 + imbalance * rng.uniform(-1, 1, N))
    spending *= size.sum() / spending.sum()
    sales = close * size[:, None] * size
    for _ in range(500):
        sales *= (size / sales.sum(1))[:, None]
        sales *= spending / sales.sum(0)
    tariff = rng.uniform(0, 0.1, (N, N)) * (1 - np.eye(N)) * tariffs
    added = rng.uniform(0.4, 0.8, N) if inputs else np.ones(N)
    return calibrate(jnp.asarray(sales), jnp.asarray(tariff), jnp.asarray(added))


def only(state):
    return np.arange(N) == state


def consumption(base, elasticity, tariff):
    ones = jnp.ones(base.output.size)
    found = solve_jit(base, jnp.array(elasticity), ones, tariff, ones[:, None] * ones, tol=1e-12)
    return np.asarray(found.consumption)


@pytest.mark.parametrize("elasticity", [2.0, 4.0, 8.0])
def test_a_small_state_sets_one_over_the_elasticity(elasticity):
    """Gros 1987: however small a state, the optimal tariff is 1/(sigma - 1) and not nil."""
    size = np.array([1e-6, 1.0, 1.2, 0.7])
    sales = 0.3 * np.outer(size, size) + np.diag(size)
    base = calibrate(jnp.asarray(sales), jnp.zeros((N, N)), jnp.ones(N))
    found = optimal(base, jnp.array(elasticity), only(0))
    assert found.converged
    np.testing.assert_allclose(found.rate[1:, 0], 1 / elasticity, rtol=1e-5)


@pytest.mark.parametrize("bought_from_it", [0.02, 0.1, 0.3])
def test_a_large_state_follows_the_closed_form(bought_from_it):
    """Gros 1987: t = 1 / (e times the others' spending share on their own, at the optimum).

    The three others are alike, so that they are one foreign country.
    """
    elasticity, s = 3.0, bought_from_it
    sales = np.full((N, N), (1 - s) / 3)
    sales[0] = s
    sales[:, 0] = s
    sales[0, 0] = 1 - 3 * s + 0.5
    base = calibrate(jnp.asarray(sales), jnp.zeros((N, N)), jnp.ones(N))
    found = optimal(base, jnp.array(elasticity), only(0))
    abroad = 1 - base.share[0, 1] * (
        found.equilibrium.own_share_hat[1]
        * found.equilibrium.price[0] ** -elasticity
        / found.equilibrium.price[1] ** -elasticity
    )
    np.testing.assert_allclose(found.rate[1, 0], 1 / (elasticity * abroad), rtol=1e-6)


def test_one_rate_agrees_with_a_search_by_hand():
    base = world(3, tariffs=True, imbalance=0.1, inputs=True)
    found = optimal(base, jnp.array(4.0), only(2))

    def loss(rate):
        wall = base.tariff.at[:, 2].set(rate * (1.0 - jnp.eye(N)[2]))
        return -consumption(base, 4.0, wall)[2]

    best = optimize.fminbound(loss, 0.0, 1.0, xtol=1e-7)
    assert found.converged
    np.testing.assert_allclose(found.rate[0, 2], best, atol=2e-5)
    others = [0, 1, 3]
    np.testing.assert_array_equal(found.tariff[:, others], base.tariff[:, others])


@pytest.mark.parametrize("by_partner", [False, True])
def test_no_state_gains_by_leaving_nash_tariffs(by_partner):
    base, e = world(1), 4.0
    found = nash(base, jnp.array(e), by_partner=by_partner)
    assert found.converged
    here = np.asarray(found.equilibrium.consumption)
    rng = np.random.default_rng(0)
    for state in range(N):
        for move in (0.03, -0.03, *rng.normal(0, 0.04, (3, N))):
            change = np.broadcast_to(move if by_partner else np.mean(move), N)
            away = found.tariff.at[:, state].add(change * (1.0 - np.eye(N)[state]))
            assert consumption(base, e, away)[state] < here[state] + 1e-12


def test_rates_by_partner_beat_one_rate_for_all():
    base, e = world(5), jnp.array(4.0)
    one = optimal(base, e, only(1)).equilibrium.consumption[1]
    many = optimal(base, e, only(1), by_partner=True)
    assert many.converged and many.equilibrium.consumption[1] > one > 1.0


def test_a_tariff_war_costs_the_world_and_identical_states_lose_alike():
    sales = jnp.full((4, 4), 0.2) + jnp.eye(4)
    base = calibrate(sales, jnp.zeros((4, 4)), jnp.ones(4))
    found = nash(base, jnp.array(4.0))
    loss = 1.0 - found.equilibrium.consumption
    assert found.converged and np.all(loss > 0)
    np.testing.assert_allclose(loss, loss[0], rtol=1e-7)


def test_a_union_of_all_trades_freely():
    base = world(2, tariffs=True)
    found = best_tariffs(base, jnp.array(4.0), np.zeros(N, int))
    np.testing.assert_array_equal(found.tariff, np.zeros((N, N)))
    assert found.rounds <= 1 and found.converged


def test_a_union_takes_down_its_walls_and_raises_the_outer_one():
    """Two identical neighbours: one common rate, above what each sets alone; both better off."""
    sales = jnp.full((4, 4), 0.2) + jnp.eye(4)
    base = calibrate(sales, jnp.zeros((4, 4)), jnp.ones(4))
    alone = nash(base, jnp.array(4.0))
    union = best_tariffs(base, jnp.array(4.0), np.array([0, 0, 2, 3]))
    assert union.converged
    assert union.tariff[0, 1] == union.tariff[1, 0] == 0.0
    assert union.rate[2, 0] == union.rate[3, 1] > alone.rate[2, 0]
    gain = union.equilibrium.consumption - alone.equilibrium.consumption
    assert np.all(gain[:2] > 0) and np.all(gain[2:] < 0)


def test_rates_touch_only_what_can_be_taxed():
    base = world(4)
    reach = jnp.full((N, N), 0.5)
    found = optimal(base, jnp.array(4.0), only(0), reach=reach)
    np.testing.assert_allclose(found.tariff[1:, 0], 0.5 * found.rate[1:, 0])


def test_an_answer_in_kind_mirrors_the_rise():
    before = jnp.zeros((N, N)).at[0, 1].set(0.1).at[1, 2].set(0.2)
    after = before.at[1, 0].set(0.25)  # state 0 taxes what comes from state 1
    both = reciprocal(before, after)
    assert both[0, 1] == pytest.approx(0.35)
    np.testing.assert_array_equal(reciprocal(before, before), before)
    np.testing.assert_array_equal(reciprocal(before, after, only(2)), after)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), elasticity=st.floats(2.0, 8.0))
def test_the_optimal_tariff_gains_and_lies_above_the_small_state_rate(seed, elasticity):
    """From free trade: the setter gains, and the larger its market the further above 1/e."""
    base = world(seed)
    found = optimal(base, jnp.array(elasticity), only(0))
    assert found.converged and found.equilibrium.consumption[0] > 1.0
    assert found.rate[1, 0] >= 1 / elasticity - 1e-6
