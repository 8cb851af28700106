"""Credibility and durability: bounds, what levers do, and the closed form of a lapse."""

import comity.core.runtime  # noqa: F401  isort: skip
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.force import commitment as cm

GROUND = cm.Ground(
    listed=jnp.asarray([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0]]),
    treaty=jnp.asarray([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
    law=jnp.asarray([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]),
    statement=jnp.asarray([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]),
)
CREDENCE = cm.Credence(*(jnp.asarray(x) for x in (0.2, -0.7, -1.4, 0.25)))
NIL = jnp.zeros((2, 3))


def odds(pact=NIL):
    return np.asarray(cm.pledged_odds(GROUND, CREDENCE, pact))


def test_what_a_commitment_rests_on():
    found = odds() - np.log(0.2 / 0.8)
    assert found[0, :2] == pytest.approx([0.0, -0.7])
    assert found[1, 0] == pytest.approx(-1.4)


def test_pacts_made_lift_to_a_treaty_and_pacts_ended_leave_words():
    made = odds(jnp.ones((2, 3))) - np.log(0.2 / 0.8)
    assert made[0, :2] == pytest.approx([0.0, 0.0]) and made[1, 0] == pytest.approx(0.0)
    ended = odds(-jnp.ones((2, 3))) - np.log(0.2 / 0.8)
    assert ended[0, 0] == pytest.approx(-1.4)
    assert ended[0, 1] == pytest.approx(-0.7), "no treaty, none to end"


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(-3, 3))
@settings(max_examples=10, deadline=None)
def test_credibility_is_a_chance_and_follows_the_patron(said, standing, forces):
    full = jnp.full((2, 3), said)
    found = cm.credibility(jnp.asarray(odds()), NIL + forces, NIL + standing, full, GROUND.listed)
    calm = cm.credibility(jnp.asarray(odds()), NIL + forces, NIL + standing, NIL, GROUND.listed)
    listed = np.asarray(GROUND.listed) > 0
    assert ((np.asarray(found) >= 0) & (np.asarray(found) <= 1)).all()
    assert (np.asarray(found)[~listed] == 0).all()
    gap = (np.asarray(found) - np.asarray(calm))[listed]
    assert (gap * np.sign(said) >= -1e-12).all()


@pytest.mark.parametrize(("said", "chance"), [(-1.0, 0.0), (1.0, 1.0)])
def test_given_up_and_sure(said, chance):
    found = cm.credibility(jnp.asarray(odds()), NIL, NIL + 0.9, NIL + said, GROUND.listed)
    assert np.asarray(found)[0, 0] == pytest.approx(chance)


def test_new_patrons_add_and_listed_ones_do_not_count_twice():
    each = jnp.asarray([[0.5, 0.0]])
    found = cm.with_new_patrons(each, jnp.asarray([[0.0, 1.0, 0.5]]), jnp.asarray(0.2))
    assert float(found[0]) == pytest.approx(1 - 0.5 * 0.8 * 0.9)


def test_overlap_counts_shared_frameworks_by_weight():
    members = jnp.asarray([[1.0, 1.0, 0.0], [1.0, 0.5, 1.0]])
    found = cm.overlap(members, jnp.asarray([0.9, 0.5]), jnp.asarray([[0, 2]]), jnp.asarray([1]))
    assert np.asarray(found) == pytest.approx(np.array([[0.9 + 0.25, 0.25]]))


def test_a_lapse_is_rarer_with_more_shared_frameworks():
    rate, effect, weight = jnp.asarray([[0.02]]), jnp.asarray(-1.3), jnp.asarray(0.5)
    before, after = jnp.asarray([[1.0]]), jnp.asarray([[2.0]])
    base = float(cm.lapse(rate, effect, weight, before, before)[0, 0])
    more = float(cm.lapse(rate, effect, weight, before, after)[0, 0])
    assert base == pytest.approx(0.02)
    expected = np.log(0.02 / 0.98) - 1.3 * 0.5 * np.log(1.5)
    assert more == pytest.approx(1 / (1 + np.exp(-expected)))
    assert float(cm.lapse(rate, effect, jnp.asarray(0.0), before, after)[0, 0]) == base


def test_standing_is_a_mean_over_protectors():
    standing = jnp.asarray([[0.8, 0.6, 0.0], [0.5, 0.0, 0.0]])
    found = cm.mean_standing(standing, jnp.asarray([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))
    assert np.asarray(found) == pytest.approx([0.7, 1.0])


def test_what_stands_is_a_chance_however_many_levers_end_a_treaty():
    """Pacts ended twice over are ended; commitments beyond sure are no surer than they were."""
    standing = NIL + 0.8
    for pact, said, expected in (
        (-0.5, -0.5, 0.2),
        (-1.5, 0.0, 0.0),
        (0.0, -2.0, 0.0),
        (1, 1, 0.8),
    ):
        found = cm.still_stands(standing, GROUND, NIL + pact, NIL + said)
        assert float(found[0, 0]) == pytest.approx(expected)
    without_treaty = cm.still_stands(standing, GROUND, NIL - 1.0, NIL)
    assert float(without_treaty[0, 1]) == pytest.approx(0.8)
