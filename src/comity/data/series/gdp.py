"""GDP of every state in current US dollars of the base year, with the step that gave each figure.

The base-year figure of the CIA World Factbook is used where it is one.  Elsewhere the latest
figure is carried to the base year: by real growth (World Bank, else Gapminder) and by the
median change of prices in dollars among the states that have both figures.  Where the latest
figure is too old, GDP at purchasing power is valued at the median price level of the states in
the same third of income per head.  Two figures of the Factbook are not used: Cuba's rests on an
official exchange rate that overstates the peso, and the one for Taiwan is that of 2019, whatever
its date says (it equals the national accounts of that year).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from comity.data.sources import gapminder, sipri_milex, world_bank
from comity.data.sources.sanity import column, figure
from comity.data.sources.source import load
from comity.registry.states import ids

BASE = 2024
# Figures that are printed but unusable: see the module's first lines.
REFUSED = frozenset({"CUB", "TWN"})
# A figure older than this is not carried on.
OLDEST = 2019


class Figure(NamedTuple):
    """GDP in billion current USD and how it was come by."""

    value: float
    status: str


def price_change(nominal: pd.Series, real: pd.Series, year: int) -> float:
    """Return the median change of dollar prices from ``year - 1`` to ``year``.

    Parameters
    ----------
    nominal, real
        GDP in current USD and in constant units, indexed by (id, year).
    """
    growth = _ratio(nominal, year) / _ratio(real, year)
    return float(growth.dropna().median())


def _ratio(series: pd.Series, year: int) -> pd.Series:
    """Return the factor of change from the year before, by id."""
    now = series[series.index.get_level_values("year") == year].droplevel("year")
    before = series[series.index.get_level_values("year") == year - 1].droplevel("year")
    return (now / before).dropna()


def _real_factor(state_id: str, since: int, series: list[pd.Series]) -> float:
    """Return real growth from ``since`` to the base year in the first series that has both."""
    for real in series:
        if (state_id, since) in real.index and (state_id, BASE) in real.index:
            return float(real[(state_id, BASE)] / real[(state_id, since)])
    return np.nan


def carry(
    state_id: str, value: float, since: int, series: list[pd.Series], prices: dict[int, float]
) -> float:
    """Carry a figure of year ``since`` to the base year by real growth and dollar prices."""
    inflation = float(np.prod([prices[year] for year in range(since + 1, BASE + 1)]))
    return value * _real_factor(state_id, since, series) * inflation


def base_year_gdp() -> pd.DataFrame:
    """Return columns gdp (billion current USD 2024) and gdp_status (text), indexed by id."""
    facts = load("facts_states").set_index("iso3")
    current, real = world_bank.gdp_current() / 1e9, world_bank.gdp_real()
    direct = facts.loc[
        (facts["gdp_year"] == BASE) & ~facts.index.isin(list(REFUSED)), "gdp_usd_bn"
    ].astype(float)
    tip = pd.Series(
        direct.to_numpy(), index=pd.MultiIndex.from_product([direct.index, [BASE]])
    ).rename_axis(["id", "year"])
    nominal = pd.concat([current, tip])
    prices = {year: price_change(nominal, real, year) for year in range(OLDEST, BASE + 1)}
    ppp = gapminder.gdp_ppp()
    growth = [real, ppp]
    levels = price_levels(direct, ppp[ppp.index.get_level_values("year") == BASE].droplevel("year"))
    spending = sipri_milex.tidy()
    spending = spending[(spending["year"] == BASE) & (spending["share"] > 0)].set_index("id")
    implied = column(spending, "current") / column(spending, "share") / 1e3
    rows = {}
    for own in ids(BASE):
        if own in direct.index:
            rows[own] = Figure(float(direct[own]), "Factbook 2024")
        else:
            rows[own] = _estimated(own, facts, current, implied, growth, prices)
        if not np.isfinite(rows[own].value) and own in levels.index:
            rows[own] = Figure(float(levels[own]), "purchasing power 2024 x price level")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["gdp", "gdp_status"])


def _estimated(
    own: str,
    facts: pd.DataFrame,
    current: pd.Series,
    implied: pd.Series,
    growth: list[pd.Series],
    prices: dict[int, float],
) -> Figure:
    """Return the GDP of a state without a usable base-year figure."""
    if own in implied.index and own in REFUSED:
        return Figure(float(implied[own]), "SIPRI spending / share of GDP 2024")
    if own in REFUSED:
        return Figure(np.nan, "none")
    mine = current[current.index.get_level_values("id") == own].dropna()
    mine = mine[mine.index.get_level_values("year") >= OLDEST]
    since = int(mine.index.get_level_values("year").max()) if len(mine) else 0
    value, origin = (float(mine.loc[(own, since)]), "World Bank") if since else (np.nan, "")
    if own in facts.index and since < figure(facts, own, "gdp_year") < BASE:
        value, since = figure(facts, own, "gdp_usd_bn"), int(figure(facts, own, "gdp_year"))
        origin = "Factbook"
    if not since:
        return Figure(np.nan, "none")
    carried = carry(own, value, since, growth, prices)
    if np.isfinite(carried):
        return Figure(carried, f"{origin} {since}, carried to 2024")
    return Figure(value, f"{origin} {since}")


def price_levels(direct: pd.Series, ppp: pd.Series) -> pd.Series:
    """Return GDP at purchasing power valued at the price level of its income third.

    Parameters
    ----------
    direct
        GDP of the base year in billion current USD of the states that have it.
    ppp
        GDP of the base year in international dollars, by id.

    Returns
    -------
    pandas.Series
        GDP in billion current USD, by id of ``ppp``.
    """
    people = world_bank.population()
    people = people[people.index.get_level_values("year") == BASE].droplevel("year")
    level = (direct * 1e9 / ppp).dropna()
    rank = (ppp / people).dropna().rank(pct=True)
    third = pd.Series(np.ceil(rank.to_numpy() * 3), rank.index)
    medians = level.groupby(third.reindex(level.index)).median()
    return (ppp * third.map(medians) / 1e9).dropna()
