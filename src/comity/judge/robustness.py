"""How well a strategy holds over many futures.

Every function takes outcomes of shape (futures, strategies) in the measure's own unit and a
direction that says whether more of it is better. A future in which a strategy failed is NaN: it is
left out of that comparison and counted, never read as zero. No result depends on the order of the
futures.

Criteria: regret (savage1951theory), satisficing and scenario-based robustness
(lempert2006general), a taxonomy of both (herman2015how), why they rank differently
(mcphail2018robustness). Intervals: percentile bootstrap over futures (efron1979bootstrap).
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

Direction = Literal["higher", "lower"]

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True)
class Requirement:
    """A line that an outcome must keep: `measure comparator threshold`."""

    measure: str
    comparator: str
    threshold: float

    def __post_init__(self) -> None:
        if self.comparator not in _COMPARE:
            raise ValueError(
                f"requirement on {self.measure!r}: comparator {self.comparator!r} is unknown; "
                f"use one of {', '.join(_COMPARE)}"
            )


@dataclass(frozen=True)
class Interval:
    """Mean over futures and its bootstrap interval, one entry a strategy; NaN where unknown."""

    mean: Float[np.ndarray, " strategies"]
    low: Float[np.ndarray, " strategies"]
    high: Float[np.ndarray, " strategies"]
    n: Int[np.ndarray, " strategies"]


@dataclass(frozen=True)
class Paired:
    """Difference between two strategies within the same futures, in the measure's unit."""

    mean: float
    low: float
    high: float
    share_better: float
    n: int
    failed: int


def oriented(
    outcomes: Float[np.ndarray, "futures strategies"], direction: Direction
) -> Float[np.ndarray, "futures strategies"]:
    """Outcomes signed so that larger is better; infinite ones become NaN, as failures."""
    sign = {"higher": 1.0, "lower": -1.0}[direction]
    return np.where(np.isfinite(outcomes), sign * outcomes, np.nan)


def comparable(
    outcomes: Float[np.ndarray, "futures strategies"],
) -> tuple[Bool[np.ndarray, " futures"], Bool[np.ndarray, " strategies"]]:
    """Futures and strategies that can be compared with one another.

    A strategy that failed in every future is set aside. Of the rest, a future counts if all of them
    have an outcome in it: else the best of that future is unknown and its regret too small.

    Returns
    -------
    futures, strategies
        Masks; `outcomes[np.ix_(futures, strategies)]` holds no NaN.
    """
    known = np.isfinite(outcomes)
    strategies = np.asarray(known.any(axis=0))
    futures = np.asarray(known[:, strategies].all(axis=1) & strategies.any())
    return futures, strategies


def regret(
    outcomes: Float[np.ndarray, "futures strategies"], direction: Direction
) -> Float[np.ndarray, "futures strategies"]:
    """Loss against the best strategy of the same future (savage1951theory), in the measure's unit.

    NaN in futures that are not comparable and for strategies that failed in every future.
    """
    value = oriented(outcomes, direction)
    futures, strategies = comparable(value)
    result = np.full_like(value, np.nan)
    kept = np.ix_(futures, strategies)
    if futures.any():
        result[kept] = value[kept].max(axis=1, keepdims=True) - value[kept]
    return result


def satisfies(
    outcomes: Mapping[str, Float[np.ndarray, "futures strategies"]],
    requirements: Sequence[Requirement],
) -> Float[np.ndarray, "futures strategies"]:
    """1 where all requirements hold jointly, 0 where one is missed, NaN where one is unknown.

    Raises
    ------
    ValueError
        If there is no requirement, or one names a measure that is absent.
    """
    if not requirements:
        raise ValueError("no requirement is given, so nothing can be satisfied or missed")
    absent = [r.measure for r in requirements if r.measure not in outcomes]
    if absent:
        raise ValueError(f"requirement on {absent[0]!r}, which is not among {sorted(outcomes)}")
    verdicts = []
    for line in requirements:
        value = outcomes[line.measure]
        held = _COMPARE[line.comparator](value, line.threshold)
        verdicts.append(np.where(np.isfinite(value), held.astype(float), np.nan))
    # np.min hands NaN on, so an unknown requirement leaves the future unknown.
    return np.min(verdicts, axis=0)


