"""Ideal points: derivatives, recovery of what was simulated, and what must not matter."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from comity.core.errors import BadInput
from comity.models.institutions import ideal_points as model
from comity.models.institutions import ideal_points_mcmc as mcmc
from comity.models.institutions.roll_calls import roll_calls, same_titles


def simulated(seed=0, actors=30, periods=4, votes=20, bridges=6, drift=0.0, levels=3):
    """Choices from the model: the first ``bridges`` votes of every period are one item each."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=(actors, periods)) * np.array([1.0, *[0.5] * (periods - 1)])
    theta = np.cumsum(steps, axis=1) + drift * np.arange(periods)
    number = periods * votes
    period, place = np.repeat(np.arange(periods), votes), np.tile(np.arange(votes), periods)
    item = np.where(place < bridges, place, np.arange(number))
    slope = rng.normal(size=number)[item]
    cuts = np.sort(rng.normal(0.0, 1.2, (number, levels - 1)), axis=1)[item]
    z = slope[:, None] * theta[:, period].T + rng.normal(size=(number, actors))
    choice = (z[..., None] > cuts[:, None, :]).sum(axis=-1)
    vote, actor = np.indices(choice.shape)
    frame = pd.DataFrame(
        {
            "actor": actor.ravel(),
            "vote": vote.ravel(),
            "period": period[vote.ravel()],
            "choice": choice.ravel().astype(float),
        }
    )
    same = pd.Series({v: f"bridge {place[v]}" for v in range(number) if place[v] < bridges})
    return frame[rng.uniform(size=len(frame)) < 0.9], same, theta


def truth_for(rolls, theta, positive):
    """What was simulated, standardised and oriented as estimates are."""
    actor = np.array(rolls.actor)
    truth = theta[actor, np.array(rolls.period)]
    truth = (truth - truth.mean()) / truth.std()
    return truth * np.sign(truth[actor == positive].mean())


@pytest.fixture(scope="module")
def case():
    frame, same, theta = simulated()
    rolls = roll_calls(frame, same)
    far = int(np.argmax(np.abs(theta.mean(axis=1))))
    return frame, same, theta, rolls, far, model.estimate(rolls, far)


def log_likelihood(rolls, points, slope, cuts):
    low, high = model.bounds(rolls, cuts)
    index = slope[rolls.item] * points[rolls.state]
    return model.log_mass(low - index, high - index)


def test_item_derivatives_are_those_of_the_likelihood(case):
    *_, rolls, _, found = case
    prior = model.Prior()
    slopes = found.slope + 0.2  # off the summit, where the gradient is not nil
    gradient, information = model.item_newton(rolls, found.points, slopes, found.cuts, prior)

    def value(slope, cuts):
        fit = log_likelihood(rolls, found.points, slope, cuts)
        return np.bincount(rolls.item, fit) - 0.5 * slope**2

    def at(move):
        return value(slopes + move[0], found.cuts + np.array(move[1:]))

    step = 1e-4
    for p in range(gradient.shape[1]):
        one = np.eye(gradient.shape[1])[p] * step
        slope = (at(one) - at(-one)) / (2 * step)
        np.testing.assert_allclose(gradient[:, p], slope, rtol=1e-4, atol=1e-4)
        for q in range(p + 1):
            two = np.eye(gradient.shape[1])[q] * step
            curve = at(one + two) - at(one - two) - at(two - one) + at(-one - two)
            there = (p < rolls.levels) & (q < rolls.levels)
            np.testing.assert_allclose(
                information[there, p, q], -curve[there] / (4 * step**2), rtol=1e-3, atol=1e-3
            )


def test_finds_what_was_simulated(case):
    _, _, theta, rolls, far, found = case
    assert np.corrcoef(found.points, truth_for(rolls, theta, far))[0, 1] > 0.93
    assert found.points.mean() == pytest.approx(0.0, abs=1e-12)
    assert found.points.std() == pytest.approx(1.0)
    assert found.change < 1e-3


def test_the_mode_is_a_summit_of_the_posterior_on_its_scale(case):
    *_, rolls, _, found = case
    band = model.chain_precision(rolls, model.walk_precision(rolls, model.Prior()))

    def height(points, slope, cuts):
        prior = points @ model.times(band, points) + slope @ slope
        return log_likelihood(rolls, points, slope, cuts).sum() - 0.5 * prior

    rng = np.random.default_rng(3)
    top = height(found.points, found.slope, found.cuts)
    for _ in range(10):
        moved = found.points + 0.02 * rng.normal(size=rolls.states)
        moved = (moved - moved.mean()) / moved.std()
        slope = found.slope + 0.02 * rng.normal(size=len(found.slope))
        assert height(moved, slope, found.cuts) < top


