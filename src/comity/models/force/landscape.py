"""Who stands with whom: configurations of two camps that hold, Axelrod and Bennett (1993).

Each pair has a propensity p to be in one camp, each actor a size s. An actor is frustrated by what
stands on the other side: F_i = sum over j of s_j p_ij d_ij, with d = 1 across the line and else 0.
The energy E = sum of s_i F_i falls whenever one actor moves to where it is less frustrated, so
moves end in a local minimum. Its basin is what runs down to it by steepest descent: of all moves
of one actor, the one that lowers energy most [axelrod1993landscape, equations 1 to 3, notes 2, 33].
Which camp is named first does not matter: n actors have 2^(n - 1) configurations.
Simplified: two camps and nobody outside them, a move a time, propensities that camps do not change.
Do not trust it for when a configuration changes, nor for more than which ones could hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from comity.core.errors import BadInput

MOST_ENUMERATED = 20
BLOCK = 1 << 14
# Energies are sums: differences below this part of the sum of all their terms are rounding.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Landscape:
    """Configurations in which nobody gains by moving alone, the one of least energy first.

    ``camps`` tells who is not with the first actor; ``basin`` how many configurations (or starts)
    run down to each; ``strict`` where every move of one actor would raise energy, not leave it
    alike.  ``tied`` counts the configurations met with more than one steepest move: there the
    actor listed first moves, and another order may give other basins.
    """

    camps: Bool[np.ndarray, "K N"]
    energy: Float[np.ndarray, " K"]
    basin: Int[np.ndarray, " K"]
    strict: Bool[np.ndarray, " K"]
    tied: int


@dataclass(frozen=True)
class _Steps:
    """Steepest move from each configuration: the actor, or -1 where none lowers energy."""

    actor: Int[np.ndarray, " C"]
    tied: Bool[np.ndarray, " C"]
    strict: Bool[np.ndarray, " C"]


def configurations(count: int, start: int = 0, stop: int | None = None) -> Bool[np.ndarray, "C N"]:
    """Configurations of up to twenty actors by number: bit k - 1 puts actor k against actor 0.

    Raises
    ------
    BadInput
        When there are more than twenty actors.
    """
    if count > MOST_ENUMERATED:
        raise BadInput(
            f"{count} actors have too many configurations to look at each",
            why=f"that is done up to {MOST_ENUMERATED}",
            fix="give configurations to start from to `search`",
        )
    return _camps(np.arange(start, 2 ** (count - 1) if stop is None else stop), count)


def frustration(
    camps: Bool[np.ndarray, "C N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> Float[np.ndarray, "C N"]:
    """Frustration F of each actor in each configuration (equation 1).

    Parameters
    ----------
    camps
        Who is in the second camp.
    size
        Any unit, above nil.
    propensity
        Symmetric, any unit, positive where two would rather be together; the diagonal is not read.

    Raises
    ------
    BadInput
        When a size is not above nil, a propensity is missing or not the same both ways, or the
        numbers of actors differ.
    """
    return _frustration(camps, _pull(size, propensity, camps.shape[1]))


def energy(
    camps: Bool[np.ndarray, "C N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> Float[np.ndarray, " C"]:
    """Energy E of each configuration (equation 2); arguments and errors as `frustration`."""
    return frustration(camps, size, propensity) @ size


def move_cost(
    camps: Bool[np.ndarray, "C N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> Float[np.ndarray, "C N"]:
    """What each actor's move to the other camp would add to energy; as `frustration`.

    Twice its size times the change of its own frustration (note 2).
    """
    pull = _pull(size, propensity, camps.shape[1])
    return _move_cost(camps, size, pull)


def landscape(size: Float[np.ndarray, " N"], propensity: Float[np.ndarray, "N N"]) -> Landscape:
    """Every local minimum of two to twenty actors with its basin; basins add to 2^(n - 1).

    Raises
    ------
    BadInput
        As `frustration` and `configurations`.
    """
    count = len(size)
    pull, slack = _pull(size, propensity, count), rounding(size, propensity)
    leads: list[np.ndarray] = []
    strict: list[np.ndarray] = []
    tied = 0
    # Actor 0 is always in the first camp: its move is that of all others. The last, -1, is none.
    flips = np.array([2 ** (count - 1) - 1, *(1 << np.arange(count - 1)), 0])
    for start, camps in _blocks(count):
        steps = _steps(camps, size, pull, slack)
        leads.append(np.arange(start, start + len(camps)) ^ flips[steps.actor])
        strict.append(steps.strict)
        tied += int(steps.tied.sum())
    lead = np.concatenate(leads)
    held = np.flatnonzero(lead == np.arange(len(lead)))
    basin = np.bincount(_ends(lead), minlength=len(lead))[held]
    return _sorted(_camps(held, count), size, propensity, basin, np.concatenate(strict)[held], tied)


def stable(
    size: Float[np.ndarray, " N"], propensity: Float[np.ndarray, "N N"]
) -> Bool[np.ndarray, "K N"]:
    """The local minima alone, by number of the configuration; for many landscapes in a row.

    Raises
    ------
    BadInput
        As `landscape`.
    """
    pull, slack = _pull(size, propensity, len(size)), rounding(size, propensity)
    return np.concatenate(
        [
            camps[(_move_cost(camps, size, pull) >= -slack).all(axis=1)]
            for _, camps in _blocks(len(size))
        ]
    )


def descend(
    camps: Bool[np.ndarray, "C N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> Bool[np.ndarray, "C N"]:
    """Where each configuration comes to rest by steepest descent; any number of actors.

    Raises
    ------
    BadInput
        As `frustration`.
    """
    return _descend(camps, size, propensity)[0]


def search(
    starts: Bool[np.ndarray, "C N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> Landscape:
    """The local minima that starts run down to, for more actors than can be enumerated.

    ``basin`` counts starts, so drawn evenly they estimate the shares of the basins; minima that no
    start runs down to are not found.

    Raises
    ------
    BadInput
        As `frustration`; when there is no start.
    """
    if len(starts) == 0:
        raise BadInput("no configuration to start from", fix="give one or more rows")
    rest, tied = _descend(starts, size, propensity)
    camps, basin = np.unique(rest ^ rest[:, :1], axis=0, return_counts=True)
    slack = rounding(size, propensity)
    strict = move_cost(camps, size, propensity).min(axis=1) > slack
    return _sorted(camps, size, propensity, basin, strict, tied)


def rounding(size: Float[np.ndarray, " N"], propensity: Float[np.ndarray, "N N"]) -> float:
    """Differences of energy up to this are nil, in units of energy."""
    return float(ROUNDING * (size @ np.abs(_pull(size, propensity, len(size)))).sum())


def _pull(
    size: Float[np.ndarray, " N"], propensity: Float[np.ndarray, "N N"], count: int
) -> Float[np.ndarray, "N N"]:
    """Weight of the column's actor to the row's, s_j p_ij, after a look at what was given."""
    if count < 2 or size.shape != (count,) or propensity.shape != (count, count):
        raise BadInput(
            f"{count} actors, sizes {size.shape}, propensities {propensity.shape}",
            why="they must agree, and two or more actors are needed",
        )
    if not (np.isfinite(size) & (size > 0)).all():
        raise BadInput("a size is not a number above nil", fix="leave that actor out")
    apart = ~np.eye(count, dtype=bool)
    if not np.isfinite(propensity[apart]).all():
        raise BadInput("a propensity is missing", fix="give every pair one, or leave an actor out")
    if not np.array_equal(propensity[apart], propensity.T[apart]):
        raise BadInput(
            "a propensity is not the same both ways",
            why="then moves may go round for ever",
            fix="give each pair one number, such as the mean of its two",
        )
    return np.where(apart, propensity * size, 0.0)


def _camps(number: Int[np.ndarray, " C"], count: int) -> Bool[np.ndarray, "C N"]:
    camps = np.zeros((len(number), count), bool)
    camps[:, 1:] = (number[:, None] >> np.arange(count - 1)) & 1 == 1
    return camps


def _frustration(
    camps: Bool[np.ndarray, "C N"], pull: Float[np.ndarray, "N N"]
) -> Float[np.ndarray, "C N"]:
    second = camps.astype(float) @ pull.T
    return np.where(camps, pull.sum(axis=1) - second, second)


def _move_cost(
    camps: Bool[np.ndarray, "C N"], size: Float[np.ndarray, " N"], pull: Float[np.ndarray, "N N"]
) -> Float[np.ndarray, "C N"]:
    # What frustrates an actor on the other side is all that does not on this one.
    return 2 * size * (pull.sum(axis=1) - 2 * _frustration(camps, pull))


def _steps(
    camps: Bool[np.ndarray, "C N"],
    size: Float[np.ndarray, " N"],
    pull: Float[np.ndarray, "N N"],
    slack: float,
) -> _Steps:
    cost = _move_cost(camps, size, pull)
    least = cost.min(axis=1)
    steepest = cost <= least[:, None] + slack
    moves = least < -slack
    return _Steps(
        np.where(moves, steepest.argmax(axis=1), -1),
        moves & (steepest.sum(axis=1) > 1),
        least > slack,
    )


def _blocks(count: int) -> Iterator[tuple[int, Bool[np.ndarray, "C N"]]]:
    """All configurations in pieces that fit a processor's cache, each with its first number."""
    every = 2 ** (count - 1)
    for start in range(0, every, BLOCK):
        yield start, configurations(count, start, min(start + BLOCK, every))


