"""Years as users give them: whole numbers of four digits, or dates."""

from __future__ import annotations

import datetime
import re
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int

from comity.core.errors import BadInput

MISSING = 0
FIRST, LAST = 1000, 2999
ISO_DATE = re.compile(r"(\d{4})(?:-\d{2}(?:-\d{2})?(?:[T ].*)?)?")


def whole_years(values: Any, what: str = "year", missing: bool = False) -> Int[np.ndarray, " n"]:
    """Return years as integers of four digits, ``FIRST`` to ``LAST``.

    Parameters
    ----------
    values
        One year, or ``n`` of them: whole numbers, dates, periods or ISO dates as text.
    what
        What they are, for the message.
    missing
        Whether a missing year is allowed; it comes back as ``MISSING``.

    Raises
    ------
    BadInput
        When one is no such number (-9, 2010.5, 20000, 201005), or is missing and may not be; the
        first rows are named, counted from 0.
    """
    listed = np.ndim(values) > 0
    series = pd.Series(values).reset_index(drop=True) if listed else pd.Series([values])
    if isinstance(series.dtype, pd.PeriodDtype) or pd.api.types.is_datetime64_any_dtype(series):
        found = pd.Series(series.dt.year, dtype="Float64")
    elif pd.api.types.is_bool_dtype(series):
        raise BadInput(f"{what} is true or false", fix="give whole numbers of four digits")
    elif pd.api.types.is_numeric_dtype(series):
        found = series.astype("Float64")
    else:
        each = {item: _year(item) for item in series[series.notna()].unique()}
        found = pd.Series([each.get(item, np.nan) for item in series], dtype="Float64")
    number = found.to_numpy(dtype=np.float64, na_value=np.nan)
    blank = series.isna().to_numpy()
    good = (number >= FIRST) & (number <= LAST) & (number == np.floor(number))
    bad = ~good & ~(blank if missing else np.zeros_like(blank))
    if bad.any():
        raise _refused(series, np.flatnonzero(bad), blank, what, listed)
    return np.where(good, number, MISSING).astype(np.int64)


def one_year(value: Any, what: str = "year") -> int:
    """Return one year; raises as `whole_years`."""
    return int(whole_years(value, what)[0])


def _year(item: object) -> float:
    """Return the year of a date, a text or a number of any kind; NaN for what is none."""
    if isinstance(item, (datetime.date, pd.Period, np.datetime64)):
        return float(pd.Timestamp(item).year if isinstance(item, np.datetime64) else item.year)
    if isinstance(item, str):
        hit = ISO_DATE.fullmatch(item.strip())
        return float(hit.group(1)) if hit else float("nan")
    if isinstance(item, bool):
        return float("nan")
    try:
        return float(item)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _refused(
    series: pd.Series, rows: np.ndarray, blank: np.ndarray, what: str, listed: bool
) -> BadInput:
    """Return the error for rows that hold no year."""
    shown = ", ".join("missing" if blank[row] else str(series[row]) for row in rows[:3])
    if len(rows) > 3:
        shown += ", ..."
    more = f" and {len(rows) - 5:,} more" if len(rows) > 5 else ""
    named = ", ".join(map(str, rows[:5])) + more
    why = f"years are whole numbers from {FIRST} to {LAST}, or dates"
    if listed:
        why += f"; rows {named}, counted from 0"
    fix = "leave out rows without a year; -9 and the like stand for missing in some sources"
    lost = blank[rows].all()
    text = f"a year is missing in {what}" if lost else f"{what} cannot be read: {shown}"
    return BadInput(text, why=why, fix=fix if listed else "give a year such as 2010")
