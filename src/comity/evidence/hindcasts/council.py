"""What the Security Council does about a state's armed conflicts in a year: act, block, or nothing.

Ours is ``models.council`` fitted to the years up to a window's: silence, a resolution, or a veto
led by one of the permanent members.  Which states are in conflict later is taken as given (a
forecast is of the Council, not of war); everything else is as of the window's year.  Ideal points
are estimated anew from General Assembly votes up to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.data.sources.source import last_year
from comity.evidence.backtest import Chances, Outlook, Past
from comity.evidence.backtest import Table as Dated
from comity.evidence.panels import council_data as data
from comity.evidence.scoring import log_event
from comity.models.institutions import council, ideal_points
from comity.models.institutions.roll_calls import roll_calls

What = Literal["veto", "action"]
# Silence is known only while resolutions, vetoes and conflicts are all listed.
OUTCOME = ("unsc_outcomes", "unsc_vetoes", "ucdp_acd")
MEMBERS = tuple(data.MEMBERS)
USA = data.MEMBERS["USA"]
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
TUNING = 8  # years before the window's own on which the penalties are chosen
OWN = 4.0  # a member's departures are held this much tighter than what is common
SHRINK = 5.0  # weight, in years, of all states in a state's own record
VOTES_FROM = 1988  # General Assembly votes that date ideal points: two sessions before conflicts
FORMS = {
    "ties": (
        ("war", "interstate", "internationalised", "age", "resolved"),
        ("party", "defence", "arms", "distance", "past"),
    ),
    "ties alone": (
        ("war", "interstate", "internationalised", "age"),
        ("party", "defence", "arms", "distance"),
    ),
    "record alone": (("resolved",), ("past",)),
}


@dataclass(frozen=True)
class Council:
    """A veto (``what="veto"``), or a resolution or veto (``"action"``), on a state in conflict."""

    what: What = "veto"
    name: str = "council_veto"
    unit: str = "1"
    scale: float = 1.0
    kind: Literal["continuous", "binary"] = "binary"
    first_window: int = 2000
    outcome: tuple[str, ...] = OUTCOME
    blocks: tuple[str, ...] = ("unit",)
    claimed: bool = False

    def tables(self) -> dict[str, Dated]:
        """Read conflicts (given), what the Council did, ties and General Assembly votes."""
        return tables()

    def seen(self, tables: Mapping[str, Dated], last: int) -> pd.DataFrame:
        """Return what came: 1 or 0 for every state-year in conflict after ``last``."""
        rows: Table = tables["conflicts"].rows
        rows = rows[rows["year"] > last]
        came = outcomes(rows, tables["record"].rows)
        value = came[:, 2:].sum(axis=1) if self.what == "veto" else 1.0 - came[:, 0]
        return pd.DataFrame({"unit": rows["state"], "year": rows["year"], "value": value})

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every state in conflict in the years after; nothing is drawn."""
        given = past.table("conflicts")
        rows = given[given.year.between(past.last + 1, past.last + horizon)]
        found = chances(past, rows)
        rows = rows.assign(unit=rows.state, size=1.0 + rows.war)[["unit", "year", "size"]]
        return Outlook(
            rows.reset_index(drop=True),
            {name: Chances(event(p, self.what)) for name, p in found.items()},
        )


def tables() -> dict[str, Dated]:
    """Read everything that a forecast may be given.

    Conflicts end where ``OUTCOME`` does: after it a state-year without an act of the Council is
    one of which nothing is known, not one in which it was silent.
    """
    conflicts = data.frame()
    states = conflicts.state.to_numpy()
    last = last_year(OUTCOME, "the Security Council")
    conflicts = conflicts[conflicts.year <= last].reset_index(drop=True)
    return {
        "conflicts": Dated(conflicts, None),
        "record": Dated(data.record(states)),
        "ties": Dated(data.ties(states)),
        "votes": Dated(data.roll_call_frame(VOTES_FROM)),
    }


def event(chance: Float[ndarray, "N 7"], what: What) -> Float[ndarray, " N"]:
    """Return the probability of a veto, or of any action."""
    return chance[:, 2:].sum(axis=1) if what == "veto" else 1.0 - chance[:, 0]


def outcomes(rows: Table, record: Table) -> Float[ndarray, "N 7"]:
    """Return what the Council did on each state-year, as shares of the seven alternatives."""
    full = rows[["state", "year"]].merge(record, on=["state", "year"], how="left").fillna(0.0)
    return data.shares(full[list(MEMBERS)].to_numpy(float), full.adopted.to_numpy(float))


