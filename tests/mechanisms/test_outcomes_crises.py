"""Measures of crises: changes against the same future, never a chance by itself."""

from dataclasses import replace

import numpy as np
import pytest

from comity.engine.measures import Block
from comity.mechanisms.at_flashpoints import concerned
from comity.mechanisms.commitment.measures import measures as commitment_outcomes
from comity.mechanisms.crises.measures import KINDS
from comity.mechanisms.crises.measures import measures as crises_outcomes
from comity.mechanisms.war.measures import measures as war_outcomes
from comity.registry.axes import flashpoints
from comity.registry.flashpoints import flashpoints as flashpoint_library
from comity.world.regions import default_focus

KOREA, SENKAKU = flashpoints().index("korea"), flashpoints().index("senkaku-diaoyu")


def block(states=("JPN", "KOR", "PRK", "CHN", "TWN"), actor="KOR"):
    """Two futures, one strategy, three years; odds of Korea up by 0.2, 0.4 and 0."""
    shape = (2, 2, 3, len(flashpoints()))
    odds = np.full(shape, -2.0)
    odds[0, 1, :, KOREA] += [0.2, 0.4, 0.0]
    names = [f"{kind}_odds" for kind, _, _ in KINDS]
    series = {name: odds for name in names} | {
        "protection": np.full(shape, 0.3),
        "durability": np.full(shape, 0.8),
        "war_fought": np.zeros(shape),
    }
    series["protection"][1, 1, -1, KOREA] = 0.25
    series["war_fought"][0, 1, 1:, KOREA] = 1.0
    gdp, ok = np.ones(len(states)), np.ones((2, 2), bool)
    return Block(states, gdp, actor, ("CHN",), series, np.zeros((2, 2, 1)), ok)


def measured(found, name, given):
    return next(o for o in found if o.name == name).reduce(given)


def test_odds_are_changes_averaged_over_years():
    found = measured(crises_outcomes("KOR", ()), "challenge.korea", block())
    assert found[:, 0] == pytest.approx(0.0)
    assert found[:, 1] == pytest.approx([100 * np.expm1(0.2), 0.0])


@pytest.mark.parametrize("kind", ["harm", "yields", "unprotected", "joined_war", "war"])
def test_each_way_a_challenge_can_end_reads_odds_of_its_own(kind):
    given = block()
    series = dict(given.series)
    series[f"{kind}_odds"] = given.series[f"{kind}_odds"] + np.arange(2.0)[:, None, None]
    found = measured(crises_outcomes("KOR", ()), f"{kind}.korea", replace(given, series=series))
    assert found[:, 1] == pytest.approx([100 * np.expm1(1.2), 100 * np.expm1(1.0)])
    same = measured(crises_outcomes("KOR", ()), "challenge.korea", replace(given, series=series))
    assert same[:, 1] == pytest.approx([100 * np.expm1(0.2), 0.0])


def test_credibility_is_points_in_the_last_year():
    found = measured(commitment_outcomes("KOR", ()), "credibility.korea", block())
    assert found == pytest.approx(np.array([[0.0, 0.0], [0.0, -5.0]]))


def test_years_of_war_are_counted_against_the_same_future():
    found = measured(war_outcomes("KOR", ()), "war_years.KOR", block())
    assert found == pytest.approx(np.array([[0.0, 2.0], [0.0, 0.0]]))
    assert war_outcomes("JPN", ())[0].reduce(block()) == pytest.approx(0.0)


def test_a_flashpoint_that_is_not_in_the_world_is_missing():
    found = measured(crises_outcomes("KOR", ()), "challenge.korea", block(states=("JPN", "KOR")))
    assert np.isnan(found).all()


def test_who_is_measured_where():
    names = {actor: {p.name for p in concerned(actor)} for actor in ("JPN", "CHN", "IND", "VNM")}
    assert {"senkaku-diaoyu", "senkaku-diaoyu-reversed", "taiwan-strait"} <= names["JPN"]
    assert {"himalaya", "himalaya-reversed", "korea"} <= names["IND"]
    assert names["VNM"] == {"korea", "taiwan-strait"}
    assert "ukraine" not in {p.name for p in concerned("UKR")}, "a war under way has no onset"


def test_no_measure_is_a_chance_of_war_and_sides_are_not_taken():
    challenger = {p.name: p.challenger for p in flashpoint_library()}
    for actor in ("JPN", "CHN", "USA"):
        for one in (
            *crises_outcomes(actor, ()),
            *commitment_outcomes(actor, ()),
            *war_outcomes(actor, ()),
        ):
            value = one.reduce(block(states=tuple(default_focus())))
            assert (value[:, 0] == 0).all(), f"{one.name}: nil without the scenario"
            assert one.grade in ("C", "D")
            kind, _, place = one.name.partition(".")
            feared = kind == "challenge" or (kind == "harm" and actor != challenger[place])
            assert one.direction == ("lower" if feared else "none"), one.name
