"""Agreements come into force, age and are lost."""

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import toy
from comity.mechanisms.agreements import MARKET_ACCESS, gained, market_access, shared
from comity.world.snapshot import table

WORLD = toy.toy_world()
AGREEMENTS = next(m for m in toy.toy_year(WORLD) if m.name == "agreements")
AUS, CHN, JPN, KOR, USA = range(5)
ZERO = jnp.zeros((WORLD.count, WORLD.count))
NOBODY = jnp.zeros((len(toy.FRAMEWORKS), WORLD.count))


def pull(join=NOBODY, leave=NOBODY, world=WORLD):
    pulled = toy.still(join=join, leave=leave)
    return AGREEMENTS(world, pulled, jax.random.key(0))


def test_nobody_moves_nothing_changes():
    change = pull()
    np.testing.assert_array_equal(change["membership"], WORLD.membership)
    assert (change["new_agreement"] == 0).all() and (change["agreement_age"] == 0).all()


def test_a_newcomer_gains_an_agreement_with_every_member_and_it_ages():
    join = NOBODY.at[0, KOR].set(1.0)
    first = pull(join)
    assert first["new_agreement"][KOR, JPN] == first["new_agreement"][AUS, KOR] == 1.0
    assert first["new_agreement"][KOR, USA] == first["new_agreement"][AUS, JPN] == 0.0
    second = pull(join, world=WORLD.replace(first))
    assert second["agreement_age"][KOR, JPN] == 2.0 and second["agreement_age"][KOR, USA] == 0.0


def test_whoever_leaves_loses_it_with_the_members():
    change = pull(leave=NOBODY.at[0, JPN].set(1.0))
    assert change["new_agreement"][JPN, AUS] == -1.0
    assert change["agreement_age"][JPN, AUS] == 1.0, "what is lost ages too"


def test_a_member_that_joins_and_an_outsider_that_leaves_stay_what_they_were():
    everybody = NOBODY + 1.0
    assert (pull(join=everybody)["membership"] == 1.0).all()
    assert (pull(leave=everybody)["membership"] == 0.0).all()


def test_leaving_a_framework_without_market_access_touches_no_trade():
    change = pull(leave=NOBODY.at[1, USA].set(1.0))
    assert change["membership"][1, USA] == 0.0 and (change["new_agreement"] == 0).all()


def test_a_pair_that_has_an_agreement_already_gains_nothing():
    had = WORLD.replace({"agreement": WORLD.agreement.at[KOR, JPN].set(1.0).at[JPN, KOR].set(1.0)})
    change = pull(NOBODY.at[0, KOR].set(1.0), world=had)
    assert change["new_agreement"][KOR, JPN] == 0.0 and change["new_agreement"][KOR, AUS] == 1.0


@given(
    hnp.arrays(float, (2, 4), elements=st.floats(0, 1)),
    hnp.arrays(float, (2, 4), elements=st.floats(0, 1)),
)
def test_shares_stay_in_bounds_and_pairs_have_no_direction(then, now):
    change = np.asarray(
        gained(jnp.zeros((4, 4)), shared(jnp.asarray(now)), shared(jnp.asarray(then)))
    )
    assert (change == change.T).all() and (np.diag(change) == 0).all()
    assert (np.abs(change) <= 1).all()


def test_only_frameworks_with_market_access_count():
    assert market_access(("CPTPP", "IPEF", "RCEP", "WHO", "WTO")) == (0, 2)


def test_every_framework_named_is_in_the_snapshot():
    assert set(MARKET_ACCESS) <= set(table("frameworks")["id"])
