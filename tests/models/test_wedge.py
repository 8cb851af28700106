"""Wedges: three and four actors by hand, and the threshold that a change must pass."""

import numpy as np
import pytest
from hypothesis import given

from comity.core.errors import BadInput
from comity.models.force import landscape as land
from comity.models.force.wedge import wedge, wedges
from landscapes import symmetric, worlds

# Two and one against one and one.
SIZE = np.array([2.0, 1.0, 1.0, 1.0])
TIES = symmetric(4, {(0, 1): 1, (2, 3): 1, (0, 2): -1, (0, 3): -1, (1, 2): -1, (1, 3): 0})
CAMPS = np.array([False, False, True, True])
PAIR = np.array([False, False, True, True])


def test_three_by_hand():
    # Friends (2) with an enemy (-1 each): a friend's move costs 6, the enemy's 4. The friends part
    # when their tie falls by 6 / 2; the enemy comes over when either likes it by 4 / 2 more.
    p = symmetric(3, {(0, 1): 2, (0, 2): -1, (1, 2): -1})
    camps = np.array([False, False, True])
    found = wedges(camps, np.ones(3), p)
    assert found.pair.tolist() == [[0, 2], [1, 2], [0, 1]]
    assert found.change.tolist() == [2, 2, -3]
    assert found.leaver.tolist() == [2, 2, 0]
    assert not found.camps[:2].any()  # all together
    assert found.camps[2].tolist() == [True, False, True]
    # The other friend then has its enemy beside it.
    assert found.worse[0, 1] == 1.0


def test_four_by_hand():
    # Moves cost 12, 6, 8, 6 in turn.
    assert land.move_cost(CAMPS[None], SIZE, TIES).tolist() == [[12, 6, 8, 6]]
    found = wedge(0, PAIR, CAMPS, SIZE, TIES)
    assert found.pair.tolist() == [[3, 0], [2, 0], [2, 3]]
    assert found.change.tolist() == [1.5, 2.0, -3.0]
    assert found.leaver.tolist() == [3, 2, 3]
    assert found.divided.all()
    assert found.camps.tolist() == [[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    # Actor 1 minds 2, not 3; actor 0 minds both, and is one of the pair in the first two.
    assert found.price(~PAIR).tolist() == [0, 1, 1]
    # The one left behind loses a friend (1) or an enemy's absence (1).
    assert found.worse[0, 2] == 1.0 and found.worse[1, 3] == 1.0


def test_the_other_side_asks_the_same_question():
    found = wedge(2, ~PAIR, CAMPS, SIZE, TIES)
    # Actor 1's move costs 6: over 2 s s it is 3 with actor 2, 1.5 with actor 0.
    assert found.pair.tolist() == [[0, 1], [1, 2]]
    assert found.change.tolist() == [-1.5, 3.0]
    assert found.leaver.tolist() == [1, 1]
    # A tie of 2 with 0 would take 8 / 4, but it is 2 itself that would move: no wedge.
    assert [0, 2] not in found.pair.tolist()


@given(worlds(low=3, high=6))
def test_just_short_of_the_change_nobody_moves_and_just_beyond_the_leaver_does(world):
    size, p = world
    camps = land.landscape(size, p).camps[0]
    found = wedges(camps, size, p)
    assert np.array_equal(np.abs(found.change), np.sort(np.abs(found.change)))
    assert len(found.pair) == len(size) * (len(size) - 1) // 2
    for (i, j), change, leaver in zip(found.pair, found.change, found.leaver, strict=True):
        step = np.where(camps[i] == camps[j], -1e-6, 1e-6)
        for sign in (-1, 1):
            changed = p.copy()
            changed[i, j] = changed[j, i] = p[i, j] + change + sign * step
            cost = land.move_cost(camps[None], size, changed)[0]
            assert (cost[leaver] < 0) == (sign == 1)
            if sign == -1:
                assert (cost >= 0).all()


@given(worlds(low=3, high=6))
def test_where_it_comes_to_rest_holds(world):
    size, p = world
    found = wedges(land.landscape(size, p).camps[0], size, p)
    for (i, j), change, rest in zip(found.pair, found.change, found.camps, strict=True):
        changed = p.copy()
        changed[i, j] = changed[j, i] = p[i, j] + change
        slack = land.rounding(size, changed)
        assert (land.move_cost(rest[None], size, changed) >= -slack).all()


def test_what_makes_no_sense_is_told():
    with pytest.raises(BadInput, match="does not hold"):
        wedges(np.zeros(4, bool), SIZE, TIES)
    alone = np.array([False, False, True, False])
    across = np.array([False, True, True, False])
    for actor, coalition in ((0, alone), (0, across), (2, PAIR)):
        with pytest.raises(BadInput, match="no coalition"):
            wedge(actor, coalition, CAMPS, SIZE, TIES)
