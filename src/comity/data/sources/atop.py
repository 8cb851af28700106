"""ATOP 5.1 defence obligations: who owed defence to whom in 2018, since when, by what treaty."""

import pandas as pd

from comity.data.sources.source import load
from comity.registry import states

LAST = 2018


def _ids(codes: pd.Series, years: pd.Series) -> pd.Series:
    """Return ids of codes in their years; a code a state lacks that year means today's holder.

    Japan is not in the state system of 1951, the year ATOP starts its treaty with the United
    States.
    """
    then = states.convert(codes, "cow", "id", years)
    return then.where(then.notna(), states.convert(codes, "cow", "id", LAST))


def spells() -> pd.DataFrame:
    """Return ``owes``, ``owed``, ``since`` of defence obligations in force at the end of 2018.

    ``since`` is the first year of the unbroken run of years to 2018; Germany continues the
    Federal Republic and Russia the Soviet Union, as in the registry.
    """
    frame = load("atop_dyad_year", columns=["ccode1", "ccode2", "year", "atop_defense"])
    frame = frame[frame.atop_defense == 1]
    frame = pd.DataFrame(
        {
            "owes": _ids(frame.ccode1, frame.year),
            "owed": _ids(frame.ccode2, frame.year),
            "year": frame.year.astype(int),
        }
    ).dropna()
    frame = frame.drop_duplicates().sort_values(["owes", "owed", "year"])
    pair = frame.groupby(["owes", "owed"]).year
    # A year less its rank is the same within an unbroken run.
    frame["run"] = frame.year - pair.rank(method="first")
    runs = frame.groupby(["owes", "owed", "run"]).year.agg(["min", "max"]).reset_index()
    current = runs[runs["max"] == LAST]
    return current.rename(columns={"min": "since"})[["owes", "owed", "since"]]


def treaties() -> pd.DataFrame:
    """Return ``owes``, ``owed``, ``treaty`` for every defence treaty two members are still in.

    A member whose own terms lack defence owes none (Japan in the treaty of 1960 with the United
    States), so the table is directed.
    """
    frame = load("atop_members", columns=["atopid", "member", "yrexit", "defense"])
    frame = frame[frame.yrexit == 0]
    frame = frame.assign(id=states.convert(frame.member, "cow", "id", LAST)).dropna(subset=["id"])
    owing = frame.loc[frame.defense == 1, ["atopid", "id"]].drop_duplicates()
    inside = frame[["atopid", "id"]].drop_duplicates()
    pairs = owing.merge(inside, on="atopid", suffixes=("_owes", "_owed"))
    pairs = pairs[pairs.id_owes != pairs.id_owed]
    return pairs.rename(columns={"atopid": "treaty", "id_owes": "owes", "id_owed": "owed"})
