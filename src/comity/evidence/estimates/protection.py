"""What protection is worth: the estimates behind commitments and crises, from the records.

*Crises* (``outcomes``): of challenges since 1946 to targets with a defence ally, how many the
target resists, in how many of those a protector joins, how many become wars (``crisis_panel``).
*Lapse* (``lapse_effects``): defence treaties in force since 1946 (leeds2002alliance), by year: an
event is an end after which less than half of its pairs are bound by another defence treaty.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.estimates import Figures
from comity.evidence.panels import crisis_panel
from comity.models.statistics import logit

LAST_TREATY = 2018


@dataclass(frozen=True)
class Effect:
    """An estimate with its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Outcomes:
    """Counts of challenges to targets with a defence ally, by how they went."""

    challenges: int
    resisted: int
    joined: int
    wars_alone: int
    wars_joined: int


def outcomes() -> Outcomes:
    """Count what came of challenges since 1946 to targets that some other state owes defence."""
    owed = crisis_panel.pledges()
    found = crisis_panel.challenges(owed)
    key = ["dispute", "ccode1", "ccode2", "year"]
    bound = owed.assign(year=owed["year"] + 1).rename(columns={"client": "ccode2"})
    covered = found[key].merge(bound, on=["ccode2", "year"])
    covered = covered[covered["patron"] != covered["ccode1"]][key].drop_duplicates()
    found = found.merge(covered, on=key)
    records = load("gml_mid_directed_dyad_year", ["dispnum", "ccode1", "ccode2", "hostlev"])
    worst = records.groupby(["dispnum", "ccode1", "ccode2"])["hostlev"].max()
    war = found.join(worst, on=["dispute", "ccode1", "ccode2"])["hostlev"] == 5
    resisted, joined = (found["resists"] == 1) | (found["joins"] == 1), found["joins"] == 1
    return Outcomes(
        challenges=len(found),
        resisted=int(resisted.sum()),
        joined=int(joined.sum()),
        wars_alone=int((war & resisted & ~joined).sum()),
        wars_joined=int((war & joined).sum()),
    )


def challenges() -> Figures:
    """Return the share of targets that resist."""
    found = outcomes()
    return {"crises.resists": {"value": found.resisted / found.challenges}}


def lapses() -> Figures:
    """Return what overlap with other defence treaties does to a treaty's chance of a lapse."""
    overlap = lapse_effects(treaty_years())["overlap"]
    return {"commitment.overlap": {"value": overlap.value, "sd": overlap.error}}


def treaty_years() -> pd.DataFrame:
    """Years of defence treaties since 1946.

    Returns
    -------
    pandas.DataFrame
        ``treaty``, ``year``; ``lapse`` 0/1; ``ended`` 0/1, whether carried on or not; ``overlap``
        (log of one plus other defence treaties that hold at least two of its members and half of
        them); ``organ`` (1 with a standing organisation); ``bases`` (1 where it provides for
        bases); ``age`` (log of one plus years); ``pair`` (1 for two members).
    """
    treaties: Table = load("atop_treaties")
    treaties = treaties[treaties["defense"] == 1]
    spans = _spans(treaties["atopid"].to_numpy())
    daily: Table = load("atop_dyad_year", ["ccode1", "ccode2", "year", "atop_defense"])
    daily = daily[daily["atop_defense"] == 1]
    bound = set(zip(daily["ccode1"], daily["ccode2"], daily["year"], strict=True))
    rows = []
    for treaty, began, end in treaties[["atopid", "begyr", "endyr"]].astype(int).to_numpy():
        ended = end if end > 0 else LAST_TREATY + 1
        for year in range(max(began + 1, crisis_panel.FIRST), min(ended, LAST_TREATY) + 1):
            inside = _members(spans[treaty], year)
            lapse = ended == year < LAST_TREATY and not _carried_on(inside, year + 1, bound)
            age = float(np.log1p(year - began))
            rows.append(
                (treaty, year, float(lapse), float(ended == year < LAST_TREATY), age, inside)
            )
    made = pd.DataFrame(rows, columns=["treaty", "year", "lapse", "ended", "age", "members"])
    traits = treaties.set_index("atopid")[["organ1", "base", "bilat"]]
    traits = traits.apply(pd.to_numeric).reindex(made["treaty"]).gt(0).fillna(False)
    own = dict(zip(("organ", "bases", "pair"), traits.to_numpy(float).T, strict=True))
    return made.assign(overlap=np.log1p(_others(made)), **own).drop(columns="members")


def lapse_effects(rows: pd.DataFrame, event: str = "lapse") -> dict[str, Effect]:
    """Log-odds of a lapse (or of any ``ended``) in a year by what a treaty is.

    Errors are clustered by treaty.
    """
    names = ["overlap", "organ", "bases", "age", "pair"]
    late = (rows["year"] >= 1990).to_numpy(float)
    x = np.column_stack([np.ones(len(rows)), rows[names].to_numpy(float), late])
    places = {name: i + 1 for i, name in enumerate(names)}
    return _fitted(x, rows[event].to_numpy(float), rows["treaty"].to_numpy(), places)


def _fitted(
    x: Float[ndarray, "N K"], y: Float[ndarray, " N"], groups: ndarray, names: dict[str, int]
) -> dict[str, Effect]:
    found = logit.fit(x, y)
    error = np.sqrt(np.diag(logit.clustered(found, x, y, groups)))
    return {n: Effect(float(found.coefficients[i]), float(error[i])) for n, i in names.items()}


def _spans(ids: ndarray) -> dict[int, list[tuple[int, int, int]]]:
    """First year, last year and state of every membership of the treaties named."""
    rows = load("atop_members", ["atopid", "member", "yrent", "yrexit"])
    rows = rows[rows["atopid"].isin(ids)].dropna(subset=["member", "yrent"])
    found: dict[int, list[tuple[int, int, int]]] = {}
    for treaty, state, first, last in rows.astype(int).itertuples(index=False):
        found.setdefault(treaty, []).append((first, last if last > 0 else LAST_TREATY, state))
    return found


def _members(spans: list[tuple[int, int, int]], year: int) -> frozenset[int]:
    return frozenset(state for first, last, state in spans if first <= year <= last)


def _carried_on(inside: frozenset[int], year: int, bound: set) -> bool:
    """Whether at least half of the pairs are bound by a defence treaty in a year."""
    pairs = list(combinations(sorted(inside), 2))
    still = [(a, b, year) in bound or (b, a, year) in bound for a, b in pairs]
    return bool(pairs) and float(np.mean(still)) >= 0.5


def _others(made: pd.DataFrame) -> ndarray:
    """Number of other treaties of the year that hold two members and half of the treaty's."""
    found = np.zeros(len(made))
    for _, rows in made.groupby("year"):
        groups = list(rows["members"])
        for place, own in zip(rows.index, groups, strict=True):
            need = max(2.0, 0.5 * len(own))
            found[place] = sum(len(own & other) >= need for other in groups) - (len(own) >= 2)
    return found
