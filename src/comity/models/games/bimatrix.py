"""All equilibria of games of two sides, isolated ones and continua, by supports and best replies.

For a mixture of one side let I be the strategies that it plays and J as many best replies of the
other; where I and J determine it, it is a corner.  Corners are found by going through all I and J.
Two corners in which everything played is a best reply are an equilibrium, and every equilibrium
lies in a convex set of such: the products of corners of which each goes with each
[winkels1979algorithm, avis2010enumeration].  A set of one corner a side is an isolated equilibrium,
any other is a continuum.  A game is degenerate where some mixture of k strategies has more than k
best replies [vonstengel2002computing].
Payoffs are divided by each side's largest stake first, so that no result hangs on their unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput
from comity.models.games.normal_form import TIE, shortfall

MOST = 200_000  # systems a side; ten strategies against ten
SINGULAR = 1e-10  # smallest by largest singular value of a system that determines a corner
SAME = 1e-6  # corners that are this close in every share are one
REPLY = 10 * TIE  # of a side's largest stake; shares at nil up to a tie move values by about one


@dataclass(frozen=True)
class EquilibriumSet:
    """Equilibria: every mixture of the corners of each side, together.

    ``corners``: (K, S) by side; one corner each where the equilibrium is isolated.  ``whole``:
    False where only part of the set is an equilibrium, as a third side agrees to some of it alone.
    """

    corners: tuple[Float[np.ndarray, "_ _"], ...]
    whole: bool = True

    @property
    def isolated(self) -> bool:
        """Whether the set is one equilibrium."""
        return all(len(own) == 1 for own in self.corners)

    @property
    def pure(self) -> bool:
        """Whether it is one equilibrium in which nobody mixes."""
        return self.isolated and all(own.max() == 1.0 for own in self.corners)


@dataclass(frozen=True)
class TwoSided:
    """All equilibria of a game of two sides; ``degenerate``: a mixture has too many replies."""

    sets: tuple[EquilibriumSet, ...]
    degenerate: bool


def equilibria(payoffs: Float[np.ndarray, "2 m n"]) -> TwoSided:
    """All equilibria of a game of two sides.

    Raises
    ------
    BadInput
        As `comity.models.games.normal_form.sizes`; more strategies than can be gone through.
    """
    first, second = -shortfall(payoffs)
    if comb(sum(first.shape), first.shape[0]) > MOST:
        raise BadInput(
            f"{first.shape[0]} strategies against {first.shape[1]} are too many for mixtures",
            fix="leave out those that are dominated, or compare up to ten a side",
        )
    # The second side's replies fix the corners of the first, and the other way round.
    mine, theirs = _corners(second.T), _corners(first)
    answers = (
        _answered(mine, _replies(first, theirs)) & _answered(theirs, _replies(second.T, mine)).T
    )
    sets = tuple(
        EquilibriumSet((mine[list(own)], theirs[list(other)])) for own, other in _cliques(answers)
    )
    crowded = _crowded(mine, _replies(second.T, mine)) or _crowded(theirs, _replies(first, theirs))
    return TwoSided(sets, crowded)


def _corners(reply: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "K C"]:
    """Corners of mixtures over columns, given what the rows bring the side that replies."""
    many, own = reply.shape
    found: list[np.ndarray] = []
    for size in range(1, min(many, own) + 1):
        played = np.array(list(combinations(range(own), size)))
        replies = np.array(list(combinations(range(many), size)))
        i, j = np.repeat(played, len(replies), 0), np.tile(replies, (len(played), 1))
        system = np.zeros((len(i), size + 1, size + 1))
        system[:, :size, :size] = reply[j[:, :, None], i[:, None, :]]
        system[:, :size, size], system[:, size, :size] = -1.0, 1.0
        stretch = np.linalg.svd(system, compute_uv=False)
        good = stretch[:, -1] > SINGULAR * stretch[:, 0]
        target = np.zeros((int(good.sum()), size + 1, 1))
        target[:, size] = 1.0
        shares = np.linalg.solve(system[good], target)[:, :size, 0]
        mixture = np.zeros((len(shares), own))
        np.put_along_axis(mixture, i[good], shares, axis=1)
        value = mixture @ reply.T
        level = np.take_along_axis(value, j[good], axis=1).max(axis=1, initial=-np.inf)
        fits = (shares >= -TIE).all(axis=1) & (value <= level[:, None] + TIE).all(axis=1)
        found.append(mixture[fits])
    every = np.where(np.concatenate(found) <= TIE, 0.0, np.concatenate(found))
    return _each_once(every / every.sum(axis=1, keepdims=True))


def _each_once(corners: Float[np.ndarray, "A C"]) -> Float[np.ndarray, "K C"]:
    """Corners without repetitions, those of fewest strategies first."""
    kept: list[np.ndarray] = []
    order = np.lexsort((*(-corners.T[::-1]), (corners > 0).sum(axis=1)))
    for corner in corners[order]:
        if not any(np.abs(corner - other).max() <= SAME for other in kept):
            kept.append(corner)
    return np.array(kept).reshape(-1, corners.shape[1])


def _replies(
    reply: Float[np.ndarray, "R C"], mixtures: Float[np.ndarray, "K C"]
) -> Bool[np.ndarray, "K R"]:
    """Best replies to each mixture over columns."""
    value = mixtures @ reply.T
    return np.asarray(value >= value.max(axis=1, keepdims=True) - REPLY)


def _answered(
    played: Float[np.ndarray, "K C"], replies: Bool[np.ndarray, "L C"]
) -> Bool[np.ndarray, "K L"]:
    """Whether all that a corner plays is a best reply to each corner of the other side."""
    return np.asarray(((played[:, None, :] == 0) | replies[None]).all(axis=2))


def _crowded(mixtures: Float[np.ndarray, "K C"], replies: Bool[np.ndarray, "K R"]) -> bool:
    return bool((replies.sum(axis=1) > (mixtures > 0).sum(axis=1)).any())


def _cliques(
    goes: Bool[np.ndarray, "K L"],
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Largest sets of corners of both sides of which each goes with each."""
    rows = [frozenset(np.flatnonzero(row).tolist()) for row in goes]
    closed = {row for row in rows if row}
    fresh = set(closed)
    while fresh:
        fresh = {one & row for one in fresh for row in rows} - closed - {frozenset()}
        closed |= fresh
    found = [
        (tuple(k for k, row in enumerate(rows) if other <= row), tuple(sorted(other)))
        for other in closed
    ]
    return sorted(found, key=lambda pair: (min(pair[0]), min(pair[1]), pair))
