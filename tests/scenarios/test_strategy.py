import re
from dataclasses import replace
from pathlib import Path

import pytest
from words import WORDS

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.scenarios.rules import OBSERVABLES
from comity.scenarios.scenario import library_names, parse_scenario
from comity.scenarios.strategy import load_strategy, parse_strategy, strategy_card
from comity.study.laboratory import vocabulary

REAL = vocabulary()

BASE = """comity: strategy 1
name: answer
actor: JPN
title: {en: Answer}
summary: {en: One for one}
uncertainties:
  consent:
    meaning: {en: All agree}
    choices: {granted: 0.5, refused: 0.5}
    status: judged
    source: a guess
moves:
  - {lever: tariff, importer: ACTOR, exporter: CHN, add: 0.1, from: 2027, judged: x}
  - {lever: join, framework: CPTPP, state: KOR, from: 2028, consent: consent, judged: x}
rules:
  - {observe: "tariff(USA, ACTOR)", comparator: ">", threshold: 0.05, lever: tariff,
     importer: JPN, exporter: USA, add: 0.05, judged: x}
"""


def strategy(text: str = BASE, actor: str = ""):
    return parse_strategy(from_bytes(text.encode(), "f.yaml"), WORDS, actor)


def test_parsed_values():
    found = strategy()
    tariff, join = found.moves
    assert found.actor == "JPN" and tariff.actors == ("JPN",) and tariff.targets == ("CHN",)
    assert join.framework == "CPTPP" and join.mode == "member" and join.value == 1.0
    assert join.when == {"consent": ("granted",)}
    (rule,) = found.rules
    assert (rule.observable, rule.state, rule.partner) == ("tariff", "USA", "JPN")
    assert (rule.comparator, rule.threshold) == (">", 0.05)
    assert rule.move.actors == ("JPN",) and rule.move.targets == ("USA",)
    assert rule.where == "f.yaml:16:5"


def test_any_state_may_take_a_strategy_for_any():
    text = BASE.replace("actor: JPN", "actor: ANY").replace("importer: JPN", "importer: ACTOR")
    text = text.replace("state: KOR", "state: ACTOR")
    assert strategy(text, "AUS").rules[0].partner == "AUS"
    with pytest.raises(BadInput, match="--for JPN"):
        strategy(text)


@pytest.mark.parametrize(
    "old, new, fragment, line",
    [
        ("actor: JPN", "actor: JPNN", "there is no state called 'JPNN'", 3),
        ("actor: JPN\n", "", "'actor' is missing", 1),
        ("strategy 1", "scenario 1", "is a 'scenario', not a strategy", 1),
        ("importer: ACTOR", "importer: USA", "importer USA is not the actor JPN", 13),
        ("add: 0.1,", "set: 0.1,", "cannot 'set' a lever", 13),
        (", consent: consent", "", "KOR cannot be made to join CPTPP", 14),
        ("consent: consent", "consent: konsent", "did you mean 'consent'?", 14),
        ("granted: 0.5", "yes: 0.5", "has no branch 'granted'", 14),
        ("framework: CPTPP", "framework: NATO", "JPN is no member of NATO", 14),
        ("{lever: join,", "{lever: leave,", "state KOR is not the actor JPN", 14),
        ("exporter: CHN", "exporter: JPN", "JPN stands on both sides", 13),
        ("tariff(USA, ACTOR)", "tarif(USA, ACTOR)", "did you mean 'tariff'?", 16),
        ("tariff(USA, ACTOR)", "tariff(USA)", "tariff takes 2 state(s), not 1", 16),
        ("tariff(USA, ACTOR)", "consumption(Korea)", "'Korea' is ambiguous", 16),
        ("tariff(USA, ACTOR)", "__import__('os')", "is not an observable", 16),
        ('comparator: ">"', 'comparator: "=>"', "comparator: '=>' is not one of", 16),
        ("threshold: 0.05", "threshold: 5%", "write 0.05", 16),
        ("threshold: 0.05", "treshold: 0.05", "did you mean 'threshold'?", 16),
        ("importer: JPN", "importer: AUS", "importer AUS is not the actor JPN", 16),
        (
            "add: 0.05, judged",
            "add: 0.05, ends_early: {at: 2030, when: {konsent: granted}}, judged",
            "did you mean 'consent'?",
            17,
        ),
    ],
)
def test_refused_with_place_and_reason(old, new, fragment, line):
    assert BASE.count(old) == 1
    with pytest.raises(BadInput) as caught:
        strategy(BASE.replace(old, new))
    message = next((t for t in str(caught.value).splitlines() if fragment in t), "")
    assert message.startswith(f"f.yaml:{line}:"), str(caught.value)


