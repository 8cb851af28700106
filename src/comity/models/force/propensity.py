"""Propensities of pairs to stand together, put together from what may bind or divide them.

Axelrod and Bennett (1993, note 28) add five parts with equal weights: conflict of ethnic groups, a
border in dispute and a recent war count -1 each; faiths +1 within a category and -1 across major
ones, by the share of each in both populations; governments +1 where of one kind, -1 where not.
They had to leave trade out for want of data (note 27); here it is the weaker side's dependence, as
in work on trade and disputes [oneal1999kantian].  Weights are the caller's.
Do not trust equal weights: what comes out for 1936 hangs on them.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from comity.core.errors import BadInput


def propensity(
    parts: Float[np.ndarray, "K N N"], weights: Float[np.ndarray, " K"]
) -> Float[np.ndarray, "N N"]:
    """Weighted sum of parts; a pair for which a part is missing has no propensity (NaN).

    Raises
    ------
    BadInput
        When there is not one weight, a number, for each part.
    """
    if parts.ndim != 3 or weights.shape != parts.shape[:1] or not np.isfinite(weights).all():
        raise BadInput(
            f"parts of shape {parts.shape} and weights of shape {weights.shape}",
            fix="give one number for each part",
        )
    found = np.tensordot(weights, parts, axes=1)
    np.fill_diagonal(found, 0.0)
    return found


def against(pairs: Bool[np.ndarray, "N N"]) -> Float[np.ndarray, "N N"]:
    """-1 for pairs with a rivalry, a border in dispute, a war: those marked either way."""
    return -(pairs | pairs.T).astype(float)


def alike(kind: Int[np.ndarray, " N"]) -> Float[np.ndarray, "N N"]:
    """+1 for pairs of one kind, -1 for others, nil where one is of none (a negative number)."""
    same = np.where(kind[:, None] == kind, 1.0, -1.0)
    known = kind >= 0
    return np.where(known[:, None] & known, same, 0.0)


def faiths(
    share: Float[np.ndarray, "N C"], major: Int[np.ndarray, " C"]
) -> Float[np.ndarray, "N N"]:
    """+1 for two people of one faith, -1 across major faiths, on average over both populations.

    Parameters
    ----------
    share
        Of each faith in each population, fractions.
    major
        The major faith that each belongs to, as a number; two faiths of one count nil.

    Raises
    ------
    BadInput
        When a share is missing or not between nil and one.
    """
    if not ((share >= 0) & (share <= 1)).all():
        raise BadInput("a share of a faith is missing or not from 0 to 1", fix="give fractions")
    across = -(major[:, None] != major).astype(float)
    return share @ (across + np.eye(len(major))) @ share.T


def dependence(
    sales: Float[np.ndarray, "N N"], income: Float[np.ndarray, " N"]
) -> Float[np.ndarray, "N N"]:
    """Trade both ways over income, of the one of each pair that depends less; a fraction.

    Parameters
    ----------
    sales
        Of the row's state to the column's; what is missing (NaN) stays missing. The diagonal is
        left out.
    income
        In the unit of sales.

    Raises
    ------
    BadInput
        When a sale is negative, or an income missing or not above nil.
    """
    if (sales < 0).any() or not (np.isfinite(income) & (income > 0)).all():
        raise BadInput(
            "a sale is negative, or an income is not a number above nil",
            fix="leave that state out",
        )
    both = sales + sales.T
    share = both / income[:, None]
    found = np.minimum(share, share.T)
    np.fill_diagonal(found, 0.0)
    return found
