"""One table of smallest effects and one set of words: the rule, its edges, its agreement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.claims.verdict import decide
from comity.judge.two_by_two import figures
from comity.registry.sizes import (
    WORDS,
    in_words,
    large_from,
    magnitude,
    size_of,
    smallest,
    sure,
)

DRAWS = st.lists(st.floats(-20, 20), min_size=1, max_size=60).map(np.array)


def words_of(draws, least=1.0, direction="higher"):
    found = size_of(np.array(draws, float), least, direction)
    assert found is not None
    return found.least, found.most, found.way


@pytest.mark.parametrize(
    ("draws", "words"),
    [
        ([1.0], ("negligible", "negligible", "none")),
        ([1.01], ("modest", "modest", "better")),
        ([-5.0], ("modest", "modest", "worse")),
        ([5.01], ("large", "large", "better")),
        ([0.0] * 9 + [50.0], ("negligible", "negligible", "none")),
        ([0.5] * 5 + [2.0] * 5, ("negligible", "modest", "better")),
        ([2.0] * 5 + [9.0] * 5, ("modest", "large", "better")),
        ([-2.0] * 5 + [2.0] * 5, ("modest", "modest", "either")),
        ([0.0] * 4 + [2.0] * 3 + [9.0] * 3, ("negligible", "large", "better")),
        ([0.0] * 4 + [9.0] * 6, ("negligible", "large", "better")),
    ],
)
def test_the_word_that_nine_in_ten_draws_bear(draws, words):
    assert words_of(draws) == words


def test_less_can_be_better_and_nothing_has_no_size():
    assert words_of([-2.0], direction="lower")[2] == "better"
    assert size_of(np.array([np.nan]), 1.0) is None
    assert words_of([np.nan, 7.0])[0] == "large"


@given(DRAWS, st.floats(0.1, 3))
def test_turned_round_the_size_stays_and_the_way_turns(draws, least):
    one, other = size_of(draws, least), size_of(-draws, least)
    assert (one.least, one.most) == (other.least, other.most)
    turned = {"better": "worse", "worse": "better"}
    assert turned.get(one.way, one.way) == other.way
    assert size_of(-draws, least, "lower") == one


@given(DRAWS, st.floats(0.1, 3), st.floats(0.1, 50))
def test_units_do_not_matter(draws, least, scale):
    # Away from the edges, where rounding decides.
    ratio = np.abs(draws) / least
    edges = np.array([1.0, large_from()])
    if np.abs(ratio[:, None] - edges).min() > 1e-9:
        assert size_of(draws, least) == size_of(scale * draws, scale * least)


@given(DRAWS, st.floats(0.1, 3))
def test_a_run_and_a_claim_never_disagree_on_the_word_of_the_same_draws(draws, least):
    """One function, and a claim that is called negligible has an effect that is called so."""
    verdict = decide(draws, least)
    weights = np.full((1, len(draws)), 1.0 / len(draws))
    in_a_run = figures(draws, weights, least, "higher")["size"]
    assert verdict.size is not None and verdict.size.record() == in_a_run
    assert (verdict.within >= sure()) == (in_a_run["most"] == "negligible")


def test_the_longest_entry_counts_and_a_level_is_another_question():
    assert smallest("consumption.mean").value == smallest("consumption.sectors").value == 0.1
    assert smallest("consumption.losers").unit["en"] == "share of economies"
    assert smallest("exposure.CHN").value < smallest("exposure.CHN", level=True).value
    assert smallest("consumption.mean", level=True) == smallest("consumption.mean")
    assert smallest("no_such_measure.JPN") is None


def test_every_word_is_there_in_both_languages():
    for lang in ("en", "ja"):
        said = {
            in_words({"least": a, "most": b, "way": way}, lang)
            for a in WORDS
            for b in WORDS
            for way in ("better", "worse", "either", "none")
        }
        assert all(said) and len(said) == 36
    assert magnitude({"least": "negligible", "most": "modest"}, "en") == "negligible to modest"
    assert in_words(None, "en") == ""


def test_reasons_do_not_lean_on_what_the_model_itself_gives():
    for name in ("consumption.mean", "exposure.CHN", "exposure_change.CHN", "harm.korea"):
        least = smallest(name)
        assert least is not None
        reason = least.reason["en"]
        assert "Judged" in reason and "elasticity" not in reason and "what it costs" not in reason
