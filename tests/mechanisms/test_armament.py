"""Military spending in the year: burden, income, lever, stock, and the option of reactions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.core.parameters import book
from comity.data.series import spending
from comity.engine.year import bind, future
from comity.mechanisms.armament import armament_from, reacting
from comity.mechanisms.catalogue import books
from comity.models.force.armament import next_shift
from comity.study import laboratory
from comity.study.plan import Request
from comity.world.given import door
from comity.world.snapshot import load_world

WORLD = toy.toy_world()
ARMAMENT = next(m for m in toy.toy_year(WORLD) if m.name == "armament")
# Neither shocks nor pull, and no multiplier: what arms take is what the accounts say.
CALM = bind(
    ARMAMENT,
    {f"armament.{name}": jnp.asarray(0.0) for name in ("shock_sd", "reversion", "multiplier")},
)
KEY = jax.random.key(0)
JPN = WORLD.index("JPN")


def with_share(share: float, state: int = JPN):
    return toy.still(defence_share=jnp.zeros(5).at[state].set(share))


def test_without_shock_growth_or_lever_nothing_moves_but_the_stock():
    change = CALM(WORLD, toy.still(), KEY)
    np.testing.assert_allclose(change["milex"], WORLD.milex, rtol=1e-14)
    depreciation, prices = (books()["armament"][n].value for n in ("depreciation", "prices"))
    expected = (1 - depreciation) * WORLD.military_stock + prices * WORLD.milex
    np.testing.assert_allclose(change["military_stock"], expected, rtol=1e-14)


def test_spending_follows_income_with_the_estimated_elasticity():
    """One per cent of growth brings 0.862 % of spending (decades of SIPRI to 2024)."""
    grown = CALM(WORLD.replace({"consumption": jnp.full(5, 1.01)}), toy.still(), KEY)["milex"]
    np.testing.assert_allclose(jnp.log(grown / WORLD.milex), 0.862 * np.log(1.01), rtol=1e-12)


def test_stocks_of_the_snapshot_lose_value_at_the_rate_of_the_book():
    assert books()["armament"]["depreciation"].value == pytest.approx(
        spending.DEPRECIATION, rel=1e-12
    )


@given(st.floats(0.0, 0.5), st.floats(0.5, 2.0))
def test_the_lever_adds_its_share_of_gdp_once_a_year(share, capacity):
    world = WORLD.replace({"capacity": jnp.full(5, capacity)})
    first = CALM(world, with_share(share), KEY)
    plain = CALM(world, toy.still(), KEY)["milex"]
    added = np.zeros(5)
    added[JPN] = share * 1e3 * float(WORLD.gdp[JPN]) * capacity
    np.testing.assert_allclose(first["milex"] - plain, added, rtol=1e-9, atol=1e-6)
    # Trade makes income anew every year before arms take their part of it.
    first = {k: v for k, v in first.items() if k != "consumption"}
    again = CALM(world.replace(first), with_share(share), KEY)["milex"]
    np.testing.assert_allclose(again, first["milex"], rtol=1e-14)
    after = CALM(world.replace(first), toy.still(), KEY)["milex"]
    np.testing.assert_allclose(after, plain, rtol=1e-14)


@given(st.floats(-0.01, 0.3), st.floats(0.8, 1.2))
def test_what_is_spent_on_arms_is_not_consumed(share, income):
    """The books balance: what is left and what is spent add up to income after trade."""
    world = WORLD.replace({"consumption": jnp.full(5, income)})
    change = CALM(world, with_share(share), KEY)
    absorption, civil = np.asarray(ARMAMENT.absorption), ARMAMENT.absorption - WORLD.milex
    total = np.asarray(change["consumption"] * civil + change["milex"])
    np.testing.assert_allclose(total, absorption * income, rtol=1e-12)


def test_two_per_cent_of_gdp_more_for_arms_costs_two_per_cent_of_absorption():
    """By hand for Japan: GDP 4.0 trillion, 55 billion of arms, absorption from the trade table."""
    change = CALM(WORLD, with_share(0.02), KEY)
    sold, bought = (float(WORLD.sales.sum(axis)[JPN]) for axis in (1, 0))
    revenue = float((WORLD.sales * 0.7 * 0.04)[:, JPN].sum() - 0.7 * 0.04 * WORLD.sales[JPN, JPN])
    absorption = 0.53 * sold + bought - sold + revenue
    lost = 0.02 * 4.0e6 / (absorption - 55e3)
    assert float(change["consumption"][JPN]) == pytest.approx(1 - lost, rel=1e-9)
    assert 0.015 < lost < 0.025
    others = np.delete(np.asarray(change["consumption"]), JPN)
    np.testing.assert_allclose(others, 1.0, rtol=1e-12)


def test_arms_never_take_all_that_is_there():
    armed = WORLD.replace({"burden_shift": jnp.full(5, 9.0)})
    change = CALM(armed, toy.still(), KEY)
    np.testing.assert_allclose(change["milex"], 0.9 * ARMAMENT.absorption, rtol=1e-12)
    assert (change["consumption"] > 0).all()


def test_a_cut_stops_at_nil():
    assert CALM(WORLD, with_share(-0.2), KEY)["milex"][JPN] == 0.0


@pytest.mark.parametrize("beyond", [-0.2, 5.0])
def test_output_answers_what_is_spent_not_what_is_asked(beyond):
    """A cut of more than there is, or a rise beyond what is left, counts as far as it goes."""
    numbers = {"shock_sd": 0.0, "reversion": 0.0, "multiplier": 0.6}
    calm = bind(ARMAMENT, {f"armament.{n}": jnp.asarray(x) for n, x in numbers.items()})
    asked = calm(WORLD, with_share(beyond), KEY)
    share = (asked["milex"] - WORLD.milex)[JPN] / (1e3 * WORLD.gdp[JPN])
    done = calm(WORLD, with_share(float(share)), KEY)
    assert float(asked["effort_last"][JPN]) == pytest.approx(float(share), rel=1e-9)
    assert float(asked["consumption"][JPN]) == pytest.approx(float(done["consumption"][JPN]))
    assert (asked["consumption"][JPN] > 1) == (beyond < 0)


@given(st.floats(0.1, 10.0))
def test_burdens_do_not_depend_on_the_unit_of_gdp(unit):
    world = WORLD.replace({name: unit * getattr(WORLD, name) for name in ("gdp", "milex")})
    one = ARMAMENT(WORLD, toy.still(), KEY)["burden_shift"]
    other = armament_from(world, books()["armament"])(world, toy.still(), KEY)["burden_shift"]
    np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-14)


def test_agrees_with_the_model_called_by_hand():
    change = ARMAMENT(WORLD, toy.still(), KEY)
    base = WORLD.milex / WORLD.gdp / 1e3
    numbers = {
        n: jnp.asarray(books()["armament"][n].value) for n in ("reversion", "drift", "shock_sd")
    }
    shift = next_shift(
        KEY,
        jnp.zeros(5),
        base,
        numbers["reversion"],
        numbers["drift"],
        numbers["shock_sd"],
        WORLD.slot,
    )
    np.testing.assert_array_equal(change["burden_shift"], shift)
    np.testing.assert_allclose(change["milex"], WORLD.milex * jnp.exp(shift), rtol=1e-14)


def test_rivals_and_allies_are_off_by_default_and_answer_when_put_in():
    """China spends twice as much: Japan, whose rival it is, answers by 2 ^ 0.083."""
    richer = WORLD.replace({"milex": WORLD.milex.at[WORLD.index("CHN")].multiply(2.0)})
    np.testing.assert_array_equal(
        CALM(richer, toy.still(), KEY)["milex"], CALM(WORLD, toy.still(), KEY)["milex"]
    )
    rivals = jnp.zeros((5, 5)).at[JPN, WORLD.index("CHN")].set(1.0)
    on = reacting(CALM, rivals, jnp.zeros((5, 5)), book("armament", "reactions"))
    moved = on(richer, toy.still(), KEY)["milex"] / CALM(WORLD, toy.still(), KEY)["milex"]
    np.testing.assert_allclose(moved, np.where(np.arange(5) == JPN, 2**0.083, 1.0), rtol=1e-12)


def test_a_world_with_gaps_runs_and_says_what_was_known():
    """Spending unknown for Australia: it gets the median burden, and the mask says so."""
    gaps = {name: getattr(WORLD, name).at[0].set(jnp.nan) for name in ("milex", "military_stock")}
    filled, known = door(WORLD.replace(gaps))
    assert not known["milex"][0] and known["milex"][1:].all()
    burden = np.asarray(WORLD.milex / WORLD.gdp)[1:]
    np.testing.assert_allclose(filled.milex[0] / filled.gdp[0], np.median(burden), rtol=1e-12)
    change = armament_from(filled, books()["armament"])(filled, toy.still(), KEY)
    assert all(bool(jnp.isfinite(value).all()) for value in change.values())


def test_a_state_without_forces_stays_without_unless_it_decides():
    world = WORLD.replace({"milex": WORLD.milex.at[0].set(0.0)})
    armament = armament_from(world, books()["armament"])
    assert armament(world, toy.still(), KEY)["milex"][0] == 0.0
    assert armament(world, with_share(0.01, 0), KEY)["milex"][0] > 0.0


def test_it_runs_in_the_year_and_leaves_trade_and_growth_alone():
    """Same futures with and without it: what arms take is all that consumption loses."""
    shared = toy.toy_shared()
    with_it = jax.jit(future)(shared, toy.toy_row())
    off = jnp.asarray([m.name != "armament" for m in shared.mechanisms])
    without = jax.jit(future)(shared, toy.toy_row(active=off))
    assert with_it.ok
    for name in ("capacity", "terms_of_trade", "openness"):
        np.testing.assert_array_equal(with_it.series[name], without.series[name])
    absorption, spent = ARMAMENT.absorption, with_it.series["milex"]
    left = absorption * without.series["consumption"] - spent
    expected = left / (absorption - WORLD.milex)
    np.testing.assert_allclose(with_it.series["consumption"], expected, rtol=1e-12)
    np.testing.assert_array_equal(without.end["milex"], WORLD.milex)
    assert (np.abs(np.log(with_it.end["milex"] / WORLD.milex)) > 1e-3).all()


def test_spread_over_ten_years_is_the_estimated_one():
    """Shocks of ten years fade and add up to the spread of decades that states do not share."""
    keys = jax.random.split(KEY, (2000, 10))

    def ten(row):
        world = WORLD
        for key in row:
            world = world.replace(ARMAMENT(world, toy.still(), key))
        return world.burden_shift

    shifts = jax.jit(jax.vmap(ten))(keys)
    # sqrt(0.435^2 - 0.145^2); the median of five states moves with their shocks, hence the 5 %.
    np.testing.assert_allclose(shifts.std(0), 0.410, rtol=0.05)


@pytest.mark.slow
def test_the_snapshot_has_a_figure_for_every_state_after_the_door():
    filled, known = door(load_world())
    assert bool(jnp.isfinite(filled.milex).all() & jnp.isfinite(filled.military_stock).all())
    assert 160 <= known["milex"].sum() <= 170
    # What was filled is little: the states that SIPRI leaves out are small.
    assert float(filled.milex[~known["milex"]].sum() / filled.milex.sum()) < 0.005


SCENARIO = """comity: scenario 1
name: effort
title: More for defence
question: What does Japan spend?
summary: One per cent of GDP more from 2026.
horizon: {from: 2025, to: 2027}
moves:
- {lever: defence_share, state: JPN, add: 0.01, from: 2026, judged: a test}
"""


@pytest.mark.slow
@pytest.mark.parametrize("world", ["full", "focus"])
def test_a_scenario_file_moves_the_lever(tmp_path, world):
    """One per cent of Japan's GDP more in 2026 and 2027, nobody else's; nothing before."""
    file = tmp_path / "effort.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    lab = laboratory.build(
        laboratory.plan_of(Request(str(file), "JPN", ("steady",), 2, 1, None, world))
    )
    programme, states = lab.shared.programme, lab.shared.world.states
    on = jnp.ones(len(lab.groups))
    for year, share in ((0, 0.0), (1, 0.01), (2, 0.01)):
        expected = np.where(np.array(states) == "JPN", share, 0.0)
        np.testing.assert_allclose(programme.levers(on, jnp.asarray(year)).defence_share, expected)
