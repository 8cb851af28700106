"""Sanity checks on what goes into and comes out of the cleaning of a source."""

from collections.abc import Collection

import pandas as pd

from comity.core.errors import BadInput


def require(frame: pd.DataFrame, columns: Collection[str], what: str) -> None:
    """Raise unless a frame has all the columns and at least one row.

    Raises
    ------
    BadInput
        When a column is missing or the frame is empty.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BadInput(f"{what}: columns {missing} are missing", why=f"found {list(frame.columns)}")
    if frame.empty:
        raise BadInput(f"{what}: there are no rows")


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column.

    Raises
    ------
    BadInput
        When it is missing or stands twice.
    """
    require(frame, [name], "table")
    values = frame[name]
    if not isinstance(values, pd.Series):
        raise BadInput(f"column {name!r} stands twice")
    return values


def figure(frame: pd.DataFrame, row: str | tuple[str, str], name: str) -> float:
    """Return the number in one row (label of the index) of a column; NaN where it is missing.

    Raises
    ------
    BadInput
        When the column is missing or stands twice.
    KeyError
        When there is no such row.
    """
    return float(column(frame, name)[row])


def unique(frame: pd.DataFrame, keys: list[str], what: str) -> None:
    """Raise when two rows share their keys.

    Raises
    ------
    BadInput
        When the keys are not unique; the first doubled key is named.
    """
    doubled = frame[frame.duplicated(keys, keep=False)]
    if not doubled.empty:
        first = doubled.iloc[0][keys].tolist()
        raise BadInput(f"{what}: {len(doubled)} rows share their key, first {first}")


def within(values: pd.Series, low: int | float, high: int | float, what: str) -> None:
    """Raise when a present value lies outside ``[low, high]``; missing values pass.

    Raises
    ------
    BadInput
        When a value is out of range; the worst one is named with its place.
    """
    bad = values[values.notna() & ~values.between(low, high)]
    if not bad.empty:
        where = bad.index[0]
        raise BadInput(
            f"{what}: {len(bad)} values outside [{low:g}, {high:g}]",
            why=f"first {bad.iloc[0]:g} at {where}",
        )
