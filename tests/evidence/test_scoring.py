"""Scores: against scoringrules, and laws that any proper score obeys."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.evidence import scoring
from comity.models.people.growth_on_a_panel import crps_normal

SCORES = {
    "crps_samples": lambda x, y: scoring.crps_samples(x, y),
    "interval": lambda x, y: scoring.interval_score(*scoring.sample_interval(x), y),
}


def drawn(seed: int, draws: int = 80, rows: int = 60):
    rng = np.random.default_rng(seed)
    return rng.normal(rng.normal(size=rows), 1.0, (draws, rows)), rng.normal(size=rows)


def test_crps_of_draws_equals_scoringrules():
    samples, seen = drawn(0)
    theirs = scoringrules.crps_ensemble(seen, samples.T, estimator="fair")
    np.testing.assert_allclose(scoring.crps_samples(samples, seen), theirs, rtol=1e-10)


def test_crps_of_draws_is_the_same_in_chunks(monkeypatch):
    samples, seen = drawn(1)
    whole = scoring.crps_samples(samples, seen)
    ends = scoring.sample_interval(samples)
    monkeypatch.setattr(scoring, "CHUNK", 7)
    np.testing.assert_allclose(scoring.crps_samples(samples, seen), whole, rtol=1e-13)
    np.testing.assert_array_equal(scoring.sample_interval(samples), ends)


def test_crps_by_hand():
    """Two draws 0 and 1, seen 2: mean distance 1.5, less |0 - 1| / 2."""
    found = scoring.crps_samples(np.array([[1.0], [0.0]]), np.array([2.0]))
    assert found[0] == pytest.approx(1.5 - 0.5)


def test_few_draws_score_like_the_formula_on_average():
    """The fair score of 5 draws has the expectation of the normal formula; the plain has not."""
    rng = np.random.default_rng(3)
    samples, seen = rng.normal(size=(5, 200_000)), np.full(200_000, 0.7)
    exact = crps_normal(np.zeros(1), np.ones(1), seen[:1])[0]
    assert scoring.crps_samples(samples, seen).mean() == pytest.approx(exact, abs=0.003)


def test_brier_and_log_equal_scoringrules():
    rng = np.random.default_rng(4)
    chance, seen = rng.uniform(0.01, 0.99, 50), rng.integers(0, 2, 50).astype(float)
    np.testing.assert_allclose(
        scoring.brier(chance, seen), scoringrules.brier_score(seen, chance), rtol=1e-12
    )
    np.testing.assert_allclose(
        scoring.log_event(chance, seen), scoringrules.log_score(seen, chance), rtol=1e-12
    )


def test_an_event_that_was_ruled_out_costs_without_limit():
    assert scoring.log_event(np.array([0.0]), np.array([1.0]))[0] == np.inf


def test_interval_score_equals_scoringrules():
    rng = np.random.default_rng(5)
    low, seen = rng.normal(size=50), 2 * rng.normal(size=50)
    high = low + rng.uniform(0.1, 2, 50)
    theirs = scoringrules.interval_score(seen, low, high, 0.1)
    np.testing.assert_allclose(scoring.interval_score(low, high, seen), theirs, rtol=1e-12)


def test_normal_and_sample_intervals_agree():
    samples = np.random.default_rng(6).normal(2.0, 3.0, (200_000, 1))
    low, high = scoring.normal_interval(np.array([2.0]), np.array([3.0]))
    assert scoring.sample_interval(samples)[0] == pytest.approx(low, abs=0.06)
    assert scoring.sample_interval(samples)[1] == pytest.approx(high, abs=0.06)
    assert high[0] - 2.0 == pytest.approx(3.0 * 1.6448536)


@pytest.mark.parametrize("name", SCORES)
def test_a_perfect_forecast_scores_nil(name):
    _, seen = drawn(7)
    assert SCORES[name](np.tile(seen, (10, 1)), seen) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", SCORES)
def test_a_constant_forecast_is_its_distance(name):
    """All draws at one point: CRPS is the distance, the interval score 20 times it."""
    _, seen = drawn(8)
    factor = {"crps_samples": 1.0, "interval": 20.0}[name]
    np.testing.assert_allclose(SCORES[name](np.zeros((10, 60)), seen), factor * np.abs(seen))


@pytest.mark.parametrize("name", SCORES)
def test_the_order_of_draws_and_of_rows_does_not_matter(name):
    samples, seen = drawn(9)
    found = SCORES[name](samples, seen)
    rng = np.random.default_rng(10)
    place = rng.permutation(60)
    np.testing.assert_allclose(SCORES[name](rng.permutation(samples), seen), found, rtol=1e-12)
    np.testing.assert_allclose(SCORES[name](samples[:, place], seen[place]), found[place])


@pytest.mark.parametrize("name", SCORES)
def test_forecasts_of_other_rows_are_worse(name):
    rng = np.random.default_rng(11)
    centre = 3 * rng.normal(size=400)
    samples, seen = centre + rng.normal(size=(200, 400)), centre + rng.normal(size=400)
    permuted = SCORES[name](samples[:, rng.permutation(400)], seen).mean()
    assert SCORES[name](samples, seen).mean() < 0.5 * permuted


@pytest.mark.parametrize("name", SCORES)
def test_unit_and_origin_do_not_matter(name):
    samples, seen = drawn(12)
    np.testing.assert_allclose(
        SCORES[name](5.0 + 3.0 * samples, 5.0 + 3.0 * seen),
        3.0 * SCORES[name](samples, seen),
        rtol=1e-9,
    )


@pytest.mark.parametrize("score", [scoring.brier, scoring.log_event])
def test_the_true_chance_scores_best(score):
    """Propriety: in expectation no other chance beats the true one."""
    others = np.linspace(0.01, 0.99, 99)
    for true in (0.03, 0.4, 0.9):
        expected = true * score(others, np.ones(99)) + (1 - true) * score(others, np.zeros(99))
        assert others[expected.argmin()] == pytest.approx(true, abs=1e-9)


def test_terciles_are_even_and_follow_size():
    size = np.array([5.0, 1.0, np.nan, 9.0, 3.0, 7.0, 2.0])
    third = scoring.terciles(size)
    assert third.tolist() == [1, 0, 0, 2, 1, 2, 0]


def test_coverage_by_hand():
    inside = np.array([True, False, True, True])
    found = scoring.coverage_by(inside, np.array([0, 0, 2, 2]))
    assert found[0] == 0.5 and np.isnan(found[1]) and found[2] == 1.0


def test_blocks_of_one_give_the_textbook_interval():
    gap = np.random.default_rng(13).normal(0.3, 1.0, 2000)
    low, high = scoring.block_interval(gap, [np.arange(2000)], draws=4000)
    half = 1.96 * gap.std() / np.sqrt(2000)
    assert low == pytest.approx(gap.mean() - half, abs=0.005)
    assert high == pytest.approx(gap.mean() + half, abs=0.005)


def test_repeating_every_figure_within_its_block_changes_nothing():
    """Twenty years of a state that all say the same count as one."""
    gap = np.random.default_rng(14).normal(size=150)
    once = scoring.block_interval(gap, [np.arange(150)])
    often = scoring.block_interval(np.repeat(gap, 20), [np.repeat(np.arange(150), 20)])
    assert often == pytest.approx(once, abs=1e-12)


def test_two_factors_see_what_one_does_not():
    """A shock to every exporter: blocks of pairs are blind to it, two factors are not."""
    rng = np.random.default_rng(15)
    i, j = (x.ravel() for x in np.indices((40, 40)))
    gap = rng.normal(size=40)[i] + 0.1 * rng.normal(size=1600)
    widths = {
        name: np.ptp(scoring.block_interval(gap, blocks))
        for name, blocks in {"pairs": [np.arange(1600)], "one": [i], "two": [i, j]}.items()
    }
    assert widths["one"] > 4 * widths["pairs"]
    assert widths["one"] <= 1.1 * widths["two"]


@given(st.integers(0, 10_000), st.floats(-5, 5))
def test_a_constant_difference_has_no_width(seed, gap):
    labels = np.random.default_rng(seed).integers(0, 9, 50)
    ends = scoring.block_interval(np.full(50, gap), [labels], draws=50)
    assert ends == pytest.approx((gap, gap), abs=1e-9)


NAN = np.nan


def test_what_is_not_known_is_not_scored():
    chance, seen = np.array([0.7, 0.7, NAN]), np.array([NAN, 1.0, 0.0])
    assert np.isnan(scoring.log_event(chance, seen)).tolist() == [True, False, True]
    assert np.isnan(scoring.brier(chance, seen)).tolist() == [True, False, True]
    assert scoring.log_event(chance, seen)[1] == pytest.approx(-np.log(0.7))


@pytest.mark.parametrize("score", [scoring.brier, scoring.log_event])
def test_what_is_no_probability_or_event_is_refused_with_its_row(score):
    with pytest.raises(BadInput, match="the probability not in .0, 1. at 1"):
        score(np.array([0.2, 1.2]), np.array([0.0, 1.0]))
    with pytest.raises(BadInput, match="the outcome not 0 or 1 at 0"):
        score(np.array([0.2, 1.0]), np.array([2.0, 1.0]))


def test_a_level_of_ninety_is_refused():
    one = np.array([1.0])
    for call in (
        lambda: scoring.interval_score(0 * one, one, 2 * one, 90.0),
        lambda: scoring.normal_interval(one, one, 90.0),
        lambda: scoring.sample_interval(np.ones((3, 1)), 1.0),
        lambda: scoring.block_interval(one, [np.zeros(1, int)], level=95.0),
    ):
        with pytest.raises(BadInput, match="0.9 is 90 %"):
            call()


def test_ends_the_wrong_way_round_and_single_draws_are_refused():
    one = np.array([1.0])
    with pytest.raises(BadInput, match="width"):
        scoring.interval_score(one, 0 * one, one)
    with pytest.raises(BadInput, match="two"):
        scoring.crps_samples(np.ones((1, 1)), one)
    with pytest.raises(BadInput, match="difference"):
        scoring.block_interval(np.array([NAN]), [np.zeros(1, int)])
    ruled_out = scoring.block_interval(np.array([np.inf]), [np.zeros(1, int)])
    assert np.isnan(ruled_out).all()


def test_crps_of_a_sure_forecast_is_its_limit():
    mean, seen = np.array([1.0, 1.0, 1.0]), np.array([3.5, 1.0, NAN])
    np.testing.assert_array_equal(crps_normal(mean, np.zeros(3), seen), [2.5, 0.0, NAN])
    near = crps_normal(mean[:2], np.full(2, 1e-300), seen[:2])
    np.testing.assert_allclose(near, [2.5, 0.0], atol=1e-12)
    with pytest.raises(BadInput, match="standard deviation"):
        crps_normal(mean, np.array([1.0, -1.0, 1.0]), seen)


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(0.0, 1e-6))
def test_crps_goes_to_its_limit(mean, seen, sd):
    found = crps_normal(np.array([mean]), np.array([sd]), np.array([seen]))[0]
    assert found == pytest.approx(abs(seen - mean), abs=2e-6)
