"""Slope of one panel on another with effects of unit and year, errors clustered by unit.

Both effects are taken out by turns until nothing moves, so gaps are no matter; the error is that of
liang1986longitudinal with C / (C - 1). Few units make it too small.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float

TURNS = 500
TOLERANCE = 1e-10


class Parts(NamedTuple):
    """What each unit (U,) tells of a slope, both effects taken out: squares, products, cells."""

    units: list
    squares: Float[np.ndarray, " U"]
    products: Float[np.ndarray, " U"]
    cells: Float[np.ndarray, " U"]


class Slope(NamedTuple):
    """Slope, clustered standard error, cells and units that count."""

    value: float
    se: float
    count: int
    units: int


def slope(outcome: pd.DataFrame, cause: pd.DataFrame) -> Slope:
    """Fit outcome on cause, years down and units across, on the cells that both have.

    Raises
    ------
    ValueError
        The cause does not vary beyond the effects.
    """
    found = parts(outcome, cause)
    size = float(found.squares.sum())
    if not size > 1e-12 * found.cells.sum():
        raise ValueError("the cause does not vary beyond effects of unit and year")
    value = float(found.products.sum()) / size
    score = found.products - value * found.squares
    clusters = int((found.cells > 0).sum())
    if clusters < 2:
        raise ValueError("one unit alone has no clustered error")
    se = float(np.sqrt((score**2).sum() * clusters / (clusters - 1))) / size
    return Slope(value, se, int(found.cells.sum()), clusters)


def parts(outcome: pd.DataFrame, cause: pd.DataFrame) -> Parts:
    """Sums of squares of the cause and of its products with the outcome, unit by unit."""
    years = outcome.index.intersection(cause.index)
    units = [unit for unit in outcome if unit in cause]
    y, x = (table.loc[years, units].to_numpy(float) for table in (outcome, cause))
    known = np.isfinite(y) & np.isfinite(x)
    y, x = (_without_effects(np.where(known, values, np.nan)) for values in (y, x))
    y, x = np.nan_to_num(y), np.nan_to_num(x)
    return Parts(units, (x * x).sum(axis=0), (x * y).sum(axis=0), known.sum(axis=0).astype(float))


def _without_effects(table: Float[np.ndarray, "T N"]) -> Float[np.ndarray, "T N"]:
    """Take out means of rows and columns by turns until they are nil."""
    out = table.copy()
    for _ in range(TURNS):
        largest = 0.0
        for axis in (0, 1):
            count = np.isfinite(out).sum(axis=axis, keepdims=True)
            mean = np.nansum(out, axis=axis, keepdims=True) / np.maximum(count, 1)
            out = out - mean
            largest = max(largest, float(np.abs(mean).max()))
        if largest < TOLERANCE:
            break
    return out
