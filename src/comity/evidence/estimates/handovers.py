"""Numbers of ``elections``: log-odds of counts, with half a case added to each side."""

from __future__ import annotations

import math

from comity.evidence.estimates import Figures
from comity.evidence.replications import succession


def log_odds(cases: int, of: int) -> dict[str, float]:
    """Return the empirical logit of a share and its standard deviation."""
    yes, no = cases + 0.5, of - cases + 0.5
    return {"value": math.log(yes / no), "sd": math.sqrt(1.0 / yes + 1.0 / no)}


def by_calendar() -> Figures:
    """Return log-odds that one who may stand keeps office, and of a change between the days."""
    counts = succession.counts()
    left, could = counts["may_stand"]
    return {
        "elections.log_odds_kept": log_odds(could - left, could),
        "elections.log_odds_between": log_odds(*counts["between"]),
    }
