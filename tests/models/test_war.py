"""Accounts of war in ten thousand random futures: no stock below nil, no loss above it."""

import comity.core.runtime  # noqa: F401  isort: skip
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from comity.models.force import war

STATES, POINTS, PLACES = 5, 4, 2
# Flashpoints 0 and 1 part the same pair, either way; 3 is not in this world.
SIDES = war.Sides(
    challenger=jnp.asarray([0, 1, 2, 0]),
    target=jnp.asarray([1, 0, 3, 0]),
    protector=jnp.asarray([[4, 3], [2, 0], [4, 1], [0, 0]]),
    listed=jnp.asarray([[1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]),
    present=jnp.asarray([1.0, 1.0, 1.0, 0.0]),
)
NOBODY = jnp.zeros((POINTS, PLACES))
RESISTED = war.Escalation(jnp.full(4, 0.03), jnp.full(4, 0.06))
# Pairs that some war can part: challenger against target or protector, by hand.
PARTED = {(0, 1), (0, 4), (0, 3), (1, 2), (2, 3), (2, 4)}
YEARS, FUTURES = 11, 10_000


def toll(**changed):
    values = dict(
        ends=0.5,
        barrier=0.5,
        fades=0.2,
        third=0.0,
        output=0.25,
        abroad=0.0,
        stock=0.15,
        engaged=0.3,
    )
    return war.Toll(**{k: jnp.asarray(v) for k, v in (values | changed).items()})


def quiet():
    nil = jnp.zeros(POINTS)
    return war.Front(nil, nil, nil, jnp.zeros((POINTS, PLACES)))


def random_future(key):
    """Stocks, output and barriers over the years for tolls, chances and luck at random."""
    of_toll, of_chance, of_luck = jax.random.split(key, 3)
    u = jax.random.uniform(of_toll, (7,))
    nil = jnp.asarray(0.0)
    cost = war.Toll(u[0], 3.0 * u[1], u[2], nil, 1.2 * u[3], u[6], 1.2 * u[4], 1.5 * u[5])
    chance = jax.random.uniform(of_chance, (POINTS,))
    joins = jax.random.uniform(of_chance, (POINTS, PLACES))

    def year(carry, key):
        front, stock, output = carry
        luck = jax.random.uniform(key, (POINTS, 2 + PLACES))
        front = war.next_front(front, chance, joins, RESISTED, luck, SIDES, cost)
        stock = stock * war.stock_kept(front, SIDES, cost, STATES)
        output = output * war.output_kept(front, SIDES, cost, STATES)
        seen = (front, stock, output, war.barriers(front, SIDES, cost, STATES))
        return (front, stock, output), seen

    start = (quiet(), jnp.asarray([5.0, 1.0, 0.0, 2.0, 9.0]), jnp.ones(STATES))
    return jax.lax.scan(year, start, jax.random.split(of_luck, YEARS))[1]


@pytest.fixture(scope="module")
def many():
    keys = jax.random.split(jax.random.key(7), FUTURES)
    return jax.jit(jax.vmap(random_future))(keys)


@pytest.mark.slow
def test_no_stock_falls_below_nil_and_no_loss_exceeds_it(many):
    _, stock, output, _ = many
    for series in (np.asarray(stock), np.asarray(output)):
        assert (series >= 0).all() and np.isfinite(series).all()
        assert (np.diff(series, axis=1) <= 0).all()
    assert (np.asarray(stock)[..., 2] == 0).all(), "nothing is lost where nothing is"


@pytest.mark.slow
def test_trade_is_cut_only_between_the_sides_of_a_war(many):
    front, _, _, barrier = many
    cut = np.asarray(barrier)
    assert (cut == np.swapaxes(cut, -1, -2)).all() and (cut >= 0).all()
    apart = {(i, j) for i, j in np.argwhere(cut.max((0, 1)) > 0) if i < j}
    assert apart == PARTED
    never = np.asarray(front.age)[..., :3].max(-1) == 0
    assert (cut[never] == 0).all() and never.any()


@pytest.mark.slow
def test_a_flashpoint_that_is_not_here_stays_quiet(many):
    front = many[0]
    assert (np.asarray(front.fought)[..., 3] == 0).all()
    assert (np.asarray(front.joined)[..., 3, :] == 0).all()


@pytest.mark.slow
def test_output_is_lost_at_the_site_over_five_years():
    front, cost = quiet(), toll(output=0.3, ends=1.0)
    luck = jnp.ones((POINTS, 2 + PLACES)).at[2, 0].set(0.0)
    kept = np.ones(STATES)
    for year in range(9):
        chance = jnp.asarray([0.0, 0.0, 1.0 if year == 0 else 0.0, 0.0])
        front = war.next_front(front, chance, NOBODY, RESISTED, luck, SIDES, cost)
        kept = kept * np.asarray(war.output_kept(front, SIDES, cost, STATES))
    assert kept == pytest.approx([1, 1, 1, 0.7, 1])


def test_sides_lose_arms_while_they_fight_and_protectors_less():
    front = war.Front(
        jnp.asarray([1.0, 0, 0, 0]),
        jnp.asarray([1.0, 0, 0, 0]),
        jnp.asarray([0.5, 0, 0, 0]),
        jnp.zeros((POINTS, PLACES)).at[0, 0].set(1.0),
    )
    kept = np.asarray(war.stock_kept(front, SIDES, toll(stock=0.2, engaged=0.5), STATES))
    assert kept == pytest.approx([0.8, 0.8, 1.0, 1.0, 0.9])


def test_the_barrier_stands_in_war_and_fades_after():
    front, cost = quiet(), toll(barrier=1.0, fades=0.25)
    start = jnp.ones((POINTS, 2 + PLACES)).at[:, :1].set(0.0)
    begun = war.next_front(front, jnp.ones(POINTS), NOBODY, RESISTED, start, SIDES, cost)
    over = start.at[:, 1].set(0.0).at[:, 0].set(1.0)
    after = war.next_front(begun, jnp.zeros(POINTS), NOBODY, RESISTED, over, SIDES, cost)
    assert np.asarray(begun.barrier) == pytest.approx([1, 1, 1, 0])
    assert np.asarray(after.barrier) == pytest.approx([0.75, 0.75, 0.75, 0])
    assert np.asarray(after.fought).sum() == 0 and np.asarray(after.age)[:3].min() == 2


def test_among_wars_more_are_joined_than_among_challenges():
    """One protector with the numbers of the books: 0.15 of challenges, 0.29 of wars (Bayes)."""
    apart = np.log(0.0259 / (1 - 0.0259))
    joined = 1 / (1 + np.exp(-(apart + 0.9)))
    expected = 0.15 * joined / (0.15 * joined + 0.85 * 0.0259)
    assert expected == pytest.approx(0.29, abs=0.01)
    luck = (jnp.arange(100_000.0)[:, None] + 0.5) / 100_000
    many = war.Escalation(jnp.full(100_000, 0.0259), jnp.full(100_000, joined))
    comes = war.joined_in_war(jnp.full((100_000, 1), 0.15), many, luck)
    assert float(comes.mean()) == pytest.approx(expected, abs=2e-5)


def test_who_joins_a_war_has_the_odds_of_all_combinations():
    """Three protectors: each of the eight sets against its posterior, weighed by hand."""
    q, alone, joined = np.array([0.2, 0.5, 0.1]), 0.03, 0.12
    draws = 200_000
    luck = jax.random.uniform(jax.random.key(3), (draws, 3))
    resisted = war.Escalation(jnp.full(draws, alone), jnp.full(draws, joined))
    comes = np.asarray(war.joined_in_war(jnp.tile(jnp.asarray(q), (draws, 1)), resisted, luck))
    sets = np.array(list(np.ndindex(2, 2, 2)), float)
    weight = np.prod(np.where(sets > 0, q, 1 - q), axis=1) * np.where(sets.any(1), joined, alone)
    share = [(comes == one).all(axis=1).mean() for one in sets]
    np.testing.assert_allclose(share, weight / weight.sum(), atol=4e-3)


def test_a_protector_that_never_joins_stays_out_of_every_war():
    nobody = war.joined_in_war(NOBODY, RESISTED, jnp.zeros((POINTS, PLACES)))
    assert (np.asarray(nobody) == 0).all()


def test_a_war_costs_neutrals_a_share_and_the_challenger_output():
    """States 0 and 1 fight with 4 at the side of 1; 2 and 3 are neutral."""
    front = war.Front(
        jnp.asarray([1.0, 0, 0, 0]),
        jnp.asarray([1.0, 0, 0, 0]),
        jnp.asarray([0.5, 0, 0, 0]),
        jnp.zeros((POINTS, PLACES)).at[0, 0].set(1.0),
    )
    cost = toll(third=0.1, output=0.2, abroad=0.5)
    cut = np.asarray(war.barriers(front, SIDES, cost, STATES))
    assert cut[0, 1] == cut[1, 0] == cut[4, 0] == pytest.approx(0.5)
    assert cut[2, 0] == cut[1, 3] == cut[4, 2] == cut[1, 4] == pytest.approx(0.05)
    assert cut[2, 3] == 0 and (np.diag(cut) == 0).all(), "neutrals trade with each other as before"
    kept = np.asarray(war.output_kept(front, SIDES, cost, STATES)) ** 5
    assert kept == pytest.approx([0.9, 0.8, 1, 1, 1])


def test_who_never_joins_is_in_no_war_even_one_that_could_not_be():
    """A target alone that is never attacked, and protectors who stay away."""
    never = war.Escalation(jnp.zeros(1), jnp.full(1, 0.9))
    joins, luck = jnp.zeros((1, 2)), jnp.full((1, 2), 0.5)
    assert not war.joined_in_war(joins, never, luck).any()
    # Where the one who may join is what makes the war, it has joined.
    assert war.joined_in_war(jnp.asarray([[0.1, 0.0]]), never, luck).tolist() == [[1.0, 0.0]]
