"""What a lasting stop of Taiwan's trade costs at once, after two years and after ten.

    python benchmarks/blockade.py [--futures 200]

Prints the tables of docs/explanation/blockade.md: loss of real consumption by state and horizon,
over the futures' draws of every number, for Taiwan's trade alone and with sanctions on China and
its answer; the same with long-run elasticities from the first month, as before `adjustment`; and
what the loss of an input that is hard to replace adds. Runs on the embedded tables.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

import comity as cm
from comity.models.trade.sudden_stop import output_left

SHOWN = ("TWN", "CHN", "KOR", "JPN", "USA")
BEGIN, AFTER = 2026, (0, 2, 10)
STOP = "{lever: sanction, sender: ALL except TWN, target: TWN, add: 0.9, from: 2026, judged: asked}"
SANCTIONS = (
    "{lever: sanction, sender: [AUS, CAN, EU, GBR, JPN, KOR, USA], target: CHN, add: 0.3, "
    "from: 2026, judged: asked}"
)
SCENARIO = """comity: scenario 1
name: lasting-stop
title: {{en: A lasting stop, ja: 長く続く遮断}}
question: {{en: What does it cost?, ja: 費用はどれほどか。}}
summary: {{en: Nine tenths of trade are forbidden for good., ja: 貿易の9割が恒久的に禁じられる。}}
extends: as-is
horizon: {{from: 2025, to: 2036}}
mechanisms: [{options}]
moves:
{moves}
"""


def losses(moves: tuple[str, ...], options: str, futures: int) -> dict[str, np.ndarray]:
    """Loss of real consumption (%) by state, (futures, horizons); the world's by GDP."""
    text = SCENARIO.format(options=options, moves="\n".join(f"  - {move}" for move in moves))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lasting-stop.yaml"
        path.write_text(text, encoding="utf-8")
        run = cm.run(path, actor="JPN", strategies=["steady"], futures=futures)
        kept = run.trajectories["consumption"].load()
    calm = kept.sel(strategy="baseline")
    change = 100.0 * (1.0 - kept.sel(strategy="steady") / calm)
    at = change.sel(year=[BEGIN + years for years in AFTER])
    return {state: at.sel(state=state).to_numpy() for state in SHOWN}


def said(values: np.ndarray) -> str:
    """Median and 90 % range over the futures that have an equilibrium."""
    low, middle, high = np.nanpercentile(values, [5, 50, 95])
    return f"{middle:.2g} ({low:.2g} to {high:.2g})"


def table(head: str, found: dict[str, np.ndarray]) -> None:
    """One row a state, one column a horizon."""
    print(f"\n**{head}**\n")
    print("| loss, % of real consumption | first year | after two years | after ten years |")
    print("|---|---|---|---|")
    for state, values in found.items():
        print(f"| {state} | " + " | ".join(said(values[:, n]) for n in range(len(AFTER))) + " |")
    left_out = int(np.isnan(next(iter(found.values()))[:, 0]).sum())
    print(f"\nFutures without an equilibrium, left out: {left_out}.")


def hard_to_replace() -> None:
    """Loss of output where part of an input falls away, by its share of spending."""
    print("\n| share of spending | left of it | elasticity 0.04 | 0.1 | 0.3 | 1 |")
    print("|---|---|---|---|---|---|")
    for share in (0.02, 0.05):
        for left in (0.9, 0.7, 0.5):
            lost = [
                100.0 * (1.0 - float(output_left(*map(np.asarray, (share, left, s)))))
                for s in (0.04, 0.1, 0.3, 1.0)
            ]
            cells = " | ".join(f"{one:.1f} %" for one in lost)
            print(f"| {share:.0%} | {left:.0%} | {cells} |")


def main() -> int:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--futures", type=int, default=200)
    futures = asked.parse_args().futures
    both = (STOP, SANCTIONS)
    table("Taiwan's trade alone", losses((STOP,), "sanctions, adjustment", futures))
    table("With sanctions on China and its answer", losses(both, "sanctions, adjustment", futures))
    table("The same, long-run elasticities at once", losses(both, "sanctions", futures))
    hard_to_replace()
    return 0


if __name__ == "__main__":
    sys.exit(main())
