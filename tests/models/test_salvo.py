"""Salvos: exchanges worked by hand, by chance case by case, invariants of both."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from comity.core.errors import BadInput
from comity.models.force import salvo as model

KINDS = ("strike", "defence", "staying", "stopped")


def row(*values):
    return np.array(values, float)


def fleet(units, strike, defence, staying, stopped=1.0):
    return model.Fleet(*(row(x) for x in (units, strike, defence, staying, stopped)))


def onto(shooter, target, aim=None):
    """Losses of the target."""
    each = (target.units, target.defence, target.staying, target.stopped)
    return model.losses(shooter.units, shooter.strike, *each, aim)


@st.composite
def fleets(draw, classes=None):
    count = draw(st.integers(1, 3)) if classes is None else classes
    some = {
        name: st.lists(st.floats(*bounds), min_size=count, max_size=count).map(np.array)
        for name, bounds in {
            "units": (0, 20),
            "strike": (0, 9),
            "defence": (0, 9),
            "staying": (0.5, 9),
            "stopped": (0, 1),
        }.items()
    }
    return model.Fleet(**{name: draw(values) for name, values in some.items()})


def test_two_against_five_by_hand():
    # 5 x 4 = 20 aimed less 2 x 4 = 8 stopped is 12 hits, of which two are enough; 2 x 4 = 8 hits,
    # two for each, put out 4 of 5.
    two, five = fleet(2, 4, 4, 1), fleet(5, 4, 0, 2)
    assert onto(five, two).tolist() == [2] and onto(two, five).tolist() == [4]
    found = model.battle(two, five, 3)
    assert found.a[:, 0].tolist() == [2, 0, 0, 0] and found.b[:, 0].tolist() == [5, 1, 1, 1]
    ratio = model.exchange_ratio(row(2), row(2), row(4), row(5))
    assert ratio.tolist() == [0.8]


def test_leakers_by_hand():
    # Of 10 aimed defences meet 6 and stop two thirds: 4 + 2 hit. Of 5 aimed all are met: 5/3 hit.
    target = fleet(3, 0, 2, 4, 2 / 3)
    assert onto(fleet(10, 1, 0, 1), target) == pytest.approx(6 / 4)
    assert onto(fleet(5, 1, 0, 1), target) == pytest.approx(5 / 3 / 4)
    assert onto(fleet(6, 1, 0, 1), fleet(3, 0, 2, 4)).tolist() == [0]


def test_classes_by_hand():
    # 2 fire 6 each: half, a quarter, none; 4 fire 1 each, all at the second class.
    aim = np.array([[0.5, 0.25, 0.0], [0.0, 1.0, 0.0]])
    target = model.Fleet(row(2, 8, 5), row(0, 0, 0), row(1, 0, 0), row(4, 2, 1), row(1, 1, 1))
    lost = model.losses(
        row(2, 4), row(6, 1), target.units, target.defence, target.staying, target.stopped, aim
    )
    assert lost.tolist() == [(6 - 2) / 4, (3 + 4) / 2, 0.0]
    # Without aim 16 shots fall on 15 units evenly.
    even = model.losses(row(2, 4), row(6, 1), *(getattr(target, k) for k in ("units", *KINDS[1:])))
    np.testing.assert_allclose(even, [(32 / 15 - 2) / 4, 128 / 15 / 2, 5.0], rtol=1e-14)


@settings(max_examples=25)
@given(fleets(), fleets(), st.integers(0, 4))
def test_nothing_negative_and_losses_within_forces(a, b, salvos):
    found = model.battle(a, b, salvos)
    for units, first in ((found.a, a.units), (found.b, b.units)):
        assert units.shape == (salvos + 1, len(first))
        assert (units >= 0).all() and (np.diff(units, axis=0) <= 0).all()
        assert np.array_equal(units[0], first)


@settings(max_examples=25)
@given(fleets(), fleets())
def test_sides_change_places(a, b):
    one, other = model.battle(a, b, 3), model.battle(b, a, 3)
    assert np.array_equal(one.a, other.b) and np.array_equal(one.b, other.a)


@settings(max_examples=25)
@given(fleets(1))
def test_like_against_like_ends_alike(a):
    found = model.battle(a, a, 5)
    assert np.array_equal(found.a, found.b)


@settings(max_examples=25)
@given(fleets(), fleets(), st.sampled_from([0.5, 2.0, 4.0]))
def test_units_scale_losses_and_what_missiles_count_in_does_not(a, b, factor):
    lost = onto(a, b)
    more = model.Fleet(a.units * factor, a.strike, a.defence, a.staying, a.stopped)
    many = model.Fleet(b.units * factor, b.strike, b.defence, b.staying, b.stopped)
    np.testing.assert_allclose(onto(more, many), factor * lost, rtol=1e-12, atol=1e-12)
    harder = model.Fleet(a.units, a.strike * factor, a.defence, a.staying, a.stopped)
    tougher = model.Fleet(b.units, b.strike, b.defence * factor, b.staying * factor, b.stopped)
    np.testing.assert_allclose(onto(harder, tougher), lost, rtol=1e-12, atol=1e-12)


@settings(max_examples=25)
@given(fleets(1), fleets(1), st.floats(0.1, 0.9))
def test_a_class_cut_in_two_loses_what_it_did(a, b, cut):
    parts = {name: np.repeat(getattr(b, name), 2) for name in KINDS}
    two = model.Fleet(b.units * row(cut, 1 - cut), **parts)
    assert onto(a, two).sum() == pytest.approx(onto(a, b)[0], abs=1e-9)
    firing = {name: np.repeat(getattr(a, name), 2) for name in KINDS}
    split = model.Fleet(a.units * row(cut, 1 - cut), **firing)
    assert onto(split, b)[0] == pytest.approx(onto(a, b)[0], abs=1e-9)


@settings(max_examples=25)
@given(fleets(1), fleets(1), st.floats(0, 5))
def test_more_strike_never_less_loss_more_defence_never_more(a, b, more):
    lost = onto(a, b)[0]
    hard = model.Fleet(a.units, a.strike + more, a.defence, a.staying, a.stopped)
    safe = model.Fleet(b.units, b.strike, b.defence + more, b.staying, b.stopped)
    assert onto(hard, b)[0] >= lost - 1e-9 and onto(a, safe)[0] <= lost + 1e-9


def test_many_cases_at_once():
    cases = np.random.default_rng(1).uniform(0, 9, (7, 2))
    target = model.Fleet(row(3, 4), row(1, 1), row(1, 2), row(1, 2), row(1, 0.5))
    every = onto(model.Fleet(cases, row(2, 1), row(0, 0), row(1, 1), row(1, 1)), target)
    for units, lost in zip(cases, every, strict=True):
        alone = onto(model.Fleet(units, row(2, 1), row(0, 0), row(1, 1), row(1, 1)), target)
        assert np.array_equal(alone, lost)


def by_cases(launched, arrive, met, stop, units, loss, spread):
    """Mean, mean square, nothing, all: binomials by hand, the cut normal by quadrature."""
    mean = square = none = everything = 0.0
    for i, j in product(range(launched + 1), range(met + 1)):
        chance = comb(launched, i) * arrive**i * (1 - arrive) ** (launched - i)
        chance *= comb(met, j) * stop**j * (1 - stop) ** (met - j)
        if i <= j:
            none += chance
            continue
        lost = norm((i - j) * loss, np.sqrt(i - j) * spread)
        everything += chance * lost.sf(units)
        none += chance * lost.cdf(0)
        for power in (1, 2):
            within = quad(lambda x, p=power, d=lost: x**p * d.pdf(x), 0, units)[0]
            part = chance * (within + units**power * lost.sf(units))
            mean, square = (mean + part, square) if power == 1 else (mean, square + part)
    return mean, square, none, everything


@pytest.mark.parametrize(
    "volley", [(3, 0.6, 2, 0.5, 2.0, 0.8, 0.3), (4, 0.5, 0, 0.0, 3.0, 1.0, 0.4)]
)
def test_losses_by_chance_case_by_case(volley):
    found = model.enumerated(*volley)
    mean, square, none, everything = by_cases(*volley)
    assert found.mean == pytest.approx(mean, rel=1e-7)
    assert found.sd**2 == pytest.approx(square - mean**2, rel=1e-6)
    assert found.none == pytest.approx(none) and found.all == pytest.approx(everything)


VOLLEYS = st.tuples(
    st.integers(0, 12),
    st.floats(0, 1),
    st.integers(0, 8),
    st.floats(0, 1),
    st.floats(0.5, 9),
    st.floats(0, 2),
    st.sampled_from([0.0, 0.1, 0.5]),
)


@settings(max_examples=25)
@given(VOLLEYS)
def test_formulas_of_mean_and_variance_are_the_sum_over_cases(volley):
    closed, summed = model.armstrong(*volley), model.enumerated(*volley)
    for name in ("net_mean", "net_variance", "potential_mean"):
        assert getattr(closed, name) == pytest.approx(getattr(summed, name), abs=1e-9)
    launched, arrive, met, stop, units, loss, spread = volley
    # The variance of the potential loss but for the mean size of the net, which is by cases here.
    size = summed.potential_variance - summed.net_variance * loss**2
    assert size >= abs(summed.net_mean) * spread**2 - 1e-9
    assert size <= (launched * arrive + met * stop) * spread**2 + 1e-9


@settings(max_examples=25)
@given(VOLLEYS)
def test_losses_by_chance_are_within_the_force(volley):
    for found in (model.armstrong(*volley), model.enumerated(*volley)):
        assert 0 <= found.mean <= volley[4] + 1e-9
        assert 0 <= found.sd <= volley[4] / 2 + 1e-6  # no variable in a range has more
        assert -1e-12 <= found.none <= 1 + 1e-12 and found.none + found.all <= 1 + 1e-9


@settings(max_examples=25)
@given(VOLLEYS, st.sampled_from([0.5, 4.0]))
def test_losses_by_chance_scale_with_the_force(volley, factor):
    *first, units, loss, spread = volley
    for method in (model.armstrong, model.enumerated):
        one = method(*volley)
        other = method(*first, factor * units, factor * loss, factor * spread)
        assert other.mean == pytest.approx(factor * one.mean, abs=1e-9)
        assert other.all == pytest.approx(one.all, abs=1e-9)


@settings(max_examples=25)
@given(st.integers(0, 9), st.integers(0, 9), st.floats(0.5, 9))
def test_when_nothing_is_left_to_chance_it_is_the_sure_salvo(launched, met, units):
    sure = model.losses(row(1), row(launched), row(units), row(met / units), row(2), row(1))[0]
    for method in (model.armstrong, model.enumerated):
        found = method(launched, 1.0, met, 1.0, units, 0.5, 0.0)
        assert found.mean == pytest.approx(sure) and found.sd == pytest.approx(0, abs=1e-6)


@settings(max_examples=5)
@given(VOLLEYS)
def test_draws_agree_with_the_sum_over_cases(volley):
    summed = model.enumerated(*volley)
    drawn = model.simulated(*volley, draws=20_000, generator=np.random.default_rng(7))
    error = max(float(summed.sd), 1e-9) / np.sqrt(20_000)
    assert abs(drawn.mean - summed.mean) < 5 * error + 1e-9
    assert drawn.sd == pytest.approx(float(summed.sd), abs=0.05 * volley[4])


@pytest.mark.parametrize("chance", [0.0, 2.3e-308, 1e-300])
def test_chances_of_next_to_nothing_take_nothing(chance):
    for method in (model.armstrong, model.enumerated):
        assert method(4, chance, 2, chance, 1.0, 0.5, 0.3).mean < 1e-60


def test_closed_form_takes_many_cases():
    found = model.armstrong(np.array([4, 6]), 0.5, 2, 0.25, 2.0, 1.0, np.array([0.0, 0.3]))
    alone = model.armstrong(6, 0.5, 2, 0.25, 2.0, 1.0, 0.3)
    assert found.mean.shape == (2,) and found.mean[1] == alone.mean


def test_bad_input_is_refused():
    good = fleet(2, 4, 4, 1)
    with pytest.raises(BadInput, match="aims more than it fires"):
        onto(good, model.Fleet(*(row(1, 1) for _ in range(5))), np.array([[0.7, 0.7]]))
    with pytest.raises(BadInput, match="put a unit out"):
        onto(good, fleet(2, 4, 4, 0))
    with pytest.raises(BadInput, match="share of units lost"):
        model.exchange_ratio(row(3), row(2), row(1), row(2))
    with pytest.raises(BadInput, match="missiles launched"):
        model.armstrong(2.5, 0.5, 2, 0.5, 2.0, 1.0, 0.3)
    with pytest.raises(BadInput, match="number of salvos"):
        model.battle(good, good, -1)
