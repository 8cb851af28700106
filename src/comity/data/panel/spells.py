"""Time since an event and runs of equal values, unit by unit; unknown stays unknown."""

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from comity.core import require


def time_since(
    unit: Int[np.ndarray, " n"], year: Int[np.ndarray, " n"], event: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """Return the years that have passed without the event before each row.

    Parameters
    ----------
    unit
        Number of the unit (state or pair) of each row.
    year
        Year of each row; at most one row a unit and year.
    event
        1 where the event happens, 0 where not, NaN where unknown.

    Returns
    -------
    array
        0 in the first year of a unit, after a gap in its years and in the year after an event;
        one more each further year, the year of the event included (beck1998taking).  NaN while
        a year since the last event is unknown.

    Raises
    ------
    BadInput
        When a unit has two rows of one year, or an event is not 0, 1 or NaN; rows are named.
    """
    require.once("a unit and year", unit, year)
    require.events("the event", event, missing=True)
    order = np.lexsort((year, unit))
    units, years, events = unit[order], year[order], event[order]
    n = len(units)
    fresh = np.ones(n, dtype=bool)
    fresh[1:] = (units[1:] != units[:-1]) | (years[1:] - years[:-1] != 1)
    reset = fresh.copy()
    reset[1:] |= events[:-1] == 1
    start = np.maximum.accumulate(np.where(reset, np.arange(n), 0))
    unknown = np.concatenate([[0], np.cumsum(np.isnan(events))])
    count = (years - years[start]).astype(float)
    count[unknown[:-1] > unknown[start]] = np.nan
    out = np.empty(n)
    out[order] = count
    return out


def runs(
    unit: Int[np.ndarray, " n"], year: Int[np.ndarray, " n"], value: Float[np.ndarray, " n"]
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Return the number of the run of equal values (from 1 in each unit) and the year in it.

    A run ends when the value changes, is missing or a year is skipped; both are NaN where the
    value is missing.

    Raises
    ------
    BadInput
        When a unit has two rows of one year; rows are named.
    """
    require.once("a unit and year", unit, year)
    order = np.lexsort((year, unit))
    units, years, values = unit[order], year[order], value[order]
    n = len(units)
    begins = np.ones(n, dtype=bool)
    same = (units[1:] == units[:-1]) & (years[1:] - years[:-1] == 1)
    begins[1:] = ~(same & (values[1:] == values[:-1]))
    known = ~np.isnan(values)
    start = np.maximum.accumulate(np.where(begins, np.arange(n), 0))
    number = pd.Series((begins & known).astype(float)).groupby(units).cumsum().to_numpy()
    long = (years - years[start] + 1).astype(float)
    out = np.full((2, n), np.nan)
    out[0, order] = np.where(known, number, np.nan)
    out[1, order] = np.where(known, long, np.nan)
    return out[0], out[1]
