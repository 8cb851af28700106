"""Correlates of War codes turned into ids of the registry."""

import pandas as pd

from comity.registry import states


def with_ids(
    frame: pd.DataFrame, year: int, first: str = "ccode1", second: str = "ccode2"
) -> pd.DataFrame:
    """Return ``frame`` with columns ``a`` and ``b``: the ids of two code columns in ``year``.

    Rows with a code that no state has in that year are dropped.
    """
    named = frame.assign(
        a=states.convert(frame[first], "cow", "id", year),
        b=states.convert(frame[second], "cow", "id", year),
    )
    return named.dropna(subset=["a", "b"])
