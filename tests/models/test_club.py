"""Coalitions: games solved by hand, every coalition by brute force, invariants of the shares."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from comity.core.errors import BadInput
from comity.models.institutions import club

PAYOFFS = st.integers(2, 4).flatmap(
    lambda n: arrays(float, (2**n, n), elements=st.integers(-5, 5).map(float))
)


def from_table(table):
    """The payoff function of a table by number of the coalition."""
    bits = 1 << np.arange(table.shape[1])
    return lambda member: table[member @ bits]


def as_sets(member):
    return {frozenset(np.flatnonzero(row).tolist()) for row in member}


def number(players):
    return sum(1 << player for player in players)


def subsets(count):
    return [set(s) for size in range(count + 1) for s in combinations(range(count), size)]


def abatement(member):
    """Benefit 1 for each unit cut, cost half its square; members cut for each other as well."""
    size = member.sum(axis=1, keepdims=True).astype(float)
    cut = np.where(member, size, 1.0)
    return cut.sum(axis=1, keepdims=True) - cut**2 / 2


def linear(benefit, cost):
    return lambda member: benefit * member.sum(axis=1, keepdims=True) - cost * member


def test_coalitions_are_numbered_by_their_bits():
    member = club.coalitions(3)
    assert member.shape == (8, 3)
    assert member[5].tolist() == [True, False, True]
    assert np.array_equal(club.coalitions(3, 4, 6), member[4:6])


def test_nobody_joins_where_the_public_good_costs_more_than_it_brings_one():
    assert as_sets(club.stable(linear(1.0, 2.0), 5)) == {frozenset()}
    assert as_sets(club.stable(linear(2.0, 1.0), 5)) == {frozenset(range(5))}


@pytest.mark.parametrize("find", [club.stable, club.stable_with_transfers])
def test_among_equals_at_most_three_stay(find):
    # A member of k leaves when k**2 - 4 k + 3 > 0, an outsider joins k - 1 when it is < 0.
    sizes = [size for size in (0, 2, 3) for _ in combinations(range(6), size)]
    assert sorted(find(abatement, 6).sum(axis=1).tolist()) == sizes


def test_a_penalty_makes_a_club_of_all():
    def penalised(member):
        others = member.sum(axis=1, keepdims=True)
        return linear(1.0, 2.0)(member) - np.where(member, 0.0, 0.3 * others)

    # With four inside, staying out costs the fifth 1.2 and joining 1.
    assert as_sets(club.stable(penalised, 5)) == {frozenset(), frozenset(range(5))}


def test_transfers_hold_a_coalition_that_would_fall_apart_without():
    # Together they have 10 more than apart, all of it the second's; the first pays for it.
    table = np.array([[0.0, 0], [0, 0], [0, 0], [-3, 10]])
    assert as_sets(club.stable(from_table(table), 2)) == {frozenset(), frozenset({1})}
    together = np.array([True, True])
    assert frozenset({0, 1}) in as_sets(club.stable_with_transfers(from_table(table), 2))
    paid = club.transfers(from_table(table), together)
    np.testing.assert_allclose(paid, [6.5, -6.5])
    np.testing.assert_allclose(table[3] + paid, [3.5, 3.5])


@given(PAYOFFS)
def test_stable_coalitions_are_those_of_brute_force(table):
    count = table.shape[1]

    def gains(inside, player):
        return table[number(inside ^ {player}), player] > table[number(inside), player]

    wanted = {frozenset(s) for s in subsets(count) if not any(gains(s, p) for p in range(count))}
    assert as_sets(club.stable(from_table(table), count)) == wanted


@given(PAYOFFS)
def test_with_transfers_too(table):
    count = table.shape[1]

    def left_over(inside):
        return sum(table[number(inside), p] - table[number(inside - {p}), p] for p in inside)

    wanted = {
        frozenset(s)
        for s in subsets(count)
        if left_over(s) >= 0 and all(left_over(s | {p}) <= 0 for p in range(count) if p not in s)
    }
    assert as_sets(club.stable_with_transfers(from_table(table), count)) == wanted


@given(PAYOFFS, st.data())
def test_transfers_sum_to_nothing_and_leave_all_members_the_same_gain(table, data):
    count = table.shape[1]
    at = data.draw(st.integers(0, 2**count - 1))
    member = club.coalitions(count)[at]
    paid = club.transfers(from_table(table), member)
    assert paid.sum() == pytest.approx(0, abs=1e-9) and (paid[~member] == 0).all()
    gain = [table[at, p] + paid[p] - table[at ^ (1 << p), p] for p in np.flatnonzero(member)]
    np.testing.assert_allclose(gain, np.mean(gain) if gain else 0, atol=1e-9)


@given(PAYOFFS)
def test_a_search_ends_only_in_stable_coalitions(table):
    count = table.shape[1]
    found = club.search(from_table(table), count, starts=20, steps=30)
    assert as_sets(found.member) <= as_sets(club.stable(from_table(table), count))
    assert (found.ended > 0) == (len(found.member) > 0) and found.starts == 20


def test_a_search_finds_what_enumeration_finds():
    found = club.search(abatement, 6, starts=100)
    sizes = set(club.stable(abatement, 6).sum(axis=1).tolist())
    assert set(found.member.sum(axis=1).tolist()) <= sizes and found.ended == 100
    assert club.search(linear(2.0, 1.0), 40, starts=5).member.tolist() == [[True] * 40]


def test_a_game_without_a_stable_coalition_is_told():
    # One wants to be where the other is, the other where the one is not.
    table = np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]])
    assert len(club.stable(from_table(table), 2)) == 0
    found = club.search(from_table(table), 2, starts=4, steps=50)
    assert found.ended == 0 and found.member.shape == (0, 2)


def test_payoffs_in_pieces_are_those_at_once():
    table = club.every_payoff(abatement, 15)
    np.testing.assert_array_equal(table, abatement(club.coalitions(15)))


def test_too_many_players_and_payoffs_that_are_none_are_refused():
    with pytest.raises(BadInput, match="search"):
        club.stable(abatement, 21)
    for use in (club.stable, club.stable_with_transfers, club.search):
        with pytest.raises(BadInput, match="not a number"):
            use(lambda member: np.full(member.shape, np.nan), 3)
    with pytest.raises(BadInput, match="2\\*\\*N"):
        club.shapley(np.zeros(6))


def test_the_glove_market_by_hand():
    # Two left gloves (0, 1) and one right glove (2); a pair is worth 1.
    worth = [float(2 in s and len(s) > 1) for s in map(set, _by_number(3))]
    np.testing.assert_allclose(club.shapley(np.array(worth)), [1 / 6, 1 / 6, 2 / 3])


@given(arrays(float, 16, elements=st.floats(-10, 10)))
def test_shares_are_the_mean_over_orders_of_joining(worth):
    mean = np.zeros(4)
    for order in permutations(range(4)):
        inside = 0
        for player in order:
            mean[player] += (worth[inside | 1 << player] - worth[inside]) / 24
            inside |= 1 << player
    share = club.shapley(worth)
    np.testing.assert_allclose(share, mean, atol=1e-9)
    assert share.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-9)


@given(PAYOFFS, st.data())
def test_shares_of_a_coalition_sum_to_its_gain(table, data):
    count = table.shape[1]
    member = club.coalitions(count)[data.draw(st.integers(0, 2**count - 1))]
    share = club.shapley_shares(from_table(table), member)
    gain = table[number(np.flatnonzero(member).tolist())] - table[0]
    assert share.sum() == pytest.approx(gain[member].sum(), abs=1e-9)
    assert (share[~member] == 0).all()


def test_equals_have_equal_shares():
    member = np.array([True, True, False, True, False, False])
    share = club.shapley_shares(abatement, member)
    # Three together: each 7.5 instead of 5.5.
    np.testing.assert_allclose(share, np.where(member, 2.0, 0.0), atol=1e-12)


def test_a_tariff_by_hand():
    imports = np.array([[9.0, 100, 40], [200, 9, 50], [30, 60, 9]])
    inside = np.array([[True, False, False]])
    found = club.tariff_penalty(inside, imports, 0.1, np.full(3, 0.5), np.full(3, 2.0))
    # 230 of imports taxed: gain 5 %, waste 2 %; sellers lose 5 % of 200 and of 30.
    np.testing.assert_allclose(found, [[230 * 0.03, -10.0, -1.5]])


@given(arrays(float, (4, 4), elements=st.floats(0, 100)), st.floats(0, 0.5))
def test_a_tariff_without_waste_only_moves_money(imports, rate):
    found = club.tariff_penalty(
        club.coalitions(4), imports, rate, np.linspace(0.2, 0.9, 4), np.zeros(4)
    )
    np.testing.assert_allclose(found.sum(axis=1), 0, atol=1e-9)
    assert (found[0] == 0).all() and (found[-1] == 0).all()


def _by_number(count):
    return [np.flatnonzero(row).tolist() for row in club.coalitions(count)]


def test_a_search_begins_with_nobody_then_with_all():
    """Two who want to be alike: both coalitions are stable, and two walks find both."""
    alike = from_table(np.array([[1.0, 1], [0, 0], [0, 0], [1, 1]]))
    assert club.search(alike, 2, starts=1).member.tolist() == [[False, False]]
    assert as_sets(club.search(alike, 2, starts=2).member) == {frozenset(), frozenset({0, 1})}
