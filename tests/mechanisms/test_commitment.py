"""Commitments on the toy world: who is here, what levers do, and where the numbers come from."""

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.mechanisms.catalogue import books
from comity.mechanisms.commitment import commitment_from, effort_shift, lapses, rates_of
from comity.registry.axes import flashpoints
from comity.world.snapshot import table

WORLD = toy.toy_world()
MADE = commitment_from(WORLD, books()["commitment"])
KEY = jax.random.key(1)
PLACE = {state: i for i, state in enumerate(toy.STATES)}
SENKAKU, KOREA = flashpoints().index("senkaku-diaoyu"), flashpoints().index("korea")


def dyad(lever, a, b, value):
    return toy.still(**{lever: jnp.zeros((5, 5)).at[PLACE[a], PLACE[b]].set(value)})


def after(levers):
    return {k: np.asarray(v) for k, v in MADE(WORLD, levers, KEY).items()}


CALM = after(toy.still())


def test_only_flashpoints_whose_states_are_here_take_part():
    here = {flashpoints()[f] for f in np.flatnonzero(np.asarray(MADE.theatres.sides.present))}
    assert here == {"senkaku-diaoyu", "senkaku-diaoyu-reversed"}
    assert MADE.theatres.sides.listed[KOREA].sum() == 0


def test_where_nobody_moves_only_time_does():
    joining, lapse = books()["commitment"]["joining"].value, float(MADE.rate[SENKAKU, 0])
    assert CALM["protection_base"][SENKAKU] == pytest.approx(joining)
    assert CALM["durability"][SENKAKU] == pytest.approx(1 - lapse)
    assert CALM["credibility"][SENKAKU, 0] == pytest.approx(joining * (1 - lapse))
    assert (CALM["protection"] == CALM["protection_seen"]).all()


def test_troops_move_joining_but_not_what_the_challenger_is_said_to_see():
    found = after(dyad("forces", "USA", "JPN", -10.0))
    assert found["protection"][SENKAKU] < CALM["protection"][SENKAKU]
    assert (found["protection_seen"] == CALM["protection_seen"]).all()
    moved = np.log((1 + 43.25) / (1 + 53.25)) * books()["commitment"]["forces"].value
    odds = [np.log(p / (1 - p)) for p in (MADE.joining, 1 / (1 + 17 / 3))]
    expected = (1 - MADE.rate[SENKAKU, 0]) / (1 + np.exp(-(odds[0] + moved)))
    assert found["protection"][SENKAKU] == pytest.approx(float(expected))


def test_a_patron_that_gives_up_leaves_nothing():
    found = after(dyad("commitment", "USA", "JPN", -1.0))
    assert found["protection"][SENKAKU] == 0.0


def test_a_new_pact_brings_a_new_protector_and_an_old_one_no_second():
    new = toy.still(alliance=jnp.zeros((5, 5)).at[0, 2].set(1.0).at[2, 0].set(1.0))
    found, joining = after(new), books()["commitment"]["joining"].value
    expected = 1 - (1 - CALM["protection"][SENKAKU]) * (1 - joining)
    assert found["protection"][SENKAKU] == pytest.approx(expected)
    old = after(dyad("alliance", "USA", "JPN", 1.0))
    assert old["protection"][SENKAKU] == pytest.approx(CALM["protection"][SENKAKU])


def test_a_treaty_ended_leaves_words():
    found = after(dyad("alliance", "USA", "JPN", -1.0))
    base = books()["commitment"]["joining"].value
    odds = np.log(base / (1 - base)) + books()["commitment"]["statement"].value
    standing = 1 - float(MADE.rate[SENKAKU, 0])
    assert found["protection"][SENKAKU] == pytest.approx(standing / (1 + np.exp(-odds)))


@pytest.mark.parametrize(
    ("lever", "value", "left"),
    [("alliance", -1.0, 0.0), ("alliance", -0.25, 0.75), ("commitment", -0.4, 0.6)],
)
def test_an_ended_treaty_and_a_commitment_given_up_do_not_stand(lever, value, left):
    changed = after(dyad(lever, "USA", "JPN", value))
    assert changed["durability"][SENKAKU] == pytest.approx(left * CALM["durability"][SENKAKU])
    assert changed["durability"][KOREA] == CALM["durability"][KOREA], "no other commitment falls"
    assert (changed["standing"] == CALM["standing"]).all(), "a lapse is luck, an end is a deed"


def test_a_commitment_raised_stands_no_longer_than_before():
    raised = after(dyad("commitment", "USA", "JPN", 0.5))
    assert raised["durability"][SENKAKU] == CALM["durability"][SENKAKU]


def test_each_protector_lapses_at_its_own_rate():
    known = table("pledge_lapse").set_index("patron")["rate"]
    assert float(MADE.rate[SENKAKU, 0]) == known["USA"]
    states = tuple("R_EEU" if s == "USA" else s for s in WORLD.states)
    assert float(rates_of(states, MADE.theatres)[SENKAKU, 0]) == known["ALL"], (
        "no record of its own"
    )
    doubled = lapses(
        eqx.tree_at(lambda c: c.lapse, MADE, jnp.asarray(2.0)), WORLD.membership, toy.still()
    )
    assert float(doubled[SENKAKU, 0]) == pytest.approx(2 * known["USA"])


def test_only_narrow_frameworks_of_security_tie_and_one_founded_in_a_file_counts_nil():
    known = table("frameworks").set_index("id")["w_security"]
    assert known["NATO"] > 0.5 > known["CPTPP"]
    names, everybody = ("NATO", "CPTPP", "ours"), jnp.ones((3, WORLD.count))
    world = dataclasses.replace(WORLD, frameworks=names, membership=everybody)
    made = commitment_from(world, books()["commitment"])
    np.testing.assert_allclose(made.weight, [known["NATO"], 0.0, 0.0])


def test_effort_moves_joining_by_its_growth_and_a_client_without_arms_by_nothing():
    client = PLACE["JPN"]
    burden = WORLD.milex / WORLD.capacity
    some = eqx.tree_at(lambda c: (c.spending, c.effort), MADE, (burden, jnp.asarray(0.7)))
    doubled = WORLD.replace({"milex": 2.0 * WORLD.milex})
    np.testing.assert_allclose(effort_shift(some, doubled)[SENKAKU], 0.7 * np.log(2.0))
    for now, then in ((doubled, burden.at[client].set(0.0)), (nothing(doubled), burden)):
        none = eqx.tree_at(lambda c: c.spending, some, then)
        assert effort_shift(none, now)[SENKAKU] == 0.0


def nothing(world):
    return world.replace({"milex": world.milex.at[PLACE["JPN"]].set(0.0)})


def test_shared_security_frameworks_make_commitments_last():
    joint = dataclasses.replace(MADE, weight=jnp.asarray([1.0, 0.0]), members=WORLD.membership)
    more = WORLD.membership.at[0, PLACE["USA"]].set(1.0)

    def odds(membership, *vigour):
        found = float(lapses(joint, membership, toy.still(), *vigour)[SENKAKU, 0])
        return np.log(found / (1 - found))

    # A framework more beside none, alive as it was unless told otherwise, then half as much.
    effect = books()["commitment"]["overlap"].value * 0.25
    assert effect < 0
    assert odds(more) - odds(WORLD.membership) == pytest.approx(effect * np.log(2.0))
    half = jnp.asarray([0.5, 1.0])
    assert odds(more, half) - odds(WORLD.membership) == pytest.approx(effect * np.log(1.5))
