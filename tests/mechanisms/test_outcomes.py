"""Measures of a block, against answers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.engine.measures import Block
from comity.mechanisms.measured import outcomes, partners_of

STATES = toy.STATES
GDP = np.asarray(toy.toy_world().gdp)


def block(consumption, losses=None, ok=None, actor="JPN"):
    """One future, baseline and one strategy, two years; everybody else stands still."""
    series = np.ones((1, 2, 2, len(STATES)))
    series[0, 0, :, STATES.index(actor)] = [1.0, 2.0]
    series[0, 1, :, STATES.index(actor)] = consumption
    names = ("consumption", "terms_of_trade", "openness", "capacity", "milex")
    return Block(
        STATES,
        GDP,
        actor,
        ("CHN", "USA"),
        {n: series.copy() for n in names},
        np.zeros((1, 2, 2)) if losses is None else losses,
        np.ones((1, 2), bool) if ok is None else ok,
    )


def measure(name, of):
    found = {o.name: o for o in outcomes("JPN", ("CHN", "USA"))}
    return found[name].reduce(of)


def test_effects_are_percent_of_the_same_future_without_the_scenario():
    of = block([0.99, 1.90])
    assert measure("consumption.mean", of)[0].tolist() == pytest.approx([0.0, -3.0])
    assert measure("consumption.final", of)[0].tolist() == pytest.approx([0.0, -5.0])
    assert measure("consumption.worst", of)[0].tolist() == pytest.approx([0.0, -5.0])


def test_the_world_is_weighted_by_gdp():
    effect = measure("consumption.world", block([0.9, 2.0]))[0, 1]
    japan = GDP[STATES.index("JPN")] / GDP.sum()
    assert effect == pytest.approx(100 * (-0.1 * japan) / 2)


def test_exposure_is_by_partner():
    losses = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    assert measure("exposure.CHN", block([1.0, 2.0], losses))[0].tolist() == [1.0, 3.0]
    assert measure("exposure.USA", block([1.0, 2.0], losses))[0].tolist() == [2.0, 4.0]


def test_exposure_in_the_first_year_is_read_apart_and_missing_where_nothing_says_so():
    first = np.array([[[2.5, 5.0], [7.0, 9.0]]])
    of = replace(block([1.0, 2.0]), first_losses=first)
    assert measure("exposure_first.CHN", of)[0].tolist() == [2.5, 7.0]
    assert measure("exposure_first.USA", of)[0].tolist() == [5.0, 9.0]
    assert np.isnan(measure("exposure_first.CHN", block([1.0, 2.0]))).all()


def test_the_change_of_exposure_is_against_the_same_future():
    of = block([1.0, 2.0], np.array([[[1.0, 2.0], [3.0, 4.5]]]))
    assert measure("exposure_change.CHN", of)[0].tolist() == [0.0, 2.0]
    assert measure("exposure_change.USA", of)[0].tolist() == [0.0, 2.5]


@given(st.floats(0.5, 2.0), st.floats(0.5, 2.0))
def test_the_baseline_never_differs_from_itself_and_worst_is_lowest(first, last):
    of = block([first, last])
    for name in ("consumption.mean", "consumption.final", "consumption.worst"):
        assert measure(name, of)[0, 0] == 0.0
    assert measure("consumption.worst", of)[0, 1] <= measure("consumption.mean", of)[0, 1] + 1e-12


def test_a_failed_row_is_missing_not_zero():
    of = block([np.nan, np.nan])
    assert np.isnan(measure("consumption.mean", of)[0, 1])


def test_partners_are_china_and_the_united_states_or_the_largest_third():
    world = toy.toy_world()
    assert partners_of("JPN", world) == ("CHN", "USA")
    assert partners_of("CHN", world)[0] == "USA" and len(partners_of("CHN", world)) == 2
    assert "CHN" not in partners_of("CHN", world)


def test_burden_is_spending_over_capacity():
    of = block([1.0, 2.0])
    of.series["milex"][:] = 0.02 * 1e3 * GDP * of.series["capacity"]
    assert measure("burden.final", of)[0].tolist() == pytest.approx([2.0, 2.0])
