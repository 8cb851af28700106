"""Logit by maximum likelihood, plain or with a ridge penalty, with standard errors.

    P(y_i = 1) = 1 / (1 + exp(-x_i'b)),   b maximises log L(b) - 1/2 sum_k penalty_k b_k^2

Newton's method, which for the logit is iteratively reweighted least squares (McCullagh and
Nelder 1989, ch. 2.5).  Covariance: inverse information, or clustered by groups (Liang and Zeger
1986) with the factor G / (G - 1).
Where columns separate the outcomes and no penalty holds them, the estimate runs to infinity and
standard errors mean nothing: ``converged`` is false and ``separated`` counts the rows
(`comity.models.statistics.separation`).
"""

from __future__ import annotations

import equinox as eqx
import numpy as np
from jaxtyping import Float, Shaped
from scipy.special import expit

from comity.core import require
from comity.core.errors import BadInput
from comity.models.statistics import separation

# Log-odds of one in ten million million, from which on it is asked whether rows are separated.
SEPARATED = 30.0


class LogitFit(eqx.Module):
    """A fitted logit.

    ``coefficients`` (K,), ``covariance`` (K, K) from the inverse (penalised) information,
    ``log_likelihood`` without the penalty.  ``residual``: how far the optimum still is, in
    standard errors (the Newton decrement), whatever the units of the columns.  ``converged``:
    the residual is at most the tolerance, the information can be inverted, and without a penalty
    no row is separated.  ``separated``: rows that columns without a penalty tell apart.
    """

    coefficients: Float[np.ndarray, " K"]
    covariance: Float[np.ndarray, "K K"]
    log_likelihood: float
    observations: int
    iterations: int
    residual: float
    converged: bool
    separated: int = 0

    @property
    def standard_errors(self) -> Float[np.ndarray, " K"]:
        """Square roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))


def log_likelihood(
    coefficients: Float[np.ndarray, " K"],
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
) -> float:
    """Return the sum over rows of the log probability of what was observed."""
    index = x @ coefficients
    return float(y @ index - np.logaddexp(0.0, index).sum())


def fit(
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    penalty: Float[np.ndarray, " K"] | None = None,
    tolerance: float = 1e-8,
    most: int = 50,
) -> LogitFit:
    """Fit a logit.

    Parameters
    ----------
    x
        Columns of the model, a constant included where one is wanted; no missing values.
    y
        Outcomes, 0 or 1.
    penalty
        Ridge penalty of each coefficient (0 = none); none at all when ``None``.
    tolerance
        Residual, in standard errors, at which Newton's steps end.
    most
        Newton steps at most.

    Returns
    -------
    LogitFit
        With ``converged`` false where the steps ran out, columns are collinear or outcomes
        are separated.

    Raises
    ------
    BadInput
        When there is no row, an outcome is not 0 or 1, a figure is not finite or a penalty is
        negative.
    """
    _check(x, y, penalty)
    ridge = np.zeros(x.shape[1]) if penalty is None else penalty
    b = np.zeros(x.shape[1])
    target = log_likelihood(b, x, y)
    residual, steps = np.inf, 0
    while True:
        p = expit(x @ b)
        gradient = x.T @ (y - p) - ridge * b
        information = _information(x, p, ridge)
        if not _regular(information):
            residual = np.inf
            break
        move = np.linalg.solve(information, gradient)
        residual = float(np.sqrt(max(gradient @ move, 0.0)))
        if residual <= tolerance or steps == most:
            break
        b, target = _step(b, target, move, x, y, ridge)
        steps += 1
    covariance = np.linalg.pinv(information, hermitian=True)
    far = not np.isfinite(x @ b).all() or float(np.abs(x @ b).max()) > SEPARATED
    told = 0
    if far or not residual <= tolerance:
        told = int(separation.binary(x[:, ridge == 0], y).sum())
    ok = residual <= tolerance and not told
    return LogitFit(b, covariance, log_likelihood(b, x, y), len(y), steps, residual, ok, told)


def _check(
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    penalty: Float[np.ndarray, " K"] | None,
) -> None:
    if not len(y):
        raise BadInput("no row to estimate from")
    require.finite("a column", x)
    require.events("the outcome", y)
    if penalty is not None:
        require.not_negative("a penalty", penalty)


def clustered(
    model: LogitFit,
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    groups: Shaped[np.ndarray, " N"],
) -> Float[np.ndarray, "K K"]:
    """Return the covariance of the coefficients when rows of one group are dependent.

    Parameters
    ----------
    model
        The fit of ``y`` on ``x``.
    x, y
        The rows it was fitted on.
    groups
        The group of each row, of any type that can be sorted; two groups at least.

    Returns
    -------
    numpy.ndarray
        (K, K): A^-1 (sum over groups of s_g s_g') A^-1 G / (G - 1), with s_g the score of a
        group and A the information (liang1986longitudinal).

    Raises
    ------
    BadInput
        When there is one group only.
    """
    _, slot = np.unique(groups, return_inverse=True)
    count = int(slot.max()) + 1
    if count < 2:
        raise BadInput("one group only", why="nothing to compare it with")
    score = np.zeros((count, x.shape[1]))
    np.add.at(score, slot, x * (y - expit(x @ model.coefficients))[:, None])
    return model.covariance @ (score.T @ score) @ model.covariance * count / (count - 1)


def _information(
    x: Float[np.ndarray, "N K"], p: Float[np.ndarray, " N"], ridge: Float[np.ndarray, " K"]
) -> Float[np.ndarray, "K K"]:
    return x.T @ (x * (p * (1.0 - p))[:, None]) + np.diag(ridge)


def _regular(information: Float[np.ndarray, "K K"]) -> bool:
    """Whether the information can be inverted, judged after bringing columns to one scale."""
    scale = np.sqrt(np.diag(information))
    if not (np.isfinite(scale).all() and (scale > 0).all()):
        return False
    return bool(np.linalg.cond(information / np.outer(scale, scale)) < 1e13)


def _step(
    b: Float[np.ndarray, " K"],
    target: float,
    move: Float[np.ndarray, " K"],
    x: Float[np.ndarray, "N K"],
    y: Float[np.ndarray, " N"],
    ridge: Float[np.ndarray, " K"],
) -> tuple[Float[np.ndarray, " K"], float]:
    """Take a Newton step, halved until the penalised likelihood does not fall."""
    for half in range(30):
        tried = b + move / 2.0**half
        value = log_likelihood(tried, x, y) - 0.5 * float(ridge @ tried**2)
        if value >= target - 1e-12 * abs(target):
            return tried, value
    return b, target
