"""The world of a past year, from figures dated to that year: the fields of `World`, NaN where none.

States are those of 31 December.  Sources code today's states: a state that has since broken up
(the Soviet Union is RUS to 1990, Yugoslavia, Czechoslovakia, Sudan, ...) gets the sum of the
states that stand on its territory now.  Money is in current dollars of the year.

What is estimated rather than read, `trade_at` saying which flows: goods that nobody reports, by
gravity on those reported in the year; domestic sales, as output less exports, output being GDP
over the value-added share.  That share is of the input-output tables from 2000 (blank for others:
the door takes the median); before, no table exists and 0.5 is judged.  Trade is in goods only, as
imports are reported, re-exports and freight included: a third above WIOD in 2000.  Tariffs are
known from 2000 between the economies of those tables, never before.
Weak spots: one late vintage of all figures; DESTA and the table of memberships know no Yugoslavia
and no Czechoslovakia; ideal points are smoothed over later sessions by their makers.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from numpy import ndarray

from comity.core.errors import BadInput
from comity.core.lazy import verb
from comity.data.flows.split import gravity_flows
from comity.data.panel.contiguity import yearly
from comity.data.panel.regime import last_unit
from comity.data.series import spending
from comity.data.sources import cepii, facts, gapminder, sipri_milex, world_bank
from comity.data.sources.cow import with_ids
from comity.data.sources.sanity import column
from comity.data.sources.source import load
from comity.data.tables import agreements as treaties
from comity.data.tables import growth as growth_table
from comity.data.tables.geography import changed, great_circle
from comity.models.people.growth_on_a_panel import GrowthPanel, fit_growth
from comity.registry.states import convert, ids, succession
from comity.world.given import World
from comity.world.snapshot import members_at, table

YEARS = (1970, 2014)  # dollars of GDP are too few before, COW trade ends after
TODAY = 2024
TABLES_FROM = 2000
# Value added over gross output where no input-output table exists (judged): in the tables of 2000
# to 2022 the median is 0.52 to 0.53 and nine in ten economies lie between 0.39 and 0.66.
JUDGED_SHARE = 0.5
# Domestic sales are at least this share of output, also where goods pass through (judged).
LEAST_AT_HOME = 0.2
COVERED = 0.9  # share of people in parts with figures below which a sum is not given
OLDEST_VOTE = 5
SERVICES = "Services (aggregate)"
GONE = {"YUG": "YUG", "CSK": "CSK", "RUS": "SUN"}  # codes of the Maddison Project
SOVIET_END = 1991
# State, last year at whose end others were part of it, and who left.
LEFT = (
    ("RUS", 1990, "ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA TJK TKM UKR UZB"),
    ("SRB", 2005, "MNE"),
    ("SRB", 2007, "XKX"),
    ("ETH", 1992, "ERI"),
    ("IDN", 1998, "TLS"),
    ("SDN", 2010, "SSD"),
    ("PAK", 1970, "BGD"),
)


class Trade(NamedTuple):
    """Sales (million USD; row to column), share of goods in them, and which flows are reported."""

    sales: Float[ndarray, "N N"]
    goods: Float[ndarray, "N N"]
    reported: Bool[ndarray, "N N"]


def parts(state: str, year: int) -> tuple[str, ...]:
    """Return today's states on the territory that a state had on 31 December of ``year``.

    >>> parts("CSK", 1990)
    ('CZE', 'SVK')
    """
    found = {state} & set(ids(TODAY))
    for old, last, who in LEFT:
        if old == state and year <= last:
            found |= set(who.split())
    for row in succession():
        split = row["predecessor"] == state and row["kind"] == "split" and int(row["year"]) > year
        if split:
            found |= set(parts(row["successor"], year))
    return tuple(sorted(found))


def _people(year: int) -> pd.Series:
    """Return population in million of today's states: World Bank, else Gapminder."""
    bank = world_bank.population()
    now = bank[bank.index.get_level_values("year") == year].droplevel("year")
    other = load("gapminder_country_year", ["geo", "time", "indicator", "value"])
    other = other[(other.indicator == "fasttrack_pop") & (other.time == year)]
    other = other.assign(id=other.geo.str.upper()).set_index("id").value
    return now.reindex(ids(TODAY)).fillna(other.reindex(ids(TODAY))) / 1e6


def _summed(figures: pd.Series, people: pd.Series, year: int) -> pd.Series:
    """Return figures of today's states summed to the states of ``year``; NaN below `COVERED`."""
    rows = {}
    for state in ids(year):
        mine = list(parts(state, year))
        known = figures.reindex(mine)
        weight = people.reindex(mine)
        share = weight[known.notna()].sum() / weight.sum() if weight.sum() > 0 else np.nan
        rows[state] = known.sum() if known.notna().any() and share >= COVERED else np.nan
    return pd.Series(rows, dtype=float)


