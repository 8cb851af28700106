"""What one mechanism's folder declares in Python, read and checked: class, fields, measures.

A mistake is refused here, with the file and the entry, before any world is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from comity.core.bibliography import entries
from comity.core.errors import AssemblyError, ComityError, nearest
from comity.core.parameters import Parameter
from comity.core.toml_tables import location
from comity.core.words import words
from comity.engine.contract import AbstractMechanism
from comity.engine.measures import Outcome
from comity.engine.trial import failed
from comity.world.given import FieldCard, World, cards, check_card

NAMES = ("reads", "lagged", "writes", "levers", "keeps")
TEXTS = ("name", "book", "phase", "reference")


def package_of(name: str) -> str:
    """Package of a mechanism by its name."""
    return f"comity.mechanisms.{name}"


@cache
def class_of(package: str) -> type[AbstractMechanism]:
    """Class of the mechanism that a package declares, its class variables checked.

    Raises
    ------
    AssemblyError
        No such folder, no class or two, or a class variable that is missing or of another kind.
    """
    where, name = location(package, "__init__.py"), package.rpartition(".")[2]
    if find_spec(package) is None:
        raise AssemblyError(
            f"there is no mechanism {name!r}", fix="mend its name in catalogue.py", where=where
        )
    here = {
        thing
        for thing in vars(import_module(package)).values()
        if isinstance(thing, type)
        and issubclass(thing, AbstractMechanism)
        and f"{thing.__module__}.".startswith(f"{package}.")
    }
    if len(here) != 1:
        both = ", ".join(sorted(one.__name__ for one in here)) or "none"
        raise AssemblyError(
            f"a mechanism's folder declares one mechanism, and here are: {both}",
            fix="give each a folder of its own",
            where=where,
        )
    (cls,) = here
    _check_class(cls, name, f"{where}:{cls.__name__}")
    return cls


def _check_class(cls: type[AbstractMechanism], name: str, where: str) -> None:
    for key in (*TEXTS, *NAMES):
        value = cls.__dict__.get(key)
        if key in cls.__dict__ and key not in cls.__annotations__:
            raise AssemblyError(
                f"{key} has no type, so that it is no class variable",
                fix=f"write {key}: ClassVar[{'str' if key in TEXTS else 'tuple[str, ...]'}] = ...",
                where=where,
            )
        if key in TEXTS and not (isinstance(value, str) and value):
            raise AssemblyError(f"{key} is {value!r}", fix="write a text", where=where)
        texts = isinstance(value, tuple) and all(isinstance(one, str) for one in value)
        if key in NAMES and not texts:
            raise AssemblyError(
                f"{key} is {value!r}",
                fix='write a tuple of names, as in ("milex",) or ()',
                where=where,
            )
    if cls.name != name:
        raise AssemblyError(
            f"name is {cls.name!r}", fix=f"write that of the folder, {name!r}", where=where
        )
    if cls.reference not in entries():
        raise AssemblyError(
            f"reference is {cls.reference!r}, which the bibliography does not hold",
            fix=nearest(cls.reference, entries()),
            where=where,
        )


@cache
def fields_of(package: str) -> dict[str, FieldCard]:
    """Fields of the year that a package declares, by name.

    Raises
    ------
    AssemblyError
        No ``FIELDS``, what is no card, a name that the world has already or that code cannot read,
        an unknown axis, a field without a start.
    """
    where = location(package, "fields.py")
    if find_spec(f"{package}.fields") is None:
        raise AssemblyError(
            "there is no such file", fix="write it, with FIELDS = {} where none", where=where
        )
    declared = getattr(import_module(f"{package}.fields"), "FIELDS", None)
    if not isinstance(declared, Mapping):
        raise AssemblyError(
            f"FIELDS is {declared!r}", fix="write FIELDS = {NAME: moving(...)}", where=where
        )
    taken = {*World.__dataclass_fields__, *dir(World)}
    for name, card in declared.items():
        at = f"{where}:{name}"
        if name in cards():
            raise AssemblyError(f"the world has the field {name!r} already", where=at)
        if not isinstance(name, str) or not name.isidentifier() or name in taken:
            raise AssemblyError(
                f"{name!r} cannot name a field",
                "code reads world.NAME, and that is no name or means something else there",
                "choose another one, of letters, digits and _",
                at,
            )
        if not isinstance(card, FieldCard):
            raise AssemblyError(
                f"the field {name!r} is {card!r}", fix="write moving(...)", where=at
            )
        check_card(name, card, at)
    return dict(declared)


def check_book(name: str, numbers: Mapping[str, Parameter]) -> None:
    """Refuse a number that futures draw and nothing names.

    Raises
    ------
    BadInput
        It has no words. A fixed number is in no table of what was drawn, and needs none.
    """
    for key, number in numbers.items():
        if number.prior.kind != "fixed":
            words(package_of(name))[f"number.{name}.{key}"]


def check_use(name: str, numbers: Mapping[str, Parameter], fields: Iterable[str]) -> None:
    """Refuse a number of a book that no class with this book has a field for."""
    for key in numbers:
        if key not in fields:
            raise AssemblyError(
                f"no mechanism has a field {key!r}, so nothing uses this number",
                fix=f"{nearest(key, fields)} or take it out of the book",
                where=f"{location(package_of(name), 'numbers.toml')}:{key}",
            )


class Numbers(dict[str, Parameter]):
    """A book as `build` takes it; one that is not there is an error that names the book."""

    book = ""

    def __missing__(self, key: str) -> Parameter:
        raise AssemblyError(
            f"there is no number {key!r}",
            fix=f"write [{key}], or {nearest(key, self)}" if self else f"write [{key}]",
            where=location(package_of(self.book), "numbers.toml"),
        )


def built(
    cls: type[AbstractMechanism], world: World, numbers: Mapping[str, Parameter]
) -> AbstractMechanism:
    """The mechanism for a world.

    Raises
    ------
    AssemblyError
        Its ``build`` fails, as where a field has no number in the book.
    """
    mine = Numbers(numbers)
    mine.book = cls.book
    try:
        return cls.build(world, mine)
    except ComityError:
        raise
    except Exception as error:
        raise failed(f"{cls.name} cannot be built", error, package_of(cls.name)) from error


def measures_of(package: str, actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Measures of an actor that a package declares; none where it has no ``measures.py``.

    Raises
    ------
    AssemblyError
        No function ``measures``, one that fails, or one that gives anything but measures.
    BadInput
        A measure without words.
    """
    if find_spec(f"{package}.measures") is None:
        return ()
    where = location(package, "measures.py")
    module: Any = import_module(f"{package}.measures")
    if not callable(getattr(module, "measures", None)):
        raise AssemblyError("there is no function measures(actor, partners)", where=where)
    try:
        made = tuple(module.measures(actor, partners))
    except ComityError:
        raise
    except Exception as error:
        raise failed("its measures cannot be listed", error, package) from error
    for one in made:
        if not isinstance(one, Outcome):
            raise AssemblyError(f"{one!r} is no measure", fix="write measure(...)", where=where)
    return made
