"""Moves in words: dates, names, branches, in both languages."""

import dataclasses
import math
import re

import pytest

from comity.core.words import words
from comity.engine.programme import OBSERVABLES
from comity.mechanisms.catalogue import levers
from comity.scenarios.acts import acts, day, observed, rule_acts, sentence
from comity.scenarios.moves import Move
from comity.scenarios.rules import Rule

NAMES = {name: lever.act for name, lever in levers().items()}
MOVE = Move(
    "tariff",
    ("USA",),
    ("JPN", "KOR"),
    None,
    "add",
    0.15,
    2025.0 + 218 / 365,
    math.inf,
    {},
    None,
    "",
    "E155",
    "an order",
    False,
    "",
    "f:1:1",
)


def test_dates_come_back_from_fractions_of_years():
    assert day(2025.0 + 218 / 365) == "2025-08-07"
    assert day(2028.0 + 59 / 366) == "2028-02-29"
    assert day(2026.0) == "2026-01-01"


def test_a_tariff_is_said_in_both_languages():
    assert (
        sentence(MOVE, NAMES, "en") == "United States: +15% tariff on goods of Japan, South Korea"
    )
    assert sentence(MOVE, NAMES, "ja") == "米国:日本・韓国の財への関税 +15%"


@pytest.mark.parametrize("observable", OBSERVABLES)
def test_what_a_rule_watches_is_said_in_each_language(observable):
    partner = "JPN" if OBSERVABLES[observable] == 2 else None
    rule = Rule(observable, "USA", partner, "<", 0.9, MOVE, "f:1:1")
    said = observed(rule, "ja")
    assert not re.search("[a-z]", said) and "0.9" in said
    assert words("comity.scenarios")[f"observable.{observable}"]["en"]


def test_consumption_is_called_by_its_name():
    rule = Rule("consumption", "USA", None, "<", 0.9, MOVE, "f:1:1")
    assert observed(rule, "en") == (
        ", in a year after the real consumption of United States was < 0.9"
    )
    assert observed(rule, "ja") == "(前年に米国の実質消費 < 0.9 の場合)"


def test_branch_and_scale_are_said():
    some = dataclasses.replace(MOVE, when={"branch": ("a", "b")}, scale="reach")
    assert sentence(some, NAMES, "en").endswith("(only if branch: a or b; times reach)")


def test_many_states_are_counted_not_listed():
    many = dataclasses.replace(MOVE, targets=("AUS", "AUT", "BEL", "BGR", "BRA", "CAN", "CHE"))
    assert "7 states (Australia, Austria, Belgium" in sentence(many, NAMES, "en")


def test_a_move_that_may_end_early_is_one_act():
    first = dataclasses.replace(MOVE, stop=2029.0)
    later = dataclasses.replace(MOVE, start=2029.0, when={"continuation": ("continues",)})
    found = acts([later, first], NAMES)
    assert len(found) == 1 and found[0]["date"] == "2025-08-07" and "until" not in found[0]
    assert "from 2029-01-01 only if continuation: continues" in found[0]["text"]["en"]


def test_a_judged_move_has_its_reason_and_no_source():
    judged = dataclasses.replace(MOVE, judged=True, event=None, source="a guess")
    found = acts([judged], NAMES)[0]
    assert found["judged"] == "a guess" and found["source"] == ""


def test_a_rule_says_what_it_waits_for():
    rule = Rule("tariff", "JPN", "USA", ">", 0.045, MOVE, "f:2:1")
    text = rule_acts([rule], NAMES)[0]["text"]["en"]
    assert text.endswith("in a year after the tariff added by Japan on United States was > 0.045")
