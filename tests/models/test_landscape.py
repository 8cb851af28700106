"""Alignments: landscapes of three and four worked by hand, equations in loops, invariants."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.force import landscape as land
from comity.models.force import propensity as parts
from landscapes import symmetric, worlds

FEAR = -np.ones((4, 4))


def by_the_equations(camps, size, p):
    """Frustrations and energy of one configuration, term by term."""
    actors = range(len(size))
    f = [sum(size[j] * p[i, j] for j in actors if camps[i] != camps[j]) for i in actors]
    return f, sum(s * one for s, one in zip(size, f, strict=True))


def members(camps):
    return [frozenset(np.flatnonzero(row).tolist()) for row in camps]


def moved(camps, actor):
    other = camps.copy()
    other[actor] ^= True
    return other


def test_two_friends_and_a_common_enemy():
    # All together 0, either friend alone 2 (2 - 1) = 2, the enemy alone 2 (-1 - 1) = -4.
    p = symmetric(3, {(0, 1): 2, (0, 2): -1, (1, 2): -1})
    every = land.configurations(3)
    assert land.energy(every, np.ones(3), p).tolist() == [0, 2, -4, 2]
    found = land.landscape(np.ones(3), p)
    assert members(found.camps) == [{2}]
    assert (found.energy.tolist(), found.basin.tolist(), found.tied) == ([-4], [4], 0)
    assert found.strict.all()


def test_three_equal_enemies_leave_someone_frustrated():
    # Each against the other two holds, and each is one idle move from the next. All three moves
    # from all together are alike: the first actor makes it.
    found = land.landscape(np.ones(3), FEAR[:3, :3])
    assert sorted(map(sorted, members(found.camps))) == [[1], [1, 2], [2]]
    assert found.energy.tolist() == [-4, -4, -4]
    assert dict(zip(members(found.camps), found.basin, strict=True))[frozenset({1, 2})] == 2
    assert found.tied == 1 and not found.strict.any()


def test_four_who_fear_each_other_by_strength():
    # Energy is -2 of the product of the camps' strengths. 4 + 1 against 3 + 2 is balanced; 4 + 2
    # against 3 + 1 holds (2 gains nothing by moving). Seven of eight run to the first.
    found = land.landscape(np.array([4.0, 3.0, 2.0, 1.0]), FEAR)
    assert members(found.camps) == [{1, 2}, {1, 3}]
    assert found.energy.tolist() == [-50, -48]
    assert found.basin.tolist() == [7, 1]
    assert found.strict.tolist() == [True, False] and found.tied == 0


@given(worlds(low=2, high=8), st.data())
def test_two_blocs_that_only_hate_each_other_are_the_one_minimum(world, data):
    size, _ = world
    bloc = np.array(data.draw(st.lists(st.booleans(), min_size=len(size), max_size=len(size))))
    p = np.where(bloc[:, None] == bloc, 1.0, -1.0)
    found = land.landscape(size, p)
    assert np.array_equal(found.camps, (bloc ^ bloc[0])[None])
    assert found.energy[0] == -2 * size[bloc].sum() * size[~bloc].sum()
    assert found.basin.tolist() == [2 ** (len(size) - 1)]


@given(worlds())
def test_the_equations_term_by_term(world):
    size, p = world
    every = land.configurations(len(size))
    assert len({tuple(row) for row in every}) == 2 ** (len(size) - 1)
    terms = [by_the_equations(row, size, p) for row in every]
    assert land.frustration(every, size, p).tolist() == [f for f, _ in terms]
    assert land.energy(every, size, p).tolist() == [e for _, e in terms]


@given(worlds())
def test_naming_the_camps_the_other_way_changes_nothing(world):
    size, p = world
    every = land.configurations(len(size))
    assert np.array_equal(land.frustration(every, size, p), land.frustration(~every, size, p))
    assert np.array_equal(land.energy(every, size, p), land.energy(~every, size, p))


@given(worlds())
def test_a_move_costs_the_difference_of_energies(world):
    size, p = world
    every = land.configurations(len(size))
    cost = land.move_cost(every, size, p)
    for actor in range(len(size)):
        other = every.copy()
        other[:, actor] ^= True
        wanted = land.energy(other, size, p) - land.energy(every, size, p)
        assert np.array_equal(cost[:, actor], wanted)


@given(worlds())
def test_minima_are_all_and_only_those_without_a_better_move(world):
    size, p = world
    found = land.landscape(size, p)

    def level(camps):
        return by_the_equations(camps, size, p)[1]

    held, strict = [], []
    for camps in land.configurations(len(size)):
        rise = [level(moved(camps, k)) - level(camps) for k in range(len(size))]
        if min(rise) >= 0:
            held.append(frozenset(np.flatnonzero(camps).tolist()))
            strict.append(min(rise) > 0)
    assert set(members(found.camps)) == set(held) == set(members(land.stable(size, p)))
    assert len(found.camps) == len(held) >= 1
    assert found.strict.sum() == sum(strict)
    assert found.basin.sum() == 2 ** (len(size) - 1) and found.basin.min() >= 1
    assert np.array_equal(np.sort(found.energy), found.energy)


@given(worlds(), st.integers(1, 100))
def test_basins_are_where_each_start_runs_to(world, block):
    size, p = world
    every = land.configurations(len(size))
    walk = land.BLOCK
    try:
        land.BLOCK = block
        found = land.landscape(size, p)
    finally:
        land.BLOCK = walk
    searched = land.search(every, size, p)
    for name in ("camps", "energy", "basin", "strict"):
        assert np.array_equal(getattr(found, name), getattr(searched, name)), name
    rest = land.descend(every, size, p)
    assert (land.energy(rest, size, p) <= land.energy(every, size, p)).all()
    assert (land.move_cost(rest, size, p) >= 0).all()


@given(worlds(), st.randoms(use_true_random=False))
def test_other_order_and_units_same_minima(world, chance):
    size, p = world
    order = list(range(len(size)))
    chance.shuffle(order)
    found = land.landscape(size, p)
    other = land.landscape(0.01 * size[order], 7 * p[np.ix_(order, order)])
    back = np.empty_like(other.camps)
    back[:, order] = other.camps
    assert set(members(back ^ back[:, :1])) == set(members(found.camps))
    assert np.allclose(other.energy, 7e-4 * found.energy, rtol=1e-12, atol=1e-12)


def test_the_steepest_move_is_made_not_the_first_one():
    # From all together actor 0 gains 2, actor 2 gains 8.
    p = symmetric(3, {(0, 1): 0, (0, 2): -1, (1, 2): -3})
    assert members(land.descend(np.zeros((1, 3), bool), np.ones(3), p)) == [{2}]


def test_more_than_twenty_are_searched():
    chance = np.random.default_rng(3)
    bloc = chance.random(24) < 0.5
    p = np.where(bloc[:, None] == bloc, 1.0, -1.0)
    starts = chance.random((40, 24)) < 0.5
    found = land.search(starts, chance.uniform(1, 9, 24), p)
    assert np.array_equal(found.camps, (bloc ^ bloc[0])[None])
    assert found.basin.tolist() == [40]


def test_twenty_are_enumerated():
    assert land.configurations(20, 2**19 - 1).tolist() == [[False, *[True] * 19]]
    with pytest.raises(BadInput, match="21 actors"):
        land.configurations(21)
    with pytest.raises(BadInput, match="21 actors"):
        land.landscape(np.ones(21), -np.ones((21, 21)))


@pytest.mark.parametrize(
    ("size", "p", "message"),
    [
        ([1], [[0]], "two or more"),
        ([1, 0], [[0, 1], [1, 0]], "above nil"),
        ([1, np.nan], [[0, 1], [1, 0]], "above nil"),
        ([1, 1], [[0, np.nan], [np.nan, 0]], "missing"),
        ([1, 1], [[0, 1], [2, 0]], "both ways"),
    ],
)
def test_what_makes_no_sense_is_told(size, p, message):
    with pytest.raises(BadInput, match=message):
        land.landscape(np.array(size, float), np.array(p, float))


def test_the_diagonal_is_not_read_and_a_search_needs_a_start():
    odd = FEAR.copy()
    np.fill_diagonal(odd, [5.0, -7.0, np.inf, np.nan])
    size = np.array([4.0, 3.0, 2.0, 1.0])
    assert land.landscape(size, odd).energy.tolist() == [-50, -48]
    with pytest.raises(BadInput, match="start"):
        land.search(np.zeros((0, 4), bool), size, FEAR)


def test_parts_of_propensity_by_hand():
    border = np.zeros((3, 3), bool)
    border[0, 2] = True
    assert parts.against(border).tolist() == [[0, 0, -1], [0, 0, 0], [-1, 0, 0]]
    assert parts.alike(np.array([1, 1, 2, -1])).tolist() == [
        [1, 1, -1, 0],
        [1, 1, -1, 0],
        [-1, -1, 1, 0],
        [0, 0, 0, 0],
    ]
    people = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert parts.faiths(people, np.array([0, 0]))[0, 1] == 0.5
    assert parts.faiths(people, np.array([0, 1]))[0, 1] == 0.0
    sold = np.array([[90.0, 10.0], [20.0, 30.0]])
    assert parts.dependence(sold, np.array([100.0, 60.0])).tolist() == [[0, 0.3], [0.3, 0]]
    kind = parts.alike(np.array([0, 1, 1]))
    both = parts.propensity(np.stack([parts.against(border), kind]), np.array([1.0, 0.5]))
    assert both.tolist() == [[0, -0.5, -1.5], [-0.5, 0, 0.5], [-1.5, 0.5, 0]]


def test_a_missing_part_is_missing_and_a_weight_is_a_number():
    gap = np.zeros((1, 2, 2))
    gap[0, 0, 1] = gap[0, 1, 0] = np.nan
    found = parts.propensity(gap, np.ones(1))
    assert np.isnan(found[0, 1]) and found[0, 0] == 0
    with pytest.raises(BadInput, match="one number for each"):
        parts.propensity(gap, np.array([np.nan]))


@pytest.mark.parametrize("signs", list(product([-1.0, 1.0], repeat=3)))
def test_triads_with_an_even_number_of_quarrels_have_one_minimum(signs):
    p = symmetric(3, dict(zip(combinations(range(3), 2), signs, strict=True)))
    quarrels = signs.count(-1.0)
    # One or three quarrels cannot all be satisfied: three configurations are as good as each other.
    assert len(land.landscape(np.ones(3), p).camps) == {0: 1, 1: 3, 2: 1, 3: 3}[quarrels]


def test_what_counts_as_nil_is_a_share_of_all_pulls():
    """Sizes 1, 2, 5 and pulls 3, -1, 2: each pair twice, 2 (1*2*3 + 1*5*1 + 2*5*2)."""
    size = np.array([1.0, 2.0, 5.0])
    p = np.array([[9.0, 3.0, -1.0], [3.0, 9.0, 2.0], [-1.0, 2.0, 9.0]])
    assert land.rounding(size, p) == pytest.approx(land.ROUNDING * 62.0)
    assert land.rounding(3.0 * size, p) == pytest.approx(9.0 * land.rounding(size, p))
