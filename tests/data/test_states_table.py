"""GDP, spending and stocks of the states: steps with known answers."""

import numpy as np
import pandas as pd
import pytest

from comity.data.build.build import folder
from comity.data.series import gdp, spending


def series(rows):
    index = pd.MultiIndex.from_tuples([row[:2] for row in rows], names=["id", "year"])
    return pd.Series([row[2] for row in rows], index=index)


def test_price_change_is_the_median_ratio_of_nominal_to_real_growth():
    nominal = series(
        [
            ("A", 2023, 100.0),
            ("A", 2024, 110.0),
            ("B", 2023, 1.0),
            ("B", 2024, 1.02),
            ("C", 2023, 1.0),
            ("C", 2024, 5.0),
        ]
    )
    real = series(
        [
            ("A", 2023, 1.0),
            ("A", 2024, 1.05),
            ("B", 2023, 1.0),
            ("B", 2024, 1.02),
            ("C", 2023, 1.0),
            ("C", 2024, 1.0),
        ]
    )
    assert gdp.price_change(nominal, real, 2024) == pytest.approx(110 / 105)


def test_a_figure_is_carried_by_growth_and_prices():
    real = series([("A", 2022, 1.0), ("A", 2024, 1.2)])
    prices = {2023: 1.05, 2024: 1.02}
    assert gdp.carry("A", 10.0, 2022, [real], prices) == pytest.approx(10 * 1.2 * 1.05 * 1.02)
    assert np.isnan(gdp.carry("B", 10.0, 2022, [real], prices))
    assert gdp.carry("A", 10.0, 2024, [real], prices) == pytest.approx(10.0)


def test_the_stock_of_constant_spending_is_steady():
    flow = pd.Series(100.0, index=range(1950, 2025))
    assert spending.stock(flow, 0.1) == pytest.approx(1000)
    assert spending.stock(flow.loc[[2024]], 0.1) == pytest.approx(1000)


def test_the_stock_by_hand():
    flow = pd.Series([100.0, 100.0, 200.0], index=[2022, 2023, 2024])
    growth = np.log(2) / 2
    start = 100 / (0.1 + min(growth, 0.1))
    expected = 0.9 * (0.9 * start + 100) + 200
    assert spending.stock(flow, 0.1) == pytest.approx(expected)


def test_gaps_inside_a_series_are_straight_lines():
    whole = pd.Series([1.0, 2.0, 3.0, 4.0], index=[2021, 2022, 2023, 2024])
    gap = whole.drop([2022, 2023])
    assert spending.stock(gap) == pytest.approx(spending.stock(whole))
    assert np.isnan(spending.stock(pd.Series([np.nan], index=[2024])))


def test_spending_prefers_sipri_then_facts_then_the_last_year():
    rows = [("USA", 2024, 10.0), ("VNM", 2018, 5.0), ("LBY", 2023, 3.0), ("YEM", 2014, 2.0)]
    raw = pd.DataFrame(rows, columns=["id", "year", "current"])
    facts = pd.DataFrame(
        {"milex_usd_bn": [0.001, 10.5], "milex_year": [2025.0, 2025.0]}, index=["USA", "VNM"]
    )
    out = spending.base_year_spending(raw, facts)
    assert out.loc["USA"].tolist() == [10.0, "SIPRI 2024"]
    assert out.loc["VNM"].tolist() == [10500.0, "fact of 2025"]
    assert out.loc["LBY"].tolist() == [3.0, "SIPRI 2023"]
    assert np.isnan(out.at["YEM", "milex"]) and np.isnan(out.at["AND", "milex"])


@pytest.fixture(scope="module")
def states():
    return pd.read_csv(
        folder() / "states.csv", keep_default_na=False, na_values=[""], index_col="id"
    )


def test_missing_is_not_zero(states):
    assert states.loc[["AND", "KIR", "PSE"], "milex"].isna().all()
    assert (states.loc[["CRI", "ISL", "PAN"], "milex"] == 0).all()
    assert states.loc[["TWN", "XKX", "PSE"], "ideal_point"].isna().all()


def test_figures_refused_are_not_used(states):
    assert states.at["CUB", "gdp"] < 120
    assert 750 < states.at["TWN", "gdp"] < 820
    assert not states["gdp_status"].str.contains("none").any()


def test_shares_are_shares(states):
    assert states["value_added_share"].between(0.2, 0.9).all()
    assert (states["value_added_share_status"] == "measured").sum() == 79
    assert states["polyarchy"].dropna().between(0, 1).all()
    assert (
        states["military_stock"].dropna() >= states["milex"][states["military_stock"].notna()] * 0.9
    ).all()
