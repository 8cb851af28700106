"""Changes of leader on days fixed by law, scored against hazards that know no calendar.

State-years 1946-2014 with a leader on record at both ends (Archigos, goemans2009introducing).
Where a constitution fixes the day (snapshot table ``elections``) and the state was an electoral
democracy the year before, a year is one of three kinds: a term ends and the holder's terms are used
up; a term ends and the holder may stand; neither.  Fitted up to a year and scored after it, against
what knows no calendar: the base rate, the state's own record, and a hazard by years in office and
regime.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence import scoring
from comity.evidence.replications.base import Ours, against_print
from comity.evidence.replications.leadership import (
    DEMOCRATIC,
    FIRST,
    LAST,
    REPUBLICAN,
    calendar,
    matrix,
)
from comity.models.institutions.succession import UNLIMITED, days_by_law
from comity.models.statistics import logit
from comity.registry import states
from comity.world.snapshot import table

KINDS = ("used_up", "may_stand", "between")
SPLITS = (1989, 1999)
NEAR = 10  # days between the day by law and that on which Archigos has a leader take office
WEIGHT = 5.0  # state-years that the base rate counts for in a state's record


def rules() -> pd.DataFrame:
    """Return the rules of ``elections``; those in force have a ``last`` day far away."""
    rows = table("elections")
    limit = rows.limit.where(rows.limit > 0, UNLIMITED).astype(float)
    return rows.assign(last=rows["last"].fillna(9999).astype(int), limit=limit)


@cache
def years() -> pd.DataFrame:
    """Return a row a state-year.

    Columns ``state``, ``year``, ``kind``, ``changed``, ``polyarchy`` and ``since``.
    ``kind``: of `KINDS`, or ``other`` where no day is fixed by law or the state was no democracy.
    ``polyarchy``: of the year before; ``since``: years since the last change on record.
    """
    time = calendar()
    ids = states.convert(time.states, "cow", "id", np.full(len(time.states), LAST))
    open_ = matrix(
        load("vdem_core").rename(columns={"vdem_cowcode": "ccode"}), "v2x_polyarchy", time
    )
    before = np.vstack([np.full((1, open_.shape[1]), np.nan), open_[:-1]])
    parts = [
        _of_state(str(own), time.changed[:, j], time.known[:, j], before[:, j])
        for j, own in enumerate(ids)
    ]
    return pd.concat(parts, ignore_index=True)


def _of_state(
    own: str, changed: np.ndarray, known: np.ndarray, polyarchy: np.ndarray
) -> pd.DataFrame:
    time = np.arange(FIRST, LAST + 1)
    mine = rules().query("state == @own")
    first, every, last = (mine[name].to_numpy(int) for name in ("first", "every", "last"))
    due = days_by_law(first, every, last, time)
    # A term that follows a fall in the same year was on no calendar when the year began.
    due &= (time != first[:, None]) | (mine.foreseen.to_numpy() == 1)[:, None]
    under = (time >= first[:, None]) & (time < np.minimum(last, LAST)[:, None] + every[:, None])
    limit = np.where(due.any(0), (due * mine.limit.to_numpy()[:, None]).sum(0), np.inf)
    begun, since, rows = 0, 0, []
    for t in np.flatnonzero(known):
        kind = "other"
        if under[:, t].any() and polyarchy[t] >= DEMOCRATIC:
            on_day = "used_up" if begun >= limit[t] else "may_stand"
            kind = on_day if due[:, t].any() else "between"
        rows.append((own, time[t], kind, float(changed[t]), polyarchy[t], since))
        begun = (0 if changed[t] else begun) + int(due[:, t].any())
        since = 0 if changed[t] else since + 1
    return pd.DataFrame(rows, columns=["state", "year", "kind", "changed", "polyarchy", "since"])


def counts() -> dict[str, tuple[int, int]]:
    """Return changes and state-years by kind, democracies with a day fixed by law."""
    rows = years()
    found = rows[rows.kind != "other"].groupby("kind").changed.agg(["sum", "size"])
    return {kind: (int(found["sum"][kind]), int(found["size"][kind])) for kind in KINDS}


def new_sides() -> tuple[int, int]:
    """Return how many new US presidents were of the last one's party, and of how many in all.

    On days by law from 1953 to 2025; who was President and of which party is on record everywhere.
    """
    days = range(1953, 2026, 4)
    person = {1953, 1961, 1969, 1977, 1981, 1989, 1993, 2001, 2009, 2017, 2021, 2025}
    same = [(y in REPUBLICAN) == (y - 1 in REPUBLICAN) for y in days if y in person]
    return sum(same), len(same)


def on_the_day() -> tuple[int, int]:
    """Return how many changes in years with a day by law were near it, and of how many.

    Days of office as Archigos has them.
    """
    leaders = load("leaders_archigos")
    start = pd.to_datetime(leaders.startdate, errors="coerce")
    own = states.convert(leaders.gwcode.astype(int), "gw", "id", start.dt.year)
    rows = years().query("kind in ('used_up', 'may_stand') and changed == 1")
    found = rows.merge(rules(), on="state")
    found = found[(found["first"] <= found.year) & (found.year <= found["last"])]
    day = pd.to_datetime(found[["year", "month", "day"]])
    starts = pd.DataFrame({"state": own, "start": start})
    pairs = found[["state", "year"]].assign(day=day).merge(starts, on="state")
    close = pairs[(pairs.start - pairs.day).dt.days.abs() <= NEAR]
    return len(close.drop_duplicates(["state", "year"])), len(rows)


def _rate(rows: pd.DataFrame) -> float:
    return float((rows.changed.sum() + 0.5) / (len(rows) + 1.0))


def _hazard(known: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Chances by a logit on years in office and regime, squares included."""

    def columns(part: pd.DataFrame) -> np.ndarray:
        years_in = np.log1p(part.since.to_numpy(float))
        regime = part.polyarchy.to_numpy(float)
        return np.column_stack([np.ones(len(part)), years_in, years_in**2, regime, regime**2])

    known = known.dropna(subset=["polyarchy"])
    found = logit.fit(columns(known), known.changed.to_numpy(float))
    return 1.0 / (1.0 + np.exp(-columns(rows) @ found.coefficients))


