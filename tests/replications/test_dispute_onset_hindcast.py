"""Onset of disputes from 1990 and 2000: nothing of the future gets in, and the published table."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comity.hindcasts import dispute_onset as hindcast
from comity.replications.dyads import peace_years

DOCUMENT = Path(__file__).parents[2] / "docs" / "replications" / "dangerous-dyads.md"
raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return hindcast.panel()


@pytest.fixture(scope="module")
def scores(panel) -> dict[int, list[hindcast.Score]]:
    return {window: hindcast.score(window, panel) for window in (1990, 2000)}


def made_up(seed: int = 0) -> pd.DataFrame:
    """Sixty pairs over sixty years, twenty of them quarrelsome."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"ccode1": np.repeat(np.arange(60), 60), "ccode2": 99,
                         "year": np.tile(np.arange(1946, 2006), 60)})
    for name in hindcast.TRAITS:
        rows[name] = np.repeat(rng.normal(size=60), 60)
    rate = np.where(rows.ccode1 < 20, 0.3, 0.02)
    rows["onset"] = (rng.random(len(rows)) < rate).astype(float)
    rows["ongoing"] = rows.onset
    rows["peace"] = peace_years(rows.rename(columns={"ongoing": "dispute_ongoing"}))
    return rows


def spoiled_after(rows: pd.DataFrame, window: int) -> pd.DataFrame:
    """The same rows with everything after ``window`` overwritten."""
    late = rows.year > window
    rng = np.random.default_rng(1)
    for name in hindcast.TRAITS:
        rows = rows.assign(**{name: rows[name].where(~late, rng.normal(size=len(rows)) * 9)})
    for name in ("onset", "ongoing"):
        rows = rows.assign(**{name: rows[name].where(~late, 1.0 - rows[name])})
    return rows.assign(peace=rows.peace.where(~late, 70.0))


def test_what_comes_after_the_window_changes_no_forecast():
    rows = made_up()
    a, b = hindcast.forecast(1990, rows), hindcast.forecast(1990, spoiled_after(rows, 1990))
    assert a.penalty == b.penalty
    pd.testing.assert_frame_equal(a.table, b.table)
    c = hindcast.forecast(1990, spoiled_after(rows, 1989))
    assert not np.allclose(a.table.ours, c.table.ours)


@raw_data
def test_what_comes_after_the_window_changes_no_forecast_of_the_world(panel):
    a = hindcast.forecast(1990, panel)
    b = hindcast.forecast(1990, spoiled_after(panel, 1990))
    pd.testing.assert_frame_equal(a.table, b.table)


def test_probabilities_and_keys():
    table = hindcast.forecast(1995, made_up()).table
    assert len(table) == 60 * 10 and set(table.year) == set(range(1996, 2006))
    for name in ("ours", *hindcast.BASELINES):
        assert table[name].between(0, 1, inclusive="neither").all()


def test_it_tells_quarrelsome_pairs_from_others():
    found = {(s.score, s.baseline_name): s for s in hindcast.score(1995, made_up(), draws=50)}
    base = found["log", "base rate"]
    assert base.ours < base.baseline and base.high < 0
    assert base.n == 600 and base.last_year == 2005


def test_scores_by_hand():
    p, y = np.array([0.9, 0.2, 0.6, 0.2]), np.array([1.0, 0.0, 0.0, 1.0])
    np.testing.assert_allclose(hindcast.brier_scores(p, y), [0.01, 0.04, 0.36, 0.64])
    np.testing.assert_allclose(hindcast.log_scores(p, y), -np.log([0.9, 0.8, 0.4, 0.2]))
    assert hindcast.auc(p, y) == pytest.approx((2 + 0.5) / 4)
    assert hindcast.auc(np.full(4, 0.3), y) == 0.5
    assert np.isnan(hindcast.auc(p, np.zeros(4)))


def test_brier_as_another_package_has_it():
    import scoringrules

    rng = np.random.default_rng(0)
    p, y = rng.random(50), (rng.random(50) < 0.3).astype(float)
    np.testing.assert_allclose(hindcast.brier_scores(p, y), scoringrules.brier_score(y, p))


@raw_data
def test_better_than_the_base_rate_and_the_pairs_own_record(scores):
    for found in scores.values():
        for one in found:
            better = one.ours > one.baseline if one.score == "auc" else one.ours < one.baseline
            assert better, one


@raw_data
def test_the_document_has_these_scores(scores):
    text = DOCUMENT.read_text(encoding="utf-8")
    for window, found in scores.items():
        for one in found:
            row = (f"| {window} | {one.score} | {one.baseline_name} | {one.ours:.4f} "
                   f"| {one.baseline:.4f} | ({one.low:+.4f}, {one.high:+.4f}) |")
            assert row in text, row
