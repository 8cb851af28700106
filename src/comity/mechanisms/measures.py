"""All measures for an actor: those of the year, and those of the options that are on."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from comity.engine.measures import Outcome
from comity.mechanisms.council.measures import council_outcomes
from comity.mechanisms.crises.measures import commitment_outcomes, crises_outcomes, war_outcomes
from comity.mechanisms.frameworks.measures import frameworks_outcomes
from comity.mechanisms.leadership.measures import checks_outcomes, leadership_outcomes
from comity.mechanisms.sectors.measures import sectors_outcomes
from comity.mechanisms.trade.measures import year_outcomes
from comity.world.given import World

PARTNERS = ("CHN", "USA")
# Measures of the mechanisms that can be switched on, by the option's name.
OPTIONAL: dict[str, Callable[[str], tuple[Outcome, ...]]] = {
    "leadership": leadership_outcomes,
    "checks": checks_outcomes,
    "frameworks": frameworks_outcomes,
    "council": council_outcomes,
    "commitment": commitment_outcomes,
    "crises": crises_outcomes,
    "war": war_outcomes,
    "sectors": sectors_outcomes,
}


def partners_of(actor: str, world: World) -> tuple[str, ...]:
    """Partners whose cut-off is measured: China and the United States, or the largest third."""
    others = [p for p in PARTNERS if p != actor]
    if len(others) == len(PARTNERS):
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
    """All measures for an actor, in the order of reports; with options on, theirs too."""
    extra = tuple(o for name, made in OPTIONAL.items() if name in options for o in made(actor))
    return (*year_outcomes(partners), *extra)
