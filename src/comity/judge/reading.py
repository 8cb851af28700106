"""A run folder in memory, as it is judged: outcomes by measure, draws, what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from comity.core import run_folder
from comity.core.errors import BadInput
from comity.judge.robustness import Direction, Requirement

BASELINE = "baseline"


@dataclass(frozen=True)
class Run:
    """A run folder in memory; every array has a row a future and a column a strategy."""

    record: dict[str, Any]
    objective: str
    direction: Direction
    requirements: tuple[Requirement, ...]
    strategies: tuple[str, ...]
    values: Mapping[str, np.ndarray]
    baseline: Mapping[str, np.ndarray]
    draws: pd.DataFrame

    @property
    def outcome(self) -> np.ndarray:
        """The objective, (futures, strategies)."""
        return self.values[self.objective]

    @property
    def seed(self) -> int:
        """Seed of every resampling: the run's own."""
        return int(self.record.get("seed", 0))


def read(folder: Path) -> Run:
    """Load the three files of a run folder and check that they fit together."""
    record = run_folder.record(folder, run_folder.JudgedForm)
    outcomes = run_folder.table(folder, "outcomes.parquet")
    draws = run_folder.table(folder, "draws.parquet")
    where = str(folder / "run.json")
    if record.get("judgement") is None:
        raise BadInput(
            "there is no `judgement` entry",
            "it names the objective",
            'add "judgement": {"objective": MEASURE, "requirements": []}',
            where,
        )
    objective = record["judgement"]["objective"]
    direction = {m["name"]: m["direction"] for m in record["measures"]}.get(objective)
    if direction not in ("higher", "lower"):
        raise BadInput(
            f"the objective {objective!r} has no direction (higher or lower)",
            fix="take a measure listed with one",
            where=where,
        )
    requirements = tuple(
        Requirement(r["measure"], r["comparator"], float(r["threshold"]))
        for r in record["judgement"].get("requirements", [])
    )
    names = tuple(s["name"] for s in record["strategies"] if s["name"] != BASELINE)
    futures = np.unique(np.concatenate([outcomes["future"], draws["future"]]))
    if futures.size != record.get("futures", futures.size):
        raise BadInput(
            f"the tables hold {futures.size} of {record['futures']} futures",
            fix=run_folder.remade(folder),
            where=str(folder),
        )
    values, baseline = _tables(outcomes, futures, names, folder)
    for needed in [objective, *(r.measure for r in requirements)]:
        if needed not in values:
            raise BadInput(f"measure {needed!r} is not in outcomes.parquet", where=where)
    return Run(
        record,
        objective,
        direction,
        requirements,
        names,
        values,
        baseline,
        _aligned(draws, futures, str(folder / "draws.parquet")),
    )


def _tables(outcomes: pd.DataFrame, futures: np.ndarray, names: Sequence[str], folder: Path):
    """Outcomes by measure: (futures, strategies) and the baseline's (futures,)."""
    where = str(folder / "outcomes.parquet")
    if outcomes.duplicated(["future", "strategy", "measure"]).any():
        raise BadInput("outcomes.parquet holds a row twice", fix="merge its parts", where=where)
    absent = sorted(set(names) - set(outcomes["strategy"]))
    if not names or absent:
        raise BadInput(f"no outcomes of strategy {absent[:1] or 'any'}", where=where)
    values, baseline = {}, {}
    counts = outcomes.groupby(["strategy", "measure"], as_index=False).size()
    for short in records(counts[counts["size"] != futures.size]):
        raise BadInput(
            f"{short['strategy']}, {short['measure']}: rows for {short['size']} of "
            f"{futures.size} futures",
            fix=run_folder.remade(folder),
            where=where,
        )
    for measure, rows in outcomes.groupby("measure", sort=True):
        wide = rows.pivot(index="future", columns="strategy", values="value").reindex(futures)
        wide = wide.astype(float).replace([np.inf, -np.inf], np.nan)
        values[str(measure)] = wide.reindex(columns=list(names)).to_numpy()
        if BASELINE in wide:
            baseline[str(measure)] = wide[BASELINE].to_numpy()
    return values, baseline


def _aligned(draws: pd.DataFrame, futures: np.ndarray, where: str) -> pd.DataFrame:
    """Draws in the order of the futures, without the drivers that never vary."""
    if draws["future"].duplicated().any() or len(draws) != futures.size:
        raise BadInput("draws and outcomes hold different futures", where=where)
    table = draws.set_index("future").loc[futures]
    if table.isna().to_numpy().any():
        raise BadInput("a draw is missing", "every future draws every parameter", where=where)
    return table.loc[:, table.nunique() > 1]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain values."""
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]
