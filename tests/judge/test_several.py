"""Several aims: what nothing beats, ranks with indifference, weights that are named, regret."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from comity.core.errors import BadInput
from comity.judge.several import beats, by_aim, pareto, ranks, regrets, weighable, weights_of
from comity.judge.two_by_two import Gains, resampled

AIMS = (
    {"name": "wealth", "kind": "wealth", "group": "economy", "direction": "higher"},
    {"name": "peace.north", "kind": "peace", "group": "security", "direction": "lower"},
    {"name": "peace.south", "kind": "peace", "group": "security", "direction": "lower"},
    {"name": "lives", "kind": "lives", "group": "people", "direction": "lower"},
)
CARD = [
    aim | {"smallest": 1.0, "ranked": aim["name"] != "lives", "status": "measured"} for aim in AIMS
] + [{"name": "order", "kind": "order", "group": "order", "ranked": True, "status": "not_in_run"}]


def made(under):
    """Gains of strategies a, b, c on the aims, (F, A, S)."""
    under = np.asarray(under, float)
    names = tuple("abcdefgh"[: under.shape[2]])
    return Gains(tuple(CARD[:4]), names, np.zeros(under.shape[:2]), under, under)


def test_what_nothing_beats_by_hand():
    # a: rich; b: as rich within the smallest effect, safer; c: poor and unsafe; lives never count.
    one = [[5.0, 4.5, 0.0], [0.0, -3.0, 1.5], [0.0, 0.0, 0.0], [-9.0, 9.0, 9.0]]
    found = pareto(made([one, one]))
    assert found["aims"] == ["wealth", "peace.north", "peace.south"]
    assert found["by_mean"] == ["b"]
    assert found["beaten_by"] == {"a": "b", "c": "b"}
    assert found["shares"] == {"a": 0.0, "b": 1.0, "c": 0.0}


def test_who_beats_is_named_without_adding_aims_up():
    # b is far ahead of c on one aim, a a little on two: the sum would name b, the count names a.
    one = [[2.0, 30.0, 0.0], [-2.0, -0.5, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    found = pareto(made([one, one]))
    assert found["by_mean"] == ["a", "b"] and found["beaten_by"] == {"c": "a"}
    # One that is itself beaten is not named, however many aims it leads on.
    two = [[30.0, 2.0, 0.0], [-2.0, -2.0, 0.0], [-2.0, -2.0, 0.0], [0.0, 0.0, 0.0]]
    assert pareto(made([two, two]))["beaten_by"] == {"b": "a", "c": "a"}


def test_a_small_loss_is_passed_over_but_many_are_not():
    one = np.array([[1.2, 0.0], [0.0, 0.9], [0.0, 0.9]])
    assert not beats(one)[0, 1], "two losses of 0.9 are more than a gain of 1.2"
    one[2, 1] = 0.0
    assert beats(one)[0, 1] and not beats(one)[1, 0]
    even = np.array([[2.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert not beats(even).any(), "two losses of 1 are as much as a gain of 2"


SCALED = hnp.arrays(
    float, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-4, 4)
)


@given(SCALED)
def test_something_is_always_left_unbeaten(scaled):
    beaten = beats(scaled)
    assert not beaten.diagonal().any() and not (beaten & beaten.T).any()
    assert (~beaten.any(axis=0)).any()


@given(SCALED)
def test_clearly_better_on_all_is_beaten_by(scaled):
    worse = scaled[:, :1] - 1.5
    wider = np.concatenate([scaled, worse], axis=1)
    assert beats(wider)[0, -1]


def test_ranks_share_what_is_within_the_smallest_effect():
    assert ranks(np.array([0.0, 3.0, 2.5, 1.9]), 1.0) == [4, 1, 1, 3]
    assert ranks(np.zeros(3), 1.0) == [1, 1, 1]


def test_weights_are_read_and_shared_evenly():
    given_ = weights_of("economy=2, security=1")
    assert given_ == {"economy": 2.0, "security": 1.0} == weights_of(given_)
    assert weighable(CARD) == ["wealth", "peace.north", "peace.south"]
    assert by_aim(given_, CARD, weighable(CARD)) == {
        "wealth": 2.0,
        "peace.north": 0.5,
        "peace.south": 0.5,
    }


@pytest.mark.parametrize("names", [("peace.north", "peace"), ("security", "peace.south")])
def test_an_aim_is_not_weighed_twice(names):
    with pytest.raises(BadInput, match="would count twice.*name one of the two"):
        by_aim(dict.fromkeys(names, 1.0), CARD, weighable(CARD))


@pytest.mark.parametrize("value", [True, "True", None, [1]])
def test_what_is_no_number_is_no_weight(value):
    with pytest.raises(BadInput, match="above 0"):
        inspect.unwrap(weights_of)({"economy": value})  # past the checks of types in tests


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("economy", "is no weight"),
        ("economy=", "is no weight"),
        ("economy=much", "above 0"),
        ("economy=0", "above 0"),
        ("economy=-1", "above 0"),
        ("economy=inf", "above 0"),
        ("economy=1,economy=2", "two weights"),
        ("", "is no weight"),
    ],
)
def test_what_is_no_weight_is_refused(text, words):
    with pytest.raises(BadInput, match=words):
        weights_of(text)


@pytest.mark.parametrize(
    ("name", "words"),
    [("econmy", "did you mean 'economy'"), ("order", "nothing of"), ("people", "use some of")],
)
def test_a_weight_of_nothing_is_refused(name, words):
    with pytest.raises(BadInput, match=words):
        by_aim({name: 1.0}, CARD, weighable(CARD))


def test_regret_by_hand():
    # Two futures: a wins the first by 2, b the second by 4; weight 1 on wealth alone.
    blank = [[0.0, 0.0]] * 3
    found = made([[[3.0, 1.0], *blank], [[1.0, 5.0], *blank]])
    rows = regrets(found, {"wealth": 1.0}, resampled(2, 1))
    assert [row["strategy"] for row in rows] == ["b", "a"]
    assert [row["mean"] for row in rows] == [1.0, 2.0]
    assert [row["best"] for row in rows] == [0.5, 0.5]
    twice = regrets(found, {"wealth": 2.0}, resampled(2, 1))
    assert [row["mean"] for row in twice] == [2.0, 4.0]
