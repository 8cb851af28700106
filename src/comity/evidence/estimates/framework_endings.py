"""Numbers of ``frameworks`` from which organisations end (pevehouse2020tracking)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from comity.evidence.estimates import Figures
from comity.evidence.panels.igo_lives import ended
from comity.models.statistics.logit import fit

YEARS = (1970, 1975, 1980, 1985, 1990, 1995, 2000, 2004)
SPAN = 10
# An ending is not a loss of vitality: the book doubles the error.
WIDENED = 2.0


def size() -> Figures:
    """Return the log-odds of life by log members, log age and whether it shrank held fixed."""
    traits, gone = endings_seen()
    columns = np.column_stack([np.ones(len(traits)), traits[:, 0], traits[:, 1], traits[:, 4]])
    found = fit(columns, gone)
    value, error = -float(found.coefficients[1]), float(found.standard_errors[1])
    return {"frameworks.size_effect": {"value": value, "sd": WIDENED * error}}


def endings_seen() -> tuple[Float[ndarray, "R J"], Float[ndarray, " R"]]:
    """Return traits in eight years 1970-2004, and whether nobody was a member ten years on."""
    parts = [ended(year, SPAN) for year in YEARS]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
