"""Trade in the year: levers, agreements and growth shift the equilibrium."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.engine.year import bind
from comity.mechanisms.catalogue import books
from comity.mechanisms.trade import begun, maturity, position
from comity.models.trade.trade_equilibrium import solve

WORLD = toy.toy_world()
TRADE = next(m for m in toy.toy_year(WORLD) if m.name == "trade")
KEY = jax.random.key(0)
USA, JPN, CHN = (toy.STATES.index(s) for s in ("USA", "JPN", "CHN"))
ZERO = jnp.zeros((WORLD.count, WORLD.count))
NOBODY = jnp.zeros((len(toy.FRAMEWORKS), WORLD.count))


def levers(tariff=ZERO, barrier=ZERO):
    return toy.still(tariff=tariff, barrier=barrier)


act = jax.jit(lambda world, pulled: TRADE(world, pulled, KEY))


def test_no_shock_is_the_base_year_bit_for_bit():
    change = act(WORLD, levers())
    for name in ("price", "consumption", "terms_of_trade"):
        assert (change[name] == 1.0).all(), name
    assert change["converged"]


def test_a_wall_on_all_imports_hurts_the_others_and_brings_revenue():
    wall = levers(ZERO.at[:, USA].set(0.25))
    change = act(WORLD, wall)
    others = [i for i in range(WORLD.count) if i != USA]
    assert (change["consumption"][jnp.array(others)] < 1).all()
    assert change["terms_of_trade"][USA] > 1, "the importer's terms of trade improve"
    assert change["converged"] and change["residual"] <= 1e-10


def test_the_tariff_falls_on_goods_only():
    pulled = levers(ZERO.at[JPN, USA].set(0.10))
    added = position(TRADE, WORLD, pulled).tariff - position(TRADE, WORLD, levers()).tariff
    assert added[JPN, USA] == pytest.approx(0.7 * 0.10)
    assert np.count_nonzero(np.asarray(added)) == 1


def test_a_negative_addition_never_makes_a_subsidy():
    assert (position(TRADE, WORLD, levers(ZERO - 1.0)).tariff == 0).all()


def test_an_agreement_matures_as_published():
    """Lags of the Advanced Guide: 0.116, 0.288, 0.069, 0.002 at 0, 4, 8 and 12 years."""
    total = 0.116 + 0.288 + 0.069 + 0.002
    numbers = [
        books()["trade"][n].value for n in ("share_at_once", "share_after_4", "share_after_8")
    ]
    ages = [0.0, 4.0, 8.0, 12.0, 30.0, 2.0]
    shares = [
        float(maturity(jnp.full((2, 2), age), *map(jnp.asarray, numbers))[0, 1]) for age in ages
    ]
    lags = np.cumsum([0.116, 0.288, 0.069, 0.002]) / total
    np.testing.assert_allclose(shares[:4], lags, atol=6e-4)
    assert shares[4] == pytest.approx(1.0)
    assert shares[5] == pytest.approx((numbers[0] + numbers[1]) / 2)


def test_a_full_agreement_raises_trade_by_its_effect_at_given_prices():
    world = WORLD.replace(
        {"new_agreement": ZERO.at[JPN, USA].set(1.0), "agreement_age": ZERO.at[JPN, USA].set(12.0)}
    )
    at = position(TRADE, world, levers())
    # Goods, 70 % of the flow, grow by 0.475, of which their tariff of 4 % gives elasticity times
    # log 1.04; services by a quarter of it. The tariff itself goes.
    rest = 0.475 - 4.0 * np.log(1.04)
    growth = np.log(0.7 * np.exp(rest) + 0.3 * np.exp(0.25 * 0.475))
    assert float(-TRADE.elasticity * jnp.log(at.cost[JPN, USA])) == pytest.approx(growth)
    assert at.tariff[JPN, USA] == 0 and at.tariff[USA, JPN] == pytest.approx(0.7 * 0.04)
    lost = WORLD.replace(
        {"new_agreement": ZERO.at[JPN, USA].set(-1.0), "agreement_age": ZERO.at[JPN, USA].set(12.0)}
    )
    gone = position(TRADE, lost, levers())
    growth = np.log(0.7 * np.exp(-0.475) + 0.3 * np.exp(-0.25 * 0.475))
    assert float(-TRADE.elasticity * jnp.log(gone.cost[JPN, USA])) == pytest.approx(growth)
    assert gone.tariff[JPN, USA] == pytest.approx(0.7 * 0.04), "what would apply is not known"


def test_what_is_lost_is_lost_as_slowly_as_it_was_gained():
    def growth(share, age):
        world = WORLD.replace(
            {
                "new_agreement": ZERO.at[JPN, USA].set(share),
                "agreement_age": ZERO.at[JPN, USA].set(age),
            }
        )
        return float(-jnp.log(position(TRADE, world, levers()).cost[JPN, USA]))

    early, late = growth(-1.0, 1.0), growth(-1.0, 12.0)
    assert late < early < 0


def test_a_tariff_added_on_a_free_trade_partner_is_not_cut():
    world = WORLD.replace(
        {"new_agreement": ZERO.at[JPN, USA].set(1.0), "agreement_age": ZERO.at[JPN, USA].set(12.0)}
    )
    at = position(TRADE, world, levers(ZERO.at[JPN, USA].set(0.1)))
    assert at.tariff[JPN, USA] == pytest.approx(0.7 * 0.1)


@given(st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_a_higher_wall_never_raises_the_others_welfare(low, more):
    a = act(WORLD, levers(ZERO.at[CHN, USA].set(low)))["consumption"][CHN]
    b = act(WORLD, levers(ZERO.at[CHN, USA].set(low + more)))["consumption"][CHN]
    assert b <= a + 1e-9


def test_agrees_with_the_model_called_by_hand():
    pulled = levers(ZERO.at[:, USA].set(0.1), ZERO.at[JPN, CHN].set(0.2).at[CHN, JPN].set(0.2))
    world = WORLD.replace({"capacity": jnp.linspace(0.9, 1.3, WORLD.count)})
    foreign = 1 - jnp.eye(WORLD.count)
    by_hand = solve(
        TRADE.base,
        TRADE.elasticity,
        world.capacity,
        foreign * 0.7 * (0.04 + pulled.tariff),
        1.0 + pulled.barrier,
    )
    np.testing.assert_allclose(act(world, pulled)["consumption"], by_hand.consumption, rtol=1e-9)


def test_a_drawn_elasticity_replaces_the_book_value():
    stiff = bind(TRADE, {"trade.elasticity": jnp.asarray(1.5)})
    assert float(stiff.elasticity) == 1.5 and float(TRADE.elasticity) == 4.0


def test_openness_begins_where_the_base_year_stood():
    """Rules watch it before trade has cleared once; it was nil then."""
    world = begun(WORLD)
    sales = np.asarray(WORLD.sales)
    abroad = sales.sum(0) + sales.sum(1) - 2 * np.diagonal(sales)
    expected = abroad / (np.asarray(WORLD.value_added_share) * sales.sum(1))
    np.testing.assert_allclose(world.openness, expected, rtol=1e-12)
    assert (expected > 0.05).all()