def share(values: Float[np.ndarray, "futures strategies"]) -> Float[np.ndarray, " strategies"]:
    """Mean over the known futures of each strategy; NaN if there is none."""
    return per_strategy(values, lambda column: float(column.mean()))


def worst(
    outcomes: Float[np.ndarray, "futures strategies"], direction: Direction
) -> Float[np.ndarray, " strategies"]:
    """Outcome in the worst future (the quantity that maximin maximises), in the measure's unit."""
    pick = np.min if direction == "higher" else np.max
    return per_strategy(outcomes, lambda column: float(pick(column)))


def per_strategy(values: Float[np.ndarray, "futures strategies"], statistic):
    """Apply `statistic` to the sorted known values of each strategy; NaN if it has none."""
    columns = (np.sort(column[np.isfinite(column)]) for column in values.T)
    return np.array([statistic(c) if c.size else np.nan for c in columns], dtype=float)


def bootstrap_mean(
    values: Float[np.ndarray, " n"], *, seed: int, resamples: int = 1000, level: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of a mean; (NaN, NaN) with fewer than two values.

    The values are sorted first, so that the interval depends on them and not on their order.
    """
    if values.size < 2:
        return np.nan, np.nan
    ordered = np.sort(values)
    rng = np.random.default_rng(seed)
    means = np.array(
        [ordered[rng.integers(0, ordered.size, ordered.size)].mean() for _ in range(resamples)]
    )
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def mean_interval(
    outcomes: Float[np.ndarray, "futures strategies"], *, seed: int, resamples: int = 1000
) -> Interval:
    """Mean of each strategy over its known futures, with the 95 % bootstrap interval."""
    known = [column[np.isfinite(column)] for column in outcomes.T]
    bounds = [bootstrap_mean(column, seed=seed, resamples=resamples) for column in known]
    return Interval(
        mean=share(outcomes),
        low=np.array([low for low, _ in bounds]),
        high=np.array([high for _, high in bounds]),
        n=np.array([column.size for column in known]),
    )


def paired(
    strategy: Float[np.ndarray, " futures"],
    against: Float[np.ndarray, " futures"],
    direction: Direction,
    *,
    seed: int,
    resamples: int = 1000,
) -> Paired:
    """`strategy - against` within the same futures (common random numbers).

    The mean keeps the measure's sign; `share_better` reads the direction and counts ties as not
    better. Futures in which either failed are left out and counted in `failed`.
    """
    difference = np.where(np.isfinite(strategy) & np.isfinite(against), strategy - against, np.nan)
    known = np.sort(difference[np.isfinite(difference)])
    failed = difference.size - known.size
    if not known.size:
        return Paired(np.nan, np.nan, np.nan, np.nan, 0, failed)
    low, high = bootstrap_mean(known, seed=seed, resamples=resamples)
    better = known > 0 if direction == "higher" else known < 0
    return Paired(float(known.mean()), low, high, float(better.mean()), known.size, failed)


def level_scores(
    scores: Float[np.ndarray, "*batch strategies"], scale: float
) -> Float[np.ndarray, "*batch strategies"]:
    """Scores rounded to 12 digits of `scale`, so that rounding error does not break a tie."""
    unit = scale if scale > 0 else 1.0
    return np.round(scores / unit, 12)


def rank(
    outcomes: Float[np.ndarray, "futures strategies"], direction: Direction
) -> Int[np.ndarray, " strategies"]:
    """Rank by the mean over comparable futures: 1 is best, ties share a rank, 0 is unknown.

    Over comparable futures the order by mean and the order by mean regret are the same one.
    """
    value = oriented(outcomes, direction)
    futures, strategies = comparable(value)
    result = np.zeros(value.shape[1], dtype=int)
    if not futures.any():
        return result
    common = np.sort(value[np.ix_(futures, strategies)], axis=0)
    scores = level_scores(common.mean(axis=0), float(np.abs(common).max()))
    result[strategies] = 1 + (scores[None, :] > scores[:, None]).sum(axis=1)
    return result
