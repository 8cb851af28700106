"""Dangerous dyads: the published table, and the rules that make the pair-years."""

import datetime
import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.panels import dyads
from comity.evidence.replications import dangerous_dyads
from comity.models.statistics import logit

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return dangerous_dyads.frame()


@raw_data
def test_the_published_table():
    checks = dangerous_dyads.run()
    assert [c for c in checks if not c.ok] == []
    assert {c.what for c in checks} >= {"rows", "militarization, minimum", "intercept"}


@raw_data
def test_published_standard_errors(frame):
    found, _ = dangerous_dyads.estimate(frame)
    names = [name for name, *_ in dangerous_dyads.PUBLISHED]
    ours = dict(zip(names, found.standard_errors, strict=True))
    published = {
        "land": 0.058,
        "ratio": 0.082,
        "major": 0.059,
        "defence": 0.058,
        "democracy": 0.032,
        "militarization": 2.378,
        "t": 0.005,
        "constant": 0.076,
    }
    for name, value in published.items():
        assert ours[name] == pytest.approx(value, rel=0.07), name


@raw_data
def test_rows_dependent_within_a_pair_widen_the_errors(frame):
    """The published errors take every year of a pair as news; clustered by pair they are not."""
    found, rows = dangerous_dyads.estimate(frame)
    x = rows[[name for name, *_ in dangerous_dyads.PUBLISHED]].to_numpy(float)
    pair = rows.ccode1 * 1000 + rows.ccode2
    wide = logit.clustered(found, x, rows.dispute_onset.to_numpy(float), pair.to_numpy())
    assert np.sqrt(wide[0, 0]) > 1.5 * found.standard_errors[0]


@raw_data
def test_where_rows_are_lost(frame):
    """Rows drop for missing figures alone, never by a figure read as zero."""
    assert frame.shape[0] == 111_997
    missing = frame[["democracy", "wealth", "militarization"]].isna().sum()
    assert missing.to_dict() == {"democracy": 2047, "wealth": 365, "militarization": 3621}
    assert not frame.duplicated(dyads.KEY).any()
    assert (frame.ccode1 < frame.ccode2).all()


@raw_data
def test_it_is_the_panel_but_for_contiguity_of_years_of_change(frame):
    """A pair-year is in one and not in the other only where the source has it as not contiguous."""
    from comity.data import panel

    theirs = panel.dyad_years(directed=False, last=2010, relevant=True).add_contiguity().frame
    both = frame[[*dyads.KEY, "conttype"]].merge(
        theirs[[*dyads.KEY, "contiguity"]], on=dyads.KEY, how="outer", indicator=True
    )
    assert (both._merge == "left_only").sum() == 0
    more = both[both._merge == "right_only"]
    assert len(more) == 112_288 - 111_997
    assert (more.contiguity >= 1).all()
    same = (both.conttype == both.contiguity) & (both._merge == "both")
    assert same.sum() > 0.995 * len(frame)


@raw_data
def test_pacts_of_either_state_count(frame):
    pacts = frame.set_index(dyads.KEY).defence
    assert pacts[(211, 220, 1832)] == 1  # France owed Belgium defence, Belgium owed none.
    assert pacts[(2, 200, 1960)] == 1
    assert pacts[(2, 710, 1960)] == 0


def spells(monkeypatch, rows: list[tuple[int, str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(
        [
            (1, 2, kind, datetime.date.fromisoformat(a), datetime.date.fromisoformat(b))
            for kind, a, b in rows
        ],
        columns=["ccode1", "ccode2", "conttype", "stdate", "enddate"],
    )
    monkeypatch.setattr(dyads, "load", lambda name: table)
    return dyads.contiguity().set_index("year").conttype


def test_the_first_type_of_a_year_counts(monkeypatch):
    found = spells(monkeypatch, [(1, "1905-07-01", "1907-12-01"), (0, "1900-01-01", "1905-06-01")])
    assert found.to_dict() == {**dict.fromkeys(range(1900, 1906), 0), 1906: 1, 1907: 1}


def test_peace_counts_rows_since_a_dispute_was_under_way():
    frame = pd.DataFrame(
        {
            "ccode1": [1] * 6 + [2] * 2,
            "ccode2": [3] * 8,
            "year": [*range(1900, 1906), 1900, 1901],
            "dispute_ongoing": [0.0, 1, 1, 0, 0, 1, 1, 0],
        }
    )
    assert dyads.peace_years(frame).tolist() == [0, 1, 0, 0, 1, 2, 0, 0]


def test_figures_of_states_go_to_both_sides_and_gaps_stay_gaps():
    pairs = pd.DataFrame({"ccode1": [1, 1], "ccode2": [2, 3], "year": [1900, 1900]})
    states = pd.DataFrame({"ccode": [1, 2], "year": [1900, 1900], "x": [5.0, 7.0]})
    found = dyads.of_both(pairs, states)
    assert found.x1.tolist() == [5.0, 5.0]
    assert found.x2[0] == 7.0 and np.isnan(found.x2[1])


def test_a_weak_link_needs_both():
    table = pd.DataFrame({"x1": [1.0, np.nan], "x2": [0.5, 2.0]})
    found = dyads.weak_link(table, "x")
    assert found[0] == 0.5 and np.isnan(found[1])
