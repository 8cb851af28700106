"""Growth of every state from 2025: trend, its uncertainty, yearly shocks.

Growth to 2019 is that of national accounts in the Penn World Table; after 2019, and for states
that are not in it, that of the World Bank.  What states share (world mean, regression to the
mean) is estimated on figures to 2019; each state's trend uses its decade to 2024.

Taiwan's population after 2019, which the World Bank does not publish, is Gapminder's.

Weak spots: figures are of one late vintage; oil states and states at war have trends that the past
decade may not tell (``trend_sd`` covers it).  States with fewer than eight years of the decade
(``method`` group) get the mean and spread of all states.
"""

import numpy as np
import pandas as pd

from comity.data.build.table import Field
from comity.data.sources.source import load, years
from comity.models.people.growth_on_a_panel import GrowthPanel, fit_growth
from comity.registry import states

NAME = "growth"
KEYS = ["id"]
LAST = 2024
PARAMETERS_TO = 2019
FIRST = 1950
SOURCES = ["pwt_10_01", "wb_gdp_constant2015usd", "wb_population", "gapminder_country_year"]
LICENCE = "Penn World Table and World Bank: CC BY 4.0; the figures are estimates made from them"
FIELDS = [
    Field("id", "string", "", "State (ISO3).", ["country_codes_crosswalk"]),
    Field(
        "trend",
        "number",
        "1/year",
        "Expected log growth of GDP per head: world mean plus the state's past deviation from the "
        "median state, regressed to the mean.",
        SOURCES,
        LICENCE,
        "2015-2024; parameters 1951-2019",
    ),
    Field(
        "trend_sd",
        "number",
        "1/year",
        "Standard deviation of the next decade's mean growth around trend; holds the error in "
        "population too.",
        SOURCES,
        LICENCE,
        "parameters 1951-2019",
    ),
    Field(
        "population_growth",
        "number",
        "1/year",
        "Mean log growth of population, yearly figures clipped to -2 % and 4 %.",
        ["pwt_10_01", "wb_population", "gapminder_country_year"],
        LICENCE,
        "2005-2024",
    ),
    Field(
        "loading",
        "number",
        "1",
        "Response of growth to the common shock: 1 for every state, because loadings estimated "
        "state by state predicted the next decade no better.",
        SOURCES,
    ),
    Field(
        "sd",
        "number",
        "1/year",
        "Standard deviation of the state's own yearly growth shock, shrunk towards a line in size.",
        SOURCES,
        LICENCE,
        "2005-2024",
    ),
    Field(
        "method",
        "string",
        "",
        "own, or group: too few years of its own, mean and spread of all states.",
        SOURCES,
    ),
]


def _wide(frame: pd.DataFrame, year: str, code: str, value: str) -> pd.DataFrame:
    """Return a year x id table over all states; a state without figures is a column of NaN."""
    ids = list(states.ids())
    kept = frame[frame[code].isin(ids)]
    table = kept.pivot(index=year, columns=code, values=value)
    last = max(LAST, years("wb_gdp_constant2015usd")[1])
    return pd.DataFrame(table, index=list(range(FIRST, last + 1)), columns=ids, dtype=float)


def _log_growth(level: pd.DataFrame) -> pd.DataFrame:
    """Return yearly log growth of a year x id table of levels."""
    return pd.DataFrame(np.log(level.to_numpy()), level.index, level.columns).diff()


def _gapminder_people() -> pd.DataFrame:
    """Return population (persons) of the states that the World Bank leaves out; years x ids."""
    table = load("gapminder_country_year", columns=["geo", "time", "indicator", "value"])
    table = table[(table.indicator == "fasttrack_pop") & (table.geo == "twn")]
    return _wide(table.assign(id=table.geo.str.upper()), "time", "id", "value")


def panel() -> GrowthPanel:
    """Return growth, population growth (log, 1/year) and size by year (from 1950) and state.

    Size is output at purchasing power (million USD of 2017), else GDP in million USD of 2015; it
    only orders and weights states.
    """
    pwt = load("pwt_10_01", columns=["isocode", "year", "rgdpna", "rgdpo", "pop"])
    output, people, size = (
        _wide(pwt, "year", "isocode", name) for name in ("rgdpna", "pop", "rgdpo")
    )
    code, value = "CountryCode_ISO3", "GDP_constant2015USD"
    bank = load("wb_gdp_constant2015usd", columns=[code, "Year", value])
    bank_output = _wide(bank, "Year", code, value)
    count = load("wb_population", columns=["Country Code", "Year", "Value"])
    bank_people = _wide(count, "Year", "Country Code", "Value")
    bank_people = bank_people.fillna(_gapminder_people())
    growth, crowd = _log_growth(output), _log_growth(people)
    return GrowthPanel(
        growth.fillna(_log_growth(bank_output)),
        crowd.where(growth.notna()).fillna(_log_growth(bank_people)),
        size.fillna(bank_output / 1e6).ffill(),
    )


def build() -> pd.DataFrame:
    """Return one row a state with the columns of ``FIELDS``."""
    fit = fit_growth(panel(), LAST, PARAMETERS_TO)
    table = fit.states.rename_axis("id").reset_index()
    return pd.DataFrame(table, columns=[field.name for field in FIELDS])
