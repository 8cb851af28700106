"""The base year in sectors: adds up to the world of one sector, and shocks go through the door."""

import os

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)
from comity.core.errors import BadInput, ComityError
from comity.data.series.sectors import IDS, SECTORS
from comity.models.trade import caliendo_parro
from comity.trade.sector_shock import EFFECTS, Change, costs_after, sector_shock
from comity.world.given import door
from comity.world.regions import default_focus, groups
from comity.world.sector_world import Seeds, balanced, elasticities, embedded_seeds, merged
from comity.world.snapshot import load_world

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
FOCUS = ["CHN", "DEU", "JPN", "KOR", "MEX", "TWN", "USA", "VNM"]


@pytest.fixture(scope="module")
def seeds():
    return embedded_seeds()


@pytest.fixture(scope="module")
def small(seeds):
    """Eight states and the regions around them."""
    theta = np.array([one.value for one in elasticities().values()])
    return balanced(merged(seeds, groups(seeds.states, FOCUS)), theta)


def test_sectors_add_up_to_the_world_of_one_sector(seeds):
    world, _ = door(load_world())
    np.testing.assert_allclose(seeds.sales.sum(0), world.sales, rtol=1e-12)
    assert (seeds.sales >= 0).all() and seeds.sectors == IDS
    added = np.asarray(world.value_added_share) * np.asarray(world.sales).sum(1)
    np.testing.assert_allclose(seeds.value_added, added, rtol=1e-12)
    off = ~np.eye(len(seeds.states), dtype=bool)
    known = off & ~np.isnan(np.asarray(load_world().goods)) & (seeds.sales.sum(0) > 0)
    goods = seeds.sales[:-1].sum(0) / np.where(known, seeds.sales.sum(0), 1.0)
    # Rounded to four digits in both tables.
    np.testing.assert_allclose(goods[known], np.asarray(world.goods)[known], atol=2e-3)


def test_tariffs_by_sector_average_to_the_tariff_on_goods(seeds):
    world = load_world()
    goods = seeds.sales[:-1].sum(0)
    duty = (seeds.tariff * seeds.sales)[:-1].sum(0) / np.where(goods > 0, goods, 1.0)
    for importer, exporter in (("USA", "CHN"), ("CHN", "USA"), ("JPN", "DEU"), ("IND", "JPN")):
        at = seeds.states.index(exporter), seeds.states.index(importer)
        assert duty[at] == pytest.approx(float(world.tariff[at]), abs=0.01), (importer, exporter)
    assert not seeds.tariff[-1].any() and not np.einsum("jnn->jn", seeds.tariff).any()


def test_merging_keeps_totals(seeds):
    made = groups(seeds.states, FOCUS)
    coarse = merged(seeds, made)
    for name in ("sales", "value_added"):
        assert getattr(coarse, name).sum() == pytest.approx(getattr(seeds, name).sum(), rel=1e-12)
    np.testing.assert_allclose(coarse.final.sum(0), 1.0, atol=1e-3)
    sums = coarse.use.sum(1).T + coarse.worth
    np.testing.assert_allclose(sums, 1.0, atol=1e-3)


def test_costs_and_uses_balance(small):
    base = small.base
    sales = np.asarray(base.net_share * base.spending[:, None, :])
    output = sales.sum(2)
    use = np.asarray(base.input_share) * output.T[:, None, :]
    income = np.asarray(base.value_added + base.revenue + base.deficit)
    bought = use.sum(2).T + np.asarray(base.final_share) * income
    np.testing.assert_allclose(bought, base.spending, rtol=1e-9)
    made = np.asarray(base.value_added_share) + np.asarray(base.input_share).sum(1).T
    np.testing.assert_allclose(made, 1.0, rtol=1e-12)
    assert float(base.input_share.min()) >= 0 and float(base.value_added_share.min()) > 0.03


def test_a_table_that_cannot_balance_is_refused(seeds):
    coarse = merged(seeds, groups(seeds.states, FOCUS))
    poor = Seeds(**{**vars(coarse), "value_added": 1e-9 * coarse.value_added})
    with pytest.raises(ComityError, match="no final spending"):
        balanced(poor, np.full(9, 4.0))


def test_changes_reach_the_cells_they_name(small):
    moved = costs_after(
        small,
        [
            Change("USA", tariff=0.25),
            Change("USA", "MEX", ["vehicles"], tariff=-9.0),
            Change("JPN", ["CHN", "KOR"], ["electronics"], barrier=1.0),
            Change("DEU", "CHN", free=True),
            Change("KOR", "VNM", trade=0.5),
        ],
    )
    at, cars, chips = small.index, IDS.index("vehicles"), IDS.index("electronics")
    added = moved.tariff - np.asarray(small.base.tariff)
    assert added[0, at("JPN"), at("USA")] == pytest.approx(0.25)
    assert not added[-1].any() and not np.einsum("jnn->jn", added).any()
    assert moved.tariff[cars, at("MEX"), at("USA")] == 0.0
    assert (moved.barrier > 1).sum() == 2 and moved.barrier[chips, at("CHN"), at("JPN")] == 2.0
    assert not moved.tariff[:, at("CHN"), at("DEU")].any()
    assert (moved.ease > 0).sum() == len(SECTORS)
    assert added[0, at("USA"), at("JPN")] == 0.0


