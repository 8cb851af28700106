"""Separation: rows that some combination of columns tells apart, so that no finite estimate exists.

A Poisson estimate is finite unless some g has x_i'g = 0 on all rows with y > 0 and x_i'g >= 0, not
all nil, on those with y = 0: the likelihood then rises without end along -g, fitting these rows
ever better (correia2019verifying, propositions 1 and 2).  A logit's is finite unless x_i'g >= 0
where y = 1 and <= 0 where y = 0, not all nil (albert1984existence).  Both are questions whether a
cone holds more than its edge, put here as a linear programme and answered exactly:

    maximise sum_i s_i,   s_i = (signed) x_i'g in [0, 1],   x_i'g = 0 where y > 0

Rows with s_i > 0 are separated; in a Poisson they are left out without any effect on the other
coefficients, after which columns may be collinear that were not (correia2019verifying).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from scipy import sparse
from scipy.optimize import linprog

from comity.core.errors import ComityError

# A sparse array.  The type stubs do not know that it has a shape.
Sparse = Any
Columns = Float[np.ndarray, "N K"] | Sparse
# A direction that moves a row by less than this share of the largest move is rounding.
NIL = 1e-6


def poisson(x: Columns, y: Float[np.ndarray, " N"]) -> Bool[np.ndarray, " N"]:
    """Return the rows with y = 0 that a Poisson regression fits with a mean of zero.

    Parameters
    ----------
    x
        Columns, dense or sparse, dummies of fixed effects among them.
    y
        Counts or flows, 0 or more.
    """
    nil = y == 0
    out = np.zeros(len(y), dtype=bool)
    if not nil.any() or x.shape[1] == 0:
        return out
    scaled = _scaled(x)
    out[nil] = _moved(scaled[nil], scaled[~nil] if (~nil).any() else None)
    return out


def binary(x: Columns, y: Float[np.ndarray, " N"]) -> Bool[np.ndarray, " N"]:
    """Return the rows that a logit or probit fits with a probability of 0 or 1.

    Parameters
    ----------
    x
        Columns, dense or sparse, a constant included where there is one.
    y
        Outcomes, 0 or 1.
    """
    if len(y) == 0 or x.shape[1] == 0:
        return np.zeros(len(y), dtype=bool)
    scaled = _scaled(x)
    return _moved(sparse.csr_array(sparse.diags_array(np.where(y > 0, 1.0, -1.0)) @ scaled), None)


def multinomial(x: Columns, outcome: np.ndarray, outcomes: int) -> Bool[np.ndarray, " N"]:
    """Return the rows for which a multinomial logit rules some other outcome out.

    Parameters
    ----------
    x
        Columns, dense or sparse.
    outcome
        0 to ``outcomes - 1``.  One that is never seen is fitted with nil wherever columns let it.
    """
    found = np.zeros(len(outcome), dtype=bool)
    if outcomes < 2 or len(outcome) == 0 or x.shape[1] == 0:
        return found
    scaled = _scaled(x)
    blocks, rows = [], []
    for own in np.unique(outcome):
        mine = np.flatnonzero(outcome == own)
        for other in (k for k in range(outcomes) if k != own):
            # x'(b_own - b_other) >= 0, outcome 0's b nil.
            sign = np.zeros((1, outcomes))
            sign[0, own], sign[0, other] = 1.0, -1.0
            blocks.append(sparse.kron(sparse.csr_array(sign[:, 1:]), scaled[mine], format="csr"))
            rows.append(mine)
    moved = _moved(sparse.csr_array(sparse.vstack(blocks)), None)
    found[np.concatenate(rows)[moved]] = True
    return found


def dummies(label: np.ndarray) -> Sparse:
    """Return a column for each value of a label, 1 where it is; values in sorted order."""
    values, slot = np.unique(label, return_inverse=True)
    shape = (len(label), len(values))
    return sparse.csr_array((np.ones(len(label)), (np.arange(len(label)), slot)), shape=shape)


def _scaled(x: Columns) -> Sparse:
    """The columns in units of their largest figure: separation does not depend on units."""
    columns = sparse.csr_array(x)
    most = np.asarray(abs(columns).max(axis=0).todense()).ravel()
    return sparse.csr_array(columns @ sparse.diags_array(1.0 / np.where(most > 0, most, 1.0)))


def _moved(free: Sparse, fixed: Sparse | None) -> Bool[np.ndarray, " F"]:
    """Rows of ``free`` that a direction moves up, none down, while it moves none of ``fixed``."""
    found = np.zeros(free.shape[0], dtype=bool)
    while True:
        # What is known to be moved is let go, so that what is moved far less shows too.
        left = np.flatnonzero(~found)
        if not len(left):
            return found
        moved = left[_once(free[left], fixed, free[found])]
        if not len(moved):
            return found
        found[moved] = True


def _once(free: Sparse, fixed: Sparse | None, gone: Sparse) -> Bool[np.ndarray, " F"]:
    limits = sparse.vstack([-free, free, -gone], format="csr")
    most = np.concatenate(
        [np.zeros(free.shape[0]), np.ones(free.shape[0]), np.zeros(gone.shape[0])]
    )
    answer = linprog(
        -np.asarray(free.sum(axis=0)).ravel(),
        A_ub=limits,
        b_ub=most,
        A_eq=fixed,
        b_eq=None if fixed is None else np.zeros(fixed.shape[0]),
        bounds=(None, None),
        method="highs",
    )
    if answer.x is None:
        raise ComityError(
            "whether the data are separated could not be decided", why=str(answer.message)
        )
    return free @ answer.x > NIL
