"""Growth on a panel: small series by hand, the fit against scipy's likelihood, hindcast scores."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from comity.models.people import growth_on_a_panel as model

YEARS = np.arange(1951, 2021)


def panel(growth: np.ndarray, population: float = 0.0, size=None) -> model.GrowthPanel:
    """Growth by year from 1951 and state, all alike in size and population where not given."""
    years = YEARS[: len(growth)]
    people, sizes = np.full(growth.shape, population), np.ones(growth.shape)
    sizes = sizes if size is None else sizes * size
    return model.GrowthPanel(*(pd.DataFrame(x, index=years) for x in (growth, people, sizes)))


@pytest.fixture(scope="module")
def made() -> model.GrowthPanel:
    """Thirty states whose trends stay in part, the more restless the smaller they are."""
    rng = np.random.default_rng(5)
    size = np.exp(rng.normal(0.0, 1.5, 30))
    sd = 0.03 * size**-0.2
    trend = np.repeat(0.015 * rng.standard_t(5, size=(7, 30)), 10, axis=0)
    return panel(0.02 + trend + sd * rng.normal(size=(70, 30)), 0.01, size)


def test_the_error_of_a_mean_counts_how_long_a_state_of_affairs_lasts():
    """Products of neighbours 1 - 1 + 1 over squares 3: phi 1/3, which doubles the variance."""
    found = model.fit_world(np.array([1.0, 1.0, -1.0, -1.0]) + 5.0)
    assert (found.mean, found.years) == (5.0, 4)
    assert found.sd == pytest.approx(np.sqrt(4 / 3))
    assert found.persistence == pytest.approx(1 / 3)
    assert found.mean_error == pytest.approx(np.sqrt(4 / 3 * 2 / 4))
    # Turning every year would say that the mean is known better than by chance: not believed.
    turning = model.fit_world(np.array([1.0, -1.0, 1.0, -1.0]))
    assert turning.persistence == 0.0
    assert turning.mean_error == pytest.approx(np.sqrt(4 / 3 / 4))


def test_reversion_is_where_the_likelihood_of_students_t_is_greatest(made):
    """The module's equation, its density taken from scipy; the past decade's error adds sd^2/10."""
    found = model.fit_reversion(made)
    data, decades = model._decades(made)
    assert found.decades == decades == 6

    def likelihood(intercept, slope, spread, power):
        scale = np.sqrt((spread * (data["sd"] / 0.05) ** power) ** 2 + data["sd"] ** 2 / 10)
        middle = intercept + slope * data["past"]
        return stats.t.logpdf(data["next"], 5, loc=middle, scale=scale).sum()

    best = np.array([found.intercept, found.slope, found.spread, found.power])
    top = likelihood(*best)
    for which, step in enumerate((3e-4, 0.02, 3e-4, 0.03)):
        for sign in (-1, 1):
            moved = best + sign * step * (np.arange(4) == which)
            assert likelihood(*moved) < top


def test_sd_of_states_on_one_line_in_size_is_their_own_and_others_get_the_line():
    """Sd 0.01, 0.02, 0.04 for sizes 1, 4, 16; a state with seven years has size 9."""
    turns = np.tile([1.0, -1.0], 10)[:, None] * np.sqrt(19 / 20)
    gaps = pd.DataFrame(turns * [0.01, 0.02, 0.04, 0.9], index=range(2001, 2021))
    gaps.loc[:2013, 3] = np.nan
    found = model.yearly_sd(gaps, pd.Series([1.0, 4.0, 16.0, 9.0]), 2020)
    np.testing.assert_allclose(found, [0.01, 0.02, 0.04, 0.03], rtol=1e-9)


def test_a_drift_of_ones_own_by_hand():
    """Over twenty years 0.03 and 0.01 in turn, before that none: H m, s sqrt(H + H^2 / n)."""
    growth = np.zeros((70, 2))
    growth[-20:, 0] = np.tile([0.03, 0.01], 10)
    growth[:-7, 1] = np.nan
    found = model.drift_forecast(panel(growth), 2020, 10, 20)
    s = 0.01 * np.sqrt(20 / 19)
    np.testing.assert_allclose(found.loc[0], [0.2, s * np.sqrt(10 + 100 / 20)])
    assert found.loc[1].isna().all()  # seven years are too few
    whole = model.drift_forecast(panel(growth), 2020, 10, None)
    assert whole.loc[0, "mean"] == pytest.approx(10 * 0.4 / 70)


def test_a_hindcast_sums_the_ten_years_and_says_who_was_inside(made):
    growth = made.growth.copy()
    growth.loc[2011:, 4] += 0.5  # far outside of what any had seen
    growth.loc[2015, 7] = np.nan
    table = model.hindcast(model.GrowthPanel(growth, made.population, made.size), 2010)
    assert 7 not in table.index and len(table) == 29
    np.testing.assert_allclose(table.seen, growth.loc[2011:2020].sum()[table.index])
    past = growth.loc[1951:2010]
    sd = past.std() * np.sqrt(10 + 100 / 60)
    low, high = stats.norm.interval(0.9, 10 * past.mean(), sd)
    inside = (low <= growth.loc[2011:].sum()) & (growth.loc[2011:].sum() <= high)
    assert (table.inside_drift == inside[table.index]).all()
    assert not table.inside_drift[4] and not table.inside[4] and table.inside_drift.mean() > 0.5
    middle, spread = table["mean"], table.sd
    assert (table.inside == ((table.seen - middle).abs() <= stats.norm.ppf(0.95) * spread)).all()
    assert table.tercile.value_counts().to_dict() == {0: 9, 1: 10, 2: 10}


def test_a_state_missing_from_a_window_does_not_count_there():
    """Ours is two points better wherever both are known: the mean and both ends of its interval."""
    one = pd.DataFrame({"crps": [1.0, 2.0, 3.0], "other": [3.0, 4.0, 5.0]}, index=["a", "b", "c"])
    two = pd.DataFrame({"crps": [7.0], "other": [9.0]}, index=["d"])
    found = model.bootstrap_difference([one, two], "other", draws=50)
    assert found == pytest.approx((-2.0, -2.0, -2.0))
