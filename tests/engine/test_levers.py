import dataclasses

import pytest

from comity.core.errors import AssemblyError
from comity.engine.levers import BARRIER, JOIN, LEAVE, TARIFF, by_name

LEVERS = (TARIFF, BARRIER, JOIN, LEAVE)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_a_lever_says_what_it_does_in_both_languages(lever):
    assert set(lever.sentence) == {"en", "ja"} and all(lever.sentence.values())
    assert lever.unit and lever.low < lever.high
    assert lever.actor in lever.signature


def test_actors_are_those_who_can_move_the_lever():
    assert [lever.actor for lever in LEVERS] == ["importer", "a", "state", "state"]


def test_one_declaration_may_stand_twice_two_may_not():
    assert by_name((TARIFF, BARRIER, TARIFF)) == {"tariff": TARIFF, "barrier": BARRIER}
    with pytest.raises(AssemblyError, match="tariff"):
        by_name((TARIFF, dataclasses.replace(TARIFF, high=5.0)))
