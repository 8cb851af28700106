"""Moves that could never act, and years that would never be simulated: refused with the line."""

from dataclasses import replace

import pytest
from bad_inputs import BASE, more, swap
from words import WORDS

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.mechanisms.catalogue import levers
from comity.scenarios.scenario import load_scenario, parse_scenario
from comity.scenarios.strategy import parse_strategy
from comity.study.laboratory import vocabulary

ALL_LEVERS = replace(WORDS, levers=levers())
FOUND = "  - {lever: found, framework: ring, state: [JPN, KOR], from: 2028, judged: x}\n"
RULE = """rules:
  - {observe: "OBSERVED", comparator: ">", threshold: 0.05, lever: tariff,
     importer: CHN, exporter: USA, add: 0.05, judged: x}"""


def line(text: str) -> str:
    return f"  - {{{text}, judged: x}}"


def rule(observed: str) -> bytes:
    return more(RULE.replace("OBSERVED", observed))


@pytest.mark.parametrize(
    ("raw", "at", "said"),
    [
        # Years
        (swap("moves:", "horizon: {from: 2090, to: 2093}\nmoves:"), 17, "begins in 2090"),
        (swap("moves:", "horizon: {from: 2026, to: 2030}\nmoves:"), 17, "begins in 2026"),
        (swap("from: 2027", "from: 99999999999"), 22, "not a date of the calendar"),
        (swap("from: 2027", "from: -1"), 22, "not a date of the calendar"),
        # Values
        (swap("add: 0.25", "add: 0"), 21, "moves nothing"),
        (swap("add: 0.25", "add: -0.0"), 21, "moves nothing"),
        (
            more(line("lever: defence_share, state: JPN, set: 0.02, from: 2027")),
            24,
            "cannot be set",
        ),
        # Branches
        (
            swap("{nobody: 0.5, everybody: 0.5}", "{nobody: 0, everybody: 1}").replace(
                b"add: 0.25", b"add: 0.25\n    when: {answer: nobody}"
            ),
            22,
            "has the weight 0",
        ),
        (
            swap(
                "add: 0.25",
                "add: 0.25\n    when: {answer: nobody}"
                "\n    ends_early: {at: 2030, when: {answer: everybody}}",
            ),
            23,
            "never ends early",
        ),
        (
            swap("{nobody: 0.5, everybody: 0.5}", "{granted: 0.5, refused: 0.5}").replace(
                b"add: 0.25", b"add: 0.25\n    when: {answer: refused}\n    consent: answer"
            ),
            22,
            "is granted nowhere",
        ),
        # Empty lists
        (
            more(line("lever: engage, state: USA, domain: [], add: 0.5, from: 2027")),
            24,
            "domain: the list is empty",
        ),
        (swap("moves:", "mechanisms: []\nmoves:"), 17, "mechanisms: the list is empty"),
        (swap("moves:", "rules: []\nmoves:"), 17, "rules: the list is empty"),
        (swap("moves:", "groups: {}\nmoves:"), 17, "groups: the list is empty"),
        (swap("add: 0.25", "add: 0.25\n    when: {}"), 22, "when: the list is empty"),
        # Memberships
        (more(line("lever: join, framework: NATO, state: USA, from: 2027")), 24, "is a member of"),
        (more(line("lever: leave, framework: NATO, state: JPN, from: 2027")), 24, "is no member"),
        (
            more(line("lever: deepen, framework: NATO, state: JPN, add: 0.5, from: 2027")),
            24,
            "is no member",
        ),
        (
            more(line("lever: decision_rule, framework: NATO, add: 1, from: 2027")),
            24,
            "acts on UNSC",
        ),
        # New frameworks
        (
            more(FOUND + line("lever: join, framework: ring, state: AUS, from: 2027")),
            25,
            "not founded when this move begins; see f.yaml:24:5",
        ),
        (
            more(FOUND + line("lever: deepen, framework: ring, state: JPN, add: 0.5, from: 2026")),
            25,
            "not founded when",
        ),
        (
            more(
                FOUND.replace("from:", "when: {answer: nobody}, from:")
                + line("lever: join, framework: ring, state: AUS, from: 2029")
            ),
            25,
            "not founded in every branch",
        ),
        (
            more(
                FOUND.replace("from:", "until: 2030, from:")
                + line("lever: join, framework: ring, state: AUS, from: 2031")
            ),
            25,
            "not founded when",
        ),
        (more(FOUND.replace("ring", "NATO")), 24, "NATO exists already"),
        (more(FOUND.replace("ring", "JPN")), 24, "'JPN' is a state, no new framework"),
        (more(FOUND.replace("ring", "Japan")), 24, "a name of JPN, no new framework"),
        (more(FOUND.replace("ring", "ALL")), 24, "a word of the format"),
        (more(FOUND.replace("ring", "ACTOR")), 24, "a word of the format"),
        (more(FOUND.replace("ring", "a except b")), 24, "cannot name a framework"),
        (
            swap("moves:", "groups: {ring: [JPN, USA]}\nmoves:") + b"\n" + FOUND.encode(),
            26,
            "is a group, no new framework",
        ),
        (swap("moves:", "groups: {Japan: [KOR, USA]}\nmoves:"), 17, "a name of JPN"),
        (
            rule("tariff(USA, CHN)").replace(
                b"lever: tariff,\n     importer: CHN, exporter: USA, add: 0.05",
                b"lever: found,\n     framework: ring, state: [JPN, KOR]",
            ),
            25,
            "a rule cannot found a framework",
        ),
        (
            rule("tariff(USA, CHN)").replace(
                b"lever: tariff,\n     importer: CHN, exporter: USA, add: 0.05",
                b"lever: join,\n     framework: NATO, state: USA",
            ),
            25,
            "is a member of NATO",
        ),
        (
            swap("moves:\n", "moves:\n" + FOUND)
            + RULE.replace("OBSERVED", "tariff(USA, CHN)")
            .replace(
                "lever: tariff,\n     importer: CHN, exporter: USA, add: 0.05",
                "lever: join,\n     framework: ring, state: AUS",
            )
            .encode(),
            26,
            "not founded when this move begins",
        ),
        # On oneself
        (rule("tariff(USA, USA)"), 25, "no state has a tariff on itself"),
        (rule("tariff(USA, United States)"), 25, "no state has a tariff on itself"),
        (rule("tariff(ACTOR, ACTOR)"), 25, "no state has a tariff on itself"),
        # What can never be observed
        (
            rule("consumption(USA)").replace(b'">", threshold: 0.05', b'"<", threshold: 0'),
            25,
            "never",
        ),
        (
            rule("openness(USA)").replace(b'">", threshold: 0.05', b'"<", threshold: -1'),
            25,
            "never",
        ),
        (rule("tariff(USA, CHN)").replace(b"0.05, lever", b"10.0, lever"), 25, "never"),
    ],
)
def test_refused_with_the_line(raw, at, said):
    with pytest.raises(BadInput) as caught:
        parse_scenario(from_bytes(raw, "f.yaml"), ALL_LEVERS)
    assert not caught.value.problems, str(caught.value)
    assert caught.value.where.startswith(f"f.yaml:{at}:")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        # A member that has left may come back, whoever left before a group joins, and so on.
        line("lever: leave, framework: NATO, state: USA, from: 2026, until: 2028")
        + "\n"
        + line("lever: join, framework: NATO, state: USA, from: 2030"),
        line("lever: join, framework: NATO, state: [USA, JPN], from: 2027"),
        line("lever: join, framework: NATO, state: JPN, from: 2026, until: 2028")
        + "\n"
        + line("lever: leave, framework: NATO, state: JPN, from: 2029"),
        FOUND + line("lever: join, framework: ring, state: AUS, from: 2028"),
        FOUND + line("lever: deepen, framework: ring, state: JPN, add: 0.5, from: 2029"),
        FOUND.replace("from:", "when: {answer: nobody}, from:")
        + line("lever: join, framework: ring, state: AUS, from: 2029, when: {answer: nobody}"),
        line("lever: decision_rule, framework: UNSC, add: 1, from: 2027"),
    ],
)
def test_what_can_act_is_read(text):
    words = replace(ALL_LEVERS, members={**WORDS.members, "UNSC": frozenset({"USA", "CHN"})})
    assert parse_scenario(from_bytes(more(text), "f.yaml"), words).moves


