"""A run folder as read: what was asked, what came out, how it was judged. Nothing is computed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import xarray as xr

from comity.core import run_folder
from comity.core.errors import BadInput
from comity.core.whole import read_json
from comity.core.words import words
from comity.present.i18n import Lang, has, pick, t
from comity.registry import states as registry

BASELINE = "baseline"
# With fewer futures no range of 90 % is told.
FEW = 20


@dataclass(frozen=True)
class Folder:
    """A finished run. Frames are read when first asked for."""

    path: Path
    run: dict
    judgement: dict

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Columns future, strategy, measure, value."""
        return run_folder.table(self.path, "outcomes.parquet")

    @cached_property
    def draws(self) -> pd.DataFrame:
        """One row a future, one column a parameter or uncertainty; empty if none were kept."""
        name = "draws.parquet"
        return run_folder.table(self.path, name) if (self.path / name).exists() else pd.DataFrame()

    @cached_property
    def trajectories(self) -> xr.Dataset:
        """Yearly series (future, strategy, year, state); an empty dataset if none were kept."""
        path = self.path / run_folder.SERIES
        run_folder.check_series(self.path)
        if not path.exists():
            return xr.Dataset()
        # Zarr warns of labels in folders of earlier versions; they are read back here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return xr.open_zarr(path, chunks=None, consolidated=False)
            except Exception:  # a damaged store may fail anywhere in the reader
                raise run_folder.damaged(self.path) from None

    @cached_property
    def consumption(self) -> xr.DataArray | None:
        """Real consumption (strategy, future, year, state) in memory; None if it was not kept."""
        data = self.trajectories.get("consumption")
        if data is None or BASELINE not in data.strategy.values:
            return None
        try:
            return data.transpose("strategy", "future", "year", "state").load()
        except Exception:  # a damaged store may fail anywhere in the reader
            raise run_folder.damaged(self.path) from None

    @cached_property
    def claims(self) -> list[dict]:
        """Claims that the run bears on; none where the run was made without looking."""
        path = self.path / "claims.json"
        return read_json(path, run_folder.remade(self.path), list) if path.is_file() else []

    @property
    def strategies(self) -> list[str]:
        """Names of the strategies in the order of the run; the first is the point of reference."""
        return [strategy["name"] for strategy in self.run["strategies"]]

    @property
    def best(self) -> str:
        """The strategy ranked first; by the order of the run where none could be ranked."""
        ranked = [row for row in self.judgement["ranking"] if row["rank"]]
        return (
            min(ranked, key=lambda row: row["rank"])["strategy"] if ranked else self.strategies[0]
        )

    @property
    def objective(self) -> dict:
        """Record of the measure by which strategies are ranked."""
        return self.measure(self.judgement["objective"]["measure"])

    @cached_property
    def aims(self) -> dict:
        """Judgement over several aims; empty in folders judged by earlier versions.

        Without the range over futures where there are too `FEW` of them to tell one.
        """
        found = self.judgement.get("aims") or {}
        if found.get("futures", FEW) >= FEW:
            return found
        gains = ("gain", "calm", "difference")
        cells = [c | {k: _unranged(c[k]) for k in gains if c.get(k)} for c in found["cells"]]
        objective = found.get("objective") and _unranged(found["objective"])
        alone = [_unranged(one) for one in found["shock"]]
        return found | {"cells": cells, "shock": alone, "objective": objective}

    def measure(self, name: str) -> dict:
        """Record of a measure."""
        blank = {"name": name, "label": name, "unit": "", "direction": "none", "grade": "D"}
        return next((m for m in self.run["measures"] if m["name"] == name), blank)

    def label(self, name: str, lang: Lang) -> str:
        """Label of a measure."""
        return pick(self.measure(name)["label"], lang)

    def strategy(self, name: str, lang: Lang) -> str:
        """Title of a strategy."""
        if name == BASELINE:
            return t("word.baseline", lang)
        if " - " in name:
            first, second = name.split(" - ", 1)
            return t(
                "word.difference", lang, a=self.strategy(first, lang), b=self.strategy(second, lang)
            )
        found = (s for s in self.run["strategies"] if s["name"] == name)
        return pick(next(found, {}).get("title"), lang) or name

    def quoted(self, name: str, lang: Lang) -> str:
        """Title of a strategy in quotes; of a difference each of the two in its own."""
        if " - " in name:
            a, b = (self.quoted(one, lang) for one in name.split(" - ", 1))
            return t("word.difference", lang, a=a, b=b)
        return t("word.quoted", lang, text=self.strategy(name, lang))

    def state(self, state_id: str, lang: Lang) -> str:
        """Name of a state or of a region of this run."""
        group = self.run.get("groups", {}).get(state_id)
        if group:
            return pick(group["name"], lang)
        try:
            return registry.name(state_id, lang)
        except BadInput:
            return state_id

    def inside(self, lang: Lang) -> str:
        """Name of the state whose strategies are compared, as it stands inside a sentence."""
        actor = self.run["actor"]
        known = words("comity.registry").get(f"inside.{actor}")
        return known[lang] if known else self.state(actor, lang)

    def quantity(self, name: str, lang: Lang) -> str:
        """What a parameter or an uncertainty means, short enough for an axis; else its name."""
        known = [*self.run["uncertainties"], *self.run["parameters"]]
        meaning = next(
            (k.get("label") or k.get("meaning") for k in known if k["name"] == name), None
        )
        if has(f"parameter.{name}"):
            return t(f"parameter.{name}", lang)
        return pick(meaning, lang).split(":")[0] or name


def _unranged(figures: dict) -> dict:
    """Figures without their range over futures."""
    return figures | {"p5": None, "p95": None}


def read(path: Path | str) -> Folder:
    """Read a run folder.

    Raises
    ------
    BadInput
        When ``run.json``, ``outcomes.parquet`` or ``judgement.json`` is missing or broken.
    """
    path = Path(path)
    for name in ("run.json", "outcomes.parquet", "judgement.json"):
        if not (path / name).is_file():
            raise BadInput(
                f"{path} has no {name}",
                why="it is not the folder of a finished run",
                fix=f"finish it with `{run_folder.resume_line(path)}`",
            )
    return Folder(path, run_folder.record(path), run_folder.judgement(path))
