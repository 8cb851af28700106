"""Elections in the year: terms that law ends, chances as estimated, what goes with a government."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.mechanisms.catalogue import books, chosen
from comity.mechanisms.elections import DRAWN_FROM, Elections
from comity.mechanisms.leadership import leadership_from

WORLD = toy.toy_world()
USA, KOR, JPN = (WORLD.index(state) for state in ("USA", "KOR", "JPN"))
ELECTIONS = Elections.build(WORLD, books()["elections"])
LEADERSHIP = leadership_from(books()["leadership"])


def run(count, futures=4000, mechanism=ELECTIONS):
    """Fields after each of ``count`` years from 2025; (T, F, N)."""
    still = toy.still()

    def future(key):
        def year(world, k):
            world = world.replace(mechanism(world, still, k))
            return world, (world.government_stands, world.terms_begun)

        return jax.lax.scan(year, WORLD, jax.random.split(key, count))[1]

    return [np.swapaxes(one, 0, 1) for one in jax.jit(jax.vmap(future))(keys(futures))]


def keys(count):
    return jax.random.split(jax.random.key(11), count)


def odds(log_odds):
    return 1 / (1 + np.exp(-log_odds))


@pytest.fixture(scope="module")
def fields():
    return run(13)


def test_the_record_stands_and_a_state_without_a_day_keeps_its_government(fields):
    stands, _ = fields
    assert (stands[: DRAWN_FROM - 2025] == 1.0).all()
    assert (stands[:, :, JPN] == 1.0).all() and (stands[:, :, WORLD.index("CHN")] == 1.0).all()


def test_in_2029_the_united_states_have_a_new_president_in_every_future(fields):
    """By hand: two years without a day, then one whose terms are used up."""
    stands, terms = fields
    in_2029 = 2029 - 2025
    assert (terms[in_2029, :, USA] == 1.0).all()
    between, same, apart = odds(-3.29), odds(-1.2), 1 - 0.7
    # A successor in between has begun no term and may stand in 2029.
    kept = (1 - between) ** 2
    expected = kept * same
    seated = 1 - kept
    expected += seated * (1 - apart) * (odds(0.0) + (1 - odds(0.0)) * same)
    assert stands[in_2029, :, USA].mean() == pytest.approx(expected, abs=0.02)


def test_korea_changes_in_2030_and_2035_since_one_term_is_all(fields):
    _, terms = fields
    assert (terms[2030 - 2025, :, KOR] == 1.0).all() and (terms[2035 - 2025, :, KOR] == 1.0).all()
    assert (terms <= 2.0).all()


def test_a_government_that_is_gone_does_not_come_back(fields):
    stands, _ = fields
    assert (np.diff(stands, axis=0) <= 0).all()


def test_what_a_government_does_ends_with_it_only_where_the_lever_says_so():
    gone = WORLD.replace({"government_stands": jnp.ones(5).at[USA].set(0.0)})
    led = jnp.zeros(5).at[USA].set(-1.0)
    for share, left in ((0.0, -1.0), (0.25, -0.75), (1.0, 0.0)):
        levers = toy.still(leadership=led, ends_with_government=jnp.full(5, share))
        engagement = LEADERSHIP(gone, levers, jax.random.key(0))["engagement"]
        np.testing.assert_allclose(engagement[USA], left)
        kept = LEADERSHIP(WORLD, levers, jax.random.key(0))["engagement"]
        np.testing.assert_array_equal(kept[USA], -1.0)


def test_the_lever_brings_the_elections():
    assert chosen((), {"ends_with_government"}) == ("elections", "leadership")
    assert chosen((), {"leadership"}) == ("leadership",)


def test_the_same_side_follows_as_often_as_on_days_by_law():
    """Five of 22: the United States 1 of 12, Korea 3 of 6, Taiwan 1 of 4; no snap elections."""
    counts = ((1, 12), (3, 6), (1, 4))
    same, every = (sum(column) for column in zip(*counts, strict=True))
    number = books()["elections"]["log_odds_same_side"]
    assert f"{same} of {every}" in number.source
    assert number.value == pytest.approx(np.log(same / (every - same)), abs=0.05)
