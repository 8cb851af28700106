"""Frameworks are founded and deepened; life and bridges follow."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import toy
from comity.mechanisms.agreements import agreements_from
from comity.mechanisms.catalogue import books
from comity.mechanisms.frameworks import bridging, frameworks_from, vigour, vitality

WORLD = toy.toy_world()
FRAMEWORKS = frameworks_from(WORLD, books()["frameworks"])
AUS, CHN, JPN, KOR, USA = range(5)
NOBODY = jnp.zeros((len(toy.FRAMEWORKS), WORLD.count))


def pull(world=WORLD, **moved):
    return FRAMEWORKS(world, toy.still(**moved), jax.random.key(0))


def test_at_rest_life_is_the_share_of_gray_2018():
    change = pull()
    np.testing.assert_allclose(change["vitality"], 0.52, rtol=1e-12)
    # Australia and Japan belong to both frameworks, the others to one.
    np.testing.assert_allclose(change["alive"], 0.52 * np.array([2, 1, 2, 1, 1]), rtol=1e-12)
    assert (change["depth"] == 0).all()


def test_depth_counts_for_members_only_and_raises_life():
    change = pull(deepen=NOBODY.at[0, JPN].set(1.0).at[0, USA].set(1.0))
    assert change["depth"][0, JPN] == 1.0 and change["depth"][0, USA] == 0.0
    odds = np.log(0.52 / 0.48) + 0.7 * 0.5  # one of two members
    np.testing.assert_allclose(change["vitality"][0], 1 / (1 + np.exp(-odds)), rtol=1e-12)


def test_a_framework_that_loses_half_its_members_loses_life_and_an_empty_one_is_dead():
    halved = WORLD.replace({"membership": WORLD.membership.at[0, JPN].set(0.0)})
    odds = np.log(0.52 / 0.48) - 0.54 * np.log(2)
    life = pull(halved)["vitality"]
    np.testing.assert_allclose(life[0], 1 / (1 + np.exp(-odds)), rtol=1e-12)
    empty = WORLD.replace({"membership": WORLD.membership.at[0].set(0.0)})
    assert pull(empty)["vitality"][0] == 0.0


def test_founders_become_members_and_start_where_others_are():
    found = NOBODY.at[0, KOR].set(1.0)
    change = agreements_from(WORLD)(WORLD, toy.still(found=found), jax.random.key(0))
    assert change["membership"][0, KOR] == 1.0
    base = jnp.zeros_like(WORLD.membership)
    new = vitality(
        FRAMEWORKS.__class__(
            base, FRAMEWORKS.recent, FRAMEWORKS.states, *(jnp.asarray(x) for x in (0.5, 0.5, 0.5))
        ),
        WORLD.membership,
        base,
    )
    np.testing.assert_allclose(new, 0.5)


def test_vigour_of_the_new_is_one_and_has_a_slope():
    """Two members of a framework that had one: 2**0.54 in the odds; one without a past is at 1."""
    base = WORLD.membership.at[0].set(0.0).at[1].set(0.0).at[1, USA].set(1.0)
    member = base.at[0, KOR].set(1.0).at[1, JPN].set(1.0)

    def then(size_effect):
        moved = (base, size_effect)
        return eqx.tree_at(lambda one: (one.base, one.size_effect), FRAMEWORKS, moved)

    odds = 0.52 / 0.48 * 2**0.54
    total, slope = jax.jit(jax.value_and_grad(lambda x: vigour(then(x), member).sum()))(0.54)
    np.testing.assert_allclose(total, 1.0 + odds / (1 + odds) / 0.52)
    assert np.isfinite(slope) and slope > 0


def test_bridges_by_hand():
    # A new framework of three shares two members with one old, one with another.
    member = jnp.asarray([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0]])
    share = bridging(member, jnp.asarray([1.0, 0.0, 0.0]))
    np.testing.assert_allclose(share, [0.25, 0.25, 0.5, 0.0])
    assert (bridging(member, jnp.zeros(3)) == 0).all()


@settings(max_examples=20, deadline=None)
@given(hnp.arrays(float, (3, 4), elements=st.sampled_from([0.0, 1.0])))
def test_shares_sum_to_one_or_are_nil(member):
    total = float(bridging(jnp.asarray(member), jnp.asarray([1.0, 0.0, 0.0])).sum())
    assert abs(total - 1.0) < 1e-9 or total == 0.0
