"""Each source against counts and figures known from its makers."""

import os
import warnings

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from comity.core.errors import BadInput
from comity.data import panel
from comity.data.panel import alliances, distance
from comity.data.sources.source import load

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def states(first, last=None, system="cow"):
    return panel.state_years(system, first, last or first)


def pairs(first, last=None, directed=True):
    return panel.dyad_years(directed, "cow", first, last or first)


def at(made, **where):
    frame = made.frame
    for name, value in where.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1, where
    return frame.iloc[0]


def test_capabilities():
    made = states(2012).add_capabilities()
    assert at(made, ccode=2)["cinc"] == pytest.approx(0.1392, abs=5e-5)
    assert at(made, ccode=710)["cinc"] == pytest.approx(0.2204, abs=5e-5)
    assert at(states(1945).add_capabilities(), ccode=2)["cinc"] == pytest.approx(0.3839, abs=5e-5)
    late = states(2016, 2017).add_capabilities().frame
    assert late.groupby("year")["nmc_break"].unique().map(list).tolist() == [[0.0], [1.0]]
    upop = late.groupby("year")["upop"].sum() / 1e6
    assert upop.loc[2016] == pytest.approx(2.34, abs=0.01)
    assert upop.loc[2017] == pytest.approx(3.33, abs=0.01)


def test_majors():
    counts = states(1816, 2016).add_majors().frame.groupby("year")["major"].sum()
    assert counts.loc[[1816, 1914, 1939, 1980, 2016]].tolist() == [5, 8, 7, 5, 7]
    assert at(states(1990).add_majors(), ccode=255)["major"] == 0
    assert at(states(1991).add_majors(), ccode=255)["major"] == 1


def test_alliances():
    now = states(2018).add_alliances()
    assert at(now, ccode=2)["atop_defense_owes"] == 66
    japan = at(now, ccode=740)
    assert (japan["atop_defense_owes"], japan["atop_defense_owed"]) == (0, 1)
    made = pairs(1950, 2018).add_alliances().frame
    japan = made[(made["ccode1"] == 2) & (made["ccode2"] == 740)].set_index("year")
    assert japan["atop_defense"].loc[1952:].eq(1).all()
    korea = made[(made["ccode1"] == 2) & (made["ccode2"] == 732)].set_index("year")["atop_defense"]
    assert korea.loc[:1952].eq(0).all() and korea.loc[1953:].eq(1).all()
    total = load("atop_dyad_year").query("1950 <= year <= 2018")["atop_defense"].sum()
    assert made["atop_defense"].sum() <= total < made["atop_defense"].sum() * 1.02


def test_obligations_have_a_direction():
    directed = pairs(1950, 1960).add_alliances().frame
    undirected = pairs(1950, 1960, directed=False).add_alliances().frame
    turned = directed.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})
    both = directed.merge(turned, on=["ccode1", "ccode2", "year"], suffixes=("", "_back"))
    assert (both["atop_defense"] != both["atop_defense_back"]).any(), "some are one-sided"
    larger = np.maximum(both["atop_defense"], both["atop_defense_back"])
    assert larger[both["ccode1"] < both["ccode2"]].sum() == undirected["atop_defense"].sum()
    assert set(alliances.OBLIGATIONS) <= set(undirected.columns)


@pytest.mark.slow
def test_disputes():
    """3,124 onsets and 4,642 dyad-years of dispute: GML 2.2.1 after one dispute a year."""
    made = pairs(1816, 2010, directed=False).add_disputes().frame
    assert made["dispute_onset"].sum() == 3124 and made["dispute_ongoing"].sum() == 4642
    war = made[(made["ccode1"] == 710) & (made["ccode2"] == 750) & (made["year"] == 1962)].iloc[0]
    assert war["dispute_worst"] == 5 and war["dispute_hostility"] == 4
    assert war["dispute_number"] == 1466, "rule 1: the dispute that begins in 1962"
    before = made[(made["ccode1"] == 710) & (made["ccode2"] == 750) & (made["year"] == 1961)]
    assert before.iloc[0][["dispute_number", "dispute_fatality"]].tolist() == [199, 6]
    alone = pairs(1816, 2010, directed=False).add_disputes(exclude=("joiners",)).frame
    assert 0 < alone["dispute_onset"].sum() < 3124
    strict = pairs(1816, 2010, directed=False).add_disputes(exclude=("ongoing",)).frame
    assert strict["dispute_onset"].sum() == 3124
    assert strict["dispute_onset"].isna().sum() == 4642 - 3124
    with pytest.raises((BadInput, TypeCheckError), match="joiners"):
        pairs(2000).add_disputes(exclude=("x",))


