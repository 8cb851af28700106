"""Conditional and full equilibrium from gravity's trade costs, in small worlds."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.trade.gravity_equilibrium import (
    conditional,
    resistances,
    scale_to_totals,
    universal,
)


def world(n, seed, balanced=False):
    """Trade-cost terms, output, spending and a shock to the terms abroad."""
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(-3, 1, (n, n)))
    np.fill_diagonal(cost, 1.0)
    output = np.exp(rng.normal(0, 1, n))
    spending = output * (1.0 if balanced else rng.uniform(0.9, 1.1, n))
    change = np.exp(rng.normal(0, 0.5, (n, n)))
    np.fill_diagonal(change, 1.0)
    return cost, output, spending * output.sum() / spending.sum(), change


@given(seed=st.integers(0, 10_000), n=st.integers(2, 12))
@settings(max_examples=20, deadline=None)
def test_resistances_solve_their_system(seed, n):
    cost, output, spending, _ = world(n, seed)
    found = scale_to_totals(cost, output, spending, 1)
    assert found.converged and found.steps < 200
    np.testing.assert_allclose(found.trade.sum(1), output, rtol=1e-11)
    np.testing.assert_allclose(found.trade.sum(0), spending, rtol=1e-11)
    outward, inward = resistances(found, output, spending, 1)
    assert inward[1] == pytest.approx(1.0)
    np.testing.assert_allclose(outward, cost @ (spending / inward), rtol=1e-10)
    np.testing.assert_allclose(inward, cost.T @ (output / outward), rtol=1e-10)


def test_nothing_changes_where_costs_do_not():
    cost, output, spending, _ = world(6, 0)
    still = conditional(cost, cost, output, spending, 5.0, 0)
    assert still.converged
    np.testing.assert_array_equal(still.real_output, np.ones(6))
    full = universal(still.base, np.ones((6, 6)), 4.0, 0, 0.7)
    assert full.converged and full.steps == 0
    np.testing.assert_allclose(full.trade, still.base, rtol=1e-12)
    np.testing.assert_allclose(full.real_output, 1.0, rtol=1e-12)


def test_a_common_factor_of_costs_is_no_change_of_trade():
    """Costs that fall for all, home included, lower price levels and nothing else."""
    cost, output, spending, _ = world(6, 1)
    one = conditional(cost, 3.0 * cost, output, spending, 5.0, 2)
    np.testing.assert_allclose(one.trade, one.base, rtol=1e-11)
    np.testing.assert_allclose(one.inward, 1.0, rtol=1e-11)


@given(
    seed=st.integers(0, 10_000),
    e=st.floats(1.0, 10.0),
    psi=st.floats(0.0, 3.0),
    kind=st.sampled_from(["additive", "proportional"]),
)
@settings(max_examples=25, deadline=None)
def test_markets_clear_and_spending_follows_the_rule(seed, e, psi, kind):
    cost, output, spending, change = world(8, seed)
    base = scale_to_totals(cost, output, spending, 0).trade
    found = universal(base, change, e, 3, psi, kind)
    assert found.converged and found.inward[3] == pytest.approx(1.0)
    made = output * found.output
    np.testing.assert_allclose(found.trade.sum(1), made, rtol=1e-10)
    np.testing.assert_allclose(found.output, found.price * found.real_price**psi, rtol=1e-10)
    bought = found.trade.sum(0)
    if kind == "additive":
        gap = (bought - made) / made.sum()
        np.testing.assert_allclose(gap, (spending - output) / output.sum(), atol=1e-12)
    else:
        ratio = (bought / made) / (spending / output)
        np.testing.assert_allclose(ratio, ratio[0], rtol=1e-10)


@given(seed=st.integers(0, 10_000), e=st.floats(1.0, 10.0), psi=st.floats(0.0, 3.0))
@settings(max_examples=15, deadline=None)
def test_gains_follow_from_the_own_share(seed, e, psi):
    """Balanced trade: real output moves by the own share to the power -(1 + psi) / e."""
    cost, output, spending, change = world(6, seed, balanced=True)
    base = scale_to_totals(cost, output, spending, 0).trade
    found = universal(base, change, e, 0, psi)
    own = np.diag(found.trade) / found.trade.sum(0) / (np.diag(base) / base.sum(0))
    np.testing.assert_allclose(found.real_output, own ** (-(1.0 + psi) / e), rtol=1e-9)


def test_the_conditional_answer_is_not_the_full_one():
    """An agreement of two of six: prices of the two rise less once output answers."""
    cost, output, spending, _ = world(6, 4, balanced=True)
    after = cost.copy()
    after[0, 1], after[1, 0] = 1.6 * cost[0, 1], 1.6 * cost[1, 0]
    one = conditional(cost, after, output, spending, 5.0, 5)
    full = universal(one.base, after / cost, 4.0, 5)
    gap = np.abs(one.real_output - full.real_output).max()
    assert one.converged and full.converged
    assert 1e-5 < gap < 0.3 * np.abs(full.real_output - 1.0).max()


def test_too_few_steps_are_flagged():
    cost, output, spending, change = world(8, 5)
    base = scale_to_totals(cost, output, spending, 0).trade
    found = universal(base, change, 4.0, 0, max_steps=1)
    assert not found.converged and found.residual > 1e-8
    assert not scale_to_totals(cost, output, spending, 0, max_steps=1).converged


def test_an_unknown_cost_is_flagged():
    cost, output, spending, change = world(5, 6)
    change[0, 1] = np.nan
    found = universal(scale_to_totals(cost, output, spending, 0).trade, change, 4.0, 0)
    assert not found.converged
