"""Politically relevant dyads year by year, by the rules of the study that is replicated.

The panel (``comity.data.panel``) with two rules of its own.  Contiguity is the first type
recorded in a year, the type "none" included, where the panel takes the closest on any day; years
of peace count a pair's rows since its last year with a dispute under way, and pause while the
pair is not relevant, where the panel starts anew.  Both move the published table; see
docs/replications/dangerous-dyads.md.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.data import panel
from comity.data.panel.coverage import Added
from comity.data.panel.keys import Table
from comity.data.sources.source import load

PAIR = ["ccode1", "ccode2"]
KEY = [*PAIR, "year"]


def contiguity() -> pd.DataFrame:
    """Return ``conttype`` by ordered pair and year: 1 land, 2-5 by width of water, 0 none.

    A pair-year without a row is not contiguous, as the source lists every contiguous pair.
    """
    spells: Table = load("cow_contdir")
    first = np.array([day.year for day in spells["stdate"]])
    length = np.array([day.year for day in spells["enddate"]]) - first + 1
    rows: Table = spells.loc[spells.index.repeat(length)].reset_index(drop=True)
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    rows["year"] = np.repeat(first, length) + offset
    rows = rows.sort_values([*KEY, "stdate"], kind="stable").drop_duplicates(KEY)
    return rows[[*KEY, "conttype"]]


def relevant_dyads(last: int) -> panel.Panel:
    """Return undirected pairs that are contiguous or hold a major power, 1816 to ``last``.

    Returns
    -------
    Panel
        Sorted by pair and year, with ``conttype``, major powers, disputes (GML) and alliances.
    """
    every = panel.dyad_years(directed=False, last=last)
    keys: Table = every.frame[KEY]
    near = keys.merge(contiguity(), on=KEY, how="left")["conttype"].fillna(0).to_numpy()
    power = every.add_majors()
    major = power.frame[["major1", "major2"]].to_numpy()
    relevant = (near >= 1) | (major == 1).any(axis=1)
    made = power.where(relevant)
    made = made.with_columns(Added({"conttype": near[relevant]}))
    return made.add_disputes().add_alliances()


def peace_years(frame: Table) -> pd.Series:
    """Return years of peace before each row of a frame sorted by pair and year."""
    before = frame.groupby(PAIR)["dispute_ongoing"].shift(1, fill_value=0.0)
    spell = before.groupby([frame["ccode1"], frame["ccode2"]]).cumsum()
    return frame.groupby([frame["ccode1"], frame["ccode2"], spell]).cumcount().astype(float)


def of_both(frame: Table, states: Table) -> pd.DataFrame:
    """Return ``frame`` with the columns of state-years ``states`` for either state of a pair.

    ``states`` has ``ccode``, ``year`` and columns that come back with 1 and 2 appended; NaN
    where it has no row.
    """
    for side in ("1", "2"):
        named = {name: name + side for name in states.columns if name != "year"}
        frame = frame.merge(states.rename(columns=named), on=[f"ccode{side}", "year"], how="left")
    return frame


def weak_link(frame: Table, name: str) -> pd.Series:
    """Return the lower of both states' figures, NaN where one is missing."""
    return frame[[f"{name}1", f"{name}2"]].min(axis=1, skipna=False)


def strong_link(frame: Table, name: str) -> pd.Series:
    """Return the higher of both states' figures, NaN where one is missing."""
    return frame[[f"{name}1", f"{name}2"]].max(axis=1, skipna=False)