def test_disputes_of_the_other_source_and_of_states():
    made = pairs(2011, 2014, directed=False).add_disputes("mid").frame
    raw = load("cow_mid_directed_dyad_year").query("year >= 2011 and ccode1 < ccode2")
    kept = raw.drop_duplicates(["ccode1", "ccode2", "year"])
    assert made["dispute_ongoing"].sum() == len(kept)
    usa = at(states(1962).add_disputes(), ccode=2)
    gml = load("gml_mid_directed_dyad_year").query("ccode1 == 2 and year == 1962")
    assert usa["disputes"] == gml["dispnum"].nunique() > 1
    assert usa["dispute_ongoing"] == 1 and usa["dispute_hostility"] == gml["hostlev"].max()
    one = pairs(1962).add_disputes().frame
    assert (one["dispute_initiated"] <= one["dispute_onset"]).all()


def test_contiguity_and_relevance():
    made = pairs(2016).add_contiguity()
    assert at(made, ccode1=2, ccode2=20)["contiguity"] == 1
    assert at(made, ccode1=740, ccode2=732)["contiguity"] == 4
    assert at(made, ccode1=740, ccode2=900)["contiguity"] == 0
    assert at(states(2010).add_contiguity(), ccode=710)["land_neighbours"] == 14
    cold = pairs(1989).add_contiguity()
    assert at(cold, ccode1=260, ccode2=265)["contiguity"] == 1
    full = pairs(2016).add_relevance()
    assert at(full, ccode1=2, ccode2=900)["relevant"] == 1
    assert at(full, ccode1=740, ccode2=552)["relevant"] == 1, "Japan is a major power again"
    assert at(full, ccode1=140, ccode2=552)["relevant"] == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        late = panel.dyad_years(first=2016, last=2018, relevant=True)
        unknown = pairs(2017).add_relevance().frame["relevant"]
    assert set(late.frame["year"]) == {2016} and unknown.isna().all()
    assert len(late) == full.frame["relevant"].sum() == len(late.keys.year)


def test_distance():
    """Known great circles; minimum distance 0 for neighbours by land."""
    quarter = distance.great_circle(*(np.array([x]) for x in (0.0, 0.0, 0.0, 90.0)))
    assert quarter[0] == pytest.approx(np.pi / 2 * distance.RADIUS)
    made = pairs(2000).add_distance()
    assert at(made, ccode1=740, ccode2=2)["capital_distance"] == pytest.approx(10900, rel=0.01)
    assert at(made, ccode1=220, ccode2=255)["minimum_distance"] == 0
    check = load("unga_agreement_korea_dyads").query("year == 2000")
    both = made.frame.merge(check, on=["ccode1", "ccode2", "year"])
    off = (both["capital_distance"] - both["capdist"]).abs()
    assert len(both) > 150 and off.median() < 20, "an ellipsoid differs by some 10 km"
    bonn = at(pairs(1989).add_distance(), ccode1=260, ccode2=265)
    assert bonn["capital_distance"] == pytest.approx(478, rel=0.02)
    nigeria = pairs(1991, 1992).add_distance().frame.query("ccode1 == 475 and ccode2 == 471")
    assert nigeria["capital_distance"].nunique() == 1
    assert (
        pairs(1990)
        .add_distance()
        .frame.query("ccode1 == 475 and ccode2 == 471")["capital_distance"]
        .iloc[0]
        != nigeria["capital_distance"].iloc[0]
    )


