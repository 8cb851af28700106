"""What follows where sides move one after another, each seen by those after it (Stackelberg).

Solved from the end: the last answers best to all before it, the one before reckons with that, and
so on.  Where somebody is indifferent more than one outcome can follow, and all of them are given:
for a leader that is the range between answers in its favour and against it
[vonstengel2010leadership].
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.models.games.normal_form import sizes, ties

Profile = tuple[int, ...]


def in_turn(payoffs: Float[np.ndarray, "P *S"], order: Sequence[int]) -> tuple[Profile, ...]:
    """Outcomes that can follow where sides move in this order, in order of strategies.

    Those of subgame-perfect equilibria in pure strategies; one where nobody is ever indifferent.

    Raises
    ------
    BadInput
        As `comity.models.games.normal_form.sizes`; an order that does not name every side once.
    """
    many = len(sizes(payoffs))
    if sorted(order) != list(range(many)):
        raise BadInput(
            f"{tuple(order)} is no order of {many} sides",
            fix=f"name each of 0 to {many - 1} once",
        )
    return tuple(sorted(_outcomes(payoffs, tuple(order), {}, ties(payoffs))))


def _outcomes(
    payoffs: Float[np.ndarray, "P *S"],
    order: tuple[int, ...],
    done: dict[int, int],
    alike: Float[np.ndarray, " P"],
) -> set[Profile]:
    """Outcomes that can follow once some have moved.

    A move can be made where the best that may follow it is no worse than what each other move
    brings at least; of what may follow it only outcomes that good can be what it is made for.
    """
    if not order:
        return {tuple(done[side] for side in range(len(done)))}
    side, after = order[0], order[1:]
    follow = [
        _outcomes(payoffs, after, done | {side: strategy}, alike)
        for strategy in range(payoffs.shape[1 + side])
    ]
    worth = [{end: float(payoffs[(side, *end)]) for end in ends} for ends in follow]
    least = [min(ends.values()) for ends in worth]
    found: set[Profile] = set()
    for place, ends in enumerate(worth):
        others = [floor for k, floor in enumerate(least) if k != place]
        bar = max(others, default=-np.inf) - alike[side]
        found |= {end for end, value in ends.items() if value >= bar}
    return found
