"""The rule: outside coverage missing, inside it zero only where the source looked."""

import os
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.errors import BadInput, CoverageWarning
from comity.data import panel
from comity.data.panel import coverage, rows
from comity.data.sources.source import card

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
STATE = (
    "capabilities",
    "majors",
    "alliances",
    "disputes",
    "contiguity",
    "trade",
    "ideal_points",
    "regime",
    "igos",
    "wars",
    "civil_conflict",
    "spending",
    "troops",
    "gdp",
)
PAIR = (*STATE, "distance", "votes", "relevance")


def quiet(made, method, **arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        return getattr(made, f"add_{method}")(**arguments)


@given(
    st.integers(1816, 2030),
    st.integers(0, 12),
    st.sampled_from(["cow", "gw"]),
    st.sampled_from(sorted(coverage.ZERO) + ["cow_nmc", "sipri_milex"]),
    st.data(),
)
def test_the_rule_holds_for_any_figures(first, span, system, source, data):
    """Whatever a file holds, nothing is present outside the card's years, nowhere a false zero."""
    keys = rows.state_keys(rows.state_table(system, first, first + span, False))
    figures = data.draw(st.sampled_from([np.nan, 0.0, 7.0]))
    out = coverage.add(keys, {"x": np.full(len(keys.year), figures)}, source, "1", "cow")
    low, high = card(source).years
    outside = (keys.year < low) | (keys.year > high)
    x = out.values["x"]
    assert np.isnan(x[outside]).all()
    if np.isnan(figures):
        known = keys.known("cow") & ~outside
        if source in coverage.ZERO:
            assert (x[known] == 0).all() and np.isnan(x[~known]).all()
        else:
            assert np.isnan(x).all()
    else:
        assert (x[~outside] == figures).all()


def test_one_warning_names_source_and_last_year():
    made = panel.state_years(first=2015, last=2020)
    column = coverage.Column("x", "atop_dyad_year", 1815, 2018, "1")
    with pytest.warns(CoverageWarning, match="atop_dyad_year covers 1815 to 2018: 390 of") as got:
        made.with_columns(coverage.Added({"x": np.ones(len(made))}, (column, column)))
    assert len(got) == 1


@needs_data
@settings(max_examples=12)
@given(
    st.integers(1816, 2024),
    st.integers(0, 4),
    st.sampled_from(STATE),
    st.sampled_from(["cow", "gw"]),
)
def test_no_column_of_states_leaves_its_card(first, span, method, system):
    check(quiet(panel.state_years(system, first, first + span), method))


@needs_data
@settings(max_examples=12)
@given(st.integers(1816, 2024), st.integers(0, 1), st.sampled_from(PAIR), st.booleans())
def test_no_column_of_pairs_leaves_its_card(first, span, method, directed):
    check(quiet(panel.dyad_years(directed, "cow", first, first + span), method))


def check(made):
    assert made.columns
    for column in made.columns:
        low, high = card(column.source).years
        assert low <= column.first and column.last <= high
        outside = (made.frame["year"] < column.first) | (made.frame["year"] > column.last)
        assert made.frame.loc[outside, column.name].isna().all(), column
    table = made.coverage()
    assert (table["present"] <= table["inside"] + 1e-12).all()


@needs_data
def test_every_method_warns_once_and_not_inside():
    late = panel.dyad_years(first=2018, last=2019)
    for method, words in (
        ("majors", "to 2016"),
        ("contiguity", "to 2016"),
        ("trade", "to 2014"),
        ("alliances", "to 2018"),
        ("igos", "to 2014"),
        ("disputes", "to 2010"),
    ):
        with pytest.warns(CoverageWarning, match=words) as got:
            out = getattr(late, f"add_{method}")()
        assert len(got) == 1
        last = out.columns[0].last
        assert out.frame.loc[out.frame["year"] > last, out.columns[0].name].isna().all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        panel.state_years(first=1990, last=2010).add_alliances().add_majors().add_disputes()


@needs_data
def test_a_state_unknown_to_a_source_is_missing_not_without_allies():
    """Liechtenstein 1950: in the microstate list, not in the Correlates of War list until 1990."""
    made = panel.state_years("gw", 1950, 1950, microstates=True)
    made = quiet(quiet(made, "alliances"), "contiguity")
    row = made.frame.set_index("id").loc["LIE"]
    assert np.isnan(row["atop_defense_owes"]) and np.isnan(row["neighbours"])
    own = panel.of(made.frame[["id", "year"]].assign(id="DDR"), "id", system="id")
    with pytest.warns(CoverageWarning, match="of states not in its list at the time"):
        own = own.add_alliances()
    assert own.frame["atop_defense_owes"].isna().all(), "no such state before 1954"


@needs_data
def test_coverage_and_cite():
    made = quiet(quiet(panel.state_years(first=2010, last=2020), "alliances"), "trade")
    table = made.coverage().set_index("column")
    assert table.loc["atop_defense_owes", ["first", "last"]].tolist() == [1815, 2018]
    assert table.loc["atop_defense_owes", "no_row_means"] == "zero"
    assert table.loc["imports", "no_row_means"] == "missing"
    assert table.loc["imports", "inside"] == pytest.approx(5 / 11, abs=0.01)
    cited = made.cite()
    for key in ("leeds2002alliance", "barbieri2009trading", "cow2017states"):
        assert key in cited
    assert "singer1972capability" not in cited


@needs_data
def test_a_column_is_not_overwritten():
    made = panel.state_years(first=2000, last=2000).add_troops()
    with pytest.raises(BadInput, match="already has us_troops"):
        made.add_troops()
