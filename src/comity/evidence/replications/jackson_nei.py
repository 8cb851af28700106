"""Jackson and Nei (2015): alliances without trade are never stable; with trade some are.

Economies of three to five countries are drawn at random and every network of each is looked at.
With trade, countries gain from their first two partners and lose from a third, so that stable
networks can be counted by hand.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from comity.evidence.replications.base import Ours, against_print
from comity.models.force.network_stability import all_networks, trade_stable, war_stable

ECONOMIES, SEED = 600, 1
SIZES = (3, 4, 5)
ADVANTAGE = (0.5, 4.0)


def trade(networks: Bool[np.ndarray, "G N N"]) -> Float[np.ndarray, "G N"]:
    """Utility of d partners, 2 d - d**2 / 2: 1.5, 2, 1.5, 0 for one to four, best with two."""
    partners = networks.sum(axis=2)
    return 2.0 * partners - 0.5 * partners**2


def economies() -> list[tuple[Float[np.ndarray, " N"], float]]:
    """Strengths, from nearly equal to very unequal, and the defender's advantage."""
    chance = np.random.default_rng(SEED)
    return [
        (
            chance.lognormal(0.0, chance.uniform(0.0, 1.0), SIZES[at % len(SIZES)]),
            float(chance.uniform(*ADVANTAGE)),
        )
        for at in range(ECONOMIES)
    ]


def alone_is_safe(strength: Float[np.ndarray, " N"], advantage: float) -> bool:
    """Whether every country withstands the two strongest of the others together."""
    weakest, *others = np.sort(strength)
    return bool(advantage * weakest >= sum(others[-2:]))


def partners(strength: Float[np.ndarray, " N"], advantage: float, spoils: float) -> list[str]:
    """Partners of each country, sorted, in every network that is stable with trade."""
    worth = np.full(len(strength), spoils)
    held = trade_stable(strength, advantage, trade, worth)
    degree = np.sort(all_networks(len(strength))[held].sum(axis=2), axis=1)
    return ["".join(map(str, row)) for row in degree]


@against_print("jackson-nei")
def run() -> list[Ours]:
    """Count stable networks without trade, then with it where the answer is known by hand."""
    drawn = economies()
    stable = [war_stable(*economy) for economy in drawn]
    allied = sum(bool(found[1:].any()) for found in stable)
    alone = [alone_is_safe(*economy) for economy in drawn]
    agree = sum(bool(found[0]) == safe for found, safe in zip(stable, alone, strict=True))
    three, five, six = np.ones(3), np.ones(5), np.ones(6)
    pairs = partners(six, 2.5, 0.9)
    counts = [
        ("economies with a war-stable network that has an alliance", allied),
        ("economies where the empty network is stable just as it should be", agree),
        ("three equals, no trade: stable networks", war_stable(three, 1.5).sum()),
        ("three equals, trade: the triangle", partners(three, 1.5, 0.9).count("222")),
        ("three equals, spoils above the trade lost", len(partners(three, 1.5, 1.1))),
        ("five equals, strong defence: rings of five", partners(five, 3.0, 0.9).count("22222")),
        ("six equals, trade: pairs of triangles", pairs.count("222222")),
        ("six equals, trade: any other network", len(pairs) - pairs.count("222222")),
    ]
    return [Ours(what, float(ours), 0.0) for what, ours in counts]
