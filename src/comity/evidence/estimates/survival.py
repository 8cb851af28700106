"""Numbers of ``checks``, from the record of acts of US presidents (snapshot table ``acts``)."""

from __future__ import annotations

import numpy as np

from comity.evidence.estimates import Figures
from comity.evidence.replications import checks
from comity.models.institutions.checks import pooled
from comity.registry.axes import CHANNELS


def log_odds() -> Figures:
    """Return the log-odds that an act of each channel survives, under partial pooling."""
    one = checks.record()
    acts = np.bincount(one.channel, minlength=len(CHANNELS))
    survived = np.bincount(one.channel[one.survived], minlength=len(CHANNELS))
    found = pooled(survived, acts)
    return {
        f"checks.log_odds_{name}": {"value": float(value), "sd": float(sd)}
        for name, value, sd in zip(CHANNELS, found.log_odds, found.log_odds_sd, strict=True)
    }


def reversal() -> Figures:
    """Return the geometric mean of the years that a fallen order stood, and the sd of the log."""
    logs = np.log(checks.delays(checks.record()))
    return {
        "checks.reversal_years": {
            "value": float(np.exp(logs.mean())),
            "sd": float(logs.std(ddof=1)),
        }
    }