def test_trade():
    made = pairs(2014).add_trade()
    row = at(made, ccode1=2, ccode2=740)
    assert (row["imports"], row["exports"]) == (133939, 73057)
    back = at(made, ccode1=740, ccode2=2)
    assert (back["imports"], back["exports"]) == (row["exports"], row["imports"])
    bonn = pairs(1970).add_trade().frame.query("ccode1 == 260")
    assert bonn["imports"].isna().mean() > 0.9, "the file has no West German flows 1960-1989"
    assert at(states(1870).add_trade(), ccode=2)[["imports", "exports"]].tolist() == [450, 418]


@pytest.mark.parametrize(("code", "year"), [(211, 1995), (212, 1995), (212, 1960), (211, 1996)])
def test_a_unions_total_is_no_members(code, year):
    """The file gives Belgium and Luxembourg 147,928 each in 1995: that of both."""
    row = at(states(year).add_trade(), ccode=code)
    assert np.isnan(row["imports"]) and np.isnan(row["exports"]) and row["trade_joint"] == 1


def test_joint_figures_are_marked_and_said():
    made = states(1999).add_trade()
    assert at(made, ccode=211)["imports"] == pytest.approx(157842.418978)
    assert at(made, ccode=212)["trade_joint"] == 0 and at(made, ccode=560)["trade_joint"] == 0
    row = at(pairs(1995).add_trade(), ccode1=2, ccode2=212)
    assert row["trade_joint"] == 1 and row["imports"] > 0, "divided by the producers, so marked"
    assert at(pairs(1995).add_trade(), ccode1=2, ccode2=571)["trade_joint"] == 1
    assert at(pairs(1995).add_trade(), ccode1=2, ccode2=740)["trade_joint"] == 0
    notes = made.coverage().set_index("column").note
    assert "Belgium and Luxembourg" in notes["imports"]
    assert "Southern African Customs Union" in notes["imports"]


@pytest.mark.parametrize("year", [1998, 2005, 2009, 2011])
def test_trade_inside_a_union_that_is_not_recorded_is_missing_not_nil(year):
    row = at(pairs(year).add_trade(), ccode1=560, ccode2=570)
    assert np.isnan(row["imports"]) and np.isnan(row["exports"])
    assert at(pairs(2010).add_trade(), ccode1=560, ccode2=565)["exports"] == 3886


def test_no_two_states_have_the_same_totals():
    """The whole kind: a total that is told of two states is one of a union."""
    made = panel.state_years(first=1870, last=2014).add_trade().frame
    known = made.dropna(subset=["imports", "exports"]).query("imports > 0 and exports > 0")
    assert not known.duplicated(["year", "imports", "exports"]).any()


def test_votes_and_ideal_points():
    """Agreement equals that of an independent computation to revisions of the roll calls."""
    made = pairs(2003, 2008).add_votes().frame
    check = load("unga_agreement_korea_dyads").query("2003 <= year <= 2008")
    both = made.merge(check, on=["ccode1", "ccode2", "year"])
    off = (both["vote_agreement"] - both["v_agree"]).abs()
    assert len(both) > 1100 and off.median() == 0 and off.mean() < 0.002
    assert at(pairs(1995).add_votes(), ccode1=732, ccode2=2)["vote_agreement"] == pytest.approx(
        0.46052632
    )
    points = states(2024).add_ideal_points().frame.set_index("id")["ideal_point"]
    known = {"USA": 2.21, "ISR": 2.15, "RUS": -0.60, "CHN": -0.85}
    assert points[list(known)].round(2).to_dict() == pytest.approx(known, abs=0.006)
    china = states(1948, 1972).add_ideal_points().frame.set_index(["id", "year"])["ideal_point"]
    assert china.loc[("CHN", 1948)] > 0.5 > china.loc[("CHN", 1972)]
    assert china.loc[("TWN", 1960)] > 0 and np.isnan(china.loc[("TWN", 1972)])
    with pytest.warns(match="1946 to 2023"):
        late = states(2024).add_ideal_points("all").frame
    assert late["ideal_point"].isna().all()


