"""What panels expect to be linked: each entry sourced, and gone once the link is there."""

from comity.claims.dossier import library_names, load
from comity.core.bibliography import entries
from comity.mechanisms.called import called
from comity.study.expected import absent, expected, reached_from

NONE: dict[str, dict[str, tuple[str, ...]]] = {}


def test_every_entry_has_its_source_and_its_words():
    claims = {claim.id for name in library_names() for claim in load(name).claims}
    for one in expected():
        assert {*one.claims} <= claims and {*one.papers} <= {*entries()}, one.name
        assert one.said["en"] and one.said["ja"]
        assert set(one.record()) == {"name", "text", "claims", "papers"}


def test_ends_are_fields_that_some_mechanism_writes():
    fields = {key.removeprefix("field ") for key in called()}
    assert all(set(one.goals) <= fields for one in expected())


def test_an_entry_goes_when_the_link_is_built():
    """No link at all, then a chain of two."""
    assert absent(NONE) == expected()
    links = {"a": {"deadlock": ("x",)}, "b": {"x": ("war_odds",)}}
    assert {one.name for one in expected()} - {one.name for one in absent(links)} == {
        "deadlock_conflict"
    }


def test_a_chain_is_of_two_mechanisms_at_most():
    links = {"a": {"p": ("q",), "q": ("p", "r")}, "b": {"r": ("s",)}}
    assert reached_from(links, ["p"]) == {"p", "q", "r"}
    assert reached_from(links, ["p"], 3) == {"p", "q", "r", "s"}
    assert reached_from(links, ["s"]) == set()
