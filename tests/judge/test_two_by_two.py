"""Strategy by shock: gains put together by hand, and what the two of them say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.run_folder import ALONE
from comity.judge.two_by_two import figures, gains, reacts, resampled

AIMS = [
    {
        "name": "wealth",
        "measures": ["w"],
        "direction": "higher",
        "smallest": 0.5,
        "ranked": True,
        "status": "measured",
    },
    {
        "name": "peace",
        "measures": ["p.a", "p.b"],
        "direction": "lower",
        "smallest": 1.0,
        "ranked": True,
        "status": "measured",
    },
    {
        "name": "order",
        "measures": [],
        "direction": "higher",
        "smallest": None,
        "ranked": True,
        "status": "not_in_run",
    },
]


def tables():
    """Three futures, two strategies; the last future of the second strategy was not solved."""
    under = {
        "w": np.array([[1.0, 2.0], [1.5, 2.5], [2.0, np.nan]]),
        "p.a": np.array([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0]]),
        "p.b": np.array([[6.0, 2.0], [6.0, 2.0], [6.0, 2.0]]),
    }
    rest = {"w": np.zeros(3), "p.a": np.ones(3), "p.b": np.ones(3)}
    calm = {
        "w": pd.DataFrame({ALONE: [-1.0, -1.0, -1.0], "a": [2.0, 2.5, 3.0], "b": [0.0] * 3}),
        "p.a": pd.DataFrame({ALONE: [4.0] * 3, "a": [1.0] * 3, "b": [1.0] * 3}),
        "p.b": pd.DataFrame({ALONE: [6.0] * 3, "a": [1.0] * 3, "b": [1.0] * 3}),
    }
    return under, rest, calm


def test_the_gains_are_those_put_together_by_hand():
    found = gains(AIMS, ("a", "b"), *tables())
    assert found is not None and len(found.under) == 2, "a future counts only with all its arms"
    assert [aim["name"] for aim in found.aims] == ["wealth", "peace"]
    np.testing.assert_array_equal(found.shock, [[-1.0, 4.0], [-1.0, 4.0]])
    np.testing.assert_array_equal(found.under[0], [[2.0, 3.0], [0.0, -4.0]])
    np.testing.assert_array_equal(found.calm[0], [[2.0, 0.0], [0.0, 0.0]])
    # Wealth in halves and more is better, peace in ones and less is better.
    np.testing.assert_array_equal(found.in_smallest()[0], [[4.0, 6.0], [0.0, 4.0]])


def word_of(under, calm, least=1.0, direction="higher"):
    """The word for two gains by future."""
    under, calm = np.asarray(under, float), np.asarray(calm, float)
    drawn = resampled(len(under), 1)
    told = [figures(one, drawn, least, direction) for one in (under, calm, under - calm)]
    return reacts(told[0], told[1], told[2], least, direction)


def test_what_does_not_react_is_said_not_to():
    """The first strategy gains the same with the shock and without it; the second answers it."""
    found = gains(AIMS, ("a", "b"), *tables())
    assert found is not None
    said = [
        [
            word_of(found.under[:, a, s], found.calm[:, a, s], aim["smallest"], aim["direction"])
            for s in range(2)
        ]
        for a, aim in enumerate(found.aims)
    ]
    assert said == [["good_anyway", "answers_shock"], ["no_effect", "answers_shock"]]


def test_a_strategy_without_any_outcome_and_a_run_without_any_future():
    under, rest, calm = tables()
    under["w"][:, 1] = np.nan
    found = gains(AIMS, ("a", "b"), under, rest, calm)
    assert found is not None and found.strategies == ("a",) and len(found.under) == 3
    nowhere = {name: np.full((3, 2), np.nan) for name in under}
    assert gains(AIMS, ("a", "b"), nowhere, rest, calm) is None


@pytest.mark.parametrize(
    ("under", "calm", "word"),
    [
        (0.9, -0.9, "no_effect"),
        # The table of the decision: one gain counts, and whether the other differs is not told.
        (1.1, 0.2, "good_open"),
        (1.4, 0.9, "good_open"),
        (0.2, 1.1, "good_open"),
        (-1.1, -0.2, "bad_open"),
        (3.0, 2.5, "good_anyway"),
        (-3.0, -2.5, "bad_anyway"),
        (2.5, 0.5, "answers_shock"),
        (-2.5, 0.5, "costs_in_shock"),
        (0.5, 2.5, "only_in_calm"),
        (0.5, -2.5, "costs_in_calm"),
        (2.0, -2.0, "answers_shock"),
        (-2.0, 2.0, "only_in_calm"),
        (5.0, 2.0, "better_in_shock"),
        (-2.0, -5.0, "better_in_shock"),
        (2.0, 5.0, "worse_in_shock"),
    ],
)
def test_the_words_of_the_two_gains(under, calm, word):
    assert word_of([under] * 4, [calm] * 4) == word
    assert word_of([-under] * 4, [-calm] * 4, direction="lower") == word


def test_noise_has_no_verdict():
    """Means beyond the smallest effect whose draws go either way are nothing of note."""
    noise = np.array([9.0, -8.0] * 19 + [9.0] * 12)
    size = figures(noise, resampled(50, 1), 1.0, "higher")
    assert size["mean"] > 1.0 and size["size"]["way"] == "either"
    assert word_of(np.zeros(50), noise) == "no_effect", "it was only in calm"
    assert word_of(noise, noise) == "no_effect"
    assert word_of(np.full(50, 2.0), noise) == "good_open", "the difference is noise too"
    # A few far draws turn the mean against what nine in ten say.
    assert word_of([2.0] * 19 + [-90.0], [0.0] * 20) == "no_effect"


@given(st.floats(-50, 50), st.floats(0.01, 5))
def test_equal_gains_are_never_an_answer(gain, least):
    word = word_of([gain] * 2, [gain] * 2, least)
    assert word == "no_effect" if abs(gain) <= least else word in ("good_anyway", "bad_anyway")


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.01, 5), st.floats(0.1, 10))
def test_units_do_not_matter(under, calm, least, scale):
    edges = [abs(under), abs(calm), abs(under - calm)]
    if min(abs(edge - least) for edge in edges) > 1e-6:
        scaled = word_of([scale * under] * 2, [scale * calm] * 2, scale * least)
        assert word_of([under] * 2, [calm] * 2, least) == scaled


def test_figures_bound_the_mean_and_tell_a_tie():
    draws = np.linspace(-1.0, 3.0, 81)
    told = figures(draws, resampled(81, 1), 0.1, "lower")
    assert told["mean"] == pytest.approx(1.0) and told["low"] < 1.0 < told["high"]
    assert told["p5"] == pytest.approx(-0.8) and told["better"] == pytest.approx(20 / 81)
    assert not told["same"] and told["size"]["way"] == "either"
    assert figures(np.zeros(4), resampled(4, 1), 0.1, "lower")["same"]