def test_regime():
    made = states(2018).add_regime()
    assert at(made, ccode=740)["polity2"] == 10 and at(made, ccode=731)["polity2"] == -10
    assert at(made, ccode=347)["polyarchy"] > 0.5, "Kosovo"
    assert at(made, ccode=713)["polyarchy"] > 0.7, "Taiwan"
    old = states(1980).add_regime()
    assert at(old, ccode=260)["polyarchy"] > 0.8 > 0.3 > at(old, ccode=265)["polyarchy"]
    gleditsch = states(1995, system="gw").add_regime()
    assert at(gleditsch, gwcode=260)["polyarchy"] > 0.8
    assert at(gleditsch, gwcode=678)["polyarchy"] < 0.4


def test_igos_and_wars():
    assert at(pairs(2014).add_igos(), ccode1=220, ccode2=255)["igos_joint"] > 80
    sums = states(2014).add_igos().frame
    assert sums["igos_full"].max() == load("cow_igo_sy").query("year == 2014")["sum_igo_full"].max()
    made = panel.dyad_years(False, "cow", 1823, 2003).add_wars().frame
    assert made["war_ongoing"].sum() == 938, "966 rows, 28 of them a second war of the pair"
    assert at(pairs(1962).add_wars(), ccode1=710, ccode2=750)["war_onset"] == 1
    intra = panel.state_years(first=1861, last=1865).add_wars("intra")
    assert intra.frame.query("ccode == 2")["intrawar_ongoing"].eq(1).all()
    with pytest.raises(BadInput, match="no pair"):
        pairs(1900).add_wars("intra")


def test_civil_conflict():
    made = states(2010, 2019).add_civil_conflict()
    syria = made.frame.query("id == 'SYR'").set_index("year")
    assert syria["civil_war"].loc[2012:2019].eq(1).all() and syria["civil_conflict"].loc[2010] == 0
    assert syria["civil_onset"].loc[2011] == 1
    yemen = made.frame.query("id == 'YEM' and year == 2015").iloc[0]
    assert (yemen["ccode"], yemen["civil_war"]) == (679, 1), "joined through code 678"
    with pytest.warns(match="to 2019"):
        later = states(2020).add_civil_conflict().frame
    assert later["civil_conflict"].isna().all()


def test_spending_and_troops():
    made = states(2023).add_spending().add_troops()
    assert at(made, ccode=2)["sipri_current"] == pytest.approx(916015, abs=1)
    assert at(made, ccode=2)["sipri_share"] == pytest.approx(0.033, abs=0.001)
    assert [at(made, ccode=c)["us_troops"] for c in (740, 255, 732)] == [53246, 35188, 24159]
    assert at(states(1968).add_troops(), ccode=817)["us_troops"] == 537377
    germany = states(1990).add_troops().frame.query("id == 'DEU'")["us_troops"]
    assert germany.tolist() == [227586, 227586], "two codes in 1990, one state"
    russia = states(1991).add_spending()
    assert np.isnan(at(russia, ccode=365)["sipri_current"]), "a zero that stands for missing"


@pytest.mark.parametrize("source", ["maddison", "pwt", "wdi"])
def test_gdp_is_of_the_borders_of_the_time(source):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = states(1960, 2016).add_gdp(source).frame.set_index(["ccode", "year"])
    name = {"wdi": "gdp_wdi"}.get(source, f"gdp_{source}")
    for code, year in ((260, 1980), (816, 1970), (770, 1965), (678, 1985), (345, 1995)):
        assert np.isnan(made.loc[(code, year), name]), (code, year)
    assert made.loc[(255, 2000), name] > 1.5e6 and made.loc[(2, 2010), name] > 1e7
    soviet = made.loc[(365, 1980), name]
    assert soviet > 1e6 if source == "maddison" else np.isnan(soviet)
    taiwan = made.loc[(713, 2000), name]
    assert np.isnan(taiwan) if source == "wdi" else taiwan > 1e5
