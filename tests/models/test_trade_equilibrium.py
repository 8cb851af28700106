"""The trade equilibrium against analytic cases, an independent solver, and its invariants."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from comity.models.trade.gravity_equilibrium import universal
from comity.models.trade.trade_equilibrium import calibrate, flows, solve
from gravity_worlds import base_of, gravity_world

HATS = (
    "price",
    "wage",
    "price_index",
    "consumption",
    "real_wage",
    "own_share_hat",
    "terms_of_trade",
)
solve_jit = jax.jit(solve, static_argnames=("tol", "max_iterations"))


def wall(base, importer, rate):
    """The base tariffs with a wall of one importer against all others."""
    n = base.output.size
    return base.tariff.at[:, importer].add(rate * (1.0 - jnp.eye(n)[importer]))


def shocked(n, seed):
    """A moderate shock of everything at once: tariffs, barriers, endowments."""
    rng = np.random.default_rng(1000 + seed)
    apart = 1 - np.eye(n)
    tariff = jnp.asarray(rng.uniform(0, 0.3, (n, n)) * apart)
    cost = jnp.asarray(np.exp(rng.uniform(-0.1, 0.3, (n, n)) * apart))
    return jnp.asarray(np.exp(rng.normal(0, 0.1, n))), tariff, cost


def calm(base):
    n = base.output.size
    return jnp.ones(n), base.tariff, jnp.ones((n, n))


@pytest.mark.parametrize("n", [5, 48, 196])
@pytest.mark.parametrize("start", [None, 1.0, np.nan, 0.0])
def test_no_shock_is_the_base_year_bit_for_bit(n, start):
    base = base_of(n)
    first = None if start is None else jnp.full(n, start)  # unusable prices are as none
    found = solve_jit(base, jnp.array(4.0), *calm(base), first)
    assert found.converged and found.iterations == 0 and found.residual < 1e-12
    for name in HATS:
        np.testing.assert_array_equal(getattr(found, name), np.ones(n), err_msg=name)
    np.testing.assert_array_equal(found.output, base.output)


def test_no_shock_is_the_base_year_however_it_is_compiled():
    base = base_of(48, seed=2)
    endowment, tariff, cost = calm(base)

    def consumption(elasticity):
        return solve(base, elasticity, endowment, tariff, cost).consumption

    several = jnp.array([3.0, 5.0])
    for ran in (jax.vmap(consumption), lambda e: jax.lax.map(consumption, e)):
        np.testing.assert_array_equal(jax.jit(ran)(several), np.ones((2, 48)))


@pytest.mark.parametrize("inputs", [False, True])
def test_gains_from_trade_formula(inputs):
    """Balanced, tariff-free trade: welfare is the own share to the power -1/(e g)."""
    base = base_of(12, seed=3, imbalance=0.0, tariffs=False, inputs=inputs)
    base = calibrate(_balanced(base.sales), base.tariff, base.value_added_share)
    _, _, cost = shocked(12, 3)
    elasticity = jnp.array(4.5)
    found = solve_jit(base, elasticity, jnp.ones(12), base.tariff, cost)
    power = -1.0 / (elasticity * base.value_added_share)
    assert found.converged
    np.testing.assert_allclose(found.consumption, found.own_share_hat**power, rtol=1e-9)


def _balanced(sales):
    """Symmetric sales, hence no deficits."""
    return 0.5 * (sales + sales.T)


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_an_independent_solver_in_levels(seed):
    n, elasticity = 5, 3.0 + seed
    sales, tariff, added = gravity_world(n, seed)
    endowment, new_tariff, cost = (np.asarray(x) for x in shocked(n, seed))
    wage, index, spending, final = _levels(
        sales, tariff, added, elasticity, endowment, new_tariff, cost
    )
    base = base_of(n, seed)
    found = solve_jit(base, jnp.array(elasticity), *shocked(n, seed))
    assert found.converged
    np.testing.assert_allclose(found.wage, wage, rtol=1e-8)
    np.testing.assert_allclose(found.price_index, index, rtol=1e-8)
    np.testing.assert_allclose(found.real_wage, wage / index, rtol=1e-8)
    old_final = added * sales.sum(1) + (sales * tariff).sum(0) + sales.sum(0) - sales.sum(1)
    np.testing.assert_allclose(found.consumption, final / old_final / index, rtol=1e-8)
    received = flows(base, found, jnp.array(elasticity), *shocked(n, seed)[1:])
    np.testing.assert_allclose((received * (1 + new_tariff)).sum(0), spending, rtol=1e-8)


def _levels(sales, tariff, added, elasticity, endowment, new_tariff, cost):
    """Solve the economy in levels with scipy: unknown log wages and price indices."""
    n = len(sales)
    taste = sales * (1 + tariff) / (sales * (1 + tariff)).sum(0)
    labour = added * sales.sum(1)
    deficit = sales.sum(0) - sales.sum(1)
    wedge = cost * (1 + new_tariff) / (1 + tariff)

    def economy(unknown):
        wage, index = np.exp(unknown[:n]), np.exp(unknown[n:])
        price = wage**added * index ** (1 - added)
        attraction = taste * (price[:, None] * wedge) ** -elasticity
        share = attraction / index**-elasticity
        income = wage * labour * endowment
        output = income / added
        kept = (share * new_tariff / (1 + new_tariff)).sum(0)
        spending = (output + deficit) / (1 - kept)
        demand = (share * spending / (1 + new_tariff)).sum(1)
        gap = demand / output - 1
        gap[0] = income.sum() / labour.sum() - 1  # Walras: one market is redundant
        return gap, attraction.sum(0) * index**elasticity - 1, wage, index, spending, output

    found = optimize.root(
        lambda x: np.concatenate(economy(x)[:2]), np.zeros(2 * n), tol=1e-13, method="hybr"
    )
    _, _, wage, index, spending, output = economy(found.x)
    return wage, index, spending, spending - (1 - added) * output


@pytest.mark.parametrize("added", [1.0, 0.6])
def test_two_equal_states_raising_tariffs(added):
    home, rate, e = 0.8, 0.2, 4.0
    sales = jnp.array([[home, 1 - home], [1 - home, home]])
    apart = 1.0 - jnp.eye(2)
    base = calibrate(sales, 0.0 * apart, jnp.full(2, added))
    found = solve_jit(base, jnp.array(e), jnp.ones(2), rate * apart, jnp.ones((2, 2)))
    foreign = (1 - home) * (1 + rate) ** -e
    gross, net = home + foreign, home + foreign / (1 + rate)
    index = gross ** (-1 / (e * added))
    final = (gross / net - (1 - added)) / added
    np.testing.assert_allclose(found.wage, 1.0, rtol=1e-12)
    np.testing.assert_allclose(found.price_index, index, rtol=1e-10)
    np.testing.assert_allclose(found.consumption, final / index, rtol=1e-10)
    np.testing.assert_allclose(found.revenue, gross / net - 1, rtol=1e-9)
    np.testing.assert_allclose(found.terms_of_trade, 1.0, rtol=1e-12)
    np.testing.assert_allclose(found.openness, 2 * foreign / (1 + rate) / net / added, rtol=1e-9)


@given(seed=st.integers(0, 10_000), e=st.floats(1.5, 9.0))
@settings(max_examples=25, deadline=None)
def test_markets_clear_and_budgets_hold(seed, e):
    n = 8
    base = base_of(n, seed)
    endowment, tariff, cost = shocked(n, seed)
    found = solve_jit(base, jnp.array(e), endowment, tariff, cost)
    assert found.converged and found.residual <= 1e-10
    sold = np.asarray(flows(base, found, jnp.array(e), tariff, cost))
    np.testing.assert_allclose(sold.sum(1), found.output, rtol=2e-10)
    # Walras: what all buy is what all sell; each buys for its output and its deficit.
    np.testing.assert_allclose(sold.sum(0), found.output + base.deficit, rtol=1e-12)
    np.testing.assert_allclose((sold * tariff).sum(0), found.revenue, rtol=1e-9)
    income = base.value_added_share * found.output
    np.testing.assert_allclose(income.sum(), (base.value_added_share * base.output).sum())
    final = income + found.revenue + base.deficit
    np.testing.assert_allclose(found.consumption, final / base.final / found.price_index, rtol=1e-9)


@given(seed=st.integers(0, 10_000), e=st.floats(0.5, 15.0))
@settings(max_examples=10, deadline=None)
def test_any_world_without_a_shock_stays_where_it_is(seed, e):
    base = base_of(8, seed, imbalance=0.3)
    found = solve_jit(base, jnp.array(e), *calm(base))
    assert found.converged
    for name in HATS:
        np.testing.assert_array_equal(getattr(found, name), np.ones(8), err_msg=name)


@given(seed=st.integers(0, 10_000), e=st.floats(1.5, 9.0))
@settings(max_examples=15, deadline=None)
def test_gains_from_trade_follow_from_the_own_share_alone(seed, e):
    """Arkolakis, Costinot and Rodriguez-Clare (2012), whatever the costs do elsewhere."""
    base = base_of(8, seed, tariffs=False)
    base = calibrate(_balanced(base.sales), base.tariff, base.value_added_share)
    found = solve_jit(base, jnp.array(e), jnp.ones(8), base.tariff, shocked(8, seed)[2])
    assert found.converged
    power = -1.0 / (e * base.value_added_share)
    np.testing.assert_allclose(found.consumption, found.own_share_hat**power, rtol=1e-8)


@given(seed=st.integers(0, 10_000), e=st.floats(1.5, 9.0), who=st.integers(0, 7))
@settings(max_examples=12, deadline=None)
def test_own_barriers_only_cost(seed, e, who):
    """Iceberg barriers against all: less is imported and consumed, the more so the higher."""
    base = base_of(8, seed, tariffs=False)
    base = calibrate(_balanced(base.sales), base.tariff, base.value_added_share)
    abroad = jnp.zeros((8, 8)).at[:, who].set(1.0 - jnp.eye(8)[who])

    def under(barrier):
        cost = 1.0 + barrier * abroad
        found = solve_jit(base, jnp.array(e), jnp.ones(8), base.tariff, cost)
        assert found.converged
        bought = flows(base, found, jnp.array(e), base.tariff, cost)
        return float(found.consumption[who]), float((bought * abroad).sum())

    consumed, imported = np.array([under(barrier) for barrier in (0.0, 0.1, 0.4, 2.0)]).T
    assert np.all(np.diff(consumed) < 0) and np.all(np.diff(imported) < 0)


@given(seed=st.integers(0, 10_000), e=st.floats(1.5, 9.0))
@settings(max_examples=12, deadline=None)
def test_the_loss_from_a_cut_off_grows_faster_than_the_share(seed, e):
    """Without a supplier: the loss per unit of its share in what a state buys rises with it."""
    sales, _, _ = gravity_world(8, seed, imbalance=0.0, tariffs=False)
    supplier, buyer = np.argsort(sales.sum(1))[[-1, 0]]
    elasticity, cost = jnp.array(e), jnp.ones((8, 8)).at[supplier, buyer].set(1e4)
    per_share = []
    for share in (0.05, 0.15, 0.4):
        column = np.delete(sales[:, buyer], supplier)
        changed = sales.copy()
        changed[supplier, buyer] = share / (1.0 - share) * column.sum()
        base = calibrate(jnp.asarray(changed), jnp.zeros((8, 8)), jnp.ones(8))
        found = solve_jit(base, elasticity, jnp.ones(8), base.tariff, cost)
        assert found.converged
        per_share.append(float(1.0 - found.consumption[buyer]) / share)
    assert per_share[0] < per_share[1] < per_share[2]


@given(seed=st.integers(0, 10_000), e=st.floats(2.0, 9.0))
@settings(max_examples=10, deadline=None)
def test_states_that_are_alike_fare_alike(seed, e):
    """Double every state of a world of four: twins stay twins under a shock common to them."""
    sales, tariff, added = gravity_world(4, seed)
    twice = np.repeat(np.arange(4), 2)
    pair = np.ix_(twice, twice)
    base = calibrate(*(jnp.asarray(x) for x in (sales[pair], tariff[pair], added[twice])))
    endowment, new_tariff, cost = (np.asarray(x) for x in shocked(4, seed))
    shock = (jnp.asarray(x) for x in (endowment[twice], new_tariff[pair], cost[pair]))
    found = solve_jit(base, jnp.array(e), *shock)
    assert found.converged
    for name in HATS:
        value = np.asarray(getattr(found, name))
        np.testing.assert_allclose(value[::2], value[1::2], rtol=1e-9, err_msg=name)


@given(seed=st.integers(0, 10_000), e=st.floats(2.0, 9.0), g=st.floats(0.3, 1.0))
@settings(max_examples=10, deadline=None)
def test_inputs_act_as_the_supply_elasticity_of_universal_gravity(seed, e, g):
    """Another solver, other equations: psi = (1 - g) / g [allen2020universal]."""
    sales, _, _ = gravity_world(8, seed, tariffs=False)
    cost = shocked(8, seed)[2]
    base = calibrate(jnp.asarray(sales), jnp.zeros((8, 8)), jnp.full(8, g))
    found = solve_jit(base, jnp.array(e), jnp.ones(8), base.tariff, cost)
    other = universal(sales, np.asarray(cost) ** -e, e, 0, (1.0 - g) / g)
    assert found.converged and other.converged
    unit = found.price_index[0]
    np.testing.assert_allclose(found.price / unit, other.price, rtol=1e-8)
    np.testing.assert_allclose(found.price_index / unit, other.inward, rtol=1e-8)
    np.testing.assert_allclose(found.output / unit / base.output, other.output, rtol=1e-8)


@given(seed=st.integers(0, 10_000), order=st.permutations(range(8)))
@settings(max_examples=15, deadline=None)
def test_relabelling_states_relabels_the_answer(seed, order):
    sales, tariff, added = gravity_world(8, seed)
    endowment, new_tariff, cost = (np.asarray(x) for x in shocked(8, seed))
    o, e = np.array(order), jnp.array(5.0)
    pair = np.ix_(o, o)
    one = solve_jit(base_of(8, seed), e, *shocked(8, seed))
    other_base = calibrate(*(jnp.asarray(x) for x in (sales[pair], tariff[pair], added[o])))
    shock = (jnp.asarray(x) for x in (endowment[o], new_tariff[pair], cost[pair]))
    other = solve_jit(other_base, e, *shock)
    for name in HATS:
        np.testing.assert_allclose(
            getattr(one, name)[o], getattr(other, name), rtol=1e-9, err_msg=name
        )


def test_the_unit_of_account_does_not_matter():
    sales, tariff, added = (jnp.asarray(x) for x in gravity_world(8, 5))
    e, shock = jnp.array(4.0), shocked(8, 5)
    one = solve_jit(calibrate(sales, tariff, added), e, *shock)
    other = solve_jit(calibrate(1e6 * sales, tariff, added), e, *shock)
    for name in HATS:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9)
    np.testing.assert_allclose(1e6 * one.output, other.output, rtol=1e-9)


def test_growth_of_all_raises_all_consumption_alike():
    """With constant returns and deficits that grow along, everyone consumes ten per cent more."""
    base = base_of(10, 6)
    found = solve_jit(base, jnp.array(4.0), jnp.full(10, 1.1), base.tariff, jnp.ones((10, 10)))
    assert found.converged
    np.testing.assert_allclose(found.consumption, 1.1, rtol=1e-9)
    np.testing.assert_allclose(found.terms_of_trade, 1.0, rtol=1e-9)


def test_autarky_costs_the_gains_from_trade():
    base = base_of(8, 7, tariffs=False)
    base = calibrate(_balanced(base.sales), base.tariff, base.value_added_share)
    cost = 1.0 + 1e6 * (1.0 - jnp.eye(8))
    e = jnp.array(4.0)
    found = solve_jit(base, e, jnp.ones(8), base.tariff, cost)
    assert found.converged
    expected = jnp.diagonal(base.share) ** (1.0 / (e * base.value_added_share))
    np.testing.assert_allclose(found.consumption, expected, rtol=1e-9)
    np.testing.assert_allclose(found.openness, 0.0, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_a_higher_wall_never_raises_imports(seed):
    base = base_of(12, seed)
    us = int(np.argmax(base.output))
    apart = 1.0 - jnp.eye(12)
    e, ones = jnp.array(4.0), jnp.ones((12, 12))

    def imports(rate):
        tariff = wall(base, us, rate)
        found = solve_jit(base, e, jnp.ones(12), tariff, ones)
        assert found.converged
        return float((flows(base, found, e, tariff, ones) * apart).sum(0)[us])

    bought = [imports(rate) for rate in (0.0, 0.05, 0.25, 0.6, 1.5)]
    assert all(later < earlier for earlier, later in zip(bought, bought[1:], strict=False))


def test_a_large_states_small_tariff_improves_its_terms_of_trade():
    base = base_of(12, 1, tariffs=False)
    us = int(np.argmax(base.output))
    found = solve_jit(base, jnp.array(4.0), jnp.ones(12), wall(base, us, 0.05), jnp.ones((12, 12)))
    assert found.terms_of_trade[us] > 1.0 and found.consumption[us] > 1.0
    assert jnp.all(jnp.delete(found.terms_of_trade, us) < 1.0)


def test_wall_of_25_per_cent_converges_in_worlds_of_196():
    for seed in range(6):
        base = base_of(196, seed)
        us = int(np.argmax(base.output))
        found = solve_jit(
            base, jnp.array(2.0 + seed), jnp.ones(196), wall(base, us, 0.25), jnp.ones((196, 196))
        )
        assert found.converged and found.iterations < 40


@pytest.mark.parametrize("barrier", [1e3, 1e6])
def test_a_prohibitive_barrier_between_two_states_converges(barrier):
    base = base_of(20, 8)
    cost = jnp.ones((20, 20)).at[0, 1].set(barrier).at[1, 0].set(barrier)
    found = solve_jit(base, jnp.array(6.0), jnp.ones(20), base.tariff, cost)
    assert found.converged
    assert flows(base, found, jnp.array(6.0), base.tariff, cost)[0, 1] < 1e-12 * base.output[0]


@pytest.mark.parametrize("field", ["endowment", "tariff", "cost", "elasticity"])
def test_missing_input_is_flagged_and_costs_no_iterations(field):
    base = base_of(5)
    endowment, tariff, cost = calm(base)
    inputs = {"elasticity": jnp.array(4.0), "endowment": endowment, "tariff": tariff, "cost": cost}
    inputs[field] = inputs[field].at[(0,) * inputs[field].ndim].set(jnp.nan)
    found = solve_jit(base, **inputs)
    assert not found.converged and found.iterations == 0


def test_too_few_iterations_are_flagged():
    base = base_of(8)
    found = solve_jit(base, jnp.array(4.0), *shocked(8, 0), max_iterations=2)
    assert not found.converged and found.residual > 1e-10


def test_negative_final_spending_is_flagged():
    """A lender's surplus stays fixed in world income; shrink the lender until it exceeds income."""
    sales = jnp.array([[6.0, 4.0], [1.0, 40.0]])
    base = calibrate(sales, jnp.zeros((2, 2)), jnp.array([0.5, 0.5]))
    ones = jnp.ones((2, 2))
    assert solve_jit(base, jnp.array(4.0), jnp.array([0.9, 1.0]), base.tariff, ones).converged
    shrunk = solve_jit(base, jnp.array(4.0), jnp.array([0.2, 1.0]), base.tariff, ones)
    assert not shrunk.converged