def test_names_order_and_coding_do_not_matter(case):
    frame, same, _, rolls, far, found = case
    other = frame.sample(frac=1.0, random_state=1)
    other = other.assign(actor=other.actor.map(lambda a: f"s{99 - a}"), choice=-3 * other.choice)
    again = roll_calls(other, same)
    points = model.estimate(again, f"s{99 - far}").table(again)
    want = found.table(rolls).assign(actor=[f"s{99 - a}" for a in rolls.actor])
    both = points.merge(want, on=["actor", "period"], suffixes=("", "_before"))
    assert len(both) == rolls.states
    np.testing.assert_allclose(both.ideal_point, both.ideal_point_before, atol=5e-3)


def test_votes_in_common_carry_a_drift_that_others_cannot_see():
    frame, same, theta = simulated(seed=2, actors=60, votes=30, bridges=15, drift=0.8)
    means = {}
    for name, known in (("tied", same), ("alone", None)):
        rolls = roll_calls(frame, known)
        table = model.estimate(rolls, int(np.argmax(theta.mean(axis=1)))).table(rolls)
        means[name] = table.groupby("period").ideal_point.mean()
    real = (theta.mean(axis=0) / theta.std())[-1] - (theta.mean(axis=0) / theta.std())[0]
    tied, alone = (means[name].iloc[-1] - means[name].iloc[0] for name in ("tied", "alone"))
    # The prior of no drift holds some of it back.
    assert 0.6 * real < tied < 1.1 * real
    assert abs(alone) < 0.2 * real


@pytest.mark.parametrize("levels", [2, 4])
def test_any_number_of_levels(levels):
    frame, same, theta = simulated(seed=4, levels=levels)
    far = int(np.argmax(np.abs(theta.mean(axis=1))))
    rolls = roll_calls(frame, same)
    found = model.estimate(rolls, far)
    assert np.corrcoef(found.points, truth_for(rolls, theta, far))[0, 1] > 0.85
    assert found.cuts.shape[1] == levels - 1


def test_variances_are_those_of_the_full_inverse():
    rng = np.random.default_rng(0)
    band = np.zeros((2, 7))
    band[0, 1:], band[1] = rng.normal(size=6), 5.0 + rng.uniform(size=7)
    full = np.diag(band[1]) + np.diag(band[0, 1:], 1) + np.diag(band[0, 1:], -1)
    np.testing.assert_allclose(model._inverse_diagonal(band), np.diag(np.linalg.inv(full)))
    x = rng.normal(size=7)
    np.testing.assert_allclose(model.times(band, x), full @ x)


def test_tails_are_exact():
    low, high = np.array([-np.inf, 8.0, -9.0]), np.array([-8.0, 9.0, -8.0])
    want = ndtr(-8.0) - np.array([0.0, ndtr(-9.0), ndtr(-9.0)])
    np.testing.assert_allclose(model.mass(low, high), want, rtol=1e-12)
    drawn = mcmc.truncated(low, high, np.full(3, 0.3))
    assert ((drawn >= low) & (drawn <= high)).all() and np.isfinite(drawn).all()


def test_titles_tie_only_votes_that_stand_alone_in_their_period():
    votes = pd.DataFrame(
        {
            "vote": [1, 2, 3, 4, 5, 6, 7],
            "period": [1, 2, 2, 2, 9, 10, 3],
            "title": ["a", "a", "b", "b", "a", "a", None],
        }
    )
    same = same_titles(votes)
    assert same[1] == same[2] and same[5] == same[6] and same[1] != same[5]
    assert set(same.index) == {1, 2, 5, 6}


def test_what_cannot_be_estimated_is_refused():
    frame = pd.DataFrame({"actor": ["a", "b"], "vote": 1, "period": 1, "choice": [0.0, 0.0]})
    with pytest.raises(BadInput, match="divides"):
        roll_calls(frame)
    with pytest.raises(BadInput, match="lack"):
        roll_calls(frame.drop(columns="period"))
    with pytest.raises(BadInput, match="twice"):
        roll_calls(frame.assign(actor="a"))
    rolls = roll_calls(frame.assign(choice=[0.0, 1.0]))
    with pytest.raises(BadInput, match="orients"):
        model.estimate(rolls, "c")
    with pytest.raises(BadInput, match="at least 1"):
        mcmc.sample(rolls, None, "a", draws=0)


def test_the_published_law_stays_near_the_mode(case):
    *_, rolls, far, found = case
    draws = mcmc.sample(rolls, None, far, draws=80, burn=40, given_past=True)
    assert np.corrcoef(draws.points.mean(axis=0), found.points)[0, 1] > 0.95
    np.testing.assert_allclose(draws.points.std(axis=1), 1.0)


