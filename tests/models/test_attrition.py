"""Lanchester's laws: closed forms, what is constant, who is left, arrivals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.force import attrition as model

LAWS = (model.SQUARE, model.LINEAR, model.LOGARITHMIC, model.MIXED)
# Powers between the laws: most of a battle lies between square and linear.
BETWEEN = model.Law(0.5, 1.0, 0.25, 0.8)
TIMES = np.array([0.0, 0.2, 0.6])
STRENGTH = st.floats(0.3, 3.0)
FIGHTS = st.tuples(STRENGTH, STRENGTH, STRENGTH, STRENGTH, st.sampled_from((*LAWS, BETWEEN)))


def closed_square(t, a, b, rate_a, rate_b):
    speed = np.sqrt(rate_a * rate_b)
    cosh, sinh = np.cosh(speed * t), np.sinh(speed * t)
    return a * cosh - np.sqrt(rate_b / rate_a) * b * sinh, b * cosh - np.sqrt(
        rate_a / rate_b
    ) * a * sinh


def closed_linear(t, a, b, rate_a, rate_b):
    constant = rate_a * a - rate_b * b
    ratio = rate_b * b / (rate_a * a) * np.exp(-constant * t)
    return constant / rate_a / (1 - ratio), constant / rate_b * ratio / (1 - ratio)


def closed_logarithmic(t, a, b, rate_a, rate_b):
    return a * np.exp(-rate_b * t), b * np.exp(-rate_a * t)


@pytest.mark.parametrize(
    ("law", "closed"),
    [
        (model.SQUARE, closed_square),
        (model.LINEAR, closed_linear),
        (model.LOGARITHMIC, closed_logarithmic),
    ],
)
def test_closed_forms(law, closed):
    given_ = (2.0, 1.5, 0.7, 0.9)
    found = model.fight(TIMES, *given_, law)
    a, b = closed(TIMES, *given_)
    np.testing.assert_allclose(found.a, a, rtol=1e-10)
    np.testing.assert_allclose(found.b, b, rtol=1e-10)
    assert np.isnan(found.over)


def test_the_square_law_by_hand():
    # 5 against 3 of equal worth: 4 are left. Three times as many are nine times as strong.
    assert model.left(5.0, 3.0, 1.0, 1.0) == (4.0, 0.0)
    assert model.left(np.array([1.0, 3.0]), np.array([3.0, 1.0]), 9.0, 1.0)[0].tolist() == [
        0.0,
        pytest.approx(np.sqrt(80) / 3),
    ]
    # Under the linear law worth counts as numbers do; a guerrilla of A hit at an area by B.
    assert model.left(5.0, 3.0, 1.0, 1.0, model.LINEAR) == (2.0, 0.0)
    assert model.left(5.0, 3.0, 1.0, 1.0, model.MIXED) == (0.5, 0.0)


@settings(max_examples=15)
@given(FIGHTS)
def test_what_is_constant_stays_so(fight):
    a, b, rate_a, rate_b, law = fight
    path = model.fight(TIMES, *fight)
    fighting = np.isnan(path.over) | (path.over > TIMES)
    constant = model.invariant(path.a[fighting], path.b[fighting], rate_a, rate_b, law)
    terms = max(rate_a * a**2, rate_b * b**2, 1.0)
    assert np.abs(constant - constant[0]).max() <= 1e-9 * terms


@settings(max_examples=15)
@given(FIGHTS)
def test_nothing_negative_and_nobody_grows(fight):
    path = model.fight(TIMES, *fight)
    for strength, first in ((path.a, fight[0]), (path.b, fight[1])):
        assert strength[0] == first
        assert (strength >= 0).all() and (np.diff(strength) <= 0).all()


@settings(max_examples=8)
@given(FIGHTS)
def test_sides_change_places(fight):
    a, b, rate_a, rate_b, law = fight
    turned = model.Law(law.own_b, law.other_b, law.own_a, law.other_a)
    one, other = (
        model.fight(TIMES, *fight),
        model.fight(TIMES, b, a, rate_b, rate_a, turned),
    )
    np.testing.assert_allclose(one.a, other.b, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(one.b, other.a, rtol=1e-9, atol=1e-9)
    signs = (
        model.invariant(a, b, rate_a, rate_b, law),
        model.invariant(b, a, rate_b, rate_a, turned),
    )
    assert signs[0] == pytest.approx(-signs[1])


@settings(max_examples=8)
@given(FIGHTS, st.sampled_from([0.5, 2.0, 1000.0]))
def test_units_of_time_do_not_matter_nor_under_the_square_law_those_of_strength(fight, factor):
    a, b, rate_a, rate_b, law = fight
    one = model.fight(TIMES, *fight)
    slow = model.fight(TIMES * factor, a, b, rate_a / factor, rate_b / factor, law)
    np.testing.assert_allclose(slow.a, one.a, rtol=1e-9, atol=1e-9)
    square = model.fight(TIMES, a, b, rate_a, rate_b)
    large = model.fight(TIMES, factor * a, factor * b, rate_a, rate_b)
    np.testing.assert_allclose(large.a, factor * square.a, rtol=1e-9, atol=1e-9 * factor)


@pytest.mark.parametrize("law", [model.SQUARE, BETWEEN])
def test_who_is_left_is_where_the_fight_ends(law):
    for a, b in ((3.0, 1.0), (1.0, 3.0)):
        path = model.fight(np.array([0.0, 9.0]), a, b, 1.1, 0.8, law)
        found = model.left(a, b, 1.1, 0.8, law)
        np.testing.assert_allclose([path.a[-1], path.b[-1]], np.stack(found), rtol=1e-8)
        assert 0 < path.over < 9


def test_when_the_square_law_ends():
    # Half the log of (sqrt(a) A + sqrt(b) B) / (sqrt(a) A - sqrt(b) B) over the root of ab.
    path = model.fight(np.array([5.0]), 5.0, 3.0, 1.0, 1.0)
    assert path.over == pytest.approx(0.5 * np.log(8 / 2), rel=1e-10)
    assert (path.a[0], path.b[0]) == (pytest.approx(4.0, rel=1e-10), 0.0)


def test_arrivals_by_hand():
    # Nobody of A at first, 10 in a day: A' = 10 - B and B' = -A, so A'' = A with A'(0) = 10 - 4.
    coming = model.Arrivals(*(np.array([x]) for x in (0.0, 1.0, 10.0, 0.0)))
    path = model.fight(np.array([0.0, 0.5, 1.0]), 0.0, 4.0, 1.0, 1.0, arrivals=coming)
    t = np.array([0.0, 0.5, 1.0])
    np.testing.assert_allclose(path.a, 6.0 * np.sinh(t), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(path.b, 10.0 - 6.0 * np.cosh(t), rtol=1e-10)


def test_who_arrives_when_it_is_over_does_not_fight():
    later = model.Arrivals(*(np.array([x]) for x in (4.0, 5.0, 0.0, 7.0)))
    path = model.fight(np.array([3.0, 4.5, 6.0]), 5.0, 3.0, 1.0, 1.0, arrivals=later)
    np.testing.assert_allclose(path.a, 4.0, rtol=1e-9)
    np.testing.assert_allclose(path.b, [0.0, 3.5, 7.0], atol=1e-12)


def test_a_side_of_nil_has_lost_at_once():
    path = model.fight(np.array([1.0]), 0.0, 3.0, 1.0, 1.0)
    assert (path.a[0], path.b[0], path.over) == (0.0, 3.0, 0.0)


def test_bad_input_is_refused():
    with pytest.raises(BadInput, match="never gone"):
        model.left(1.0, 1.0, 1.0, 1.0, model.LOGARITHMIC)
    with pytest.raises(BadInput, match="do not rise"):
        model.fight(np.array([1.0, 0.5]), 1.0, 1.0, 1.0, 1.0)
    with pytest.raises(BadInput, match="powers"):
        model.invariant(1.0, 1.0, 1.0, 1.0, model.Law(-1.0, 1.0, 0.0, 1.0))
    with pytest.raises(BadInput, match="before they start"):
        wrong = model.Arrivals(*(np.array([x]) for x in (2.0, 1.0, 1.0, 0.0)))
        model.fight(np.array([1.0]), 1.0, 1.0, 1.0, 1.0, arrivals=wrong)
