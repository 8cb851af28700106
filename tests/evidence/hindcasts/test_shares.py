"""Shares add up, and slopes are found."""

import numpy as np
import pandas as pd
import pytest

from comity.evidence.backtest import Past, Table
from comity.evidence.hindcasts import capability_shares as shares
from comity.evidence.hindcasts import output_growth as growth
from comity.evidence.panels.growth_panel import panel_of
from comity.models.people.growth_on_a_panel import fit_growth, forecast


def figures(states: int = 60, seed: int = 0) -> pd.DataFrame:
    """A long table of growth with lasting differences between states."""
    rng = np.random.default_rng(seed)
    years = np.arange(1951, 2012)
    trend = rng.normal(0.03, 0.01, states)
    rate = trend + rng.normal(0, 0.03, (len(years), states))
    year, unit = (x.ravel() for x in np.meshgrid(years, np.arange(states), indexing="ij"))
    size = np.exp(np.cumsum(rate, axis=0) + rng.normal(8, 1.5, states))
    return pd.DataFrame(
        {
            "unit": [f"S{u:02}" for u in unit],
            "year": year,
            "growth": rate.ravel(),
            "population": 0.01,
            "size": size.ravel(),
        }
    )


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return figures()


def test_paths_have_the_mean_and_spread_of_the_forecast(rows):
    """The model that runs, drawn, is the normal that ``calibrate`` writes down."""
    fit = fit_growth(panel_of(Past(2000, {"growth": Table(rows)})), 2000)
    paths = growth.growth_paths(fit, 10, 4000, 1)
    for years in (1, 10):
        closed = forecast(fit, years)
        z = (paths[:, years - 1].mean(axis=0) - closed["mean"]) / closed.sd
        assert abs(z.mean()) < 0.05
        ratio = paths[:, years - 1].std(axis=0) / closed.sd
        assert ratio.to_numpy() == pytest.approx(np.ones(len(ratio)), abs=0.06)


def test_drawn_shares_of_gdp_sum_to_one(rows):
    outlook = shares.GdpShares().foresee(Past(2000, {"growth": Table(rows)}), 3, 50, 1)
    now = outlook.rows[outlook.rows.year == 2003]
    weight = now["size"] / now["size"].sum()
    drawn = np.exp(outlook.forecasts["model"].draws[:, now.index.to_numpy()])
    assert drawn @ weight.to_numpy() == pytest.approx(np.ones(50))


def test_seen_shares_of_gdp_sum_to_one(rows):
    seen = shares.GdpShares().seen({"growth": Table(rows)}, 2000)
    size = rows[rows.year == 2000].set_index("unit")["size"]
    table = seen.pivot(index="year", columns="unit", values="value")
    total = (np.exp(table) * size / size.sum()).sum(axis=1)
    assert total.to_numpy() == pytest.approx(np.ones(11))


def test_growth_seen_stops_at_a_gap(rows):
    broken = rows.copy()
    broken.loc[(broken.unit == "S07") & (broken.year == 2004), "growth"] = np.nan
    seen = growth.Growth().seen({"growth": Table(broken)}, 2000)
    assert seen[seen.unit == "S07"].year.tolist() == [2001, 2002, 2003]


def test_slopes_are_recovered():
    rng = np.random.default_rng(3)
    trials = []
    for _ in range(3):
        pace, past = rng.normal(0, 0.03, 400), rng.normal(0, 0.02, 400)
        h = np.arange(1, 11)[:, None]
        seen = 0.5 * h * pace + 0.3 * h * past + rng.normal(0, 0.05, (10, 400))
        seen[7:, :50] = np.nan
        trials.append(shares.Trial([], np.zeros(400), h * pace, h * past, seen))
    assert shares.fit_slopes(trials) == pytest.approx([0.5, 0.3], abs=0.02)


def test_the_index_is_not_compared_across_its_break():
    rows = pd.DataFrame({"unit": "A", "year": range(2008, 2023), "log_cinc": 0.0})
    rows.loc[rows.year > 2016, "log_cinc"] = 0.7
    tables = {"cinc": Table(rows)}
    quantity = shares.CapabilityShares()
    assert quantity.seen(tables, 2010).year.max() == 2016
    assert quantity.seen(tables, 2018).year.tolist() == [2019, 2020, 2021, 2022]
    assert (quantity.seen(tables, 2018).value == 0).all()
