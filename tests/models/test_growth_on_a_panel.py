"""Growth on a panel: small series by hand, the fit against scipy's likelihood, hindcast scores."""

import numpy as np
import pandas as pd
import pytest
import scoringrules
from scipy import stats

from comity.models.people import growth_on_a_panel as model

YEARS = np.arange(1951, 2021)


def panel(growth: np.ndarray, population: float = 0.0, size=None) -> model.GrowthPanel:
    """Growth by year from 1951 and state, all alike in size and population where not given."""
    years = YEARS[: len(growth)]
    people, sizes = np.full(growth.shape, population), np.ones(growth.shape)
    sizes = sizes if size is None else sizes * size
    return model.GrowthPanel(*(pd.DataFrame(x, index=years) for x in (growth, people, sizes)))


def restless(sd) -> pd.DataFrame:
    """Twenty years in which each state turns about nil with this sd, after one year far out."""
    turns = np.tile([1.0, -1.0], 10)[:, None] * np.sqrt(19 / 20) * np.asarray(sd)
    before = np.full((1, turns.shape[1]), 0.2)
    return pd.DataFrame(np.concatenate([before, turns]), index=range(2000, 2021))


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
    """Sd 0.01, 0.02, 0.04 for sizes 1, 16, 256; a state with seven years has size 81."""
    gaps = restless([0.01, 0.02, 0.04, 0.9])
    gaps.loc[:2013, 3] = np.nan
    found = model.yearly_sd(gaps, pd.Series([1.0, 16.0, 256.0, 81.0]), 2020)
    np.testing.assert_allclose(found, [0.01, 0.02, 0.04, 0.03], rtol=1e-9)


def test_sd_off_the_line_is_drawn_to_it_by_what_sampling_explains():
    """Log variances one off a flat line: of a spread of 4/3, 1.5 x 2/19 is sampling, 9 in 76."""
    size = np.exp([-1.0, -1.0, 1.0, 1.0])
    off = np.array([-1.0, 1.0, -1.0, 1.0])
    found = model.yearly_sd(restless(0.02 * np.exp(off / 2)), pd.Series(size), 2020)
    np.testing.assert_allclose(np.log(found / 0.02), off / 2 * (1 - 9 / 76), rtol=1e-9)


def test_what_was_grown_is_clipped_and_counts_for_ten_and_twenty_years():
    """Half the decade at 0.09, clipped to 0.05, half at 0.01; people beyond the clips on both."""
    gaps = pd.DataFrame(np.full((70, 2), 0.8), index=YEARS)
    gaps.loc[2011:] = np.tile([0.09, 0.01], 5)[:, None]
    gaps.loc[2011:2013, 1] = np.nan
    found = model.past_deviation(gaps, 2020)
    assert found[0] == pytest.approx(0.03) and np.isnan(found[1])
    people = np.full((70, 3), 0.9)
    people[-20:] = [-0.05, 0.06, 0.01]
    given = panel(np.zeros((70, 3)))
    trend = model.population_trend(
        model.GrowthPanel(given.growth, pd.DataFrame(people, index=YEARS), given.size), 2020
    )
    np.testing.assert_allclose(trend, [-0.02, 0.04, 0.01])


def test_growth_per_head_and_a_state_drawn_twice():
    given = panel(np.tile([0.05, 0.02], (70, 1)), 0.01)
    np.testing.assert_allclose(given.per_head.iloc[0], [0.04, 0.01])
    frames = (given.growth, given.population, given.size)
    named = model.GrowthPanel(*(frame.set_axis(["a", "b"], axis=1) for frame in frames))
    twice = named.of(["b", "b", "a"]).growth
    assert list(twice) == [0, 1, 2]
    np.testing.assert_allclose(twice.iloc[0], [0.02, 0.02, 0.05])
    assert list(named.of(["b", "a"]).growth) == ["b", "a"]


def test_a_forecast_adds_the_variances_of_what_is_uncertain():
    """Two years: common 0.01^2 (2 + 2 x 0.5), its mean 2 x 0.003, the trend 2 x 0.004, own 2."""
    states = pd.DataFrame(
        {"trend": [0.02], "trend_sd": [0.004], "population_growth": [0.01], "loading": [1.0],
         "sd": [0.03], "method": ["own"]}
    )  # fmt: skip
    world = model.CommonFactor(0.02, 0.01, 0.5, 0.003, 60)
    found = model.forecast(
        model.GrowthFit(2020, world, model.Reversion(0.0, 0.5, 0.01, 0.3, 6), states), 2
    )
    assert found["mean"][0] == pytest.approx(0.06)
    variance = 0.01**2 * 3 + 0.006**2 + 0.008**2 + 2 * 0.03**2
    assert found["sd"][0] == pytest.approx(np.sqrt(variance))


def test_scores_of_normal_forecasts_are_those_of_scoringrules():
    mean, sd, seen = np.array([[0.0, 1.0, -2.0], [1.0, 0.3, 5.0], [0.2, -1.0, 40.0]])
    wanted = scoringrules.crps_normal(seen, mean, sd)
    np.testing.assert_allclose(model.crps_normal(mean, sd, seen), wanted, rtol=1e-10)
    assert model.crps_normal(np.ones(1), np.zeros(1), np.full(1, 3.0)).tolist() == [2.0]


def test_a_drift_of_ones_own_by_hand():
    """Over twenty years 0.03 and 0.01 in turn, before that none: H m, s sqrt(H + H^2 / n)."""
    growth = np.zeros((70, 2))
    growth[-20:, 0] = np.tile([0.03, 0.01], 10)
    growth[:-7, 1] = np.nan
    found = model.drift_forecast(panel(growth), 2020, 10, 20)
    s = 0.01 * np.sqrt(20 / 19)
    np.testing.assert_allclose(found.loc[0], [0.2, s * np.sqrt(10 + 100 / 20)])
    assert np.isnan(found.to_numpy()[1]).all()  # seven years are too few
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
