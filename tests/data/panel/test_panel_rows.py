"""Which rows exist: known counts, traps of the lists, users' own frames, k-ads."""

import os

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput, CoverageWarning
from comity.data import panel

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_state_years_of_the_published_list():
    """15,951 state-years 1816-2016: the rows of National Material Capabilities 6.0."""
    frame = panel.state_years(last=2016).frame
    assert len(frame) == 15951 and not frame["extended"].any()
    assert not frame.duplicated(["ccode", "year"]).any()
    later = panel.state_years(first=2016, last=2018).frame
    assert later.groupby("year")["extended"].all().tolist() == [False, True, True]


@given(st.integers(1816, 2020), st.sampled_from(["cow", "gw"]))
def test_pairs_are_all_pairs(year, system):
    n = len(panel.state_years(system, year, year))
    directed = panel.dyad_years(True, system, year, year).frame
    undirected = panel.dyad_years(False, system, year, year).frame
    code = "ccode" if system == "cow" else "gwcode"
    assert len(directed) == n * (n - 1) == 2 * len(undirected)
    assert (directed[f"{code}1"] != directed[f"{code}2"]).all()
    assert (undirected[f"{code}1"] < undirected[f"{code}2"]).all()
    assert not directed.duplicated([f"{code}1", f"{code}2", "year"]).any()


def test_codes_of_both_systems():
    cow = panel.state_years(first=1985, last=2010).frame.set_index(["ccode", "year"])
    assert cow.loc[(260, 1989), ["id", "gwcode"]].tolist() == ["DEU", 260]
    assert cow.loc[(255, 1995), ["id", "gwcode"]].tolist() == ["DEU", 260]
    assert cow.loc[(265, 1989), ["id", "gwcode"]].tolist() == ["DDR", 265]
    assert cow.loc[(679, 1995), ["id", "gwcode"]].tolist() == ["YEM", 678]
    assert cow.loc[(345, 2007), ["id", "gwcode"]].tolist() == ["SRB", 340]
    assert cow.loc[(345, 2000), "gwcode"] == 345
    assert cow.loc[(713, 2000), "id"] == "TWN" and cow.loc[(347, 2010), "id"] == "XKX"
    assert cow.loc[(970, 2005), "id"] == "NRU" and cow.loc[(946, 2005), "id"] == "KIR"
    assert (265, 1991) not in cow.index and (347, 2007) not in cow.index
    gw = panel.state_years("gw", 1985, 2010, microstates=True).frame.set_index(["gwcode", "year"])
    assert gw.loc[(970, 2005), ["id", "ccode"]].tolist() == ["KIR", 946]
    assert gw.loc[(678, 1995), "ccode"] == 679 and gw.loc[(340, 2008), "ccode"] == 345
    assert gw.loc[(816, 1990), ["id", "ccode"]].tolist() == ["VNM", 816]


def test_bad_requests_say_what_to_do():
    for first, last, words in ((1800, 2020, "begin in 1816"), (2000, 1990, "first <= last")):
        with pytest.raises(BadInput, match=words):
            panel.state_years(first=first, last=last)
    with pytest.raises(BadInput, match="dyad_years"):
        panel.state_years(first=2000, last=2000).add_distance()
    with pytest.raises(BadInput, match="missing columns"):
        panel.of(pd.DataFrame({"code": [2], "year": [2000]}))
    with pytest.raises(BadInput, match="a year is missing"):
        panel.of(pd.DataFrame({"ccode": [2], "year": [np.nan]}))
    for year in (-9, 20000, 201005, 2010.5):
        with pytest.raises(BadInput, match=r"column 'year' cannot be read: .*rows 1"):
            panel.of(pd.DataFrame({"ccode": [2, 2], "year": [2000, year]}))
    with pytest.raises(BadInput, match="not a data frame"):
        panel.of(3)


def test_dates_are_years_of_a_panel():
    when = pd.to_datetime(["2010-05-01", "2011-12-31"])
    made = panel.of(pd.DataFrame({"ccode": [2, 740], "year": when}))
    assert made.keys.year.tolist() == [2010, 2011]
    assert pd.api.types.is_datetime64_any_dtype(made.frame["year"])


@needs_data
def test_a_users_frame_keeps_its_rows_and_kind():
    own = pd.DataFrame(
        {"iso": ["JPN", "ATL", None, "USA"], "t": [2000, 2000, 2000, 2001], "x": [1, 2, 3, 4]},
        index=[9, 8, 7, 6],
    )
    with pytest.warns(CoverageWarning, match="1815 to 2018: 0 of 4 rows lie outside, .* time: 2;"):
        made = panel.of(own, "iso", "t", "id").add_alliances()
    with pytest.warns(CoverageWarning, match="at the time: 2"):
        made = made.add_capabilities()
    assert made.frame.index.tolist() == [9, 8, 7, 6] and made.frame["x"].tolist() == [1, 2, 3, 4]
    assert made.frame["cinc"].notna().tolist() == [True, False, False, True]
    assert made.frame["atop_defense_owes"].notna().tolist() == [True, False, False, True]
    table = pa.table({"a": [2, 740, 2], "b": [740, 2, 9999], "year": [2012, 2012, 2012]})
    with pytest.warns(CoverageWarning, match="at the time: 1"):
        back = panel.of(table, ("a", "b")).add_alliances().to_native()
    assert isinstance(back, pa.Table) and back.column_names[:3] == ["a", "b", "year"]
    assert back["atop_defense"].to_pylist() == [1.0, 0.0, None], "owed one way; unknown: no zero"


def test_frameworks_as_k_ads():
    made = panel.k_ads(first=2018, last=2020)
    quad = made.frame[(made.frame["framework"] == "QUAD") & (made.frame["year"] == 2020)].iloc[0]
    assert quad["members"] == ("AUS", "IND", "JPN", "USA") and quad["size"] == 4
    part = made.where(made.frame["framework"] == "QUAD")
    assert len(part) == len(part.keys.year) and part.keys.sizes.sum() == part.frame["size"].sum()
    with pytest.raises(BadInput, match="k-ad-years"):
        made.add_trade()


@needs_data
def test_treaties_as_k_ads():
    """NATO (ATOP 3180) has 28 members in 2010; its capabilities are the sum of theirs."""
    made = panel.k_ads("treaty", 2010, 2010).add_capabilities()
    nato = made.frame.set_index("atopid").loc[3180]
    assert nato["size"] == 28 and {"USA", "TUR", "ALB"} <= set(nato["members"])
    states = panel.state_years(first=2010, last=2010).add_capabilities().frame.set_index("id")
    own = states.loc[list(nato["members"]), "cinc"]
    assert nato["cinc_sum"] == pytest.approx(own.sum())
    assert (nato["cinc_min"], nato["cinc_max"]) == (own.min(), own.max())
    with pytest.warns(CoverageWarning, match="to 2018"):
        panel.k_ads("treaty", 2018, 2020)
