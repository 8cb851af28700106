"""Flashpoint files: what ships is complete, and faults are named by line."""

import pytest

from comity.core.errors import BadInput
from comity.files.documents import from_bytes
from comity.mechanisms.theatres import risks
from comity.registry.axes import PROTECTORS
from comity.registry.axes import flashpoints as axis
from comity.registry.flashpoints import (
    MOST_PROTECTORS,
    flashpoints,
    load_flashpoint,
    parse_flashpoint,
)

GOOD = """comity: flashpoint 1
name: strait
title: A strait
challenger: CHN
target: JPN
protectors:
  - {state: USA, basis: treaty, source: a treaty}
stakes: What is at stake.
geography: {kind: strait, note: Water.}
evidence:
  - {event: E041, note: an exercise}
"""


def faults(text):
    with pytest.raises(BadInput) as caught:
        parse_flashpoint(from_bytes(text.encode(), "f.yaml"))
    return str(caught.value)


def test_the_example_is_good():
    point = parse_flashpoint(from_bytes(GOOD.encode(), "f.yaml"))
    assert (point.challenger, point.target, point.mirror) == ("CHN", "JPN", "")
    assert point.protectors[0].state == "USA" and point.evidence == (("E041", "an exercise"),)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("challenger: CHN", "challenger: CHX", "4:13", "'CHX' is no state's id; did you mean"),
        ("target: JPN", "target: CHN", "5:9", "CHN is challenger already"),
        ("state: USA", "state: JPN", "7:13", "JPN is target already"),
        ("basis: treaty", "basis: love", "7:25", "'love' is not one of"),
        ("kind: strait", "kind: moat", "9:19", "'moat' is not one of"),
        ("comity: flashpoint 1", "comity: scenario 1", "1:9", "'scenario 1' is not known"),
        ("event: E041", "event: 41", "11:13", "write"),
        ("{event: E041, note", "{event: E041, source: x, note", "11:5", "unknown origin"),
        ("stakes: What is at stake.", "stake: What.", "8:1", "unknown key 'stake'"),
    ],
)
def test_faults_are_named_with_their_place(old, new, place, words):
    message = faults(GOOD.replace(old, new))
    line = next(part for part in message.splitlines() if f"f.yaml:{place}:" in part)
    assert words in line


def test_a_war_under_way_at_the_base_year_began_by_then():
    with pytest.raises(BadInput, match="under_way: 2025 is not at most 2024"):
        parse_flashpoint(from_bytes((GOOD + "under_way: 2025\n").encode(), "f.yaml"))


def test_all_faults_at_once():
    message = faults(GOOD.replace("CHN", "CHX").replace("kind: strait", "kind: moat"))
    assert len(message.splitlines()) == 2


def test_what_ships():
    points = flashpoints()
    assert tuple(p.name for p in points) == axis()
    assert len({frozenset((p.challenger, p.target)) for p in points}) >= 10
    assert len(PROTECTORS) == MOST_PROTECTORS
    for point in points:
        for text in (point.title, point.stakes, point.terrain):
            assert text["en"] and text["ja"] and text["en"] != text["ja"]
        assert point.evidence


def test_either_side_is_challenger_where_no_war_was_under_way():
    points = {p.name: p for p in flashpoints()}
    for point in points.values():
        if point.under_way is None:
            other = points[point.mirror]
            assert (other.challenger, other.target) == (point.target, point.challenger)
            assert other.mirror == point.name and other.stakes == point.stakes


def test_a_second_coding_must_mirror_the_first(tmp_path):
    (tmp_path / "strait.yaml").write_text(GOOD)
    text = GOOD.split("stakes")[0].replace("name: strait", "name: other") + "coding_of: strait\n"
    (tmp_path / "other.yaml").write_text(text)
    with pytest.raises(BadInput, match=r"other.yaml:8:12: strait is not the other coding"):
        load_flashpoint(tmp_path / "other.yaml")


def test_the_table_of_risks_belongs_to_the_files():
    table = risks()
    for point in flashpoints():
        row = table.loc[point.name]
        assert (row["challenger"], row["target"]) == (point.challenger, point.target)
        named = "" if row["protectors"] != row["protectors"] else row["protectors"]
        assert named == " ".join(f"{p.state}:{p.basis}" for p in point.protectors)
        assert (row["under_way"] == row["under_way"]) == (point.under_way is not None)
        assert 0 < row["low"] < row["chance"] < row["high"] < 1
