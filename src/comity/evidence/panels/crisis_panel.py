"""Challenges to states that have a defence ally: who is at risk, what came, and who might help.

A row is a directed pair and year, politically relevant, from 1946: state 1 may challenge state 2.
A challenge is a militarized dispute (gibler2016analysis) that begins in the year with state 1 an
originator on the side that acted first and state 2 an originator on the other.  It ends in one
of three ways, and of several in a year the last in this order counts: the target *yields* (takes
no militarized action), *fights alone* (takes one), or a *protector joins*: a state that owes the
target defence (ATOP) takes militarized action on its side, later or from the first day.

Who acted first is not always who demanded something, and inaction is not always surrender: these
are what the records hold, not judgements of who was right.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray

from comity.data import panel
from comity.data.panel.contiguity import yearly
from comity.data.panel.disputes import read
from comity.data.panel.keys import Table
from comity.data.sources.source import last_year, load

FIRST = 1946
# What came, which pairs are relevant, and which targets have an ally.
OUTCOME = (
    "gml_mid_directed_dyad_year",
    "cow_contdir",
    "cow_majors",
    "cow_states",
    "atop_dyad_year",
)
ACTION = 2  # hostility from which an act is militarized: threat, display, force, war
OUTCOMES = ("status quo", "yields", "fights alone", "joins")
PAIR = ["ccode1", "ccode2"]
KEY = [*PAIR, "year"]
DEMOCRATIC = 6.0  # of Polity's -10 to 10


def pledges() -> pd.DataFrame:
    """Return who owes whom defence by year: ``patron``, ``client``, ``year``."""
    owed: Table = load("atop_dyad_year", ["ccode1", "ccode2", "year", "atop_defense"])
    owed = owed[owed["atop_defense"] == 1]
    named = owed.rename(columns={"ccode1": "patron", "ccode2": "client"})
    return named[["patron", "client", "year"]]


def challenges(owed: Table) -> pd.DataFrame:
    """Return every challenge between originators since ``FIRST``, allies or none.

    Parameters
    ----------
    owed
        As of :func:`pledges`; those of the year before the challenge count.

    Returns
    -------
    pandas.DataFrame
        ``dispute``, ``ccode1`` (challenger), ``ccode2`` (target), ``year``, ``resists``, ``joins``
        (0/1) and ``major`` (1 where a protector that joins is a major power).
    """
    frame: Table = read("gml")
    starts = frame[(frame["midonset"] == 1) & (frame["sidea1"] == 1) & (frame["year"] >= FIRST)]
    starts = starts[(starts["orig1"] == 1) & (starts["orig2"] == 1)]
    found: Table = starts[["dispnum", *KEY, "hostlev2"]].drop_duplicates()
    helped: Table = frame[(frame["sidea1"] == 0) & (frame["hostlev1"] >= ACTION)]
    helped = helped[["dispnum", "ccode1"]].drop_duplicates().rename(columns={"ccode1": "patron"})
    bound = owed.assign(year=owed["year"] + 1).rename(columns={"client": "ccode2"})
    came = found.merge(helped, on="dispnum").merge(bound, on=["patron", "ccode2", "year"])
    came = came[came["patron"] != came["ccode1"]].assign(major=major_power(came, "patron"))
    joined = came.groupby(["dispnum", *KEY])["major"].agg(joins="size", major="max").reset_index()
    found = found.merge(joined, on=["dispnum", *KEY], how="left")
    return pd.DataFrame(
        {
            "dispute": found["dispnum"],
            **{name: found[name] for name in KEY},
            "resists": (found["hostlev2"] >= ACTION).astype(int),
            "joins": (found["joins"] > 0).astype(int),
            "major": found["major"].fillna(0).astype(int),
        }
    )


def outcome(of: Table) -> pd.Series:
    """Return the position in ``OUTCOMES`` of each challenge."""
    return (1 + of["resists"]).where(of["joins"] == 0, 3).astype(int)


def panel_rows() -> pd.DataFrame:
    """Return directed relevant pair-years from ``FIRST`` to the last year of ``OUTCOME``.

    Returns
    -------
    pandas.DataFrame
        ``ccode1``, ``ccode2``, ``year``; ``outcome`` in that year (position in ``OUTCOMES``);
        ``covered``: 1 where a state other than the challenger owes the target defence; ``quiet``:
        years since state 1 last challenged state 2, or both exist, at the end of the year; traits
        of that year, NaN where a source has no figure.  What happens in a year is to be foreseen
        with the traits of the year before.
    """
    last = last_year(OUTCOME, "crisis_outcomes")
    made = panel.dyad_years(directed=True, first=FIRST, last=last, relevant=True)
    made = made.add_capabilities().add_regime().add_contiguity().add_alliances().add_disputes()
    made = made.add_majors()
    rows: Table = made.to_pandas()
    owed = pledges()
    came = challenges(owed)
    worst = came.assign(outcome=outcome(came)).groupby(KEY)["outcome"].max()
    rows = rows.join(worst, on=KEY).fillna({"outcome": 0}).astype({"outcome": int})
    rows = rows.assign(quiet=_quiet(rows, came))
    rows = rows.merge(_patrons(rows, owed), on=KEY, how="left")
    return _traits(rows)


def _traits(rows: Table) -> pd.DataFrame:
    """Return the key, the outcome and the columns that models use."""
    democratic = rows[["polity2_1", "polity2_2", "patron_polity"]] >= DEMOCRATIC
    regimes = democratic.astype(float).where(
        rows[["polity2_1", "polity2_2", "patron_polity"]].notna()
    )
    back = rows[[*KEY, "atop_defense"]].rename(
        columns={"ccode1": "ccode2", "ccode2": "ccode1", "atop_defense": "back"}
    )
    rows = rows.merge(back, on=KEY, how="left")
    return pd.DataFrame(
        {
            **{name: rows[name] for name in [*KEY, "outcome", "quiet"]},
            "covered": rows["patrons"].fillna(0).gt(0).astype(int),
            "onset": rows["dispute_onset"],
            "size": rows[["cinc1", "cinc2"]].max(axis=1),
            "balance": np.log(rows["cinc1"] / rows["cinc2"]),
            "land": (rows["contiguity"] == 1).astype(float),
            "water": (rows["contiguity"] > 1).astype(float),
            "major1": rows["major1"],
            "major2": rows["major2"],
            "democracy1": regimes["polity2_1"],
            "democracy2": regimes["polity2_2"],
            "democracies": regimes["polity2_1"] * regimes["polity2_2"],
            "pact": rows[["atop_defense", "back"]].max(axis=1),
            "shield": np.log(rows["patron_cinc"] / rows["cinc1"]),
            "patrons": np.log(rows["patrons"]),
            "patron_major": rows["patron_major"],
            "patron_democracy": regimes["patron_polity"],
            "patron_torn": rows["patron_torn"],
            "neighbours": np.log1p(rows["neighbours"].fillna(0.0)),
        }
    )


def major_power(of: Table, code: str) -> pd.Series:
    """Return 1 where the state in ``code`` is a major power in the row's year."""
    spells: Table = load("cow_majors")
    flag = pd.Series(0, index=of.index)
    for row in spells.to_dict("records"):
        within = of["year"].between(row["styear"], row["endyear"])
        flag[(of[code] == row["ccode"]) & within] = 1
    return flag


