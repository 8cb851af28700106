"""Nash bargains: formulas, the product looked for on a grid, axioms, options outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.institutions.nash_bargaining import agree, divide

ONES = np.ones(2)


def test_a_surplus_is_halved_or_divided_by_power():
    assert divide(10.0, np.array([1.0, 3.0]), ONES).utility.tolist() == [4.0, 6.0]
    assert divide(10.0, np.array([1.0, 3.0]), np.array([2.0, 1.0])).utility.tolist() == [5.0, 5.0]
    assert divide(9.0, np.zeros(3), np.ones(3)).utility.tolist() == [3.0] * 3


def test_an_option_outside_counts_only_where_it_is_worth_more_than_the_share():
    idle = divide(10.0, np.zeros(2), ONES, np.array([4.0, 0.0]))
    assert idle.utility.tolist() == [5.0, 5.0]
    paid = divide(10.0, np.zeros(2), ONES, np.array([7.0, 0.0]))
    assert paid.utility.tolist() == [7.0, 3.0] and paid.agreed
    # As a disagreement the same 7 would be worth more than 7.
    assert divide(10.0, np.array([7.0, 0.0]), ONES).utility.tolist() == [8.5, 1.5]


def test_paying_one_who_could_leave_may_bring_another_below_its_own():
    # 12 in thirds is 4 each; who has 7 outside leaves 2.5 each, and 3 outside is then paid too.
    found = divide(12.0, np.zeros(3), np.ones(3), np.array([7.0, 3.0, 0.0]))
    assert found.utility.tolist() == [7.0, 3.0, 2.0]


def test_without_enough_for_all_there_is_no_agreement():
    found = divide(10.0, np.zeros(2), ONES, np.array([7.0, 4.0]))
    assert not found.agreed and np.isnan(found.issue) and found.utility.tolist() == [7.0, 4.0]


@given(
    st.lists(
        st.tuples(st.integers(-3, 3), st.integers(1, 5), st.integers(0, 6)), min_size=2, max_size=5
    ),
    st.integers(-5, 30),
)
def test_all_is_divided_nobody_gets_less_than_outside(rows, surplus):
    base, power, more = np.array(rows, float).T
    found = divide(float(surplus), base, power, base + more)
    assert (found.utility >= base + more - 1e-9).all()
    assert found.agreed == (surplus >= (base + more).sum())
    if found.agreed:
        assert abs(found.utility.sum() - surplus) < 1e-9
        free = found.utility > base + more + 1e-9
        # Who is not held at the option outside gains in proportion to its power.
        assert np.ptp(((found.utility - base) / power)[free]) < 1e-9 if free.any() else True


def test_one_number_between_two_with_steady_losses():
    # Losses x and 1 - x, without agreement 0.8 and 0.7: gains add to 0.5 and are divided by power.
    found = agree(np.array([0.0, 1.0]), ONES, np.array([-0.8, -0.7]), np.array([1.0, 3.0]))
    assert abs(found.issue - (0.8 - 0.25 * 0.5)) < 1e-12
    assert np.allclose(found.utility - [-0.8, -0.7], [0.125, 0.375])


def test_alike_meet_in_the_middle_and_the_stronger_pulls():
    ends = np.array([0.0, 1.0])
    for curvature in (1.0, 1.5, 2.0, 4.0):
        assert abs(agree(ends, ONES, -ONES, ONES, curvature).issue - 0.5) < 1e-9
        assert agree(ends, ONES, -ONES, np.array([1.0, 2.0]), curvature).issue > 0.5


def test_a_bargain_with_one_possible_point_and_one_with_none():
    ends = np.array([0.0, 1.0])
    found = agree(ends, ONES, np.array([-0.25, -0.75]), ONES)
    assert found.agreed and found.issue == 0.25
    none = agree(ends, ONES, np.array([-0.25, -0.5]), ONES)
    assert not none.agreed and none.utility.tolist() == [-0.25, -0.5]


@st.composite
def parties(draw):
    count = draw(st.integers(2, 4))

    def several(low, high):
        return np.array(draw(st.lists(st.integers(low, high), min_size=count, max_size=count))) / 4

    curvature = draw(st.sampled_from([1.0, 1.5, 2.0, 3.0]))
    return several(0, 4), several(1, 8), -several(1, 12), several(1, 8), curvature


@given(parties())
def test_the_product_of_gains_is_nowhere_greater_on_a_grid(one):
    position, care, disagreement, power, curvature = one
    found = agree(*one)
    grid = np.linspace(position.min(), position.max(), 401)[:, None]
    gain = -care * np.abs(grid - position) ** curvature - disagreement
    inside = (gain >= 0).all(axis=1)
    if not found.agreed:
        assert not inside.any()
        return
    assert (found.utility >= disagreement).all()
    with np.errstate(divide="ignore"):
        best = (power * np.log(np.maximum(gain, 0.0))).sum(axis=1)[inside]
        ours = (power * np.log(np.maximum(found.utility - disagreement, 0.0))).sum()
    assert not best.size or ours >= best.max() - 1e-6


@given(parties(), st.integers(0, 3), st.sampled_from([0.5, 3.0]))
def test_the_scale_of_a_partys_utility_does_not_matter(one, who, factor):
    position, care, disagreement, power, curvature = one
    scale = np.where(np.arange(len(care)) == who % len(care), factor, 1.0)
    first = agree(*one)
    other = agree(position, care * scale, disagreement * scale, power, curvature)
    if first.agreed and other.agreed:
        assert abs(other.issue - first.issue) < 1e-6


@given(st.integers(4, 11), st.integers(1, 4))
def test_who_does_better_without_an_agreement_gets_more_of_it(quarters, step):
    ends, worse = np.array([0.0, 1.0]), -quarters / 4
    better = worse + step / 8
    low = agree(ends, ONES, np.array([-1.0, worse]), ONES, 2.0)
    high = agree(ends, ONES, np.array([-1.0, better]), ONES, 2.0)
    assert high.issue > low.issue


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: divide(1.0, np.zeros(2), np.array([1.0, 0.0])), "power"),
        (lambda: divide(1.0, np.zeros(1), np.ones(1)), "two or more"),
        (lambda: divide(np.nan, np.zeros(2), ONES), "finite"),
        (lambda: divide(1.0, np.zeros(2), ONES, -ONES), "leaving"),
        (lambda: agree(ONES, -ONES, -ONES, ONES), "care"),
        (lambda: agree(ONES, ONES, ONES, ONES), "better"),
        (lambda: agree(ONES, ONES, -ONES, ONES, 0.5), "curvature"),
        (lambda: agree(np.array([0.0, np.nan]), ONES, -ONES, ONES), "position"),
    ],
)
def test_what_makes_no_sense_is_told(call, message):
    with pytest.raises(BadInput, match=message):
        call()


@pytest.mark.parametrize("worth", [-1e6, -1e200])
def test_where_no_agreement_would_ruin_all_alike_they_meet_at_the_mean(worth):
    """The product's logarithm is then N log d less the sum of squares over d."""
    position = np.array([0.0, 0.0, 3.0])
    found = agree(position, np.ones(3), np.full(3, worth), np.ones(3), 2.0)
    assert found.issue == pytest.approx(1.0, abs=1e-5)
