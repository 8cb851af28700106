"""Militarized interstate disputes, one a dyad-year, with the rules that choose it.

A pair may be in several disputes in one year.  One is kept, by these rules in this order (the
rules of the peacesciencer package, miller2022peacesciencer): 1. a dispute that begins before one
that goes on, 2. the higher fatality (unknown is lowest), 3. the higher hostility, 4. the longer
minimum, 5. the longer maximum duration, 6. a reciprocated one, 7. the earlier month of start, 8.
the lower dispute number.  Onset, hostility and fatality of the pair are those of the dispute
kept; rule 1 may pass over a war that began the year before, so ``dispute_worst`` gives the highest
hostility of all.
"""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from comity.core.errors import BadInput
from comity.data.panel.coverage import Added, add, add_states
from comity.data.panel.keys import Keys, Table, gather, join_states, place_pairs
from comity.data.sources.source import load

Source = Literal["gml", "mid"]
Rule = Literal["joiners", "ongoing"]
CARDS = {"gml": "gml_mid_directed_dyad_year", "mid": "cow_mid_directed_dyad_year"}
UNITS = {
    "dispute_onset": "0/1",
    "dispute_ongoing": "0/1",
    "dispute_hostility": "0 none, 2 threat, 3 display, 4 use of force, 5 war",
    "dispute_worst": "as dispute_hostility",
    "dispute_number": "dispute number of the source, 0 none",
    "dispute_fatality": "0 none to 6 above 999 deaths; missing where unknown",
    "dispute_initiated": "0/1",
    "disputes_begun": "disputes",
    "disputes": "disputes",
}


def disputes(keys: Keys, source: Source = "gml", exclude: tuple[Rule, ...] = ()) -> Added:
    """Return onset, ongoing, hostility, fatality and initiation.

    Parameters
    ----------
    keys
        Rows of the panel.
    source
        ``gml`` (Gibler, Miller and Little, to 2010) or ``mid`` (Correlates of War MID 5, to
        2014).
    exclude
        ``joiners``: only pairs in which both states were in the dispute from its first day.
        ``ongoing``: onset is missing, not zero, in years in which a dispute goes on and none
        begins.

    Raises
    ------
    BadInput
        When the source or a rule is not known.
    """
    wrong = [rule for rule in exclude if rule not in get_args(Rule)]
    if source not in CARDS or wrong:
        raise BadInput(
            f"disputes cannot be added from {source!r} with rules {list(exclude)}",
            fix=f"sources: {', '.join(CARDS)}; rules: {', '.join(get_args(Rule))}",
        )
    frame: Table = read(source)
    if "joiners" in exclude:
        frame = frame[(frame["orig1"] == 1) & (frame["orig2"] == 1)]
    out = _of_pairs(keys, frame, source) if keys.dyadic else _of_states(keys, frame, source)
    if "ongoing" in exclude:
        hidden = (out.values["dispute_ongoing"] == 1) & (out.values["dispute_onset"] == 0)
        onset = np.where(hidden, np.nan, out.values["dispute_onset"])
        out = Added(out.values | {"dispute_onset": onset}, out.columns)
    return out


def read(source: Source) -> Table:
    """Return directed dispute-dyad-years with the same columns for both sources."""
    frame: Table = load(CARDS[source])
    if source == "mid":
        frame = frame.rename(columns={"disponset": "midonset", "dispongoing": "midongoing"})
        about = ["dispnum", "fatality", "hostlev", "mindur", "maxdur", "recip", "stmon"]
        frame = frame.merge(load("cow_mid_disps", about), on="dispnum", how="left")
    known = frame["fatality"].astype(float)
    return frame.assign(
        fatality=known.where(known >= 0),
        initiated=((frame["midonset"] == 1) & (frame["sidea1"] == 1) & (frame["orig1"] == 1)),
    )


def one_a_year(frame: Table) -> Table:
    """Return one dispute a directed dyad-year by the rules in the first lines of this module."""
    ranked = frame.assign(deaths=frame["fatality"].fillna(-1)).sort_values(
        ["midonset", "deaths", "hostlev", "mindur", "maxdur", "recip", "stmon", "dispnum"],
        ascending=[False, False, False, False, False, False, True, True],
        kind="stable",
    )
    return ranked.drop_duplicates(["ccode1", "ccode2", "year"])


def _of_pairs(keys: Keys, frame: Table, source: Source) -> Added:
    """Return the columns of dyads."""
    pair = ["ccode1", "ccode2", "year"]
    worst = frame.groupby(pair)["hostlev"].transform("max")
    kept: Table = one_a_year(frame.assign(worst=worst))
    at = place_pairs(keys, kept, "cow")
    values = {
        "dispute_onset": gather(kept["midonset"], at),
        "dispute_ongoing": gather(kept["midongoing"], at),
        "dispute_hostility": gather(kept["hostlev"], at),
        "dispute_worst": gather(kept["worst"], at),
        "dispute_fatality": gather(kept["fatality"], at),
        "dispute_number": gather(kept["dispnum"], at),
    }
    if keys.unit == "directed dyad-year":
        values["dispute_initiated"] = gather(kept["initiated"], at)
    out = Added()
    for name, figures in values.items():
        out = out | add(keys, {name: figures}, CARDS[source], UNITS[name], "cow")
    unknown = (at >= 0) & np.isnan(values["dispute_fatality"])
    deaths = np.where(unknown, np.nan, out.values["dispute_fatality"])
    return Added(out.values | {"dispute_fatality": deaths}, out.columns)


def _of_states(keys: Keys, frame: Table, source: Source) -> Added:
    """Return the columns of states: any and how many disputes with any other state."""
    begun = frame[frame["midonset"] == 1].groupby(["ccode1", "year"])["dispnum"].nunique()
    every = frame.groupby(["ccode1", "year"])
    found: Table = pd.DataFrame(
        {
            "disputes_begun": begun.reindex(every.size().index).fillna(0),
            "disputes": every["dispnum"].nunique(),
            "dispute_hostility": every["hostlev"].max(),
        }
    ).reset_index()
    found["dispute_onset"] = (found["disputes_begun"] > 0).astype(float)
    found["dispute_ongoing"] = 1.0
    names = ["dispute_onset", "dispute_ongoing", "dispute_hostility", "disputes_begun", "disputes"]
    values = join_states(keys, found, "cow", "ccode1", names)
    return add_states(keys, values, CARDS[source], UNITS, "cow")
