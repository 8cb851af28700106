"""What could divide those who stand together: one propensity changed, and what it costs elsewhere.

On the landscape of Axelrod and Bennett (1993) each actor's move has a cost in energy,
2 s_i (T_i - 2 F_i) with T_i the sum of s_j p_ij. A change of p_ij by x lowers the cost of a move of
either by 2 s_i s_j |x|, when it makes two of one camp dislike or two of different camps like each
other. So the least change that sets a pair moving is the smaller of its two costs over 2 s_i s_j,
and the actor with that smaller cost moves [axelrod1993landscape, note 2; the question is ours].
Simplified: one pair changes and nothing else; propensities have no price of their own, so that
near means a small change, not an easy one. Do not trust the order beyond its propensities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from comity.core.errors import BadInput
from comity.models.force.landscape import descend, frustration, move_cost, rounding


@dataclass(frozen=True)
class Wedges:
    """Pairs whose change would move one of them, the smallest change first.

    ``change`` is what their propensity must change by; just beyond it ``leaver`` moves, and others
    after it, to ``camps``.  ``worse`` is by how much each actor is then more frustrated than
    before, in units of F; those of the pair itself contain the change.  ``divided`` tells where
    the coalition then no longer stands together (anybody, where none was named).
    """

    pair: Int[np.ndarray, "P 2"]
    change: Float[np.ndarray, " P"]
    leaver: Int[np.ndarray, " P"]
    camps: Bool[np.ndarray, "P N"]
    worse: Float[np.ndarray, "P N"]
    divided: Bool[np.ndarray, " P"]

    def price(self, side: Bool[np.ndarray, " N"]) -> Float[np.ndarray, " P"]:
        """What each wedge adds to the frustration of a side, those of the pair left out."""
        own = np.zeros(self.worse.shape, bool)
        np.put_along_axis(own, self.pair, True, axis=1)
        return np.where(~own & side, self.worse, 0.0).sum(axis=1)


def wedges(
    camps: Bool[np.ndarray, " N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> Wedges:
    """Every single change of a pair that would set one of the two moving.

    Parameters
    ----------
    camps
        Who is in the second camp; a configuration that holds.
    size, propensity
        As in `comity.models.force.landscape.frustration`.

    Raises
    ------
    BadInput
        As there; when an actor would move as things are.
    """
    first, second = np.triu_indices(len(size), 1)
    everybody = np.ones(len(size), bool)
    return _wedges(camps, size, propensity, np.stack([first, second], axis=1), everybody)


def wedge(
    actor: int,
    coalition: Bool[np.ndarray, " N"],
    camps: Bool[np.ndarray, " N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
) -> Wedges:
    """What could part a coalition, by its own quarrels or by its ties with one outside it.

    Pairs are those within the coalition and those of ``actor`` with its members. Kept are those
    whose change makes a member move, not the actor itself. Any actor and any coalition will do.

    Raises
    ------
    BadInput
        As `wedges`; when the coalition has fewer than two members, is not in one camp, or has the
        actor in it.
    """
    members = np.flatnonzero(coalition)
    if len(members) < 2 or coalition[actor] or len(np.unique(camps[members])) > 1:
        raise BadInput(
            "no coalition that this actor could divide",
            why="it must be two or more in one camp, the actor not one of them",
            fix="name others, or look at a configuration in which they stand together",
        )
    first, second = np.triu_indices(len(members), 1)
    inner = np.stack([members[first], members[second]], axis=1)
    # The member stands first: of two equal costs it is the one to move.
    outer = np.stack([members, np.full(len(members), actor)], axis=1)
    found = _wedges(camps, size, propensity, np.concatenate([inner, outer]), coalition)
    return _rows(found, np.flatnonzero(coalition[found.leaver]))


def _wedges(
    camps: Bool[np.ndarray, " N"],
    size: Float[np.ndarray, " N"],
    propensity: Float[np.ndarray, "N N"],
    pair: Int[np.ndarray, "P 2"],
    coalition: Bool[np.ndarray, " N"],
) -> Wedges:
    cost = move_cost(camps[None], size, propensity)[0]
    if (cost < -rounding(size, propensity)).any():
        raise BadInput(
            "the configuration does not hold as it is",
            why="an actor would move without any change",
            fix="take one from `landscape`, or let it come to rest with `descend`",
        )
    i, j = pair.T
    together = camps[i] == camps[j]
    nearer = cost[i] <= cost[j]
    least = np.maximum(np.where(nearer, cost[i], cost[j]), 0.0)
    change = np.where(together, -1.0, 1.0) * least / (2 * size[i] * size[j])
    leaver = np.where(nearer, i, j)
    before = frustration(camps[None], size, propensity)[0]
    rest = np.empty((len(pair), len(size)), bool)
    worse = np.empty(rest.shape)
    for at, (a, b) in enumerate(pair):
        moved = propensity.copy()
        moved[a, b] = moved[b, a] = propensity[a, b] + change[at]
        gone = camps.copy()
        gone[leaver[at]] ^= True
        rest[at] = descend(gone[None], size, moved)[0]
        worse[at] = frustration(rest[at : at + 1], size, moved)[0] - before
    inside = rest[:, coalition]
    divided = (inside != inside[:, :1]).any(axis=1)
    found = Wedges(pair, change, leaver, rest, worse, divided)
    return _rows(found, np.argsort(np.abs(change), kind="stable"))


def _rows(found: Wedges, kept: Int[np.ndarray, " R"]) -> Wedges:
    return Wedges(
        found.pair[kept],
        found.change[kept],
        found.leaver[kept],
        found.camps[kept],
        found.worse[kept],
        found.divided[kept],
    )
