"""Agent quantal response equilibrium of a deterrence game of two moves, against its closed form.

The challenger waits (0, 1) or threatens; the target then yields (1, 0) or resists (-1, -1).  At
precision lambda the target resists with 1 / (1 + e^lambda) (McKelvey and Palfrey 1998).
"""

from __future__ import annotations

import jax.numpy as jnp

from comity.evidence.replications.base import Ours, against_print
from comity.models.force.strategic_game import play

# Rows: challenger, target.  Columns: waits, yields, resists.
PAYOFFS = ((0.0, 1.0, -1.0), (1.0, 0.0, -1.0))
PRECISIONS = (0.5, 1.0, 2.0, 5.0)
TOLERANCE = 1e-6


def moves(precision: float) -> tuple[float, float]:
    """Return the probability of the threat and that of resistance once threatened."""
    solved = play(jnp.array([PAYOFFS]), jnp.array([1.0 / precision]), "logit", "agent")
    waits, yields, resists = (float(p) for p in solved.outcomes[0])
    return 1.0 - waits, resists / (yields + resists)


@against_print("agent-qre")
def run() -> list[Ours]:
    """Both moves at four precisions, against the closed form."""
    return [
        Ours(f"lambda {precision:g}: {move}", chance, TOLERANCE)
        for precision in PRECISIONS
        for move, chance in zip(("threat", "resistance"), moves(precision), strict=True)
    ]
