"""The mechanisms of the year, their numbers and their levers.

A mechanism stands in the default year only with an out-of-sample score or an effect identified in
a paper. The others are options: a scenario names them under `mechanisms:`, or they come in because
a scenario or strategy moves a lever that they obey.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from importlib import import_module

from comity.core.errors import AssemblyError
from comity.core.parameters import Parameter, book
from comity.engine.contract import AbstractMechanism
from comity.engine.levers import Lever, by_name, declared
from comity.engine.year import assemble
from comity.mechanisms.agreements import Agreements
from comity.mechanisms.armament import Armament
from comity.mechanisms.checks import Checks
from comity.mechanisms.commitment import Commitment
from comity.mechanisms.council import Council
from comity.mechanisms.crises import Crises
from comity.mechanisms.frameworks import Frameworks
from comity.mechanisms.growth import Growth
from comity.mechanisms.leadership import Leadership
from comity.mechanisms.sanctions import Sanctions
from comity.mechanisms.sectors import Sectors
from comity.mechanisms.trade import Trade
from comity.mechanisms.trend import Trend
from comity.mechanisms.war import War
from comity.world.given import FieldCard, World

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


@cache
def books() -> dict[str, dict[str, Parameter]]:
    """Parameter books of the mechanisms by name."""
    return {name: book(name) for name in dict.fromkeys(cls.book for cls in CLASSES)}


def own_levers(cls: type[AbstractMechanism]) -> tuple[Lever, ...]:
    """Levers that a mechanism obeys: those that its folder declares."""
    return declared(f"comity.mechanisms.{cls.name}")


@cache
def levers() -> dict[str, Lever]:
    """Every lever by name, in the order of the year."""
    return by_name(lever for cls in CLASSES for lever in own_levers(cls))


@cache
def fields() -> dict[str, FieldCard]:
    """Fields of the year by name, as the mechanisms' folders declare them.

    Raises
    ------
    AssemblyError
        Two mechanisms declare one field.
    """
    declared_by: dict[str, str] = {}
    cards: dict[str, FieldCard] = {}
    for cls in CLASSES:
        for name, card in import_module(f"comity.mechanisms.{cls.name}.fields").FIELDS.items():
            if name in declared_by:
                raise AssemblyError(f"{name!r} is declared by {declared_by[name]} and {cls.name}")
            declared_by[name], cards[name] = cls.name, card
    return cards


def ready(world: World) -> World:
    """The world with the fields of the year, each at its start."""
    return world.with_fields(fields())


@cache
def dormant() -> frozenset[str]:
    """Fields that stay at their start unless an option writes them."""
    return frozenset(field for cls in OPTIONS for field in cls.writes)


def option_names() -> tuple[str, ...]:
    """Names of the mechanisms that can be switched on."""
    return tuple(cls.name for cls in OPTIONS)


def chosen(names: Iterable[str] = (), moved: Collection[str] = ()) -> tuple[str, ...]:
    """Options that are on: those named, those that obey a moved lever, and what these need.

    Parameters
    ----------
    names
        Options that a scenario names.
    moved
        Levers that are moved anywhere in the plan.

    Raises
    ------
    AssemblyError
        A name that is no option.
    """
    wanted = set(names)
    if unknown := wanted - set(option_names()):
        raise AssemblyError(f"no option is called {sorted(unknown)}")
    for lever in (levers()[name] for name in moved if name in levers()):
        wanted |= {lever.obeyed_by, lever.brings}
    on: list[type[AbstractMechanism]] = []
    for cls, needs in OPTIONS.items():
        if cls.name in wanted:
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
        for name, numbers in books().items()
        for p in numbers.values()
        if p.name in fields.get(name, ())
    )


def all_parameters() -> tuple[Parameter, ...]:
    """Numbers of every mechanism."""
    return parameters(option_names())


def build_year(world: World, options: Collection[str] = ()) -> tuple[AbstractMechanism, ...]:
    """The mechanisms of the year, in its order, for a world that went through the door.

    Raises
    ------
    AssemblyError
        What `comity.engine.year.assemble` refuses.
    """
    made = tuple(cls.build(world, books()[cls.book]) for cls in classes(options))
    return assemble(made, fields(), levers(), dormant())
