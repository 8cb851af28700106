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
    """Another design: further years until it tells an effect, and respondents for a survey.

    ``years``: an effect of the size that counts (`counts`); ``smallest``: the smallest of interest.
    ``value`` and ``se``: what it says so far, None where it has not been carried out here.
    """

    name: str
    speaks: str
    years: float
    smallest: float
    respondents: int | None
    by: str
    status: str
    source: str
    value: float | None = None
    se: float | None = None


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
            "designs": [
                asdict(way) | {"years": _years(way.years), "smallest": _years(way.smallest)}
                for way in self.ways
            ],
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
    sizes = (counts(asked), asked.smallest)
    ways = tuple(way(one, *sizes) for one in asked.designs)
    meets = frozenset(one.name for one in asked.designs if one.meets)
    return Answer(asked, waiting, ways, best_of(ways, patience(asked, waiting), meets), decided)


def counts(asked: Question) -> float:
    """Size of effect by which designs are compared: the estimate's own, or the smallest if larger.

    An effect smaller than any that matters need not be told from nothing.
    """
    return max(abs(asked.estimate.value), asked.smallest) if asked.estimate else asked.smallest


def patience(asked: Question, waiting: Waiting | None) -> float:
    """Further years until waiting tells an effect of the size that counts; infinite without end."""
    if asked.estimate is None or waiting is None:
        return np.inf
    own = abs(asked.estimate.value) >= asked.smallest
    return waiting.more_own if own else waiting.more_smallest


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


def way(design: Design, effect: float, smallest: float) -> Way:
    """Years and respondents that a design takes to tell an effect, and the smallest one."""
    respondents, by, said = None, "simulated", (None, None)
    if design.estimate:
        found = estimate(design.estimate)
        # With years from archives it is the estimate in hand that would go on: nothing is said yet.
        said = (None, None) if design.archive else (found.value, found.se)
        # Years that are on record already, in hand or in archives, need not be waited for.
        at_hand = found.years + design.archive
        years, least = (max(_total(found, size) - at_hand, 0.0) for size in (effect, smallest))
    elif design.shares is not None:
        respondents, by = people(design.shares, design.smallest), "formula"
        years = least = design.years
    else:
        by = "formula"
        years, least = (
            max(years_by_formula(size, design.error, design.record) - design.record, 0.0)
            for size in (effect, smallest)
        )
    head = (design.name, design.speaks, years, least, respondents, by)
    return Way(*head, design.status, design.source, *said)


def people(shares: tuple[float, float], difference: float) -> int:
    """Respondents, in two equal arms, who tell a difference between shares from nothing."""
    variance = sum(share * (1 - share) for share in shares)
    z = norm.ppf(1 - LEVEL / 2) + norm.ppf(POWER)
    return 2 * int(np.ceil(z**2 * variance / difference**2))


def best_of(
    ways: tuple[Way, ...], waiting: float, meets: frozenset[str] = frozenset()
) -> Way | None:
    """The design that beats waiting, if any is soon: first one that speaks of the whole sentence.

    What speaks with less ground than the estimate beats nothing, nor does what is carried out and
    asks for no further year: what it says stands beside the estimate already. A design that meets
    the chief criticism of the estimate counts even where waiting takes no longer: it tells
    something else.

    Parameters
    ----------
    ways
        The designs.
    waiting
        Further years that waiting takes.
    meets
        Names of those that meet the chief criticism.
    """
    soon = [
        one
        for one in ways
        if one.years <= SOON
        and one.speaks != "less"
        and not (one.value is not None and one.years == 0.0)
        and (one.years < waiting or one.name in meets)
    ]
    return min(soon, key=lambda one: (one.speaks != "whole", one.years), default=None)


def _plain(value: float) -> float:
    return float(f"{value:.4g}")


def _years(value: float) -> float | None:
    """Years to three digits; None beyond all records."""
    return float(f"{value:.3g}") if np.isfinite(value) else None