def test_unknown_names_are_refused(small):
    with pytest.raises(BadInput, match="electronics"):
        costs_after(small, [Change(sectors=["chips"])])
    with pytest.raises(ComityError, match="ATL"):
        costs_after(small, [Change(importer="ATL")])


def test_no_change_is_no_effect_and_a_wall_hurts_who_it_is_built_against(small):
    still = sector_shock(small, [])
    assert still.converged and still.iterations == 0
    for name in ("consumption", "real_wage", "price_index"):
        np.testing.assert_array_equal(still.effects[name], 0.0)
    wall = sector_shock(small, [Change(importer="USA", tariff=0.25)])
    assert wall.converged and set(wall.effects) == set(EFFECTS)
    assert all(wall.percent("consumption", s) < 0 for s in ("MEX", "JPN", "CHN", "VNM", "TWN"))
    assert wall.percent("consumption", "MEX") < wall.percent("consumption", "JPN")
    assert wall.percent("terms_of_trade", "USA") > 0 > wall.percent("imports", "USA")
    assert wall.trade("JPN", "USA")[:-1].max() < 0  # goods; services sell more
    at = small.index("USA")
    duties = (costs_after(small, [Change("USA", tariff=0.25)]).tariff * wall.after)[:, :, at].sum()
    assert wall.revenue[at] == pytest.approx(duties, rel=1e-6)


@pytest.mark.slow
def test_draws_spread_around_the_central_answer(small):
    wall = sector_shock(small, [Change(importer="USA", tariff=0.25)], draws=60)
    at = small.index("JPN")
    centre = wall.effects["consumption"][at]
    assert wall.low["consumption"][at] < centre < wall.high["consumption"][at] and centre < 0
    assert wall.failed_draws == 0
    again = sector_shock(small, [Change(importer="USA", tariff=0.25)], draws=60)
    np.testing.assert_array_equal(again.low["consumption"], wall.low["consumption"])


@pytest.mark.slow
def test_balanced_trade_has_no_deficits_left(small):
    cut = [Change("USA", "CHN", barrier=100.0), Change("CHN", "USA", barrier=100.0)]
    found = sector_shock(small, cut, deficits="none")
    assert found.converged
    for flows in (found.before, found.after):
        gaps = flows.sum((0, 1)) - flows.sum((0, 2))
        assert np.abs(gaps).max() < 1e-7 * flows.sum()
    assert found.trade("CHN", "USA").max() < -0.99
    assert found.percent("consumption", "CHN") < 0 and found.percent("consumption", "USA") < 0


@needs_data
@pytest.mark.slow
def test_full_detail_agrees_with_the_embedded_world():
    from comity.world.sector_detail import detailed_world

    fine = detailed_world()
    assert fine.base.spending.shape == (28, 80)
    wall = sector_shock(fine, [Change(importer="USA", tariff=0.25)])
    assert wall.converged
    whole = embedded_seeds()
    broad = balanced(
        merged(whole, groups(whole.states, default_focus())),
        np.array([one.value for one in elasticities().values()]),
    )
    coarse = sector_shock(broad, [Change(importer="USA", tariff=0.25)])
    for state in ("USA", "JPN", "CHN", "MEX", "DEU", "VNM"):
        assert wall.percent("consumption", state) == pytest.approx(
            coarse.percent("consumption", state), abs=0.16
        )


@needs_data
@pytest.mark.slow
def test_the_book_of_elasticities_is_what_the_papers_say():
    from comity.data.series.elasticities import summary

    table = summary()
    for sector, number in elasticities().items():
        if sector == "services":
            assert number.status == "judged"
            continue
        found = dict(zip(table.columns, table.loc[sector].to_numpy(float), strict=True))
        assert number.value == pytest.approx(found["median"], abs=0.006)
        assert number.prior.sd == pytest.approx(max(found["sd"], 0.3), abs=0.006)


@pytest.mark.slow
def test_a_world_of_the_embedded_tables_is_at_rest(seeds):
    theta = np.array([one.value for one in elasticities().values()])
    world = balanced(seeds, theta)
    base = world.base
    found = jax.jit(caliendo_parro.solve)(
        base, world.elasticity, jnp.ones(196), base.tariff, jnp.ones_like(base.tariff)
    )
    assert found.converged and found.iterations == 0
    np.testing.assert_array_equal(found.consumption, np.ones(196))
