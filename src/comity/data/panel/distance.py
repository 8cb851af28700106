"""Distance: between capitals (great circle, capital of the year) and between territories."""

import numpy as np
from jaxtyping import Float

from comity.data.panel.coverage import Added, add
from comity.data.panel.keys import Keys, Table, gather, place_pairs
from comity.data.sources.source import load

# Mean radius of the Earth (IUGG), km.
RADIUS = 6371.0088


def distance(keys: Keys) -> Added:
    """Return ``capital_distance`` and ``minimum_distance`` in km.

    The capital of a year is the one on its last day (miller2022peacesciencer, 1816 to 2024); the
    minimum distance between territories is that of CShapes 2.0 (schvitz2022mapping, 1886 to
    2019, state of 1 January), 0 where they touch.
    """
    lat, lng = capitals(keys)
    first, second = keys.sides
    km = great_circle(lat[first], lng[first], lat[second], lng[second])
    out = add(keys, {"capital_distance": km}, "cow_capitals", "km", "cow")
    frame: Table = load("cow_mindist")
    at = place_pairs(keys, frame, "cow", ordered=False)
    values = {"minimum_distance": gather(frame["mindist"], at)}
    return out | add(keys, values, "cow_mindist", "km", "cow", note="state of 1 January")


def capitals(keys: Keys) -> tuple[Float[np.ndarray, " S"], Float[np.ndarray, " S"]]:
    """Return latitude and longitude (degrees) of the capital of each state-year."""
    spells: Table = load("cow_capitals").sort_values(["ccode", "stdate"])
    lat = np.full(len(keys.table.year), np.nan)
    lng = lat.copy()
    for row in spells.to_dict("records"):
        year = keys.table.year
        mine = keys.table.cow == row["ccode"]
        mine &= (year >= row["stdate"].year) & (year <= row["enddate"].year)
        lat[mine], lng[mine] = row["lat"], row["lng"]
    return lat, lng


def great_circle(
    lat1: Float[np.ndarray, " n"],
    lng1: Float[np.ndarray, " n"],
    lat2: Float[np.ndarray, " n"],
    lng2: Float[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """Return the distance on a sphere in km of points given in degrees (haversine formula)."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = np.sin((b - a) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(np.radians(lng2 - lng1) / 2) ** 2
    return 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
