"""Challenges and how they end: the panel's rules, pages, and effects against the page."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.backtest import Table
from comity.evidence.estimates import crisis_effects
from comity.evidence.hindcasts import crisis_models, crisis_outcomes
from comity.evidence.panels import crisis_panel

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
KOREA, UNITED_STATES, CHINA, TAIWAN = 731, 2, 710, 713


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return crisis_panel.panel_rows()


def test_stages_of_a_year_add_up_to_its_outcome():
    """The log scores of the stages reached sum to that of the one outcome of four."""
    ways = np.array([[[0.02, 0.01, 0.005]]])
    challenge, resists, joins = crisis_outcomes.staged(ways)
    assert challenge == pytest.approx(0.035)
    assert challenge * resists * joins == pytest.approx(0.005)
    assert challenge * resists * (1 - joins) == pytest.approx(0.01)
    assert challenge * (1 - resists) == pytest.approx(0.02)


def test_the_worst_of_what_came_counts():
    of = pd.DataFrame({"resists": [0, 1, 1, 0], "joins": [0, 0, 1, 1]})
    assert list(crisis_panel.outcome(of)) == [1, 2, 3, 3]


@needs_data
def test_disputes_with_a_major_power_for_protector():
    """The specification says 658 and 41; our reading of the same rule gives 654 and 41."""
    found = crisis_panel.shielded(crisis_panel.pledges())
    assert found == {"disputes": 654, "joined": 41, "later": 19}


@needs_data
def test_the_panel(rows):
    assert len(rows) == 148_670 and not rows.duplicated(crisis_panel.KEY).any()
    risk = crisis_models.exposed(crisis_models.records(rows))
    assert np.bincount(risk["came"]).tolist() == [112_775, 472, 463, 60]
    late = risk[risk["year"] >= 2000]
    assert np.bincount(late["came"], minlength=4).tolist() == [29_114, 108, 70, 0]


@needs_data
def test_crises_that_everyone_knows(rows):
    at = rows.set_index(crisis_panel.KEY)["outcome"]
    # The Straits crises of 1958 and 1962: the United States, bound by treaty, acted.
    assert at[CHINA, TAIWAN, 1958] == at[CHINA, TAIWAN, 1962] == 3
    # No dispute under way, none counted.
    assert at[UNITED_STATES, 20, 1950] == 0
    held = rows.set_index(crisis_panel.KEY)
    assert held.loc[(KOREA, 732, 1990), ["covered", "patron_major"]].eq(1).all()
    assert held.loc[(KOREA, 732, 1950), "covered"] == 0  # the pact is of 1953


@needs_data
def test_quiet_counts_from_the_last_challenge(rows):
    one = rows[(rows["ccode1"] == KOREA) & (rows["ccode2"] == 732)].set_index("year")
    came = one.index[one["outcome"] > 0]
    assert (one.loc[came, "quiet"] == 0).all()
    after = [y + 1 for y in came if y + 1 in one.index and one.loc[y + 1, "outcome"] == 0]
    assert after and (one.loc[after, "quiet"] == 1).all()


@needs_data
def test_effects_are_those_of_the_page(rows):
    logit = crisis_effects.challenged(rows)
    assert logit.loc["covered", "effect"] == pytest.approx(0.308, abs=0.001)
    assert logit.loc["covered", "se"] == pytest.approx(0.121, abs=0.001)
    within = crisis_effects.within_pairs(rows)
    assert within.loc["covered", "effect"] == pytest.approx(0.167, abs=0.001)
    troops = crisis_effects.troops(rows)
    for design, effect, se in (
        ("within pairs", -0.144, 0.090),
        ("by pair", -0.144, 0.111),
        ("between pairs", 0.143, 0.070),
        ("hosts", -0.140, 0.095),
    ):
        found = troops[design].loc["troops"]
        assert (found["effect"], found["se"]) == pytest.approx((effect, se), abs=0.001), design
    # The sign is not known: within pairs the interval holds zero, between pairs it is above.
    assert (
        troops["within pairs"].loc["troops", "low"]
        < 0
        < troops["within pairs"].loc["troops", "high"]
    )


@needs_data
def test_who_joins_is_that_of_the_page():
    found = crisis_effects.protectors()
    rates = crisis_effects.rates(found)
    assert rates.loc["any"].tolist() == [115, 16_660, 103, 7_936, 71, 3_333]
    assert rates.loc["United States"].tolist() == [19, 494, 16, 224, 8, 86]
    assert crisis_effects.joining(found).loc["major", "effect"] == pytest.approx(2.18, abs=0.01)
    us = crisis_effects.joining_us(found).loc["troops"]
    assert (us["effect"], us["se"]) == pytest.approx((0.27, 0.17), abs=0.01)


@needs_data
def test_scores_stage_by_stage_are_those_of_the_page(rows):
    found = crisis_outcomes.by_stage({"pairs": Table(rows)}, 2000).set_index(["stage", "forecast"])
    for stage, forecast, score in (
        ("challenge", "model", 0.0273),
        ("challenge", "multinomial logit", 0.0272),
        ("challenge", "pair's record", 0.0303),
        ("target resists", "model", 0.7754),
        ("protector joins", "shares", 0.1421),
    ):
        assert found.loc[(stage, forecast), "log"] == pytest.approx(score, rel=0.005)
    assert found.loc[("protector joins", "model"), "events"] == 0
