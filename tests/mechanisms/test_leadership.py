"""Leadership in the year: what a withdrawing government leaves, and what comes back."""

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.mechanisms.catalogue import books
from comity.mechanisms.leadership import leadership_from
from comity.registry.axes import DOMAINS

WORLD = toy.toy_world()
USA = WORLD.index("USA")
LEADERSHIP = leadership_from(books()["leadership"])
KEY = jax.random.key(2)


def led(value):
    return toy.still(leadership=jnp.zeros(5).at[USA].set(value))


def years(levers, count, world=WORLD):
    for _ in range(count):
        world = world.replace(LEADERSHIP(world, levers, KEY))
    return np.asarray(world.commitments_kept)


def test_a_withdrawing_government_leaves_at_the_rates_of_the_record():
    """After 1.44 years: 2 of 14, 2 of 36, 4 of 20, 0 of 29 in the record, pooled."""
    kept = years(led(-1.0), 10)[USA]
    np.testing.assert_allclose(kept, np.exp(-10 * np.array([0.092, 0.042, 0.13, 0.01])), rtol=1e-9)
    rates = -np.log(kept) / 10 * 1.44
    np.testing.assert_allclose(1 - np.exp(-rates), [2 / 14, 2 / 36, 4 / 20, 0 / 29], atol=0.035)


def test_an_ordinary_government_hardly_leaves():
    kept = years(toy.still(), 10)
    np.testing.assert_allclose(kept, np.exp(-0.0242), rtol=1e-9)


@given(st.floats(-1, 1), st.floats(-1, 1), st.integers(0, 3))
def test_the_share_stays_a_share_and_more_engagement_keeps_more(low, high, domain):
    low, high = sorted((low, high))
    worlds = [
        LEADERSHIP(
            WORLD.replace({"commitments_kept": jnp.full((5, 4), 0.7)}),
            toy.still(engage=jnp.zeros((5, 4)).at[USA, domain].set(e)),
            KEY,
        )["commitments_kept"]
        for e in (low, high)
    ]
    assert worlds[0][USA, domain] <= worlds[1][USA, domain] + 1e-12
    assert all((one >= 0).all() and (one <= 1).all() for one in worlds)


def test_domains_do_not_touch_each_other():
    climate = toy.still(engage=jnp.zeros((5, 4)).at[USA, DOMAINS.index("climate")].set(-1.0))
    moved, plain = years(climate, 3), years(toy.still(), 3)
    differs = moved != plain
    assert differs.sum() == 1 and differs[USA, DOMAINS.index("climate")]


def test_both_levers_add_up_to_the_end_of_the_scale():
    both = toy.still(leadership=jnp.full(5, -0.8), engage=jnp.full((5, 4), -0.8))
    engagement = LEADERSHIP(WORLD, both, KEY)["engagement"]
    np.testing.assert_array_equal(engagement, -1.0)


def test_what_was_left_comes_back_only_under_an_internationalist():
    gone = WORLD.replace({"commitments_kept": jnp.full((5, 4), 0.5)})
    back = years(led(1.0), 10, gone)[USA]
    np.testing.assert_allclose(back, 1 - 0.5 * np.exp(-2.0), rtol=1e-9)
    assert (years(led(0.0), 10, gone)[USA] < 0.5).all()
