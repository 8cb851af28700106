"""The mechanisms of the year, their numbers and their levers.

A mechanism stands in the default year only with an out-of-sample score or an effect identified in
a paper. The others are options: a scenario names them under `mechanisms:`, or they come in because
a scenario or strategy moves a lever that they obey.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from comity.core.errors import AssemblyError
from comity.core.parameters import Parameter, book
from comity.engine.contract import AbstractMechanism
from comity.engine.levers import Lever
from comity.mechanisms.agreements import Agreements, agreements_from
from comity.mechanisms.armament import Armament, armament_from
from comity.mechanisms.checks import Checks, checks_from
from comity.mechanisms.commitment import Commitment, commitment_from
from comity.mechanisms.council import Council, council_from
from comity.mechanisms.crises import Crises, crises_from
from comity.mechanisms.frameworks import Frameworks, frameworks_from
from comity.mechanisms.growth import Growth, growth_from
from comity.mechanisms.leadership import Leadership, leadership_from
from comity.mechanisms.sanctions import Sanctions, sanctions_from
from comity.mechanisms.sectors import Sectors, sectors_from
from comity.mechanisms.trade import Trade, trade_from
from comity.mechanisms.trend import Trend, trend_from
from comity.mechanisms.war import War, war_from
from comity.world.given import World

Maker = Callable[[World], AbstractMechanism]

DEFAULT: tuple[type[AbstractMechanism], ...] = (Trend, Growth, Trade, Armament, Agreements)
# Mechanisms off by default, each with those that it cannot do without.
OPTIONS: dict[type[AbstractMechanism], tuple[type[AbstractMechanism], ...]] = {
    Leadership: (),
    Checks: (),
    Frameworks: (),
    Council: (),
    Commitment: (),
    Crises: (Commitment,),
    War: (Commitment, Crises),
    Sanctions: (),
    Sectors: (),
}
CLASSES: tuple[type[AbstractMechanism], ...] = (*DEFAULT, *OPTIONS)
BOOKS = {name: book(name) for name in dict.fromkeys(cls.book for cls in CLASSES)}
LEVERS: tuple[Lever, ...] = tuple(lever for cls in CLASSES for lever in cls.levers)
# Fields that stay at their start unless an option writes them.
DORMANT = frozenset(field for cls in OPTIONS for field in cls.writes) | {"war_barrier"}
MAKERS: dict[type[AbstractMechanism], Maker] = {
    Trend: lambda world: trend_from(BOOKS["growth"]),
    Growth: lambda world: growth_from(BOOKS["growth"]),
    Trade: lambda world: trade_from(world, BOOKS["trade"]),
    Armament: lambda world: armament_from(world, BOOKS["armament"]),
    Agreements: agreements_from,
    Leadership: lambda world: leadership_from(BOOKS["leadership"]),
    Checks: lambda world: checks_from(world, BOOKS["checks"]),
    Frameworks: lambda world: frameworks_from(world, BOOKS["frameworks"]),
    Council: lambda world: council_from(world, BOOKS["council"]),
    Commitment: lambda world: commitment_from(world, BOOKS["commitment"]),
    Crises: lambda world: crises_from(world, BOOKS["crises"]),
    War: lambda world: war_from(world, BOOKS["war"]),
    Sanctions: lambda world: sanctions_from(BOOKS["sanctions"]),
    Sectors: lambda world: sectors_from(world, BOOKS["trade"]),
}


def option_names() -> tuple[str, ...]:
    """Names of the mechanisms that can be switched on."""
    return tuple(cls.name for cls in OPTIONS)


def chosen(names: Iterable[str] = (), levers: Collection[str] = ()) -> tuple[str, ...]:
    """Options that are on: those named, those that obey a moved lever, and what these need.

    Parameters
    ----------
    names
        Options that a scenario names.
    levers
        Levers that are moved anywhere in the plan.

    Raises
    ------
    AssemblyError
        A name that is no option.
    """
    wanted = set(names)
    if unknown := wanted - set(option_names()):
        raise AssemblyError(f"no option is called {sorted(unknown)}")
    on: list[type[AbstractMechanism]] = []
    for cls, needs in OPTIONS.items():
        if cls.name in wanted or any(lever.name in levers for lever in cls.levers):
            on += [*needs, cls]
    return tuple(cls.name for cls in OPTIONS if cls in on)


def classes(options: Collection[str] = ()) -> tuple[type[AbstractMechanism], ...]:
    """Classes of the year with these options on."""
    return (*DEFAULT, *(cls for cls in OPTIONS if cls.name in options))


def parameters(options: Collection[str] = ()) -> tuple[Parameter, ...]:
    """Numbers that the year with these options uses, in the order of their books."""
    fields: dict[str, set[str]] = {}
    for cls in classes(options):
        fields.setdefault(cls.book, set()).update(cls.__dataclass_fields__)
    return tuple(
        p
        for name, numbers in BOOKS.items()
        for p in numbers.values()
        if p.name in fields.get(name, ())
    )


PARAMETERS: tuple[Parameter, ...] = parameters(option_names())


def build_year(world: World, options: Collection[str] = ()) -> tuple[AbstractMechanism, ...]:
    """The mechanisms of the year for a world that went through the door."""
    return tuple(MAKERS[cls](world) for cls in classes(options))
