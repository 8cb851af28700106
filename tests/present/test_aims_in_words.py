"""The card of aims in words: no link, ties, sizes, money, what nothing beats; in both languages."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from comity.present import aims_in_words as card
from comity.present.folder import Folder

SMALL = {"least": "negligible", "most": "negligible", "way": "none"}
LOSS = {"least": "modest", "most": "large", "way": "worse"}


def gain(mean=0.0, size=None, same=False):
    return {"mean": mean, "low": mean, "high": mean, "same": same, "size": size or SMALL}


def aim(name, **changes):
    label = {"en": f"Aim {name}", "ja": f"目的{name}"}
    return {"name": name, "label": label, "grade": "B", "status": "measured"} | changes


def cell(on, strategy, under, reacts="no_effect", link=None, money=None):
    head = {"aim": on, "strategy": strategy, "link": link, "reacts": reacts, "money": money}
    return head | {"gain": under}


def folder():
    lost = cell(
        "w", "arm", gain(-0.62, LOSS), "bad_anyway", True, {"usd": -198.44, "local": -30_043.0}
    )
    lost["money"]["currency"] = "JPY"
    aims = {
        "list": [aim("w"), aim("p"), aim("o"), aim("n", status="not_in_run")],
        "shock": [
            {"aim": name, "link": None, "money": None} | gain(same=True) for name in ("w", "p", "o")
        ],
        "cells": [
            cell("w", "wait", gain(same=True), link=None),
            lost,
            *(cell("p", name, gain(same=True), link=False) for name in ("wait", "arm")),
            *(cell("o", name, gain(0.01), link=True) for name in ("wait", "arm")),
        ],
        "pareto": {"by_mean": ["wait"], "shares": {"wait": 0.9}, "beaten_by": {"arm": "wait"}},
        "weights": {
            "given": {"economy": 2.0},
            "regret": [
                {"strategy": s, "mean": m, "low": m, "high": m, "p90": m, "best": b}
                for s, m, b in (("wait", 0.0, 1.0), ("arm", 12.4, 0.0))
            ],
        },
    }
    strategies = [
        {"name": "wait", "title": {"en": "Wait", "ja": "待つ"}},
        {"name": "arm", "title": {"en": "Arm", "ja": "備える"}},
    ]
    return Folder(Path(), {"actor": "JPN", "strategies": strategies}, {"aims": aims})


def printed(lang):
    out = Console(width=100, record=True, file=io.StringIO())
    for table in card.tables(folder(), lang):
        out.print(table)
    for sentence in card.sentences(folder(), lang):
        out.print(sentence)
    out.print(card.regret(folder(), lang))
    return out.export_text()


@pytest.mark.parametrize(
    ("given", "link", "said"),
    [
        (gain(same=True), False, "no link in the model"),
        (gain(same=True), True, "the same"),
        (gain(same=True), None, "the same"),
        (gain(0.03), True, "negligible"),
        (gain(-0.62, LOSS), True, "−0.62 modest to large loss"),
    ],
)
def test_a_cell_never_says_nought(given, link, said):
    assert card.cell(given, link, "en") == said


def test_everything_is_said():
    said = " ".join(printed("en").split())
    for part in (
        "Aim w (B)",
        "−0.62 modest to large loss",
        "Arm: costs anyway (Aim w).",
        "No effect of note on any aim, with or without the shock: Wait.",
        "By mean gains nothing beats: Wait.",
        "Future by future: Wait unbeaten in 90% of futures.",
        "Beaten by Wait: Arm.",
        "Arm −30,000 JPY (−198 USD)",
        "No link in the model from any of these strategies to: Aim p.",
        "No effect of note on: Aim o.",
        "Not measured here: Aim n.",
        "economy=2",
        "12.4",
    ):
        assert part in said, part
    assert "Aim o (B)" not in said, "what nothing moves has no column"


def test_one_rule_says_what_is_of_note():
    """A strategy whose draws may matter is not among those without an effect of note."""
    made = folder()
    open_way = {"least": "negligible", "most": "modest", "way": "either"}
    own = next(c for c in made.judgement["aims"]["cells"] if c["strategy"] == "wait")
    own |= {"gain": gain(0.05, open_way), "link": True}
    said = " ".join(card.sentences(made, "en"))
    assert "Wait: not settled in size or direction (Aim w)." in said
    assert "No effect of note on any aim, with or without" not in said


def test_what_is_no_aim_of_the_state_is_said_with_its_reason():
    made = folder()
    why = {"en": "None on file.", "ja": "登録なし。"}
    made.judgement["aims"]["list"].append(aim("q", status="not_modelled", why=why))
    said = " ".join(card.sentences(made, "en"))
    assert "No aim of Japan here: Aim q. None on file." in said
    assert "Not measured here: Aim n." in said


def test_who_moves_tariffs_of_the_actor_is_said_to_be_flattered_by_one_sector():
    made = folder()
    assert "One sector flatters" not in " ".join(card.sentences(made, "en"))
    made.run["strategies"][1]["own_tariffs"] = True
    said = " ".join(card.sentences(made, "en"))
    assert "One sector flatters whoever builds a tariff wall" in said
    assert "Here “Arm” moves tariffs of Japan" in said
    made.run["scenario"] = {"own_tariffs": True}
    assert "the scenario itself, “Arm”" in " ".join(card.sentences(made, "en"))


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_narrow_terminal_loses_no_letter(width):
    made = folder()
    texts = {"en": "% of the same future without the scenario, mean", "ja": "%"}
    for one in made.judgement["aims"]["list"]:
        one |= {"unit": texts, "label": {"en": "Credibility of the protector: Korea", "ja": "信"}}
    for one in made.judgement["aims"]["cells"]:
        one |= {"gain": gain(-0.62, LOSS) | {"p5": -0.9, "p95": -0.1}, "link": True}
    made.judgement["aims"]["list"][0]["label"]["en"] = "A" * 50
    out = Console(width=200, record=True, file=io.StringIO())
    for table in card.tables(made, "en", width):
        out.print(table)
    # Laid out for a width, a table needs no more than that wherever it is printed.
    lines = [line.rstrip() for line in out.export_text().split("\n")]
    assert max(map(len, lines)) <= width
    assert "modest:" in " ".join(lines)


def test_japanese_has_no_english_word():
    text = printed("ja")
    words = set(re.findall(r"[A-Za-z]{2,}", text))
    assert words <= {"JPY", "USD", "economy"}, words


def test_a_folder_of_before_has_no_card():
    old = Folder(Path(), {"actor": "JPN", "strategies": []}, {})
    assert not list(card.tables(old, "en")) and not card.sentences(old, "en")
    assert card.regret(old, "en") is None


def test_fewer_wars_are_never_told_as_a_gain():
    made = folder()
    aims = made.judgement["aims"] | {
        "fewer_wars": [
            {"strategy": None, "rises": ["yields.korea"]},
            {"strategy": "arm", "rises": ["yields.korea"]},
        ]
    }
    label = {"en": "Risk of yielding: Korea", "ja": "譲歩の危険：朝鮮半島"}
    run = made.run | {"measures": [{"name": "yields.korea", "label": label}]}
    told = Folder(Path(), run, {"aims": aims})
    said = " ".join(card.sentences(told, "en"))
    assert "Fewer wars are no gain by themselves" in said
    assert "under “The scenario alone; Arm”, Risk of yielding: Korea" in said
    assert "戦争が減ること自体は改善を意味しない" in " ".join(card.sentences(told, "ja"))
    assert not card.fewer_wars(made, "en")
