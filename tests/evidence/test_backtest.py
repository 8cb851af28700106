"""The harness: nothing later than a window's year gets in; what comes is scored, to its last."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.evidence import backtest
from comity.evidence.backtest import Chances, Normal, Outlook, Past, Samples, Table


def walks(units: int = 90, last: int = 2015, seed: int = 0) -> pd.DataFrame:
    """Random walks with unit drift nil and yearly sd 1; size is the unit's number."""
    rng = np.random.default_rng(seed)
    years = np.arange(1950, last + 1)
    level = rng.normal(size=(len(years), units)).cumsum(axis=0)
    year, unit = (x.ravel() for x in np.meshgrid(years, np.arange(units), indexing="ij"))
    return pd.DataFrame(
        {
            "unit": [f"U{u}" for u in unit],
            "year": year,
            "value": level.ravel(),
            "size": unit.astype(float),
            "smoothed": level.mean(axis=0)[unit],
        }
    )


@dataclass(frozen=True)
class Walk:
    """Last value with the walk's true spread, against the same shifted by ``bias``."""

    rows: pd.DataFrame
    bias: float = 0.5
    own_bias: float = 0.0
    spread: float = 1.0
    sampled: bool = False
    name: str = "walk"
    unit: str = "hundredths"
    scale: float = 100.0
    kind: str = "continuous"
    first_window: int = 1990
    outcome: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ("unit",)
    claimed: bool = True

    def tables(self):
        return {"levels": Table(self.rows, revised=("smoothed",))}

    def seen(self, tables, last):
        rows = tables["levels"].rows
        return rows.loc[rows.year > last, ["unit", "year", "value"]]

    def foresee(self, past, horizon, draws, seed):
        levels = past.table("levels")
        now = levels[levels.year == past.last]
        rows = pd.concat([now.assign(year=past.last + h) for h in range(1, horizon + 1)])
        sd = self.spread * np.sqrt((rows.year - past.last).to_numpy(float))
        mean = rows.value.to_numpy()
        ours = Normal(mean + self.own_bias, sd)
        if self.sampled:
            shocks = np.random.default_rng(seed).normal(size=(draws, len(rows)))
            ours = Samples(mean + sd * shocks)
        return Outlook(
            rows[["unit", "year", "size"]], {"model": ours, "biased": Normal(mean + self.bias, sd)}
        )


@dataclass(frozen=True)
class Event:
    """Events with a known chance."""

    rows: pd.DataFrame
    name: str = "event"
    unit: str = "1"
    scale: float = 1.0
    kind: str = "binary"
    first_window: int = 2000
    outcome: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ("unit", "year")
    claimed: bool = True

    def tables(self):
        return {"events": Table(self.rows)}

    def seen(self, tables, last):
        rows = tables["events"].rows
        return rows.loc[rows.year > last, ["unit", "year", "value"]]

    def foresee(self, past, horizon, draws, seed):
        units = past.table("events").unit.unique()
        rows = pd.DataFrame(
            {
                "unit": np.tile(units, horizon),
                "size": np.nan,
                "year": np.repeat(past.last + 1 + np.arange(horizon), len(units)),
            }
        )
        return Outlook(
            rows,
            {"model": Chances(np.full(len(rows), 0.2)), "coin": Chances(np.full(len(rows), 0.5))},
        )


def scored(quantity, window=2000, **more):
    return backtest.score(quantity, quantity.tables(), window, **more)


# ---- what a forecast may see


@given(st.integers(1951, 2014), st.integers(0, 1000))
def test_a_past_holds_no_later_row(last, seed):
    rows = walks(5).sample(frac=1.0, random_state=seed)
    past = Past(last, {"levels": Table(rows)})
    table = past.table("levels")
    assert table.year.max() == last
    assert len(table) == (rows.year <= last).sum()


def test_a_past_holds_copies():
    rows = walks(5)
    past = Past(2000, {"levels": Table(rows)})
    rows["value"] = 0.0
    first = past.table("levels")
    first["value"] = 1.0
    assert past.table("levels").value.nunique() > 200


