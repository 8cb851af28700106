"""Is commitment foreseen from interest?  Exits from organisations on stakes, out of sample.

After vonborzyskowski2019hello, who explain withdrawals by preferences that lie apart, with trade,
allies and neighbours as further interests and each by the issue of the organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from comity.evidence import scoring
from comity.evidence.panels.interests import Rows, rows, world
from comity.evidence.replications import retreat
from comity.evidence.replications.base import Ours, against_print
from comity.models.institutions.interest import (
    ISSUES,
    STAKES,
    Commitment,
    by_partner,
    chance,
    fit,
)
from comity.models.institutions.ties import area
from comity.registry import states

SPLITS = (1989, 1999)
UNITED_STATES = 2
LISTED = 2014  # last year of the list of organisations


def _none(one: Rows) -> np.ndarray:
    return np.zeros((len(one.left), 0))


@cache
def fitted() -> Commitment:
    """Return the hazard of all years, record and stakes."""
    one = rows()
    return fit(one.record, one.stake, one.issue, one.left, one.state)


def forecasts(split: int) -> tuple[Rows, dict[str, np.ndarray]]:
    """Return membership-years from ``split`` on and chances of leaving fitted to those before."""
    every = rows()
    known, after = every.take(every.year < split), every.take(every.year >= split)

    def foresee(record: bool, stake: bool) -> np.ndarray:
        def parts(one: Rows) -> tuple[np.ndarray, np.ndarray]:
            return one.record if record else _none(one), one.stake if stake else _none(one)

        model = fit(*parts(known), known.issue, known.left, known.state)
        return chance(model, *parts(after), after.issue)

    return after, {
        "record and interest": foresee(True, True),
        "record": foresee(True, False),
        "interest": foresee(False, True),
        "issue": foresee(False, False),
        "base rate": np.full(len(after.left), known.left.mean()),
    }


@dataclass(frozen=True)
class Score:
    """Mean log score of a forecast, its area, and the difference to another with its 95 %."""

    name: str
    log: float
    area: float
    against: str
    difference: float
    low: float
    high: float


AGAINST = {"record and interest": "record", "interest": "base rate", "record": "base rate"}


@cache
def scores(split: int) -> tuple[Score, ...]:
    """Return the scores of every forecast; organisations and states are drawn anew."""
    after, chances = forecasts(split)
    logs = {name: scoring.log_event(p, after.left) for name, p in chances.items()}
    found = []
    for name, p in chances.items():
        other = AGAINST.get(name, "base rate")
        rest = logs[name] - logs[other]
        low, high = scoring.block_interval(rest, [after.organisation, after.state])
        ranked = area(p, after.left > 0)
        mean = float(logs[name].mean())
        found.append(Score(name, mean, ranked, other, float(rest.mean()), low, high))
    return tuple(found)


def of_the_united_states() -> tuple[float, int, int]:
    """Return the area of the fitted chance for what the United States left from 2025 on.

    With how many of its memberships are on both lists, and how many of them it left.
    """
    here, list_ = world(LISTED), retreat.commitments()
    left = dict(zip((name.lower() for name in list_.names), list_.left, strict=True))
    place = list(here.states).index(UNITED_STATES)
    both = [k for k, name in enumerate(here.names) if name in left and here.member[k, place] > 0]
    one = rows()
    model = fit(_none(one), one.stake, one.issue, one.left, one.state)
    none = np.zeros((len(both), 0))
    odds = chance(model, none, here.stakes()[both, place], here.issue[both])
    gone = np.array([left[here.names[k]] for k in both])
    return area(odds, gone), len(both), int(gone.sum())


def partners(state: str = "USA", year: int = LISTED) -> dict[str, np.ndarray]:
    """Return each partner's part in a state's log-odds of staying, by issue (D,), largest first."""
    here = world(year)
    code = int(states.convert([state], "id", "cow", np.array([year]))[0])
    own = list(here.states).index(code)
    member = here.member[here.member[:, own] > 0].copy()
    member[:, own] = 0.0
    trade, allies, votes, near = here.pairs
    flow = np.nan_to_num(trade[own])
    share = np.where(np.isfinite(trade[own]), flow / flow.sum() * len(flow), np.nan)
    pair = np.column_stack([share, allies[own], votes[own], near[own]])
    part = by_partner(fitted(), pair, member, here.issue[here.member[:, own] > 0])
    names = states.convert(here.states, "cow", "id", np.full(len(here.states), year))
    order = np.argsort(-part.sum(axis=1))
    return {str(names[k]): part[k] for k in order if here.states[k] != code}


@against_print("interest")
def run() -> list[Ours]:
    """Compare what the page prints with what the data give."""
    one = rows()
    found = [
        Ours("membership-years", len(one.left)),
        Ours("exits", int(one.left.sum())),
    ]
    model = fitted()
    for c, stake in enumerate(STAKES):
        for d, issue in enumerate(ISSUES):
            found.append(Ours(f"{stake}, {issue}", float(model.stake[c, d])))
            found.append(Ours(f"{stake}, {issue}: error", float(model.errors[c, d])))
    for split in SPLITS:
        for score in scores(split):
            label = f"from {split}, {score.name}"
            found.append(Ours(f"{label}: log score", 1000 * score.log))
            found.append(Ours(f"{label}: area", score.area))
            found.append(Ours(f"{label}: difference, low", 1000 * score.low, 0.05))
            found.append(Ours(f"{label}: difference, high", 1000 * score.high, 0.05))
    ranked, of, left = of_the_united_states()
    found += [
        Ours("United States: area", ranked),
        Ours("United States: on both lists", of),
        Ours("United States: left", left),
    ]
    return found
