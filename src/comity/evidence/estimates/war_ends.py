"""Numbers of ``war`` from wars between states (sarkees2010resort)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.estimates import Figures

FIRST = 1946


def ends() -> Figures:
    """Return the chance that a war ends in a year: wars over the years they lasted.

    The error is that of a share.
    """
    years = lengths()
    chance = len(years) / years.sum()
    error = np.sqrt(chance * (1 - chance) / years.sum())
    return {"war.ends": {"value": float(chance), "sd": float(error)}}


def lengths() -> np.ndarray:
    """Return the years that each war begun since 1946 lasted, counted up to whole years.

    From the first day of any participant to the last; an unknown day or month is the first.
    """
    wars: Table = load("cow_interstate_war_participants")
    wars = wars[wars["StartYear1"] >= FIRST]
    # A participant may have fought in two spells.
    spells = pd.concat([_days(wars, "1"), _days(wars[wars["StartYear2"].fillna(0) > 0], "2")])
    whole = spells.groupby("war").agg({"began": "min", "ended": "max"})
    days = (whole["ended"] - whole["began"]).dt.days.to_numpy() + 1
    return np.ceil(days / 365.25)


def _days(wars: Table, spell: str) -> Table:
    """First and last day of one spell of each participant."""
    columns = {"war": wars["WarNum"]}
    for name, end in (("began", "Start"), ("ended", "End")):
        parts = {
            part.lower(): wars[f"{end}{part}{spell}"].astype(int).clip(lower=1)
            for part in ("Year", "Month", "Day")
        }
        columns[name] = pd.to_datetime(pd.DataFrame(parts))
    return pd.DataFrame(columns)
