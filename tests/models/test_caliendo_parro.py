"""The model of many sectors against one sector, closed forms, accounting and its invariants."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.trade import trade_equilibrium
from comity.models.trade.caliendo_parro import calibrate, first_order, flows, settle, solve
from comity.models.trade.sector_market import (
    Point,
    SectorBase,
    pass_through,
    shock_of,
    wage_step,
)
from comity.world.sector_world import Seeds, balanced

J, N = 3, 4
program = jax.jit(solve, static_argnames=("tol", "max_iterations"))
settle_jit = jax.jit(settle)
flows_jit = jax.jit(flows)
first_order_jit = jax.jit(first_order)
HATS = ("wage", "cost", "price", "spending_hat", "price_index", "consumption", "real_wage")


def solve_jit(base, theta, endowment, tariff, cost, deficit=None, **more):
    """One program for all calls of one shape: deficits are always given."""
    kept = base.deficit if deficit is None else deficit
    return program(base, theta, endowment, tariff, cost, kept, **more)


def world(seed: int, sectors: int = J, states: int = N, tariffs: float = 0.1) -> SectorBase:
    """A world at rest: unequal states, home bias, deficits, random technology."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(0, 1, states))
    sales = np.exp(rng.normal(-2.5, 0.7, (sectors, states, states))) * np.outer(size, size)
    sales = 0.6 * sales + 0.4 * sales.swapaxes(1, 2)  # or a surplus may exceed what there is
    home = np.arange(states)
    sales[:, home, home] = rng.uniform(1.0, 2.0, (sectors, states)) * size
    tariff = rng.uniform(0, tariffs, sales.shape) * (1 - np.eye(states))
    use = rng.uniform(0.1, 1, (states, sectors, sectors))
    return balanced(
        Seeds(
            tuple("ABCDEFGH"[:states]),
            tuple("abcdefgh"[:sectors]),
            sales,
            tariff,
            use,
            rng.uniform(0.3, 0.6, (sectors, states)),
            rng.dirichlet(np.ones(sectors) * 3, states).T,
            0.5 * sales.sum((0, 2)),
        ),
        np.full(sectors, 4.0),
    ).base


def elasticities(seed: int, sectors: int = J):
    return jnp.asarray(np.random.default_rng(100 + seed).uniform(2.0, 9.0, sectors))


def shock(base, seed, size=0.3):
    """Tariffs, iceberg costs and endowments all moved at once."""
    rng = np.random.default_rng(200 + seed)
    apart = 1 - np.eye(N)
    tariff = rng.uniform(0, size, base.tariff.shape) * apart
    cost = np.exp(rng.uniform(-0.1, size, base.tariff.shape) * apart)
    return jnp.asarray(np.exp(rng.normal(0, 0.1, N))), jnp.asarray(tariff), jnp.asarray(cost)


def calm(base):
    return jnp.ones(base.value_added.size), base.tariff, jnp.ones_like(base.tariff)


