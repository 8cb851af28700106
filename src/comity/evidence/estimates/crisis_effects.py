"""What goes with challenges and with protectors that join, estimated on all the data there are.

Tables of coefficients with standard errors: who is challenged (logit, pairs of states clustered),
the same within directed pairs over time, US troops in the target (likewise, targets clustered),
and which protectors join once a challenge has come.  Traits are of the year before.  Associations
all: alliances and troops go where challenges are expected.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.data.panel.contiguity import yearly
from comity.data.panel.disputes import read
from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.estimates import Figures
from comity.evidence.panels.crisis_panel import (
    ACTION,
    DEMOCRATIC,
    FIRST,
    KEY,
    challenges,
    coded,
    major_power,
    panel_rows,
    pledges,
)
from comity.models.statistics import logit, poisson_within

UNITED_STATES = 2
TROOPS_FROM = 1950
MANY_TROOPS = 1000
RIDGE = 0.5  # of the logit of joining, whose outcomes are few
Z = 1.959963984540054
PAIRED = ("balance", "land", "water", "major1", "major2", "democracy1", "democracy2", "democracies")
SHIELD = ("covered", "by_major", "by_torn", "pact")
# What changes over time within a pair.
MOVING = ("balance", "democracy1", "democracy2", "democracies", *SHIELD)
JOINING = (
    "shield",
    "major",
    "patron_democracy",
    "democracy2",
    "democracies",
    "torn",
    "borders",
    "resists",
    "force",
)


def forces() -> Figures:
    """Return what US troops in the target go with in the log-odds that the United States joins."""
    found = joining_us(protectors())
    return {"commitment.forces": {"value": _effect(found, "troops")}}


def deterrence() -> Figures:
    """Return what goes with a challenge: the target's arms (across pairs) and US troops (within).

    The book's ``balance`` is the target's over the challenger's, the table's the other way round.
    """
    rows = panel_rows()
    balance = _effect(challenged(rows), "balance")
    hosted = _effect(troops(rows)["within pairs"], "troops")
    return {
        "crises.balance": {"value": -balance},
        "crises.troops": {"value": hosted},
    }


def known_before(rows: Table) -> pd.DataFrame:
    """Return rows with ``next``, 1 where a challenge came the year after; complete ones only.

    ``by_major``: the strongest protector is a major power; ``by_torn``: it owes the challenger
    defence as well; ``rest``: log of one plus the years of quiet.
    """
    came = rows[[*KEY, "outcome"]].assign(year=rows["year"] - 1)
    found = rows.merge(came.rename(columns={"outcome": "came"}), on=KEY)
    found = found.assign(
        next=(found["came"] > 0).astype(float),
        by_major=found["patron_major"].fillna(0.0),
        by_torn=found["patron_torn"].fillna(0.0),
        rest=np.log1p(found["quiet"].astype(float)),
    )
    return found.dropna(subset=list(PAIRED)).reset_index(drop=True)


def challenged(rows: Table) -> pd.DataFrame:
    """Return log-odds of a challenge in a year: logit on all relevant directed pair-years.

    Years of quiet enter as a cubic of their log, time as decades; clustered by pair of states.
    """
    known = known_before(rows)
    names = (*PAIRED, *SHIELD)
    rest = known["rest"].to_numpy()
    decade = pd.get_dummies(known["year"] // 10, dtype=float).to_numpy()
    x = np.column_stack([known[list(names)].to_numpy(float), rest, rest**2, rest**3, decade])
    y = known["next"].to_numpy(float)
    found = logit.fit(x, y)
    return _table(names, found.coefficients, logit.clustered(found, x, y, coded(known)))


def within_pairs(rows: Table) -> pd.DataFrame:
    """Return log rates of challenge as traits change within a directed pair, years apart."""
    known = known_before(rows)
    return changes(known, MOVING, coded(known))


def troops(rows: Table) -> dict[str, pd.DataFrame]:
    """Return what goes with the log of one plus thousands of US troops in the target.

    Neither side is the United States.  ``within pairs``: targets clustered; ``by pair``: the same
    with pairs clustered; ``between pairs``: logit without effects of the pair; ``hosts``: all
    challenges of a year against a host, effects of host and year.
    """
    hosted: Table = load("us_troops_country_year", ["ccode", "year", "troops"])
    hosted = hosted.groupby(["ccode", "year"], as_index=False)["troops"].sum()
    known = known_before(rows).merge(
        hosted.rename(columns={"ccode": "ccode2"}), on=["ccode2", "year"]
    )
    known = known[(known[["ccode1", "ccode2"]] != UNITED_STATES).all(axis=1)]
    known = known[known["year"] >= TROOPS_FROM].reset_index(drop=True)
    known = known.assign(troops=np.log1p(known["troops"] / 1000.0))
    target = known["ccode2"].to_numpy(np.int64)
    names = ("troops", *MOVING)
    rest = known["rest"].to_numpy()
    decade = pd.get_dummies(known["year"] // 10, dtype=float).to_numpy()
    wide = ("troops", *PAIRED, *SHIELD)
    x = np.column_stack([known[list(wide)].to_numpy(float), rest, rest**2, rest**3, decade])
    y = known["next"].to_numpy(float)
    found = logit.fit(x, y)
    columns = {"next": ("next", "sum"), "troops": ("troops", "first")}
    columns |= {"covered": ("covered", "max"), "by_major": ("by_major", "max")}
    hosts = known.groupby(["ccode2", "year"], as_index=False).agg(**columns)
    hosts = hosts.assign(ccode1=0)
    return {
        "within pairs": changes(known, names, target),
        "by pair": changes(known, names, coded(known)),
        "between pairs": _table(wide, found.coefficients, logit.clustered(found, x, y, target)),
        "hosts": changes(
            hosts, ("troops", "covered", "by_major"), hosts["ccode2"].to_numpy(np.int64)
        ),
    }


def protectors() -> pd.DataFrame:
    """Return challenges by protector: states that owe the target defence the year before.

    The challenger and states on its side are none.  ``joins``: the protector took militarized
    action on the target's side; ``resists``: the target did; ``force``: any side used force;
    ``deaths``: any are known of; ``borders``: by land, the challenger; ``torn``: owes the
    challenger defence too; ``us_troops``: persons in the target, NaN before 1951; traits of the
    year before.
    """
    owed, frame = pledges(), read("gml")
    came = challenges(owed).drop(columns=["joins", "major"])
    before = owed.assign(year=owed["year"] + 1)
    found = came.merge(before.rename(columns={"client": "ccode2"}), on=["ccode2", "year"])
    found = found[found["patron"] != found["ccode1"]]
    part: Table = frame[["dispnum", "ccode1", "sidea1", "hostlev1"]]
    part = part.groupby(["dispnum", "ccode1"], as_index=False).max()
    part = part.set_axis(["dispute", "patron", "side", "act"], axis=1)
    found = found.merge(part, on=["dispute", "patron"], how="left")
    found = found[found["side"] != 1]
    scale: Table = frame.groupby("dispnum").agg(host=("hostlev", "max"), dead=("fatality", "max"))
    found = found.join(scale, on="dispute")
    found = found.assign(
        joins=((found["side"] == 0) & (found["act"] >= ACTION)).astype(float),
        force=(found["host"] >= 4).astype(float),
        deaths=(found["dead"] >= 1).astype(float),
        major=major_power(found, "patron").astype(float),
    )
    torn = before.set_axis(["patron", "ccode1", "year"], axis=1).assign(torn=1.0)
    near = yearly(FIRST, int(found["year"].max()))
    near = near[near["conttype"] == 1][KEY].set_axis(["ccode1", "patron", "year"], axis=1)
    found = found.merge(torn, on=["patron", "ccode1", "year"], how="left")
    found = found.merge(near.assign(borders=1.0), on=["patron", "ccode1", "year"], how="left")
    return _traits(found.fillna({"torn": 0.0, "borders": 0.0}))


def _traits(found: Table) -> pd.DataFrame:
    """Add regimes, capabilities and US troops of the year before."""
    polity: Table = load("polity5", ["cown", "year", "polity2"]).dropna()
    polity = polity.drop_duplicates(["cown", "year"], keep="last")
    power: Table = load("cow_nmc", ["ccode", "year", "cinc"])
    hosted: Table = load("us_troops_country_year", ["ccode", "year", "troops"])
    hosted = hosted.groupby(["ccode", "year"], as_index=False)["troops"].sum()
    parts = (
        (polity, "patron", "patron_democracy"),
        (polity, "ccode2", "democracy2"),
        (power, "patron", "cinc_patron"),
        (power, "ccode1", "cinc1"),
        (hosted, "ccode2", "us_troops"),
    )
    for source, code, name in parts:
        dated = source.set_axis([code, "year", name], axis=1).astype({code: int, name: float})
        found = found.merge(dated.assign(year=dated["year"] + 1), on=[code, "year"], how="left")
    for name in ("patron_democracy", "democracy2"):
        found[name] = (found[name] >= DEMOCRATIC).astype(float).where(found[name].notna())
    return found.assign(
        democracies=found["patron_democracy"] * found["democracy2"],
        shield=np.log(found["cinc_patron"] / found["cinc1"]),
    )


def joining(found: Table) -> pd.DataFrame:
    """Return log-odds that a protector joins; ridge logit, clustered by dispute."""
    names = JOINING
    return who_joins(found, names)


def joining_us(found: Table) -> pd.DataFrame:
    """Return the same for the United States, with the log of one plus thousands of its troops."""
    own = found[found["patron"] == UNITED_STATES]
    own = own.assign(troops=np.log1p(own["us_troops"] / 1000.0))
    return who_joins(own, ("troops", "shield", "democracy2", "torn", "resists", "force"))


def who_joins(found: Table, names: tuple[str, ...]) -> pd.DataFrame:
    """Return log-odds that a protector joins on traits named; ridge logit, clustered by dispute."""
    known = found.dropna(subset=list(names))
    x = np.column_stack([np.ones(len(known)), known[list(names)].to_numpy(float)])
    y = known["joins"].to_numpy(float)
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = 0.0
    fitted = logit.fit(x, y, penalty)
    groups = known["dispute"].to_numpy(np.int64)
    return _table(("constant", *names), fitted.coefficients, logit.clustered(fitted, x, y, groups))


def rates(found: Table) -> pd.DataFrame:
    """Return how many protectors joined, by kind of protector and by what the target did."""
    us, free = found["patron"] == UNITED_STATES, found["torn"] == 0
    many = found["us_troops"] >= MANY_TROOPS
    kinds = {
        "any": found["joins"] >= 0,
        "major power": found["major"] == 1,
        "major power, not bound to the challenger": (found["major"] == 1) & free,
        "United States": us,
        "United States, not bound to the challenger": us & free,
        "United States, 1,000 troops or more in the target": us & many,
        "United States, fewer": us & (found["us_troops"] < MANY_TROOPS),
        "borders the challenger, not bound to it": (found["borders"] == 1) & free,
    }
    when = {
        "challenged": found["joins"] >= 0,
        "resists": found["resists"] == 1,
        "deaths": found["deaths"] == 1,
    }
    rows = {}
    for kind, mine in kinds.items():
        rows[kind] = {}
        for name, then in when.items():
            some = found[mine & then]
            rows[kind] |= {f"{name}: joined": int(some["joins"].sum()), f"{name}: of": len(some)}
    return pd.DataFrame(rows).T


def changes(known: Table, names: tuple[str, ...], cluster: np.ndarray) -> pd.DataFrame:
    """Return a fixed effects Poisson of ``next`` with effects of directed pair and year."""
    year = pd.get_dummies(known["year"], dtype=float).to_numpy()[:, 1:]
    x = np.column_stack([known[list(names)].to_numpy(float), year])
    pair = (known["ccode1"] * 1000 + known["ccode2"]).to_numpy(np.int64)
    found = poisson_within.fit(x, known["next"].to_numpy(float), pair, cluster)
    return _table(names, found.coefficients, found.covariance)


def _effect(table: Table, name: str) -> float:
    return float(table["effect"].to_numpy(float)[table.index.get_loc(name)])


def _table(
    names: tuple[str, ...], b: Float[np.ndarray, " K"], covariance: Float[np.ndarray, "K K"]
) -> pd.DataFrame:
    """Return effect, standard error and 95 % interval of the first coefficients."""
    effect, se = b[: len(names)], np.sqrt(np.diag(covariance)[: len(names)])
    columns = {"effect": effect, "se": se, "low": effect - Z * se, "high": effect + Z * se}
    return pd.DataFrame(columns, index=list(names))