def forecasts(split: int) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return state-years after ``split`` in states with a day by law, and chances fitted to it."""
    rows = years()
    known, after = rows[rows.year <= split], rows[(rows.year > split) & (rows.kind != "other")]
    kinds = {kind: _rate(known[known.kind == kind]) for kind in KINDS}
    free = known[known.polyarchy >= DEMOCRATIC]
    base = _rate(free)
    own = known.groupby("state").changed.agg(["sum", "size"]).reindex(after.state).fillna(0.0)
    record = (own["sum"] + WEIGHT * base) / (own["size"] + WEIGHT)
    return after, {
        "calendar": after.kind.map(kinds).to_numpy(float),
        "hazard": _hazard(known, after),
        "record": record.to_numpy(float),
        "base rate": np.full(len(after), base),
    }


@dataclass(frozen=True)
class Score:
    """Mean scores of the calendar and of another, and 95 % of the difference by whole states."""

    split: int
    score: str
    against: str
    ours: float
    theirs: float
    low: float
    high: float
    rows: int


def scores(split: int) -> list[Score]:
    """Return log and Brier scores of the calendar beside every other forecast."""
    rows, chances = forecasts(split)
    seen = rows.changed.to_numpy(float)
    block = rows.state.astype("category").cat.codes.to_numpy(int)
    found = []
    for name, rule in (("log", scoring.log_event), ("brier", scoring.brier)):
        ours = rule(chances["calendar"], seen)
        for other in list(chances)[1:]:
            theirs = rule(chances[other], seen)
            low, high = scoring.block_interval(ours - theirs, [block])
            mean, their_mean = float(ours.mean()), float(theirs.mean())
            found.append(Score(split, name, other, mean, their_mean, low, high, len(rows)))
    return found


@against_print("succession")
def run() -> list[Ours]:
    """Compare what the page prints with what the data give."""
    found = []
    for kind, (changed, of) in counts().items():
        found += [Ours(f"{kind}: changes", changed), Ours(f"{kind}: state-years", of)]
    near, of = on_the_day()
    found += [Ours("changes near the day by law", near), Ours("changes in such years", of)]
    same, of = new_sides()
    found += [Ours("US, same party", same), Ours("US, new presidents", of)]
    for split in SPLITS:
        for one in scores(split):
            label = f"after {split}, {one.score}"
            if one.against == "hazard":
                found.append(Ours(f"{label}, calendar", one.ours))
            found.append(Ours(f"{label}, {one.against}", one.theirs))
            found.append(Ours(f"{label}, against {one.against}, high", one.high, 0.02))
    return found
