"""Geography: known distances, symmetry of construction, known borders."""

import os
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.data.tables import geography

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    return geography.build().set_index(["a", "b"])


def test_great_circle_of_known_arcs():
    table = geography.great_circle(np.array([0.0, 90.0, 0.0]), np.array([0.0, 0.0, 180.0]))
    quarter = np.pi / 2 * geography.EARTH_RADIUS
    expected = quarter * np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]])
    np.testing.assert_allclose(table, expected, rtol=1e-12)


@given(DEGREES, DEGREES, DEGREES)
def test_great_circle_is_a_metric(one, two, three):
    points = np.array([one, two, three])
    table = geography.great_circle(points[:, 0], points[:, 1])
    np.testing.assert_allclose(table, table.T, atol=1e-6)
    assert table[0, 2] <= table[0, 1] + table[1, 2] + 1e-3
    assert table.max() <= np.pi * geography.EARTH_RADIUS + 1e-6


@needs_data
def test_every_pair_has_a_distance():
    table = _table()
    assert len(table) == 196 * 195 // 2 and table.distance.notna().all()
    assert (table.distance > 0).all() and table.distance.max() < 20_040
    assert (table.index.get_level_values(0) < table.index.get_level_values(1)).all()


@needs_data
def test_known_distances():
    table = _table()
    assert table.distance["JPN", "KOR"] == pytest.approx(952, abs=10)
    assert table.distance["GBR", "USA"] == pytest.approx(6900, rel=0.05)
    # Pristina to Belgrade, the case between capitals.
    assert table.method["SRB", "XKX"] == "capital"
    assert table.distance["SRB", "XKX"] == pytest.approx(246, rel=0.05)


@needs_data
def test_capital_distances_agree_with_cepii_where_both_exist():
    from comity.registry import states

    ids = list(states.ids(2024))
    capitals = geography.capital_distances(ids).to_numpy()
    both, known = geography.distances(ids)
    cells = known.to_numpy() & np.isfinite(capitals) & ~np.eye(len(ids), dtype=bool)
    ratio = capitals[cells] / both.to_numpy()[cells]
    assert np.median(ratio) == pytest.approx(1.0, abs=0.02)


@needs_data
def test_borders():
    code = _table().contiguity
    assert code["CAN", "USA"] == 1 and code["PRK", "RUS"] == 1 and code["FRA", "GBR"] == 3
    assert pd.isna(code["JPN", "USA"])
    assert set(code.dropna().unique()) == {1, 2, 3, 4, 5}


SHIPPED = [
    # No longer there: East Pakistan went in 1971, the border by the Khor al-Udaid in 1974.
    ("MMR", "PAK", None),
    ("ARE", "QAT", 4),
    # One rule for what crosses water: bridges, causeways and tunnels are no land.
    ("DNK", "SWE", 2),
    ("BHR", "SAU", 3),
    ("FRA", "GBR", 3),
    ("MYS", "SGP", 2),
    # Palestine.
    ("EGY", "PSE", 1),
    ("ISR", "PSE", 1),
    ("JOR", "PSE", 1),
    ("LBN", "PSE", None),
    ("BGD", "MMR", 1),
    ("OMN", "ARE", 1),
]


@pytest.mark.parametrize(("a", "b", "code"), SHIPPED)
def test_borders_of_the_base_year(a, b, code):
    from comity.world.snapshot import table

    rows = table("geography").set_index(["a", "b"]).contiguity
    found = rows[min(a, b), max(a, b)]
    assert pd.isna(found) if code is None else found == code


def test_islands_have_land_borders_only_on_shared_islands():
    """The whole kind: no land border across the sea, by whatever is built over it."""
    from comity.world.snapshot import table

    islands = "BHR CUB CYP GBR IDN IRL ISL JPN LKA MDG MLT NZL PHL SGP TWN DOM HTI PNG TLS BRN AUS"
    rows = table("geography").query("contiguity == 1")
    land = {
        (r.a, r.b) for r in rows.itertuples() if r.a in islands.split() or r.b in islands.split()
    }
    assert land == {
        ("DOM", "HTI"),
        ("GBR", "IRL"),
        ("IDN", "MYS"),
        ("IDN", "PNG"),
        ("IDN", "TLS"),
        ("BRN", "MYS"),
        # Who holds the ground counts: Turkish forces since 1974; Spain holds Ceuta and Melilla.
        ("CYP", "TUR"),
    }


def test_every_change_says_why_and_from_where():
    rows = geography.changes()
    assert rows[["a", "b", "since", "why", "source"]].notna().all().all()
    assert (rows.a < rows.b).all() and not rows.duplicated(["a", "b"]).any()


@needs_data
def test_past_worlds_have_the_borders_of_their_year():
    from comity.registry.states import ids
    from comity.world.past import contiguity_at

    for year, a, b, code in (
        (1971, "MMR", "PAK", 1.0),
        (1995, "MMR", "PAK", np.nan),
        (1999, "DNK", "SWE", 2.0),
        (2010, "DNK", "SWE", 2.0),
        (1980, "ARE", "QAT", 4.0),
    ):
        place = list(ids(year))
        found = contiguity_at(year)[place.index(a), place.index(b)]
        assert np.array_equal(found, code, equal_nan=True), (year, a, b, found)
