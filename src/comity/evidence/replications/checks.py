"""Checks on US presidents, 1989-2026: the record of acts against what the model says of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from comity.core.parameters import book
from comity.data.sources.source import load
from comity.evidence.replications.base import Check, Ours, against_print
from comity.evidence.replications.pivots import Congress, congresses
from comity.evidence.scoring import block_interval, brier
from comity.models.institutions import checks as model
from comity.registry.axes import CHANNELS
from comity.world.snapshot import table

FAILED = ("blocked", "reversed_by_court", "reversed_by_congress", "watered_down")
# The first release holds every term to 2021; later terms take its last median.
LAST_TERM = 2021


@dataclass(frozen=True)
class Record:
    """Acts that a check could have ended; those that a President gave up himself are left out.

    ``channel`` (A,) position in `CHANNELS`; ``survived`` (A,); ``covariates`` (A, 3) divided
    government (0, 1), distance of the President from the farther of both chambers' medians, and
    the median justice, positive where on the President's side.
    """

    acts: pd.DataFrame
    channel: np.ndarray
    survived: np.ndarray
    covariates: np.ndarray | None = None


def record(with_covariates: bool = False) -> Record:
    """Return the record in the snapshot.

    Raises
    ------
    DataMissing
        When covariates are asked for and the raw data are not there.
    """
    acts = table("acts")
    acts = acts[acts.outcome != "dropped"].reset_index(drop=True)
    channel = pd.Index(CHANNELS).get_indexer(pd.Index(acts.channel))
    survived = (acts.outcome == "survived").to_numpy()
    return Record(acts, channel, survived, covariates(acts) if with_covariates else None)


def covariates(acts: pd.DataFrame) -> np.ndarray:
    """Return divided government, distance and court of each act's day; (A, 3)."""
    by_number = {one.number: one for one in congresses()}
    court = _court()
    rows = []
    for date in acts.date:
        year = int(date[:4])
        one = by_number[congress_of(date)]
        sign = np.sign(one.chain.president.left)
        term = min(year if int(date[5:7]) >= 10 else year - 1, LAST_TERM)
        rows.append((*_distance(one), sign * court[term]))
    return np.array(rows, float)


def congress_of(date: str) -> int:
    """Return the number of the Congress that sat on a day (from 3 January of odd years)."""
    year = int(date[:4]) - (date[5:] < "01-03")
    return (year - 1787) // 2


def _distance(one: Congress) -> tuple[float, float]:
    """Whether a chamber's median is of the other side, and the farther median's distance."""
    president = one.chain.president.left
    medians = [(body.left + body.right) / 2 for body in (one.chain.house, one.chain.senate)]
    divided = any(np.sign(median) != np.sign(president) for median in medians)
    return float(divided), max(abs(median - president) for median in medians)


def _court() -> dict[int, float]:
    """Median of the justices by term (martin2002dynamic), from the release of the full history."""
    rows = load("us_supreme_court_mq")
    full = rows[rows.release == rows[rows.term < 1990].release.iloc[0]]
    return {int(term): float(one.post_mn.median()) for term, one in full.groupby("term")}


@dataclass(frozen=True)
class Score:
    """Mean Brier score of a forecast, and its gap to another with a 95 % bootstrap interval."""

    name: str
    brier: float
    gap: float
    low: float
    high: float


def forecasts(one: Record) -> dict[str, np.ndarray]:
    """Return every forecast of every act, made without that act."""
    found = {
        "always survives": np.ones(len(one.survived)),
        "one rate for all": (one.survived.sum() - one.survived) / (len(one.survived) - 1),
        "base rate of the channel": model.base_rate_left_out(one.channel, one.survived, 4),
        "pooled": model.left_out(one.channel, one.survived, 4),
    }
    if one.covariates is not None:
        columns = model.design(one.channel, one.covariates, 4)
        found["pooled with pivots"] = model.logit_left_out(columns, one.survived, 4)
    return found


def scores(one: Record, against: str, block: str = "id", seed: int = 6) -> list[Score]:
    """Return every forecast's Brier score and its gap to one of them (below zero: better).

    The bootstrap draws acts, or whole groups of them by another column (``president``).
    """
    seen = one.survived.astype(float)
    each = {name: brier(chance, seen) for name, chance in forecasts(one).items()}
    blocks = [pd.factorize(one.acts[block])[0]]
    found = []
    for name, values in each.items():
        gap = values - each[against]
        low, high = block_interval(gap, blocks, draws=4000, seed=seed)
        found.append(Score(name, float(values.mean()), float(gap.mean()), low, high))
    return found


def misses(one: Record, chance: np.ndarray, count: int = 10) -> pd.DataFrame:
    """Return the acts that a forecast got most wrong, worst first."""
    wrong = brier(chance, one.survived.astype(float))
    worst = np.argsort(-wrong, kind="stable")[:count]
    return one.acts.iloc[worst].assign(chance=chance[worst], brier=wrong[worst])


def delays(one: Record) -> np.ndarray:
    """Return years from act to end of executive orders that took effect before they fell."""
    ended = one.acts[one.acts.outcome.isin(FAILED[1:]) & (one.acts.channel == CHANNELS[0])]
    span = pd.to_datetime(ended.outcome_date) - pd.to_datetime(ended.date)
    return np.sort(span.dt.days.to_numpy() / 365.25)


@against_print("checks")
def run() -> list[Check | Ours]:
    """Compare the book's numbers with the record, and the scores with those printed."""
    one = record(with_covariates=True)
    count = np.bincount(one.channel, minlength=4)
    yes = np.bincount(one.channel[one.survived], minlength=4)
    fit = model.pooled(yes, count)
    numbers = book("checks")
    found: list[Check | Ours] = []
    for c, name in enumerate(CHANNELS):
        ours = numbers[f"log_odds_{name}"]
        found.append(
            Check(f"{name}: log-odds of survival", ours.value, float(fit.log_odds[c]), 0.005)
        )
    delay = float(np.exp(np.log(delays(one)).mean()))
    found.append(Check("years to reversal, median", numbers["reversal_years"].value, delay, 0.05))
    against = {score.name: score for score in scores(one, "always survives")}
    base = {score.name: score for score in scores(one, "base rate of the channel")}
    for name, score in against.items():
        found.append(Ours(f"Brier score, {name}", score.brier, 0.0005))
    found.append(Ours("acts", float(len(one.survived)), 0.0))
    found.append(Ours("acts that failed", float((~one.survived).sum()), 0.0))
    better = float(against["pooled"].high < 0)
    found.append(Check("better than 'always survives' beyond chance", 1.0, better, 0.0))
    no_worse = float(base["pooled"].gap <= 0)
    found.append(Check("no worse than the channel's base rate", 1.0, no_worse, 0.0))
    return found
