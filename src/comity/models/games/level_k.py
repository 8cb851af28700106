"""What sides do that think a few steps ahead: level-k and the cognitive hierarchy.

Level 0 plays each of its strategies as often as any other.  Level k answers best to others who are
all of level k-1 [costagomes2006cognition]; in the cognitive hierarchy it answers to others of all
lower levels, in the shares of a Poisson distribution of mean tau [camerer2004cognitive].  Those who
are indifferent play all best replies alike.  In experiments nearly everybody is of level 1 to 3
[arad2012money], and a mean of 1.5 steps fits many games [camerer2004cognitive].
Simplified: sides mix independently, and nobody learns.  Do not trust it for governments: the
subjects of these experiments were mostly students with small sums at stake.
"""

from __future__ import annotations

from math import exp, factorial

import numpy as np
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.models.games.normal_form import TIE, expected, shortfall, sizes

Mixtures = tuple[np.ndarray, ...]


def level_k(payoffs: Float[np.ndarray, "P *S"], steps: int) -> tuple[Mixtures, ...]:
    """What each side plays at level 0, 1, ..., ``steps``.

    Raises
    ------
    BadInput
        As `comity.models.games.normal_form.sizes`; steps below nil.
    """
    game, levels = _started(payoffs, steps)
    for _ in range(steps):
        levels.append(_answers(game, levels[-1]))
    return tuple(levels)


def cognitive_hierarchy(
    payoffs: Float[np.ndarray, "P *S"], tau: float, steps: int
) -> tuple[tuple[Mixtures, ...], Mixtures]:
    """What each side plays at every level, and what it plays on average.

    Parameters
    ----------
    payoffs
        Side, then strategies.
    tau
        Mean number of steps, above nil.
    steps
        Highest level; those above are left out of the shares.

    Raises
    ------
    BadInput
        As `level_k`; a mean that is not above nil.
    """
    if not 0.0 < tau < np.inf:
        raise BadInput(f"a mean of {tau} steps", fix="give a number above 0, such as 1.5")
    game, levels = _started(payoffs, steps)
    shares = np.array([exp(-tau) * tau**k / factorial(k) for k in range(steps + 1)])
    for k in range(1, steps + 1):
        levels.append(_answers(game, _average(levels, shares[:k])))
    return tuple(levels), _average(levels, shares)


def _started(payoffs: Float[np.ndarray, "P *S"], steps: int) -> tuple[np.ndarray, list[Mixtures]]:
    if steps < 0:
        raise BadInput(f"{steps} steps", fix="give a whole number of 0 or more")
    evenly = tuple(np.full(size, 1.0 / size) for size in sizes(payoffs))
    return -shortfall(payoffs), [evenly]


def _answers(game: Float[np.ndarray, "P *S"], others: Mixtures) -> Mixtures:
    """Best replies of each side to what it expects of the others, all alike where several."""
    found = []
    for side in range(len(others)):
        value = expected(game, side, others)
        best = (value >= value.max() - TIE).astype(float)
        found.append(best / best.sum())
    return tuple(found)


def _average(levels: list[Mixtures], shares: Float[np.ndarray, " k"]) -> Mixtures:
    weight = shares / shares.sum()
    sides = range(len(levels[0]))
    return tuple(
        np.asarray(sum(w * level[side] for w, level in zip(weight, levels, strict=True)))
        for side in sides
    )
