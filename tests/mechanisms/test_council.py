"""The Council in the year: by hand for one conflict, what more vetoes needed do, who has power."""

from fractions import Fraction

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.mechanisms import council
from comity.mechanisms.catalogue import books
from comity.registry.axes import TOPICS

WORLD = toy.toy_world()
BOOK = books()["council"]
PLAIN = council.council_from(WORLD, BOOK)
# The toy world has no Security Council: its second framework plays it.
COUNCIL = eqx.tree_at(lambda m: m.seat, PLAIN, jnp.array([0.0, 1.0]))
KEY = jax.random.key(0)
USA, CHN, JPN = (WORLD.index(state) for state in ("USA", "CHN", "JPN"))


def rule(more):
    return toy.still(decision_rule=jnp.array([0.0, more]))


def at(name):
    return [state for state, *_ in council.RECURRING].index(name)


def test_one_conflict_by_hand():
    b = {name: number.value for name, number in BOOK.items()}
    i = at("SYR")
    own = np.array([b[f"veto_{m.lower()}"] for m in council.MEMBERS])
    veto = np.exp(
        own
        + b["veto_party"] * np.array([0, 0, 0, 1, 0])
        + b["veto_defence"] * np.asarray(COUNCIL.defence)[i]
        + b["veto_distance"] * np.asarray(COUNCIL.distance)[i]
    )
    acted = np.exp(b["resolution"] + b["resolution_internationalised"])
    np.testing.assert_allclose(COUNCIL.vetoes()[i], veto / (1 + acted + veto.sum()), rtol=1e-12)


def test_deadlock_is_the_mean_of_a_topics_conflicts():
    found = COUNCIL(WORLD, toy.still(), KEY)["deadlock"]
    chance = np.asarray(COUNCIL.vetoes()).sum(1)
    for q, topic in enumerate(TOPICS):
        mine = [i for i, (_, t, _) in enumerate(council.RECURRING) if t == topic]
        assert found[q] == pytest.approx(chance[mine].mean())
    assert ((found > 0) & (found < 0.5)).all()


def test_more_vetoes_needed_never_block_more():
    found = [COUNCIL(WORLD, rule(x), KEY)["deadlock"] for x in (0.0, 0.5, 1.0, 2.5, 4.9, 5.0)]
    assert (np.diff(found, axis=0) < 0).all()


def test_where_none_suffice_nothing_is_blocked():
    np.testing.assert_array_equal(COUNCIL(WORLD, rule(5.0), KEY)["deadlock"], 0.0)


def test_power_of_seats_is_the_exact_index():
    found = COUNCIL(WORLD, toy.still(), KEY)["council_power"]
    assert found[USA] == pytest.approx(float(Fraction(421, 2145)))
    assert found[JPN] == pytest.approx(float(Fraction(4, 2145)))
    table = council.seat_power()
    np.testing.assert_allclose(5 * table[0] + 10 * table[1], 1.0, rtol=1e-12)
    np.testing.assert_allclose(table[:, -1], 1 / 15)
    assert (np.diff(table[0]) < 0).all()


def test_without_a_seat_there_is_no_power():
    outside = WORLD.replace({"membership": WORLD.membership.at[1, JPN].set(0.0)})
    assert COUNCIL(outside, toy.still(), KEY)["council_power"][JPN] == 0.0


def test_a_world_without_the_council_feels_no_reform():
    moved = toy.still(decision_rule=jnp.array([3.0, 3.0]))
    a, b = PLAIN(WORLD, toy.still(), KEY), PLAIN(WORLD, moved, KEY)
    np.testing.assert_array_equal(a["deadlock"], b["deadlock"])
    np.testing.assert_array_equal(b["council_power"], 0.0)
