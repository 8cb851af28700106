"""Power by simulation: against the formula where it holds, its size, and records fitted anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.models.statistics import poisson_within
from comity.models.statistics.power import (
    Panel,
    Rare,
    Shares,
    drawn,
    formula,
    rejected,
    years_by_formula,
    years_needed,
)

DRAWS = 6000  # a share of them is known to 0.6 points


def rare(clump=1.0, effect=-0.15):
    trait = np.linspace(-2, 2, 30)
    events = np.full(30, 0.7)
    return Rare(trait, events, effect, clump), np.sqrt(clump / (60 * events @ trait**2))


def panel():
    rng = np.random.default_rng(2)
    squares = rng.uniform(0.5, 1.5, 400)
    pull = 2 * np.sqrt(squares) * rng.choice([-1.0, 1.0], 400)
    error = np.sqrt((pull**2).sum() * 400 / 399) / squares.sum()
    return Panel(squares, pull, 14.0), error


def shares():
    cases, chance = np.array([40.0, 40.0]), np.array([0.3, 0.2])
    return Shares(cases, chance), np.sqrt((1 / (20 * cases * chance * (1 - chance))).sum())


MODELS = {
    "rare": (*rare(), 60.0, -0.15),
    "clumps": (*rare(1.8), 60.0, -0.15),
    "panel": (*panel(), 14.0, 0.25),
    "shares": (*shares(), 20.0, 0.4),
}
EACH = pytest.mark.parametrize(("model", "error", "years", "effect"), MODELS.values(), ids=MODELS)


def test_the_formula():
    assert formula(0.0, 1.0) == pytest.approx(0.05)
    # 1.96 + 0.84 standard errors are told in four of five cases.
    assert formula(-2.8016, 1.0) == pytest.approx(0.8, abs=1e-4)
    assert years_by_formula(0.1, 0.1, 10.0) == pytest.approx(10 * 2.8016**2, rel=1e-4)
    assert years_by_formula(0.1, 0.1, 10.0, 0.5) == pytest.approx(10 * 1.95996**2, rel=1e-4)


@EACH
def test_simulated_power_is_that_of_the_formula_and_its_size_is_kept(model, error, years, effect):
    known = years_by_formula(effect, error, years)
    for part in (0.5, 1.0):
        expected = formula(effect, error * np.sqrt(years / (part * known)))
        got = rejected(model, part * known, effect, draws=DRAWS)
        assert got == pytest.approx(expected, abs=0.02)
    assert rejected(model, years, 0.0, draws=DRAWS) == pytest.approx(0.05, abs=0.01)


@EACH
def test_years_needed_give_the_power_asked_for(model, error, years, effect):
    guess = years_by_formula(effect, error, years)
    found = years_needed(model, effect, guess)
    assert found.power == pytest.approx(0.8, abs=0.025)
    assert found.years == pytest.approx(guess, rel=0.12)
    # A guess far off leads to the same length.
    assert years_needed(model, effect, 6 * guess).years == pytest.approx(found.years, rel=0.08)


@EACH
def test_estimates_drawn_are_centred_and_spread_as_their_errors_say(model, error, years, effect):
    estimate, own = drawn(model, 4 * years, effect, DRAWS, np.random.default_rng(3))
    assert estimate.mean() == pytest.approx(effect, abs=0.1 * error)
    assert estimate.std() == pytest.approx(error / 2, rel=0.08)
    assert own.mean() == pytest.approx(error / 2, rel=0.1)


def test_records_that_tell_nothing_reject_nothing():
    model = Rare(np.array([-1.0, 1.0]), np.array([0.01, 0.01]), 0.0, 1.0)
    estimate, _ = drawn(model, 1.0, 0.0, 500, np.random.default_rng(0))
    assert np.isnan(estimate).mean() > 0.9
    assert rejected(model, 1.0, 0.0) == 0.0


def test_where_events_are_few_the_formula_asks_for_too_little():
    # Nearly all events stand at one value; where none is seen at the other, no estimate is found.
    model = Rare(np.array([-0.02, 3.0]), np.array([1.5, 0.01]), 0.0, 1.0)
    error = 1 / np.sqrt(100 * model.events @ model.trait**2)
    power = [rejected(model, years, -0.8) for years in (100.0, 800.0, 2000.0, 4000.0)]
    assert power[0] < formula(-0.8, error) - 0.5
    assert power == sorted(power) and power[-1] > 0.9


@given(st.floats(0.05, 4.0), st.floats(1.05, 3.0), st.floats(0.05, 2.0))
def test_the_formula_grows_with_the_effect_and_years_undo_the_error(effect, more, error):
    assert formula(effect, error) == formula(-effect, error) <= formula(more * effect, error)
    years = years_by_formula(effect, error, 10.0)
    assert formula(effect, error * np.sqrt(10.0 / years)) == pytest.approx(0.8, abs=1e-4)
    assert years_by_formula(effect, more * error, 10.0) == pytest.approx(more**2 * years)


def test_beyond_all_records_is_infinite():
    model, error = rare()
    found = years_needed(model, 1e-6, years_by_formula(1e-6, error, 60.0))
    assert found.years == np.inf and np.isnan(found.power)


@pytest.mark.parametrize(
    "call",
    [
        lambda m: years_needed(m, 0.0, 10.0),
        lambda m: years_needed(m, np.nan, 10.0),
        lambda m: years_needed(m, 0.1, -1.0),
        lambda m: years_needed(m, 0.1, 10.0, power=1.2),
        lambda m: rejected(m, 0.0, 0.1),
        lambda m: rejected(m, 10.0, 0.1, draws=0),
        lambda m: formula(0.1, 0.0),
        lambda m: years_by_formula(0.1, 0.1, np.inf),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(BadInput):
        call(rare()[0])


def panel_of(rng, years, pairs=60):
    """Traits of a panel of pairs with a second column, and the means of its counts."""
    x = rng.standard_normal((pairs, years, 2))
    x[..., 1] += 0.6 * x[..., 0]
    level = np.exp(rng.normal(-2.2, 0.8, (pairs, 1)))
    pair = np.repeat(np.arange(pairs), years)
    return x.reshape(-1, 2), level, pair


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.0, 0.3])
def test_the_small_model_has_the_power_of_the_whole_fitted_again(effect):
    """Full panels drawn from the fitted model and fitted anew reject as often as the small one."""
    rng = np.random.default_rng(5)
    x, level, pair = panel_of(rng, 25)
    mean = (level * np.exp(x @ [effect, 0.2]).reshape(len(level), -1)).ravel()
    got = 0
    for _ in range(1200):
        fit = poisson_within.fit(x, rng.poisson(mean).astype(float), pair, pair)
        got += abs(fit.coefficients[0] / fit.standard_errors[0]) > 1.96
    y = rng.poisson(mean).astype(float)
    fit = poisson_within.fit(x, y, pair, pair)
    trait, events = poisson_within.efficient(x, y, pair, fit.coefficients, 0)
    model = Rare(trait, events / 25, float(fit.coefficients[0]), 1.0)
    small = rejected(model, 25.0, effect, draws=2000)
    assert got / 1200 == pytest.approx(small, abs=0.04)
