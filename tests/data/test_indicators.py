"""Yearly series and events: what they count, to the last year of each source and not beyond."""

import os

import pytest

from comity.data.build import build
from comity.data.build.table import handmade
from comity.world.snapshot import table

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def one(indicator, unit="WORLD"):
    rows = table("indicators")
    mine = rows[(rows["indicator"] == indicator) & (rows["unit"] == unit)]
    return mine.set_index("year")["value"]


def test_series_end_where_their_sources_do():
    assert one("conflicts").index.max() == 2019
    assert one("council.vetoed_drafts").index.max() == 2022
    assert one("disputes.east_asia").index.max() == 2010
    assert one("us_troops", "KOR")[2023] == pytest.approx(24_160, abs=10)


def test_figures_that_are_known():
    # UCDP counts 54 to 56 conflicts of states in 2019, by release; 23 drafts were vetoed 1990-2010.
    assert 50 <= one("conflicts")[2019] <= 57
    assert one("council.vetoed_drafts").loc[1990:2010].sum() == pytest.approx(23, abs=3)
    assert 0.24 < one("gdp.share", "USA")[2023] < 0.28
    assert 0.009 < one("milex.burden", "JPN")[2020] < 0.011
    assert one("conflicts.recurring_share").between(0, 1).all()


def test_a_pair_is_named_once_in_order_of_id():
    pairs = {unit for unit in table("indicators")["unit"] if "-" in unit}
    assert all(unit[:3] < unit[4:] for unit in pairs)


def test_japan_bridges_as_the_picture_says():
    drawn = handmade("bridging.csv").query("measure == 'new to old' and list == 'registry'")
    last = drawn.loc[drawn["year"].idxmax()]
    assert one("bridging.rank", "JPN")[last["year"]] == last["rank"]


def test_events_name_states_that_exist_and_say_what_is_verified():
    events = table("events")
    assert events["id"].is_unique and len(events) >= 180
    assert set(events["verified"].astype(str).str.lower()) <= {"true", "false"}
    assert events["date"].astype(str).str.match(r"20[12]\d-\d\d").all()


@needs_data
@pytest.mark.slow
def test_tables_build_to_the_committed_bytes(tmp_path):
    build.build(tmp_path, ["events", "indicators"])
    for name in ("events", "indicators"):
        committed = build.folder() / f"{name}.csv"
        assert (tmp_path / f"{name}.csv").read_bytes() == committed.read_bytes()
