"""The average US tariff that `america-first` implies, month by month, beside a tracker.

    python benchmarks/us_average_tariff.py [--draws 2000]

Prints the table of docs/explanation/us-average-tariff.md: percentage points added since January
2025 to the tariff on US goods imports, median and 90 % range over the scenario's shares of goods
reached; the same from statutes by the Budget Lab at Yale (its file in COMITY_DATA/additions).
Both are weighted by imports of before, so neither holds what buyers moved elsewhere.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from comity.core.errors import CoverageWarning
from comity.core.parameters import uniforms
from comity.scenarios.scenario import Scenario, load_scenario
from comity.study.laboratory import vocabulary
from comity.world.snapshot import load_world

FILE = "budgetlab_us_daily_effective_tariff_2025_2026.parquet"
MONTHS = pd.period_range("2025-01", "2026-03", freq="M")


# Acts of the scenario under each authority of the tracker; a name that instruments begin with.
AUTHORITIES = {
    "Weighted ETR": "",
    "IEEPA Fentanyl": "fentanyl",
    "IEEPA Reciprocal": "reciprocal",
    "Section 232": "section-232",
    "Section 122": "section-122",
}
APART = ("2025-09", "2025-12", "2026-03")


def tracker(column: str) -> pd.Series:
    """Percentage points above the first day, mean of the days of each month."""
    frame = pd.read_parquet(Path(os.environ["COMITY_DATA"]) / "additions" / FILE)
    days = pd.Series(frame[column].to_numpy(float), pd.to_datetime(frame["Date"]))
    return 100.0 * (days - days.iloc[0]).groupby(days.index.to_period("M")).mean()


def year_fraction(day: pd.Timestamp) -> float:
    """A date as the scenarios count it."""
    first, after = pd.Timestamp(day.year, 1, 1), pd.Timestamp(day.year + 1, 1, 1)
    return day.year + (day - first) / (after - first)


def shares() -> pd.Series:
    """Share of each state in US goods imports of the base year."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        world = load_world()
    usa = world.index("USA")
    bought = np.asarray(world.sales)[:, usa] * np.nan_to_num(np.asarray(world.goods)[:, usa])
    bought[usa] = 0.0
    return pd.Series(bought / bought.sum(), world.states)


def implied(scenario: Scenario, weight: pd.Series, draws: int, acts: str = "") -> np.ndarray:
    """Percentage points added in each month by these acts, (months, draws)."""
    priors = {one.name: one.prior for one in scenario.uncertainties if one.prior}
    scale = {name: prior.quantile(uniforms(1, name, draws)) for name, prior in priors.items()}
    edges = [year_fraction(month.start_time) for month in (*MONTHS, MONTHS[-1] + 1)]
    total = np.zeros((len(MONTHS), draws))
    for move in scenario.moves:
        if move.lever != "tariff" or "USA" not in move.actors or move.start >= edges[-1]:
            continue
        if not (move.instrument or "").startswith(acts):
            continue
        assert move.mode == "add" and not move.when, move
        lower, upper = np.maximum(edges[:-1], move.start), np.minimum(edges[1:], move.stop)
        active = np.clip(upper - lower, 0.0, None) / np.diff(edges)
        reached = weight.reindex([s for s in move.targets if s != "USA"]).fillna(0.0).sum()
        size = move.value * reached * (scale[move.scale] if move.scale else np.ones(draws))
        total += 100.0 * active[:, None] * size[None, :]
    return total


def main() -> int:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--draws", type=int, default=2000)
    draws = asked.parse_args().draws
    scenario, weight = load_scenario("america-first", vocabulary()), shares()
    found, there = implied(scenario, weight, draws), tracker("Weighted ETR")
    print("| month | scenario, median (90 % range) | tracker | tracker within the range |")
    print("|---|---|---|---|")
    for month, row in zip(MONTHS, found, strict=True):
        print(line(str(month), row, float(there[month])))
    first = [month.year == 2025 for month in MONTHS]
    print(line("mean of 2025", found[first].mean(0), float(there[first].mean())))
    print("\n| month, authority | scenario, median (90 % range) | tracker | within |")
    print("|---|---|---|---|")
    for column, acts in list(AUTHORITIES.items())[1:]:
        found, there = implied(scenario, weight, draws, acts), tracker(column)
        for month, row in zip(MONTHS, found, strict=True):
            if str(month) in APART and there[month]:
                print(line(f"{month}, {column}", row, float(there[month])))
    return 0


def line(head: str, row: np.ndarray, known: float) -> str:
    """One row of a table."""
    low, middle, high = np.percentile(row, [5, 50, 95])
    inside = "yes" if low <= known <= high else "no"
    return f"| {head} | {middle:.1f} ({low:.1f} to {high:.1f}) | {known:.1f} | {inside} |"


if __name__ == "__main__":
    sys.exit(main())
