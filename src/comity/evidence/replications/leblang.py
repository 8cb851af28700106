"""Speculative attacks on currencies and what governments do (Leblang 2003), a game of two.

The market attacks a currency or not; the government then devalues or defends.  Published: the
strategic probit with private information of Kenkel and Signorino (2014, p. 14; its data), to four
decimals, and their model with utilities fixed at 1, -1, 0 and 1.
"""

from __future__ import annotations

import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.force.strategic_choice import Game, StrategicFit, fit

PLAYERS = ("market", "government")
OUTCOMES = ("no attack", "devaluation", "defense")
COEFFICIENT, LIKELIHOOD = 0.001, 0.01

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


@against_print("leblang")
def run() -> list[Check | Ours]:
    """Compare coefficients, likelihoods and the false optimum with the print."""
    rows = frame()
    found, fixed = estimate(rows), fit(FIXED, rows)
    lower = [a.objective for a in found.false_optima if a.start == "zero"]
    return [
        Ours("rows", float(found.observations), 0.0),
        *(Ours(name, found[name], COEFFICIENT) for name in found.names),
        Ours("log-likelihood", found.log_likelihood, LIKELIHOOD),
        Ours("AIC", found.aic, 0.5),
        # A maximum, but not the highest.
        Ours(
            "log-likelihood where the zero start ends",
            lower[0] if lower else float("nan"),
            LIKELIHOOD,
        ),
        Ours("fixed utilities: log sigma", fixed["log scale:constant"], COEFFICIENT),
        Ours("fixed utilities: log-likelihood", fixed.log_likelihood, LIKELIHOOD),
        Check("converged (1 = yes)", 1.0, float(found.converged and fixed.converged), 0.0),
    ]
