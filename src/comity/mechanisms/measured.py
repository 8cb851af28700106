"""All measures for an actor: those that the folders of the year's mechanisms declare."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from comity.core.errors import AssemblyError
from comity.core.toml_tables import location
from comity.engine.measures import Outcome
from comity.mechanisms.catalogue import classes
from comity.mechanisms.folders import measures_of, package_of
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
    """All measures for an actor, in the order of the catalogue; with options on, theirs too.

    Raises
    ------
    AssemblyError
        What `measures_of` refuses, or two measures of one name.
    """
    made: list[Outcome] = []
    first: dict[str, str] = {}
    for cls in classes(options):
        for one in measures_of(package_of(cls.name), actor, partners):
            if one.name in first:
                raise AssemblyError(
                    f"{first[one.name]} has a measure {one.name!r} already"
                    if first[one.name] != cls.name
                    else f"there are two measures {one.name!r}",
                    fix="give this one another name",
                    where=f"{location(package_of(cls.name), 'measures.py')}:{one.name}",
                )
            first[one.name] = cls.name
            made.append(one)
    return tuple(made)
