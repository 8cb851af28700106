"""Worlds of past years: who was there, honest gaps, plausible totals, nothing from later on."""

import os
import shutil
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from comity.core.errors import BadInput, CoverageWarning
from comity.core.parameters import book
from comity.mechanisms.trade import trade_from
from comity.models.trade.trade_equilibrium import solve
from comity.world import past as history
from comity.world.given import World, cards, door
from comity.world.past import load_history
from comity.world.regions import coarsen

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
YEARS = (1990, 2000, 2010)
# GDP of the world, trillion current USD (World Bank, 2025), and number of states.
WORLD_GDP = {1990: 22.8, 2000: 33.8, 2010: 66.6}
STATES = {1990: 170, 2000: 191, 2010: 194}


@pytest.fixture(scope="module")
def worlds() -> dict[int, World]:
    return {year: history.load_history(year) for year in YEARS}


def value(world: World, field: str, state: str) -> float:
    return float(getattr(world, field)[world.index(state)])


def test_a_year_without_sources_is_refused():
    with pytest.raises(BadInput, match="no world of 1950"):
        history.load_history(1950)


@pytest.mark.parametrize(
    ("state", "year", "expected"),
    [
        ("CSK", 1990, ("CZE", "SVK")),
        ("YUG", 1990, ("BIH", "HRV", "MKD", "MNE", "SRB", "SVN", "XKX")),
        ("SRB", 2000, ("MNE", "SRB", "XKX")),
        ("SRB", 2010, ("SRB",)),
        ("SDN", 2010, ("SDN", "SSD")),
        ("SDN", 2011, ("SDN",)),
        ("RUS", 1991, ("RUS",)),
        ("DEU", 1990, ("DEU",)),
        ("USA", 2000, ("USA",)),
    ],
)
def test_territories(state, year, expected):
    assert history.parts(state, year) == expected


def test_the_soviet_union_had_fifteen_republics():
    assert len(history.parts("RUS", 1990)) == 15


def test_a_sum_needs_figures_for_nine_tenths_of_the_people():
    people = pd.Series({"CZE": 10.0, "SVK": 5.0})
    both = history._summed(pd.Series({"CZE": 1.0, "SVK": 2.0}), people, 1990)
    one = history._summed(pd.Series({"CZE": 1.0}), people, 1990)
    assert both["CSK"] == 3.0 and np.isnan(one["CSK"])


@raw_data
@pytest.mark.parametrize("year", YEARS)
def test_states_are_those_of_the_year(worlds, year):
    world = worlds[year]
    assert world.year == year and world.count == STATES[year]
    assert ("YUG" in world.states) == ("CSK" in world.states) == (year == 1990)
    assert ("UKR" in world.states) == (year > 1990)
    assert "DDR" not in world.states and "DEU" in world.states


@raw_data
@pytest.mark.parametrize("year", YEARS)
def test_totals_are_plausible(worlds, year):
    world = worlds[year]
    assert float(world.gdp.sum()) / 1e3 == pytest.approx(WORLD_GDP[year], rel=0.03)
    people = {1990: 5.3, 2000: 6.15, 2010: 6.98}[year]
    assert float(world.population.sum()) / 1e3 == pytest.approx(people, rel=0.02)
    abroad = np.asarray(world.sales) * (1 - np.eye(world.count))
    # World exports of goods, trillion USD (WTO): 3.5, 6.5, 15.3; COW counts imports, c.i.f.
    goods = {1990: 3.5, 2000: 6.5, 2010: 15.3}[year]
    assert abroad.sum() / 1e6 == pytest.approx(goods, rel=0.15)


@raw_data
def test_states_that_changed_their_borders(worlds):
    then, later = worlds[1990], worlds[2000]
    assert value(then, "population", "RUS") == pytest.approx(289, rel=0.02)
    assert value(later, "population", "RUS") == pytest.approx(146.6, rel=0.01)
    assert value(then, "population", "DEU") == pytest.approx(79.4, rel=0.01)  # both Germanies
    assert value(later, "population", "SRB") > 9.5  # with Montenegro and Kosovo
    assert value(then, "milex", "RUS") > 2 * value(then, "milex", "DEU")
    assert value(then, "military_stock", "USA") > value(then, "military_stock", "RUS")
    assert value(then, "polyarchy", "RUS") < 0.4 < 0.8 < value(then, "polyarchy", "DEU")


