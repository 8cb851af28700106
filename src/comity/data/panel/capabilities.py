"""Material capabilities and major powers (Correlates of War)."""

import numpy as np

from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, Table, join_states
from comity.data.sources.source import load

UNITS = {
    "milex": "thousand current USD (pounds before 1914)",
    "milper": "thousand persons",
    "irst": "thousand tons",
    "pec": "thousand coal-ton equivalents",
    "tpop": "thousand persons",
    "upop": "thousand persons",
    "cinc": "share of the world, 0-1",
}
# Urban population changes its source here: the world total goes from 2.34 to 3.33 thousand
# million, that of the United States from 198 to 110 million, and cinc shifts with it.
BREAK = 2017


def capabilities(keys: Keys) -> Added:
    """Return the six components, cinc and ``nmc_break`` (1 from 2017 on) of each state.

    National Material Capabilities 7.0 (singer1972capability).
    """
    frame: Table = load("cow_nmc")
    values = join_states(keys, frame, "cow", "ccode", list(UNITS))
    note = f"urban population changes source in {BREAK}: upop and cinc are not comparable across it"
    out = add_states(keys, values, "cow_nmc", UNITS, "cow", note)
    after = {"nmc_break": np.where(keys.year >= BREAK, 1.0, 0.0)}
    return out | add(keys, after, "cow_nmc", "0/1", "cow", note=note)


def majors(keys: Keys) -> Added:
    """Return 1 for a major power on any day of the year, else 0.

    The list ends in 2016: later years are missing.
    """
    spells: Table = load("cow_majors")
    year, code = keys.table.year, keys.table.cow
    flag = np.full(len(year), np.nan)
    for row in spells.to_dict("records"):
        mine = (code == row["ccode"]) & (year >= row["styear"]) & (year <= row["endyear"])
        flag[mine] = 1.0
    return add_states(keys, {"major": flag}, "cow_majors", {"major": "0/1"}, "cow")
