"""How measures are read flashpoint by flashpoint: changes against the future without the scenario.

No chance of a war is reported by itself. A flashpoint is measured where the actor is challenger,
target or protector, and at Korea and the Taiwan Strait for every actor.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.engine.measures import Block
from comity.registry import flashpoints as library
from comity.registry.axes import flashpoints
from comity.world.regions import default_focus

ALWAYS = ("korea", "taiwan-strait")


def concerned(actor: str) -> tuple[library.Flashpoint, ...]:
    """Flashpoints of the focus world that are measured for an actor, by name."""
    focus = {*default_focus(), actor}
    found = []
    for point in library.flashpoints():
        sides = {point.challenger, point.target}
        part = actor in sides | {p.state for p in point.protectors} or point.name in ALWAYS
        if part and sides <= focus and point.under_way is None:
            found.append(point)
    return tuple(found)


def _here(point: library.Flashpoint, block: Block) -> bool:
    return {point.challenger, point.target} <= set(block.states)


def odds_change(field: str, point: library.Flashpoint) -> Callable[[Block], np.ndarray]:
    """Percent by which odds differ from those without the scenario, geometric mean over years."""
    place = flashpoints().index(point.name)

    def reduce(block: Block) -> np.ndarray:
        if not _here(point, block):
            return np.full(block.ok.shape, np.nan)
        odds = block.series[field][..., place]
        return 100.0 * np.expm1((odds - odds[:, :1]).mean(-1))

    return reduce


def points_change(field: str, point: library.Flashpoint) -> Callable[[Block], np.ndarray]:
    """Points by which a chance differs in the last year."""
    place = flashpoints().index(point.name)

    def reduce(block: Block) -> np.ndarray:
        if not _here(point, block):
            return np.full(block.ok.shape, np.nan)
        last = 100.0 * block.series[field][..., -1, place]
        return last - last[:, :1]

    return reduce