@pytest.mark.slow
def test_intervals_cover_what_was_simulated():
    """90 % intervals hold 87 to 93 % of 2,400 ideal points in ten worlds drawn from the prior."""
    inside = []
    for seed in range(10):
        frame, same, theta = simulated(seed, actors=40, periods=6, votes=25, bridges=8)
        rolls = roll_calls(frame, same)
        far = int(np.argmax(np.abs(theta.mean(axis=1))))
        start = model.estimate(rolls, far)
        table = mcmc.sample(rolls, start, far, draws=500, burn=200, seed=seed).table(rolls)
        truth = truth_for(rolls, theta, far)
        inside.append((table.low <= truth) & (truth <= table.high))
    share = float(np.concatenate(inside).mean())
    assert 0.87 <= share <= 0.93, share


def test_a_walk_goes_on_while_an_actor_is_away():
    """The variance of a step is that of as many steps as lie between: 21 times, not once."""
    frame, same, _ = simulated(periods=2)
    near = roll_calls(frame.assign(period=2000 + frame.period), same)
    far = roll_calls(frame.assign(period=2000 + 21 * frame.period), same)
    heads = near.first == np.arange(near.states)
    close, wide = (1.0 / model.walk_precision(rolls, model.Prior()) for rolls in (near, far))
    np.testing.assert_allclose(wide[~heads], 21.0 * close[~heads], rtol=1e-12)
    np.testing.assert_array_equal(wide[heads], close[heads])
    moved = [
        np.abs(np.diff(model.estimate(rolls, 0).points.reshape(-1, 2), axis=1)).mean()
        for rolls in (near, far)
    ]
    assert moved[1] > 1.05 * moved[0]


def test_two_missing_periods_are_two_steps_integrated_out():
    """The precision of (first, last) equals that of a chain whose middle is marginalised."""
    n = 40.0
    step = 0.5 * n / (n + n)  # variance of one step when votes are alike
    chain = np.array(
        [[1 + 1 / step, -1 / step, 0], [-1 / step, 2 / step, -1 / step], [0, -1 / step, 1 / step]]
    )
    ends = np.linalg.inv(np.linalg.inv(chain)[np.ix_([0, 2], [0, 2])])
    votes = np.arange(int(n))
    rows = [(a, t, t * 100 + v, float((v + a) % 2)) for a in (0, 1) for t in (1, 3) for v in votes]
    frame = pd.DataFrame(rows, columns=["actor", "period", "vote", "choice"])
    rolls = roll_calls(frame)
    band = model.chain_precision(rolls, model.walk_precision(rolls, model.Prior()))
    np.testing.assert_allclose(band[1, :2], np.diag(ends), rtol=1e-12)
    np.testing.assert_allclose(band[0, 1], ends[0, 1], rtol=1e-12)


def test_one_round_is_one_round(case):
    *_, rolls, far, found = case
    one = model.estimate(rolls, far, most=1)
    assert one.rounds == 1 and found.change < one.change < np.inf
    assert found.rounds > 1


def test_a_round_moves_no_point_farther_than_one(case):
    """Under a prior that holds nothing, flat items ask for steps many times as long."""
    *_, rolls, _, found = case
    walk = model.walk_precision(rolls, model.Prior(start=100.0, smooth=100.0))
    moved, _ = model._point_step(rolls, found.points, 0.05 * found.slope, found.cuts, walk)
    step = moved - found.points
    assert (step.min(), step.max()) == (pytest.approx(-1.0), pytest.approx(1.0))


def test_cuts_that_cross_anywhere_are_impossible():
    frame, same, _ = simulated(levels=4)
    rolls = roll_calls(frame, same)
    points, slope = np.zeros(rolls.states), np.zeros(len(rolls.levels))
    cuts = model.first_cuts(rolls)
    known = mcmc._log_posterior(rolls, points, slope, cuts, model.Prior())
    assert np.isfinite(known).all()
    whole = int(np.flatnonzero(rolls.levels == 4)[0])
    for pair in ([1, 0, 2], [0, 2, 1]):
        crossed = cuts.copy()
        crossed[whole] = crossed[whole, pair]
        found = mcmc._log_posterior(rolls, points, slope, crossed, model.Prior())
        assert found[whole] == -np.inf
        assert np.array_equal(np.delete(found, whole), np.delete(known, whole))


def test_a_chain_may_start_at_once_but_not_before(case):
    *_, rolls, far, found = case
    assert len(mcmc.sample(rolls, found, far, draws=2, burn=0).points) == 2
    with pytest.raises(BadInput, match="burn at least 0"):
        mcmc.sample(rolls, found, far, draws=2, burn=-1)
