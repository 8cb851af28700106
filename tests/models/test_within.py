"""Slope of one panel on another: what was put in comes out, gaps or none, and beyond effects."""

import numpy as np
import pandas as pd
import pytest

from comity.models.statistics.within import parts, slope


def panel(rng, effect=0.5):
    """Forty units by twenty years with effects of both."""
    x = pd.DataFrame(rng.normal(size=(20, 40)))
    both = rng.normal(size=(20, 1)) * 5 + rng.normal(size=(1, 40)) * 5
    return effect * x + both + 0.1 * rng.normal(size=(20, 40)), x + both / 5


def test_slope_is_that_of_dummies_with_clustered_errors():
    rng = np.random.default_rng(1)
    y, x = panel(rng)
    found = slope(y, x)
    units = pd.get_dummies(np.tile(np.arange(40), 20), dtype=float).to_numpy()
    years = pd.get_dummies(np.repeat(np.arange(20), 40), dtype=float).to_numpy()[:, 1:]
    design = np.column_stack([x.to_numpy().ravel(), units, years])
    b, *_ = np.linalg.lstsq(design, y.to_numpy().ravel(), rcond=None)
    assert found.value == pytest.approx(b[0], abs=1e-8)
    inverse = np.linalg.inv(design.T @ design)
    rest = y.to_numpy().ravel() - design @ b
    score = np.zeros((40, design.shape[1]))
    np.add.at(score, np.tile(np.arange(40), 20), design * rest[:, None])
    covariance = inverse @ (score.T @ score) @ inverse * 40 / 39
    assert found.se == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-6)


def test_gaps_leave_the_slope_and_are_not_counted():
    rng = np.random.default_rng(2)
    y, x = panel(rng)
    y = y.mask(rng.random(y.shape) < 0.2)
    found = slope(y, x)
    assert found.value == pytest.approx(0.5, abs=0.02) and found.count == int(y.notna().sum().sum())


def test_a_cause_that_is_an_effect_of_the_year_is_refused():
    y, x = panel(np.random.default_rng(3))
    same = x.copy()
    same.loc[:] = np.arange(20.0)[:, None]
    with pytest.raises(ValueError, match="does not vary"):
        slope(y, same)


def test_units_add_up_to_the_slope_and_its_error():
    rng = np.random.default_rng(7)
    cause = pd.DataFrame(rng.standard_normal((12, 9)))
    outcome = 0.4 * cause + pd.DataFrame(rng.standard_normal((12, 9)))
    outcome.iloc[3, 4] = np.nan
    whole, each = slope(outcome, cause), parts(outcome, cause)
    assert each.products.sum() / each.squares.sum() == pytest.approx(whole.value)
    pull = each.products - whole.value * each.squares
    assert np.sqrt((pull**2).sum() * 9 / 8) / each.squares.sum() == pytest.approx(whole.se)
    assert each.cells.sum() == whole.count == 107
