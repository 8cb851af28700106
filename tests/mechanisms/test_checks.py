"""Checks in the year: who has a record, what weaker checks do, what becomes of a doomed act."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.engine.programme import Acts
from comity.mechanisms.catalogue import books
from comity.mechanisms.checks import checks_from
from comity.registry.axes import CHANNELS

WORLD = toy.toy_world()
USA, JPN = WORLD.index("USA"), WORLD.index("JPN")
CHECKS = checks_from(WORLD, books()["checks"])
KEY = jax.random.key(2)


def shifted(state, channel, by):
    return toy.still(checks=jnp.zeros((5, 4)).at[state, channel].set(by))


def test_the_record_gives_the_chances_by_hand():
    survival = CHECKS(WORLD, toy.still(), KEY)["survival"]
    odds = [1.936, 1.295, 1.05, 1.4]
    np.testing.assert_allclose(survival[USA], 1 / (1 + np.exp(-np.array(odds))), rtol=1e-12)
    # The share in the record, 56 of 63 and so on, lies near.
    np.testing.assert_allclose(survival[USA], [56 / 63, 10 / 13, 17 / 24, 12 / 15], atol=0.04)
    np.testing.assert_array_equal(np.delete(np.asarray(survival), USA, 0), 1.0)


@given(st.floats(-5, 5), st.integers(0, 3))
def test_weaker_checks_let_more_stand_in_their_channel_only(by, channel):
    plain = CHECKS(WORLD, toy.still(), KEY)["survival"]
    moved = CHECKS(WORLD, shifted(USA, channel, by), KEY)["survival"]
    odds = jnp.log(moved[USA] / (1 - moved[USA])) - jnp.log(plain[USA] / (1 - plain[USA]))
    np.testing.assert_allclose(odds, by * np.eye(4)[channel], atol=1e-9)
    assert (CHECKS(WORLD, shifted(JPN, channel, by), KEY)["survival"] == plain).all()


def test_only_orders_stand_for_a_while():
    delay = CHECKS(WORLD, toy.still(), KEY)["reversal_delay"]
    np.testing.assert_allclose(delay, [0.82, 0, 0, 0])


@pytest.mark.parametrize(("channel", "stands"), [("executive_order", 1.0), ("treaty", 0.0)])
def test_a_doomed_act_in_its_first_year(channel, stands):
    """Luck near one dooms every act; the order of January stands in January, the treaty never."""
    world = WORLD.replace(CHECKS(WORLD, toy.still(), KEY))
    act = Acts(
        jnp.array([USA]),
        jnp.array([CHANNELS.index(channel)]),
        jnp.array([2027.0]),
        jnp.array([1], jnp.uint32),
        (),
        (),
    )
    assert act.standing(jnp.array([0.999]), world, jnp.uint32(2027)) == stands
    assert act.standing(jnp.array([0.999]), world, jnp.uint32(2028)) == 0.0
    assert act.standing(jnp.array([0.01]), world, jnp.uint32(2028)) == 1.0


def test_a_world_without_the_state_stops_nothing():
    import dataclasses

    other = dataclasses.replace(WORLD, states=("AUS", "CHN", "JPN", "KOR", "R_x"))
    assert (checks_from(other, books()["checks"])(other, toy.still(), KEY)["survival"] == 1).all()
