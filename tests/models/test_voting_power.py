"""Exact voting power: against every order and coalition, and what must hold of any rule."""

from fractions import Fraction
from itertools import permutations
from math import comb

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.institutions.voting_power import Power, Quota, Rule, heads, power, weighted


def wins(rule: Rule, coalition: frozenset[int]) -> bool:
    if not rule.vetoes <= coalition:
        return False
    if rule.enough is not None and len(coalition) >= rule.enough:
        return True
    return all(sum(q.weights[i] for i in coalition) >= q.quota for q in rule.quotas)


def by_hand(rule: Rule) -> Power:
    """Every coalition, one by one."""
    n = rule.members
    sets = [frozenset(i for i in range(n) if bits >> i & 1) for bits in range(2**n)]
    winning = {s for s in sets if wins(rule, s)}
    swings, shapley = [0] * n, [Fraction(0)] * n
    for s in winning:
        for i in s:
            if s - {i} not in winning:
                swings[i] += 1
                shapley[i] += Fraction(1, n * comb(n - 1, len(s) - 1))
    return Power(tuple(shapley), tuple(swings), len(winning))


@st.composite
def parts(draw, least: int = 1, most: int = 8):
    """Numbers of a rule; it is built in the test, since run-time type checks draw at random."""
    n = draw(st.integers(least, most))
    quotas = []
    for _ in range(draw(st.integers(1, 3))):
        weights = tuple(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)))
        assume(sum(weights) > 0)
        quotas.append((weights, draw(st.integers(1, sum(weights)))))
    vetoes = draw(st.sets(st.integers(0, n - 1), max_size=2))
    return quotas, frozenset(vetoes), draw(st.none() | st.integers(1, n))


def built(numbers) -> Rule:
    quotas, vetoes, enough = numbers
    return Rule(tuple(Quota(*quota) for quota in quotas), vetoes, enough)


@settings(max_examples=150, deadline=None)
@given(parts())
def test_agrees_with_every_coalition(numbers):
    rule = built(numbers)
    assert power(rule) == by_hand(rule)


def test_agrees_with_every_order():
    rule = Rule((Quota((5, 3, 2, 2, 1, 0), 8), heads(6, 3)), frozenset({1}))
    pivotal = [0] * 6
    orders = list(permutations(range(6)))
    for order in orders:
        held = frozenset()
        for member in order:
            if wins(rule, held | {member}):
                pivotal[member] += 1
                break
            held |= {member}
    assert power(rule).shapley == tuple(Fraction(p, len(orders)) for p in pivotal)


@settings(max_examples=60, deadline=None)
@given(parts(least=2, most=14))
def test_what_holds_of_every_rule(numbers):
    rule = built(numbers)
    found = power(rule)
    assert sum(found.shapley) == 1 and sum(found.banzhaf) == 1
    vectors = [tuple(q.weights[i] for q in rule.quotas) for i in range(rule.members)]
    for veto in rule.vetoes:
        assert found.prevent[veto] == 1
        assert found.shapley[veto] == max(found.shapley)
    others = [i for i in range(rule.members) if i not in rule.vetoes]
    for i in others:
        if not any(vectors[i]) and rule.enough is None:
            assert found.shapley[i] == 0 and found.swings[i] == 0
        for j in others:
            if all(a >= b for a, b in zip(vectors[i], vectors[j], strict=True)):
                assert found.shapley[i] >= found.shapley[j]
                assert found.swings[i] >= found.swings[j]


@given(parts(least=2), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_members_does_not_matter(numbers, random):
    rule = built(numbers)
    order = random.sample(range(rule.members), rule.members)
    moved = Rule(
        tuple(Quota(tuple(q.weights[i] for i in order), q.quota) for q in rule.quotas),
        frozenset(order.index(i) for i in rule.vetoes),
        rule.enough,
    )
    assert power(moved).shapley == tuple(power(rule).shapley[i] for i in order)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=9), st.data())
@settings(max_examples=40, deadline=None)
def test_more_weight_is_never_less_shapley_power(weights, data):
    assume(sum(weights) > 1)
    quota = data.draw(st.integers(1, sum(weights)))
    before = power(weighted(weights, quota)).shapley[0]
    assert power(weighted([weights[0] + 3, *weights[1:]], quota)).shapley[0] >= before


def test_a_dictator_and_unanimity():
    assert power(weighted((5, 1, 1), 5)).shapley == (1, 0, 0)
    unanimous = power(Rule((heads(7, 7),)))
    assert unanimous.winning == 1 and set(unanimous.shapley) == {Fraction(1, 7)}


def test_beyond_one_word_integers_stay_exact():
    found = power(Rule((heads(193, 129),), frozenset({0})))
    assert sum(found.shapley) == 1 and len(set(found.shapley[1:])) == 1
    # The veto turns whenever 128 or more stand before it: positions 129 to 193.
    assert found.shapley[0] == Fraction(65, 193)
    assert found.swings[0] == sum(comb(192, k) for k in range(128, 193))


def test_two_quotas_of_200_members_count_as_by_binomials():
    mixed = power(Rule((Quota((2,) * 199 + (4,), 250), heads(200, 101))))
    assert sum(mixed.shapley) == 1
    assert mixed.winning == sum(
        comb(199, k) for k in range(200) if 2 * k >= 250 and k >= 101
    ) + sum(comb(199, k) for k in range(200) if 2 * k + 4 >= 250 and k + 1 >= 101)


def test_fewer_than_four_cannot_block_in_the_union():
    # Three members with 45 % of the people: the clause takes their block away.
    people = Quota((20, 15, 10, *([5] * 11)), 65)
    plain = power(Rule((people, heads(14, 8))))
    with_clause = power(Rule((people, heads(14, 8)), enough=11))
    assert with_clause.winning > plain.winning
    assert with_clause.shapley[0] < plain.shapley[0]
    assert with_clause == by_hand(Rule((people, heads(14, 8)), enough=11))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (Rule((Quota((1, -1), 1),)), "negative"),
        (Rule((Quota((1, 1), 1), Quota((1,), 1))), "not one a member"),
        (Rule((Quota((1, 1), 3),)), "quota 3"),
        (Rule((Quota((1, 1), 0),)), "quota 0"),
        (Rule((heads(201, 101),)), "200"),
        (Rule((heads(2, 1),), frozenset({2})), "vetoes"),
        (Rule((heads(2, 1),), enough=0), "enough"),
        (Rule((Quota((10**9, 10**9 + 1, 1), 10**9),)), "too fine"),
    ],
)
def test_a_rule_that_is_none_says_why(rule, message):
    with pytest.raises(BadInput, match=message):
        power(rule)


def test_weights_that_are_not_whole_are_refused_not_cut():
    with pytest.raises(BadInput, match=r"weights not whole at 0 \(the first is 2.5\)"):
        weighted([2.5, 1, 1], 3)
    with pytest.raises(BadInput, match="the quota = 3.5"):
        weighted([2, 1, 1], 3.5)
    assert weighted([2.0, 1.0, 1.0], 3.0) == weighted([2, 1, 1], 3)


def test_weights_beyond_reach_are_refused():
    big = 2**40
    with pytest.raises(BadInput, match="coarser"):
        power(weighted([3 * big, 2 * big, big + 1], 4 * big))
