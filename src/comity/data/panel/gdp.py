"""GDP and population from three sources, each under its own name and unit.

The sources give figures for today's borders; a state of the past is not always the state of that
code today.  Where their population differs from that of the state of the time by more than a
fifth for that reason, figures are left out (``BORDERS``) rather than joined to the wrong unit.
In a year in which a state has two codes (Germany 1990) both rows carry its figure.
"""

from typing import Literal

import numpy as np
import pandas as pd

from comity.core.errors import BadInput
from comity.data.panel.coverage import Added, add_states
from comity.data.panel.keys import Keys, Table, join_states
from comity.data.sources.source import load

Source = Literal["maddison", "pwt", "wdi"]
CARDS = {
    "maddison": ("maddison_2018",),
    "pwt": ("pwt_10_01",),
    "wdi": ("wb_gdp_current_usd", "wb_gdp_constant2015usd"),
}
# id -> years in which figures for today's (or united) borders are not the state's.  Measured
# against tpop of National Material Capabilities: population differs by more than a fifth.
BORDERS = {
    "DEU": (1945, 1989),  # the Federal Republic; the sources have both German states
    "RUS": (1917, 1990),  # the Soviet Union; the sources have the Russian republic
    "YEM": (1918, 1989),  # North Yemen; the sources have both
    "VNM": (1945, 1975),  # North Vietnam; the sources have both
    "PAK": (1947, 1970),  # with East Pakistan; the sources are without
    "SRB": (1992, 2007),  # with Montenegro or Kosovo; the sources are without
    "SDN": (1956, 2010),  # with South Sudan; the sources are without
}
# The same before, for the one source that goes back so far.
LONG_BORDERS = {
    "DEU": (1816, 1870),
    "DNK": (1816, 1863),
    "GRC": (1816, 1913),
    "ITA": (1816, 1860),
    "NLD": (1816, 1830),
    "ROU": (1816, 1939),
    "SWE": (1816, 1904),
    "TUR": (1816, 1913),
}
# Years in which the series of the Soviet Union stands for the state that is Russia now.
SOVIET = (1922, 1990)


def gdp(keys: Keys, source: Source = "maddison") -> Added:
    """Return GDP of each state from one source.

    ``maddison``: ``gdp_maddison`` (million 2011 USD), ``gdp_head_maddison`` (2011 USD),
    ``population_maddison`` (thousand), to 2016 (bolt2018rebasing); the Soviet Union, Yugoslavia
    and Czechoslovakia have their own series.  ``pwt``: ``gdp_pwt`` (expenditure side, million
    2017 USD at purchasing power), ``gdp_head_pwt``, ``population_pwt`` (million), 1950 to 2019
    (feenstra2015next).  ``wdi``: ``gdp_wdi`` (million current USD, to 2023) and
    ``gdp_real_wdi`` (million 2015 USD, from 1995), without Taiwan (worldbank2025wdi).

    Raises
    ------
    BadInput
        When the source is not known.
    """
    if source == "maddison":
        return _maddison(keys)
    if source == "pwt":
        return _pwt(keys)
    if source == "wdi":
        return _wdi(keys)
    raise BadInput(f"there is no GDP source {source!r}", fix=f"use {', '.join(CARDS)}")


def of_the_time(frame: Table, borders: dict[str, tuple[int, int]], columns: list[str]) -> Table:
    """Return a frame of id and year in which figures for other borders are missing."""
    out = frame.copy()
    for own, (first, last) in borders.items():
        other = (out["id"] == own) & out["year"].between(first, last)
        out.loc[other, columns] = np.nan
    return out


def _maddison(keys: Keys) -> Added:
    """Return the columns of the Maddison Project."""
    frame: Table = load("maddison_2018", ["countrycode", "year", "rgdpnapc", "pop"])
    frame = frame.rename(columns={"countrycode": "id", "pop": "population"})
    frame["gdp"] = frame["rgdpnapc"] * frame["population"] / 1e3
    names = ["gdp", "rgdpnapc", "population"]
    soviet = frame["id"].eq("SUN") & frame["year"].between(*SOVIET)
    united = frame[soviet].assign(id="RUS")
    frame = of_the_time(frame, BORDERS, names)
    frame = of_the_time(frame, LONG_BORDERS, names).dropna(subset=names, how="all")
    frame = pd.concat([frame[frame["id"] != "SUN"], united]).drop_duplicates(["id", "year"])
    found = join_states(keys, frame, "id", "id", names)
    values = {
        "gdp_maddison": found["gdp"],
        "gdp_head_maddison": found["rgdpnapc"],
        "population_maddison": found["population"],
    }
    units = dict(zip(values, ["million 2011 USD", "2011 USD", "thousand persons"], strict=True))
    return add_states(keys, values, "maddison_2018", units, "id", "borders of the time only")


def _pwt(keys: Keys) -> Added:
    """Return the columns of the Penn World Table."""
    frame: Table = load("pwt_10_01", ["isocode", "year", "rgdpe", "pop"])
    frame = frame.rename(columns={"isocode": "id"}).astype({"id": str})
    frame["head"] = frame["rgdpe"] / frame["pop"]
    frame = of_the_time(frame, BORDERS, ["rgdpe", "head", "pop"])
    found = join_states(keys, frame, "id", "id", ["rgdpe", "head", "pop"])
    values = {
        "gdp_pwt": found["rgdpe"],
        "gdp_head_pwt": found["head"],
        "population_pwt": found["pop"],
    }
    units = ["million 2017 USD at purchasing power", "2017 USD", "million persons"]
    named = dict(zip(values, units, strict=True))
    return add_states(keys, values, "pwt_10_01", named, "id", "borders of the time only")


def _wdi(keys: Keys) -> Added:
    """Return the columns of the World Development Indicators."""
    out = Added()
    series = [
        ("wb_gdp_current_usd", "Country Code", "Value", "gdp_wdi", "million current USD"),
        ("wb_gdp_constant2015usd", "CountryCode_ISO3", "GDP_constant2015USD", "gdp_real_wdi",
         "million 2015 USD"),
    ]  # fmt: skip
    for card, code, value, name, unit in series:
        frame = load(card, [code, "Year", value])
        frame = frame.rename(columns={code: "id", "Year": "year", value: name})
        frame[name] = frame[name] / 1e6
        frame = of_the_time(frame, BORDERS, [name])
        values = join_states(keys, frame, "id", "id", [name])
        out = out | add_states(keys, values, card, {name: unit}, "id", "borders of the time only")
    return out
