"""Finite games in normal form: best replies, pure equilibria, worst cases.

A game of P sides is one array: ``payoffs[i, a_1, ..., a_P]`` is what side i gets where each side k
plays its strategy a_k [osborne1994course, chapter 2].  Units are each side's own.  What counts as a
tie hangs on the side's own stakes, never on an absolute number: a best reply stays one when
payoffs are multiplied by 1e-9 or 1e9.  A payoff that is missing (NaN) is refused, never read as
nil.
Simplified: all sides know all payoffs, and move once.  Do not trust it for what sides will do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput

TIE = 1e-9  # of a side's largest stake; below it two payoffs are alike
ROUNDING = 256 * np.finfo(float).eps  # of the largest payoff; below it a difference is rounding
NAMED = 5  # cells that a message names one by one


def sizes(payoffs: Float[np.ndarray, "P *S"]) -> tuple[int, ...]:
    """How many strategies each side has, after a look at the array.

    Raises
    ------
    BadInput
        A shape that is no game, or payoffs that are missing or not finite, with their cells.
    """
    strategies = payoffs.shape[1:]
    if len(strategies) < 2 or payoffs.shape[0] != len(strategies) or 0 in strategies:
        raise BadInput(
            f"payoffs of shape {payoffs.shape} are no game",
            "the first axis is the side, and each side has an axis of its strategies",
            "a game of two sides with three and four strategies has the shape (2, 3, 4)",
        )
    bad = np.argwhere(~np.isfinite(payoffs)).tolist()
    if bad:
        named = ", ".join(str(tuple(cell)) for cell in bad[:NAMED])
        more = ", ..." if len(bad) > NAMED else ""
        raise BadInput(
            f"payoffs are missing or not finite at {named}{more} (side, then strategies)",
            "a cell that failed has no payoff; it is not nil",
            "leave out the strategy, or the draw in which it failed",
        )
    return strategies


def ties(payoffs: Float[np.ndarray, "P *S"]) -> Float[np.ndarray, " P"]:
    """Difference up to which two payoffs of a side are alike, in its unit; raises as `sizes`."""
    sizes(payoffs)
    flat = payoffs.reshape(payoffs.shape[0], -1)
    return TIE * (flat.max(axis=1) - flat.min(axis=1)) + ROUNDING * np.abs(flat).max(axis=1)


def shortfall(payoffs: Float[np.ndarray, "P *S"]) -> Float[np.ndarray, "P *S"]:
    """What each side falls short of its best reply to the others, as a share of its largest stake.

    From 0, a best reply, to 1.  All that replies hang on, without unit and level; a side whose own
    strategies make no difference has nothing but zeros.

    Raises
    ------
    BadInput
        As `sizes`.
    """
    sizes(payoffs)
    short = np.empty_like(payoffs)
    for side, own in enumerate(payoffs):
        short[side] = own.max(axis=side, keepdims=True) - own
        stake = short[side].max()
        # Rounding of large payoffs that are alike is no stake.
        if stake <= ROUNDING * np.abs(own).max():
            short[side] = 0.0
        else:
            short[side] /= stake
    return np.where(short <= TIE, 0.0, short)


def best_replies(payoffs: Float[np.ndarray, "P *S"]) -> Bool[np.ndarray, "P *S"]:
    """Whether a side's strategy is a best reply to those of the others, ties included.

    Raises
    ------
    BadInput
        As `sizes`.
    """
    return np.asarray(shortfall(payoffs) == 0.0)


def pure_equilibria(payoffs: Float[np.ndarray, "P *S"]) -> list[tuple[int, ...]]:
    """Profiles in which every side plays a best reply, in order; raises as `sizes`."""
    return [tuple(cell) for cell in np.argwhere(best_replies(payoffs).all(axis=0)).tolist()]


@dataclass(frozen=True)
class WorstCase:
    """The least that each strategy of a side leaves it with, and where.

    ``worst``: by strategy, in the side's unit.  ``at``: by strategy, profiles in which it comes to
    that.  ``survives``: strategies whose worst case none beats (maximin).
    """

    worst: Float[np.ndarray, " S"]
    at: tuple[tuple[tuple[int, ...], ...], ...]
    survives: tuple[int, ...]


def worst_cases(payoffs: Float[np.ndarray, "P *S"]) -> tuple[WorstCase, ...]:
    """What each strategy of each side still brings whatever the others do [wald1945statistical].

    Raises
    ------
    BadInput
        As `sizes`.
    """
    strategies, alike = sizes(payoffs), ties(payoffs)
    found = []
    for side, own in enumerate(payoffs):
        rows = np.moveaxis(own, side, 0).reshape(strategies[side], -1)
        worst = rows.min(axis=1)
        near = own <= worst.reshape([-1 if k == side else 1 for k in range(own.ndim)]) + alike[side]
        cells = [tuple(cell) for cell in np.argwhere(near).tolist()]
        at = tuple(
            tuple(cell for cell in cells if cell[side] == place)
            for place in range(strategies[side])
        )
        best = np.flatnonzero(worst >= worst.max() - alike[side])
        found.append(WorstCase(worst, at, tuple(best.tolist())))
    return tuple(found)


def expected(
    payoffs: Float[np.ndarray, "P *S"], side: int, mixtures: tuple[np.ndarray, ...]
) -> Float[np.ndarray, " S"]:
    """What each strategy of a side brings on average where the others mix independently.

    ``mixtures``: one of each side; the side's own is not used.
    """
    found = payoffs[side]
    for other in reversed(range(len(mixtures))):
        if other != side:
            found = np.tensordot(found, mixtures[other], axes=(other, 0))
    return np.asarray(found)
