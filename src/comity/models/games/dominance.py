"""Strategies that another one, or a mixture of others, beats whatever the others do.

Strictly: by more than a tie against every reply.  What is dominated strictly is taken away again
and again; the order makes no difference, and no equilibrium is lost [osborne1994course, section
4.2].  Weakly: never worse, better against some reply.  That is told of the whole game and never
repeated, since there the order does make a difference.  Mixtures come from a linear programme and
count only after the inequality has been checked for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from comity.models.games.normal_form import TIE, shortfall, sizes


@dataclass(frozen=True)
class Dominated:
    """A strategy, the round in which it falls (1 = at once), and what mixture dominates it."""

    side: int
    strategy: int
    round: int
    by: Float[np.ndarray, " S"]


@dataclass(frozen=True)
class Elimination:
    """What iterated strict dominance takes away, and the strategies of each side that are left."""

    gone: tuple[Dominated, ...]
    kept: tuple[tuple[int, ...], ...]


def eliminated(payoffs: Float[np.ndarray, "P *S"]) -> Elimination:
    """Iterated elimination of strictly dominated strategies.

    Raises
    ------
    BadInput
        As `comity.models.games.normal_form.sizes`.
    """
    kept = [list(range(size)) for size in sizes(payoffs)]
    gone: list[Dominated] = []
    count = 0
    while True:
        count += 1
        short = shortfall(left(payoffs, kept))
        falls = []
        for side, own in enumerate(kept):
            for place, strategy in enumerate(own):
                mixture = _dominating(_rows(short, side), place, strict=True)
                if mixture is not None:
                    by = np.zeros(payoffs.shape[1 + side])
                    by[own] = mixture
                    falls.append(Dominated(side, strategy, count, by))
        if not falls:
            return Elimination(tuple(gone), tuple(map(tuple, kept)))
        gone += falls
        for fallen in falls:
            kept[fallen.side].remove(fallen.strategy)


def weakly_dominated(payoffs: Float[np.ndarray, "P *S"]) -> tuple[Dominated, ...]:
    """Strategies of the whole game that are dominated weakly (or strictly); raises as `sizes`."""
    short = shortfall(payoffs)
    found = []
    for side in range(len(payoffs)):
        rows = _rows(short, side)
        for strategy in range(len(rows)):
            mixture = _dominating(rows, strategy, strict=False)
            if mixture is not None:
                found.append(Dominated(side, strategy, 1, mixture))
    return tuple(found)


def left(
    payoffs: Float[np.ndarray, "P *S"], kept: list[list[int]] | tuple[tuple[int, ...], ...]
) -> Float[np.ndarray, "P *R"]:
    """The game of the strategies that are kept."""
    return np.asarray(payoffs[np.ix_(range(len(payoffs)), *kept)])


def _rows(short: Float[np.ndarray, "P *S"], side: int) -> Float[np.ndarray, "S O"]:
    """What a side's strategies bring (rows) against each profile of the others, at most 0."""
    return -np.moveaxis(short[side], side, 0).reshape(short.shape[1 + side], -1)


def _dominating(
    rows: Float[np.ndarray, "S O"], strategy: int, strict: bool
) -> Float[np.ndarray, " S"] | None:
    """A mixture of the others that dominates a strategy; a pure one where there is one."""
    ahead = rows - rows[strategy]
    others = [place for place in range(len(rows)) if place != strategy]
    if not others or (strict and (rows[strategy] == 0.0).any()):
        # A best reply to something is not dominated strictly.
        return None
    for place in others:
        if _dominates(ahead[place], strict):
            return np.eye(len(rows))[place]
    if len(others) < 2:
        return None
    mixture = np.zeros(len(rows))
    mixture[others] = _programme(ahead[others], strict)
    return mixture if _dominates(mixture @ ahead, strict) else None


def _dominates(ahead: Float[np.ndarray, " O"], strict: bool) -> bool:
    if strict:
        return bool((ahead > TIE).all())
    return bool((ahead >= -TIE).all() and (ahead > TIE).any())


def _programme(ahead: Float[np.ndarray, "S O"], strict: bool) -> Float[np.ndarray, " S"]:
    """Mixture that is furthest ahead where it is least so (strict), or in sum and never behind."""
    from scipy.optimize import linprog

    many, replies = ahead.shape
    gain = np.zeros(many + 1)
    gain[-1 if strict else slice(0, many)] = 1.0 if strict else ahead.sum(axis=1)
    solved = linprog(
        -gain,
        A_ub=np.hstack([-ahead.T, np.full((replies, 1), float(strict))]),
        b_ub=np.zeros(replies),
        A_eq=np.append(np.ones(many), 0.0)[None],
        b_eq=np.ones(1),
        bounds=[(0, None)] * many + [(None, None) if strict else (0, 0)],
        method="highs",
    )
    if solved.x is None:
        return np.zeros(many)
    mixture = np.clip(solved.x[:-1], 0.0, None)
    return mixture / mixture.sum()
