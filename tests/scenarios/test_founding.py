"""A strategy may found a framework and ask others in; without founding or membership it may not."""

import pytest

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.scenarios.strategy import load_strategy, parse_strategy
from comity.study.laboratory import vocabulary

REAL = vocabulary()
OTHERS = "{lever: join, framework: new-group, state: [AUS, KOR], from: 2027, consent: c, judged: x}"
TEXT = """comity: strategy 1
name: founder
actor: JPN
title: {en: Found}
summary: {en: A new group}
uncertainties:
  c:
    meaning: {en: They agree}
    choices: {granted: 0.5, refused: 0.5}
    status: judged
    source: a guess
moves:
"""
FOUND = "  - {lever: found, framework: new-group, state: JPN, from: 2027, judged: x}\n"


def test_a_founder_may_ask_others_in():
    text = f"{TEXT}{FOUND}  - {OTHERS}\n"
    found = parse_strategy(from_bytes(text.encode(), "f.yaml"), REAL)
    assert [move.lever for move in found.moves] == ["found", "join"]


def test_another_cannot_be_made_to_found():
    text = TEXT + FOUND.replace("state: JPN", "state: KOR")
    with pytest.raises(BadInput, match="not the actor"):
        parse_strategy(from_bytes(text.encode(), "f.yaml"), REAL)


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("bridge", "JPN"),
        ("anchor-the-us", "JPN"),
        ("partners-beyond", "JPN"),
        ("lead-cptpp", "JPN"),
        ("widen-rcep", "CHN"),
        ("asean-centrality", "IDN"),
        ("open-europe", "DEU"),
        ("middle-power", "KOR"),
        ("renew-alliances", "USA"),
    ],
)
def test_strategies_on_frameworks_are_of_the_states_that_they_say(name, actor):
    found = load_strategy(name, REAL)
    assert found.actor == actor and found.cost["ja"]
    assert all(move.source for move in found.moves)
