"""Balancing and gravity: fill a trade matrix so that given totals are kept to the last digit.

``ras`` is biproportional fitting (the RAS of input-output accounting, Bacharach 1965,
``bacharach1965estimating``): the matrix nearest to a seed in relative entropy with given row and
column sums.  ``poisson_fit`` is the pseudo-maximum-likelihood gravity estimator of Santos Silva
and Tenreyro (2006, ``santossilva2006log``), used to fill cells nobody has reported.  Simplified:
no confidence intervals, no fixed effects (a state without trade data has none).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from comity.core.errors import ComityError


class Balanced(NamedTuple):
    """Result of ``ras``: the matrix, the largest relative miss of a total, the passes made."""

    matrix: Float[ndarray, "R C"]
    residual: float
    passes: int


def _scaled(target: Float[ndarray, " R"], total: Float[ndarray, " R"]) -> Float[ndarray, " R"]:
    """Return target / total, and 1 where both are zero."""
    return np.divide(target, total, out=np.ones_like(total), where=total > 0)


def ras(
    seed: Float[ndarray, "R C"],
    rows: Float[ndarray, " R"],
    columns: Float[ndarray, " C"],
    tolerance: float = 1e-12,
    passes: int = 20_000,
) -> Balanced:
    """Scale rows and columns of ``seed`` until they sum to ``rows`` and ``columns``.

    Parameters
    ----------
    seed
        Non-negative matrix; zeros stay zeros.
    rows, columns
        Non-negative totals with equal sums, in the unit of ``seed``.
    tolerance
        Largest relative miss of a total that counts as converged.
    passes
        Most passes over rows and columns.

    Raises
    ------
    ComityError
        When totals disagree, a positive total has an empty row or column, or it does not converge.
    """
    if (seed < 0).any() or (rows < 0).any() or (columns < 0).any():
        raise ComityError("RAS needs non-negative entries and totals")
    if not np.isclose(rows.sum(), columns.sum(), rtol=1e-9, atol=0):
        raise ComityError("RAS totals disagree", f"rows {rows.sum()}, columns {columns.sum()}")
    if ((rows > 0) & (seed.sum(1) == 0)).any() or ((columns > 0) & (seed.sum(0) == 0)).any():
        raise ComityError("RAS has a positive total over an empty row or column")
    matrix = seed.astype(float)
    columns = columns * (rows.sum() / columns.sum())
    residual = np.inf
    for number in range(1, passes + 1):
        matrix = matrix * _scaled(rows, matrix.sum(1))[:, None]
        matrix = matrix * _scaled(columns, matrix.sum(0))[None, :]
        residual = float(np.abs(_scaled(rows, matrix.sum(1)) - 1).max())
        if residual <= tolerance:
            return Balanced(matrix, residual, number)
    raise ComityError("RAS did not converge", f"residual {residual:.2e} after {passes} passes")


def poisson_fit(
    flows: Float[ndarray, " n"], regressors: Float[ndarray, "n k"], steps: int = 100
) -> Float[ndarray, " k"]:
    """Return the coefficients b of E[flow] = exp(regressors @ b), by weighted least squares.

    Parameters
    ----------
    flows
        Non-negative flows; zeros are data.
    regressors
        Columns with a constant among them; missing values are not allowed.
    steps
        Most Newton steps.

    Raises
    ------
    ComityError
        When the steps do not settle.

    Notes
    -----
    Santos Silva and Tenreyro (2006), equation 8 (``santossilva2006log``).
    """
    fitted = (flows + flows.mean()) / 2
    index = np.log(fitted)
    coefficients = np.full(regressors.shape[1], np.nan)
    for _ in range(steps):
        working = index + (flows - fitted) / fitted
        weighted = regressors * fitted[:, None]
        update = np.linalg.solve(regressors.T @ weighted, weighted.T @ working)
        moved = np.abs(update - coefficients).max()
        coefficients = update
        index = np.clip(regressors @ coefficients, -50.0, 50.0)
        fitted = np.exp(index)
        if moved < 1e-10:
            return coefficients
    raise ComityError("the gravity fit did not converge", f"last step {moved:.2e}")
