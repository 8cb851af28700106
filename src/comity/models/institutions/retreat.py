"""Selective or uniform retreat: whether commitments left differ from commitments kept.

Of n commitments, k were left.  If retreat is uniform, any k of them were as likely: the counts left
by domain are then multivariate hypergeometric.  The test statistic is the likelihood ratio

    G = 2 sum_d [ l_d log(l_d / e_d) + s_d log(s_d / f_d) ]

with l_d left and s_d kept in domain d, e_d and f_d what a uniform retreat expects; for a number
(size, likeness of members) the difference of means.  The chance is exact up to the number of
draws.  Power: how often G passes its critical value when one domain's odds of being left are
raised by a given factor (noncentral hypergeometric, drawn one commitment after the other,
fog2008sampling).
One state, one retreat: it says what this government did, not what another would do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from comity.core import require
from comity.core.errors import BadInput

LEVEL = 0.05


@dataclass(frozen=True)
class Test:
    """A statistic, what it exceeds in 95 % of uniform retreats, and its one-sided chance."""

    __test__ = False

    statistic: float
    critical: float
    chance: float


def likelihood_ratio(
    left: Float[np.ndarray, "draws D"], held: Float[np.ndarray, " D"]
) -> Float[np.ndarray, " draws"]:
    """Return G of counts left by domain, a row each, against a uniform retreat.

    Raises
    ------
    BadInput
        When more were left than held.
    """
    require.not_negative("commitments left", left)
    require.not_negative("commitments kept", held - left)
    share = left.sum(-1, keepdims=True) / held.sum()
    kept = held - left
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(left > 0, left * np.log(left / (held * share)), 0.0)
        terms += np.where(kept > 0, kept * np.log(kept / (held * (1 - share))), 0.0)
    return 2.0 * terms.sum(-1)


def by_domain(
    domain: Int[np.ndarray, " M"], left: Bool[np.ndarray, " M"], draws: int = 20000, seed: int = 0
) -> Test:
    """Test whether shares left differ between domains.

    Raises
    ------
    BadInput
        When nothing, or everything, was left.
    """
    held, gone = np.bincount(domain), np.bincount(domain[left], minlength=domain.max() + 1)
    _check(left)
    rng = np.random.default_rng(seed)
    null = likelihood_ratio(
        rng.multivariate_hypergeometric(held, int(left.sum()), size=draws).astype(float),
        held.astype(float),
    )
    seen = float(likelihood_ratio(gone[None].astype(float), held.astype(float))[0])
    # Ties belong to the chance: the statistic takes few values.
    chance = (1 + (null >= seen - 1e-9).sum()) / (1 + draws)
    return Test(seen, float(np.quantile(null, 1 - LEVEL, method="higher")), float(chance))


def by_number(
    value: Float[np.ndarray, " M"], left: Bool[np.ndarray, " M"], draws: int = 20000, seed: int = 0
) -> Test:
    """Test whether a number's mean differs between left and kept (two-sided, on its size).

    Commitments whose number is unknown are left out.

    Raises
    ------
    BadInput
        When nothing, or everything, was left.
    """
    known = np.isfinite(value)
    value, left = value[known], left[known]
    _check(left)
    rng = np.random.default_rng(seed)
    order = rng.random((draws, len(value))).argpartition(int(left.sum()), axis=1)
    mean = value[order[:, : int(left.sum())]].mean(1)
    null = np.abs(mean - value.mean())
    seen = abs(value[left].mean() - value.mean())
    chance = (1 + (null >= seen - 1e-12).sum()) / (1 + draws)
    signed = value[left].mean() - value[~left].mean()
    return Test(float(signed), float(np.quantile(null, 1 - LEVEL)), float(chance))


def power(
    held: Int[np.ndarray, " D"],
    count: int,
    odds: Float[np.ndarray, " D"],
    draws: int = 4000,
    seed: int = 0,
) -> float:
    """Return how often the test by domain finds a retreat with these odds by domain.

    Parameters
    ----------
    held
        Commitments by domain.
    count
        How many are left.
    odds
        Odds of a commitment's being the next one left, by domain, relative to each other.
    draws, seed
        Retreats drawn under the null and under the alternative.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.whole("commitments", held, 0)
    require.not_negative("odds", odds)
    require.whole("the number of draws", draws, 1)
    if not 0 < count < held.sum():
        raise BadInput(f"{count} of {held.sum()} commitments left", why="nothing to compare")
    rng = np.random.default_rng(seed)
    null = likelihood_ratio(
        rng.multivariate_hypergeometric(held, count, size=draws).astype(float), held.astype(float)
    )
    critical = np.quantile(null, 1 - LEVEL, method="higher")
    rest = np.repeat(held[None].astype(float), draws, axis=0)
    for _ in range(count):
        weight = (rest * odds).cumsum(1)
        pick = (rng.random((draws, 1)) * weight[:, -1:] >= weight).sum(1)
        rest[np.arange(draws), pick] -= 1.0
    found = likelihood_ratio(held - rest, held.astype(float))
    # Above the critical value, not at it: the test's size is then at most the level.
    return float((found > critical).mean())


def holm(chances: Float[np.ndarray, " K"]) -> Float[np.ndarray, " K"]:
    """Return chances corrected for their number (holm1979simple).

    Raises
    ------
    BadInput
        When a chance is not in [0, 1].
    """
    require.chances("a chance", chances)
    order = np.argsort(chances)
    scaled = np.maximum.accumulate(chances[order] * (len(chances) - np.arange(len(chances))))
    found = np.empty_like(chances)
    found[order] = np.minimum(scaled, 1.0)
    return found


def _check(left: Bool[np.ndarray, " M"]) -> None:
    if left.all() or not left.any():
        raise BadInput("nothing, or everything, was left: there is nothing to compare")
