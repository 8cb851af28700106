"""Numbers of ``armament``, fitted to the decades of states that end by 2024."""

from __future__ import annotations

import pandas as pd

from comity.evidence.backtest import Past
from comity.evidence.estimates import Figures
from comity.evidence.hindcasts import military_spending
from comity.evidence.panels.spending_panel import REACTIONS, decades
from comity.models.force.armament import YEARS

LAST = 2024


def burdens() -> Figures:
    """Return what moves a state's burden; standard errors resample whole states.

    The drift has no value of its own: a share cannot drift for good, so only its spread is made.
    """
    rows = _decades()
    found, error = military_spending.fit_rows(rows), military_spending.errors(rows)
    return {
        "armament.income": {"value": found.income, "sd": float(error["income"])},
        "armament.reversion": {"value": found.reversion, "sd": float(error["reversion"])},
        "armament.drift": {"sd": found.shared / YEARS},
        "armament.shock_sd": {"value": found.sd, "sd": float(error["log_sd"])},
    }


def reactions() -> Figures:
    """Return the elasticities to what rivals and allies spend, both in one fit."""
    rows, kinds = _decades(), REACTIONS
    found, error = military_spending.fit_rows(rows, kinds), military_spending.errors(rows, kinds)
    return {
        f"armament_reactions.{kind}_response": {
            "value": found.reactions[kind],
            "sd": float(error[kind]),
        }
        for kind in kinds
    }


def _decades() -> pd.DataFrame:
    tables = military_spending.Spending().tables()
    return decades(Past(LAST, tables))