@raw_data
def test_ties_of_the_year(worlds):
    old, new = worlds[1990], worlds[2010]

    def tie(world: World, field: str, a: str, b: str) -> float:
        return float(getattr(world, field)[world.index(a), world.index(b)])

    assert tie(old, "obligation", "USA", "DEU") == tie(new, "obligation", "USA", "POL") == 1
    assert tie(old, "obligation", "RUS", "POL") == 1 and tie(old, "obligation", "USA", "POL") == 0
    assert tie(old, "agreement", "USA", "CAN") == 1 and tie(old, "agreement", "USA", "MEX") == 0
    assert tie(new, "agreement", "USA", "MEX") == tie(new, "agreement", "KOR", "CHL") == 1
    assert np.isnan(tie(old, "agreement", "YUG", "ITA"))
    assert tie(old, "contiguity", "RUS", "POL") == 1 and tie(new, "contiguity", "DEU", "POL") == 1
    nato = {w.year: w.membership[w.frameworks.index("NATO")] for w in (old, new)}
    assert int(nato[1990].sum()) == 16 and int(nato[2010].sum()) == 28
    assert "AUKUS" not in new.frameworks


def opened(world):
    """The world through the door, which says so where no tariff at all is known."""
    if np.isnan(np.asarray(world.tariff)[~np.eye(world.count, dtype=bool)]).all():
        with pytest.warns(CoverageWarning, match="tariff: no figure is known in"):
            return door(world)
    return door(world)


@raw_data
@pytest.mark.parametrize("year", YEARS)
def test_gaps_are_gaps(worlds, year):
    """Nothing outside the coverage of its source; the door says what it filled."""
    world = worlds[year]
    assert np.isnan(value(world, "milex", "MCO")) and np.isnan(value(world, "polyarchy", "MCO"))
    assert 0.7 < np.isfinite(world.milex).mean() < 0.85
    assert np.isfinite(world.ideal_point).mean() > 0.9
    foreign = ~np.eye(world.count, dtype=bool)
    tariffs = np.isfinite(np.asarray(world.tariff)[foreign])
    assert tariffs.sum() == (0 if year == 1990 else 43 * 42)
    measured = np.isfinite(world.value_added_share)
    assert measured.all() if year == 1990 else 40 <= measured.sum() <= 43
    assert np.isnan(np.diagonal(world.goods)).all()
    assert np.isfinite(world.sales).all() and (np.asarray(world.sales) >= 0).all()
    filled, known = opened(world)
    assert bool(jnp.isfinite(filled.tariff).all())
    np.testing.assert_array_equal(known["tariff"], np.isfinite(world.tariff))


@raw_data
@pytest.mark.parametrize("year", YEARS)
def test_no_shock_no_change(worlds, year):
    """The trade equilibrium of a past world solves, and stays where it is."""
    filled, _ = opened(worlds[year])
    trade = trade_from(filled, book("trade"))
    one, foreign = jnp.ones(filled.count), 1.0 - jnp.eye(filled.count)
    found = solve(
        trade.base,
        trade.elasticity,
        one,
        foreign * filled.goods * filled.tariff,
        jnp.ones_like(filled.sales),
        one,
        tol=1e-10,
    )
    assert bool(found.converged)
    np.testing.assert_allclose(found.consumption, 1.0, atol=1e-9)


