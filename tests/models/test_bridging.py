"""Bridges: by hand, published cases of the measures, and what the rewiring keeps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from comity.models.institutions import bridging

# Frameworks a, b, c; states 0-3. a and b meet in states 0 and 1, b and c in state 2 alone.
MEMBER = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1]], bool)


def test_each_pair_counts_one_and_is_shared_by_those_in_both():
    np.testing.assert_allclose(bridging.brokerage(MEMBER), [0.5, 0.5, 1.0, 0.0])
    new = bridging.across(np.array([True, False, False]))
    np.testing.assert_allclose(bridging.brokerage(MEMBER, new), [0.5, 0.5, 0.0, 0.0])
    np.testing.assert_allclose(bridging.sole_links(MEMBER), [0.0, 0.0, 1.0, 0.0])


def test_betweenness_of_a_star_and_loss_without_its_centre():
    # One state in three frameworks, each with one state of its own: all paths run through it.
    star = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]], bool)
    found = bridging.betweenness(star)
    assert found[0] == found.max() and found[1] == 0.0
    # Freeman (1977): of 6 other nodes 15 pairs; the three of a framework and its own state are
    # next to each other, the other 12 run through the centre.
    assert found[0] == pytest.approx(12 / 15)
    assert bridging.loss_without(star, 0) == pytest.approx(1.0)
    assert bridging.loss_without(star, 1) == 0.0


def test_constraint_of_burt_by_hand():
    # A triangle with equal ties: p = 1/2, (1/2 + 1/4)^2 twice = 1.125. A bridge between two
    # strangers: 2 (1/2)^2 = 0.5.
    triangle = 1.0 - np.eye(3)
    np.testing.assert_allclose(bridging.constraint(triangle), 1.125)
    path = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    np.testing.assert_allclose(bridging.constraint(path), [1.0, 0.5, 1.0])
    assert np.isnan(bridging.constraint(np.zeros((2, 2)))).all()


def test_ties_of_newman():
    # Two in a framework of two: 1; three of three: 1/2 each pair.
    found = bridging.ties(np.array([[1, 1, 0], [1, 1, 1]], bool))
    assert found[0, 1] == pytest.approx(1.5) and found[0, 2] == pytest.approx(0.5)


@settings(max_examples=25, deadline=None)
@given(hnp.arrays(bool, (5, 7)), st.integers(0, 99))
def test_rewiring_keeps_all_degrees(member, seed):
    drawn = bridging.rewired(member, np.random.default_rng(seed))
    np.testing.assert_array_equal(drawn.sum(0), member.sum(0))
    np.testing.assert_array_equal(drawn.sum(1), member.sum(1))


def test_rewiring_reaches_every_network_about_as_often():
    # Two frameworks of one state each among two states with one membership each: two networks.
    member = np.array([[True, False], [False, True]])
    rng = np.random.default_rng(0)
    same = [bool(bridging.rewired(member, rng)[0, 0]) for _ in range(400)]
    assert 0.4 < np.mean(same) < 0.6


def test_rank():
    value = np.array([3.0, 1.0, 3.0, 5.0])
    assert [float(bridging.rank(value, at)) for at in range(4)] == [2.5, 4.0, 2.5, 1.0]
