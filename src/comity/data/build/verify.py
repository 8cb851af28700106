"""Totals of the snapshot against published ones, each with its tolerance and source."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from comity.core.errors import DataMissing
from comity.data.build.build import LARGEST, folder
from comity.data.sources.sanity import figure
from comity.snapshot import TABLES


@dataclass(frozen=True)
class Check:
    """One comparison: ``ok`` when ours lies within ``tolerance`` (a share) of ``expected``."""

    what: str
    expected: int | float
    ours: float
    tolerance: int | float
    ok: bool
    source: str


def compare(
    what: str, expected: int | float, ours: Any, tolerance: int | float, source: str
) -> Check:
    """Return the comparison of two numbers; NaN is never ok."""
    gap = abs(float(ours) - expected)
    return Check(what, expected, float(ours), tolerance, gap <= tolerance * abs(expected), source)


def read(name: str) -> pd.DataFrame:
    """Return a table of the embedded snapshot; blanks are NaN.

    Raises
    ------
    DataMissing
        When the table was never built.
    """
    place = folder() / f"{name}.csv"
    if not place.is_file():
        raise DataMissing(f"the snapshot has no table {name!r}", fix="run `comity data build`")
    return pd.read_csv(place, keep_default_na=False, na_values=[""])


def of_states(states: pd.DataFrame) -> list[Check]:
    """Return checks on the table of states."""
    s = states.set_index("id")
    sipri = "SIPRI Fact Sheet, April 2025"
    return [
        compare("states", 196, len(s), 0, "193 UN members, Taiwan, Kosovo, Palestine"),
        compare("world GDP, billion USD", 110_500, s["gdp"].sum(), 0.02, "IMF WEO, April 2025"),
        compare("GDP of the USA, billion USD", 29_185, figure(s, "USA", "gdp"), 0.005, "BEA 2025"),
        compare(
            "GDP of China, billion USD", 18_744, figure(s, "CHN", "gdp"), 0.01, "World Bank 2025"
        ),
        compare(
            "GDP of Taiwan, billion USD", 782, figure(s, "TWN", "gdp"), 0.03, "IMF WEO, April 2025"
        ),
        compare("world population, million", 8_142, s["population"].sum(), 0.005, "World Bank"),
        compare("world military spending, billion USD", 2_718, s["milex"].sum() / 1e3, 0.01, sipri),
        compare("military spending, USA", 997, figure(s, "USA", "milex") / 1e3, 0.002, sipri),
        compare("military spending, China", 314, figure(s, "CHN", "milex") / 1e3, 0.002, sipri),
        compare("military spending, Russia", 149, figure(s, "RUS", "milex") / 1e3, 0.002, sipri),
        compare("military spending, Japan", 55.3, figure(s, "JPN", "milex") / 1e3, 0.002, sipri),
        compare("ideal point, USA", 2.21, figure(s, "USA", "ideal_point"), 0.005, "Voeten 2025"),
        compare("states with polyarchy", 175, s["polyarchy"].notna().sum(), 0, "V-Dem v15"),
    ]


def of_trade(trade: pd.DataFrame, tariffs: pd.DataFrame) -> list[Check]:
    """Return checks on the trade matrix and the tariffs."""
    cells = trade.set_index(["origin", "destination"])
    cross = trade[trade["origin"] != trade["destination"]]
    spent = trade.loc[trade["destination"] == "USA", "sales"].sum()
    home = figure(cells, ("USA", "USA"), "sales")
    goods = cross.assign(goods=cross["sales"] * cross["goods"])
    icio = "OECD ICIO 2022 carried to 2024 by GDP"
    sold = goods.set_index(["origin", "destination"])["goods"]
    rates = tariffs.set_index(["importer", "exporter"])["rate"]
    census, piie = "US Census 2024, customs value", "PIIE, tariffs of 2018-24 on 2017 trade"
    return [
        compare("trade cells", 196 * 196, len(trade), 0, "every pair, home sales included"),
        compare("cross-border sales, trillion USD", 29.6, cross["sales"].sum() / 1e6, 0.03, icio),
        compare("home share of US spending", 0.92, home / spent, 0.02, icio),
        compare("goods, China to USA", 439, sold[("CHN", "USA")] / 1e3, 0.15, census),
        compare("goods, USA to China", 143.5, sold[("USA", "CHN")] / 1e3, 0.15, census),
        compare("US tariff on China", 0.208, rates[("USA", "CHN")], 0.02, piie),
        compare("Chinese tariff on the USA", 0.212, rates[("CHN", "USA")], 0.02, piie),
        compare("tariffs above 100 %", 0, (tariffs["rate"] > 1).sum(), 0, "none in 2024"),
    ]


def of_geography(geography: pd.DataFrame) -> list[Check]:
    """Return checks on distances and borders."""
    china = geography[(geography["a"] == "CHN") | (geography["b"] == "CHN")]
    pairs = geography.set_index(["a", "b"])["distance"]
    return [
        compare("pairs of states", 196 * 195 / 2, len(geography), 0, "every pair once"),
        compare("land borders of China", 14, (china["contiguity"] == 1).sum(), 0, "COW v3.2"),
        compare("Japan to Korea, km", 952, pairs[("JPN", "KOR")], 0.02, "mayer2011notes"),
    ]


def _members(memberships: pd.DataFrame, framework: str, year: int = 2024) -> int:
    """Count members at the end of a year."""
    here = memberships[memberships["framework"] == framework]
    return len(here.query("since <= @year and not until <= @year"))


def of_frameworks(memberships: pd.DataFrame, obligations: pd.DataFrame) -> list[Check]:
    """Return checks on members, obligations and agreements."""
    published = {
        "UN": (193, "UN"),
        "UNSC": (15, "UN Charter, article 23"),
        "UNHRC": (47, "General Assembly resolution 60/251"),
        "NATO": (32, "NATO 2024"),
        "EU": (27, "EU 2020"),
        "G20": (19, "19 states, EU and African Union"),
        "BRICS": (9, "January 2024, Saudi Arabia left out"),
        "ASEAN": (10, "ASEAN"),
        "WTO": (163, "166 members less EU, Hong Kong and Macao"),
        "IMF": (191, "IMF, October 2024"),
        "ICC": (124, "Assembly of States Parties 2024"),
        "OECD": (38, "OECD 2021"),
        "ARTEMIS": (52, "NASA, 20 December 2024"),
        "CPTPP": (12, "December 2024"),
    }
    found = [
        compare(f"members of {own}", count, _members(memberships, own), 0, source)
        for own, (count, source) in published.items()
    ]
    by_usa = obligations[obligations["owes"] == "USA"].set_index("owed")
    return [
        *found,
        compare("UN members in 1960", 99, _members(memberships, "UN", 1960), 0, "UN growth"),
        compare("UN members in 1990", 159, _members(memberships, "UN", 1990), 0, "UN growth"),
        compare(
            "US duty to Japan since", 1951, figure(by_usa, "JPN", "since"), 0, "leeds2002alliance"
        ),
        compare(
            "US duty to Korea since", 1953, figure(by_usa, "KOR", "since"), 0, "leeds2002alliance"
        ),
        compare("US duty to Taiwan", 0, int("TWN" in by_usa.index), 0, "no treaty since 1980"),
    ]


def checks() -> list[Check]:
    """Return every check on the embedded snapshot."""
    size = sum((folder() / f"{name}.csv").stat().st_size for name in TABLES)
    agreements = read("agreements")
    eu = read("memberships").query("framework == 'EU' and until.isna()")["state"]
    inside = agreements["a"].isin(eu) & agreements["b"].isin(eu)
    return [
        *of_states(read("states")),
        *of_trade(read("trade"), read("tariffs")),
        *of_geography(read("geography")),
        *of_frameworks(read("memberships"), read("obligations")),
        compare("pairs inside the EU's customs union", 351, inside.sum(), 0, "27 members"),
        compare("states with growth", 196, len(read("growth")), 0, "every state"),
        compare("size within 4 MiB", 1, float(size <= LARGEST), 0, "budget"),
    ]
