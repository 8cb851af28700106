"""Levers of every kind reach the year; acts of government stand or fall by their own luck."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.core.errors import AssemblyError
from comity.engine.contract import Levers
from comity.engine.levers import by_name
from comity.engine.programme import CATEGORIES, DYADS, FRAMEWORKS, MEMBERSHIPS, STATES, Acts, quiet
from comity.mechanisms.catalogue import LEVERS, chosen, classes, parameters
from comity.world.given import cards, with_frameworks

WORLD = toy.toy_world()


def test_every_lever_has_one_kind_and_one_array():
    kinds = (*DYADS, *MEMBERSHIPS, *STATES, *FRAMEWORKS, *CATEGORIES)
    assert sorted(kinds) == sorted(field.name for field in dataclasses.fields(Levers))
    for name, lever in by_name(LEVERS).items():
        place = {"dyad": DYADS, "membership": MEMBERSHIPS, "state": STATES}.get(lever.kind, kinds)
        assert name in place
        assert lever.axis == CATEGORIES.get(name, "")


def test_levers_that_nobody_moves_are_nil():
    levers = quiet(toy.YEARS, WORLD.count, 2).levers(jnp.zeros(0), jnp.asarray(0))
    assert all((array == 0).all() for array in jax.tree.leaves(levers))


def acts(names, start=2025.5):
    count = len(names)
    return Acts(
        state=jnp.full(count, 4),
        channel=jnp.zeros(count, int),
        start=jnp.full(count, start),
        name=jnp.asarray(names, jnp.uint32),
        groups=(),
        act=(),
    )


def test_an_act_keeps_its_luck_when_another_is_added():
    key = jax.random.key(3)
    few, more = acts([7, 9]).luck(key), acts([5, 7, 9]).luck(key)
    np.testing.assert_array_equal(few, more[1:])
    assert len(set(np.asarray(more).tolist())) == 3


@pytest.mark.parametrize(
    ("survival", "delay", "year", "stands"),
    [(1.0, 0.0, 2030, 1.0), (0.0, 0.0, 2026, 0.0), (0.0, 2.0, 2026, 1.0), (0.0, 2.0, 2028, 0.0)],
)
def test_a_doomed_act_falls_after_the_delay(survival, delay, year, stands):
    world = WORLD.replace(
        {
            "survival": jnp.full_like(WORLD.survival, survival),
            "reversal_delay": jnp.full_like(WORLD.reversal_delay, delay),
        }
    )
    made = acts([7])
    luck = made.luck(jax.random.key(3))
    assert made.standing(luck, world, jnp.uint32(year)) == stands


def test_founding_adds_an_empty_slot_and_nothing_else():
    wider = with_frameworks(WORLD, ("CPTPP", "new-one"))
    assert wider.frameworks == ("CPTPP", "WHO", "new-one")
    assert (wider.membership[2] == 0).all()
    np.testing.assert_array_equal(wider.membership[:2], WORLD.membership)
    for name in cards():
        if "framework" not in cards()[name].dims and name != "membership":
            np.testing.assert_array_equal(getattr(wider, name), getattr(WORLD, name))
    assert with_frameworks(WORLD, ("CPTPP",)) is WORLD


def test_options_come_in_by_name_or_by_lever_with_what_they_need():
    assert chosen() == ()
    with pytest.raises(AssemblyError, match="no option"):
        chosen(("no-such-thing",))
    assert {c.name for c in classes()} == {"trend", "growth", "trade", "armament", "agreements"}
    every = {p.key for p in parameters(tuple(c.name for c in classes()))}
    assert {p.key for p in parameters()} <= every
