"""Who pays for what all allies have: the economic theory of alliances, Olson and Zeckhauser (1966).

Deterrence that one ally provides serves the others too.  Each takes what others give as given and
adds what it still wants: a share a_i of its income I_i and of the part k of others' effort that
reaches it, so that C_i = max(0, a_i I_i - (1 - a_i) k sum of others' C_j) [olson1966economic; for
tastes of this form bergstrom1986private].  Then all together spend less than they would agree on,
and where tastes are alike larger allies give larger shares.  A pact under which each pays for what
the good is worth to it at the margin (Lindahl) has neither fault: each gives a_i I_i.
Simplified: one good, no private ends, no threat that answers, no pressure between allies.
Do not trust it for what an ally will spend: reactions found in data range from less to more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import stdtr

from comity.core.errors import BadInput


@dataclass(frozen=True)
class Rank:
    """Rank correlation of burden and size, the chance of more by luck (one-sided), and how many."""

    correlation: float
    chance: float
    allies: int


def exploitation(share: Float[np.ndarray, " N"], income: Float[np.ndarray, " N"]) -> Rank:
    """Rank correlation (Spearman) of share and income: positive where larger allies bear more.

    Parameters
    ----------
    share
        Defence in income; allies with a missing (NaN) figure are left out.
    income
        Any unit, above nil.

    Raises
    ------
    BadInput
        When a figure is out of range, shapes differ, fewer than four allies have both, or all have
        the same.
    """
    if share.shape != income.shape or share.ndim != 1:
        raise BadInput("one share and one income for each ally are needed")
    known = ~(np.isnan(share) | np.isnan(income))
    if (share[known] < 0).any() or (income[known] <= 0).any() or np.isinf([share, income]).any():
        raise BadInput("a share is below nil, or an income not above")
    if known.sum() < 4 or np.ptp(share[known]) == 0 or np.ptp(income[known]) == 0:
        raise BadInput("four or more allies who differ are needed to rank them")
    count = int(known.sum())
    correlation = float(np.corrcoef(_ranks(share[known]), _ranks(income[known]))[0, 1])
    # Student's t with n - 2 degrees of freedom, rather than all orders of n.
    left = max(0.0, 1 - correlation**2)
    t = correlation * np.sqrt((count - 2) / left) if left > 0 else np.copysign(np.inf, correlation)
    return Rank(correlation, float(stdtr(count - 2, -t)), count)


def best_reply(
    income: Float[np.ndarray, " N"],
    taste: Float[np.ndarray, " N"],
    effort: Float[np.ndarray, " N"],
    spill: float,
) -> Float[np.ndarray, " N"]:
    """What each would spend, given what the others do; the unit of income.

    Parameters
    ----------
    income
        Above nil, any unit.
    taste
        a_i, the share of all it has that an ally wants in defence, above 0 and below 1.
    effort
        Spending C_j of each, not below nil, the unit of income.
    spill
        k, from 0 (defence is a private good) to 1 (a pure public one).

    Raises
    ------
    BadInput
        When an argument is out of range or shapes differ.
    """
    _look(income, taste, spill)
    if effort.shape != income.shape or not (np.isfinite(effort) & (effort >= 0)).all():
        raise BadInput("an effort is missing or below nil")
    others = effort.sum() - effort
    return np.maximum(0.0, taste * income - (1 - taste) * spill * others)


def separate(
    income: Float[np.ndarray, " N"], taste: Float[np.ndarray, " N"], spill: float
) -> Float[np.ndarray, " N"]:
    """Spending in which each answers the others best; there is just one such set of figures.

    Arguments and errors as `best_reply`.  With C the sum of all, C_i (1 - (1 - a_i) k) is
    max(0, a_i I_i - (1 - a_i) k C), which falls in C: the one C that these add to is sought among
    the allies sorted by the C at which each stops paying.
    """
    _look(income, taste, spill)
    free = (1 - taste) * spill
    own = 1 - free
    stops = np.divide(taste * income, free, out=np.full_like(income, np.inf), where=free > 0)
    order = np.argsort(-stops, kind="stable")
    wanted = np.cumsum((taste * income / own)[order])
    given_up = np.cumsum((free / own)[order])
    total = wanted / (1 + given_up)
    # Of those who pay, the last still pays at the total that they reach: the largest such group.
    last = int(np.flatnonzero(total <= stops[order])[-1])
    return np.maximum(0.0, (taste * income - free * total[last]) / own)


def joint(
    income: Float[np.ndarray, " N"], taste: Float[np.ndarray, " N"]
) -> Float[np.ndarray, " N"]:
    """Spending on a pure public good if each pays its marginal worth; as `best_reply`.

    Nobody could be better off without somebody worse off.  Not everybody need gain on `separate`.
    """
    _look(income, taste, 1.0)
    return np.asarray(taste * income)


def gain(
    income: Float[np.ndarray, " N"],
    taste: Float[np.ndarray, " N"],
    before: Float[np.ndarray, " N"],
    after: Float[np.ndarray, " N"],
) -> Float[np.ndarray, " N"]:
    """What each gains from one set of efforts to another: as if all it has had grown so much (log).

    The pure public good: utility is (1 - a) log(I - C_i) + a log(sum of C).

    Raises
    ------
    BadInput
        When an argument is out of range, shapes differ, or an effort leaves nothing else.
    """
    _look(income, taste, 1.0)
    for effort in (before, after):
        if effort.shape != income.shape or not ((effort >= 0) & (effort < income)).all():
            raise BadInput("an effort is missing, below nil or all of an income")
        if effort.sum() == 0:
            raise BadInput("nobody gives anything")
    left = np.log((income - after) / (income - before))
    return (1 - taste) * left + taste * np.log(after.sum() / before.sum())


def _ranks(values: Float[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    """Ranks from 1; those alike share the mean of theirs."""
    _, place, alike = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(alike) - (alike - 1) / 2)[place]


def _look(income: Float[np.ndarray, " N"], taste: Float[np.ndarray, " N"], spill: float) -> None:
    if income.ndim != 1 or income.size == 0 or taste.shape != income.shape:
        raise BadInput("one income and one taste for each ally are needed")
    if not (np.isfinite(income) & (income > 0)).all():
        raise BadInput("an income is not a number above nil")
    if not ((taste > 0) & (taste < 1)).all():
        raise BadInput("a taste is not above 0 and below 1")
    if not 0 <= spill <= 1:
        raise BadInput("a spill is not from 0 to 1")
