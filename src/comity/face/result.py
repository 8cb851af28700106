"""What a run came to, as a scholar uses it: frames, series, ranking, page."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import xarray as xr

from comity.core.arguments import path as argument
from comity.core.errors import BadInput
from comity.core.whole import write_text
from comity.present import frames, report, words
from comity.present.folder import Folder
from comity.present.i18n import LANGS, Lang, in_order, pick


class Temporary:
    """A new folder that is there as long as this object, and no longer than the session."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="comity-"))
        # Called when the object goes or the interpreter ends; without a warning, unlike tempfile's.
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """A finished and judged run. Everything is read from its folder when first asked for.

    It may stand wherever the path of its folder may: ``cm.judge(result)``, ``cm.read(result)``.

    Parameters
    ----------
    files
        The run folder as read.
    kept
        What keeps a temporary folder; None for a folder that stays.
    """

    files: Folder
    kept: Temporary | None = field(default=None)

    @property
    def folder(self) -> Path:
        """The run folder; a temporary one goes when the last result that shows it goes."""
        return self.files.path

    @property
    def record(self) -> Mapping[str, Any]:
        """What was run: ``run.json``, with every number, its source and what went wrong."""
        return self.files.run

    @property
    def judgement(self) -> Mapping[str, Any]:
        """How it was judged: ranking, differences, failures, drivers, grade."""
        return self.files.judgement

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a future, strategy and measure: ``future, strategy, measure, value``."""
        return self.files.outcomes

    @property
    def draws(self) -> pd.DataFrame:
        """Numbers and uncertainties drawn: one row a future, one column each."""
        return self.files.draws

    @cached_property
    def trajectories(self) -> xr.Dataset:
        """Yearly series by future, strategy, year and state, with units; float32."""
        found = self.files.trajectories
        # Those of a temporary folder must outlive it: they may be all that a scholar keeps.
        return found.load() if self.kept else found

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """Strategies, best first: mean, quantiles, regret, share of requirements met."""
        return frames.ranking(self.files)

    @cached_property
    def aims(self) -> pd.DataFrame:
        """Gains on each aim by strategy, with their size in words, and without the scenario."""
        return frames.aims(self.files)

    @property
    def finding(self) -> str:
        """The answer in a few sentences."""
        return " ".join(words.finding(self.files, "en"))

    def report(
        self,
        path: str | Path | None = None,
        lang: Literal["en", "ja", "both"] = "both",
        first: Lang = "en",
    ) -> Path:
        """Write the report, one HTML file that opens offline, and return its path.

        Parameters
        ----------
        path
            File to write; ``report.html`` in the run folder where none is named.
        lang
            ``en``, ``ja``, or ``both`` with a switch.
        first
            Language that a page with both shows first.

        Raises
        ------
        BadInput
            A language that is not known, or a file that cannot be written.
        """
        _check_languages(lang, first)
        if path is None:
            return report.write(self.folder, lang, first)
        target = argument("path", path)
        if target.is_dir() or not target.parent.is_dir():
            raise BadInput(
                f"{target} cannot be written",
                fix="name a file in a folder that is there, such as 'report.html'",
            )
        text = report.render(self.files, in_order(first) if lang == "both" else (lang,))
        write_text(target, text)
        return target

    def __fspath__(self) -> str:
        return str(self.folder)

    def __repr__(self) -> str:
        run, years = self.record, self.record["years"]
        names = ", ".join(self.files.strategies)
        return (
            f"<run of {run['scenario']['name']} for {run['actor']}, {years[0]}-{years[-1]}, "
            f"{run['futures']} futures; {names}; first: {self.files.best}; "
            f"grade {self.judgement['grade']}>"
        )

    def _repr_html_(self) -> str:
        """Title, ranking and finding for a notebook."""
        title = pick(self.record["scenario"]["title"], "en")
        actor = self.files.state(self.record["actor"], "en")
        shown = self.ranking[["rank", "strategy", "mean", "p5", "p95", "regret_mean"]]
        named = shown.assign(strategy=[self.files.strategy(s, "en") for s in shown["strategy"]])
        table = named.to_html(index=False, escape=True, float_format="{:.3g}".format, border=0)
        measure = self.files.objective
        unit = f"{pick(measure['label'], 'en')} ({pick(measure['unit'], 'en')})"
        return (
            f"<p><b>{escape(title)}</b> — {escape(actor)}</p>{table}"
            f"<p>{escape(unit)}. {escape(self.finding)}</p>"
        )


def _check_languages(lang: str, first: str) -> None:
    if lang not in (*LANGS, "both"):
        raise BadInput(f"lang={lang!r} is not known", fix="use 'en', 'ja' or 'both'")
    if first not in LANGS:
        raise BadInput(f"first={first!r} is not known", fix="use 'en' or 'ja'")
