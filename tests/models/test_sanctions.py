"""Sanctions: what is forbidden, what leaks, and what the equilibrium makes of it."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.trade.sanctions import LEAST, barrier, left, overlap

N = 3
SHARE = st.floats(0.0, 1.0)


def ban(share, sender=0, target=1):
    return jnp.zeros((N, N)).at[sender, target].set(share)


def test_no_sanction_leaves_all_trade():
    np.testing.assert_array_equal(left(jnp.zeros((N, N)), jnp.array(0.2), jnp.array(0.1)), 1.0)
    found = barrier(jnp.zeros((N, N)), jnp.array(4.0), jnp.array(0.2), jnp.array(0.1))
    np.testing.assert_array_equal(found, 0.0)


def test_a_full_ban_leaves_what_leaks_both_ways():
    found = left(ban(1.0), jnp.array(0.25), jnp.array(0.3))
    assert found[0, 1] == found[1, 0] == 0.25
    assert found[0, 2] == found[2, 0] == found[0, 0] == 1.0


def test_half_a_ban_by_hand():
    """(1 - 0.5)(1 - 0.2 * 0.5) + 0.1 * 0.5 = 0.5; at elasticity 2 the cost factor is sqrt 2."""
    found = barrier(ban(0.5), jnp.array(2.0), jnp.array(0.1), jnp.array(0.2))
    np.testing.assert_allclose(found[0, 1], np.sqrt(2) - 1)


def test_two_bans_overlap():
    both = overlap(ban(0.5) + ban(0.5, 1, 0))
    assert both[0, 1] == both[1, 0] == 0.75


def test_a_perfect_ban_stays_finite():
    found = barrier(ban(1.0), jnp.array(4.0), jnp.array(0.0), jnp.array(0.0))
    np.testing.assert_allclose(found[0, 1], LEAST**-0.25 - 1)


@settings(max_examples=20, deadline=None)
@given(
    share=SHARE,
    more=SHARE,
    leak=st.floats(0.0, 0.55),
    chill=st.floats(0.0, 0.4),
    elasticity=st.floats(1, 9),
)
def test_the_barrier_takes_away_just_that_trade_and_grows_with_the_ban(
    share, more, leak, chill, elasticity
):
    low, high = sorted((share, more))
    numbers = (jnp.array(leak), jnp.array(chill))
    assert left(ban(high), *numbers)[0, 1] <= left(ban(low), *numbers)[0, 1] + 1e-12
    factor = 1.0 + barrier(ban(share), jnp.array(elasticity), *numbers)
    np.testing.assert_allclose(factor**-elasticity, left(ban(share), *numbers), rtol=1e-9)
