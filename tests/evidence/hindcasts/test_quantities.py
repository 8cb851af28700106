"""Every quantity of the catalogue on real data: nothing later gets in; the page says what is so."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from comity.evidence import backtest
from comity.evidence.backtest import Chances, Normal, Past, Quantity, Samples, Table
from comity.evidence.hindcasts import scoreboard
from comity.evidence.hindcasts.quantities import QUANTITIES

DOCUMENT = Path(__file__).parents[3] / "docs" / "replications" / "hindcasts.md"
pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def read() -> dict[str, tuple[Quantity, dict[str, Table]]]:
    return {name: (one := maker(), one.tables()) for name, maker in QUANTITIES.items()}


def scrambled(table: Table, last: int, seed: int) -> Table:
    """The table with half of its later rows gone and the figures of the rest replaced."""
    if table.dated is None:
        return table
    rng = np.random.default_rng(seed)
    known = table.rows[table.rows[table.dated] <= last]
    later = table.rows[table.rows[table.dated] > last].sample(frac=0.5, random_state=seed)
    for name in later.columns:
        if name == table.dated:
            continue
        if pd.api.types.is_numeric_dtype(later[name]):
            noise = pd.Series(1e3 * rng.normal(size=len(later)), later.index)
            later[name] = noise.astype(later[name].dtype)
        else:
            later[name] = rng.permutation(later[name].to_numpy())
    rows = pd.concat([known, later.sample(frac=1.0, random_state=seed)])
    return Table(rows, table.dated, table.revised)


@pytest.fixture(scope="module")
def outlooks(read) -> Callable[[str], backtest.Outlook]:
    """The forecast of a quantity from 2000, made once."""
    return cache(lambda name: read[name][0].foresee(Past(2000, read[name][1]), 10, 20, 3))


def numbers(forecast: backtest.Forecast) -> tuple[np.ndarray, ...]:
    match forecast:
        case Normal(mean, sd):
            return mean, sd
        case Samples(draws):
            return (draws,)
        case Chances(chance):
            return (chance,)


@pytest.mark.parametrize("name", QUANTITIES)
def test_scrambling_what_came_later_changes_no_forecast(name, read, outlooks, monkeypatch):
    """Bit for bit; and a forecast reads nothing but its past: the files are out of reach."""
    quantity, tables = read[name]
    changed = {key: scrambled(table, 2000, 7) for key, table in tables.items()}
    monkeypatch.delenv("COMITY_DATA")
    monkeypatch.delenv("COMITY_FACTS", raising=False)
    a = outlooks(name)
    b = quantity.foresee(Past(2000, changed), 10, 20, 3)
    pd.testing.assert_frame_equal(a.rows, b.rows, check_exact=True)
    assert list(a.forecasts) == list(b.forecasts)
    for key in a.forecasts:
        for x, y in zip(numbers(a.forecasts[key]), numbers(b.forecasts[key]), strict=True):
            np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("name", QUANTITIES)
def test_what_was_known_does_matter(name, read, outlooks):
    """The test above would also pass for a forecast that looks at nothing."""
    quantity, tables = read[name]
    a = outlooks(name).forecasts["model"]
    b = quantity.foresee(Past(1999, tables), 10, 20, 3).forecasts["model"]
    same = [
        x.shape == y.shape and np.array_equal(x, y, equal_nan=True)
        for x, y in zip(numbers(a), numbers(b), strict=True)
    ]
    assert not any(same)


@pytest.mark.parametrize("name", QUANTITIES)
def test_an_outlook_has_one_row_a_unit_and_year(name, read, outlooks):
    quantity, tables = read[name]
    outlook = outlooks(name)
    rows = outlook.rows
    assert not rows.duplicated(["unit", "year"]).any()
    assert rows.year.between(2001, 2010).all()
    assert {"unit", "year", "size", *quantity.blocks} <= set(rows)
    assert next(iter(outlook.forecasts)) == "model" and len(outlook.forecasts) >= 3
    for forecast in outlook.forecasts.values():
        assert {x.shape[-1] for x in numbers(forecast)} == {len(rows)}
    assert not quantity.seen(tables, 2000).duplicated(["unit", "year"]).any()


@pytest.mark.parametrize("name", QUANTITIES)
def test_nothing_can_be_scored_after_the_last_figure(name, read):
    quantity, tables = read[name]
    assert backtest.scoreable(quantity, tables, (2030,)).empty


@pytest.fixture(scope="module")
def verdicts(read) -> list[backtest.Verdict]:
    found = []
    for quantity, tables in read.values():
        can = backtest.scoreable(quantity, tables, backtest.windows(quantity, tables))
        found += [backtest.score(quantity, tables, int(window)) for window in can.window]
    return found


def printed(text: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    lines = text.split(f"### {heading}\n")[1].strip().split("\n")
    body = (
        [line for line in lines[: lines.index("")] if line.startswith("|")]
        if "" in lines
        else lines
    )
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body[2:]]


def test_the_page_prints_what_the_data_give(verdicts):
    """Every score within 2 % of the page's: draws differ in last digits between machines."""
    text = DOCUMENT.read_text(encoding="utf-8")
    lines = printed(text, "Against every baseline")
    page = {tuple(line[i] for i in (0, 1, 4, 6)): line for line in lines}
    for row in (row for one in verdicts for row in one.scores):
        line = page.pop((row.quantity, str(row.window), row.score, row.baseline_name))
        assert (int(line[2]), int(line[3])) == (row.last_year, row.n), line
        assert float(line[5]) == pytest.approx(row.ours, rel=0.02), line
        assert float(line[7]) == pytest.approx(row.baseline, rel=0.02), line
        low, high = (float(x) for x in line[8].split(" to "))
        assert (low, high) == pytest.approx((row.low, row.high), abs=0.02 * row.baseline), line
    assert not page, "on the page, but not scored: run comity.evidence.hindcasts.scoreboard"


def test_coverage_that_is_claimed_is_reached(verdicts):
    missed = [v for v in verdicts if v.claimed and v.covered is False]
    assert not missed


def test_the_page_names_every_baseline_that_is_not_beaten(verdicts):
    """In words, not only in the table."""
    words = DOCUMENT.read_text(encoding="utf-8").split(scoreboard.START)[0]
    for verdict in verdicts:
        kind = "log" if verdict.terciles is None else "crps"
        for row in verdict.scores:
            if row.score == kind and backtest.result(row) == "worse":
                assert f"{row.quantity} from {row.window}: {row.baseline_name}" in words
