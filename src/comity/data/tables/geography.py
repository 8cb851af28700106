"""Distance and contiguity of every pair of states.

Distance: CEPII GeoDist, weighted by the population of cities; where CEPII lacks a state
(Kosovo, Montenegro, South Sudan, Liechtenstein, Monaco), the great circle between capitals.
Contiguity: COW direct contiguity 3.2, as of the end of 2016 (no later edition), by one rule: land
is land or a river.  A bridge, a causeway or a tunnel leaves a pair as far apart as the water that
it crosses, so Bahrain and Saudi Arabia, Denmark and Sweden, Malaysia and Singapore are neighbours
by sea, as France and the United Kingdom are.  ``borders.csv`` holds what that changes, borders that
no longer exist and the land borders of Palestine, which is not in the list (its sea is blank
because unknown).  Who holds the ground counts, not whose it is: Morocco and Mauritania, Cyprus and
Turkey (1974) touch.
"""

from importlib import resources

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.build.table import Field
from comity.data.sources import cepii
from comity.data.sources.cow import with_ids
from comity.data.sources.source import load
from comity.registry import states

NAME = "geography"
KEYS = ["a", "b"]
EARTH_RADIUS = 6371.0088
CONTIGUITY_YEAR = 2016
CONTIGUITY_END = "2016-12-01"
FIELDS = [
    Field("a", "string", "", "State (ISO3), first in the alphabet.", ["country_codes_crosswalk"]),
    Field("b", "string", "", "State (ISO3), second in the alphabet.", ["country_codes_crosswalk"]),
    Field(
        "distance",
        "number",
        "km",
        "Distance between populations (CEPII distw, else between main cities); between capitals "
        "where method says so.",
        ["cepii_geodist_bilateral", "cow_capitals"],
        "CEPII: Etalab 2.0; capitals: GPL-2 package, facts",
        "CEPII 2011; capitals 2024",
    ),
    Field(
        "contiguity",
        "integer",
        "code",
        "COW direct contiguity: 1 land or river, 2 up to 12 miles of water, 3 up to 24, 4 up to "
        "150, 5 up to 400, bridges and tunnels not counted as land; blank = none, or unknown for "
        "Palestine by sea.",
        ["cow_contdir"],
        "COW: free for research with citation",
        "2016",
    ),
    Field(
        "method",
        "string",
        "",
        "Where the distance comes from: cepii or capital.",
        ["cepii_geodist_bilateral", "cow_capitals"],
    ),
]


def great_circle(
    latitude: Float[ndarray, " N"], longitude: Float[ndarray, " N"]
) -> Float[ndarray, "N N"]:
    """Return great-circle distances (km) between points given in degrees (haversine)."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    half = (
        np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
        + np.cos(lat)[:, None]
        * np.cos(lat)[None, :]
        * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def capital_distances(ids: list[str]) -> pd.DataFrame:
    """Return distances (km) between capitals as a square table; NaN where a capital is unknown.

    Palestine, which COW does not list, is placed at the main city CEPII gives.
    """
    capitals = load("cow_capitals", columns=["ccode", "enddate", "lat", "lng"])
    capitals = capitals.assign(id=states.convert(capitals.ccode, "cow", "id", CONTIGUITY_YEAR))
    latest = (
        capitals.dropna(subset=["id"])
        .sort_values("enddate")
        .drop_duplicates("id", keep="last")
        .set_index("id")
    )
    cities = load("cepii_geodist_country", columns=["iso3", "lat", "lon"])
    cities = cities.assign(id=cities.iso3.replace(cepii.RECODED)).drop_duplicates("id")
    cities = cities.set_index("id").rename(columns={"lon": "lng"}).loc[:, ["lat", "lng"]]
    latest = latest[["lat", "lng"]].combine_first(cities).reindex(ids)
    table = great_circle(latest.lat.to_numpy(float), latest.lng.to_numpy(float))
    return pd.DataFrame(table, index=ids, columns=ids)


def distances(ids: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return square tables: distance (km) and whether it is CEPII's (bool)."""
    pairs = cepii.pairs()
    known = pairs.pivot_table(index="iso_o", columns="iso_d", values="distance")
    known = known.reindex(index=ids, columns=ids)
    return known.where(known.notna(), capital_distances(ids)), known.notna()


def contiguity(ids: list[str]) -> pd.DataFrame:
    """Return contiguity codes of the base year as a square table, NaN = none.

    Those of the end of 2016 with the changes of ``borders.csv``.
    """
    frame = load("cow_contdir")
    ends = pd.to_datetime(frame.enddate)
    current = frame.loc[(ends >= pd.Timestamp(CONTIGUITY_END)) & (frame.conttype > 0)]
    named = with_ids(current, CONTIGUITY_YEAR)
    table = named.pivot_table(index="a", columns="b", values="conttype", aggfunc="min")
    return changed(table.reindex(index=ids, columns=ids).astype(float), 2024)


def changed(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return a square table of codes with our changes in force in a year."""
    out = table.copy()
    for row in changes().to_dict("records"):
        if row["since"] <= year and {row["a"], row["b"]} <= set(out.index):
            out.loc[row["a"], row["b"]] = out.loc[row["b"], row["a"]] = row["code"]
    return out


def changes() -> pd.DataFrame:
    """Return our changes: a, b, code (NaN = not contiguous), since (year), why, source."""
    place = resources.files("comity.data.tables") / "borders.csv"
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream)


def build() -> pd.DataFrame:
    """Return one row a pair of states, a before b."""
    ids = list(states.ids(2024))
    distance, from_cepii = distances(ids)
    touching = contiguity(ids)
    first, second = np.triu_indices(len(ids), k=1)
    names = np.array(ids)
    return pd.DataFrame(
        {
            "a": names[first],
            "b": names[second],
            "distance": distance.to_numpy()[first, second],
            "contiguity": pd.array(touching.to_numpy()[first, second], dtype="Int64"),
            "method": np.where(from_cepii.to_numpy()[first, second], "cepii", "capital"),
        }
    )
