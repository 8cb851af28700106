"""World Bank series (WDI) keyed by our ids: GDP, real GDP and population."""

import pandas as pd

from comity.data.sources.sanity import column, require, unique, within
from comity.data.sources.source import load
from comity.registry.states import convert


def _keyed(frame: pd.DataFrame, code: str, value: str, what: str, high: float) -> pd.Series:
    """Return a series indexed by (id, year); aggregates such as ``WLD`` fall away."""
    require(frame, [code, "Year", value], what)
    out = pd.DataFrame(
        {
            "id": convert(frame[code], "iso3", "id", 2024),
            "year": frame["Year"].astype(int),
            "value": frame[value].astype(float),
        }
    ).dropna()
    unique(out, ["id", "year"], what)
    series = column(out.set_index(["id", "year"]), "value").sort_index()
    within(series, 1e-9, high, what)
    return series


def gdp_current(raw: pd.DataFrame | None = None) -> pd.Series:
    """Return GDP in current USD, indexed by (id, year)."""
    frame = load("wb_gdp_current_usd") if raw is None else raw
    return _keyed(frame, "Country Code", "Value", "wb_gdp_current_usd", 1e14)


def gdp_real(raw: pd.DataFrame | None = None) -> pd.Series:
    """Return GDP in constant 2015 USD, indexed by (id, year)."""
    frame = load("wb_gdp_constant2015usd") if raw is None else raw
    return _keyed(frame, "CountryCode_ISO3", "GDP_constant2015USD", "wb_gdp_constant2015usd", 1e14)


def population(raw: pd.DataFrame | None = None) -> pd.Series:
    """Return population in persons, indexed by (id, year)."""
    frame = load("wb_population") if raw is None else raw
    return _keyed(frame, "Country Code", "Value", "wb_population", 2e9)
