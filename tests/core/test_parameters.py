"""Books: an estimated number says what makes it, and only such a number does."""

from decimal import Decimal

import pytest

from comity.core.errors import BadInput
from comity.core.parameters import _parameter, book, every_book, printed

MAKER = "comity.evidence.estimates.war_ends:ends"
PLAIN = {
    "meaning": "a number",
    "value": 0.5,
    "unit": "1",
    "prior": {"kind": "normal", "mean": 0.5, "sd": 0.1, "low": 0.0, "high": 1.0},
    "status": "estimated",
    "grade": "C",
    "source": "savage1951theory",
}


def test_an_estimated_number_names_its_maker():
    one = _parameter("x", "toy", PLAIN | {"made_by": MAKER, "note": {"sd": "why"}}, "toy.toml")
    assert one.made_by == MAKER and one.note == {"sd": "why"}


def test_what_makes_a_number_is_in_no_record():
    """Runs are known by the hash of their records: a maker changes no result."""
    one = _parameter("x", "toy", PLAIN | {"made_by": MAKER, "note": {"sd": "why"}}, "toy.toml")
    assert list(one.record()) == [
        "name",
        "mechanism",
        "meaning",
        "value",
        "unit",
        "prior",
        "status",
        "grade",
        "source",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"made_by": "by hand"},
        {"made_by": "comity.models.force.war:ends"},
        {"made_by": MAKER, "status": "published"},
        {"made_by": MAKER, "status": "judged", "grade": "D"},
        {"note": {"sd": "why"}, "status": "judged", "grade": "D"},
        {"made_by": MAKER, "note": {"mode": "why"}},
    ],
)
def test_other_entries_are_refused(change):
    with pytest.raises(BadInput):
        _parameter("x", "toy", PLAIN | change, "toy.toml")


def test_every_book_is_found_and_printed_with_its_digits():
    books = every_book()
    assert ("armament", "reactions") in books and ("war", "numbers") in books
    for where in books:
        numbers, digits = book(*where), printed(*where)
        assert [p.key for p in numbers.values()] == list(digits)
        for p in numbers.values():
            assert float(digits[p.key]["value"]) == p.value
    assert (
        str(printed("armament", "reactions")["armament_reactions.allies_response"]["sd"]) == "0.050"
    )
    assert (
        printed("trade")["trade.elasticity_food"]["value"].as_tuple() == Decimal("3.90").as_tuple()
    )
