"""Bargaining by expected utility: two actors by hand, equations in loops, what may not matter."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.institutions import expected_utility_bargaining as eu

ROOT8 = 2 * np.sqrt(2)


@st.composite
def issues(draw, low=2, high=6):
    """Positions in whole numbers, two or more apart; weights in quarters and tenths."""
    count = draw(st.integers(low, high))

    def several(values):
        return draw(st.lists(values, min_size=count, max_size=count))

    position = several(st.integers(0, 10))
    position[0] = draw(st.sampled_from([at for at in range(11) if at != position[1]]))
    capability = np.array(several(st.integers(1, 8))) / 4
    salience = np.array(several(st.integers(1, 10))) / 10
    return np.array(position, float), capability, salience


def by_the_equations(x, c, s, all_pairs):
    """Chances, expected utilities of each view and exponents, term by term."""
    n, span = len(x), max(x) - min(x)

    def vote(i, j, k):
        return c[i] * s[i] * (abs(x[i] - x[k]) - abs(x[i] - x[j])) / span

    everything = sum(abs(vote(i, j, k)) for i in range(n) for j in range(n) for k in range(n))

    @cache
    def p(j, k):
        own = sum(abs(vote(i, j, k)) for i in range(n))
        below = everything if all_pairs else own
        return sum(max(0.0, vote(i, j, k)) for i in range(n)) / below if own else 0.0

    def e(r, j, k):
        d = abs(x[j] - x[k]) / span
        win, lose = 2 - 4 * (0.5 - 0.5 * d) ** r, 2 - 4 * (0.5 + 0.5 * d) ** r
        fought = s[k] * (p(j, k) * win + (1 - p(j, k)) * lose)
        return fought + (1 - s[k]) * win - (2 - 4 * 0.5**r)

    danger = [sum(e(1.0, j, i) for j in range(n) if j != i) for i in range(n)]
    high, low = max(danger), min(danger)
    level = [(2 * one - high - low) / (high - low) if high - low > 1e-12 else 0 for one in danger]
    risk = [(1 - one / 3) / (1 + one / 3) for one in level]
    chances = [[p(j, k) for k in range(n)] for j in range(n)]
    return chances, [[[e(r, j, k) for k in range(n)] for j in range(n)] for r in risk], risk


@settings(max_examples=10)
@given(issues(high=4), st.booleans())
def test_the_equations_term_by_term(issue, all_pairs):
    x, c, s = issue
    chances, utility, risk = by_the_equations(x.tolist(), c.tolist(), s.tolist(), all_pairs)
    far = np.abs(x[:, None] - x)
    p = eu.chance(far, c * s, all_pairs)
    assert np.allclose(p, chances, rtol=0, atol=1e-12)
    r = eu.risk_exponent(eu.expected(far / far.max(), s, p, np.ones(1))[0])
    assert np.allclose(r, risk, rtol=1e-9)
    assert np.allclose(eu.expected(far / far.max(), s, p, r), utility, rtol=0, atol=1e-9)
    assert np.allclose(eu.bargain(x, c, s, 1, all_pairs=all_pairs).risk[0], r, rtol=1e-12)


@given(issues())
def test_chances_of_a_pair_add_to_one_and_with_all_pairs_to_less(issue):
    x, c, s = issue
    far = np.abs(x[:, None] - x)
    apart = far > 0
    both = eu.chance(far, c * s, False)
    assert np.allclose((both + both.T)[apart], 1) and (both[~apart] == 0).all()
    # Each pair stands below twice, once either way.
    assert abs(eu.chance(far, c * s, True).sum() - 0.5) < 1e-12


def two(capability, salience, **switches):
    """Actors at 0 and 1, one round."""
    return eu.bargain(np.array([0.0, 1.0]), np.array(capability), np.array(salience), 1, **switches)


def test_the_weaker_of_two_is_confronted():
    # P 3/4 and 1/4; at r = 1 E_01 = 2 + 4 s (P - 1) = 1.5, E_10 = 0.5: exponents 2 and 1/2. With
    # 1/2, E = 4 s (P - 1) + 2 sqrt 2: 2.33 > 1.33 > 0. With 2, E_10 is below nil: 0 gets no offer.
    found = two([3.0, 1.0], [0.5, 0.5])
    assert np.allclose(found.risk, [[2.0, 0.5]])
    assert found.position[-1].tolist() == [0.0, 0.0]
    assert (found.kind.tolist(), found.with_whom.tolist()) == ([[0, 1]], [[-1, 0]])
    assert found.mean.tolist() == [0.25, 0.0] and found.median.tolist() == [0.0, 0.0]


def test_who_would_lose_a_little_goes_part_of_the_way():
    # Weights 3 and 1 again, but actor 0 resists for sure: E_10 = -3 + 2 sqrt 2 < 0 < E_01.
    found = two([3.0, 2.0], [1.0, 0.5])
    step = (3 - ROOT8) / (ROOT8 - 0.5)
    assert found.kind.tolist() == [[eu.STAYS, eu.COMPROMISES]]
    assert abs(found.position[-1, 1] - (1 - step)) < 1e-12


def test_who_would_lose_much_gives_in():
    # P of all pairs 0.45 and 0.05: E_10 = -3.8 + 2 sqrt 2 outweighs E_01 = -2.2 + 2 sqrt 2 > 0.
    found = two([9.0, 1.0], [1.0, 1.0], all_pairs=True)
    assert found.kind.tolist() == [[eu.STAYS, eu.CAPITULATES]]
    assert found.position[-1].tolist() == [0.0, 0.0]


def test_two_alike_stay():
    found = two([1.0, 1.0], [0.4, 0.4])
    assert found.risk.tolist() == [[1.0, 1.0]] and found.kind.tolist() == [[0, 0]]


SWITCHES = st.fixed_dictionaries({"all_pairs": st.booleans(), "lowest": st.booleans()})


@given(issues(), SWITCHES)
def test_nobody_leaves_the_range_and_who_stays_stays(issue, switches):
    x, c, s = issue
    found = eu.bargain(x, c, s, 4, **switches)
    assert (found.position >= x.min() - 1e-9).all() and (found.position <= x.max() + 1e-9).all()
    still = found.kind == eu.STAYS
    assert np.array_equal(still, found.with_whom == -1)
    assert (np.diff(found.position, axis=0)[still] == 0).all()
    assert (found.risk >= 0.5 - 1e-12).all() and (found.risk <= 2 + 1e-12).all()


@given(issues(), SWITCHES)
def test_units_and_origin_do_not_matter(issue, switches):
    x, c, s = issue
    plain = eu.bargain(x, c, s, 1, **switches)
    other = eu.bargain(16 * x - 32, 8 * c, s, 1, **switches)
    assert np.array_equal(plain.kind, other.kind)
    assert np.allclose(other.position, 16 * plain.position - 32)


@given(issues(), st.booleans())
def test_by_the_text_an_issue_written_the_other_way_round_is_the_same(issue, all_pairs):
    x, c, s = issue
    plain = eu.bargain(x, c, s, 1, all_pairs=all_pairs)
    other = eu.bargain(10 - x, c, s, 1, all_pairs=all_pairs)
    assert np.allclose(other.position, 10 - plain.position)


def test_all_at_one_place_end_it_and_rounds_go_on():
    found = eu.bargain(np.array([0.0, 1.0]), np.array([3.0, 1.0]), np.full(2, 0.5), 3)
    assert found.position[1:].tolist() == [[0.0, 0.0]] * 3
    assert found.kind[1:].tolist() == [[0, 0]] * 2 and found.risk[1:].tolist() == [[1, 1]] * 2


@pytest.mark.parametrize(
    ("x", "c", "s", "rounds", "message"),
    [
        ([1, 1], [1, 1], [1, 1], 1, "one place"),
        ([0, np.nan], [1, 1], [1, 1], 1, "one position"),
        ([0, 1], [1, 0], [1, 1], 1, "capability"),
        ([0, 1], [1, 1], [1, 80], 1, "per cent"),
        ([0, 1], [1, 1], [1, 1], 0, "round"),
        ([], [], [], 1, "one place"),
    ],
)
def test_what_makes_no_sense_is_told(x, c, s, rounds, message):
    with pytest.raises(BadInput, match=message):
        eu.bargain(np.array(x, float), np.array(c, float), np.array(s, float), rounds)
