"""Write the kept numbers anew: ``python tests/reference/keep.py``; the changelog says why.

Run it only where a correction is meant to move them (docs/decisions say which did).
"""

from pathlib import Path

import pandas as pd

import comity as cm

HERE = Path(__file__).parent
RUNS = {
    "default": ("america-first", ["steady", "de-risk-china", "retaliate", "widen-cptpp"], 10),
    "usfk": ("usfk-cut", "all", 6),
}


def outcomes(run: str) -> pd.DataFrame:
    """Mean, first and last value of every strategy and measure of a run."""
    scenario, strategies, futures = RUNS[run]
    found = cm.run(scenario, actor="JPN", strategies=strategies, futures=futures).outcomes
    values = found.groupby(["strategy", "measure"])["value"]
    return pd.DataFrame({"mean": values.mean(), "first": values.first(), "last": values.last()})


def write() -> None:
    """Write both files."""
    parts = [outcomes(run).reset_index().assign(run=run) for run in RUNS]
    rows = pd.concat(parts)[["run", "strategy", "measure", "mean", "first", "last"]]
    rows.to_csv(HERE / "outcomes.csv", index=False, float_format="%.17g")
    effects = cm.trade("us-wall-25").effects.reset_index(drop=True)
    effects.to_csv(HERE / "us_wall_25.csv", index=False, float_format="%.6g")


if __name__ == "__main__":
    write()
