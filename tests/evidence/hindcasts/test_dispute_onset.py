"""Onset of disputes from 1990 and 2000: nothing of the future gets in, and the published table."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comity.evidence import backtest
from comity.evidence.hindcasts import dispute_onset as hindcast
from comity.evidence.panels.dyads import peace_years

DOCUMENT = Path(__file__).parents[3] / "docs" / "replications" / "dangerous-dyads.md"
QUANTITY = hindcast.DisputeOnset()
raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(scope="module")
def tables() -> dict[str, backtest.Table]:
    return QUANTITY.tables()


@pytest.fixture(scope="module")
def verdicts(tables) -> dict[int, backtest.Verdict]:
    return {window: backtest.score(QUANTITY, tables, window) for window in (1990, 2000)}


def made_up(seed: int = 0) -> dict[str, backtest.Table]:
    """Sixty pairs over sixty years, twenty of them quarrelsome."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "ccode1": np.repeat(np.arange(60), 60),
            "ccode2": 99,
            "year": np.tile(np.arange(1946, 2006), 60),
            "size": 1.0,
        }
    )
    for name in hindcast.TRAITS:
        rows[name] = np.repeat(rng.normal(size=60), 60)
    rate = np.where(rows.ccode1 < 20, 0.3, 0.02)
    rows["onset"] = (rng.random(len(rows)) < rate).astype(float)
    rows["ongoing"] = rows.onset
    rows["peace"] = peace_years(rows.rename(columns={"ongoing": "dispute_ongoing"}))
    return {"dyads": backtest.Table(rows)}


def spoiled_after(tables: dict[str, backtest.Table], window: int) -> dict[str, backtest.Table]:
    """The same tables with everything after ``window`` overwritten."""
    rows = tables["dyads"].rows
    late = rows.year > window
    rng = np.random.default_rng(1)
    for name in hindcast.TRAITS:
        rows = rows.assign(**{name: rows[name].where(~late, rng.normal(size=len(rows)) * 9)})
    for name in ("onset", "ongoing"):
        rows = rows.assign(**{name: rows[name].where(~late, 1.0 - rows[name])})
    return {"dyads": backtest.Table(rows.assign(peace=rows.peace.where(~late, 70.0)))}


def chances(tables: dict[str, backtest.Table], window: int) -> np.ndarray:
    outlook = QUANTITY.foresee(backtest.Past(window, tables), 10, 0, 0)
    return np.stack([forecast.chance for forecast in outlook.forecasts.values()])


def test_what_comes_after_the_window_changes_no_forecast():
    tables = made_up()
    before = chances(tables, 1990)
    np.testing.assert_array_equal(before, chances(spoiled_after(tables, 1990), 1990))
    assert not np.allclose(before[0], chances(spoiled_after(tables, 1989), 1990)[0])


@raw_data
@pytest.mark.slow
def test_what_comes_after_the_window_changes_no_forecast_of_the_world(tables):
    np.testing.assert_array_equal(chances(tables, 1990), chances(spoiled_after(tables, 1990), 1990))


def test_rows_and_probabilities():
    outlook = QUANTITY.foresee(backtest.Past(1995, made_up()), 10, 0, 0)
    assert len(outlook.rows) == 60 * 10 and set(outlook.rows.year) == set(range(1996, 2006))
    assert not outlook.rows.duplicated(["unit", "year"]).any()
    assert list(outlook.forecasts) == ["model", "conflict history", "pair's record", "base rate"]
    for forecast in outlook.forecasts.values():
        assert ((forecast.chance > 0) & (forecast.chance < 1)).all()


def test_it_tells_quarrelsome_pairs_from_others():
    tables = made_up()
    found = {(s.score, s.baseline_name): s for s in backtest.score(QUANTITY, tables, 1995).scores}
    base = found["log", "base rate"]
    assert base.ours < base.baseline
    assert base.n == 600 and base.last_year == 2005 and base.coverage90 is None
    areas = hindcast.areas(tables, 1995)
    assert areas["base rate"] == 0.5 < 0.7 < areas["model"]


def test_a_pair_is_scored_only_in_years_in_which_it_is_relevant():
    tables = made_up()
    rows = tables["dyads"].rows
    gone = rows[(rows.ccode1 != 3) | (rows.year <= 1999)]
    found = backtest.score(QUANTITY, {"dyads": backtest.Table(gone)}, 1995)
    assert found.scores[0].n == 600 - 6


def test_area_by_hand():
    p, y = np.array([0.9, 0.2, 0.6, 0.2]), np.array([1.0, 0.0, 0.0, 1.0])
    assert hindcast.auc(p, y) == pytest.approx((2 + 0.5) / 4)
    assert hindcast.auc(np.full(4, 0.3), y) == 0.5
    assert np.isnan(hindcast.auc(p, np.zeros(4)))


@raw_data
@pytest.mark.slow
def test_better_than_every_baseline(verdicts):
    """Beyond chance by the log score; at least no worse by the Brier score."""
    for verdict in verdicts.values():
        for one in verdict.scores:
            assert one.ours < one.baseline, one
            assert one.score == "brier" or one.high < 0, one


@raw_data
@pytest.mark.slow
def test_the_document_has_these_scores(verdicts, tables):
    text = DOCUMENT.read_text(encoding="utf-8")
    for window, verdict in verdicts.items():
        for one in verdict.scores:
            row = (
                f"| {window} | {one.score} | {one.baseline_name} | {one.ours:.4f} "
                f"| {one.baseline:.4f} | ({one.low:+.4f}, {one.high:+.4f}) |"
            )
            assert row in text, row
        areas = " | ".join(f"{area:.3f}" for area in hindcast.areas(tables, window).values())
        assert f"| {window} | {areas} |" in text


@raw_data
def test_only_windows_with_later_disputes_can_be_scored(tables):
    found = backtest.scoreable(QUANTITY, tables, (1990, 2000, 2010))
    assert found.window.tolist() == [1990, 2000]
    assert found.last_year.tolist() == [2000, 2010]
    assert backtest.windows(QUANTITY, tables) == (1990, 2000)


@raw_data
def test_trade_of_a_customs_union_with_one_figure_is_missing_and_no_share(tables):
    """Luxembourg's total to 1998 is the union's; its flows are divided by the source."""
    rows = tables["dyads"].rows
    joint = rows[(rows.ccode1.isin([211, 212])) | (rows.ccode2.isin([211, 212]))]
    assert joint[joint.year <= 1998].trade.isna().all()
    assert joint[joint.year.between(1999, 2008)].trade.notna().any()
