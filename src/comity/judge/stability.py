"""Rank stability: whether other futures would have ranked the strategies the same way.

Two disjoint random sets of futures each rank the strategies by mean outcome, and Kendall's tau
(kendall1938new) says how far the two rankings agree: 1 the same order, 0 no relation, -1 reversed.
Repeating this for larger and larger sets shows how many futures are enough. Resampling all futures
shows how often each strategy comes out on top (mcphail2018robustness for why to ask).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from comity.judge.robustness import Direction, comparable, level_scores, oriented


@dataclass(frozen=True)
class Stability:
    """Agreement of rankings between sets of futures.

    `tau_mean` and `tau_low` (5 % quantile) are over half-splits; `taus` is the mean tau at each of
    `sizes` futures a side; `enough` the smallest size from which on it stays at the threshold.
    """

    tau_mean: float
    tau_low: float
    top_share: Float[np.ndarray, " strategies"]
    enough: int | None
    sizes: Int[np.ndarray, " sizes"]
    taus: Float[np.ndarray, " sizes"]


def kendall_tau(
    a: Float[np.ndarray, "*batch strategies"], b: Float[np.ndarray, "*batch strategies"]
) -> Float[np.ndarray, "*batch"]:
    """Kendall's tau between two sets of scores; NaN with fewer than two strategies.

    Two strategies that tie in both rankings agree (+1); a tie in only one of them counts 0. Without
    ties this is the usual tau. (tau-b is undefined where one ranking is all ties.)
    """
    first, second = np.triu_indices(a.shape[-1], k=1)
    if not first.size:
        return np.full(a.shape[:-1], np.nan)
    in_a = np.sign(a[..., first] - a[..., second])
    in_b = np.sign(b[..., first] - b[..., second])
    return np.asarray(np.where(in_a == in_b, 1.0, in_a * in_b).mean(axis=-1))


def stability(
    outcomes: Float[np.ndarray, "futures strategies"],
    direction: Direction,
    *,
    seed: int,
    splits: int = 200,
    resamples: int = 1000,
    threshold: float = 0.9,
) -> Stability:
    """Rank stability over comparable futures.

    Parameters
    ----------
    outcomes
        Futures by strategies, in the measure's unit; NaN where a future failed.
    direction
        Whether more is better.
    seed
        Of the splits and resamples; the same seed gives the same bits.
    splits, resamples
        Number of random splits for tau and of bootstrap resamples for `top_share`.
    threshold
        Mean tau from which rankings count as settled.
    """
    value = oriented(outcomes, direction)
    futures, strategies = comparable(value)
    common = value[np.ix_(futures, strategies)]
    # A canonical order of the futures: their labels must not matter.
    common = common[np.lexsort(common.T)] if common.size else common
    rng = np.random.default_rng(seed)
    top = np.full(value.shape[1], np.nan)
    top[strategies] = _top_share(common, rng, resamples)
    sizes = _sizes(len(common))
    taus = _split_taus(common, sizes, rng, splits)
    known = bool(taus.size) and bool(np.isfinite(taus).all())
    curve = taus.mean(axis=0)
    return Stability(
        tau_mean=float(curve[-1]) if known else np.nan,
        tau_low=float(np.quantile(taus[:, -1], 0.05)) if known else np.nan,
        top_share=top,
        enough=_enough(sizes, curve, threshold),
        sizes=sizes,
        taus=curve,
    )


def _sizes(n: int) -> Int[np.ndarray, " sizes"]:
    """A 1-2-5 ladder of set sizes up to half of the futures, the half itself included."""
    half = n // 2
    ladder = {step * 10**power for power in range(9) for step in (1, 2, 5)}
    sizes = {size for size in ladder if 5 <= size < half} | ({half} if half else set())
    return np.array(sorted(sizes), dtype=int)


def _split_taus(common, sizes, rng, splits: int) -> Float[np.ndarray, "splits sizes"]:
    """Tau between the first n and the next n futures of each shuffle, for every size n."""
    taus = np.empty((splits, sizes.size))
    if not sizes.size:
        return taus
    scale = float(np.abs(common).max())
    for split in range(splits):
        sums = np.cumsum(common[rng.permutation(len(common))], axis=0)
        first = sums[sizes - 1]
        second = sums[2 * sizes - 1] - first
        taus[split] = kendall_tau(
            level_scores(first / sizes[:, None], scale),
            level_scores(second / sizes[:, None], scale),
        )
    return taus


def _top_share(common, rng, resamples: int) -> Float[np.ndarray, " strategies"]:
    """Share of bootstrap resamples that each strategy leads; joint leaders split the resample."""
    n, strategies = common.shape
    if not n:
        return np.full(strategies, np.nan)
    scale = float(np.abs(common).max())
    wins = np.zeros(strategies)
    for _ in range(resamples):
        weights = np.bincount(rng.integers(0, n, n), minlength=n)
        scores = level_scores(weights @ common / n, scale)
        leads = scores == scores.max()
        wins += leads / leads.sum()
    return wins / resamples


def _enough(sizes, curve, threshold: float) -> int | None:
    """Smallest size with a mean tau of at least `threshold` there and at every larger size."""
    short = np.flatnonzero(~(curve >= threshold))
    start = int(short[-1]) + 1 if short.size else 0
    return int(sizes[start]) if start < sizes.size else None