def traits(past: Past, rows: Table) -> Table:
    """Return rows with ties, ideal-point distances and record as known at the end of the past."""
    given = past.table("votes")
    rolls = roll_calls(given[["actor", "vote", "period", "choice"]])
    points = ideal_points.estimate(rolls, USA, tolerance=0.03).table(rolls)
    known = past.table("ties")
    when = np.minimum(rows["year"] - 1, past.last)
    at = pd.DataFrame({"state": rows["state"].to_numpy(), "year": when.to_numpy()})
    owned = at.merge(known, on=["state", "year"], how="left").set_index(rows.index)
    apart = data.distances(rows, points, owned.code)
    before = data.history(rows, past.table("record"))
    return pd.concat([rows, owned.drop(columns=["state", "year"]), apart, before], axis=1)


def arrays(rows: Table, form: str) -> tuple[Float[ndarray, "N R"], Float[ndarray, "N M W"]]:
    """Return traits of a resolution and of each member's veto, with constants first."""
    common, ties = FORMS[form]
    one = np.ones(len(rows))
    resolution = np.column_stack([one, *(rows[name] for name in common)])
    veto = [np.column_stack([one, *(rows[f"{name}_{m}"] for name in ties)]) for m in MEMBERS]
    return resolution, np.stack(veto, axis=1)


def penalties(form: str, strength: float) -> Float[ndarray, " P"]:
    """Return the ridge: none on common constants, more on what sets a member apart."""
    common, ties = (len(x) for x in FORMS[form])
    shared = np.array([0.01, *[0.3] * common, 0.01, *[strength] * ties])
    return np.concatenate([shared, np.full(len(MEMBERS) * (ties + 1), OWN * strength)])


def train(rows: Table, came: Float[ndarray, "N 7"], form: str, strength: float) -> council.Choice:
    """Fit one form to state-years and what came."""
    design = council.design_of(*arrays(rows, form))
    return council.fit(design, came, penalties(form, strength))


def foresee(rows: Table, choice: council.Choice, form: str) -> Float[ndarray, "N 7"]:
    """Return the chances of all alternatives."""
    return council.chances(council.design_of(*arrays(rows, form)), choice.weights)


def tuned(rows: Table, came: Float[ndarray, "N 7"], form: str) -> float:
    """Return the strength that foresaw the last ``TUNING`` years of the rows best."""
    late = (rows["year"] > int(rows["year"].max()) - TUNING).to_numpy()

    def loss(strength: float) -> float:
        choice = train(rows[~late], came[~late], form, strength)
        return -float(np.sum(came[late] * np.log(foresee(rows[late], choice, form))))

    return min(PENALTIES, key=loss)


def chances(past: Past, rows: Table) -> dict[str, Float[ndarray, "N 7"]]:
    """Return forecasts of all alternatives: ours, its parts, the state's record, base rates."""
    given = past.table("conflicts")
    old = given[given.year <= past.last]
    came = outcomes(old, past.table("record"))
    full = traits(past, pd.concat([old, rows], ignore_index=True))
    known, later = full.iloc[: len(old)], full.iloc[len(old) :]
    found = {}
    for form in FORMS:
        choice = train(known, came, form, tuned(known, came, form))
        found["model" if form == "ties" else form] = foresee(later, choice, form)
    base = np.maximum(came.mean(axis=0), 0.1 / len(came))
    base = base / base.sum()
    sums = pd.DataFrame(came).groupby(old.state.to_numpy()).agg(["sum", "size"])
    own = np.tile(base * SHRINK, (len(rows), 1))
    number = np.full(len(rows), SHRINK)
    for i, state in enumerate(rows["state"]):
        if state in sums.index:
            own[i] += sums.loc[state].xs("sum", level=1).to_numpy()
            number[i] += float(sums.loc[state, (0, "size")])
    found["state's record"] = own / number[:, None]
    found["base rate"] = np.tile(base, (len(rows), 1))
    return found


def by_member(
    chance: Float[ndarray, "N 7"], record: Table, rows: Table
) -> dict[str, tuple[float, float, float]]:
    """Return by member: vetoed state-years expected, cast, and mean log score."""
    full = rows[["state", "year"]].merge(record, on=["state", "year"], how="left").fillna(0.0)
    out = {}
    for m, member in enumerate(MEMBERS):
        cast, p = (full[member] > 0).to_numpy(float), chance[:, m + 2]
        out[member] = (float(p.sum()), float(cast.sum()), float(log_event(p, cast).mean()))
    return out
