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
    assert pd.isna(code["JPN", "USA"]) and pd.isna(code["ISR", "PSE"])
    assert set(code.dropna().unique()) == {1, 2, 3, 4, 5}