def test_a_rule_that_ends_early_becomes_two():
    first, later = strategy(
        BASE.replace("add: 0.05,", "add: 0.05, ends_early: {at: 2030, when: {consent: granted}},")
    ).rules
    assert (first.move.stop, first.move.when) == (2030.0, {})
    assert (later.move.start, later.move.when) == (2030.0, {"consent": ("refused",)})
    assert (first.threshold, first.observable) == (later.threshold, later.observable)


def test_another_actor_than_the_files():
    with pytest.raises(BadInput, match="of JPN, not of AUS"):
        strategy(BASE, "AUS")


def test_observables_are_those_the_programme_knows():
    from comity.engine.programme import OBSERVABLES as known

    assert set(OBSERVABLES) == set(known)


@pytest.mark.parametrize("name", library_names("strategy"))
def test_library_strategies_load_and_are_complete(name):
    actor = strategy_card(name)[0]
    actor = "JPN" if actor == "ANY" else actor
    found = load_strategy(name, REAL, actor)
    assert found.name == name and found.actor == actor
    for text in (found.title, found.summary, found.cost):
        assert text["en"] and text["ja"] != text["en"]
    for doubt in found.uncertainties:
        assert doubt.meaning["ja"] != doubt.meaning["en"] and len(doubt.source) > 20
    assert all(m.source for m in (*found.moves, *(rule.move for rule in found.rules)))
    used = {n for m in found.moves for n in m.when} | {m.scale for m in found.moves if m.scale}
    assert used == {doubt.name for doubt in found.uncertainties}


def test_the_library_holds_the_named_strategies():
    assert set(library_names("strategy")) >= {"steady", "retaliate", "widen-cptpp", "de-risk-china"}
    assert strategy_card("steady")[0] == "ANY" and strategy_card("widen-cptpp")[0] == "JPN"


def test_steady_does_nothing():
    found = load_strategy("steady", REAL, "KOR")
    assert found.actor == "KOR" and not found.moves and not found.rules


def test_retaliation_mirrors_in_steps():
    rules = load_strategy("retaliate", REAL, "JPN").rules

    def answer(seen):
        return sum(rule.move.value for rule in rules if seen > rule.threshold)

    assert answer(0.04) == 0.0
    for seen in (0.06, 0.11, 0.18, 0.26, 0.34, 0.45, 0.6):
        assert min(seen, 0.5) - 0.1 <= answer(seen) <= seen
    for step in (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50):
        # A tariff of exactly a step counts, whichever way it was rounded.
        assert answer(step - 1e-9) == pytest.approx(step) == answer(step + 1e-9)
    assert {(rule.move.actors, rule.move.targets) for rule in rules} == {(("JPN",), ("USA",))}


def test_no_state_turns_a_strategy_on_itself():
    with pytest.raises(BadInput, match="CHN stands on both sides"):
        load_strategy("de-risk-china", REAL, "CHN")


def test_widening_brings_in_whom_the_process_was_opened_for():
    moves = load_strategy("widen-cptpp", REAL).moves
    states = [m.actors for m in moves]
    assert states == [("CRI", "URY"), ("ARE", "IDN", "PHL"), ("ECU", "UKR")]
    members = REAL.members["CPTPP"]
    assert not members & {s for group in states for s in group}
    assert all(tuple(m.when.values()) == (("granted",),) for m in moves)


def test_examples_of_the_reference_page_load():
    page = Path(__file__).parents[2] / "docs" / "reference" / "scenario-files.md"
    scenario, answer = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    found = parse_scenario(from_bytes(scenario.encode(), "page"), replace(REAL, actor="JPN"))
    assert len(found.moves) == 2 and len(found.rules) == 1
    assert parse_strategy(from_bytes(answer.encode(), "page"), REAL, "JPN").rules