def test_a_rule_that_observes_the_actor_on_itself_is_left_out():
    document = from_bytes(rule("tariff(ACTOR, USA)"), "f.yaml")
    assert parse_scenario(document, replace(WORDS, actor="USA")).rules == ()
    assert len(parse_scenario(document, replace(WORDS, actor="JPN")).rules) == 1


@pytest.mark.parametrize("first", ["set: 0.1", "add: 0.1"])
def test_a_level_cannot_be_laid_down_twice_nor_added_to_by_rules(first):
    text = rule("tariff(USA, CHN)").replace(b"add: 0.05, judged", b"set: 0.05, judged")
    other = line(f"lever: tariff, importer: CHN, exporter: USA, {first}, from: 2030, instrument: i")
    text = text.replace(b"rules:", f"{other}\nrules:".encode())
    with pytest.raises(BadInput, match="contradicts the one at f.yaml:24:5"):
        parse_scenario(from_bytes(text, "f.yaml"), WORDS)


# What a file takes over

PARENT = BASE.replace(
    "add: 0.25", "add: 0.25\n    scale: size\n    when: {answer: [nobody, everybody]}"
)
CHILD = """comity: scenario 1
name: child
extends: parent.yaml
title: Child
question: What then?
summary: All of it
uncertainties:
  answer:
    meaning: Who answers
    choices: {nobody: 0.5, everybody: 0.5}
    status: judged
    source: a guess
"""