def gdp_at(year: int) -> pd.DataFrame:
    """Return ``gdp`` (billion current USD) and ``gdp_status`` of the states of ``year``.

    World Bank; else spending over its share of GDP (SIPRI); else GDP at purchasing power
    (Gapminder) at the median price level of the states in the same third of income per head.
    """
    people = _people(year)
    bank = world_bank.gdp_current()
    found = _summed(
        bank[bank.index.get_level_values("year") == year].droplevel("year") / 1e9, people, year
    )
    status = pd.Series("World Bank", index=found.index).where(found.notna(), "none")
    sipri = sipri_milex.tidy()
    sipri = sipri[(sipri["year"] == year) & (sipri["share"] > 0)].set_index("id")
    power = gapminder.gdp_ppp()
    power = _summed(
        power[power.index.get_level_values("year") == year].droplevel("year") / 1e9, people, year
    )
    head = power / _summed(people, people, year)
    third = pd.Series(np.ceil(3 * head.rank(pct=True)))
    level = pd.Series((found / power).groupby(third).median()).to_dict()
    for name, other in (
        ("SIPRI spending over share of GDP", sipri.current / sipri.share / 1e3),
        ("purchasing power x price level", power * third.map(level)),
    ):
        gap = found.isna() & other.reindex(found.index).notna()
        found, status = found.where(~gap, other.reindex(found.index)), status.mask(gap, name)
    return pd.DataFrame({"gdp": found, "gdp_status": status})


def spending_at(year: int) -> pd.DataFrame:
    """Return ``milex`` (million current USD) and ``military_stock`` (million 2023 USD).

    Where SIPRI has constant dollars only (the Soviet Union), they are put into dollars of the year
    by its own ratio for the United States.
    """
    series = sipri_milex.tidy()
    series = series[series["year"] <= year]
    now = series[series["year"] == year].set_index("id")
    current, constant = column(now, "current"), column(now, "constant")
    milex = current.fillna(constant * (current["USA"] / constant["USA"])).reindex(ids(year))
    stock = {
        own: spending.stock(column(rows.set_index("year"), "constant").sort_index())
        for own, rows in series.groupby("id")
    }
    held = pd.Series(stock).reindex(ids(year)).where(milex.notna())
    return pd.DataFrame({"milex": milex, "military_stock": held})


def polyarchy_at(year: int) -> pd.Series:
    """Return V-Dem's electoral democracy index by id."""
    raw = load("vdem_core", ["vdem_country_name", "year", "cown", "v2x_polyarchy"])
    now = last_unit(raw[raw["year"] <= year], "cown", "vdem_country_name")
    now = now[now["year"] == year]
    own = convert(now["cown"], "cow", "id", year)
    coded = now.assign(id=own).dropna(subset=["id"]).drop_duplicates("id").set_index("id")
    return coded.v2x_polyarchy.reindex(ids(year))


def ideal_points_at(year: int) -> pd.Series:
    """Return the ideal point of the year, else the latest of the five years before, by id."""
    raw = load("unga_ideal_points", ["ccode", "year", "idealpointfp"]).dropna()
    raw = raw[raw["year"].between(year - OLDEST_VOTE, year)].sort_values("year")
    raw = raw.assign(id=convert(raw["ccode"], "cow", "id", raw["year"].to_numpy()))
    return raw.dropna(subset=["id"]).groupby("id").idealpointfp.last().reindex(ids(year))


def value_added_at(year: int, gdp: pd.Series) -> pd.Series:
    """Return value added over gross output by id: WIOD from 2000, `JUDGED_SHARE` before."""
    if year < TABLES_FROM:
        return pd.Series(JUDGED_SHARE, index=list(ids(year)))
    output = _wiod(year).groupby("exporter", observed=True).Xjik.sum() / 1e3
    share = (gdp / output.reindex(gdp.index)).reindex(ids(year))
    return share.where(share.between(0.2, 0.9))


def _wiod(year: int) -> pd.DataFrame:
    """Return WIOD's cells of a year with codes as text."""
    frame = load("wiod2016_2000_2014_sector_bilateral")
    frame = frame[frame.year == year]
    return frame.assign(exporter=frame.exporter.astype(str), importer=frame.importer.astype(str))


