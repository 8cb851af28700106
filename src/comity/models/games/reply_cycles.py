"""Where sides end up that answer each other one at a time: resting points and cycles.

An arrow leads from a profile to the one in which a single side has gone over to a best reply, where
it did not play one.  Profiles that can reach each other go round; a set that no arrow leaves is
where answering ends: a single profile is a pure equilibrium, a larger set a sink equilibrium
[goemans2005sink].
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from comity.models.games.normal_form import best_replies

Profile = tuple[int, ...]


@dataclass(frozen=True)
class Cycle:
    """A shortest round of best replies, how many profiles go round with it, and whether any leaves.

    ``loop``: profiles in order, each an answer of one side to the one before, the first to the
    last.  ``closed``: no best reply leads out of the ``profiles`` that can reach each other.
    """

    loop: tuple[Profile, ...]
    profiles: tuple[Profile, ...]
    closed: bool


def cycles(payoffs: Float[np.ndarray, "P *S"]) -> tuple[Cycle, ...]:
    """Cycles of best replies, those that nothing leaves first.

    Raises
    ------
    BadInput
        As `comity.models.games.normal_form.sizes`.
    """
    shape = payoffs.shape[1:]
    arrows = _arrows(payoffs)
    of = _together(arrows)
    found = []
    for label in range(int(of.max()) + 1):
        own = np.flatnonzero(of == label).tolist()
        if len(own) < 2:
            continue
        closed = all(of[end] == label for start in own for end in arrows[start])
        loop = min((_round(arrows, start, of) for start in own), key=len)
        found.append(
            Cycle(
                tuple(_profile(place, shape) for place in loop),
                tuple(_profile(place, shape) for place in own),
                closed,
            )
        )
    return tuple(sorted(found, key=lambda cycle: (not cycle.closed, cycle.profiles)))


def _profile(place: int, shape: tuple[int, ...]) -> Profile:
    return tuple(int(k) for k in np.unravel_index(place, shape))


def _arrows(payoffs: Float[np.ndarray, "P *S"]) -> list[list[int]]:
    """By profile, counted through: profiles to which one side's best reply leads."""
    best, shape = best_replies(payoffs), payoffs.shape[1:]
    arrows: list[list[int]] = []
    for place in range(int(np.prod(shape))):
        profile = _profile(place, shape)
        ends = []
        for side in range(len(shape)):
            if best[(side, *profile)]:
                continue
            for strategy in range(shape[side]):
                other = (*profile[:side], strategy, *profile[side + 1 :])
                if best[(side, *other)]:
                    ends.append(int(np.ravel_multi_index(other, shape)))
        arrows.append(ends)
    return arrows


def _together(arrows: list[list[int]]) -> Int[np.ndarray, " profiles"]:
    """Number of the set of profiles that can reach each other, by profile."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = [start for start, ends in enumerate(arrows) for _ in ends]
    columns = [end for ends in arrows for end in ends]
    count = len(arrows)
    links = coo_array((np.ones(len(rows)), (rows, columns)), shape=(count, count))
    return np.asarray(connected_components(links, connection="strong")[1], dtype=np.int64)


def _round(arrows: list[list[int]], start: int, of: Int[np.ndarray, " profiles"]) -> list[int]:
    """Shortest way from a profile back to itself inside its set."""
    before: dict[int, int] = {}
    queue = deque([start])
    while queue:
        place = queue.popleft()
        for end in arrows[place]:
            if end == start:
                way = [place]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if of[end] == of[start] and end not in before:
                before[end] = place
                queue.append(end)
    return []
