"""Multinomial logit with a ridge penalty: one of several outcomes, no order, no strategy.

    P(y_i = j) = exp(x_i'b_j) / sum_k exp(x_i'b_k),  b_0 = 0
    b maximises  log L(b) - 1/2 sum_jk penalty_k b_jk^2        (mcfadden1974conditional)

The penalty keeps estimates finite where a column separates the outcomes, and draws those of rare
outcomes to zero.  Do not trust it where outcomes are close substitutes (a new one takes from all
in proportion), nor for what happens if a player knew that another would act differently: for that
see ``strategic_choice``.
"""

from __future__ import annotations

import equinox as eqx
import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize
from scipy.special import logsumexp

from comity.core import require
from comity.core.errors import BadInput
from comity.models.statistics import separation

# Largest slope, as a share of rows, at which the climb may end.
FLAT = 1e-6
# Probability of what happened, in any row, from which on it is asked whether rows are separated:
# a climb that ends on a flat of separated rows leaves them less than a slope away from 1.
SURE = 0.999


class MultinomialFit(eqx.Module):
    """``coefficients`` (K, J - 1) of outcomes 1 to J - 1 against outcome 0.

    ``log_likelihood`` without the penalty; ``slope``: largest derivative left, per row;
    ``separated``: rows that columns without a penalty tell apart, whose weights run to infinity.
    """

    coefficients: Float[np.ndarray, "K J"]
    log_likelihood: float
    observations: int
    slope: float
    separated: int = 0

    @property
    def converged(self) -> bool:
        """Whether the slope has all but vanished, and not only because rows are separated."""
        return self.slope <= FLAT and not self.separated


def _log_chances(
    b: Float[np.ndarray, "K J"], x: Float[np.ndarray, "N K"]
) -> Float[np.ndarray, "N L"]:
    index = np.column_stack([np.zeros(len(x)), x @ b])
    return index - np.asarray(logsumexp(index, axis=1, keepdims=True))


def fit(
    x: Float[np.ndarray, "N K"],
    outcome: Int[np.ndarray, " N"],
    outcomes: int,
    penalty: Float[np.ndarray, " K"],
) -> MultinomialFit:
    """Fit by L-BFGS.

    Parameters
    ----------
    x
        Columns, a constant included where one is wanted; no missing values, of one scale.
    outcome
        0 to ``outcomes - 1``.
    outcomes
        How many there are, those never seen included.
    penalty
        Of each column's coefficients; 0 for none.

    Raises
    ------
    BadInput
        When there is no row, an outcome is not one of them, a figure is not finite or a penalty
        is negative.
    """
    if not len(outcome) or outcomes < 2:
        raise BadInput("nothing to tell apart", why="there is no row, or one outcome only")
    require.finite("a column", x)
    require.not_negative("a penalty", penalty)
    if outcome.min() < 0 or outcome.max() >= outcomes:
        raise BadInput(f"outcomes are numbered 0 to {outcomes - 1}")
    one = np.eye(outcomes)[outcome]
    shape = (x.shape[1], outcomes - 1)

    def cost(flat: Float[np.ndarray, " B"]) -> tuple[float, Float[np.ndarray, " B"]]:
        b = flat.reshape(shape)
        log_p = _log_chances(b, x)
        slope = x.T @ (one - np.exp(log_p))[:, 1:] - penalty[:, None] * b
        value = (one * log_p).sum() - 0.5 * (penalty[:, None] * b**2).sum()
        return -float(value) / len(x), -slope.ravel() / len(x)

    options = {"maxiter": 2000, "gtol": FLAT, "ftol": 0.0}
    found = minimize(cost, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=options)
    b = found.x.reshape(shape)
    value = float((one * _log_chances(b, x)).sum())
    told, sure = 0, np.exp((one * _log_chances(b, x)).sum(axis=1))
    unseen = len(np.unique(outcome)) < outcomes
    if (penalty == 0).any() and (unseen or (sure > SURE).any()):
        told = int(separation.multinomial(x[:, penalty == 0], outcome, outcomes).sum())
    return MultinomialFit(b, value, len(x), float(np.abs(found.jac).max()), told)


def chances(model: MultinomialFit, x: Float[np.ndarray, "N K"]) -> Float[np.ndarray, "N L"]:
    """Return the probability of each outcome in each row."""
    return np.exp(_log_chances(model.coefficients, x))
