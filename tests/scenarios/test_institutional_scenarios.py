"""Scenarios of checks and leadership: which acts must pass what, and what the levers move."""

from dataclasses import replace

from comity.scenarios.scenario import load_scenario
from comity.study.laboratory import vocabulary

WORDS = replace(vocabulary(), actor="JPN")


def moves(name, lever):
    return [one for one in load_scenario(name, WORDS).moves if one.lever == lever]


def test_a_return_needs_congress_for_what_is_new_and_nobody_for_what_was_left():
    joins = {one.framework: one for one in moves("internationalist-return", "join")}
    assert joins["CPTPP"].channel == "statute" and joins["CPTPP"].actors == ("USA",)
    assert joins["UNCLOS"].channel == "treaty"
    ends = {one.framework: one.stop for one in moves("internationalist-return", "leave")}
    assert {"PARIS", "WHO", "UNESCO", "UNFCCC"} <= set(ends)


def test_the_type_of_government_changes_in_january_2029():
    before, after = sorted(moves("internationalist-return", "leadership"), key=lambda m: m.start)
    assert (before.value, after.value) == (-1.0, 1.0)
    assert before.stop == after.start


def test_weaker_checks_are_weaker_in_every_channel():
    found = moves("weak-checks", "checks")
    assert sorted(label for one in found for label in one.categories) == sorted(
        ["executive_order", "statute", "treaty", "appropriation"]
    )
    assert all(one.value > 0 and one.channel == "" for one in found)
