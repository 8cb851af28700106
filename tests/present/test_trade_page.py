"""The page of a trade case from a small document made by hand."""

import copy
import re
from typing import Any

import pytest

from comity.present import trade_page

EFFECTS = ("consumption", "real_wage", "terms_of_trade", "prices", "exports", "imports")
NAMES = {
    "JPN": {"en": "Japan", "ja": "日本"},
    "USA": {"en": "United States", "ja": "米国"},
    "R_AFR": {"en": "Rest of Africa", "ja": "アフリカのその他"},
}


def number(value, low, high):
    return {"value": value, "low": low, "high": high}


DOCUMENT: dict[str, Any] = {
    "comity_version": "0.1.0",
    "data": {"hash": "0123456789abcdef", "year": 2024},
    "name": "wall <b>",
    "title": {"en": "A wall <script>", "ja": "関税障壁"},
    "question": {"en": "What if?", "ja": "もし?"},
    "summary": {"en": "A wall.", "ja": "障壁。"},
    "shocks": [{"en": "United States: +25%", "ja": "米国:+25%"}],
    "model": "one-sector",
    "world": "focus",
    "draws": 8,
    "failed_draws": 1,
    "seed": 1,
    "converged": True,
    "shown": ["JPN"],
    "names": NAMES,
    "members": {"JPN": ["JPN"], "USA": ["USA"], "R_AFR": ["KEN", "NGA"]},
    "effects": [
        {"id": one, "effect": effect} | number(at - 1.0, at - 1.5, at - 0.5)
        for effect in EFFECTS
        for at, one in enumerate(NAMES)
    ]
    + [
        {"id": one, "effect": "exposure"} | number(3.0 * at, None, None)
        for at, one in enumerate(NAMES)
    ],
    "flows": [
        {"exporter": "JPN", "importer": "USA", "before": 1e5, "after": 8e4, "change": -20.0}
        | {"low": -25.0, "high": -15.0}
    ],
    "numbers": [
        {
            "name": "trade.elasticity",
            "meaning": "Trade elasticity",
            "value": 4.0,
            "prior": {"kind": "lognormal", "median": 4.0, "sd": 0.35, "low": 1.5, "high": 9.0},
            "status": "published",
            "source": "somebody2014",
        }
    ],
    "notes": [],
    "warnings": [],
}


def test_both_languages_stand_in_one_page_without_script_or_outside_address():
    text = trade_page.render(DOCUMENT)
    assert "Japan: real consumption −1.00%" in text and "日本：実質消費 −1.00%" in text
    assert "<script" not in text and "&lt;script&gt;" in text
    assert not re.findall(r'(?:src|href)="(?!#|data:)', text)
    assert text.count("<figure") == 10
    assert text == trade_page.render(DOCUMENT)


def test_warnings_are_said_in_the_language_of_the_page():
    warnings = [{"en": "nothing known", "ja": "不明"}, {"en": "some merged", "ja": "一部のみ"}]
    text = trade_page.render(DOCUMENT | {"warnings": warnings})
    assert "nothing known; some merged" in text and "不明; 一部のみ" in text
    assert text.count("nothing known") == text.count("不明") == 1


def test_the_language_asked_for_comes_first():
    text = trade_page.render(DOCUMENT, "ja")
    assert text.index('lang="ja"') < text.index('lang="en"')


def test_the_command_asks_the_same_again():
    assert trade_page.command(DOCUMENT) == (
        "comity trade 'wall <b>' --states JPN --draws 8 --seed 1"
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_was_not_solved_is_said_and_not_drawn(lang):
    unsolved: dict[str, Any] = copy.deepcopy(DOCUMENT) | {"converged": False, "flows": []}
    for row in unsolved["effects"]:
        row |= number(None, None, None)
    text = trade_page.render(unsolved, lang)
    assert "No equilibrium was found" in text and "<figure" not in text


def test_without_draws_there_is_no_range():
    central: dict[str, Any] = copy.deepcopy(DOCUMENT) | {"draws": 0}
    for row in central["effects"]:
        row |= {"low": None, "high": None}
    text = trade_page.render(central)
    assert "−1.00% at central numbers" in text
