"""Compromise and median: by hand, against every pairwise vote, what may not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.institutions.compromise import compromise, median

ROWS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 8), st.integers(1, 4)), min_size=1, max_size=7
)


def columns(rows):
    position, capability, quarters = np.array(rows, float).T
    return position, capability, quarters / 4


def test_three_by_hand():
    # Weights 2, 1, 1 at 0, 4, 8: the mean is 3, and at 0 just half of the weight is reached.
    issue = (np.array([0.0, 4.0, 8.0]), np.array([4.0, 1.0, 2.0]), np.array([0.5, 1.0, 0.5]))
    assert compromise(*issue) == 3.0 and median(*issue) == 0.0


def test_issues_in_a_row_and_who_has_no_position_is_left_out():
    position = np.array([[0.0, 10.0, np.nan], [np.nan, 2.0, 4.0]])
    found = compromise(position, np.array([1.0, 3.0, 1.0]), np.ones((2, 3)))
    assert found.tolist() == [7.5, 2.5]
    assert median(position, np.array([1.0, 3.0, 1.0]), np.ones((2, 3))).tolist() == [10.0, 2.0]


@given(ROWS)
def test_the_median_is_beaten_by_no_position(rows):
    position, capability, salience = columns(rows)
    found = float(median(position, capability, salience))
    assert found in position
    for other in position:
        nearer = np.abs(position - other) < np.abs(position - found)
        further = np.abs(position - other) > np.abs(position - found)
        weight = capability * salience
        assert weight[nearer].sum() <= weight[further].sum() + 1e-9


@given(ROWS)
def test_the_compromise_is_inside_and_moves_with_the_scale(rows):
    position, capability, salience = columns(rows)
    found = compromise(position, capability, salience)
    assert position.min() - 1e-9 <= found <= position.max() + 1e-9
    other = compromise(4 - 3 * position, 7 * capability, salience)
    assert abs(other - (4 - 3 * found)) < 1e-9
    split = compromise(*(np.repeat(one, 2) for one in (position, capability, salience)))
    assert abs(split - found) < 1e-9


@pytest.mark.parametrize(
    ("position", "capability", "salience", "message"),
    [
        ([1, 2], [1, -1], [1, 1], "capability"),
        ([1, 2], [1, 1], [1, 0], "salience"),
        ([1, np.inf], [1, 1], [1, 1], "not finite"),
        ([np.nan, np.nan], [1, 1], [1, 1], "no position"),
    ],
)
def test_what_makes_no_sense_is_told(position, capability, salience, message):
    for rule in (compromise, median):
        with pytest.raises(BadInput, match=message):
            rule(*(np.array(one, float) for one in (position, capability, salience)))
