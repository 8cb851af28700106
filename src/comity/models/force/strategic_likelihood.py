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
from scipy.special import expit, log_ndtr

from comity.models.force.strategic_game import CONSTANT, Design, Game, log_chance, play, utilities

# Newton decrement, in standard errors, below which a point counts as a maximum.
TOLERANCE = 1e-6
# Penalty of the starting values only, per mean square of a column.
RIDGE = 1e-3
NEWTON_STEPS = 20
# Smallest eigenvalue, in units of the diagonal, of an information that can be inverted.
SINGULAR = 1e-12
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
SCORING_STEPS = 100
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
    return _done(index, problem.chosen, problem.link).sum(0)


def _done(index: Float[Array, "N K"], outcome: Int[Array, " N"], link: str) -> Float[Array, "N K"]:
    """Log probability of what was done at each move; zero where the game had ended before."""
    move = jnp.arange(index.shape[1])
    chosen = outcome[:, None]
    done = log_chance(jnp.where(chosen > move, index, -index), link)
    return jnp.where(chosen >= move, done, 0.0)


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


@eqx.filter_jit
def scores(b: Float[Array, " C"], problem: Problem) -> Float[Array, "N C"]:
    """Return the derivative of each row's log probability of the outcome reached."""
    on = problem.on
    slope = jax.vmap(jax.grad(_row), in_axes=(0, 0, None))(_seen(b, on), problem.chosen, problem)
    place = jnp.concatenate([on.place.reshape(len(b), -1), on.in_scale[:, None]], axis=1)
    return on.terms * (slope @ place.T)


def curvature(b: Float[Array, " C"], problem: Problem) -> Float[np.ndarray, "C C"]:
    """Return the exact Hessian of the cost.

    By way of each row's second derivatives by the utilities, few whatever the coefficients.
    """
    by_row = np.asarray(_row_curvature(b, problem))
    on = problem.on
    place = np.concatenate([on.place.reshape(len(b), -1), on.in_scale[:, None]], axis=1)
    where, terms = place.argmax(axis=1), np.asarray(on.terms)
    found = np.zeros((len(b), len(b)))
    for m in np.unique(where):
        mine = where == m
        for n in np.unique(where):
            theirs = where == n
            weighted = terms[:, theirs] * by_row[:, m, n][:, None]
            found[np.ix_(mine, theirs)] = -terms[:, mine].T @ weighted
    return found - np.asarray(_prior_curvature(b, problem))


_prior_curvature = eqx.filter_jit(jax.hessian(_log_prior))


def _seen(b: Float[Array, " C"], on: Design) -> Float[Array, "N M"]:
    """Every utility and log sigma of each row, in one line."""
    value, scale = utilities(b, on)
    return jnp.concatenate([value.reshape(len(value), -1), jnp.log(scale)[:, None]], axis=1)


def _row(seen: Float[Array, " M"], chosen: Int[Array, ""], problem: Problem) -> Float[Array, ""]:
    """Log probability of the outcome reached in one row."""
    players, outcomes = problem.on.fixed.shape
    utility = seen[:-1].reshape(1, players, outcomes)
    index = play(utility, jnp.exp(seen[-1:]), problem.link, problem.errors).index
    return _done(index, chosen[None], problem.link).sum()


@eqx.filter_jit
def _row_curvature(b: Float[Array, " C"], problem: Problem) -> Float[Array, "N M M"]:
    by_row = jax.vmap(jax.hessian(_row), in_axes=(0, 0, None))
    return by_row(_seen(b, problem.on), problem.chosen, problem)


def units(problem: Problem) -> Float[np.ndarray, " C"]:
    """Root mean square of each coefficient's column."""
    unit = np.sqrt(np.asarray((problem.on.terms**2).mean(0)))
    return np.where(unit > 0.0, unit, 1.0)


def backward(problem: Problem, game: Game) -> Float[np.ndarray, " C"]:
    """Estimate the last move on the rows that reach it, then the one before; log sigma is 0.

    Given what comes later a move is a choice of two, linear in its own coefficients.
    """
    slots = game.slots()
    movers, ends = (np.array([slot[i] for slot in slots]) for i in (0, 1))
    terms, chosen, fixed = (np.asarray(a) for a in (problem.on.terms, problem.chosen, game.fixed()))
    ridge = 2.0 * RIDGE * (terms**2).mean(axis=0)
    b = np.zeros(len(slots))
    for move in reversed(range(len(game.players))):
        mine = movers == move
        if not mine.any():
            continue
        here = chosen >= move
        weight = worth(jnp.asarray(b), problem, move)[here]
        x = terms[here][:, mine] * weight[:, ends[mine]]
        b[mine] = _two_ways(x, chosen[here] > move, weight @ fixed[move], ridge[mine], problem.link)
    return b


def worth(b: Float[Array, " C"], problem: Problem, move: int) -> Float[np.ndarray, "N J"]:
    """Return what each utility of a mover adds to the argument of F at its move."""
    index = np.asarray(play(*utilities(b, problem.on), problem.link, problem.errors).index)
    goes = np.exp(np.asarray(log_chance(jnp.asarray(index), problem.link)))
    found = np.zeros((len(index), index.shape[1] + 1))
    ahead = np.ones(len(index))
    for later in range(move + 1, index.shape[1]):
        found[:, later] = ahead * (1.0 - goes[:, later])
        ahead = ahead * goes[:, later]
    found[:, -1] = ahead
    spread = np.sqrt(2.0) if problem.link == "probit" else 1.0
    if problem.errors == "private":
        spread = np.sqrt(1.0 + (found**2).sum(axis=1, keepdims=True))
    found[:, move] = -1.0
    return found / spread


def _two_ways(
    x: Float[np.ndarray, "N C"],
    goes: Bool[np.ndarray, " N"],
    offset: Float[np.ndarray, " N"],
    ridge: Float[np.ndarray, " C"],
    link: str,
) -> Float[np.ndarray, " C"]:
    """Estimate a choice of two by Fisher scoring; a faint ridge keeps it from running away."""
    sign = np.where(goes, 1.0, -1.0)

    def cost(b: Float[np.ndarray, " C"]) -> float:
        done = log_chance(jnp.asarray(sign * (x @ b + offset)), link)
        return 0.5 * float(ridge @ b**2) - float(done.sum())

    b = np.zeros(x.shape[1])
    value = cost(b)
    for _ in range(SCORING_STEPS):
        index = x @ b + offset
        slope, weight = _slopes(index, sign, link)
        gradient = x.T @ slope - ridge * b
        information = x.T @ (x * weight[:, None]) + np.diag(ridge)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        if gradient @ step <= TOLERANCE:
            break
        for half in range(30):
            tried = cost(b + step / 2.0**half)
            if tried <= value:
                b, value = b + step / 2.0**half, tried
                break
        else:
            break
    return b


def _slopes(
    index: Float[np.ndarray, " N"], sign: Float[np.ndarray, " N"], link: str
) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
    """Derivative of the log probability of what was done, and the expected information."""
    if link == "logit":
        p = expit(index)
        return np.where(sign > 0, 1.0 - p, -p), p * (1.0 - p)
    density = -0.5 * index**2 - HALF_LOG_TWO_PI
    up, down = log_ndtr(index), log_ndtr(-index)
    slope = sign * np.exp(density - np.where(sign > 0, up, down))
    return slope, np.exp(2.0 * density - up - down)


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
