"""All measures for an actor: those that the folders of the year's mechanisms declare."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from comity.engine.measures import Outcome
from comity.mechanisms.catalogue import classes
from comity.registry.defaults import defaults
from comity.world.given import World


def partners_of(actor: str, world: World) -> tuple[str, ...]:
    """Partners whose cut-off is measured: China and the United States, or the largest third."""
    wanted = defaults().partners
    others = [p for p in wanted if p != actor]
    if len(others) == len(wanted):
        return tuple(others)
    sales = np.asarray(world.sales)
    row = world.index(actor)
    both_ways = sales[row] + sales[:, row]
    order = [world.states[i] for i in np.argsort(-both_ways)]
    third = next(s for s in order if s not in (actor, *others) and not s.startswith("R_"))
    return (*others, third)


def outcomes(
    actor: str, partners: tuple[str, ...], options: Collection[str] = ()
) -> tuple[Outcome, ...]:
    """All measures for an actor, in the order of the catalogue; with options on, theirs too."""
    return tuple(
        outcome for cls in classes(options) for outcome in own_outcomes(cls.name, actor, partners)
    )


def own_outcomes(mechanism: str, actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Measures that a mechanism's folder declares; none where it has no ``measures.py``."""
    folder = f"comity.mechanisms.{mechanism}.measures"
    return tuple(import_module(folder).measures(actor, partners)) if find_spec(folder) else ()
