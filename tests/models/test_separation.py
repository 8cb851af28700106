"""Separation against the definition, on cases small enough to see."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from comity.models.statistics import separation

BAN = np.array([0.0, 0, 1, 0, 1, 0])
FLOW = np.array([3.0, 0, 0, 2, 0, 1])
ONE = np.ones(6)


def test_a_dummy_of_rows_without_flows_separates_them():
    found = separation.poisson(np.column_stack([ONE, BAN]), FLOW)
    assert found.tolist() == [False, False, True, False, True, False]


def test_a_combination_separates_where_neither_column_does():
    a = np.array([0.3, -1.0, 2.0, 0.1, 0.4, 1.5])
    both = np.column_stack([ONE, a, a + BAN])
    assert separation.poisson(both, FLOW).tolist() == [False, False, True, False, True, False]
    assert not separation.poisson(both[:, :2], FLOW).any()


def test_directions_of_both_signs_do_not_separate():
    mixed = np.array([0.0, -1, 1, 0, 1, 0])
    assert not separation.poisson(np.column_stack([ONE, mixed]), FLOW).any()


def test_an_effect_without_flows_separates_its_rows():
    group = separation.dummies(np.array(["a", "b", "b", "a", "c", "c"]))
    assert separation.poisson(group, FLOW).tolist() == [False, True, True, False, False, False]


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
def test_units_do_not_matter(unit):
    x = np.column_stack([ONE, unit * BAN])
    assert separation.poisson(x, FLOW).sum() == 2
    assert separation.poisson(sparse.csr_array(x), 1e-300 + FLOW * 0 + (FLOW > 0)).sum() == 0


def test_rows_moved_far_less_than_others_are_found_too():
    small = np.array([0.0, 0, 1e7, 0, 1.0, 0])
    assert separation.poisson(np.column_stack([ONE, small]), FLOW).sum() == 2


def test_a_logit_is_separated_completely_partly_or_not():
    x = np.arange(6.0)
    line = np.column_stack([ONE, x])
    assert separation.binary(line, (x > 2).astype(float)).all()
    assert (
        separation.binary(np.column_stack([ONE, x > 2]), np.array([0, 1, 0, 1, 1, 1.0])).sum() == 3
    )
    assert not separation.binary(line, np.array([0, 1, 0, 1, 0, 1.0])).any()


def test_a_multinomial_is_separated_by_one_outcome_or_by_one_never_seen():
    """Outcome 2 stands apart from both others, which are mixed."""
    line = np.column_stack([ONE, np.array([0.0, 1, 0, 1, 2, 2])])
    assert separation.multinomial(line, np.array([0, 0, 1, 1, 2, 2]), 3).all()
    assert separation.multinomial(line, np.array([0, 0, 1, 1, 0, 1]), 3).all()  # 2 is never seen
    assert not separation.multinomial(line, np.array([0, 0, 1, 1, 0, 1]), 2).any()


@given(st.integers(0, 10**6))
def test_only_separated_rows_let_the_likelihood_rise_for_ever(seed):
    """Against the definition in two columns: some direction in the plane, seen by angle."""
    rng = np.random.default_rng(seed)
    x = rng.integers(-2, 3, (8, 2)).astype(float)
    y = rng.integers(0, 2, 8).astype(float)
    angles = {
        np.arctan2(*(v[::-1])) + t for v in x[np.any(x != 0, 1)] for t in (np.pi / 2, -np.pi / 2)
    }
    angles |= {a + 1e-3 * k for a in angles for k in (-1, 1)} | set(np.linspace(0, 2 * np.pi, 721))
    seen = np.zeros(8, dtype=bool)
    for a in angles:
        move = np.round(x @ np.array([np.cos(a), np.sin(a)]), 12)
        if (move[y > 0] == 0).all() and (move[y == 0] >= 0).all():
            seen |= (move > 0) & (y == 0)
    np.testing.assert_array_equal(separation.poisson(x, y), seen)


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_it_does_not_matter_which_outcome_is_the_first(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(-2, 3, (5, 2)).astype(float)
    outcome = rng.integers(0, 3, 5)
    found = separation.multinomial(x, outcome, 3)
    turned = np.array([2, 0, 1])[outcome]
    np.testing.assert_array_equal(separation.multinomial(x, turned, 3), found)
