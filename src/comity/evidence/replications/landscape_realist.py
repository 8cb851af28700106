"""Europe in 1936 if all states feared all others (Axelrod and Bennett 1993, Table 1 and page 224).

Sizes are per cent of world capabilities, to two decimals. How many configurations hold hangs on
more digits than that, so sizes are drawn within the rounding. The 136 propensities behind the
paper's main result were not printed and not found: of it only what follows from sizes and names
is compared.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from comity.evidence.replications.base import Ours, against_print
from comity.models.force.landscape import configurations, stable

SIZES = {
    "Britain": 7.45,
    "France": 5.32,
    "Soviet Union": 15.01,
    "Germany": 11.49,
    "Italy": 4.03,
    "Czechoslovakia": 1.15,
    "Denmark": 0.20,
    "Yugoslavia": 0.59,
    "Greece": 0.35,
    "Poland": 1.83,
    "Portugal": 0.27,
    "Romania": 0.78,
    "Hungary": 0.45,
    "Finland": 0.19,
    "Latvia": 0.13,
    "Lithuania": 0.10,
    "Estonia": 0.06,
}
POWERS = 5
# Against Germany or invaded by it; Portugal was neutral and is counted where it leaned.
ALLIES = tuple(SIZES)[:3] + tuple(SIZES)[5:11]
# The paper's prediction from its own propensities puts two of them on the other side.
MISPLACED = ("Poland", "Portugal")
ROUNDING, DRAWS, SEED = 0.005, 40, 1


def fear(count: int) -> Float[np.ndarray, "N N"]:
    """Propensities of -1 between all."""
    return -np.ones((count, count))


def sizes() -> Float[np.ndarray, " N"]:
    """Sizes as printed, the five powers first."""
    return np.array(list(SIZES.values()))


def drawn() -> Float[np.ndarray, "D N"]:
    """Sizes that round to those printed, evenly within the rounding."""
    chance = np.random.default_rng(SEED)
    return sizes() + chance.uniform(-ROUNDING, ROUNDING, (DRAWS, len(SIZES)))


def mistakes(camps: Bool[np.ndarray, "C N"]) -> Int[np.ndarray, " C"]:
    """States on the wrong side in each configuration, whichever camp is named first."""
    wrong = camps != np.isin(list(SIZES), ALLIES)[: camps.shape[1]]
    return np.minimum(wrong.sum(axis=1), (~wrong).sum(axis=1))


def misplaced(
    camps: Bool[np.ndarray, "C N"], size: Float[np.ndarray, " N"]
) -> Float[np.ndarray, " C"]:
    """Share of all size on the wrong side in each configuration."""
    wrong = camps != np.isin(list(SIZES), ALLIES)[: camps.shape[1]]
    return np.minimum(wrong @ size, ~wrong @ size) / size.sum()


@against_print("landscape-realist")
def run() -> list[Ours]:
    """Five powers, then 17 states under fear; then the arithmetic of the paper's own prediction."""
    five = stable(sizes()[:POWERS], fear(POWERS))
    draws = drawn()
    held = [stable(one, fear(len(SIZES))) for one in draws]
    wrong = np.isin(list(SIZES), MISPLACED)
    best = len(MISPLACED)
    every = mistakes(configurations(len(SIZES)))
    as_good, better = int((every <= best).sum()), int((every < best).sum())
    right = 1 - sizes()[wrong].sum() / sizes().sum()
    near = [
        int((misplaced(camps, one) <= one[wrong].sum() / one.sum()).sum())
        for camps, one in zip(held, draws, strict=True)
    ]
    return [
        Ours("five powers: configurations that hold", len(five)),
        Ours("five powers: of them the actual one", int((mistakes(five) == 0).sum())),
        Ours(
            "17 states: that hold, middle of draws", float(np.median([len(h) for h in held])), 10.0
        ),
        Ours("17 states: of them as accurate by size as the prediction", max(near)),
        Ours("17 states: with at most two mistakes", as_good),
        Ours("17 states: with at most one mistake", better),
        Ours("chance that one of two predictions is as good", 2 * as_good / len(every), 5e-5),
        Ours("chance of at most one mistake", better / len(every), 5e-6),
        Ours("size that the prediction places right (%)", float(100 * right), 0.5),
    ]