def _ends(lead: Int[np.ndarray, " C"]) -> Int[np.ndarray, " C"]:
    """Follow every lead to its end, twice as far each round."""
    while True:
        further = lead[lead]
        if np.array_equal(further, lead):
            return lead
        lead = further


def _descend(
    camps: Bool[np.ndarray, "C N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> tuple[Bool[np.ndarray, "C N"], int]:
    pull, slack = _pull(size, propensity, camps.shape[1]), rounding(size, propensity)
    camps, going, tied = camps.copy(), np.arange(len(camps)), 0
    while len(going):
        steps = _steps(camps[going], size, pull, slack)
        tied += int(steps.tied.sum())
        moved = steps.actor >= 0
        going = going[moved]
        camps[going, steps.actor[moved]] ^= True
    return camps, tied


def _sorted(
    camps: Bool[np.ndarray, "K N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
    basin: Int[np.ndarray, " K"],
    strict: Bool[np.ndarray, " K"],
    tied: int,
) -> Landscape:
    """By energy; those alike up to rounding by number of the configuration."""
    height = energy(camps, size, propensity)
    level = np.round(height / (rounding(size, propensity) or 1.0))
    order = np.lexsort((*camps.T, level))
    return Landscape(camps[order], height[order], basin[order], strict[order], tied)
