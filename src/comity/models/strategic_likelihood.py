"""The likelihood of a game of moves in turn, its priors, and the climb to its maximum.

Gradient and Hessian are exact.  The likelihood has more than one maximum: a climb ends at the one
whose slope it started on, so that starts matter [bas2008statistical].
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int
from scipy.optimize import minimize

from comity.models.strategic_game import CONSTANT, Design, Game, log_chance, play, utilities

# Newton decrement, in standard errors, below which a point counts as a maximum.
TOLERANCE = 1e-6
# Penalty of the starting values only, per mean square of a column.
RIDGE = 1e-3
NEWTON_STEPS = 20
# Smallest eigenvalue, in units of the diagonal, of an information that can be inverted.
SINGULAR = 1e-12
# Share of the likelihood that rounding may move.
ROUNDING = 1e-13

Cost = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True)
class Prior:
    """A prior that shrinks coefficients to zero, in the units of their columns.

    ``log-f``: log density m b / 2 - m log(1 + e^b), the log-F(m, m).  ``cauchy``: centred, with
    ``scale`` and for constants ``constant_scale``.  Log sigma is never shrunk, constants only
    where ``constants`` is true.
    """

    kind: Literal["log-f", "cauchy"]
    m: float = 1.0
    scale: float = 2.5
    constant_scale: float = 10.0
    constants: bool = True

    def weights(self, game: Game) -> Float[np.ndarray, " C"]:
        """Weight of each coefficient: m of the log-F, 1 / scale of the Cauchy; 0 for none."""
        found = []
        for (player, _), term in zip(game.slots(), game.terms, strict=True):
            constant = term == CONSTANT
            weight = self.m
            if self.kind == "cauchy":
                weight = 1.0 / (self.constant_scale if constant else self.scale)
            found.append(weight if player >= 0 and (self.constants or not constant) else 0.0)
        return np.array(found)


@dataclass(frozen=True)
class Attempt:
    """Where one start ended: what was maximised, and how far a maximum still was.

    ``residual`` is the Newton decrement in standard errors, NaN where the point is no maximum.
    """

    start: str
    objective: float
    residual: float
    coefficients: Float[np.ndarray, " C"]


class Problem(eqx.Module):
    """What is maximised, as arrays, so that one compiled function serves every game of a shape."""

    on: Design
    chosen: Int[Array, " N"]
    weights: Float[Array, " C"]
    prior: str = eqx.field(static=True)
    link: str = eqx.field(static=True)
    errors: str = eqx.field(static=True)


def move_log_likelihoods(b: Float[Array, " C"], problem: Problem) -> Float[Array, " K"]:
    """Log probability of what was done at each move, summed over the rows that reached it."""
    index = play(*utilities(b, problem.on), problem.link, problem.errors).index
    move = jnp.arange(index.shape[1])
    chosen = problem.chosen[:, None]
    done = log_chance(jnp.where(chosen > move, index, -index), problem.link)
    return jnp.where(chosen >= move, done, 0.0).sum(0)


@eqx.filter_jit
def log_likelihood(b: Float[Array, " C"], problem: Problem) -> Float[Array, ""]:
    """Return the sum over rows of the log probability of the outcome reached."""
    return move_log_likelihoods(b, problem).sum()


def _log_prior(b: Float[Array, " C"], problem: Problem) -> Float[Array, ""]:
    w = problem.weights
    if problem.prior == "log-f":
        return (w * (b / 2.0 - jnp.logaddexp(0.0, b))).sum()
    if problem.prior == "cauchy":
        return -jnp.log1p((b * w) ** 2).sum()
    return jnp.zeros(())


def _cost(b: Float[Array, " C"], problem: Problem) -> Float[Array, ""]:
    return -log_likelihood(b, problem) - _log_prior(b, problem)


cost_and_gradient = eqx.filter_jit(jax.value_and_grad(_cost))
curvature = eqx.filter_jit(jax.hessian(_cost))


def _move_cost(
    own: Float[Array, " C"],
    later: Float[Array, " C"],
    mine: Bool[Array, " C"],
    move: Int[Array, ""],
    problem: Problem,
) -> Float[Array, ""]:
    """Cost of one move; a faint ridge keeps rows that are separated from running away."""
    found = move_log_likelihoods(jnp.where(mine, own, later), problem)[move]
    ridge = (RIDGE * (problem.on.terms**2).mean(0) * jnp.where(mine, own, 0.0) ** 2).sum()
    return ridge - found


_move_cost_and_gradient = eqx.filter_jit(jax.value_and_grad(_move_cost))


def units(problem: Problem) -> Float[np.ndarray, " C"]:
    """Root mean square of each coefficient's column."""
    unit = np.sqrt(np.asarray((problem.on.terms**2).mean(0)))
    return np.where(unit > 0.0, unit, 1.0)


def backward(problem: Problem, game: Game) -> Float[np.ndarray, " C"]:
    """Estimate the last move on the rows that reach it, then the one before; log sigma is 0."""
    movers = np.array([player for player, _ in game.slots()])
    b = np.zeros(len(movers))
    for move in reversed(range(len(game.players))):
        mine = movers == move
        if not mine.any():
            continue
        rest = jnp.asarray(b), jnp.asarray(mine), jnp.asarray(move), problem

        def cost(own: np.ndarray, rest: tuple = rest) -> tuple[float, np.ndarray]:
            value, gradient = _move_cost_and_gradient(jnp.asarray(own), *rest)
            return float(value), np.asarray(gradient)

        b = np.where(mine, _bfgs(cost, b, problem), b)
    return b


def climb(problem: Problem, start: str, b: Float[np.ndarray, " C"]) -> Attempt:
    """Climb from ``b`` by BFGS, and the last bit by Newton's method."""

    def cost(at: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = cost_and_gradient(jnp.asarray(at), problem)
        return float(value), np.asarray(gradient)

    b = _bfgs(cost, b, problem)
    value, gradient = cost(b)
    for _ in range(NEWTON_STEPS):
        covariance = inverse(np.asarray(curvature(jnp.asarray(b), problem)))
        residual = math.sqrt(gradient @ covariance @ gradient)
        if not residual > TOLERANCE:
            break
        tried = b - covariance @ gradient
        tried_value, tried_gradient = cost(tried)
        if not tried_value <= value + ROUNDING * abs(value):
            break
        b, value, gradient = tried, tried_value, tried_gradient
    return Attempt(start, -value, residual, b)


def _bfgs(cost: Cost, b: Float[np.ndarray, " C"], problem: Problem) -> Float[np.ndarray, " C"]:
    """Minimise with each coefficient in the unit of its column, whatever that is."""
    unit = units(problem)

    def scaled(at: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = cost(at / unit)
        return value, gradient / unit

    return minimize(scaled, b * unit, jac=True, method="BFGS", options={"gtol": 1e-4}).x / unit


def inverse(information: Float[np.ndarray, "C C"]) -> Float[np.ndarray, "C C"]:
    """Inverse of the information; NaN where it is not positive definite."""
    scale = np.sqrt(np.abs(np.diag(information)))
    if not (np.isfinite(information).all() and (scale > 0.0).all()):
        return np.full_like(information, np.nan)
    unit = information / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(unit)
    if values[0] < SINGULAR:
        return np.full_like(information, np.nan)
    return (vectors / values) @ vectors.T / np.outer(scale, scale)
