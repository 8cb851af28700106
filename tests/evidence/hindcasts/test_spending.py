"""Military spending forecast from four years with what was known then, against what came."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comity.core.parameters import book
from comity.evidence.backtest import Past, Table, score
from comity.evidence.hindcasts import military_spending as spending
from comity.evidence.hindcasts.military_spending import Spending
from comity.evidence.panels import spending_panel
from comity.evidence.panels.spending_panel import REACTIONS

DOCUMENT = Path(__file__).parents[3] / "docs" / "replications" / "armament.md"
raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
WINDOWS = (1990, 2000, 2010, 2014)
PANEL = ("growth", "level", "income", "rivals", "allies")


def made_up(states: int = 120, seed: int = 0) -> dict[str, Table]:
    """Tables in which spending is a share of GDP that walks with sd 0.1 a year."""
    rng = np.random.default_rng(seed)
    years, names = np.arange(1950, 2011), [f"S{i:03}" for i in range(states)]
    growth = 0.03 + 0.02 * rng.normal(size=(len(years), states))
    gdp = np.exp(growth.cumsum(0) + rng.normal(size=states))
    share = np.exp(np.log(0.02) + 0.1 * rng.normal(size=growth.shape).cumsum(0))
    grid = pd.MultiIndex.from_product([years, names], names=["year", "unit"])

    def rows(**columns: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame({n: c.ravel() for n, c in columns.items()}, grid).reset_index()

    milex = 1e6 * share * gdp
    pairs = pd.DataFrame({"unit": names[0::2], "other": names[1::2]})
    pairs = pd.concat([pairs.assign(year=y, kind=k) for y in years for k in REACTIONS])
    return {
        "spending": Table(rows(constant=milex, share=share, watched=milex)),
        "growth": Table(rows(growth=growth, population=np.full(growth.shape, 0.01), size=gdp)),
        "watched": Table(pairs),
    }


def test_fit_finds_the_numbers_a_panel_was_made_with():
    found = spending.fit(Past(2009, made_up(states=600)))
    assert found.income == pytest.approx(1.0, abs=0.06)
    assert found.slope == pytest.approx(0.0, abs=0.05)
    assert found.sd == pytest.approx(0.1, rel=0.08)


def test_nothing_after_the_window_is_used():
    """Scrambling the future leaves every draw of a forecast as it was, bit for bit."""
    tables, changed = made_up(), {}
    rng = np.random.default_rng(9)
    for name, table in tables.items():
        rows = table.rows.copy()
        late = rows.year > 2000
        for column in rows.columns.difference(["unit", "year", "other", "kind"]):
            rows.loc[late, column] = rng.uniform(1.0, 2.0, late.sum())
        changed[name] = Table(rows[~late] if name == "watched" else rows)
    quantity = Spending(reactions=True)
    before, after = (quantity.foresee(Past(2000, t), 10, 20, 1) for t in (tables, changed))
    pd.testing.assert_frame_equal(before.rows, after.rows)
    assert list(before.forecasts) == list(after.forecasts)
    for name, forecast in before.forecasts.items():
        for field in forecast.__dataclass_fields__:
            np.testing.assert_array_equal(
                getattr(forecast, field), getattr(after.forecasts[name], field)
            )


def test_who_is_watched_by_hand():
    pairs = pd.DataFrame({"unit": ["A", "A", "B"], "other": ["B", "C", "C"]})
    table = pd.DataFrame({"B": [1.0, 3.0], "C": [2.0, np.nan]}, index=[2000, 2010])
    change = spending_panel._watched_change(pairs, table, 2000, 2010)
    assert change["A"] == pytest.approx(np.log(3.0))  # C is not known at the end
    assert "B" not in change


def test_share_of_the_year_before_stands_in():
    rows = pd.DataFrame(
        {"unit": ["A", "B", "B"], "year": [1999, 1999, 2000], "share": [0.02, 0.03, 0.04]}
    )
    assert np.exp(spending_panel.log_share(rows, 2000)).to_dict() == pytest.approx(
        {"A": 0.02, "B": 0.04}
    )


def test_a_forecast_of_made_up_data_covers_what_came():
    verdict = score(Spending(), made_up(), 2000, draws=200)
    assert verdict.scores[0].ours < verdict.scores[0].baseline
    assert verdict.scores[0].coverage90 == pytest.approx(0.9, abs=0.06)


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return Spending().tables()


def estimates(tables: dict[str, Table]) -> list[str]:
    """The lines of the document's tables of estimates."""
    lines = []
    for last in (1990, 2000, 2010, 2024):
        past = Past(last, tables)
        plain, more = spending.fit(past), spending.fit(past, REACTIONS)
        lines.append(
            f"| {last} | {plain.n} | {plain.income:.2f} | {plain.slope:.3f} | {plain.spread:.3f} "
            f"| {plain.shared:.3f} | {more.reactions['rivals']:.2f} "
            f"| {more.reactions['allies']:.2f} |"
        )
        yearly = spending.yearly_panel(past, PANEL)
        cells = [
            f"{a:.3f} ({e:.3f}) {b:.3f}"
            for a, e, b in zip(yearly.raw, yearly.errors, yearly.slopes, strict=True)
        ]
        lines.append(f"| {last} | {yearly.states} | {yearly.n} | {' | '.join(cells)} |")
    return lines


