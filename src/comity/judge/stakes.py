"""What each side plays for: weights of its own aims, as a user names them or by default.

Weights are those of `comity.judge.several`: a group's is shared by its aims that are measured, in
smallest effects of interest. Nothing is added up unless weights are named: by default a side plays
for one aim, of the kind that the scenario ranks by where a link leads there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.core.errors import BadInput, nearest
from comity.judge.several import by_aim, weighable, weights_of
from comity.registry import states as registry
from comity.world.snapshot import BASE_YEAR

Aims = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Stake:
    """What a side plays for. ``weights``: by aim. ``named``: by the user.

    ``idle``: those of its weighed aims that no strategy here reaches. ``not_here``: names that the
    user gave to all sides and that this one has nothing for.
    """

    weights: Mapping[str, float]
    named: bool
    idle: tuple[str, ...] = ()
    not_here: tuple[str, ...] = ()


def stakes(
    sides: Sequence[str],
    aims: Sequence[Aims],
    linked: Sequence[Mapping[str, np.ndarray]],
    given: Sequence[str],
    wanted: str,
) -> tuple[Stake, ...]:
    """What each side plays for.

    Parameters
    ----------
    sides
        Ids of the states.
    aims
        The card of each, as far as it is measured.
    linked
        By side and aim, in which cells a link leads there.
    given
        Weights as a user names them: ``economy=2,security=1`` for all, ``CHN:economy=1`` for one.
    wanted
        Measure or kind that is played for by default.

    Raises
    ------
    BadInput
        Weights that cannot be read, of what no side has or of a state that is no side; a side for
        which nothing of what is named can be weighed, or whose aims no strategy here can reach.
    """
    own = _by_side(sides, given)
    for name in own.get("", {}):
        known = [*dict.fromkeys(n for card in aims for n in _names(card))]
        if name not in known:
            raise BadInput(
                f"no side has an aim or group {name!r} that is measured here",
                fix=nearest(name, known),
            )
    found = []
    for side, card, links in zip(sides, aims, linked, strict=True):
        can = weighable(card)
        reached = [name for name in can if links[name].any()]
        if not reached:
            raise BadInput(
                f"nothing that {side} wants can be reached by these strategies",
                "there is no link in the model from any of them to its measured aims",
                f"leave {side} out, or name other strategies",
            )
        if side not in own and "" not in own:
            found.append(Stake({_default(card, reached, wanted): 1.0}, named=False))
            continue
        weights = own.get(side)
        missing: tuple[str, ...] = ()
        if weights is None:
            here = {n for a in card if a["name"] in can for n in (a["group"], a["kind"], a["name"])}
            weights = {name: weight for name, weight in own[""].items() if name in here}
            missing = tuple(name for name in own[""] if name not in here)
            if not weights:
                raise BadInput(
                    f"nothing of {', '.join(own[''])} can be weighed for {side}",
                    "its aims are not measured here, or are shown and never ranked by",
                    f"name its own as well: --aims {side}:{reached[0]}=1",
                )
        shares = by_aim(weights, card, can)
        idle = tuple(name for name in shares if name not in reached)
        if len(idle) == len(shares):
            raise BadInput(
                f"no strategy here can reach {', '.join(idle)} of {side}: there is no link in the "
                "model",
                "every strategy would come out the same",
                f"weigh some of {', '.join(reached)}",
            )
        found.append(Stake(shares, True, idle, missing))
    return tuple(found)


def _names(card: Aims) -> list[str]:
    return [name for aim in card for name in (aim["group"], aim["kind"], aim["name"])]


def _by_side(sides: Sequence[str], given: Sequence[str]) -> dict[str, dict[str, float]]:
    """Weights by the side that they are for; those for all sides under no name."""
    found: dict[str, dict[str, float]] = {}
    for text in given:
        state, colon, rest = text.partition(":")
        side = ""
        if colon:
            side = registry.find(state.strip(), BASE_YEAR)
            if side not in sides:
                raise BadInput(
                    f"{side} is no side here", fix=f"name weights of {', '.join(sides)} or of all"
                )
        if side in found:
            raise BadInput(
                f"{side or 'all sides'} have weights twice", fix="name them once, with commas"
            )
        parts = (rest if colon else text).split(",")
        # A name alone weighs one.
        found[side] = weights_of(
            ",".join(p if "=" in p or not p.strip() else f"{p}=1" for p in parts)
        )
    return found


def _default(card: Aims, reached: Sequence[str], wanted: str) -> str:
    """The aim of the wanted name or kind that can be reached, else the first that can."""
    kind = wanted.partition(".")[0]
    of_kind = [aim["name"] for aim in card if aim["kind"] == kind and aim["name"] in reached]
    # A measure that is part of another aim at the same place stands for it.
    place = [name for name in reached if name.partition(".")[2] == wanted.partition(".")[2] != ""]
    exact = [name for name in reached if name == wanted]
    return next(iter((*exact, *of_kind, *place, *reached)))