def tariffs_at(year: int) -> Float[ndarray, "N N"]:
    """Return applied rates on goods, row exporter, column importer; NaN where nobody says.

    Weighted by trade over the goods sectors of WIOD; its rest of the world is missing, not zero.
    """
    states = list(ids(year))
    out = np.full((len(states), len(states)), np.nan)
    if year >= TABLES_FROM:
        goods = _wiod(year).query("sector != @SERVICES and exporter != importer")
        sums = goods.assign(paid=goods.tjik * goods.Xjik).groupby(["exporter", "importer"])
        both = sums[["paid", "Xjik"]].sum()
        rate = (both.paid / both.Xjik.where(both.Xjik > 0)).unstack()
        out = rate.reindex(index=states, columns=states).to_numpy(float).copy()
    np.fill_diagonal(out, 0.0)
    return out


def distances_at(year: int) -> Float[ndarray, "N N"]:
    """Return km between populations (CEPII), else between the capitals of the year."""
    states = list(ids(year))
    known = cepii.pairs().pivot_table(index="iso_o", columns="iso_d", values="distance")
    spells = load("cow_capitals", ["ccode", "stdate", "enddate", "lat", "lng"])
    start, end = (pd.to_datetime(spells[name]).dt.year for name in ("stdate", "enddate"))
    now = spells[(start <= year) & (end >= year)].sort_values("stdate")
    now = now.assign(id=convert(now.ccode, "cow", "id", year)).dropna(subset=["id"])
    now = now.drop_duplicates("id", keep="last").set_index("id")
    # Where a place lies has no date: a capital listed only later (Monaco) will do.
    first = spells.assign(id=convert(spells.ccode, "cow", "id", end.clip(upper=TODAY).to_numpy()))
    first = first.dropna(subset=["id"]).sort_values("stdate").drop_duplicates("id").set_index("id")
    now = now[["lat", "lng"]].combine_first(first[["lat", "lng"]]).reindex(states)
    capital = great_circle(now.lat.to_numpy(float), now.lng.to_numpy(float))
    matrix = known.reindex(index=states, columns=states).to_numpy(float)
    return np.where(np.isnan(matrix), capital, matrix)


def _square(frame: pd.DataFrame, value: str, year: int, absent: float) -> Float[ndarray, "N N"]:
    """Return directed pairs ``a``, ``b`` as a matrix over the states of ``year``."""
    states = list(ids(year))
    frame = frame[frame.a.isin(states) & frame.b.isin(states)].drop_duplicates(["a", "b"])
    out = np.full((len(states), len(states)), absent)
    place = pd.Index(states)
    out[place.get_indexer(pd.Index(frame.a)), place.get_indexer(pd.Index(frame.b))] = frame[value]
    return out


def contiguity_at(year: int) -> Float[ndarray, "N N"]:
    """Return COW's code of direct contiguity, 1 to 5, NaN = none, by the base year's rule."""
    codes = _square(with_ids(yearly(year, year), year), "conttype", year, np.nan)
    return changed(pd.DataFrame(codes, list(ids(year)), list(ids(year))), year).to_numpy()


def obligations_at(year: int) -> Float[ndarray, "N N"]:
    """Return 1 where ATOP has the row owing the column defence in the year, else 0."""
    frame = load("atop_dyad_year", ["ccode1", "ccode2", "year", "atop_defense"])
    frame = frame[(frame.year == year) & (frame.atop_defense == 1)]
    return _square(with_ids(frame, year).assign(one=1.0), "one", year, 0.0)


def agreements_at(year: int) -> Float[ndarray, "N N"]:
    """Return 1 where a free-trade agreement or customs union is in force, NaN for gone states."""
    union = facts.terms("EU")
    changes = treaties.of_changes(union)
    ended = {spell[:2] for spell in changes if spell[3] < treaties.END}
    clubs = [s for club in treaties.FROM_FACTS for s in treaties.of_club(facts.terms(club))]
    spells = [*treaties.of_club(union), *clubs, *treaties.of_treaties(union), *changes]
    lasting = [s for s in spells if not (s[:2] in ended and s[3] == treaties.END)]
    pairs = list(treaties.unbroken(lasting, year))
    both = [*pairs, *((b, a) for a, b in pairs)]
    out = _square(pd.DataFrame(both, columns=["a", "b"]).assign(one=1.0), "one", year, 0.0)
    gone = ~np.isin(ids(year), ids(TODAY))
    out[gone, :], out[:, gone] = np.nan, np.nan
    return out


