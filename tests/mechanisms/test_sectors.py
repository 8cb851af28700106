"""Trade in nine sectors inside the year: levers, agreements and growth reach it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.data.series.sectors import IDS
from comity.mechanisms.catalogue import books
from comity.mechanisms.sectors import costs, pacts, sectors_from, tariffs

WORLD = toy.toy_world()
KEY = jax.random.key(0)
USA, JPN, KOR = (toy.STATES.index(s) for s in ("USA", "JPN", "KOR"))
ZERO = jnp.zeros((WORLD.count, WORLD.count))


@pytest.fixture(scope="module")
def sectors():
    return sectors_from(WORLD, books()["trade"])


@pytest.fixture(scope="module")
def act(sectors):
    return jax.jit(lambda world, pulled: sectors(world, pulled, KEY))


def test_no_shock_is_the_base_year_bit_for_bit(act):
    change = act(WORLD, toy.still())
    np.testing.assert_array_equal(change["sector_consumption"], 1.0)
    np.testing.assert_array_equal(change["sector_gain"], 0.0)
    assert change["converged"]


def test_sales_of_the_world_are_kept(sectors):
    sales = np.asarray(sectors.base.net_share * sectors.base.spending[:, None, :])
    np.testing.assert_allclose(sales.sum(0), WORLD.sales, rtol=1e-12)


def test_a_wall_falls_on_goods_and_hurts_who_it_is_built_against(act, sectors):
    wall = ZERO.at[:, USA].set(0.25)
    added = np.asarray(tariffs(sectors.base.tariff, wall) - sectors.base.tariff)
    assert added[:-1, JPN, USA] == pytest.approx(0.25) and not added[-1].any()
    assert not np.einsum("jnn->jn", added).any()
    change = act(WORLD, toy.still(tariff=wall))
    assert (np.delete(np.asarray(change["sector_consumption"]), USA) < 1).all()


def test_an_agreement_helps_its_members_and_sanctions_hurt_the_target(act, sectors):
    pact = ZERO.at[JPN, KOR].set(1.0).at[KOR, JPN].set(1.0)
    old = WORLD.replace({"new_agreement": pact, "agreement_age": 20.0 * pact})
    given = pacts(sectors, old)
    eased = costs(sectors, old, given.growth, ZERO)
    before, after = sectors.base.tariff[:, JPN, KOR], given.tariff[:, JPN, KOR]
    assert (after[:-1] == 0).all() and after[-1] == before[-1]
    # By the tariff and by the rest: the effect, or what the tariff is worth where that is more.
    elasticity = sectors.elasticities()
    trade = (eased[:, JPN, KOR] * (1 + after) / (1 + before)) ** -elasticity
    worth = jnp.maximum(sectors.agreement_effect, elasticity * jnp.log1p(before))
    worth = worth.at[-1].set(sectors.services_part * sectors.agreement_effect)
    np.testing.assert_allclose(jnp.log(trade), worth, rtol=1e-9)
    found = act(old, toy.still())["sector_consumption"]
    assert found[JPN] > 1 and found[KOR] > found[JPN]
    forbidden = WORLD.replace({"trade_left": jnp.ones_like(ZERO).at[USA, KOR].set(0.2)})
    assert act(forbidden, toy.still())["sector_consumption"][KOR] < 1


def test_capacity_is_consumption_where_it_grows_alike(act):
    grown = WORLD.replace({"capacity": jnp.full(WORLD.count, 1.1)})
    found = act(grown, toy.still())["sector_consumption"]
    np.testing.assert_allclose(found, 1.1, rtol=1e-6)


def test_a_failed_solve_gives_no_number(act):
    change = act(WORLD.replace({"capacity": jnp.full(WORLD.count, jnp.nan)}), toy.still())
    assert not change["converged"] and jnp.isnan(change["sector_consumption"]).all()


def test_every_sector_has_its_elasticity(sectors):
    assert sectors.elasticities().shape == (len(IDS),)
    assert set(sectors.__dataclass_fields__) >= {f"elasticity_{one}" for one in IDS}
