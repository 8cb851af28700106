"""The UN General Assembly: agreement in roll calls and ideal points."""

from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from comity.data.panel.coverage import Added, add
from comity.data.panel.keys import Keys, Table, gather, join_states, place_pairs
from comity.data.sources.source import load

Measure = Literal["fp", "all", "legacy"]
# How far apart two votes lie: a yes and a no differ by a full step, an abstention by half.
STEPS = {"yes": 0.0, "abstain": 0.5, "no": 1.0}
# China's seat was held from Taipei until 1971; the Correlates of War list has Taiwan from
# December 1949, and China under 710 before.
CHINA, TAIWAN, MOVED = 710, 713, 1949


def china_before(code: pd.Series, year: pd.Series) -> pd.Series:
    """Return codes in which China's seat to 1949 is China's."""
    return code.mask((code == TAIWAN) & (year <= MOVED), CHINA)


@lru_cache(maxsize=1)
def agreement() -> Table:
    """Return directed pairs by year: ``vote_agreement`` (0-1) and ``votes_joint`` (number).

    A year is a session: 1946 is the first, 2019 the 74th, which ends in January 2020.  Of a
    roll call two states agree by 1 when they vote alike, 0.5 when one abstains, else 0; absent
    states do not count.
    """
    votes: Table = load("unga_votes", ["rcid", "country", "vote"])
    calls: Table = load("unga_roll_calls", ["rcid", "session"]).set_index("rcid")["session"]
    names: Table = load("country_names", ["name", "ccode"]).set_index("name")["ccode"]
    votes["year"] = votes["rcid"].map(calls) + 1945
    votes["ccode"] = china_before(votes["country"].map(names), votes["year"])
    votes["step"] = votes["vote"].map(STEPS)
    parts = [_of_session(part, int(when)) for when, part in votes.groupby("year")]
    return pd.concat(parts, ignore_index=True)


def _of_session(votes: Table, year: int) -> Table:
    """Return the pairs of one session."""
    table = votes.pivot_table(index="rcid", columns="ccode", values="step", aggfunc="first")
    steps = table.to_numpy(dtype=float)
    there = np.isfinite(steps).astype(float)
    joint = there.T @ there
    apart = np.zeros_like(joint)
    for value in STEPS.values():
        mine = (steps == value).astype(float)
        apart += mine.T @ np.where(np.isfinite(steps), np.abs(steps - value), 0.0)
    code = table.columns.to_numpy(dtype=np.int64)
    a, b = np.nonzero((joint > 0) & ~np.eye(len(code), dtype=bool))
    return pd.DataFrame(
        {
            "ccode1": code[a],
            "ccode2": code[b],
            "year": year,
            "vote_agreement": 1 - apart[a, b] / joint[a, b],
            "votes_joint": joint[a, b],
        }
    )


def votes(keys: Keys) -> Added:
    """Return ``vote_agreement`` and ``votes_joint`` of each dyad (voeten2013data)."""
    frame: Table = agreement()
    at = place_pairs(keys, frame, "cow")
    share = {"vote_agreement": gather(frame["vote_agreement"], at)}
    number = {"votes_joint": gather(frame["votes_joint"], at)}
    note = "a year is a session: 2019 is the 74th"
    out = add(keys, share, "unga_votes", "0 opposed to 1 alike", "cow", note=note)
    return out | add(keys, number, "unga_votes", "roll calls", "cow", note=note)


def ideal_points(keys: Keys, measure: Measure = "fp") -> Added:
    """Return ideal points and, for dyads, their absolute difference (bailey2017estimating).

    ``measure``: ``fp`` votes on final passage (to 2024), ``all`` votes or the ``legacy`` series
    (both to 2023).  The scale is that of the July 2025 release; releases do not mix.
    """
    source, column = "unga_ideal_points", f"idealpoint{measure}"
    frame: Table = load(source, ["ccode", "year", column])
    frame["ccode"] = china_before(frame["ccode"], frame["year"])
    found = join_states(keys, frame, "cow", "ccode", [column])[column]
    unit = "latent scale, higher = nearer to the United States"
    values = keys.spread("ideal_point", found)
    if keys.dyadic:
        values["ideal_distance"] = np.abs(values["ideal_point1"] - values["ideal_point2"])
    return add(keys, values, source, unit, "cow", column, "release of July 2025")
