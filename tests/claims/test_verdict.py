"""Verdicts follow from the draws by the fixed thresholds, and from nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.claims.verdict import VERDICTS, decide

RNG = np.random.default_rng(1)


def shares(beyond, against, count=1000):
    """Draws with these shares beyond 1 and below -1; the rest at nil."""
    above, below = round(beyond * count), round(against * count)
    return np.concatenate(
        [np.full(above, 2.0), np.full(below, -2.0), np.zeros(count - above - below)]
    )


@pytest.mark.parametrize(
    ("draws", "judged", "identified", "word"),
    [
        (shares(0.95, 0.0), 0.0, True, "supported"),
        (shares(0.0, 0.95), 0.0, True, "contradicted"),
        (shares(0.02, 0.02), 0.0, True, "negligible"),
        (shares(0.6, 0.1), 0.2, True, "mixed"),
        (shares(0.6, 0.1), 0.6, True, "undetermined"),
        (shares(0.95, 0.0), 0.9, True, "supported"),
        (shares(0.95, 0.0), 0.0, False, "undetermined"),
        (shares(0.9, 0.0), 0.0, True, "supported"),
        (shares(0.89, 0.0), 0.0, True, "mixed"),
    ],
)
def test_thresholds(draws, judged, identified, word):
    assert decide(draws, 1.0, judged, identified).word == word


def test_figures_of_a_normal_effect():
    made = decide(RNG.normal(2.0, 1.0, 200_000), 1.0)
    assert made.effect == pytest.approx(2.0, abs=0.01)
    assert made.low == pytest.approx(2.0 - 1.645, abs=0.02)
    assert made.high == pytest.approx(2.0 + 1.645, abs=0.02)
    assert made.beyond == pytest.approx(0.841, abs=0.005)
    assert made.flip == pytest.approx(1 - made.beyond)


@given(
    st.lists(st.floats(-10, 10), min_size=1, max_size=60),
    st.floats(0, 5),
    st.floats(0, 1),
)
def test_turning_the_claim_round_turns_the_verdict(values, smallest, judged):
    draws = np.array(values)
    one, other = decide(draws, smallest, judged), decide(-draws, smallest, judged)
    assert one.beyond + one.within + one.against == pytest.approx(1.0)
    assert one.word in VERDICTS
    turned = {"supported": "contradicted", "contradicted": "supported"}
    assert other.word == turned.get(one.word, one.word)


def test_missing_draws_are_left_out_and_none_at_all_is_an_error():
    assert decide(np.array([np.nan, 2.0]), 1.0).beyond == 1.0
    with pytest.raises(ValueError, match="no draw"):
        decide(np.array([np.nan]), 1.0)


@pytest.mark.parametrize(
    ("beyond", "count", "judged", "close"),
    [(0.91, 200, 0.0, True), (0.99, 200, 0.0, False), (0.91, 20_000, 0.0, False)]
    + [(0.6, 200, 0.55, True), (0.6, 200, 0.9, False)],
)
def test_a_verdict_near_a_threshold_says_so(beyond, count, judged, close):
    assert decide(shares(beyond, 0.0, count), 1.0, judged).close is close
