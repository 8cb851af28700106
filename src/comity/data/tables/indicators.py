"""``indicators``: yearly series that claims of observation are tested on, world, states and pairs.

Each series is one count, share or distance a year from one source, to that source's last year and
not beyond. ``unit`` is WORLD, a state (ISO3) or a pair of states (``CHN-RUS``, in order of id).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from comity.data.build.table import Field, handmade, long
from comity.data.sources.source import load
from comity.data.tables import indicators_security as security
from comity.data.tables import memberships

NAME = "indicators"
KEYS = ["indicator", "unit", "year"]
SOURCES = [
    "ucdp_acd",
    "unsc_vetoes",
    "unsc_outcomes",
    "us_congress_nominate",
    "wb_gdp_current_usd",
    "sipri_milex_1949_2024",
    "unga_ideal_points",
    "us_troops_country_year",
    "unhcr_displaced",
    "gml_mid_directed_dyad_year",
    "gapminder_country_year",
    "facts_frameworks",
    *security.SOURCES,
]
LICENCE = "counts, shares and distances made from the sources named; see each producer's terms"
FIELDS = [
    Field("indicator", "string", "", "Name of the series", SOURCES, LICENCE, "2024"),
    Field("unit", "string", "", "WORLD, a state or a pair of states", SOURCES, LICENCE, "2024"),
    Field("year", "integer", "year", "Year", SOURCES, LICENCE, "2024"),
    Field("value", "number", "see the indicator", "Value", SOURCES, LICENCE, "2024"),
    Field("source", "string", "", "Source of the series", SOURCES, LICENCE, "2024"),
]
FIRST = 1946
SHARERS = ("CHN", "DEU", "FRA", "GBR", "IND", "JPN", "KOR", "RUS", "USA")
PAIRS = ("CHN-PRK", "CHN-RUS", "PRK-RUS", "JPN-USA", "KOR-USA", "JPN-KOR", "AUS-JPN", "IND-JPN")
# Correlates of War codes; West Germany had its own.
HOSTS = {"DEU": (255, 260), "JPN": (740,), "KOR": (732,)}
# Correlates of War codes of China, Japan, South Korea, Mongolia, North Korea, Taiwan.
EAST_ASIA = (710, 740, 732, 712, 731, 713)
# A framework is small with at most this many founding members: the G20 is the largest that calls
# itself a group. Judged.
SMALL = 20


def _full(counts: pd.Series, first: int, last: int) -> pd.Series:
    """Counts with the years in which nothing was counted at nil, inside the source's span."""
    return counts.reindex(range(first, last + 1), fill_value=0)


def conflicts() -> list[pd.DataFrame]:
    """Conflicts with at least 25 battle deaths in the year; how many had been quiet before."""
    raw = load("ucdp_acd", columns=["conflict_id", "year", "type_of_conflict"])
    years = raw.groupby("year")["conflict_id"].nunique()
    first = raw.groupby("conflict_id")["year"].min()
    rows = raw.drop_duplicates(["conflict_id", "year"]).sort_values(["conflict_id", "year"])
    old = rows["year"] - rows["conflict_id"].map(first) >= 5
    share = old.groupby(rows["year"]).mean()
    return [
        long("conflicts", "ucdp_acd", years),
        long("conflicts.recurring_share", "ucdp_acd", share),
    ]


def council() -> list[pd.DataFrame]:
    """Vetoed drafts and adopted resolutions of the Security Council."""
    vetoes = load("unsc_vetoes", columns=["year", "draft"])
    drafts = vetoes.groupby("year")["draft"].nunique()
    outcomes = load("unsc_outcomes", columns=["year", "outcome"])
    adopted = outcomes[outcomes["outcome"] == "adopted"]
    found = adopted.groupby("year").size()
    span = (FIRST, int(vetoes["year"].max()))
    counted = _full(drafts, *span)
    share = counted / (counted + found.reindex(counted.index))
    return [
        long("council.vetoed_drafts", "unsc_vetoes", counted),
        long("council.veto_share", "unsc_vetoes", share),
    ]


def congress() -> list[pd.DataFrame]:
    """Distance of the two parties' medians in the House, first dimension, each Congress."""
    raw = load(
        "us_congress_nominate", columns=["congress", "chamber", "party_code", "nominate_dim1"]
    )
    house = raw[raw["chamber"] == "House"]
    middle = house.groupby(["congress", "party_code"])["nominate_dim1"].median().unstack()
    gap = middle[200] - middle[100]
    gap.index = [1787 + 2 * congress for congress in gap.index]
    return [long("congress.party_distance", "us_congress_nominate", gap, "USA")]


def shares() -> list[pd.DataFrame]:
    """Shares in world GDP (current USD) and in world military spending (constant USD)."""
    gdp = load("wb_gdp_current_usd")
    world = gdp[gdp["Country Code"] == "WLD"].set_index("Year")["Value"]
    found = []
    for state in SHARERS:
        own = gdp[gdp["Country Code"] == state].set_index("Year")["Value"]
        found.append(long("gdp.share", "wb_gdp_current_usd", own / world, state))
    raw = load(
        "sipri_milex_1949_2024", columns=["Country", "Year", "constant_2023_usd_m", "share_of_gdp"]
    )
    total = raw.groupby("Year")["constant_2023_usd_m"].sum()
    for state, label in SPENDERS.items():
        own = raw[raw["Country"] == label].set_index("Year")
        found.append(
            long("milex.share", "sipri_milex_1949_2024", own["constant_2023_usd_m"] / total, state)
        )
        found.append(long("milex.burden", "sipri_milex_1949_2024", own["share_of_gdp"], state))
    return found


