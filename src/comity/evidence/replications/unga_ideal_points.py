"""Ideal points in the General Assembly 1946-2019 against the authors' published series.

The published column is ``idealpointlegacy`` of the release of July 2025: the only one made from
the votes in hand (its vote counts agree with ours; ``idealpointall`` and ``idealpointfp`` rest on
another list of votes).  Ours never read it: the scale is standardised, its sign that of the United
States.  The estimates compared are means of draws by the published law (``given_past``); the
joint mode, which is faster and smooths both ways, stands beside them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.evidence.panels import unga
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.institutions import ideal_points, ideal_points_mcmc
from comity.models.institutions.roll_calls import roll_calls

UNITED_STATES = 2
BURN, DRAWS = 50, 100
ROUNDS = 0.01  # largest move of the mode's last round


@against_print("unga-ideal-points")
def run() -> list[Check | Ours]:
    """Return correlations with the published series: pooled, in every session, of the mode."""
    rolls = roll_calls(unga.choices())
    mode = ideal_points.estimate(rolls, UNITED_STATES, tolerance=ROUNDS)
    draws = ideal_points_mcmc.sample(
        rolls, None, UNITED_STATES, draws=DRAWS, burn=BURN, seed=1, given_past=True
    )
    ours = unga.compared(draws.table(rolls))
    fast = unga.compared(mode.table(rolls))
    each, each_fast = unga.by_session(ours), unga.by_session(fast)
    worst, worst_fast = lowest(each), lowest(each_fast)
    return [
        Ours("states and sessions in both", float(len(ours)), 2.0),
        Check("correlation, pooled (0.98 or more)", 1.0, pooled(ours), 0.02),
        Check(
            f"correlation, lowest of {len(each)} sessions: {worst}", 1.0, float(each.min()), 0.03
        ),
        Check(
            f"joint mode: lowest of the sessions: {worst_fast}", 1.0, float(each_fast.min()), 0.03
        ),
        Check("joint mode: mean of the sessions", 1.0, float(each_fast.mean()), 0.01),
        Check("joint mode: pooled (0.96 or more)", 1.0, pooled(fast), 0.04),
    ]


def pooled(both: pd.DataFrame) -> float:
    """Return the correlation over all states and sessions."""
    return float(np.corrcoef(both.ideal_point, both.published)[0, 1])


def lowest(each: pd.Series) -> int:
    """Return the session (as a year) with the lowest correlation."""
    return int(np.asarray(each.index)[np.argmin(each.to_numpy())])
