"""Escalation and resistance in interstate disputes 1816-1899, a game of two with agent error.

The example of the games package (Kenkel and Signorino 2014), for which no output is printed.  The
figures compared with are an earlier estimate of our own by another program, with a numeric
gradient, rounded to 0.001: agreement shows the estimator, not a publication, repeated.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.force.strategic_choice import Game, StrategicFit, fit

TOLERANCE = 0.005
LATE = 1850

GAME = Game(
    ("initiator", "target"),
    ("status quo", "capitulation", "war"),
    {
        ("initiator", "status quo"): "~ 1 + s_wt_re1 + revis1",
        ("initiator", "war"): "~ 1 + dem1 + mixed1",
        ("target", "war"): "~ 1 + balanc + dem2 + mixed2",
    },
)


def frame() -> pd.DataFrame:
    """Return the disputes with their outcome and indicators of regime (base: autocracy)."""
    disputes = load("war1800")
    escalated, war = disputes["esc"], disputes["war"] == 1
    outcome = np.where(escalated == 0, "status quo", np.where(war, "war", "capitulation"))
    columns: dict[str, pd.Series] = {"outcome": pd.Series(outcome, disputes.index)}
    columns["outcome"] = columns["outcome"].where(escalated.notna())
    for side in ("1", "2"):
        regime = disputes[f"regime{side}"].astype(object)
        for kind in ("dem", "mixed"):
            columns[kind + side] = (regime == kind).astype(float).where(regime.notna())
    return disputes.assign(**columns)


def estimate(disputes: pd.DataFrame) -> dict[str, StrategicFit]:
    """Fit the probit and the logit."""
    return {
        "probit": fit(GAME, disputes),
        "logit": fit(replace(GAME, link="logit"), disputes),
    }


@against_print("war1800")
def run() -> list[Check | Ours]:
    """Compare both links, standard errors, and the disputes from 1850 on."""
    disputes = frame()
    found = estimate(disputes)
    late = fit(GAME, disputes[disputes["year"] >= LATE])
    errors = dict(zip(GAME.names, found["probit"].standard_errors, strict=True))
    ours = [Ours("complete rows", float(found["probit"].observations), 0.0)]
    for name in GAME.names:
        ours += [
            Ours(f"probit {name}", found["probit"][name], TOLERANCE),
            Ours(f"probit {name}: standard error", float(errors[name]), TOLERANCE),
            Ours(f"logit {name}", found["logit"][name], TOLERANCE),
        ]
    for link, one in found.items():
        ours.append(Ours(f"{link} log-likelihood", one.log_likelihood, TOLERANCE))
        ours.append(Ours(f"{link} AIC", one.aic, 0.01))
    converged = all(f.converged for f in (*found.values(), late))
    return [
        *ours,
        Ours("rows from 1850", float(late.observations), 0.0),
        Ours("log-likelihood from 1850", late.log_likelihood, TOLERANCE),
        Check("converged (1 = yes)", 1.0, float(converged), 0.0),
    ]
