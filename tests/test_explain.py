"""Explanations are complete, and the page made from them is current."""

from pathlib import Path

import pytest

from comity.cli import explain
from comity.core.errors import BadInput
from comity.core.parameters import book, every_book
from comity.mechanisms.catalogue import CLASSES, all_parameters, levers
from comity.trade.files import levers as trade_levers

ROOT = Path(__file__).parents[1]


def test_every_entry_says_what_and_where_and_the_files_exist():
    for name, found in explain.everything().items():
        assert found["what"], name
        named = [found[key] for key in ("file", "numbers_file", "made_by") if found.get(key)]
        assert found["tests"], name
        for path in (*named, *found["tests"]):
            assert (ROOT / path).is_file(), f"{name}: {path}"
        assert explain.in_words(found).startswith(found["name"])


def test_mechanisms_numbers_and_papers_are_there():
    for cls in CLASSES:
        found = explain.explain(cls.name)
        assert cls.reference in found["papers"]
    for p in all_parameters():
        found = explain.explain(p.key)
        assert found["source"] == p.source and found["grade"] == p.grade and found["papers"]


def test_the_tests_of_a_measure_or_lever_speak_of_it():
    """Measures by the first word of their name: the rest says of whom."""
    for name, found in explain.everything().items():
        texts = [(ROOT / path).read_text(encoding="utf-8") for path in found["tests"]]
        if found["kind"] == "outcome":
            assert any(name.split(".")[0] in text for text in texts), name
        if found["kind"] == "lever":
            assert any(name in text for text in texts), name
            # One test tries every lever of the year from its declaration.
            assert "levers()" in texts[-1] or name in texts[-1], name


def test_levers_of_trade_files_are_known_and_say_whose_they_are():
    for lever in trade_levers().values():
        found = explain.explain(lever.name)
        assert found["what"] == lever.sentence["en"]
        assert found["bounds"] == [lever.low, lever.high]
    assert explain.explain("capacity")["obeyed_by"] == ["comity trade"]
    assert "| agreement(a, b) |" in explain.reference()


def test_a_mechanism_says_which_levers_it_obeys_and_which_it_reads():
    for cls in CLASSES:
        found = explain.explain(cls.name)
        assert found["reads_levers"] == list(cls.levers)
        assert set(found["obeys"]) == {
            lever.name for lever in levers().values() if lever.obeyed_by == cls.name
        }
    assert explain.explain("sectors")["reads_levers"] == ["tariff", "barrier"]
    page = explain.reference()
    assert "Obeys the levers tariff, barrier." in page
    assert "Reads the levers tariff, barrier, which others obey. File `src/comity/mech" in page


def test_every_number_that_ships_is_known_by_its_key():
    for mechanism, file in every_book():
        for p in book(mechanism, file).values():
            found = explain.explain(p.key)
            assert found["value"] == p.value and found["file"].endswith(f"{mechanism}/{file}.toml")
    assert explain.explain("armament_reactions.rivals_response")["in_the_year"].startswith("no")


def test_what_is_empty_has_no_line():
    for found in explain.everything().values():
        assert not [line for line in explain.in_words(found).splitlines() if line.endswith(": ")]


def test_a_near_miss_gets_the_nearest_name():
    with pytest.raises(BadInput, match="did you mean .*elasticity"):
        explain.explain("elastisity")


def test_the_reference_page_is_current():
    page = (ROOT / "docs/reference/mechanisms.md").read_text(encoding="utf-8")
    assert page == explain.reference(), "write it anew: python -m comity.cli.explain > FILE"
