"""The mechanisms of the year, their numbers and their levers.

A mechanism stands in the default year only with an out-of-sample score or an effect identified in
a paper. The others are options: a scenario names them under `mechanisms:`, or they come in because
a scenario or strategy moves a lever that they obey.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from comity.core.errors import AssemblyError, nearest
from comity.core.parameters import Parameter, book
from comity.core.toml_tables import location
from comity.engine.contract import AbstractMechanism
from comity.engine.levers import Lever, by_name, declared
from comity.engine.year import assemble
from comity.mechanisms.folders import (
    built,
    check_book,
    check_use,
    class_of,
    fields_of,
    package_of,
)
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
    # Before `leadership`, which reads in the same phase who still governs.
    "elections": (),
    "leadership": (),
    "checks": (),
    "frameworks": (),
    "council": (),
    "commitment": (),
    "crises": ("commitment",),
    "war": ("commitment", "crises"),
    "sanctions": (),
    "sectors": (),
    # After `sectors`, which compares itself with the long run of one sector.
    "adjustment": (),
}


def _options() -> dict[str, tuple[str, ...]]:
    """The options, each of whose needs is an option too, and none in the year by default.

    Raises
    ------
    AssemblyError
        A need that is no option, or one name in both lists.
    """
    for name, needs in OPTIONS.items():
        for need in needs:
            if need not in OPTIONS:
                raise AssemblyError(
                    f"{name} needs {need!r}, which is no option",
                    fix=nearest(need, OPTIONS),
                    where=f"mechanisms/catalogue.py:{name}",
                )
    if both := set(DEFAULT) & set(OPTIONS):
        raise AssemblyError(f"{sorted(both)} stand in DEFAULT and in OPTIONS")
    return OPTIONS


CLASSES: tuple[type[AbstractMechanism], ...] = tuple(
    class_of(package_of(name)) for name in (*DEFAULT, *_options())
)


@cache
def books() -> dict[str, dict[str, Parameter]]:
    """Parameter books of the mechanisms by name.

    Raises
    ------
    BadInput
        An entry that cannot be used, or a number that is drawn and has no words.
    AssemblyError
        A number that no mechanism has a field for.
    """
    made: dict[str, dict[str, Parameter]] = {}
    for name in dict.fromkeys(cls.book for cls in CLASSES):
        made[name] = book(name)
        check_book(name, made[name])
        fields_of_book = [
            field for cls in CLASSES if cls.book == name for field in cls.__dataclass_fields__
        ]
        check_use(name, made[name], fields_of_book)
    return made


def own_levers(cls: type[AbstractMechanism]) -> tuple[Lever, ...]:
    """Levers that a mechanism obeys: those that its folder declares."""
    return declared(package_of(cls.name))


@cache
def levers() -> dict[str, Lever]:
    """Every lever by name, in the order of the year.

    Raises
    ------
    AssemblyError
        A declaration that `declared` refuses, one name twice, a lever that the mechanism which
        obeys it does not read, or one that brings in what is no option.
    """
    for cls in CLASSES:
        for lever in own_levers(cls):
            _check_obeyed(cls, lever)
    return by_name(lever for cls in CLASSES for lever in own_levers(cls))


def _check_obeyed(cls: type[AbstractMechanism], lever: Lever) -> None:
    where = f"{location(package_of(cls.name), 'levers.toml')}:{lever.name}"
    if lever.name not in cls.levers:
        raise AssemblyError(
            f"{cls.name} obeys the lever {lever.name!r} and does not say that it reads it",
            fix=f"name it in `levers` of {cls.__name__}, or take it out here",
            where=where,
        )
    if lever.brings not in ("", *OPTIONS):
        raise AssemblyError(
            f"the lever {lever.name!r} brings {lever.brings!r}, which is no option",
            fix=nearest(lever.brings, OPTIONS),
            where=where,
        )


@cache
def fields() -> dict[str, FieldCard]:
    """Fields of the year by name, as the mechanisms' folders declare them.

    Raises
    ------
    AssemblyError
        Two mechanisms declare one field, or one declares what `fields_of` refuses.
    """
    declared_by: dict[str, str] = {}
    cards: dict[str, FieldCard] = {}
    for cls in CLASSES:
        for name, card in fields_of(package_of(cls.name)).items():
            if name in declared_by:
                raise AssemblyError(
                    f"{name!r} is declared by {declared_by[name]} and {cls.name}",
                    fix="declare it in one; the other may write it too",
                    where=f"{location(package_of(cls.name), 'fields.py')}:{name}",
                )
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
        What `comity.engine.year.assemble` refuses, a mechanism that cannot be built, or a lever
        whose level of the base year the world does not hold.
    """
    for lever in levers().values():
        _check_base(lever, world)
    made = tuple(built(cls, world, books()[cls.book]) for cls in classes(options))
    return assemble(made, fields(), levers(), dormant())


def _check_base(lever: Lever, world: World) -> None:
    if not lever.base:
        return
    level = getattr(world, lever.base, None)
    if getattr(level, "shape", None) != lever.shape(world.count, len(world.frameworks)):
        raise AssemblyError(
            f"the lever {lever.name!r} starts from {lever.base!r}, which the world does not hold "
            f"for each {lever.kind}",
            fix=nearest(lever.base, world.cards),
            where=f"{location(package_of(lever.obeyed_by), 'levers.toml')}:{lever.name}",
        )
