"""Numbers of ``growth`` that all states share, from figures to 2019."""

from __future__ import annotations

import numpy as np

from comity.data.tables.growth import PARAMETERS_TO, panel
from comity.evidence.estimates import Figures
from comity.models.people.growth_on_a_panel import fit_world, reversion_errors, world_factor


def world() -> Figures:
    """Return the common factor's numbers with standard errors of an AR(1).

    The mean itself stands in the snapshot's growth table; the book holds its error.
    """
    found = fit_world(world_factor(panel().up_to(PARAMETERS_TO)))
    kept, years = found.persistence**2, found.years
    return {
        "growth.world_sd": {
            "value": found.sd,
            "sd": float(np.sqrt((1 + kept) / (1 - kept) / (2 * years))),
        },
        "growth.world_persistence": {
            "value": found.persistence,
            "sd": float(np.sqrt((1 - kept) / years)),
        },
        "growth.world_mean_error": {"sd": found.mean_error},
    }


def trends() -> Figures:
    """Return the error of the log of the spread of trends; the factor itself is 1 by definition."""
    error = reversion_errors(panel().up_to(PARAMETERS_TO))
    return {"growth.trend_sd_scale": {"sd": float(error["log_spread"])}}
