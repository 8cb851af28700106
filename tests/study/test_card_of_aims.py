"""The card of aims: what concerns whom, and what is said of an aim that nothing measures."""

import pytest

from comity.mechanisms.catalogue import classes, option_names
from comity.mechanisms.measured import outcomes
from comity.registry.flashpoints import flashpoints
from comity.study.card_of_aims import card, kinds, roles
from comity.study.money import per_person


def of(actor, options=None):
    """Card of a state with some options on (all of them by default), by name."""
    on = option_names() if options is None else options
    records = [one.record(actor) for one in outcomes(actor, ("CHN", "USA"), on)]
    return {aim["name"]: aim for aim in card(actor, records, [c.name for c in classes(on)])}


@pytest.mark.parametrize("actor", ["JPN", "KOR", "USA", "DEU", "IND", "IDN", "CHN", "PHL"])
def test_every_card_has_every_kind_and_every_aim_what_it_needs(actor):
    made = of(actor)
    assert {aim["kind"] for aim in made.values()} == set(kinds())
    for aim in made.values():
        assert aim["label"]["en"] and aim["label"]["ja"]
        if aim["status"] == "measured":
            assert aim["smallest"] > 0 and aim["reason"]["ja"] and aim["measures"]
            assert aim["grade"] in tuple("ABCD") and aim["unit"]["en"]
        else:
            assert aim["why"]["en"] and aim["why"]["ja"]
    assert not made["human_cost"]["ranked"], "nothing is ranked by war alone"


def test_flashpoints_concern_who_is_at_them():
    by_name = {point.name: point for point in flashpoints()}
    assert roles("JPN", by_name["korea"]) == {"neighbour"}
    assert roles("JPN", by_name["senkaku-diaoyu"]) == {"target"}
    assert roles("JPN", by_name["taiwan-strait"]) == {"protector"}
    assert roles("CHN", by_name["taiwan-strait"]) == frozenset(), "a challenger has no aim there"
    assert roles("CHN", by_name["taiwan-strait-reversed"]) == {"target"}
    assert not roles("IDN", by_name["korea"])
    made = of("JPN")
    assert {name for name in made if name.startswith("challenge.")} == {
        "challenge.korea",
        "challenge.senkaku-diaoyu",
        "challenge.south-china-sea",
        "challenge.taiwan-strait",
    }
    assert "credibility.senkaku-diaoyu" in made


def test_both_sides_of_a_contested_place_have_the_same_aim():
    for point in flashpoints():
        if point.mirror:
            assert "target" in roles(point.target, point)
            assert not roles(point.challenger, point)


def test_what_is_not_measured_says_why():
    off = of("JPN", ())
    assert off["challenge"]["status"] == "not_in_run"
    assert "`mechanisms: [crises]`" in off["challenge"]["why"]["en"]
    assert off["consumption"]["status"] == off["exposure.CHN"]["status"] == "measured"
    everything = of("IDN")
    assert everything["credibility"]["status"] == "not_modelled"
    assert "No flashpoint" in everything["credibility"]["why"]["en"]
    # Germany is pledged to Estonia, which the focus world merges.
    assert "part of a region" in of("DEU")["challenge"]["why"]["en"]


def test_money_is_what_a_person_has_to_spend():
    japan = per_person("JPN")
    # GDP of Japan about 4.0 trillion dollars for 124 million people; 151 yen to the dollar in 2024.
    assert japan["usd"] == pytest.approx(32_000, rel=0.03) and japan["currency"] == "JPY"
    assert japan["rate"] == pytest.approx(151.4, rel=0.01)
    assert per_person("USA")["rate"] == 1.0
    assert per_person("PRK")["rate"] is None


def test_what_ends_badly_leads_and_a_challenge_does_not_weigh_twice():
    made = of("JPN")
    harm = made["harm.taiwan-strait"]
    assert harm["measures"] == ["harm.taiwan-strait"] and harm["direction"] == "lower"
    assert harm["ranked"] and harm["group"] == "security" and harm["smallest"] == 5.0
    for name, aim in made.items():
        kind, _, place = name.partition(".")
        if kind == "challenge":
            assert f"harm.{place}" in made and aim["status"] == "measured"
            assert not aim["ranked"] and "What ends badly" in aim["why"]["en"]
            assert aim["why"]["ja"]
    # Where what ends badly is not measured, the risk of a challenge stands for it.
    one = [m.record("JPN") for m in outcomes("JPN", ("CHN", "USA"), option_names())]
    alone = card("JPN", [m for m in one if not m["name"].startswith("harm.")], ["crises"])
    assert next(a for a in alone if a["name"] == "challenge.korea")["ranked"]
