"""Numbers of ``leadership``: rates at which states leave commitments."""

from __future__ import annotations

import numpy as np

from comity.evidence.estimates import Figures
from comity.evidence.replications import leadership, retreat
from comity.models.institutions.checks import pooled
from comity.registry.axes import DOMAINS

YEARS = 526 / 365.25  # 20 January 2025 to 30 June 2026


def ordinary() -> Figures:
    """Return exits from living organisations by membership-year, all states 1965-2014."""
    found = leadership.exits()
    return {"leadership.base_exit_rate": {"value": float(found.ends.sum() / found.exposure.sum())}}


def transactional() -> Figures:
    """Return the US rates since January 2025 by domain, partially pooled.

    A rate is that of the mean of the log-odds of staying, its sd that of the log (delta method).
    Where nothing was left (security) the posterior is too skewed for that: the geometric mean of
    this rate and of that of the mean chance.
    """
    one = retreat.commitments()
    held = np.bincount(one.domain, minlength=len(retreat.LABELS))
    kept = held - np.bincount(one.domain[one.left], minlength=len(retreat.LABELS))
    found = pooled(kept, held)
    stays = 1 / (1 + np.exp(-found.log_odds))
    rates, of_means = -np.log(stays) / YEARS, -np.log(found.mean) / YEARS
    spread = found.log_odds_sd * (1 - stays) / -np.log(stays)
    figures = {}
    for d, name in enumerate(DOMAINS):
        if kept[d] < held[d]:
            figures[name] = {"value": float(rates[d]), "sd": float(spread[d])}
        else:
            figures[name] = {"value": float(np.sqrt(rates[d] * of_means[d]))}
    return {f"leadership.exit_rate_{name}": found for name, found in figures.items()}
