"""Fractions above 1 are said in per cent before a run, in the words of the reports."""

from dataclasses import replace

import pytest
from bad_inputs import BASE
from typer.testing import CliRunner
from words import WORDS

from comity.cli.main import app
from comity.core.words import LANGS
from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import levers
from comity.scenarios.large import large_fractions, too_late
from comity.scenarios.scenario import load_scenario, parse_scenario
from comity.study.laboratory import vocabulary

WORDS = replace(WORDS, levers=levers())
FORCES = "  - {lever: forces, sender: USA, host: JPN, add: 5, from: 2027, judged: x}\n"
RULE = """rules:
  - {observe: "tariff(USA, JPN)", comparator: ">", threshold: 1.5, lever: tariff,
     importer: JPN, exporter: USA, add: 0.05, judged: x}
"""


def said(text: str, lang: str = "en") -> list[str]:
    found = parse_scenario(from_bytes(text.encode(), "f.yaml"), WORDS)
    return large_fractions(found.moves, found.rules, found.uncertainties, levers(), lang)


def test_five_is_said_to_be_500_per_cent():
    (line,) = said(BASE.replace("add: 0.25", "add: 5"))
    assert line == "f.yaml:18:5: United States: +500% tariff on goods of Japan, South Korea"
    (line,) = said(BASE.replace("add: 0.25", "set: 1.01"))
    assert "= 101% tariff" in line
    (line,) = said(BASE.replace("add: 0.25", "add: 5"), "ja")
    assert "500%" in line and "関税" in line


def test_what_a_number_can_make_of_it_is_said_too():
    text = BASE.replace("add: 0.25", "add: 0.8\n    scale: size").replace("high: 1.0", "high: 2.0")
    (line,) = said(text)
    assert "+80% tariff" in line and line.endswith("(times size), up to 160%")


@pytest.mark.parametrize("lang", LANGS)
def test_a_threshold_is_said(lang):
    (line,) = said(BASE + RULE, lang)
    assert line.startswith("f.yaml:25:5: ") and "150%" in line


def test_what_is_no_fraction_or_not_above_one_is_not():
    assert said(BASE + FORCES) == []
    assert said(BASE.replace("add: 0.25", "add: 1")) == []
    assert said(BASE.replace("add: 0.25", "times: 5")) == []


def test_the_library_needs_no_second_look():
    found = load_scenario("america-first", replace(vocabulary(), actor="JPN"))
    assert max(move.value for move in found.moves) > 1
    assert not large_fractions(found.moves, found.rules, found.uncertainties, levers(), "en")


def test_what_a_shorter_run_cuts_off_is_said():
    moves = parse_scenario(from_bytes(BASE.encode(), "f.yaml"), WORDS).moves
    assert too_late("wall", moves, 2027, "en") == ""
    said = too_late("wall", moves, 2026, "en")
    assert said.startswith("wall: 1 of 1 moves and rules begin after 2026")
    assert "2026" in too_late("wall", moves, 2026, "ja")


def test_it_is_said_before_the_run(tmp_path):
    path = tmp_path / "five.yaml"
    path.write_text(
        "comity: trade 1\nname: five\ntitle: A 5 % tariff\nmoves:\n"
        "  - {lever: tariff, importer: USA, exporter: JPN, add: 5}\n",
        encoding="utf-8",
    )
    found = CliRunner().invoke(app, ["trade", str(path), "--draws", "0"])
    assert found.exit_code == 0, found.output
    assert "five.yaml:5:5: United States: +500% tariff on goods of Japan" in found.stderr
    assert "500%" not in found.stdout