def _quiet(rows: Table, came: Table) -> pd.Series:
    """Return years since the last challenge of state 1 to state 2, or since both exist."""
    states: Table = load("cow_states")[["ccode", "styear", "endyear"]]
    began = rows["year"] * 0
    for side in ("ccode1", "ccode2"):
        spells = rows[[side, "year"]].reset_index().merge(states, left_on=side, right_on="ccode")
        spells = spells[spells["year"].between(spells["styear"], spells["endyear"])]
        began = np.maximum(began, spells.groupby("index")["styear"].max().reindex(rows.index))
    at = rows[KEY].merge(came[KEY].drop_duplicates().assign(hit=1), on=KEY, how="left")
    past = at["year"].where(at["hit"] == 1).groupby([at["ccode1"], at["ccode2"]]).ffill()
    earlier = past.fillna(-np.inf).to_numpy()
    return pd.Series(rows["year"] - np.maximum(earlier, began.to_numpy(float)), rows.index)


def _patrons(rows: Table, owed: Table) -> pd.DataFrame:
    """Return what is known of the states that owe each target defence, the challenger left out.

    ``patrons``, their number; ``patron_*`` of the strongest by capabilities; ``patron_torn``: it
    owes the challenger defence as well; ``neighbours``: how many border the challenger by land.
    """
    power: Table = load("cow_nmc", ["ccode", "year", "cinc"]).rename(columns={"ccode": "patron"})
    polity = rows[["ccode1", "year", "polity2_1"]].drop_duplicates()
    polity = polity.set_axis(["patron", "year", "patron_polity"], axis=1)
    known = owed.merge(power, on=["patron", "year"]).merge(
        polity, on=["patron", "year"], how="left"
    )
    known = known.assign(patron_major=major_power(known, "patron").astype(float))
    ranked = known.sort_values(["client", "year", "cinc"], ascending=[True, True, False])
    ranked = ranked.assign(place=ranked.groupby(["client", "year"]).cumcount())
    ranked = ranked.rename(columns={"client": "ccode2", "cinc": "patron_cinc"})
    two = rows[KEY].merge(ranked[ranked["place"] < 2], on=["ccode2", "year"])
    best = two[two["patron"] != two["ccode1"]].sort_values("place").drop_duplicates(KEY)
    count = ranked.groupby(["ccode2", "year"])["place"].size().rename("all").reset_index()
    own = owed.set_axis(["ccode1", "ccode2", "year"], axis=1).assign(own=1)
    best = best.merge(count, on=["ccode2", "year"]).merge(own, on=KEY, how="left")
    torn = owed.set_axis(["patron", "ccode1", "year"], axis=1).assign(torn=1.0)
    best = best.merge(torn, on=["patron", "ccode1", "year"], how="left")
    best = best.assign(
        patrons=best["all"] - best["own"].fillna(0), patron_torn=best["torn"].fillna(0.0)
    )
    near = yearly(int(rows["year"].min()), int(rows["year"].max()))
    near = near[near["conttype"] == 1].rename(columns={"ccode2": "patron"})
    beside = near.merge(owed.rename(columns={"client": "ccode2"}), on=["patron", "year"])
    beside = beside.groupby(KEY).size().rename("neighbours").reset_index()
    best = best.merge(beside, on=KEY, how="left")
    kept = ["patrons", "patron", "patron_cinc", "patron_polity", "patron_major", "patron_torn"]
    return best[[*KEY, *kept, "neighbours"]]


