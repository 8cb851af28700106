"""Tables behind the figures: headings and cells as text in one language, and the same as CSV."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comity.present import links
from comity.present.folder import Folder
from comity.present.i18n import Lang, has, t
from comity.present.numbers import NO_FIGURE, decimals, fine, number, plain, share, shown

Cell = Callable[[object], str]


@dataclass(frozen=True)
class Table:
    """A table ready to print: ``numeric`` columns are set flush right; ``csv`` holds the frame."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    csv: str


def csv(frame: pd.DataFrame) -> str:
    """CSV of a frame with six significant digits; no cell can start a formula in a spreadsheet."""
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = [disarm(str(cell)) for cell in safe[column]]
    return safe.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def disarm(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def data_address(text: str) -> str:
    """Write a text as a data: address, so that a file without any outside link can offer it."""
    coded = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return f"data:text/csv;charset=utf-8;base64,{coded}"


def table(
    frame: pd.DataFrame, folder: Folder, lang: Lang, columns: list[str] | None = None
) -> Table:
    """Show a frame: states, strategies and parameters by name, figures with common decimals.

    A row that holds an interval has the decimals of that interval; else all rows share theirs. One
    that nothing moves says so instead of its figures.
    """
    chosen = columns or list(frame.columns)
    still = links.unlinked(folder, frame)
    known = frame.copy()
    known.loc[still, [c for c in links.FIGURES if c in known]] = np.nan
    every = decimals(known[[c for c in chosen if c in _COMMON]].to_numpy().ravel())
    first, rows = next((c for c in chosen if c in links.FIGURES), ""), []
    for row, stands in zip(known[chosen].to_dict(orient="records"), still, strict=True):
        ends = [row[c] for c in _ENDS if c in row]
        places = fine(ends) if ends else every
        # Beside a share stands its interval, which is one of shares too.
        as_share = _SHARED if "share" in row else _SHARES
        rows.append(
            tuple(
                t("word.no_link", lang)
                if stands and c == first
                else share(row[c])
                if c in as_share
                else _cell(c, folder, lang, places)(row[c])
                for c in chosen
            )
        )
    return Table(
        headings=tuple(t(f"column.{column}", lang) for column in chosen),
        rows=tuple(rows),
        numeric=tuple(pd.api.types.is_numeric_dtype(frame[c]) for c in chosen),
        csv=csv(known),
    )


_COMMON = {
    "mean",
    "low",
    "high",
    "p5",
    "p25",
    "p50",
    "p75",
    "p95",
    "median",
    "worst",
    "final",
    "regret_mean",
    "regret_p90",
    "regret_max",
    "value",
}
# Columns between which the interval of a row lies.
_ENDS = ("low", "high", "p5", "p95", "mean")
_SHARES = {"share_better", "share_worse", "satisficing_share"}
_SHARED = _SHARES | {"share", "low", "high"}
_WHOLE = {"rank", "year", "future", "futures", "box", "n", "failed"}


def _cell(column: str, folder: Folder, lang: Lang, places: int) -> Cell:
    if column in ("strategy", "against"):
        return lambda value: folder.strategy(str(value), lang)
    if column in ("id", "source"):
        return lambda value: folder.state(str(value), lang)
    if column == "parameter":
        return lambda value: folder.quantity(str(value), lang)
    if column == "measure":
        return lambda value: folder.label(str(value), lang)
    if column == "status":
        return lambda value: status(str(value), lang)
    if column == "values":
        return lambda value: t("word.or", lang).join(
            choice(v, lang) for v in str(value).split("|") if v
        )
    if column in _WHOLE:
        return lambda value: number(value, 0).replace(",", "")
    if column in ("least", "most"):
        return plain
    if column in _COMMON:
        return lambda value: shown(value, places)
    return number


def status(name: str, lang: Lang) -> str:
    """Word for the status of a number: published, estimated, judged."""
    return t(f"status.{name}", lang) if has(f"status.{name}") else name or NO_FIGURE


def choice(name: str, lang: Lang) -> str:
    """Word for one value of an uncertainty; its own name where the catalogue has none."""
    return t(f"choice.{name}", lang) if has(f"choice.{name}") else name
