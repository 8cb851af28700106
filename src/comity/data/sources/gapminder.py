"""Gapminder: GDP at purchasing power (2021 dollars) for states that the World Bank leaves out."""

import pandas as pd

from comity.data.sources.sanity import column, require, unique, within
from comity.data.sources.source import load
from comity.registry.states import convert

PER_HEAD, PEOPLE = "fasttrack_gdp_pcap", "fasttrack_pop"


def gdp_ppp(raw: pd.DataFrame | None = None, last: int = 2024) -> pd.Series:
    """Return GDP in 2021 international dollars, indexed by (id, year), up to year ``last``.

    Figures after 2024 are Gapminder's projections and are left out by default.
    """
    frame = load("gapminder_country_year") if raw is None else raw
    require(frame, ["geo", "time", "indicator", "value"], "gapminder_country_year")
    frame = frame[frame["indicator"].isin([PER_HEAD, PEOPLE]) & (frame["time"] <= last)]
    keyed = pd.DataFrame(
        {
            "id": convert(frame["geo"].str.upper(), "iso3", "id", 2024),
            "year": frame["time"].astype(int),
            "indicator": frame["indicator"].astype(str),
            "value": frame["value"].astype(float),
        }
    ).dropna()
    unique(keyed, ["id", "year", "indicator"], "gapminder_country_year")
    wide = keyed.pivot(index=["id", "year"], columns="indicator", values="value")
    out = (column(wide, PER_HEAD) * column(wide, PEOPLE)).dropna().sort_index()
    within(out, 1e5, 1e14, "gapminder GDP")
    return out