def test_revised_columns_and_later_categories_are_withheld():
    rows = walks(5)
    rows["era"] = pd.Categorical(np.where(rows.year > 2000, "after the fall", "before"))
    rows.attrs["outcome"] = "a secret"
    table = Past(2000, {"levels": Table(rows, revised=("smoothed",))}).table("levels")
    assert "smoothed" not in table
    assert list(table.era.cat.categories) == ["before"]
    assert not table.attrs
    assert table.index.tolist() == list(range(len(table)))


def test_what_has_no_date_is_known_at_all_times():
    fixed = pd.DataFrame({"a": ["X"], "b": ["Y"], "distance": [3.0]})
    assert len(Past(1900, {"distance": Table(fixed, dated=None)}).table("distance")) == 1


def test_a_row_without_a_year_is_never_known():
    rows = walks(2).astype({"year": float})
    rows.loc[0, "year"] = np.nan
    assert not Past(2050, {"levels": Table(rows)}).table("levels").year.isna().any()


def test_a_table_that_was_not_declared_cannot_be_read():
    with pytest.raises(BadInput, match="levels"):
        Past(2000, {"levels": Table(walks(2))}).table("outcomes")


@given(st.integers(0, 10_000))
def test_scrambling_the_future_changes_no_forecast(seed):
    quantity = Walk(walks(20), sampled=True)
    later = quantity.rows.copy()
    after = later.year > 2000
    rng = np.random.default_rng(seed)
    later.loc[after, ["value", "size"]] = 1e6 * rng.normal(size=(after.sum(), 2))
    changed = replace(quantity, rows=later)
    a, b = (q.foresee(Past(2000, q.tables()), 10, 20, 1) for q in (quantity, changed))
    pd.testing.assert_frame_equal(a.rows, b.rows, check_exact=True)
    np.testing.assert_array_equal(a.forecasts["model"].draws, b.forecasts["model"].draws)
    later.loc[later.year == 2000, "value"] += 1.0
    c = changed.foresee(Past(2000, changed.tables()), 10, 20, 1)
    assert not np.array_equal(a.forecasts["model"].draws, c.forecasts["model"].draws)


# ---- scores


def test_the_right_forecast_wins_and_covers():
    verdict = scored(Walk(walks(600)))
    crps = next(row for row in verdict.scores if row.score == "crps")
    assert crps.high < 0 and backtest.result(crps) == "better"
    assert crps.n == 6000 and crps.last_year == 2010
    assert crps.coverage90 == pytest.approx(0.90, abs=0.02)
    assert verdict.covered and len(verdict.terciles) == 3
    # Mean CRPS of N(0, h) forecasts of N(0, h): sqrt(h / pi), in hundredths.
    expected = 100 * np.mean(np.sqrt(np.arange(1, 11) / np.pi))
    assert crps.ours == pytest.approx(expected, rel=0.04)


def test_draws_score_like_the_formula():
    formula, drawn = (scored(Walk(walks(300), sampled=s), draws=400) for s in (False, True))
    for a, b in zip(formula.scores, drawn.scores, strict=True):
        assert b.ours == pytest.approx(a.ours, rel=0.01 if a.score == "crps" else 0.03)


def test_a_forecast_beside_itself_is_even():
    verdict = scored(Walk(walks(50), bias=0.0))
    assert all(row.low == row.high == 0.0 for row in verdict.scores)
    assert {backtest.result(row) for row in verdict.scores} == {"even"}


def test_a_worse_forecast_is_called_worse():
    verdict = scored(Walk(walks(600), bias=0.0, own_bias=0.5))
    assert {backtest.result(row) for row in verdict.scores} == {"worse"}


@pytest.mark.parametrize("spread", [0.4, 9.0])
def test_intervals_too_narrow_or_too_wide_miss_the_bar(spread):
    assert scored(Walk(walks(300), spread=spread)).covered is False


