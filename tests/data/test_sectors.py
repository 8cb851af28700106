"""Sector tables: they name what they hold, keep what is known and leave unknown what is not."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.data.build import build
from comity.data.series.sectors import BROAD_OF_CLASS, CLASS_OF_KITE, GOODS, IDS, SECTORS, broad_of
from comity.data.tables import sector_tariffs
from comity.world.snapshot import table

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
NAMES = ("sectors", "sector_tariffs", "sector_inputs", "critical")


def test_classes_and_sectors_cover_each_other():
    assert len(SECTORS) == 9 and len(set(IDS)) == 9
    assert set(CLASS_OF_KITE.values()) == set(BROAD_OF_CLASS)
    assert len(CLASS_OF_KITE) == 50
    assert broad_of("C26") == "electronics" and broad_of("B06") == "energy"
    assert broad_of("Services (aggregate)") == "services"


def test_shares_are_shares():
    mix = table("sectors").set_index(["origin", "destination"])
    assert len(mix) == 80 * 80 and (mix >= 0).all(axis=None)
    assert (mix.sum(axis=1) - 1).abs().max() < 1e-3
    assert mix.loc[("SAU", "JPN"), "energy"] > 0.8
    assert mix.loc[("TWN", "USA"), "electronics"] > mix.loc[("DEU", "USA"), "electronics"]
    inputs = table("sector_inputs").set_index(["state", "using"])
    assert len(inputs) == 44 * 10
    assert (inputs.sum(axis=1) - 1).abs().max() < 1e-3
    assert inputs["value_added"].isna().sum() == 44


def test_tariffs_have_no_row_where_nothing_is_known():
    rates = table("sector_tariffs").set_index(["importer", "exporter"])
    assert len(rates) == 79 * 78 and list(rates.columns) == list(GOODS)
    assert rates.notna().all(axis=None) and rates.max(axis=None) < 0.6
    named = set(rates.index.get_level_values(0))
    assert not named & {"ROW", "HKG", "IRN", "PRK"}
    assert not rates.loc[("DEU", "FRA")].any() and not rates.loc[("USA", "MEX")].any()
    assert rates.loc[("USA", "JPN"), "food"] < 0.05  # tobacco peaks are out
    assert rates.loc[("USA", "TUR"), "metals"] > rates.loc[("USA", "DEU"), "metals"]  # steel
    assert rates.loc[("USA", "CHN")].min() > 0.15  # the duties since 2018 are in


def test_broad_rates_are_weighted_by_sales():
    rates = pd.DataFrame(
        [("A", "B", "C24A", 3.0, 0.1), ("A", "B", "C25", 1.0, 0.5), ("A", "B", "C26", 0.0, 0.2)],
        columns=["importer", "exporter", "sector", "sales", "rate"],
    )
    broad = sector_tariffs.broad_rates(rates).set_index("broad")
    assert broad.rate["metals"] == pytest.approx(0.2)
    assert broad.rate["electronics"] == pytest.approx(0.2)
    target = pd.DataFrame({"importer": ["A"], "exporter": ["B"], "rate": [0.5]})
    moved = sector_tariffs.shifted(broad.reset_index(), target).set_index("broad")
    assert moved.rate.to_list() == pytest.approx([0.5, 0.5])


def test_fuel_and_minerals():
    critical = table("critical").set_index("id")
    assert critical.loc["JPN", ["oil", "gas", "coal"]].min() > 0.99
    assert critical.loc[["SAU", "RUS", "NOR"], "oil"].max() < 0
    assert critical.loc["CHN", "rare_earths"] > 0.6 and critical.loc["COD", "cobalt"] > 0.6
    minerals = critical.drop(columns=["oil", "gas", "coal"])
    assert minerals.sum().between(0.4, 1.0).all()
    assert np.isnan(critical.loc["JPN", "lithium"])  # not listed is unknown, not zero


@needs_data
@pytest.mark.slow
def test_tables_build_to_the_committed_bytes(tmp_path):
    build.build(tmp_path, only=NAMES)
    for name in NAMES:
        made = (tmp_path / f"{name}.csv").read_bytes()
        assert made == (build.folder() / f"{name}.csv").read_bytes(), name
