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
from comity.evidence.replications.base import Check
from comity.models.force.strategic_choice import Game, StrategicFit, fit

# Name of the coefficient: probit, its standard error, logit.
REFERENCE = {
    "initiator(status quo):constant": (-0.495, 0.599, -0.598),
    "initiator(status quo):s_wt_re1": (-0.740, 0.280, -0.840),
    "initiator(status quo):revis1": (0.427, 0.264, 0.480),
    "initiator(war):constant": (0.222, 1.217, 0.180),
    "initiator(war):dem1": (-1.902, 0.664, -2.181),
    "initiator(war):mixed1": (-0.584, 0.550, -0.677),
    "target(war):constant": (0.499, 0.441, 0.538),
    "target(war):balanc": (-0.042, 0.569, -0.006),
    "target(war):dem2": (-1.544, 0.453, -1.771),
    "target(war):mixed2": (-0.617, 0.321, -0.692),
}
LIKELIHOOD = {"probit": (-286.124, 592.25), "logit": (-286.183, 592.37)}
TOLERANCE = 0.005
LATE, LATE_ROWS, LATE_LIKELIHOOD = 1850, 214.0, -214.547

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


def run() -> list[Check]:
    """Compare both links, standard errors, and the disputes from 1850 on."""
    disputes = frame()
    found = estimate(disputes)
    late = fit(GAME, disputes[disputes["year"] >= LATE])
    errors = dict(zip(GAME.names, found["probit"].standard_errors, strict=True))
    checks = [Check("complete rows", 282.0, float(found["probit"].observations), 0.0)]
    for name, (probit, error, logit) in REFERENCE.items():
        checks += [
            Check(f"probit {name}", probit, found["probit"][name], TOLERANCE),
            Check(f"probit {name}: standard error", error, float(errors[name]), TOLERANCE),
            Check(f"logit {name}", logit, found["logit"][name], TOLERANCE),
        ]
    for link, (likelihood, aic) in LIKELIHOOD.items():
        ours = found[link]
        checks.append(Check(f"{link} log-likelihood", likelihood, ours.log_likelihood, TOLERANCE))
        checks.append(Check(f"{link} AIC", aic, ours.aic, 0.01))
    converged = all(f.converged for f in (*found.values(), late))
    return [
        *checks,
        Check("rows from 1850", LATE_ROWS, float(late.observations), 0.0),
        Check("log-likelihood from 1850", LATE_LIKELIHOOD, late.log_likelihood, TOLERANCE),
        Check("converged (1 = yes)", 1.0, float(converged), 0.0),
    ]