def scores(tables: dict[str, Table], window: int) -> list[str]:
    """The lines of the document's tables of scores from one window."""
    verdict = score(Spending(reactions=True), tables, window)
    assert verdict.terciles is not None
    crps = {s.baseline_name: s for s in verdict.scores if s.score == "crps"}
    first = next(iter(crps.values()))
    inside = " / ".join(f"{100 * share:.0f}" for share in verdict.terciles)
    simple = [
        f"{s.baseline:.2f} ({s.low:+.2f}, {s.high:+.2f})"
        for name, s in crps.items()
        if not name.startswith("with ")
    ]
    richer = [
        f"{s.baseline:.2f} ({s.low:+.2f}, {s.high:+.2f})"
        for name, s in crps.items()
        if name.startswith("with ")
    ]
    return [
        f"| {window} | {first.n} | {first.ours:.2f} | {' | '.join(simple)} | {inside} |",
        f"| {window} | {first.ours:.2f} | {' | '.join(richer)} |",
    ]


@raw_data
@pytest.mark.slow
def test_document_prints_what_the_data_give(tables):
    lines = estimates(tables) + [line for w in WINDOWS for line in scores(tables, w)]
    text = DOCUMENT.read_text(encoding="utf-8")
    missing = [line for line in lines if line not in text]
    assert not missing, "not in docs/replications/armament.md:\n" + "\n".join(missing)


@raw_data
@pytest.mark.slow
@pytest.mark.parametrize("window", WINDOWS)
def test_it_beats_random_walks_with_drift(tables, window):
    verdict = score(Spending(), tables, window)
    for one in verdict.scores:
        if one.score == "crps" and one.baseline_name in ("drift of 20 years", "drift", "mixture"):
            assert one.high < 0, one


@raw_data
@pytest.mark.slow
def test_book_holds_the_estimates(tables):
    rows = spending_panel.decades(Past(2024, tables))
    plain, numbers = spending.fit_rows(rows), book("armament")
    assert numbers["income"].value == pytest.approx(plain.income, abs=5e-4)
    assert numbers["reversion"].value == pytest.approx(plain.reversion, abs=5e-5)
    assert numbers["shock_sd"].value == pytest.approx(plain.sd, abs=5e-4)
    assert numbers["drift"].prior.sd == pytest.approx(plain.shared / 10, abs=5e-5)
    error = spending.errors(rows)
    for name, column in (("income", "income"), ("reversion", "reversion"), ("shock_sd", "log_sd")):
        assert numbers[name].prior.sd == pytest.approx(error[column], rel=0.03)
    more, errors = spending.fit_rows(rows, REACTIONS), spending.errors(rows, REACTIONS)
    option = book("armament", "reactions")
    for kind in REACTIONS:
        mine = option[f"{kind}_response"]
        assert mine.value == pytest.approx(more.reactions[kind], abs=1e-3)
        assert mine.prior.sd == pytest.approx(errors[kind], rel=0.03)