def child(folder, text: str, parent: str = PARENT):
    (folder / "parent.yaml").write_text(parent, encoding="utf-8")
    (folder / "child.yaml").write_text(text, encoding="utf-8")
    return load_scenario(folder / "child.yaml", WORDS)


CHOICES = "choices: {nobody: 0.5, everybody: 0.5}"
NUMBER = "prior: {kind: uniform, low: 0.1, high: 0.2}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CHILD.replace(CHOICES, "choices: {nobody: 0.5, some: 0.5}"), "no branch 'everybody'"),
        (CHILD.replace(CHOICES, NUMBER), "'answer' was a choice"),
        (CHILD.replace("answer:", "size:"), "'size' was a number"),
    ],
)
def test_a_child_leaves_its_parents_moves_what_they_need(tmp_path, text, said):
    with pytest.raises(BadInput) as caught:
        child(tmp_path, text)
    assert said in str(caught.value) and "parent.yaml:18:5" in str(caught.value)
    assert "child.yaml:" in caught.value.where


def test_a_child_says_that_a_branch_never_comes_by_its_weight(tmp_path):
    found = child(tmp_path, CHILD.replace(CHOICES, "choices: {nobody: 0, everybody: 1}"))
    assert found.uncertainties[0].choices == (("nobody", 0.0), ("everybody", 1.0))


def test_a_child_adds_no_branch_of_which_an_early_end_says_nothing(tmp_path):
    early = BASE.replace(
        "add: 0.25", "add: 0.25\n    ends_early: {at: 2030, when: {answer: nobody}}"
    )
    wider = CHILD.replace(CHOICES, "choices: {nobody: 0.5, everybody: 0.4, some: 0.1}")
    with pytest.raises(BadInput, match="'some' is a new branch of 'answer'"):
        child(tmp_path, wider, early)
    assert len(child(tmp_path, wider, BASE).moves) == 1


def test_rules_of_a_parent_are_looked_at_too(tmp_path):
    parent = BASE + RULE.replace("OBSERVED", "tariff(USA, JPN)").replace(
        "judged: x", "when: {answer: nobody}, judged: x"
    )
    with pytest.raises(BadInput, match="no branch 'nobody', which the move at .*parent.yaml:25:5"):
        child(
            tmp_path, CHILD.replace(CHOICES, "choices: {some: 0.5, everybody: 0.5}"), parent + "\n"
        )


def test_a_strategy_may_join_what_its_state_is_in_for_a_scenario_may_leave_it():
    text = """comity: strategy 1
name: back
actor: USA
title: Back
summary: Back again
moves:
  - {lever: join, framework: WHO, state: USA, from: 2029, judged: x}
"""
    assert parse_strategy(from_bytes(text.encode(), "f.yaml"), vocabulary()).moves


def test_a_rule_that_is_left_out_for_its_own_actor_is_looked_at_all_the_same():
    """A file is right or wrong for every state alike."""
    wrong = rule("tariff(USA, JPN)").replace(b"add: 0.05", b"add: 50")
    for actor in ("CHN", "USA"):
        with pytest.raises(BadInput, match=r"f.yaml:26:41: add: 50 is out of bounds"):
            parse_scenario(from_bytes(wrong, "f.yaml"), replace(WORDS, actor=actor))
    on_actor = rule("tariff(USA, JPN)").replace(
        b"importer: CHN, exporter: USA", b"importer: USA, exporter: ACTOR"
    )
    assert parse_scenario(from_bytes(on_actor, "f.yaml"), replace(WORDS, actor="USA")).rules == ()
