"""Agent quantal response equilibrium of a deterrence game of two moves, against its closed form.

The challenger waits (0, 1) or threatens; the target then yields (1, 0) or resists (-1, -1).  At
precision lambda the target resists with 1 / (1 + e^lambda) (McKelvey and Palfrey 1998).
"""

from __future__ import annotations

import jax.numpy as jnp

from comity.evidence.replications.base import Check
from comity.models.force.strategic_game import play

# Rows: challenger, target.  Columns: waits, yields, resists.
PAYOFFS = ((0.0, 1.0, -1.0), (1.0, 0.0, -1.0))
# Lambda: probability of the threat, and of resistance to it.
CLOSED_FORM = {
    0.5: (0.530577, 0.377541),
    1.0: (0.613516, 0.268941),
    2.0: (0.821007, 0.119203),
    5.0: (0.992847, 0.006693),
}
TOLERANCE = 1e-6


def moves(precision: float) -> tuple[float, float]:
    """Return the probability of the threat and that of resistance once threatened."""
    solved = play(jnp.array([PAYOFFS]), jnp.array([1.0 / precision]), "logit", "agent")
    waits, yields, resists = (float(p) for p in solved.outcomes[0])
    return 1.0 - waits, resists / (yields + resists)


def run() -> list[Check]:
    """Compare both moves at four precisions."""
    checks = []
    for precision, (threat, resistance) in CLOSED_FORM.items():
        ours = moves(precision)
        checks.append(Check(f"lambda {precision:g}: threat", threat, ours[0], TOLERANCE))
        checks.append(Check(f"lambda {precision:g}: resistance", resistance, ours[1], TOLERANCE))
    return checks
