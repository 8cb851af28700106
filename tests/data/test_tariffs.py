"""Tariffs: true zeros stay, missing stays missing, hand-made figures arrive."""

import os
from functools import lru_cache

import pandas as pd
import pytest

from comity.data.tables import tariffs

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@lru_cache(maxsize=1)
def _rates() -> pd.Series:
    return tariffs.build().set_index(["importer", "exporter"]).rate


def _sectors(rows):
    return pd.DataFrame(rows, columns=["importer", "exporter", "sector", "sales", "rate"])


def test_average_is_weighted_by_sales_and_blank_without_sales():
    table = tariffs.average(
        _sectors([("A", "B", "x", 3.0, 0.1), ("A", "B", "y", 1.0, 0.5), ("A", "C", "x", 0.0, 0.2)])
    )
    assert table.to_dict("records") == [{"importer": "A", "exporter": "B", "rate": 0.2}]


def test_added_duties_touch_only_their_sector():
    changes = pd.DataFrame(
        [("A", "B", "x", "add", 0.25)], columns=["importer", "exporter", "sector", "kind", "rate"]
    )
    rows = _sectors([("A", "B", "x", 1.0, 0.1), ("A", "B", "y", 1.0, 0.1), ("A", "C", "x", 1.0, 0)])
    assert tariffs.with_added(rows, changes).rate.tolist() == pytest.approx([0.35, 0.1, 0.0])


def test_every_adjustment_has_a_source_and_a_status():
    table = tariffs.adjustments()
    assert set(table.kind) == {"add", "replace"}
    assert table.source.str.len().min() > 20
    assert set(table.status) <= {"checked", "memory, unverified"}
    assert not table.duplicated(["importer", "exporter", "sector"]).any()


@needs_data
def test_trade_war_is_in_and_the_food_peaks_are_out():
    rates = _rates()
    assert rates["USA", "CHN"] == 0.208 and rates["CHN", "USA"] == 0.212
    assert rates["USA", "JPN"] == pytest.approx(0.0233, abs=0.001)  # 0.034 with food
    assert rates["USA"].drop("CHN").max() < 0.12
    assert rates["USA", "TUR"] > rates["USA", "DEU"]  # steel under section 232


@needs_data
def test_true_zeros():
    rates = _rates()
    assert rates["DEU", "FRA"] == 0 and rates["USA", "MEX"] == 0 and rates["GBR", "DEU"] == 0
    assert rates["SGP"].max() < 0.001
    assert rates["DEU"].drop("GBR").loc[["USA", "CHN", "IND"]].min() > 0.01


@needs_data
def test_unknown_pairs_have_no_row():
    rates = _rates()
    assert rates.notna().all() and rates.between(0, 0.6).all()
    states = set(rates.index.get_level_values(0)) | set(rates.index.get_level_values(1))
    assert len(states) == 79 and not states & {"ROW", "HKG", "IRN", "PRK", "CUB", "KEN"}
    assert len(rates) <= 79 * 78 and ("USA", "USA") not in rates.index


@needs_data
def test_food_is_dropped_only_where_it_is_useless():
    from comity.data.sources import teti

    rates = teti.sector_rates()
    assert teti.peaked_importers(rates) == ["ARE", "EGY", "JOR", "MYS", "SAU", "USA"]
    kept = teti.without_peaks(rates)
    assert teti.FOOD in set(kept[kept.importer == "JPN"].sector)
    assert teti.FOOD not in set(kept[kept.importer == "USA"].sector)
