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
from comity.world.given import FieldCard, World

# The mechanisms of the default year, one line each; a name is that of a folder beside this file.
DEFAULT = (
    "trend",
    "growth",
    "trade",
    "armament",
    "agreements",
)
# Mechanisms off by default, each with those that it cannot do without.
OPTIONS: dict[str, tuple[str, ...]] = {
    "leadership": (),
    "checks": (),
    "frameworks": (),
    "council": (),
    "commitment": (),
    "crises": ("commitment",),
    "war": ("commitment", "crises"),
    "sanctions": (),
    "sectors": (),
}


def mechanism(name: str) -> type[AbstractMechanism]:
    """Class of a mechanism, from its folder.

    Raises
    ------
    AssemblyError
        The folder declares no class of that name.
    """
    for thing in vars(import_module(f"comity.mechanisms.{name}")).values():
        if isinstance(thing, type) and issubclass(thing, AbstractMechanism):
            if getattr(thing, "name", "") == name:
                return thing
    raise AssemblyError(
        f"mechanisms/{name} declares no mechanism called {name!r}",
        fix="give its class the ClassVar `name` of the folder",
    )


CLASSES: tuple[type[AbstractMechanism], ...] = tuple(map(mechanism, (*DEFAULT, *OPTIONS)))


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
    return frozenset(field for cls in CLASSES if cls.name in OPTIONS for field in cls.writes)


def option_names() -> tuple[str, ...]:
    """Names of the mechanisms that can be switched on."""
    return tuple(OPTIONS)


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
    on: set[str] = set()
    for name, needs in OPTIONS.items():
        if name in wanted:
            on |= {name, *needs}
    return tuple(name for name in OPTIONS if name in on)


def classes(options: Collection[str] = ()) -> tuple[type[AbstractMechanism], ...]:
    """Classes of the year with these options on."""
    return tuple(cls for cls in CLASSES if cls.name in DEFAULT or cls.name in options)


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
