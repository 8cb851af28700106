"""Trade before it has adjusted: the path of the elasticity, and the year in two equilibria."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.trade.adjustment import (
    SETTLED,
    Costs,
    adjusted,
    elasticity_after,
    fresh_cost,
    settle,
)
from comity.models.trade.trade_equilibrium import calibrate, flows, solve
from comity.world.given import door

WORLD, _ = door(toy.toy_world())
N = WORLD.count
FOREIGN = 1.0 - jnp.eye(N)
BASE = calibrate(WORLD.sales, FOREIGN * WORLD.goods * WORLD.tariff, WORLD.value_added_share)
ONES = jnp.ones(N)
NONE = jnp.zeros((N, N))
A, B = WORLD.index("USA"), WORLD.index("CHN")
ALONE = NONE.at[A, B].set(1.0).at[B, A].set(1.0)


@jax.jit
def year(first, settled_tariff, settled_cost, tariff, fresh, elasticity=4.0, grown=ONES):
    return adjusted(
        BASE,
        jnp.asarray(elasticity),
        first,
        grown,
        Costs(settled_tariff, settled_cost),
        tariff,
        fresh,
    )


def long_run(cost, elasticity, tariff=BASE.tariff, grown=ONES):
    found = solve(BASE, jnp.asarray(elasticity), grown, tariff, cost)
    return found, flows(BASE, found, jnp.asarray(elasticity), tariff, cost)


def test_the_path_by_hand():
    """0.76 of 2 at once, half the gap left after a year at a pace of a half, all in the end."""
    path = elasticity_after(
        jnp.array([0.0, 1.0, 2.0, 60.0]), jnp.asarray(2.0), jnp.asarray(0.38), jnp.asarray(0.5)
    )
    np.testing.assert_allclose(path, [0.76, 1.38, 1.69, 2.0])


def test_the_books_path_closes_nine_tenths_in_seven_years():
    """The published seven to ten years (Boehm, Levchenko and Pandalai-Nayar 2023, abstract)."""
    for pace, years, left in ((0.28, 7, 0.10), (0.206, 10, 0.10), (0.348, 7, 0.05)):
        e = elasticity_after(jnp.asarray(float(years)), *map(jnp.asarray, (2.0, 0.38, pace)))
        assert (2.0 - e) / (2.0 - 0.76) == pytest.approx(left, abs=0.002)


def test_settled_parts_follow_the_same_path():
    settled, pace = NONE, jnp.asarray(0.3)
    for year_ in range(1, 6):
        settled = settle(settled, ALONE, pace)
        np.testing.assert_allclose(settled[A, B], 1 - 0.7**year_)
        assert settled[0, 0] == 0.0
    for _ in range(40):
        settled = settle(settled, ALONE, pace)
    np.testing.assert_array_equal(settled, ALONE)


def test_a_gap_of_a_fiftieth_of_a_per_cent_is_settled():
    level = jnp.full((2, 2), 1.0)
    near = settle(level - 1.9 * SETTLED, level, jnp.asarray(0.5))
    far = settle(level - 2.1 * SETTLED, level, jnp.asarray(0.5))
    np.testing.assert_array_equal(near, level)
    np.testing.assert_allclose(level - far, 1.05 * SETTLED, rtol=1e-9)


def test_what_is_known_as_a_fall_of_trade_costs_more_at_first():
    """Trade left at given incomes is the same at both elasticities: cost^-e0 = cost_long^-e."""
    quantity, first = 0.25 * ALONE, jnp.asarray(0.4)
    fresh = fresh_cost(NONE, NONE, quantity, first)
    np.testing.assert_allclose(4.0 * 0.4 * fresh, 4.0 * quantity)
    np.testing.assert_allclose(fresh_cost(NONE, quantity, NONE, first), quantity)
    both = fresh_cost(NONE, quantity, quantity, first)
    np.testing.assert_allclose(both[A, B], 0.5 * (1 + 0.5 * (1 / 0.4 - 1)))
    ended = fresh_cost(0.2 * ALONE, NONE, NONE, first)
    np.testing.assert_allclose(ended, -0.2 * ALONE)


def test_at_impact_it_is_the_world_of_the_first_years_elasticity():
    """Nothing settled, nothing grown: the base year, shocked once with e f."""
    cost = 0.3 * ALONE
    found = year(jnp.asarray(0.38), BASE.tariff, NONE, BASE.tariff, cost)
    wanted, sold = long_run(jnp.exp(cost), 4.0 * 0.38)
    assert found.converged
    for name in ("price", "consumption", "terms_of_trade", "openness"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=1e-9)
    np.testing.assert_allclose(found.sales, sold, rtol=1e-8)


def test_all_settled_is_the_long_run():
    grown = ONES.at[B].set(1.4)
    found = year(jnp.asarray(0.38), BASE.tariff, 0.3 * ALONE, BASE.tariff, NONE, grown=grown)
    wanted, sold = long_run(jnp.exp(0.3 * ALONE), 4.0, grown=grown)
    for name in ("price", "consumption", "terms_of_trade", "openness"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=1e-9)
    np.testing.assert_allclose(found.sales, sold, rtol=1e-8)


@settings(max_examples=6)
@given(part=st.floats(0.0, 1.0), height=st.floats(0.0, 1.0), wall=st.floats(0.0, 0.5))
def test_with_one_elasticity_two_steps_are_one(part, height, wall):
    cost, tariff = height * ALONE, BASE.tariff + wall * ALONE
    some = BASE.tariff + part * wall * ALONE
    found = year(jnp.asarray(1.0), some, part * cost, tariff, (1 - part) * cost)
    wanted, sold = long_run(jnp.exp(cost), 4.0, tariff)
    np.testing.assert_allclose(found.consumption, wanted.consumption, rtol=1e-8)
    np.testing.assert_allclose(found.sales, sold, rtol=1e-7)


def test_losses_fall_as_trade_adjusts():
    losses = []
    for part in (0.0, 0.5, 1.0):
        cost = 0.5 * ALONE
        found = year(jnp.asarray(0.38), BASE.tariff, part * cost, BASE.tariff, (1 - part) * cost)
        losses.append(1.0 - found.consumption[A])
    assert losses[0] > losses[1] > losses[2] > 0


def test_the_reaction_of_a_flow_at_given_incomes_is_the_paths():
    """A small cost on a small flow: the flow falls by e(h) times it against the importer's own."""
    cost, settled = 1e-4, 0.3
    pair = NONE.at[0, A].set(cost)
    found = year(jnp.asarray(0.38), BASE.tariff, settled * pair, BASE.tariff, (1 - settled) * pair)
    change = jnp.log(found.sales / BASE.sales)
    # Against a third buyer, so that the seller's own price drops out.
    fell = change[0, A] - change[A, A] - (change[0, B] - change[B, B])
    e = 4.0 * (settled + (1 - settled) * 0.38)
    assert -fell / cost == pytest.approx(e, rel=0.01)


@pytest.mark.parametrize(("first", "pace"), [(0.0, 0.3), (1.2, 0.3), (0.4, 0.0), (0.4, 1.5)])
def test_what_is_no_share_is_refused(first, pace):
    with pytest.raises(BadInput, match="share|pace|first"):
        elasticity_after(jnp.zeros(1), jnp.asarray(4.0), jnp.asarray(first), jnp.asarray(pace))
