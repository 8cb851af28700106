"""Every lever that ships: words, bounds, an actor, an example file that moves it."""

import dataclasses
import math

import pytest

from comity.core.errors import AssemblyError
from comity.core.words import LANGS
from comity.engine.levers import by_name, declared
from comity.mechanisms.catalogue import levers

each = pytest.mark.parametrize("lever", levers().values(), ids=lambda lever: lever.name)


@each
def test_a_lever_says_what_it_does_in_every_language(lever):
    for text in (lever.sentence, lever.act):
        assert set(text) == set(LANGS) and all(text.values())
    assert lever.unit and math.isfinite(lever.low) and lever.low < lever.high
    assert lever.actor in lever.signature


@each
def test_the_words_of_an_act_name_who_and_how_much(lever):
    for text in lever.act.values():
        assert "{framework}" in text or "{actors}" in text
        assert ("{value}" in text or "{plain}" in text) == lever.valued


def test_actors_are_those_who_can_move_the_lever():
    by = levers()
    assert [by[n].actor for n in ("tariff", "barrier", "join", "leave", "checks")] == [
        "importer",
        "a",
        "state",
        "state",
        "state",
    ]


def test_one_declaration_may_stand_twice_two_may_not():
    tariff, barrier = levers()["tariff"], levers()["barrier"]
    assert by_name((tariff, barrier, tariff)) == {"tariff": tariff, "barrier": barrier}
    with pytest.raises(AssemblyError, match="tariff"):
        by_name((tariff, dataclasses.replace(tariff, high=5.0)))


TOML = """
[charm]
signature = ["state"]
kind = "state"
merges_by = "gdp"
unit = "1"
low = 0.0
high = 1.0
"""
WORDS = """
[lever.charm]
sentence = { en = "It charms.", ja = "魅了する。" }
act = { en = "{actors}: {plain}", ja = "{actors}: {plain}" }
"""


def folder(tmp_path, monkeypatch, toml, words=WORDS):
    name = f"lever_{abs(hash((toml, words)))}"
    place = tmp_path / name
    place.mkdir()
    (place / "__init__.py").write_text("")
    (place / "levers.toml").write_text(toml, encoding="utf-8")
    (place / "words.toml").write_text(words, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_a_lever_is_read_from_its_folder(tmp_path, monkeypatch):
    (charm,) = declared(folder(tmp_path, monkeypatch, TOML))
    assert charm.name == "charm" and charm.shape(5, 2) == (5,) and charm.combine == "add"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "state"', 'kind = "planet"', "planet"),
        ("high = 1.0", "high = -1.0", "bounds"),
        ("unit =", "unti =", "unit"),
        ('merges_by = "gdp"', 'merges_by = "trade"', "merge"),
        ("high = 1.0", 'high = 1.0\ncombine = "maybe"', "maybe"),
    ],
)
def test_a_wrong_declaration_is_refused_by_name(tmp_path, monkeypatch, old, new, said):
    with pytest.raises(AssemblyError, match=said):
        declared(folder(tmp_path, monkeypatch, TOML.replace(old, new)))


def test_a_lever_without_words_is_refused(tmp_path, monkeypatch):
    with pytest.raises(AssemblyError, match="no words"):
        declared(folder(tmp_path, monkeypatch, TOML, WORDS.replace("act", "actt")))
