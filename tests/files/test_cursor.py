"""The cursor: where it stands, what stands there, and how problems are noted."""

import pytest

from comity.core.errors import BadInput
from comity.files.cursor import Cursor
from comity.files.documents import from_bytes

TEXT = """name: wall
moves:
  - lever: tariff
    exporter: [JPN, KOR]
  - lever: join
when: {answer: nobody}
"""


@pytest.fixture
def at():
    return Cursor(from_bytes(TEXT.encode(), "f.yaml"))


@pytest.mark.parametrize(
    ("loc", "value", "key"),
    [
        ((), "1:1", "1:1"),
        (("name",), "1:7", "1:1"),
        (("moves",), "3:3", "2:1"),
        # An item has no key; what encloses it stands in.
        (("moves", 0), "3:5", "3:3"),
        (("moves", 0, "lever"), "3:12", "3:5"),
        (("moves", 0, "exporter", 1), "4:21", "4:15"),
        (("moves", 1, "lever"), "5:12", "5:5"),
        (("when", "answer"), "6:16", "6:8"),
        # What is missing is said of what encloses it.
        (("title",), "1:1", "1:1"),
        (("title", "en"), "1:1", "1:1"),
        (("moves", 1, "exporter"), "5:5", "5:5"),
        (("moves", 1, "exporter", 0), "5:5", "5:5"),
        (("moves", 7, "lever"), "3:3", "3:3"),
        # A single name that stands for a list of one.
        (("when", "answer", 0), "6:16", "6:16"),
    ],
)
def test_places_of_values_and_keys(at, loc, value, key):
    for part in loc:
        at = at[part]
    assert at.place == f"f.yaml:{value}"
    assert at.key.place == f"f.yaml:{key}"


def test_values(at):
    assert at.value["name"] == at["name"].value == "wall"
    assert at["moves"][0]["exporter"][1].value == "KOR"
    for missing in (
        at["title"]["en"],
        at["moves"][7],
        at["moves"][-1],
        at["moves"]["lever"],
        at["name"][0],
        at[0],
    ):
        assert missing.value is None


def test_names(at):
    assert [at.name, at["moves"].name, at["moves"][1].name] == ["file", "moves", "1"]


def test_items_and_entries(at):
    assert [one.value["lever"] for one in at["moves"].items()] == ["tariff", "join"]
    assert [one.loc for one in at["moves"].items()] == [("moves", 0), ("moves", 1)]
    assert {name: one.loc for name, one in at["when"].entries().items()} == {
        "answer": ("when", "answer")
    }
    assert list(at.entries()) == ["name", "moves", "when"]
    for wrong in (at["name"], at["title"], at["when"], at):
        assert wrong.items() == []
    for wrong in (at["name"], at["title"], at["moves"]):
        assert wrong.entries() == {}
    with pytest.raises(TypeError):
        iter(at["moves"])


def test_a_problem_is_what_why_fix_and_place(at):
    at["moves"][0]["lever"].bad("what", "fix", why="why")
    at["moves"][0]["lever"].key.bad("what")
    at["moves"][0]["lever"].key["x"].bad("inside a key is inside its value")
    assert [str(problem) for problem in at.problems] == [
        "f.yaml:3:12: what; why; fix",
        "f.yaml:3:5: what",
        "f.yaml:3:12: inside a key is inside its value",
    ]


def test_all_cursors_of_a_document_share_one_list(at):
    at["when"].bad("later")
    at.key["moves"][1].bad("earlier")
    assert at["name"].problems is at.problems
    assert str(at.refusal()) == "f.yaml:5:5: earlier\nf.yaml:6:7: later"
    assert len(at.refusal().problems) == 2


def test_two_documents_do_not_share_a_list(at):
    at.bad("what")
    assert not Cursor(at.document).problems


def test_a_single_problem_is_raised_as_it_is(at):
    at["name"].bad("what")
    assert at.refusal() is at.problems[0]


def test_a_fault_is_raised_and_not_noted(at):
    with pytest.raises(BadInput, match="^f.yaml:1:7: what; fix$"):
        raise at["name"].fault("what", "fix")
    assert not at.problems


def test_an_error_raised_elsewhere_gets_a_place(at):
    at["name"].caught(BadInput("what", "why", "fix"))
    assert str(at.problems[0]) == "f.yaml:1:7: what; why; fix"


def test_a_look_aside_is_not_reported(at):
    aside = at["moves"].aside()
    aside[0].bad("what")
    assert aside.problems and not at.problems
    assert aside.place == at["moves"].place
