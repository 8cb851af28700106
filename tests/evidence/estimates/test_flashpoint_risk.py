"""Risks of flashpoints: the table that ships is what the data give, and its parts add up."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.estimates import flashpoint_risk
from comity.evidence.hindcasts import dispute_onset
from comity.mechanisms.catalogue import books
from comity.mechanisms.theatres import risks
from comity.models.force import dyad_hazard
from comity.registry.flashpoints import flashpoints

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(scope="module")
def known():
    return dispute_onset.panel()


def test_the_table_is_what_the_hazard_gives(known):
    found, table = flashpoint_risk.risks(known, flashpoints(), resamples=2), risks()
    for point in flashpoints():
        pair = flashpoint_risk.pair_of(point, 2010)
        past = flashpoint_risk.disputes(pair)
        begun = (past["begun_by"] == flashpoint_risk.code(point.challenger, 2010)).sum()
        share = flashpoint_risk.share_begun(int(begun), len(past))
        row = table.loc[point.name]
        assert row["chance"] == pytest.approx(found[pair].chance * share, rel=1e-3)
        assert row["method"] == found[pair].method
        assert (row["disputes"], row["begun"]) == (len(past), begun)


def test_the_whole_table_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(flashpoint_risk, "folder", lambda: tmp_path)
    flashpoint_risk.write()
    made = pd.read_csv(tmp_path / "flashpoint_risk.csv", keep_default_na=False, na_values=[""])
    ships = risks().reset_index()
    pd.testing.assert_frame_equal(made, ships, rtol=1e-3)


def test_a_pair_that_stands_alone_gets_its_own_posterior():
    """Base and gravity are of one population: Kashmir, 4 wars in 30, comes out where it was put."""
    count = flashpoint_risk.fought_alone()
    assert count.sum().tolist() == [789, 43]
    fitted = dyad_hazard.fit_climatology(count["sum"].to_numpy(), count["size"].to_numpy())
    base, table = books()["crises"]["escalation"].value, risks()
    assert base == pytest.approx(fitted.a / (fitted.a + fitted.b), abs=5e-5)
    for point in flashpoints():
        size, wars = table.loc[point.name, ["resisted", "wars"]]
        odds = np.log(base / (1 - base)) + table.loc[point.name, "escalation"]
        own = (fitted.a + wars) / (fitted.a + fitted.b + size)
        assert 1 / (1 + np.exp(-odds)) == pytest.approx(own, rel=2e-3), point.name


def test_both_codings_share_one_pair(known):
    table = risks()
    for point in flashpoints():
        if point.mirror:
            one, other = table.loc[point.name], table.loc[point.mirror]
            assert one["disputes"] == other["disputes"]
            assert one["begun"] + other["begun"] <= one["disputes"]


def test_the_error_of_the_level_is_that_of_the_book(known):
    penalty = dispute_onset.choose_penalty(known, flashpoint_risk.YEARS)
    found = flashpoint_risk.level_error(known, penalty)
    assert found == pytest.approx(books()["crises"]["level"].prior.sd, abs=0.02)


def test_resampling_moves_figures_but_not_their_place(known):
    pairs = [(710, 740), (731, 732)]
    spread = flashpoint_risk.fit_error(known, 0.1, pairs, resamples=4)
    assert all(0.005 < sd < 0.5 for sd in spread.values())


def test_intervals_are_symmetric_in_log_odds():
    low, high = flashpoint_risk.interval(np.array([0.2]), np.array([0.3]))
    odds = [np.log(x / (1 - x)) for x in (low[0], 0.2, high[0])]
    assert odds[2] - odds[1] == pytest.approx(odds[1] - odds[0])
