"""Proper scores of probabilistic forecasts, coverage, and how sure a difference is.

Smaller is better everywhere.  CRPS and interval score are in the unit of what is forecast, the
log score in nats.  gneiting2007strictly defines the scores; the CRPS of draws is the fair one
(ferro2014fair), so that forecasts by draws and by formula can stand side by side.  Differences
are resampled by whole blocks; with two factors (exporter and importer) by the pigeonhole
bootstrap (owen2007pigeonhole), which is conservative.

What is not known yet is not scored: where an outcome is NaN the score is NaN.  Probabilities
outside [0, 1], outcomes of events other than 0 and 1, and levels such as 90 are refused
(``BadInput`` with the rows).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import ndtri

from comity.core import require
from comity.core.errors import BadInput

CHUNK = 4096  # forecasts whose draws are sorted at once


def crps_samples(
    samples: Float[ndarray, "D R"], seen: Float[ndarray, " R"]
) -> Float[ndarray, " R"]:
    """Return the fair continuous ranked probability score of forecasts given by draws.

    mean |x - y| - sum_ij |x_i - x_j| / (2 D (D - 1)); D of at least 2.
    """
    draws = len(samples)
    if draws < 2:
        raise BadInput(f"{draws} draw of a forecast", why="its spread needs two", fix="draw more")
    require.shape("what was seen", seen, samples.shape[1:])
    weight = (2.0 * np.arange(1, draws + 1) - draws - 1.0) / (draws * (draws - 1.0))
    found = np.empty(len(seen))
    for first in range(0, len(seen), CHUNK):
        part = slice(first, first + CHUNK)
        block = np.sort(samples[:, part].astype(np.float64), axis=0)
        found[part] = np.abs(block - seen[part]).mean(axis=0) - weight @ block
    return found


def brier(chance: Float[ndarray, " R"], seen: Float[ndarray, " R"]) -> Float[ndarray, " R"]:
    """Return the squared distance of probability and event (0 or 1; NaN where unknown)."""
    _events(chance, seen)
    return (chance - seen) ** 2


def log_event(chance: Float[ndarray, " R"], seen: Float[ndarray, " R"]) -> Float[ndarray, " R"]:
    """Return minus the log probability of what came (0 or 1); infinite where it was ruled out.

    NaN where what came is not known.
    """
    _events(chance, seen)
    with np.errstate(divide="ignore"):
        found = -np.log(np.where(seen > 0.5, chance, 1.0 - chance))
    return np.where(np.isnan(seen), np.nan, found)


def _events(chance: Float[ndarray, " R"], seen: Float[ndarray, " R"]) -> None:
    require.chances("the probability", chance, missing=True)
    require.events("the outcome", seen, missing=True)


def interval_score(
    low: Float[ndarray, " R"],
    high: Float[ndarray, " R"],
    seen: Float[ndarray, " R"],
    level: float = 0.9,
) -> Float[ndarray, " R"]:
    """Return width plus 2 / (1 - level) times the distance by which a central interval missed."""
    require.level("the level of an interval", level)
    require.not_negative("the width of an interval", _known(high - low))
    miss = np.maximum(low - seen, 0.0) + np.maximum(seen - high, 0.0)
    return (high - low) + 2.0 / (1.0 - level) * miss


def normal_interval(
    mean: Float[ndarray, " R"], sd: Float[ndarray, " R"], level: float = 0.9
) -> tuple[Float[ndarray, " R"], Float[ndarray, " R"]]:
    """Return the ends of the central interval of normal forecasts."""
    require.level("the level of an interval", level)
    require.not_negative("a standard deviation", _known(sd))
    half = float(ndtri(0.5 + level / 2)) * sd
    return mean - half, mean + half


def sample_interval(
    samples: Float[ndarray, "D R"], level: float = 0.9
) -> tuple[Float[ndarray, " R"], Float[ndarray, " R"]]:
    """Return the ends of the central interval of forecasts given by draws."""
    require.level("the level of an interval", level)
    tail = (1.0 - level) / 2
    low, high = np.empty(samples.shape[1]), np.empty(samples.shape[1])
    for first in range(0, samples.shape[1], CHUNK):
        part = slice(first, first + CHUNK)
        ends = np.quantile(samples[:, part].astype(np.float64), [tail, 1.0 - tail], axis=0)
        low[part], high[part] = ends
    return low, high


def _known(value: Float[ndarray, " R"]) -> Float[ndarray, " R"]:
    """Nil in place of NaN: what is not known is not wrong."""
    return np.nan_to_num(value, nan=0.0, posinf=0.0)


def terciles(size: Float[ndarray, " U"]) -> Int[ndarray, " U"]:
    """Return 0 for the small third of units, 1, and 2 for the large; ties in order given.

    A unit of unknown size counts as small.
    """
    order = np.argsort(np.argsort(np.where(np.isfinite(size), size, -np.inf), kind="stable"))
    return (3 * order // max(len(size), 1)).astype(np.int64)


def coverage_by(
    inside: Bool[ndarray, " R"], group: Int[ndarray, " R"], groups: int = 3
) -> tuple[float, ...]:
    """Return the share of forecasts inside their interval by group; NaN for an empty one."""
    counts = np.bincount(group, minlength=groups)
    hits = np.bincount(group, weights=inside.astype(float), minlength=groups)
    return tuple(float(h / n) if n else float("nan") for h, n in zip(hits, counts, strict=True))


def block_interval(
    difference: Float[ndarray, " R"],
    blocks: Sequence[Int[ndarray, " R"]],
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> tuple[float, float]:
    """Return the bootstrap interval of a mean difference, resampling whole blocks.

    Parameters
    ----------
    difference
        Our score less the other's, a forecast each.
    blocks
        One or more factors, each an integer label a forecast.  With several, a forecast's weight
        is the product of how often each of its labels was drawn.
    draws
        Bootstrap draws.
    seed
        Of the draws.
    level
        Of the interval.

    Returns
    -------
    tuple
        Low and high end; NaN where a difference is infinite (an event that was ruled out came).

    Raises
    ------
    BadInput
        When a difference is NaN, a level is not between 0 and 1, or labels are too few or many.
    """
    require.level("the level of an interval", level)
    require.whole("the number of draws", draws, 1)
    require.present("the difference of two scores", difference)
    for labels in blocks:
        require.shape("the labels of a block", labels, difference.shape)
    if not np.isfinite(difference).all():
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    weight = np.ones((draws, 1))
    factors = [np.unique(labels, return_inverse=True)[1] for labels in blocks]
    # Forecasts with the same labels have the same weight: add them up once.
    joint, place = np.unique(np.stack(factors), axis=1, return_inverse=True)
    place = place.reshape(-1)
    sums = np.bincount(place, weights=difference)
    sizes = np.bincount(place).astype(float)
    for labels in joint:
        count = int(labels.max()) + 1
        drawn = rng.multinomial(count, np.full(count, 1.0 / count), size=draws)
        weight = weight * drawn[:, labels]
    total = weight @ sizes
    means = (weight @ sums)[total > 0] / total[total > 0]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
