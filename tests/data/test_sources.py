"""Cleaning of sources: corrupted input is refused, by name and place."""

import numpy as np
import pandas as pd
import pytest

from comity.core.errors import BadInput
from comity.data.sources import gapminder, sipri_milex, world_bank
from comity.data.sources import sanity as checks


def sipri(**changes):
    rows = {
        "ccode": [2, 2, 365, np.nan, 395],
        "year": [2023, 2024, 1990, 2024, 2024],
        "country": ["USA", "USA", "Russia", "European Union", "Iceland"],
        "milex_current_usd_m": [9e5, 9.9e5, 0.0, 100.0, 0.0],
        "milex_const2023usd_m": [9e5, 9.7e5, np.nan, 100.0, 0.0],
        "milex_share_gdp": [0.03, 0.03, np.nan, np.nan, 0.0],
    }
    return pd.DataFrame(rows | changes)


def test_false_zeros_and_organisations_fall_away():
    out = sipri_milex.tidy(sipri())
    assert out["id"].tolist() == ["ISL", "USA", "USA"]
    assert out.set_index("id").at["ISL", "current"] == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"milex_current_usd_m": [9e5, -1.0, 0.0, 1.0, 0.0]}, "outside"),
        ({"milex_current_usd_m": [9e5, 9.9e8, 0.0, 1.0, 0.0]}, "USA"),
        ({"milex_share_gdp": [3.0, 0.03, np.nan, np.nan, 0.0]}, "share of GDP"),
        ({"year": [2024, 2024, 1990, 2024, 2024]}, "share their key"),
    ],
)
def test_impossible_spending_is_refused(changes, words):
    with pytest.raises(BadInput, match=words):
        sipri_milex.tidy(sipri(**changes))


def test_missing_columns_and_empty_files_are_refused():
    with pytest.raises(BadInput, match="milex_share_gdp"):
        sipri_milex.tidy(sipri().drop(columns="milex_share_gdp"))
    with pytest.raises(BadInput, match="no rows"):
        sipri_milex.tidy(sipri().iloc[:0])


def bank(codes, values):
    return pd.DataFrame({"Country Code": codes, "Year": 2023, "Value": values})


def test_aggregates_fall_away_and_namibia_stays():
    out = world_bank.gdp_current(bank(["NAM", "WLD", "XKX"], [1.2e10, 1e14, 1e10]))
    assert sorted(out.index.get_level_values("id")) == ["NAM", "XKX"]


@pytest.mark.parametrize("value", [-1.0, 0.0, 1e15])
def test_impossible_gdp_is_refused(value):
    with pytest.raises(BadInput, match="wb_gdp_current_usd"):
        world_bank.gdp_current(bank(["USA"], [value]))


def test_projections_are_left_out():
    raw = pd.DataFrame(
        {
            "geo": ["jpn"] * 4,
            "time": [2024, 2024, 2030, 2030],
            "indicator": ["fasttrack_gdp_pcap", "fasttrack_pop"] * 2,
            "value": [4e4, 1.2e8, 5e4, 1.1e8],
        }
    )
    out = gapminder.gdp_ppp(raw)
    assert out.index.tolist() == [("JPN", 2024)] and out.iloc[0] == pytest.approx(4.8e12)


def test_checks_let_missing_values_pass_and_name_the_first_bad_one():
    values = pd.Series([0.5, np.nan, 2.0], index=["a", "b", "c"])
    checks.within(values, 0, 2, "shares")
    with pytest.raises(BadInput, match="at c"):
        checks.within(values, 0, 1, "shares")