def test_narrow_intervals_of_the_large_cannot_hide_behind_wide_ones_of_the_small():
    """Coverage is 90 % overall, but 100 / 100 / 70 by size."""
    rows = walks(300)
    large = rows["size"] >= 200
    rows["value"] = np.where(large, 1.9, 0.4) * rows.value
    verdict = scored(Walk(rows))
    assert 0.8 < verdict.scores[0].coverage90 < 0.97
    assert verdict.terciles[2] < 0.8 and verdict.covered is False


def test_the_claim_is_about_the_windows_that_are_named():
    wide = Walk(walks(300), spread=9.0)
    assert scored(wide, 2000).claimed and not scored(wide, 1995).claimed


def test_events():
    rng = np.random.default_rng(1)
    unit, year = (x.ravel() for x in np.meshgrid(np.arange(200), np.arange(1990, 2011)))
    rows = pd.DataFrame({"unit": unit, "year": year, "value": (rng.random(unit.size) < 0.2) * 1.0})
    verdict = scored(Event(rows))
    brier, log = (next(r for r in verdict.scores if r.score == k) for k in ("brier", "log"))
    assert verdict.covered is None and brier.coverage90 is None
    assert brier.ours == pytest.approx(0.16, abs=0.02)
    assert log.ours == pytest.approx(-(0.2 * np.log(0.2) + 0.8 * np.log(0.8)), abs=0.03)
    assert brier.high < 0 and log.high < 0
    assert backtest.strongest(verdict, "log").baseline_name == "coin"


def test_a_row_one_forecast_lacks_is_scored_for_none():
    @dataclass(frozen=True)
    class Gap(Walk):
        def foresee(self, past, horizon, draws, seed):
            made = super().foresee(past, horizon, draws, seed)
            other = made.forecasts["biased"]
            hole = np.where(made.rows.unit == "U3", np.nan, other.mean)
            return Outlook(made.rows, made.forecasts | {"biased": Normal(hole, other.sd)})

    assert scored(Gap(walks(30))).scores[0].n == 290


# ---- which years


def test_the_last_year_scored_is_read_from_the_data():
    """Figures added later are scored by themselves, up to ten years."""
    for last, expected in ((2003, 2003), (2007, 2007), (2015, 2010)):
        verdict = scored(Walk(walks(20, last)))
        assert {row.last_year for row in verdict.scores} == {expected}
        assert verdict.scores[0].n == 20 * (expected - 2000)


def test_the_table_of_what_can_be_scored():
    quantity = Walk(walks(5, last=1996))
    table = backtest.scoreable(quantity, quantity.tables(), (1980, 1990, 1996, 2000))
    assert table.to_numpy().tolist() == [["walk", 1980, 1981, 1990], ["walk", 1990, 1991, 1996]]


def test_windows_follow_the_data():
    """Every tenth year with four years after it, and the last one with all ten observed."""
    for last, expected in (
        (1993, ()),
        (1996, (1990,)),
        (2004, (1990, 1994, 2000)),
        (2015, (1990, 2000, 2005, 2010)),
        (2024, (1990, 2000, 2010, 2014, 2020)),
        (2030, (1990, 2000, 2010, 2020)),
    ):
        quantity = Walk(walks(5, last=last))
        assert backtest.windows(quantity, quantity.tables()) == expected, last


def test_coverage_of_a_window_with_some_of_its_years_is_not_claimed():
    wide = Walk(walks(300, last=2016), spread=9.0)
    assert scored(wide, 2000).claimed and not scored(wide, 2010).claimed
    assert scored(wide, 2010).covered is False


def test_years_after_the_end_of_an_outcomes_source_are_unknown(monkeypatch):
    quantity = replace(Walk(walks(5, last=2015)), outcome=("gml_mid_directed_dyad_year",))
    monkeypatch.delenv("COMITY_DATA", raising=False)  # the card's last year, 2010, stands
    assert scored(quantity, 2005).scores[0].last_year == 2010
    with pytest.raises(BadInput, match="no later year"):
        scored(quantity, 2010)


def test_a_window_after_the_data_is_refused_before_anything_is_fitted():
    with pytest.raises(BadInput, match="no later year"):
        scored(Walk(walks(5, last=2000)))
