"""Nominal GDP of 2022 and its growth to 2024, the two figures that carry trade to the base year.

Growth, 2022 to 2024: GDP implied by SIPRI (military spending over its share of GDP) in both years,
one series of one vintage at market exchange rates, where its growth of 2022-23 is within a fifth
of the World Bank's; else real growth times the US deflator (real exchange rate held still).
States without real growth take the median of the others.

Level, 2022: World Bank, current USD; for the nine states it lacks, GDP of the base year
(``comity.data.series.gdp``) over that growth.  The route of every state comes with its figure.
"""

import numpy as np
import pandas as pd

from comity.data.series.gdp import base_year_gdp
from comity.data.sources.source import load

FIRST, LAST = 2022, 2024
AGREE = 0.2
WORLD_BANK = "World Bank"


def _world_bank(card: str, code: str, value: str) -> pd.DataFrame:
    """Return a World Bank file as state x year (units of the file)."""
    frame = load(card, columns=[code, "Year", value]).dropna()
    return frame.pivot_table(index=code, columns="Year", values=value)


def _sipri() -> pd.DataFrame:
    """Return GDP implied by SIPRI (million current USD) as state x year."""
    names = load("country_names", columns=["name", "iso3c"]).dropna()
    frame = load(
        "sipri_milex_1949_2024", columns=["Country", "Year", "current_usd_m", "share_of_gdp"]
    )
    frame = frame.assign(
        id=frame.Country.map(dict(zip(names.name, names.iso3c, strict=True))),
        spending=pd.to_numeric(frame.current_usd_m, errors="coerce"),
        share=pd.to_numeric(frame.share_of_gdp, errors="coerce"),
    )
    frame = frame[(frame.share > 0) & frame.spending.notna() & (frame.Year >= FIRST)]
    frame = frame.assign(gdp=frame.spending / frame.share)
    return frame.pivot_table(index="id", columns="Year", values="gdp")


def growth_2022_2024(ids: list[str]) -> pd.DataFrame:
    """Return ``growth`` (GDP 2024 / GDP 2022, nominal USD) and ``route`` for every state."""
    current = _world_bank("wb_gdp_current_usd", "Country Code", "Value").reindex(ids)
    real = _world_bank("wb_gdp_constant2015usd", "CountryCode_ISO3", "GDP_constant2015USD")
    real = (real[LAST] / real[FIRST]).reindex(ids)
    implied = _sipri().reindex(ids)
    total = implied[LAST] / implied[FIRST]
    early = (implied[FIRST + 1] / implied[FIRST]) / (current[FIRST + 1] / current[FIRST])
    trusted = (early - 1).abs() < AGREE
    trusted |= current[FIRST].isna() & total.between(1 - AGREE, 1 + AGREE)
    deflator = total["USA"] / real["USA"]
    growth = total.where(trusted, real * deflator)
    route = pd.Series(np.where(trusted & total.notna(), "SIPRI", "real growth"), index=ids)
    unknown = growth.isna()
    growth = growth.fillna((real * deflator).median())
    return pd.DataFrame({"growth": growth, "route": route.mask(unknown, "median of the others")})


def gdp_2022(ids: list[str]) -> pd.DataFrame:
    """Return ``gdp`` (million current USD, 2022) and ``route`` for every state in ``ids``."""
    current = _world_bank("wb_gdp_current_usd", "Country Code", "Value")[FIRST].reindex(ids) / 1e6
    base = base_year_gdp().gdp.reindex(ids) * 1e3 / growth_2022_2024(ids).growth
    route = np.where(current.notna(), WORLD_BANK, "base year")
    return pd.DataFrame({"gdp": current.fillna(base), "route": route})
