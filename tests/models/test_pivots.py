"""Veto players and pivots: theorems on a line and in the plane, against brute force."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from comity.core.errors import BadInput
from comity.models.institutions.pivots import (
    Pivots,
    Thresholds,
    body,
    both,
    core,
    either,
    majority,
    prefers,
    radius,
    united_states,
    votes,
    winset_area,
)

# Whole numbers, so that ties are true ties; status quos halfway between are told apart.
WHOLE = st.integers(-20, 20).map(float)
LINES = st.lists(WHOLE, min_size=1, max_size=9).map(np.array)


def votes_for(ideals: np.ndarray, point: float, status_quo: float) -> int:
    return int((np.abs(ideals - point) < np.abs(ideals - status_quo)).sum())


@settings(max_examples=200, deadline=None)
@given(LINES, st.data())
def test_the_winset_on_a_line_is_what_gets_the_votes(ideals, data):
    needed = data.draw(st.integers(1, len(ideals)))
    status_quo, point = data.draw(WHOLE), data.draw(WHOLE) + 0.25
    low, high = body(ideals, needed).winset(status_quo)
    assert (low < point < high) == (votes_for(ideals, point, status_quo) >= needed)


@settings(max_examples=100, deadline=None)
@given(LINES, WHOLE, st.data())
def test_a_veto_player_more_never_shrinks_gridlock(ideals, player, data):
    needed = data.draw(st.integers(len(ideals) // 2 + 1, len(ideals)))
    before = body(ideals, needed)
    after = both(before, body(np.array([player]), 1))
    assert after.left <= before.left and after.right >= before.right
    assert either(before, after) == before


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_more_votes_needed_widens_gridlock_to_the_whole_range(ideals):
    widths = [body(ideals, q).width for q in range(majority(len(ideals)), len(ideals) + 1)]
    assert widths == sorted(widths)
    assert widths[-1] == np.ptp(ideals)


def test_members_who_can_each_act_alone_leave_no_core():
    alone = body(np.array([-1.0, 1.0]), 1)
    assert alone == Pivots(1.0, -1.0) and alone.width == 0 and not alone.gridlocked(0.0)
    assert alone.winset(0.0) == (-2.0, 2.0)


def test_votes_are_whole_and_exact():
    assert [votes(n, Fraction(2, 3)) for n in (99, 100, 435)] == [66, 67, 290]
    assert votes(100, Fraction(3, 5)) == 60 and majority(100) == 51 and majority(435) == 218


def test_the_american_chain():
    ranks = np.arange(1.0, 101.0)
    chain = united_states(ranks, ranks[::-1].copy(), 80.0)
    assert chain.filibuster == Pivots(41.0, 60.0)
    assert chain.override == Pivots(34.0, 67.0)
    # The President lies beyond the override pivot: two thirds stand in for his signature.
    assert chain.statute == Pivots(41.0, 67.0)
    assert chain.treaty == Pivots(34.0, 80.0)
    older = united_states(ranks, ranks, 80.0, Thresholds(cloture=Fraction(2, 3)))
    assert older.statute == Pivots(34.0, 67.0)
    moderate = united_states(ranks, ranks, 55.0)
    assert moderate.statute == Pivots(41.0, 60.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=5, max_size=25), st.floats(-1, 1), st.floats(-2, 2))
def test_a_law_passes_by_votes_counted_one_by_one(members, president, status_quo):
    chamber = np.array(members)
    chain = united_states(chamber, chamber, president)
    low, high = chain.statute.winset(status_quo)
    for point in np.linspace(-2.95, 2.95, 41):
        share = Fraction(votes_for(chamber, point, status_quo), len(chamber))
        signed = abs(president - point) < abs(president - status_quo)
        passes = share >= Fraction(3, 5) and (signed or share >= Fraction(2, 3))
        if min(abs(point - low), abs(point - high)) > 1e-9:
            assert passes == (low < point < high)


@pytest.mark.parametrize("needed", [3, 4, 5, 7])
def test_the_star_is_the_winset_in_the_plane(needed):
    random = np.random.default_rng(3)
    ideals, status_quo = random.normal(size=(7, 2)), np.array([0.9, -0.4])
    steps = random.normal(size=(2000, 2)) * 1.5
    points = status_quo + steps
    reach = radius(ideals, needed, status_quo, np.arctan2(steps[:, 1], steps[:, 0]))
    wins = prefers(ideals, status_quo, points).sum(axis=1) >= needed
    np.testing.assert_array_equal(np.linalg.norm(steps, axis=1) < reach, wins)


def test_the_core_under_unanimity_is_the_hull():
    ideals = np.random.default_rng(5).normal(size=(60, 2))
    hull = ideals[ConvexHull(ideals).vertices]
    corners = core(ideals, 60)
    assert len(corners) == len(hull)
    gaps = np.linalg.norm(corners[:, None] - hull[None], axis=-1)
    assert gaps.min(axis=0).max() < 1e-6 and gaps.min(axis=1).max() < 1e-6


@pytest.mark.parametrize(("members", "needed"), [(5, 4), (7, 5), (7, 6), (9, 7)])
def test_above_two_thirds_there_is_a_core_and_nothing_beats_it(members, needed):
    random = np.random.default_rng(members * needed)
    angles = np.linspace(0, 2 * np.pi, 3601)
    for _ in range(20):
        ideals = random.normal(size=(members, 2))
        corners = core(ideals, needed)
        assert len(corners)  # Greenberg: more than two thirds in two dimensions
        assert radius(ideals, needed, corners.mean(axis=0), angles).max() < 1e-6
        away = corners[0] - corners.mean(axis=0)
        if np.linalg.norm(away) > 1e-3:
            outside = corners[0] + 0.1 * away / np.linalg.norm(away)
            assert radius(ideals, needed, outside, angles).max() > 0


def test_majority_rule_in_the_plane_has_a_core_only_by_symmetry():
    star = np.array([[0.0, 0.0], [1.0, 0.5], [-2.0, -1.0], [0.3, -1.0], [-0.6, 2.0]])
    np.testing.assert_allclose(core(star, 3), [[0.0, 0.0]], atol=1e-6)
    star[1] += [0.0, 0.1]
    assert core(star, 3).shape == (0, 2)
    assert winset_area(star, 3, np.zeros(2)) > 0


def test_points_on_one_line_or_at_one_place():
    line = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [5.0, 10.0]])
    np.testing.assert_allclose(core(line, 3), [[2.0, 4.0]], atol=1e-5)
    ends = core(line, 4)
    np.testing.assert_allclose(ends[np.argsort(ends[:, 0])], [[1, 2], [3, 6]], atol=1e-5)
    np.testing.assert_array_equal(core(np.full((4, 2), 7.0), 3), [[7.0, 7.0]])


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 6.28), st.floats(-5, 5), st.floats(0.1, 10))
def test_the_winset_moves_with_the_plane(turn, shift, scale):
    ideals = np.random.default_rng(8).normal(size=(5, 2))
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved = scale * ideals @ turned.T + shift
    area = winset_area(ideals, 3, np.zeros(2))
    assert winset_area(moved, 3, np.full(2, shift)) == pytest.approx(scale**2 * area, rel=1e-3)


@pytest.mark.parametrize(
    ("ideals", "needed", "message"),
    [
        (np.array([0.0, np.nan]), 2, "not a finite number"),
        (np.array([0.0, 1.0]), 3, "3 votes of 2"),
        (np.array([0.0, 1.0]), 0, "0 votes of 2"),
        (np.array([]), 1, "1 votes of 0"),
    ],
)
def test_what_cannot_be_used_is_named(ideals, needed, message):
    with pytest.raises(BadInput, match=message):
        body(ideals, needed)
