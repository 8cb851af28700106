"""Speculative attacks on currencies and what governments do (Leblang 2003), a game of two.

The market attacks a currency or not; the government then devalues or defends.  Published: the
strategic probit with private information of Kenkel and Signorino (2014, p. 14; its data), to four
decimals, and their model with utilities fixed at 1, -1, 0 and 1.
"""

from __future__ import annotations

import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Check
from comity.models.force.strategic_choice import Game, StrategicFit, fit

PLAYERS = ("market", "government")
OUTCOMES = ("no attack", "devaluation", "defense")
# Utility and term, published coefficient.
PUBLISHED = {
    "market(no attack):capcont": -0.4525,
    "market(no attack):lreserves": 0.2292,
    "market(no attack):overval": -0.4413,
    "market(no attack):creditgrow": -0.0648,
    "market(no attack):USinterest": -0.0505,
    "market(no attack):service": -0.0288,
    "market(no attack):contagion": -0.1159,
    "market(no attack):prioratt": -0.1218,
    "market(devaluation):constant": -3.6648,
    "market(defense):constant": -3.1385,
    "government(defense):constant": 0.4269,
    "government(defense):unifgov": -0.3568,
    "government(defense):lexports": -0.1997,
    "government(defense):preelec": 1.6632,
    "government(defense):postelec": 1.0623,
    "government(defense):rightgov": -0.9358,
    "government(defense):realinterest": 1.7955,
    "government(defense):capcont": 0.0656,
    "government(defense):lreserves": 0.3099,
}
COEFFICIENT, LIKELIHOOD = 0.001, 0.01
# Where BFGS ends when it starts from zero: a maximum, but not the highest.
FALSE_OPTIMUM = -487.87

GAME = Game(
    PLAYERS,
    OUTCOMES,
    {
        ("market", "no attack"): "~ 0 + capcont + lreserves + overval + creditgrow + USinterest"
        " + service + contagion + prioratt",
        ("market", "devaluation"): "~ 1",
        ("market", "defense"): "~ 1",
        ("government", "defense"): "~ 1 + unifgov + lexports + preelec + postelec + rightgov"
        " + realinterest + capcont + lreserves",
    },
    errors="private",
)
FIXED = Game(
    PLAYERS,
    OUTCOMES,
    {
        ("market", "no attack"): 1.0,
        ("market", "devaluation"): -1.0,
        ("market", "defense"): 0.0,
        ("government", "defense"): 1.0,
    },
    log_scale="~ 1",
    errors="private",
)


def frame() -> pd.DataFrame:
    """Return the months of countries, 7,240 rows."""
    return load("leblang2003")


def estimate(rows: pd.DataFrame) -> StrategicFit:
    """Fit the published model from both starts."""
    return fit(GAME, rows)


def run() -> list[Check]:
    """Compare coefficients, likelihoods and the false optimum with the print."""
    rows = frame()
    found, fixed = estimate(rows), fit(FIXED, rows)
    checks = [Check("rows", 7240.0, float(found.observations), 0.0)]
    checks += [Check(name, b, found[name], COEFFICIENT) for name, b in PUBLISHED.items()]
    lower = [a.objective for a in found.false_optima if a.start == "zero"]
    return [
        *checks,
        Check("log-likelihood", -482.02, found.log_likelihood, LIKELIHOOD),
        Check("AIC", 1002.0, found.aic, 0.5),
        Check(
            "log-likelihood where the zero start ends",
            FALSE_OPTIMUM,
            lower[0] if lower else float("nan"),
            LIKELIHOOD,
        ),
        Check("fixed utilities: log sigma", -1.0513, fixed["log scale:constant"], COEFFICIENT),
        Check("fixed utilities: log-likelihood", -646.54, fixed.log_likelihood, LIKELIHOOD),
        Check("converged (1 = yes)", 1.0, float(found.converged and fixed.converged), 0.0),
    ]