# Names of the source for states whose spending claims speak of.
SPENDERS = {
    "AUS": "Australia",
    "CHN": "China",
    "DEU": "Germany",
    "FRA": "France",
    "GBR": "United Kingdom",
    "ITA": "Italy",
    "JPN": "Japan",
    "KOR": "Korea, South",
    "POL": "Poland",
    "USA": "United States of America",
}


def votes() -> list[pd.DataFrame]:
    """Distance of two states' ideal points in the General Assembly."""
    raw = load("unga_ideal_points", columns=["iso3c", "year", "idealpointfp"])
    wide = raw.pivot_table(index="year", columns="iso3c", values="idealpointfp")
    return [
        long("unga.distance", "unga_ideal_points", (wide[pair[:3]] - wide[pair[4:]]).abs(), pair)
        for pair in PAIRS
    ]


def troops() -> list[pd.DataFrame]:
    """US military personnel assigned in a host."""
    raw = load("us_troops_country_year", columns=["ccode", "year", "troops"])
    return [
        long(
            "us_troops",
            "us_troops_country_year",
            raw[raw["ccode"].isin(codes)].groupby("year")["troops"].sum(),
            host,
        )
        for host, codes in HOSTS.items()
    ]


def displaced() -> list[pd.DataFrame]:
    """Refugees, asylum seekers and internally displaced under UNHCR's mandate, million."""
    raw = load("unhcr_displaced", columns=["year", "refugees", "asylum_seekers", "idps"])
    total = raw.groupby("year")[["refugees", "asylum_seekers", "idps"]].sum().sum(axis=1)
    # The last year of the source is a half year.
    return [long("displaced", "unhcr_displaced", total.iloc[:-1] / 1e6)]


def disputes() -> list[pd.DataFrame]:
    """Onsets of militarized disputes between states of East Asia."""
    raw = load(
        "gml_mid_directed_dyad_year", columns=["dispnum", "ccode1", "ccode2", "year", "midonset"]
    )
    inside = raw[
        raw["ccode1"].isin(EAST_ASIA) & raw["ccode2"].isin(EAST_ASIA) & (raw["midonset"] == 1)
    ]
    onsets = inside.groupby("year")["dispnum"].nunique()
    return [long("disputes.east_asia", "gml_mid_directed_dyad_year", _full(onsets, FIRST, 2010))]


def trade() -> list[pd.DataFrame]:
    """Exports as a share of GDP, median state."""
    raw = load("gapminder_country_year", columns=["geo", "time", "indicator", "value"])
    raw = raw[raw["indicator"] == "exports_percent_of_gdp"].dropna(subset=["value"])
    middle = raw.groupby("time")["value"].agg(["median", "count"])
    return [
        long(
            "trade.exports_share",
            "gapminder_country_year",
            middle.loc[middle["count"] >= 120, "median"],
        )
    ]


def foundings() -> list[pd.DataFrame]:
    """Frameworks founded a year, by the number of members they began with.

    Those of the facts, which were gathered on one question; later additions were chosen otherwise.
    """
    founded = load("facts_frameworks").set_index("id")["founded"]
    spells = memberships.build()
    start = spells["framework"].map(founded)
    size = spells[spells["since"] <= start + 1].groupby("framework")["state"].nunique()
    raw = pd.DataFrame({"size": size, "year": founded}).dropna()
    raw = raw[(raw["size"] >= 2) & raw["year"].between(FIRST, 2025)]
    found = []
    for name, chosen in (("small", raw["size"] <= SMALL), ("large", raw["size"] > SMALL)):
        counts = raw[chosen].groupby("year").size()
        found.append(long(f"foundings.{name}", "facts_frameworks", _full(counts, FIRST, 2025)))
    return found


def bridges() -> list[pd.DataFrame]:
    """Japan's place among all states in links of new frameworks with old ones.

    ``bridging.csv`` is written by ``tools/bridging_picture.py``; ``excess`` is in standard
    deviations above networks with the same numbers of members and memberships.
    """
    rows = handmade("bridging.csv").query("measure == 'new to old'")
    japan = rows[rows["state"] == "JPN"].set_index("year").sort_index()
    lists = {
        "": "registry",
        ".without_japan": "registry without frameworks named for Japan",
        ".organisations": "COW organisations",
    }
    found = []
    for suffix, name in lists.items():
        mine = japan[japan["list"] == name]
        found.append(long(f"bridging.rank{suffix}", "facts_frameworks", mine["rank"], "JPN"))
        found.append(long(f"bridging.excess{suffix}", "facts_frameworks", mine["excess"], "JPN"))
    return found


PARTS: tuple[Callable[[], list[pd.DataFrame]], ...] = (
    conflicts,
    council,
    congress,
    shares,
    votes,
    troops,
    displaced,
    disputes,
    trade,
    foundings,
    bridges,
    security.positions,
    lambda: security.burdens(tuple(SPENDERS)),
    security.stocks,
    security.disputes,
    security.forces,
    security.arms,
    security.makers,
    security.tariff,
    security.closeness,
)


def build() -> pd.DataFrame:
    """Return the table; figures that are not finite are left out."""
    frame = pd.concat([one for part in PARTS for one in part()], ignore_index=True)
    return frame[np.isfinite(frame["value"])]
