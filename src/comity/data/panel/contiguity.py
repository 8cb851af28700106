"""Direct contiguity (Correlates of War 3.2)."""

import numpy as np

from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, Table, gather, join_states, place_pairs
from comity.data.sources.source import load

SOURCE = "cow_contdir"
UNIT = "1 land or river, 2 to 5 within 12, 24, 150, 400 miles of water, 0 none"
LAND, FARTHEST = 1, 5
NOTE = (
    "as in the source: BHR-SAU (1986) and DNK-SWE (2000) by bridge, MYS-SGP by causeway; MMR-PAK "
    "after 1971 and ARE-QAT after 1974 no longer border"
)


def yearly(first: int, last: int) -> Table:
    """Return directed pairs by year with the closest contiguity on any day of it."""
    spells: Table = load(SOURCE)
    spells = spells[spells["conttype"] > 0]
    start = spells["stdate"].map(lambda d: d.year).clip(lower=first)
    end = spells["enddate"].map(lambda d: d.year).clip(upper=last)
    length = (end - start + 1).clip(lower=0).to_numpy()
    out = spells.loc[spells.index.repeat(length), ["ccode1", "ccode2", "conttype"]].copy()
    runs = np.concatenate([np.arange(n) for n in length]) if length.sum() else np.array([], int)
    out["year"] = np.repeat(start.to_numpy(), length) + runs
    return out.groupby(["ccode1", "ccode2", "year"], as_index=False)["conttype"].min()


def contiguity(keys: Keys) -> Added:
    """Return contiguity of each dyad, or the number of land and of all neighbours of a state.

    Zero means not contiguous; after 2016 contiguity is missing (stinnett2002contiguity).  As in
    the source, which counts a bridge or causeway as land (``NOTE``).
    """
    frame: Table = yearly(int(keys.year.min(initial=3000)), int(keys.year.max(initial=0)))
    if keys.dyadic:
        at = place_pairs(keys, frame, "cow")
        values = {"contiguity": gather(frame["conttype"], at)}
        return add(keys, values, SOURCE, UNIT, "cow", note=NOTE)
    counts: Table = frame.assign(land=frame["conttype"] == LAND, neighbours=1)
    counts = counts.groupby(["ccode1", "year"], as_index=False)[["land", "neighbours"]].sum()
    found = join_states(keys, counts, "cow", "ccode1", ["land", "neighbours"])
    values = {"land_neighbours": found["land"], "neighbours": found["neighbours"]}
    return add_states(keys, values, SOURCE, dict.fromkeys(values, "states"), "cow")
