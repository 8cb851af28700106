"""Verdicts: what the draws of an effect say of a claim, by thresholds fixed before running.

An effect is counted in the direction of the claim. With s the smallest effect of interest:
*supported* where at least 90 % of draws exceed s; *contradicted* where at least 90 % lie below -s;
*negligible* where at least 90 % lie within; else *undetermined* where judged numbers carry more
than half of the variance; else *mixed*. An outcome without skill or identified effect is
undetermined whatever its draws say. The rules were written on 22 November 2026, before any claim
was run (docs/explanation/claims.md). Added on 29 November 2026, after a critical reading: what is
known only as a floor cannot contradict, grade D decides nothing on any route, and a verdict that
other seeds do not share is mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from comity.registry.sizes import Size, size_of, sure

JUDGED = 0.5
# The judged share is an estimate; over seeds it scattered by about this much. Judged.
NEAR = 0.1
INTERVAL = (0.05, 0.95)
VERDICTS = (
    "supported",
    "contradicted",
    "negligible",
    "mixed",
    "undetermined",
    "not_testable",
    "awaiting",
)

Bound = Literal["", "floor", "ceiling"]
# What figures that are known on one side only can decide.
COULD = {"floor": ("supported",), "ceiling": ("contradicted",)}


@dataclass(frozen=True)
class Verdict:
    """What the draws say.

    ``effect`` is their mean, ``low`` and ``high`` the 5 and 95 % points; ``beyond``, ``within``
    and ``against`` the shares of draws above s, between -s and s, and below -s; ``flip`` the share
    that does not say what the verdict says. ``close`` where another seed may well say otherwise:
    the largest share lies within two standard errors of the threshold, or the judged share near
    its own. ``size`` is what the draws are called, as in a run, whatever the verdict; None where
    the claim's smallest effect is zero. ``seeds`` holds the words of further seeds where asked.
    """

    word: str
    effect: float
    low: float
    high: float
    beyond: float
    within: float
    against: float
    flip: float
    judged_share: float
    close: bool
    size: Size | None = None
    seeds: tuple[str, ...] = ()


def decide(
    draws: Float[np.ndarray, " draws"],
    smallest: float,
    judged_share: float = 0.0,
    identified: bool = True,
    bound: Bound = "",
) -> Verdict:
    """Verdict on draws of an effect, counted in the direction of the claim.

    Parameters
    ----------
    draws
        One a parameter draw or bootstrap sample; NaN is left out.
    smallest
        Smallest effect of interest, at least zero.
    judged_share
        Share of the variance that judged numbers carry, 0 to 1.
    identified
        False where the outcome has neither out-of-sample skill nor an identified effect, or where
        the figures are of grade D.
    bound
        ``floor`` where the draws lie below the truth in the direction of the claim, so that they
        can support but neither contradict nor call it negligible; ``ceiling`` the other way round.

    Raises
    ------
    ValueError
        If no draw is finite.
    """
    known = draws[np.isfinite(draws)]
    if not known.size:
        raise ValueError("no draw of the effect is finite")
    beyond = float((known > smallest).mean())
    against = float((known < -smallest).mean())
    within = 1.0 - beyond - against
    shares = {"supported": beyond, "contradicted": against, "negligible": within}
    word, share = max(shares.items(), key=lambda item: item[1])
    flip = 1.0 - share
    if share < sure():
        word = "undetermined" if judged_share > JUDGED else "mixed"
    if not identified or (bound and word not in COULD[bound]):
        word = "undetermined"
    low, high = np.quantile(known, INTERVAL)
    return Verdict(
        word,
        round(float(known.mean()), 12),
        float(low),
        float(high),
        beyond,
        within,
        against,
        flip,
        float(judged_share),
        _close(share, judged_share, known.size, identified),
        size_of(known, smallest) if smallest > 0 else None,
    )


def _close(share: float, judged_share: float, draws: int, identified: bool) -> bool:
    """Whether chance in the draws could move a share over its threshold."""
    if abs(judged_share - JUDGED) < NEAR:
        return True
    error = np.sqrt(sure() * (1.0 - sure()) / draws)
    return bool(identified and abs(share - sure()) < 2.0 * error)


def settled(verdict: Verdict, words: Sequence[str]) -> Verdict:
    """The verdict after further seeds: as it was where all say the same, else mixed."""
    same = set(words) <= {verdict.word}
    return replace(verdict, word=verdict.word if same else "mixed", seeds=tuple(words))
