"""Civil conflict: the UCDP/PRIO Armed Conflict Dataset (Gleditsch-Ward codes)."""

import pandas as pd

from comity.data.panel.coverage import Added, add_states
from comity.data.panel.keys import Keys, Table, join_states
from comity.data.sources.source import load

SOURCE = "ucdp_acd"
TYPES = ("intrastate", "II")
WAR = 2


def civil(keys: Keys) -> Added:
    """Return ``civil_conflict``, ``civil_war`` and ``civil_onset`` of each state, 0/1.

    Conflicts of a government with a non-state side, internationalised ones included, counted for
    that government; conflict from 25 battle deaths a year, war from 1,000; onset in the year in
    which an episode reaches 25 (gleditsch2002armed).
    """
    frame: Table = load(
        SOURCE, ["year", "gwno_a", "intensity_level", "type_of_conflict", "start_date2"]
    )
    frame = frame[frame["type_of_conflict"].isin(TYPES)]
    began = pd.to_datetime(frame["start_date2"]).dt.year
    flags: Table = pd.DataFrame(
        {
            "gwno": frame["gwno_a"],
            "year": frame["year"],
            "civil_conflict": 1.0,
            "civil_war": (frame["intensity_level"] == WAR).astype(float),
            "civil_onset": (began == frame["year"]).astype(float),
        }
    )
    most: Table = flags.groupby(["gwno", "year"], as_index=False).max()
    names = ["civil_conflict", "civil_war", "civil_onset"]
    values = join_states(keys, most, "gw", "gwno", names)
    return add_states(keys, values, SOURCE, dict.fromkeys(values, "0/1"), "gw")
