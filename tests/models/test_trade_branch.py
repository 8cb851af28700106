"""Large shocks: solved where an equilibrium exists, against closed forms, and its invariants."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import optimize

from comity.models.trade.trade_branch import follow, partly
from comity.models.trade.trade_equilibrium import calibrate, farthest, flows, solve
from comity.models.trade.trade_market import Shock, appeal_of
from comity.models.trade.trade_search import DIRECT_STEPS, find
from gravity_worlds import base_of

solve_jit = jax.jit(solve, static_argnames=("tol", "max_iterations"))
farthest_jit = jax.jit(farthest)


@jax.jit
def direct(base, elasticity, tariff, cost):
    """The largest gap that the direct search leaves."""
    still = jnp.ones_like(base.output)
    shock = Shock(elasticity, still, *appeal_of(base, elasticity, tariff, cost))
    return find(base, shock, jnp.zeros_like(still), 1e-10, DIRECT_STEPS).market.residual


def apart(n):
    return 1.0 - jnp.eye(n)


@pytest.mark.parametrize(("rate", "barrier"), [(10.0, 0.0), (3.0, 100.0), (0.0, 100.0)])
@pytest.mark.parametrize("e", [1.5, 4.0, 9.0])
def test_two_equal_states_at_the_bounds(rate, barrier, e):
    home, added = 0.7, 0.5
    sales = jnp.array([[home, 1 - home], [1 - home, home]])
    base = calibrate(sales, jnp.zeros((2, 2)), jnp.full(2, added))
    cost = 1.0 + barrier * apart(2)
    found = solve_jit(base, jnp.array(e), jnp.ones(2), rate * apart(2), cost)
    foreign = (1 - home) * ((1 + rate) * (1 + barrier)) ** -e
    gross, net = home + foreign, home + foreign / (1 + rate)
    index = gross ** (-1 / (e * added))
    assert found.converged
    np.testing.assert_allclose(found.consumption, (gross / net - (1 - added)) / added / index)


def lender_and_borrower(surplus=0.1, bought=0.3):
    """Two states without inputs or tariffs; the first, a tenth of world income, lends."""
    income, sold = np.array([0.1, 0.9]), bought * 0.1
    lent = surplus * income[0]
    abroad = np.array([sold + lent, sold])  # exports of each
    sales = np.array([[income[0] - abroad[0], abroad[0]], [abroad[1], income[1] - abroad[1]]])
    return calibrate(jnp.asarray(sales), jnp.zeros((2, 2)), jnp.ones(2)), income, lent


def end_of_lending(base, income, lent, e):
    """Barrier at which all the lender makes goes to pay for its surplus; by hand.

    Two states, no inputs, no tariffs: the lender's income y is one unknown, and exports less
    imports fall in it. At y = d, imports are nil, so a solution with y > d exists if and only if
    exports at y = d exceed d; the share of the lender in what the borrower buys is then above d.
    """
    share = float(base.share[0, 1])
    cheap = (lent / income[0]) / ((1.0 - lent) / income[1])  # the lender's price over the other's
    odds = share / (1.0 - share) * (1.0 - lent) / lent
    return odds ** (1.0 / e) / cheap - 1.0


@pytest.mark.parametrize("e", [1.5, 4.0, 9.0])
@pytest.mark.parametrize("surplus", [0.05, 0.2])
def test_a_lender_cut_off_has_an_equilibrium_up_to_a_barrier_in_closed_form(e, surplus):
    base, income, lent = lender_and_borrower(surplus)
    limit = end_of_lending(base, income, lent, e)
    assert 1.0 < limit < 100.0

    def under(barrier):
        cost = 1.0 + barrier * apart(2)
        return solve_jit(base, jnp.array(e), jnp.ones(2), base.tariff, cost)

    below, above = under(0.97 * limit), under(1.03 * limit)
    assert below.converged and below.residual <= 1e-10
    assert 0.0 < below.consumption[0] < 0.1
    assert not above.converged
    # The income of the lender from one equation in one unknown.
    dear = (1.0 + 0.97 * limit) ** -e

    def balance(y):
        prices = np.array([y / income[0], (1 - y) / income[1]]) ** -e
        own, abroad = np.asarray(base.share)[0] * prices[0] * np.array([1.0, dear])
        theirs = np.asarray(base.share)[1] * prices[1] * np.array([dear, 1.0])
        return (
            own / (own + theirs[0]) * (y - lent)
            + abroad / (abroad + theirs[1]) * (1 - y + lent)
            - y
        )

    y = optimize.brentq(balance, lent * (1 + 1e-12), 0.99, xtol=1e-15)
    np.testing.assert_allclose(float(below.output[0]), y, rtol=1e-7)


HARD = [  # seed of the world of 20, elasticity, tariff and barrier between all, state cut off
    (0, 4.0, 3.0, 0.0, None),
    (7, 4.0, 8.0, 0.0, None),
    (7, 9.0, 10.0, 0.0, None),
    (46, 4.0, 0.0, 2.0, None),
    (1, 9.0, 0.0, 1.0, None),
    (0, 6.0, 0.0, 5.0, 0),
    (3, 4.0, 0.0, 20.0, 1),
]


@pytest.mark.parametrize(("seed", "e", "rate", "barrier", "alone"), HARD)
def test_shocks_that_the_direct_search_loses_are_solved(seed, e, rate, barrier, alone):
    base = base_of(20, seed)
    one = jnp.arange(20) == (-1 if alone is None else alone)
    hit = apart(20) if alone is None else jnp.where(one[:, None] | one, apart(20), 0.0)
    tariff, cost = base.tariff + rate * apart(20), 1.0 + barrier * hit
    e = jnp.array(e)
    assert direct(base, e, tariff, cost) > 1e-3
    found = solve_jit(base, e, jnp.ones(20), tariff, cost)
    assert found.converged and found.residual <= 1e-10
    sold = np.asarray(flows(base, found, e, tariff, cost))
    np.testing.assert_allclose(sold.sum(1), found.output, rtol=1e-9)


def drawn(seed, n, e):
    """A world with deficits and a shock of any kind within the bounds."""
    rng = np.random.default_rng(seed)
    base, foreign = base_of(n, seed), 1 - np.eye(n)
    rate, barrier = 10 * rng.random(), 10 ** rng.uniform(-1, 2)
    one = np.arange(n) == rng.integers(n)
    hit = foreign * [1.0, one[:, None] | one, rng.random((n, n)) < 0.5][seed % 3]
    tariff = base.tariff + jnp.asarray(hit * rate * (seed % 2))
    return base, jnp.array(e), tariff, jnp.asarray(1.0 + hit * barrier * (1 - seed % 2))


# A state that is cut off, and so dear at an elasticity of 8 that almost nothing is left of a sum.
@example(seed=460, e=8.0, size=1.0)
@given(seed=st.integers(0, 10_000), e=st.floats(1.5, 9.0), size=st.floats(0.2, 5.0))
@settings(max_examples=40, deadline=None)
def test_any_shock_within_bounds_is_solved_or_a_lender_has_spent_all(seed, e, size):
    base, e, tariff, cost = drawn(seed, 8, e)
    still = jnp.ones(8)
    found = solve_jit(base, e, still, tariff, cost)
    part, there = farthest_jit(base, e, still, tariff, cost)
    if found.converged:
        assert found.residual <= 1e-10
        grown = solve_jit(base, e, size * still, tariff, cost)
        assert grown.converged, "a world that grows alike everywhere is the same world"
        np.testing.assert_allclose(grown.consumption, size * found.consumption, rtol=1e-7)
        np.testing.assert_allclose(grown.price, found.price / size, rtol=1e-7)
        assert part == 1.0
        np.testing.assert_allclose(there.consumption, found.consumption, rtol=1e-6)
    else:
        lender = int(jnp.argmin(there.consumption))
        assert there.residual <= 1e-6
        assert there.consumption[lender] <= 0 and base.deficit[lender] < 0


def test_what_the_direct_search_clears_is_handed_back_untouched():
    base, e, tariff, cost = drawn(4, 8, 3.0)
    tariff, cost = base.tariff + 0.1 * (tariff - base.tariff), cost**0.1
    still = jnp.ones(8)

    @jax.jit
    def both(tariff, cost):
        shock = Shock(e, still, *appeal_of(base, e, tariff, cost))
        found = find(base, shock, jnp.zeros(8), 1e-10, DIRECT_STEPS)
        return found, follow(base, shock, found, 1e-10, 600)

    found, after = both(tariff, cost)
    assert 0 < found.iterations and found.market.residual <= 1e-10
    jax.tree.map(np.testing.assert_array_equal, found, after)


def test_a_part_of_a_shock_runs_from_the_base_year_to_the_whole():
    base, e, tariff, cost = drawn(5, 6, 4.0)
    whole = Shock(e, jnp.full(6, 1.3), *appeal_of(base, e, tariff, cost))
    none, half, all_in = (partly(base, whole, jnp.asarray(p)) for p in (0.0, 0.5, 1.0))
    np.testing.assert_array_equal(none.appeal, base.share)
    np.testing.assert_array_equal(none.net_appeal, base.net_share)
    np.testing.assert_array_equal(all_in.appeal, whole.appeal)
    np.testing.assert_array_equal(all_in.net_appeal, whole.net_appeal)
    np.testing.assert_allclose(half.appeal**2, base.share * whole.appeal, rtol=1e-12)
    np.testing.assert_allclose(half.endowment**2, whole.endowment, rtol=1e-12)


def test_a_map_over_shocks_solves_each_as_if_alone():
    """On an accelerator rows go through ``vmap``, hard and easy ones together."""
    base = base_of(20, 0)
    rates = jnp.array([0.0, 0.1, 3.0])

    def consumption(rate):
        tariff = base.tariff + rate * apart(20)
        found = solve(base, jnp.array(4.0), jnp.ones(20), tariff, jnp.ones((20, 20)))
        return found.consumption, found.converged

    together, solved = jax.jit(jax.vmap(consumption))(rates)
    alone, _ = jax.jit(lambda r: jax.lax.map(consumption, r))(rates)
    assert solved.all()
    np.testing.assert_allclose(together, alone, rtol=1e-8)