def trade_at(year: int, gdp: pd.Series, people: pd.Series, share: pd.Series) -> Trade:
    """Return trade in goods and domestic sales of the states of ``year``.

    Parameters
    ----------
    year
        Year of the flows.
    gdp, people
        GDP (billion USD) and population (million) by id.
    share
        Value added over gross output by id; the median stands in where it is blank.
    """
    frame = load("cow_trade_v4_dyad_year", ["ccode1", "ccode2", "year", "flow1", "flow2"])
    frame = with_ids(frame[frame.year == year], year)
    turned = frame.rename(columns={"a": "b", "b": "a"})
    flows = np.where(
        np.isnan(into := _square(turned, "flow1", year, np.nan)),
        _square(frame, "flow2", year, np.nan),
        into,
    )
    np.fill_diagonal(flows, np.nan)
    reported = np.isfinite(flows)
    size, head = np.log(gdp.to_numpy()), np.log((gdp / people).to_numpy())
    shape = flows.shape
    km = np.log(np.where(np.eye(len(size)), 1.0, distances_at(year)))
    sides = [np.broadcast_to(c, shape) for x in (size, head) for c in (x[:, None], x[None, :])]
    columns = [np.ones(shape), *sides, km, contiguity_at(year) == 1]
    fitted, _ = gravity_flows(np.nan_to_num(flows), reported, np.stack(columns, axis=-1))
    sales = np.where(reported, flows, fitted)
    np.fill_diagonal(sales, 0.0)
    exports = sales.sum(axis=1)
    output = 1e3 * gdp.to_numpy() / share.fillna(share.median()).to_numpy()
    home = np.maximum(output - exports, exports * LEAST_AT_HOME / (1 - LEAST_AT_HOME))
    np.fill_diagonal(sales, home)
    goods = np.ones(shape)
    np.fill_diagonal(goods, np.nan)
    return Trade(sales, goods, reported)


def _log_change(level: pd.Series) -> pd.Series:
    return pd.Series(np.log(level.to_numpy(float)), level.index).diff()


def growth_panel(year: int) -> GrowthPanel:
    """Return the panel of growth to ``year``, states that are gone from the Maddison Project."""
    panel = growth_table.panel()
    frames = {"growth": panel.growth, "population": panel.population, "size": panel.size}
    frames = {name: frame.copy() for name, frame in frames.items()}
    old = load("maddison_2018", ["countrycode", "year", "rgdpnapc", "pop"])
    for own, code in GONE.items():
        if own not in ids(year) or (own == "RUS" and year >= SOVIET_END):
            continue
        mine = (
            old[(old.countrycode == code) & (old.year >= 1949)]
            .set_index("year")
            .astype({"rgdpnapc": float, "pop": float})
        )
        output = column(mine, "rgdpnapc") * column(mine, "pop") / 1e3
        frames["growth"][own] = _log_change(output)
        frames["population"][own] = _log_change(column(mine, "pop"))
        frames["size"][own] = output
    return GrowthPanel(**frames).up_to(year)


def load_history(year: int) -> World:
    """Return the world at the end of a past year; the raw data are needed.

    Parameters
    ----------
    year
        1970 to 2014.

    Raises
    ------
    BadInput
        Another year, or raw data that are not on this machine.
    """
    if not isinstance(year, Integral) or not YEARS[0] <= year <= YEARS[1]:
        raise BadInput(
            f"there is no world of {year!r}",
            f"sources allow {YEARS[0]} to {YEARS[1]}",
            "use world.load() for the base year",
        )
    states = list(ids(year))
    gdp, people = gdp_at(year).gdp, _people(year)
    people = _summed(people, people, year)
    share, arms = value_added_at(year, gdp), spending_at(year)
    trade = trade_at(year, gdp, people, share)
    growth = fit_growth(growth_panel(year), year).states.reindex(states)
    rules, members = table("frameworks"), table("memberships")
    frameworks = sorted(rules.loc[rules["founded"] <= year, "id"])
    members = members[members["framework"].isin(frameworks)]
    per_state = {
        "gdp": gdp,
        "population": people,
        "milex": arms.milex,
        "military_stock": arms.military_stock,
        "polyarchy": polyarchy_at(year),
        "ideal_point": ideal_points_at(year),
        "value_added_share": share,
        "growth_sd": growth["sd"],
        **{n: growth[n] for n in ("trend", "trend_sd", "population_growth", "loading")},
    }
    dyads = {
        "sales": trade.sales,
        "goods": trade.goods,
        "tariff": tariffs_at(year),
        "distance": distances_at(year),
        "contiguity": contiguity_at(year),
        "obligation": obligations_at(year),
        "agreement": agreements_at(year),
    }
    fields: dict[str, Any] = {
        n: jnp.asarray(v.reindex(states).to_numpy(float)) for n, v in per_state.items()
    } | {n: jnp.asarray(v) for n, v in dyads.items()}
    return World(
        states=tuple(states),
        frameworks=tuple(frameworks),
        year=year,
        slot=jnp.arange(len(states), dtype=jnp.uint32),
        membership=jnp.asarray(members_at(members, frameworks, states, year)),
        **fields,
    )


verb(__name__, f"{__name__}:load_history")