@raw_data
def test_what_is_read_and_what_is_estimated_is_told_apart():
    gdp = history.gdp_at(2000)
    people = history._people(2000).reindex(gdp.index)
    share = history.value_added_at(2000, gdp.gdp)
    trade = history.trade_at(2000, gdp.gdp, people.fillna(people.median()), share)
    place = {state: i for i, state in enumerate(gdp.index)}
    assert trade.reported[place["JPN"], place["USA"]]
    assert not np.diagonal(trade.reported).any()
    estimated = trade.sales[~trade.reported & ~np.eye(len(gdp), dtype=bool)].sum()
    assert 0 < estimated < 0.05 * trade.sales[trade.reported].sum()
    # Goods of the input-output tables, both sides named. COW counts imports with freight and with
    # goods that only pass through: its flows are a third above those of the tables.
    cells = history._wiod(2000).query("sector != @history.SERVICES and exporter != importer")
    table = cells.groupby(["exporter", "importer"]).Xjik.sum()
    table = table.drop("ROW", level=0).drop("ROW", level=1)
    ours = np.array([trade.sales[place[a], place[b]] for a, b in table.index])
    both = (ours > 1) & (table.to_numpy() > 1)
    assert np.corrcoef(np.log(ours[both]), np.log(table.to_numpy()[both]))[0, 1] > 0.95
    assert 1.15 < ours.sum() / table.sum() < 1.45


# File, column of the year, columns with figures: scrambled after the year of the world.
DATED = [
    ("economy/wb_gdp_current_usd.parquet", "Year", ["Value"]),
    ("economy/wb_gdp_constant2015usd.parquet", "Year", ["GDP_constant2015USD"]),
    ("economy/wb_population.parquet", "Year", ["Value"]),
    ("economy/gapminder_country_year.parquet", "time", ["value"]),
    ("economy/pwt_10_01.parquet", "year", ["rgdpna", "pop", "rgdpo"]),
    ("economy/maddison_2018.parquet", "year", ["rgdpnapc", "pop"]),
    ("economy/cow_trade_v4_dyad_year.parquet", "year", ["flow1", "flow2"]),
    ("economy/wiod2016_2000_2014_sector_bilateral.parquet", "year", ["Xjik", "tjik"]),
    (
        "politics/sipri_milex.parquet",
        "year",
        ["milex_const2023usd_m", "milex_current_usd_m", "milex_share_gdp"],
    ),
    ("politics/unga_ideal_points.parquet", "year", ["idealpointfp"]),
    ("politics/vdem_core.parquet", "year", ["v2x_polyarchy"]),
    ("politics/atop_dyad_year.parquet", "year", ["atop_defense"]),
]


@raw_data
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*is not the file described on its card")
def test_nothing_after_the_year_changes_anything(worlds, tmp_path, monkeypatch):
    source = Path(os.environ["COMITY_DATA"])
    rng, year = np.random.default_rng(1), 2000
    for folder in source.iterdir():
        (tmp_path / folder.name).mkdir()
        for file in folder.iterdir():
            (tmp_path / folder.name / file.name).symlink_to(file)
    for name, dated, columns in DATED:
        frame = pd.read_parquet(source / name)
        late = (frame[dated] > year).to_numpy()
        assert late.any(), name
        for column in columns:
            figures = frame[column].astype(float).to_numpy(copy=True)
            figures[late] *= rng.uniform(0.5, 0.99, late.sum())
            frame[column] = figures
        (tmp_path / name).unlink()
        frame.to_parquet(tmp_path / name)
    monkeypatch.setenv("COMITY_DATA", str(tmp_path))
    changed = history.load_history(year)
    assert changed.states == worlds[year].states
    for field in cards():
        np.testing.assert_array_equal(getattr(changed, field), getattr(worlds[year], field), field)
    shutil.rmtree(tmp_path)


@raw_data
@pytest.mark.filterwarnings("ignore:.*regions merge known states only")
def test_the_world_class_loads_it_and_it_coarsens(worlds):
    """Yugoslavia and Czechoslovakia have a region too; extensive totals stay."""
    world = load_history(1990)
    assert world.states == worlds[1990].states
    coarse = coarsen(world, ["USA", "RUS", "JPN", "DEU"])
    assert float(coarse.gdp.sum()) == pytest.approx(float(world.gdp.sum()), rel=1e-12)
    filled, _ = opened(coarse)
    assert bool(jnp.isfinite(filled.milex).all())
