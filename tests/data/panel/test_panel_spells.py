"""Peace years and runs: hand-made cases and what must hold for any."""

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from comity.core.errors import BadInput
from comity.data import panel
from comity.data.panel.spells import runs, time_since

NAN = np.nan


def test_time_since_by_hand():
    unit = np.array([1, 1, 1, 1, 1, 1, 2, 2])
    year = np.array([1900, 1901, 1902, 1903, 1905, 1906, 1900, 1901])
    event = np.array([0.0, 0, 1, 0, 0, 0, 1, 0])
    assert time_since(unit, year, event).tolist() == [0, 1, 2, 0, 0, 1, 0, 0]


def test_unknown_years_are_not_peace():
    unit, year = np.ones(6, dtype=int), np.arange(2000, 2006)
    event = np.array([0.0, NAN, 0, 1, 0, NAN])
    np.testing.assert_array_equal(time_since(unit, year, event), [0, 1, NAN, NAN, 0, 1])


@given(arrays(float, 30, elements=st.sampled_from([0.0, 1.0, NAN])), st.randoms())
def test_order_of_rows_does_not_matter(event, random):
    unit, year = np.repeat([3, 5, 8], 10), np.tile(np.arange(1990, 2000), 3)
    order = np.array(random.sample(range(30), 30))
    once = time_since(unit, year, event)
    np.testing.assert_array_equal(time_since(unit[order], year[order], event[order]), once[order])
    after = np.flatnonzero(event[:-1] == 1) + 1
    assert (once[after] == 0).all()
    assert np.nanmax(once) <= 9


def test_runs_by_hand():
    unit, year = np.ones(7, dtype=int), np.array([1, 2, 3, 4, 5, 7, 8])
    number, length = runs(unit, year, np.array([0.0, 0, 1, NAN, 1, 1, 1]))
    np.testing.assert_array_equal(number, [1, 1, 2, NAN, 3, 4, 4])
    np.testing.assert_array_equal(length, [1, 2, 1, NAN, 1, 1, 2])


def test_a_doubled_unit_year_is_refused_with_its_rows():
    year = np.array([1980, 1981, 1982, 1982, 1983])
    event, unit = np.array([1.0, 0, 0, 0, 0]), np.ones(5, dtype=int)
    assert time_since(unit[:4], np.arange(1980, 1984), event[:4]).tolist() == [0, 0, 1, 2]
    for made in (time_since, runs):
        with pytest.raises(BadInput, match=r"a unit and year stands twice, rows 2, 3 \(1, 1982\)"):
            made(unit, year, event)


def test_a_count_is_no_event():
    unit, year = np.ones(3, dtype=int), np.arange(3)
    with pytest.raises(BadInput, match="the event not 0 or 1 at 1"):
        time_since(unit, year, np.array([0.0, 2.0, NAN]))


def test_doubled_rows_of_a_users_frame_are_refused():
    rows = pd.DataFrame({"ccode": [2, 2, 2, 2], "year": [1980, 1981, 1982, 1982], "war": 0.0})
    with pytest.raises(BadInput, match="rows 2, 3"):
        panel.of(rows).add_peace_years("war")
    doubled = pd.DataFrame({"a": [2, 200], "b": [200, 2], "year": 1980, "war": 0.0})
    panel.of(doubled, ("a", "b")).add_peace_years("war")  # two directions, two units
    with pytest.raises(BadInput, match="rows 0, 1"):
        panel.of(doubled, ("a", "b"), directed=False).add_peace_years("war")


@pytest.mark.skipif(not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set")
def test_peace_years_stop_where_the_source_does():
    with pytest.warns(match="to 2010"):
        made = panel.dyad_years(False, "cow", 2000, 2014).add_disputes()
    made = made.add_peace_years("dispute_onset")
    late = made.frame["year"] > 2010
    assert made.frame.loc[late, "peace_years"].isna().all()
    assert made.frame.loc[~late, "peace_years"].notna().all()
    assert "peace_years" in set(made.coverage()["column"])
    spells = made.add_spells("dispute_ongoing").frame
    assert spells.loc[~late, "dispute_ongoing_spell"].min() == 1
    with pytest.raises(BadInput, match="no column 'war'"):
        made.add_peace_years("war")
