"""Wars that called on alliances: obligations of ATOP against participants of interstate wars.

A case is a war, a state that was in it from its first day, an ally and a treaty in force the day
before.  Defence is called on when the state is on the side that did not begin the war, offence
when it began it.  Honoured: the ally fights on its side at any time.  Rougher than the studies
whose shares stand beside, which read each treaty's terms: where a pact is limited to an adversary
or a place (``limited``), whether this war was meant is not known here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.data.panel.contiguity import yearly
from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.models.force import reliability

BREAK = 1945
OBLIGATIONS = {"defence": "defense", "offence": "offense"}
LIMITS = ("defcoadv", "defcoloc", "defcocon", "defconum")
COVARIATES = ("after_1945", "bilateral", "limited", "major", "adjacent")
OPEN = 99_999_999


def _day(frame: Table, names: tuple[str, str, str], missing: tuple[int, int]) -> pd.Series:
    """Return dates as year, month and day in one number; unknown months and days as given."""
    year, month, day = (pd.to_numeric(frame[n], errors="coerce") for n in names)
    month = month.where(month > 0, missing[0]).fillna(missing[0])
    day = day.where(day > 0, missing[1]).fillna(missing[1])
    return (year * 10_000 + month * 100 + day).astype("int64")


def belligerents() -> pd.DataFrame:
    """Return states in a war from its first day: ``war``, ``ccode``, ``side``, ``day``, ``began``.

    ``began``: 1 where it is the initiator, 0 where on the other side, NaN for those with the
    initiator.
    """
    every: Table = load("cow_interstate_war_participants")
    day = _day(every, ("StartYear1", "StartMonth1", "StartDay1"), (1, 1))
    found = pd.DataFrame(
        {
            "war": every["WarNum"],
            "ccode": every["ccode"],
            "side": every["Side"],
            "day": day,
            "began": (every["Initiator"] == 1).astype(float),
        }
    )
    starters = found[found["began"] == 1].groupby("war")["side"].agg(set)
    with_it = [
        s in starters.get(w, set()) for w, s in zip(found["war"], found["side"], strict=True)
    ]
    found["began"] = found["began"].where((found["began"] == 1) | ~np.array(with_it))
    return found[found["day"] == found.groupby("war")["day"].transform("min")]


def treaties() -> pd.DataFrame:
    """Return who is bound by which treaty when, with its obligations and limits."""
    frame: Table = load("atop_members")
    left = pd.to_numeric(frame["yrexit"]) == 0
    until = _day(frame, ("yrexit", "moexit", "dayexit"), (12, 31)).where(~left, OPEN)
    return pd.DataFrame(
        {
            "atopid": frame["atopid"],
            "member": frame["member"],
            "first": _day(frame, ("yrent", "moent", "dayent"), (1, 1)),
            "until": until,
            **{name: (frame[column] == 1) for name, column in OBLIGATIONS.items()},
            "bilateral": (frame["bilat"] == 1).astype(float),
            "limited": (frame[list(LIMITS)] == 1).any(axis=1).astype(float),
        }
    )


def cases() -> pd.DataFrame:
    """Return one row a war, called-on ally and treaty.

    Returns
    -------
    pandas.DataFrame
        ``war``, ``year``, ``ccode``, ``ally``, ``atopid``, ``obligation``, ``honoured`` (0/1) and
        ``COVARIATES``: ``adjacent`` is contiguity by land of the ally with the state at war.
    """
    fought: Table = load("cow_interstate_war_participants")
    sides = fought[["WarNum", "ccode", "Side"]].drop_duplicates()
    sides = sides.set_axis(["war", "ally", "side"], axis=1).assign(honoured=1.0)
    bound, at_war = treaties(), belligerents()
    own = at_war.merge(
        bound[["atopid", "member", "first", "until"]], left_on="ccode", right_on="member"
    )
    own = own[(own["first"] < own["day"]) & (own["until"] >= own["day"])]
    own = own.drop(columns=["member", "first", "until"]).drop_duplicates()
    found = own.merge(bound.rename(columns={"member": "ally"}), on="atopid")
    found = found[(found["first"] < found["day"]) & (found["until"] >= found["day"])]
    found = found[found["ally"] != found["ccode"]]
    called = {"defence": found["began"] == 0, "offence": found["began"] == 1}
    parts = [found[called[k] & found[k]].assign(obligation=k) for k in OBLIGATIONS]
    rows = pd.concat(parts).drop_duplicates(["war", "ccode", "ally", "atopid", "obligation"])
    rows = rows.merge(sides, on=["war", "ally", "side"], how="left").fillna({"honoured": 0.0})
    rows = rows.assign(year=rows["day"] // 10_000)
    near = yearly(int(rows["year"].min()), int(rows["year"].max()))
    near = near[near["conttype"] == 1].rename(columns={"ccode2": "ally", "ccode1": "ccode"})
    rows = rows.merge(near, on=["ccode", "ally", "year"], how="left")
    powers: Table = load("cow_majors")
    major = pd.Series(0.0, rows.index)
    for row in powers.to_dict("records"):
        within = rows["year"].between(row["styear"], row["endyear"])
        major[(rows["ally"] == row["ccode"]) & within] = 1.0
    rows = rows.assign(
        after_1945=(rows["year"] >= BREAK).astype(float),
        adjacent=(rows["conttype"] == 1).astype(float),
        major=major,
    )
    kept = ["war", "year", "ccode", "ally", "atopid", "obligation", "honoured", *COVARIATES]
    return rows[kept].sort_values(kept[:6]).reset_index(drop=True)


def shares(rows: Table) -> pd.DataFrame:
    """Return shares honoured by obligation and period, wars resampled.

    ``pacts``: a treaty and war count once, honoured where any called-on ally fought; ``allies``:
    every ally, treaty and war counts.
    """
    found = {}
    for obligation in OBLIGATIONS:
        mine = rows[rows["obligation"] == obligation]
        for label, then in (
            ("all", mine["year"] > 0),
            ("before 1945", mine["year"] < BREAK),
            ("from 1945", mine["year"] >= BREAK),
        ):
            some = mine[then]
            pacts = some.groupby(["war", "atopid"], as_index=False)["honoured"].max()
            for level, table in (("allies", some), ("pacts", pacts)):
                one = reliability.of_clusters(
                    table["honoured"].to_numpy(float), table["war"].to_numpy(np.int64)
                )
                found[obligation, label, level] = {
                    "share": one.share,
                    "low": one.low,
                    "high": one.high,
                    "cases": one.cases,
                    "wars": one.clusters,
                }
    return pd.DataFrame(found).T


def covariates(rows: Table) -> pd.DataFrame:
    """Return log-odds of honouring a defence obligation, wars clustered."""
    mine = rows[rows["obligation"] == "defence"]
    x = mine[list(COVARIATES)].to_numpy(float)
    war = mine["war"].to_numpy(np.int64)
    found = reliability.fit(x, mine["honoured"].to_numpy(float), war)
    se = np.sqrt(np.diag(found.covariance))
    return pd.DataFrame({"effect": found.coefficients, "se": se}, index=["constant", *COVARIATES])
