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

# Largest slope, as a share of rows, at which the climb may end.
FLAT = 1e-6


class MultinomialFit(eqx.Module):
    """``coefficients`` (K, J - 1) of outcomes 1 to J - 1 against outcome 0.

    ``log_likelihood`` without the penalty; ``slope``: largest derivative left, per row.
    """

    coefficients: Float[np.ndarray, "K J"]
    log_likelihood: float
    observations: int
    slope: float

    @property
    def converged(self) -> bool:
        """Whether the slope has all but vanished."""
        return self.slope <= FLAT


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
    """
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
    return MultinomialFit(b, value, len(x), float(np.abs(found.jac).max()))


def chances(model: MultinomialFit, x: Float[np.ndarray, "N K"]) -> Float[np.ndarray, "N L"]:
    """Return the probability of each outcome in each row."""
    return np.exp(_log_chances(model.coefficients, x))
