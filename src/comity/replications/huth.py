"""Extended immediate deterrence, 58 cases 1885-1983 (Huth 1988), a game of two.

The attacker attacks or leaves the status quo; attacked, the defender backs down or fights.  21
coefficients on 58 cases: outcomes are nearly separated, and the likelihood has several maxima
and rises further where coefficients grow without bound.  Nothing printed is compared here.
"""

from __future__ import annotations

import pandas as pd

from comity.data.source import load
from comity.models.strategic_choice import Game, Prior, StrategicFit, fit, predict

OUTCOMES = {1: "status quo", 3: "back-down", 4: "war"}
FIRST, DECADE = 1885, 10.0
# Starts beside the usual two: with so few cases the usual two end at different maxima.
SCATTERED = 30

GAME = Game(
    ("attacker", "defender"),
    tuple(OUTCOMES.values()),
    {
        ("attacker", "status quo"): "~ 0 + tft + firmflex + dem_att + decade",
        ("attacker", "back-down"): "~ 1",
        ("attacker", "war"): "~ 1 + nuclear + ibf + sbf + lbf + milallia + milarm",
        ("defender", "war"): "~ 1 + nuclear + ibf + sbf + milallia + milarm + fortrade"
        " + stalemat + dem_def",
    },
)


def frame() -> pd.DataFrame:
    """Return the cases with their outcome by name and ``decade``, counted from 1885.

    From which year it is counted moves the attacker's two constants and nothing else.
    """
    cases = load("huth")
    decade = (cases["year"].astype(float) - FIRST) / DECADE
    return cases.assign(outcome=cases["outcome"].map(OUTCOMES), decade=decade)


def estimate(cases: pd.DataFrame, prior: Prior | None = None) -> StrategicFit:
    """Fit the game, without a prior by maximum likelihood."""
    return fit(GAME, cases, prior=prior, scattered=SCATTERED)


def foretold(found: StrategicFit, cases: pd.DataFrame) -> tuple[float, float]:
    """Return the shares of attacks (or none) and of outcomes that the fit puts first."""
    chances = predict(found, cases)
    peace = OUTCOMES[1]
    attacks = (chances[peace] < 0.5) == (cases["outcome"] != peace)
    return float(attacks.mean()), float((chances.idxmax(axis=1) == cases["outcome"]).mean())
