"""Levers of every kind reach the year; acts of government stand or fall by their own luck."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.core.errors import AssemblyError
from comity.engine.programme import Acts
from comity.mechanisms.catalogue import chosen, classes, levers, parameters
from comity.world.given import with_frameworks

WORLD = toy.toy_world()


def test_every_declared_lever_has_an_array_of_its_kind():
    standing = toy.quiet(toy.YEARS, WORLD.count, 2).levers(jnp.zeros(0), jnp.asarray(0))
    assert set(standing.at) == set(levers())
    for name, lever in levers().items():
        assert getattr(standing, name).shape == lever.shape(WORLD.count, 2)


def test_levers_that_nobody_moves_are_nil():
    still = toy.quiet(toy.YEARS, WORLD.count, 2).levers(jnp.zeros(0), jnp.asarray(0))
    assert all((array == 0).all() for array in jax.tree.leaves(still))


def test_a_lever_that_is_not_there_is_an_error():
    with pytest.raises(AttributeError, match="charm"):
        getattr(toy.still(), "charm")  # noqa: B009 (the point is the attribute)
    with pytest.raises(AttributeError, match="charm"):
        toy.still().replace({"charm": jnp.zeros(1)})


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
    for name, card in WORLD.cards.items():
        if "framework" not in card.dims and name != "membership":
            np.testing.assert_array_equal(getattr(wider, name), getattr(WORLD, name))
    assert with_frameworks(WORLD, ("CPTPP",)) is WORLD


def test_options_come_in_by_name_or_by_lever_with_what_they_need():
    assert chosen() == ()
    with pytest.raises(AssemblyError, match="no option"):
        chosen(("no-such-thing",))
    assert {c.name for c in classes()} == {"trend", "growth", "trade", "armament", "agreements"}
    every = {p.key for p in parameters(tuple(c.name for c in classes()))}
    assert {p.key for p in parameters()} <= every
