"""Theory of alliances: formulas for allies alike, best replies in turn, who bears and who gains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.force import burden


@st.composite
def alliances(draw, alike=False):
    count = draw(st.integers(1, 6))
    income = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
    taste = draw(st.lists(st.integers(1, 18), min_size=count, max_size=count))
    taste = np.full(count, taste[0]) if alike else np.array(taste)
    return np.array(income, float), taste / 20


def test_allies_alike_by_formula():
    # C = a I - (1 - a) k (n - 1) C.
    for count, spill in ((2, 1.0), (2, 0.5), (5, 1.0), (3, 0.0)):
        found = burden.separate(np.full(count, 10.0), np.full(count, 0.2), spill)
        assert np.allclose(found, 2.0 / (1 + 0.8 * spill * (count - 1)))


def test_the_small_ally_rides_free_and_pays_for_the_joint_effort():
    income, taste = np.array([100.0, 1.0]), np.full(2, 0.1)
    alone = burden.separate(income, taste, 1.0)
    assert np.allclose(alone, [10, 0]) and alone[1] == 0
    together = burden.joint(income, taste)
    assert np.allclose(together, [10, 0.1])
    found = burden.gain(income, taste, alone, together)
    assert np.allclose(found, [0.1 * np.log(1.01), 0.9 * np.log(0.9) + 0.1 * np.log(1.01)])
    assert found[0] > 0 > found[1]


def test_allies_alike_all_gain_from_one_effort():
    income, taste = np.full(4, 10.0), np.full(4, 0.2)
    found = burden.gain(income, taste, burden.separate(income, taste, 1.0), income * taste)
    alone = 2 / 3.4
    assert np.allclose(found, 0.8 * np.log(8 / (10 - alone)) + 0.2 * np.log(2 / alone))
    assert (found > 0).all()


def in_turn(income, taste, spill, start):
    """Best replies one after the other until they hold."""
    effort = start.copy()
    for _ in range(60):
        for who in range(len(income)):
            effort[who] = burden.best_reply(income, taste, effort, spill)[who]
    return effort


def test_best_replies_in_turn_end_there_from_wherever():
    income, taste = np.array([40.0, 25.0, 9.0, 2.0]), np.array([0.2, 0.1, 0.3, 0.2])
    for spill in (0.3, 1.0):
        found = burden.separate(income, taste, spill)
        for start in (np.zeros(4), income / 2):
            assert np.allclose(in_turn(income, taste, spill, start), found, atol=1e-6)


@given(alliances(), st.integers(0, 4))
def test_each_answers_the_others_best(alliance, quarters):
    found = burden.separate(*alliance, quarters / 4)
    assert (found >= 0).all() and (found < alliance[0]).all() and found.sum() > 0
    assert np.allclose(burden.best_reply(*alliance, found, quarters / 4), found, atol=1e-9)
    if quarters == 0:
        assert np.allclose(found, burden.joint(*alliance))


@given(alliances())
def test_a_pure_public_good_by_the_formula_of_those_who_pay(alliance):
    income, taste = alliance
    found = burden.separate(income, taste, 1.0)
    pays = found > 1e-9
    want = income[pays].sum() / (1 + ((1 - taste) / taste)[pays].sum())
    assert abs(found.sum() - want) < 1e-9
    assert found.sum() <= burden.joint(income, taste).sum() + 1e-9


@given(alliances(alike=True), st.integers(0, 4))
def test_with_tastes_alike_the_larger_bear_more(alliance, quarters):
    income, taste = alliance
    share = burden.separate(income, taste, quarters / 4) / income
    assert (np.diff(share[np.argsort(income)]) >= -1e-9).all()


@given(alliances())
def test_income_that_moves_between_those_who_pay_changes_nothing_in_all(alliance):
    income, taste = alliance
    before = burden.separate(income, taste, 1.0)
    give, take = before.argmax(), before.argmin()
    if give == take or before[take] <= 1e-9:
        return
    moved = income.copy()
    moved[give] -= before[give] / 2
    moved[take] += before[give] / 2
    after = burden.separate(moved, taste, 1.0)
    assert abs(after.sum() - before.sum()) < 1e-9
    assert np.allclose(moved - after, income - before)


@given(st.permutations(range(7)))
def test_rank_correlation_by_its_formula(order):
    share = np.array(order, float)
    found = burden.exploitation(share, np.exp(np.arange(7.0)))
    assert abs(found.correlation - (1 - 6 * ((share - np.arange(7)) ** 2).sum() / 336)) < 1e-12
    assert found.allies == 7 and 0 <= found.chance <= 1


def test_missing_allies_are_left_out_and_the_chance_is_one_sided():
    share = np.array([0.01, 0.02, np.nan, 0.03, 0.05, 0.04])
    income = np.array([1.0, 2.0, 9.0, 3.0, 4.0, np.nan])
    found = burden.exploitation(share, income)
    assert (round(found.correlation, 12), found.allies) == (1.0, 4) and found.chance < 1e-6
    assert burden.exploitation(0.06 - share, income).chance > 1 - 1e-6
    # Two alike share a rank: 1, 2.5, 2.5, 4 against 1 to 4; t = 0.9487 sqrt(2 / 0.1) = 3 sqrt 2.
    tied = burden.exploitation(np.array([1.0, 2.0, 2.0, 3.0]), np.arange(1.0, 5.0))
    assert abs(tied.correlation - np.sqrt(0.9)) < 1e-12
    # With two degrees of freedom the chance is 1/2 - t / (2 sqrt(2 + t^2)).
    assert abs(tied.chance - (0.5 - 0.5 * np.sqrt(18 / 20))) < 1e-12


ONE = np.ones(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: burden.exploitation(ONE, ONE), "four or more"),
        (lambda: burden.exploitation(np.ones(5), np.arange(1.0, 6)), "four or more"),
        (lambda: burden.exploitation(np.arange(5.0), np.arange(5.0)), "not above"),
        (lambda: burden.separate(ONE, ONE, 1.0), "taste"),
        (lambda: burden.separate(-ONE, ONE / 2, 1.0), "income"),
        (lambda: burden.separate(ONE, ONE / 2, 1.5), "spill"),
        (lambda: burden.best_reply(ONE, ONE / 2, -ONE, 1.0), "effort"),
        (lambda: burden.gain(ONE, ONE / 2, ONE, ONE / 2), "all of an income"),
        (lambda: burden.gain(ONE, ONE / 2, 0 * ONE, ONE / 2), "nobody"),
    ],
)
def test_what_makes_no_sense_is_told(call, message):
    with pytest.raises(BadInput, match=message):
        call()
