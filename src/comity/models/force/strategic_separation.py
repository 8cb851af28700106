"""Which coefficients of a game run to infinity, because columns tell moves apart.

Given what comes later, a move is a choice of two that is linear in the mover's own coefficients,
each column weighed by the chance of the outcome that it enters: it has no finite estimate where
some combination of columns tells those who moved on from those who did not
(`comity.models.statistics.separation`).  Chances are those of the starting values, held finite by a
faint ridge.  For a single mover the answer is exact.  With several, what pushes a later move to
certainty also moves what earlier players expect, which may hold it back: whether the likelihood has
a bound is then for the climbs to say, and this says where it has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from comity.models.force.strategic_game import Game
from comity.models.force.strategic_likelihood import Problem, backward, worth
from comity.models.statistics import separation

# Singular value, as a share of the largest, below which a combination of columns is nil.
NIL = 1e-9


@dataclass(frozen=True)
class Separated:
    """``names`` of coefficients that their move alone would drive to infinity.

    ``surely``: there is one mover, and nothing holds them back.
    """

    names: tuple[str, ...]
    surely: bool


def separated(problem: Problem, game: Game) -> Separated:
    """Return the coefficients that no prior holds and whose columns tell moves apart."""
    at = jnp.asarray(backward(problem, game))
    terms, chosen = np.asarray(problem.on.terms), np.asarray(problem.chosen)
    held = np.asarray(problem.weights) > 0
    slots = game.slots()
    movers, ends = (np.array([slot[i] for slot in slots]) for i in (0, 1))
    names: list[str] = []
    for move in range(len(game.players)):
        mine = (movers == move) & ~held
        here = chosen >= move
        if not mine.any():
            continue
        x = terms[here][:, mine] * worth(at, problem, move)[here][:, ends[mine]]
        told = separation.binary(x, (chosen[here] > move).astype(float))
        if told.any():
            names += [game.names[c] for c in np.flatnonzero(mine)[_lost(x, told)]]
    return Separated(tuple(names), bool(names) and len(game.players) == 1)


def _lost(x: Float[np.ndarray, "N C"], told: Bool[np.ndarray, " N"]) -> Bool[np.ndarray, " C"]:
    """Columns that take part in a direction that the other rows leave free."""
    scale = np.abs(x).max(axis=0)
    unit = x / np.where(scale > 0, scale, 1.0)
    _, values, axes = np.linalg.svd(unit[~told], full_matrices=True)
    short = np.zeros(len(axes))
    short[: len(values)] = values
    free = axes[short <= NIL * max(float(short.max(initial=0.0)), 1.0)]
    moving = free[np.abs(unit @ free.T).max(axis=0, initial=0.0) > NIL]
    return np.abs(moving).max(axis=0, initial=0.0) > 1e-6
