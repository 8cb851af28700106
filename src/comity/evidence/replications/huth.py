"""Extended immediate deterrence, 58 cases 1885-1983 (Huth 1988), a game of two.

The attacker attacks or leaves the status quo; attacked, the defender backs down or fights.  21
coefficients on 58 cases: outcomes are nearly separated, and the likelihood has several maxima
and rises further where coefficients grow without bound.  Nothing printed is compared: the checks
are that the estimator knows a maximum, says that outcomes are separated, and is bounded by a prior.
"""

from __future__ import annotations

import warnings

import jax.numpy as jnp
import numpy as np
import pandas as pd
from scipy.optimize import minimize

from comity.core.errors import EstimateWarning
from comity.data.sources.source import load
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.force.strategic_choice import Game, Prior, StrategicFit, fit, predict
from comity.models.force.strategic_game import design
from comity.models.force.strategic_likelihood import Problem, cost_and_gradient

OUTCOMES = {1: "status quo", 3: "back-down", 4: "war"}
FIRST, DECADE = 1885, 10.0
# Starts beside the usual two: with so few cases the usual two end at different maxima.
SCATTERED = 30
# Starts of the second optimiser; of the same log posterior, within.
AGAIN, SAME = 10, 1e-4

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


def estimate(
    cases: pd.DataFrame, prior: Prior | None = None, scattered: int = SCATTERED
) -> StrategicFit:
    """Fit the game, without a prior by maximum likelihood.

    That coefficients then run to infinity is the point of the case, so no warning is given.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimateWarning)
        return fit(GAME, cases, prior=prior, scattered=scattered)


def foretold(found: StrategicFit, cases: pd.DataFrame) -> tuple[float, float]:
    """Return the shares of attacks (or none) and of outcomes that the fit puts first."""
    chances = predict(found, cases)
    peace = OUTCOMES[1]
    attacks = (chances[peace] < 0.5) == (cases["outcome"] != peace)
    return float(attacks.mean()), float((chances.idxmax(axis=1) == cases["outcome"]).mean())


def another_optimum(found: StrategicFit, cases: pd.DataFrame, prior: Prior) -> float:
    """Return the highest log posterior that L-BFGS-B reaches from starts drawn at random."""
    game = found.game
    chosen = pd.Index(game.outcomes).get_indexer(pd.Index(cases["outcome"])).astype(np.int64)
    parts = (jnp.asarray(chosen), jnp.asarray(prior.weights(game)), prior.kind)
    problem = Problem(design(game, cases), *parts, game.link, game.errors)

    def cost(at: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = cost_and_gradient(jnp.asarray(at), problem)
        return float(value), np.asarray(gradient)

    starts = np.random.default_rng(2).normal(size=(AGAIN, len(game.names)))
    ends = (minimize(cost, at, jac=True, method="L-BFGS-B").fun for at in starts)
    return -min(float(end) for end in ends)


@against_print("huth")
def run() -> list[Check | Ours]:
    """Check the estimator on separated data; the values compared with are not published ones."""
    cases, prior = frame(), Prior("log-f")
    plain, shrunk = estimate(cases, scattered=0), fit(GAME, cases, prior=prior)
    inward = np.abs(shrunk.coefficients) < np.abs(plain.coefficients)
    same = np.sign(shrunk.coefficients) == np.sign(plain.coefficients)
    far = max((float(np.abs(a.coefficients).max()) for a in plain.higher), default=0.0)
    runaway = far > 10.0 * float(np.abs(plain.coefficients).max())
    peace = float((cases["outcome"] == OUTCOMES[1]).sum())
    count = float(len(GAME.names))
    return [
        Ours("cases", float(plain.observations), 0.0),
        Ours("cases that end in the status quo", peace, 0.0),
        Check("maximum likelihood: steps (s.e.) from a maximum", 0.0, plain.residual, 1e-6),
        Check("maximum likelihood: reported as converged", 0.0, float(plain.converged), 0.0),
        Check("maximum likelihood: a start runs away (1 = yes)", 1.0, float(runaway), 0.0),
        Check("log-F: steps (s.e.) from a maximum", 0.0, shrunk.residual, 1e-6),
        Check("log-F: reported as converged", 1.0, float(shrunk.converged), 0.0),
        Check(
            "log-F: log posterior, two optimisers",
            another_optimum(shrunk, cases, prior),
            shrunk.objective,
            SAME,
        ),
        Check("coefficients that log-F draws to zero", count, float(inward.sum()), 0.0),
        Check("signs that agree", count, float(same.sum()), 0.0),
    ]
