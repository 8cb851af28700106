"""General Assembly votes as a roll-call frame, and the published ideal points beside ours."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from comity.data.sources.source import load

LEVELS = {"yes": 0.0, "abstain": 1.0, "no": 2.0}
LONE = 19  # the session of 1964-65 voted once
WHOLE = 1989  # after it votes on paragraphs and amendments are left out, as the authors do
FILLER = re.compile(r":?\s*resolution\s*/\s*adop.*|\b(?:of|the|and|in|to|for|on|an?)\b|[^a-z0-9 ]")


def choices() -> pd.DataFrame:
    """Return ``actor`` (Correlates of War), ``vote``, ``period`` (year 1945 + session), ``choice``.

    As in bailey2017estimating: the 19th session is left out, and after 1989 votes on paragraphs
    and amendments.  Yes 0, abstention 1, no 2; absence is no row.
    """
    calls = load("unga_roll_calls", ["rcid", "session", "year", "para", "amend"])
    part = (calls.year > WHOLE) & ((calls.para == 1) | (calls.amend == 1))
    calls = calls[(calls.session != LONE) & ~part].set_index("rcid")
    votes = load("unga_votes", ["rcid", "country", "vote"])
    votes = votes[votes.rcid.isin(calls.index)]
    names = load("country_names", ["name", "ccode"]).dropna().drop_duplicates("name")
    return (
        pd.DataFrame(
            {
                "actor": votes.country.map(names.set_index("name").ccode),
                "vote": votes.rcid,
                "period": votes.rcid.map(calls.session) + 1945,
                "choice": votes.vote.map(LEVELS),
            }
        )
        .dropna()
        .astype({"actor": int, "vote": int, "period": int})
    )


def titles() -> pd.DataFrame:
    """Return ``vote``, ``period``, ``title``: the description without filler and punctuation."""
    calls = load("unga_roll_calls", ["rcid", "session", "descr"])
    text = calls.descr.fillna("").str.lower().str.replace(FILLER, " ", regex=True)
    return pd.DataFrame(
        {
            "vote": calls.rcid,
            "period": calls.session + 1945,
            "title": text.str.split().str.join(" ").str[:80],
        }
    )


def published(column: str = "idealpointlegacy") -> pd.DataFrame:
    """Return ``actor``, ``period``, ``published`` of a column of the authors' release."""
    rows = load("unga_ideal_points", ["ccode", "year", column]).dropna()
    return pd.DataFrame(
        {"actor": rows.ccode.astype(int), "period": rows.year, "published": rows[column]}
    )


def compared(table: pd.DataFrame, column: str = "idealpointlegacy") -> pd.DataFrame:
    """Return our table beside the published column, states and sessions in both."""
    return table.merge(published(column), on=["actor", "period"])


def by_session(both: pd.DataFrame) -> pd.Series:
    """Return the correlation of ours with the published in each session."""
    each = {
        when: np.corrcoef(part.ideal_point, part.published)[0, 1]
        for when, part in both.groupby("period")
    }
    return pd.Series(each)