@pytest.mark.parametrize("seed", range(3))
def test_no_shock_is_the_base_year_bit_for_bit(seed):
    base = world(seed)
    found = solve_jit(base, elasticities(seed), *calm(base))
    assert found.converged and found.iterations == 0 and found.residual < 1e-11
    for name in HATS:
        value = np.asarray(getattr(found, name))
        np.testing.assert_array_equal(value, np.ones_like(value), err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_one_sector_is_the_model_of_one_sector(seed):
    base = world(seed, sectors=1)
    theta = elasticities(seed, 1)
    endowment, tariff, cost = shock(base, seed)
    found = solve_jit(base, theta, endowment, tariff, cost)
    single = trade_equilibrium.calibrate(
        (base.net_share * base.spending[:, None, :])[0], base.tariff[0], base.value_added_share[0]
    )
    alone = trade_equilibrium.solve(single, theta[0], endowment, tariff[0], cost[0])
    assert found.converged and alone.converged
    np.testing.assert_allclose(found.consumption, alone.consumption, rtol=1e-8)
    np.testing.assert_allclose(found.cost[0], alone.price, rtol=1e-8)
    np.testing.assert_allclose(found.wage, alone.wage, rtol=1e-8)
    np.testing.assert_allclose(found.revenue, alone.revenue, rtol=1e-6)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_markets_clear_and_money_is_accounted_for(seed):
    base, theta = world(seed), elasticities(seed)
    endowment, tariff, cost = shock(base, seed)
    found = solve_jit(base, theta, endowment, tariff, cost)
    assert found.converged
    after = np.asarray(flows_jit(base, found, theta, tariff, cost))
    output, bought = after.sum(2), after.sum(1)
    np.testing.assert_allclose(output, found.output, rtol=1e-8)
    np.testing.assert_allclose((after * tariff).sum((0, 1)), found.revenue, rtol=1e-8)
    wages = np.asarray(base.value_added * endowment * found.wage)
    np.testing.assert_allclose((base.value_added_share * output).sum(0), wages, rtol=1e-8)
    # Walras: what is not imposed follows. Deficits and world income are where they were.
    deficit = np.asarray(base.deficit)
    gaps = bought.sum(0) - output.sum(0) - deficit
    assert np.abs(gaps).max() < 1e-8 * output.sum()
    assert wages.sum() == pytest.approx(float(base.value_added.sum()), rel=1e-12)
    np.testing.assert_allclose(wages + found.revenue + deficit, found.income, rtol=1e-8)
    index = np.prod(np.asarray(found.price) ** np.asarray(base.final_share), axis=0)
    first = np.asarray(base.value_added + base.revenue + base.deficit)
    np.testing.assert_allclose(found.income / first / index, found.consumption, rtol=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10)
def test_real_wages_follow_own_shares(seed):
    """The gains-from-trade formula with inputs: (I - G') log(P/w) = log(own share) / theta."""
    base, theta = world(seed), elasticities(seed)
    endowment, tariff, cost = shock(base, seed)
    found = solve_jit(base, theta, endowment, tariff, cost)
    after = np.asarray(flows_jit(base, found, theta, tariff, cost)) * (1 + np.asarray(tariff))
    own = np.einsum("jnn->jn", after) / after.sum(1)
    hat = np.log(own / np.einsum("jnn->jn", base.share)) / np.asarray(theta)[:, None]
    for n in range(N):
        prices = np.linalg.solve(np.eye(J) - np.asarray(base.input_share)[n].T, hat[:, n])
        expected = np.exp(-np.asarray(base.final_share)[:, n] @ prices)
        assert float(found.real_wage[n]) == pytest.approx(expected, rel=1e-7)


def test_names_do_not_matter():
    base, theta = world(5), elasticities(5)
    endowment, tariff, cost = shock(base, 5)
    who, what = np.array([2, 0, 3, 1]), np.array([1, 2, 0])

    def cube(x):
        return x[what][:, who][:, :, who]

    renamed = SectorBase(
        share=cube(base.share),
        net_share=cube(base.net_share),
        tariff=cube(base.tariff),
        spending=base.spending[what][:, who],
        value_added_share=base.value_added_share[what][:, who],
        input_share=base.input_share[who][:, what][:, :, what],
        final_share=base.final_share[what][:, who],
        value_added=base.value_added[who],
        deficit=base.deficit[who],
        revenue=base.revenue[who],
    )
    plain = solve_jit(base, theta, endowment, tariff, cost)
    other = solve_jit(renamed, theta[what], endowment[who], cube(tariff), cube(cost))
    np.testing.assert_allclose(other.consumption, plain.consumption[who], rtol=1e-9)
    np.testing.assert_allclose(other.cost, plain.cost[what][:, who], rtol=1e-9)


@pytest.mark.slow
def test_a_new_base_year_is_at_rest_and_goes_on_from_there():
    base, theta = world(6), elasticities(6)
    endowment, tariff, cost = shock(base, 6)
    none = jnp.zeros(N)
    new, found = settle_jit(base, theta, base.tariff, jnp.ones_like(base.tariff), none)
    assert found.converged
    rest = solve_jit(new, theta, jnp.ones(N), new.tariff, jnp.ones_like(new.tariff))
    assert rest.residual < 1e-9
    np.testing.assert_allclose(rest.consumption, 1.0, rtol=1e-9)
    # Two steps end where one does.
    there = solve_jit(base, theta, endowment, tariff, cost, none)
    onwards = solve_jit(new, theta, endowment, tariff, cost)
    both = found.consumption * onwards.consumption
    np.testing.assert_allclose(both, there.consumption, rtol=1e-8)


@pytest.mark.slow
def test_a_warm_start_ends_in_the_same_place_sooner():
    base, theta = world(7), elasticities(7)
    endowment, tariff, cost = shock(base, 7)
    cold = solve_jit(base, theta, endowment, tariff, cost)
    warm = solve_jit(base, theta, endowment, 1.01 * tariff, cost, start=cold)
    again = solve_jit(base, theta, endowment, 1.01 * tariff, cost)
    assert warm.iterations < again.iterations
    np.testing.assert_allclose(warm.consumption, again.consumption, rtol=1e-9)
    broken = jax.tree.map(lambda x: x * jnp.nan if x.dtype == jnp.float64 else x, cold)
    recovered = solve_jit(base, theta, endowment, tariff, cost, start=broken)
    np.testing.assert_array_equal(recovered.consumption, cold.consumption)


def test_what_cannot_be_solved_says_so():
    base, theta = world(8), elasticities(8)
    cut = jnp.where(jnp.eye(N) == 1.0, 1.0, 1e4) * jnp.ones_like(base.tariff)
    found = solve_jit(base, theta, jnp.ones(N), base.tariff, cut)
    assert not found.converged  # deficits cannot be paid without trade
    bad = solve_jit(base, theta, jnp.ones(N) * jnp.nan, base.tariff, cut)
    assert not bad.converged


@pytest.mark.slow
def test_the_limit_of_passes_holds():
    base = world(8)
    short = solve_jit(base, elasticities(8), *shock(base, 8), max_iterations=2)
    assert not short.converged and short.iterations == 2 and short.residual > 1e-9


def test_own_barriers_cost_more_the_higher_they_are_and_less_at_the_margin():
    base, theta = world(9, tariffs=0.0), elasticities(9)
    mine = np.zeros((N, N))
    mine[1:, 0] = 1.0

    def real(height):
        cost = jnp.asarray(1.0 + height * np.broadcast_to(mine, base.tariff.shape))
        found = solve_jit(base, theta, jnp.ones(N), base.tariff, cost, jnp.zeros(N))
        assert found.converged
        return float(found.consumption[0])

    path = [real(height) for height in (0.0, 0.2, 0.4, 0.8, 1.6, 3.2)]
    assert all(a > b for a, b in zip(path, path[1:], strict=False))
    assert path[0] - path[1] > path[1] - path[2]


@pytest.mark.slow
def test_small_shocks_are_the_sum_of_their_first_order_parts():
    base, theta = world(10, tariffs=0.3), elasticities(10)
    ones = jnp.ones_like(base.tariff)
    gaps = []
    for size in (2e-3, 1e-3):
        tariff = base.tariff * (1 - size)
        found = solve_jit(base, theta, jnp.ones(N), tariff, ones, tol=1e-12)
        parts = first_order_jit(base, found, theta, tariff, ones)
        exact = found.consumption - 1.0
        gaps.append(np.abs(parts.terms_of_trade + parts.volume_of_trade - exact).max())
        assert gaps[-1] < 0.02 * np.abs(exact).max()
    assert gaps[1] == pytest.approx(gaps[0] / 4, rel=0.1)  # of second order


def test_one_pass_of_the_base_year_is_the_base_year_and_leaves_alone_what_nobody_buys():
    base, theta = world(0), elasticities(0)

    @jax.jit
    def once(base):
        rest = Point(jnp.zeros(N), jnp.zeros((J, N)), jnp.zeros((J, N)))
        shock = shock_of(base, theta, jnp.ones(N), *calm(base)[1:], base.deficit)
        return pass_through(base, shock, wage_step(base, shock), rest)

    at_rest = once(base)
    assert at_rest.residual < 1e-11
    np.testing.assert_allclose(at_rest.implied.price, 0.0, atol=1e-12)
    unsold = once(eqx.tree_at(lambda b: b.spending, base, base.spending.at[1, 2].set(0.0)))
    assert unsold.implied.spending[1, 2] == 0.0 and 1e-3 < unsold.residual < np.inf


@pytest.mark.slow
def test_a_sector_nobody_buys_is_left_alone():
    base = world(11)
    sales = np.asarray(base.net_share * base.spending[:, None, :]).copy()
    sales[1] = 0.0
    final = np.asarray(base.final_share).copy()
    final[1] = 0.0
    inputs = np.asarray(base.input_share).copy()
    inputs[:, 1, :] = 0.0
    worth = 1.0 - inputs.sum(1).T
    empty = calibrate(
        jnp.asarray(sales),
        base.tariff,
        jnp.asarray(worth),
        jnp.asarray(inputs),
        jnp.asarray(final / final.sum(0)),
    )
    settled, found = settle_jit(
        empty, elasticities(11), empty.tariff, jnp.ones_like(empty.tariff), empty.deficit
    )
    assert found.converged and np.isfinite(found.consumption).all()
    assert not np.asarray(settled.spending[1]).any()
