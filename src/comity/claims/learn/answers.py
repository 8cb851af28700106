"""What a contested sentence would take to settle: more years, or another design.

Lengths are simulated from the fitted model of each estimate (`models.statistics.power`); where only
a published error is at hand, or a survey's shares, they are by formula, and ``by`` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from comity.claims.learn.decision import Decided, decide, runs_of
from comity.claims.learn.questions import Design, Estimate, Question, estimate
from comity.models.statistics.power import (
    LEVEL,
    POWER,
    formula,
    rejected,
    years_by_formula,
    years_needed,
)

SOON = 30.0  # years beyond which a design is no use to anyone who asks today; judged: a generation


@dataclass(frozen=True)
class Waiting:
    """What the record in hand tells, and how much longer it would have to be.

    ``power``: the chance that a record as long as that in hand tells an effect of the estimate's
    own size from nothing, ``by_formula`` the same for a normal estimate. ``more_own``,
    ``more_smallest``: further years for `POWER`, at its own size and at the smallest effect of
    interest; infinite beyond all records, 0 where the record is long enough.
    """

    power: float
    by_formula: float
    more_own: float
    more_smallest: float


@dataclass(frozen=True)
class Way:
    """Another design: years, and respondents for a survey, until it tells the smallest effect."""

    name: str
    speaks: str
    years: float
    respondents: int | None
    by: str
    status: str
    source: str


@dataclass(frozen=True)
class Answer:
    """A question with all that can be said of it; ``best`` is None where nothing beats waiting."""

    question: Question
    waiting: Waiting | None
    ways: tuple[Way, ...]
    best: Way | None
    decided: Decided

    def record(self) -> dict[str, Any]:
        """Plain values: what `comity learn --json` prints of a question."""
        found, waiting = self.question.estimate, self.waiting
        return {
            "name": self.question.name,
            "estimate": _plain(found.value) if found else None,
            "se": _plain(found.se) if found else None,
            "record": [found.since, found.until] if found else None,
            "cases": found.count if found else None,
            "power": _plain(waiting.power) if waiting else None,
            "years_for_80_power": _years(waiting.more_own) if waiting else None,
            "smallest": self.question.smallest,
            "years_for_80_power_at_smallest": _years(waiting.more_smallest) if waiting else None,
            **self.decided.record(),
            "best_design": self.best.name if self.best else None,
            "designs": [asdict(way) | {"years": _years(way.years)} for way in self.ways],
        }


def every(
    asked: Sequence[Question], futures: int, seed: int, tick: Callable[[int, int], None]
) -> list[Answer]:
    """Answer questions, each choice that they bear on run once; ``tick`` counts the runs."""
    runs = runs_of(asked, futures, seed, tick)
    return [answer(one, decide(one, runs)) for one in asked]


def answer(asked: Question, decided: Decided) -> Answer:
    """Everything about a question but its words.

    Parameters
    ----------
    asked
        The question.
    decided
        What knowing it would be worth, from `decision.decide`.
    """
    waiting = wait(asked.estimate, asked.smallest) if asked.estimate else None
    ways = tuple(way(one, asked.smallest) for one in asked.designs)
    longest = waiting.more_smallest if waiting else np.inf
    return Answer(asked, waiting, ways, best_of(ways, longest), decided)


def wait(found: Estimate, smallest: float) -> Waiting:
    """How long the record would have to go on, at the estimate's own size and at the smallest."""
    own, least = (_total(found, size) for size in (found.value, smallest))
    return Waiting(
        rejected(found.model, found.years, found.value),
        formula(found.value, found.se),
        max(own - found.years, 0.0),
        max(least - found.years, 0.0),
    )


def _total(found: Estimate, effect: float) -> float:
    """Length of a record that tells an effect; towards the side on which the estimate lies."""
    size = float(np.copysign(effect, found.value))
    guess = years_by_formula(size, found.se, found.years)
    return years_needed(found.model, size, guess).years


def way(design: Design, smallest: float) -> Way:
    """Years and respondents that a design takes to tell the smallest effect of interest."""
    respondents, by = None, "simulated"
    if design.estimate:
        found = estimate(design.estimate)
        # Years that are on record already, in hand or in archives, need not be waited for.
        years = max(_total(found, smallest) - found.years - design.archive, 0.0)
    elif design.shares is not None:
        respondents, by, years = people(design.shares, design.smallest), "formula", design.years
    else:
        by = "formula"
        years = max(years_by_formula(smallest, design.error, design.record) - design.record, 0.0)
    head = (design.name, design.speaks, years, respondents, by)
    return Way(*head, design.status, design.source)


def people(shares: tuple[float, float], difference: float) -> int:
    """Respondents, in two equal arms, who tell a difference between shares from nothing."""
    variance = sum(share * (1 - share) for share in shares)
    z = norm.ppf(1 - LEVEL / 2) + norm.ppf(POWER)
    return 2 * int(np.ceil(z**2 * variance / difference**2))


def best_of(ways: tuple[Way, ...], waiting: float) -> Way | None:
    """The design that beats waiting: one that speaks of the sentence itself and is soon, if any.

    Else one that is soon and speaks of a step of it, else the quickest that speaks of the whole.
    What speaks with less ground than the estimate beats nothing.
    """
    sooner = [one for one in ways if one.years < waiting and one.speaks != "less"]
    whole = [one for one in sooner if one.speaks == "whole"]
    soon = [one for one in whole if one.years <= SOON]
    part = [one for one in sooner if one.speaks == "part" and one.years <= SOON]
    return min(soon or part or whole, key=lambda one: one.years, default=None)


def _plain(value: float) -> float:
    return float(f"{value:.4g}")


def _years(value: float) -> float | None:
    """Years to three digits; None beyond all records."""
    return float(f"{value:.3g}") if np.isfinite(value) else None