def shielded(owed: Table, first: int = FIRST) -> dict[str, int]:
    """Count disputes since ``first`` whose target has a major power bound to its defence.

    Returns
    -------
    dict
        ``disputes``; ``joined``: the power was on the target's side; ``later``: not from the first
        day.  Pledges of the year of the dispute; a power on the other side is no protector.
    """
    frame: Table = read("gml")
    began = frame.groupby("dispnum")["year"].transform("min")
    frame = frame.assign(year=began)[began >= first]
    sides = frame[["dispnum", "ccode1", "sidea1", "orig1"]].drop_duplicates(["dispnum", "ccode1"])
    target = frame[(frame["sidea1"] == 0) & (frame["orig1"] == 1)]
    target = target[["dispnum", "ccode1", "year"]].drop_duplicates()
    bound = target.rename(columns={"ccode1": "client"}).merge(owed, on=["client", "year"])
    bound = bound[major_power(bound, "patron") == 1][["dispnum", "patron"]].drop_duplicates()
    part = sides.rename(columns={"ccode1": "patron"})
    bound = bound.merge(part, on=["dispnum", "patron"], how="left")
    bound = bound[~(bound["sidea1"] == 1)]
    joined = bound["sidea1"] == 0
    return {
        "disputes": int(bound["dispnum"].nunique()),
        "joined": int(bound["dispnum"][joined].nunique()),
        "later": int(bound["dispnum"][joined & (bound["orig1"] == 0)].nunique()),
    }


def coded(known: Table) -> Int[ndarray, " N"]:
    """Return one number a pair of states, whichever challenges."""
    low, high = known[PAIR].min(axis=1), known[PAIR].max(axis=1)
    return (low * 1000 + high).to_numpy(np.int64)