def test_a_start_speeds_up_and_does_not_change_the_answer():
    base = base_of(30, 9)
    endowment, tariff, cost = shocked(30, 9)
    e = jnp.array(4.0)
    cold = solve_jit(base, e, endowment, tariff, cost)
    near = solve_jit(base, e, 1.001 * endowment, tariff, cost, cold.price)
    same = solve_jit(base, e, endowment, tariff, cost, cold.price)
    lost = solve_jit(base, e, endowment, tariff, cost, cold.price.at[0].set(jnp.nan))
    assert near.iterations < cold.iterations and same.iterations <= 1
    for other in (same, lost):
        assert other.converged
        np.testing.assert_allclose(other.consumption, cold.consumption, rtol=1e-9)


@given(seed=st.integers(0, 10_000), e=st.floats(1.0, 12.0), spread=st.floats(0.0, 1.5))
@settings(max_examples=40, deadline=None)
def test_wild_shocks_are_solved_or_flagged(seed, e, spread):
    """Costs that move by factors up to e^3 either way: never a silent wrong answer."""
    base = base_of(8, seed, imbalance=0.3)
    rng = np.random.default_rng(seed)
    apart = 1 - np.eye(8)
    cost = jnp.asarray(np.exp(spread * rng.normal(0, 1, (8, 8)) * apart))
    tariff = jnp.asarray(rng.uniform(0, 2, (8, 8)) * apart)
    endowment = jnp.asarray(np.exp(rng.normal(0, 0.3, 8)))
    found = solve_jit(base, jnp.array(e), endowment, tariff, cost)
    sold = np.asarray(flows(base, found, jnp.array(e), tariff, cost))
    cleared = np.abs(sold.sum(1) / found.output - 1).max() < 1e-8
    income = base.value_added_share * found.output + found.revenue + base.deficit
    assert bool(found.converged) == bool(cleared and (income > 0).all())


@pytest.mark.parametrize(("seed", "factor", "e"), [(1, 3.0, 7.0), (5, 5.0, 7.0), (7, 5.0, 5.0)])
def test_newton_finds_worlds_split_in_blocs_where_mixing_fails(seed, factor, e):
    base = base_of(20, seed)
    half = jnp.arange(20) % 2 == 0
    cost = jnp.where(half[:, None] != half, factor, 1.0)
    world = (base, jnp.array(e), jnp.ones(20), base.tariff, cost)
    assert not solve_jit(*world, max_iterations=60).converged
    assert solve_jit(*world).converged
