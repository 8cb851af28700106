"""Levers: the few general things that states can move, and where they stand in a year.

A lever is data: ``levers.toml`` in the folder of the mechanism that obeys it says what kind of
array it is, how moves combine, how a region weighs its states and which values are allowed;
``words.toml`` beside it says in every language what it does. Scenario and strategy files are
checked against these declarations, and nothing else declares a lever.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array

from comity.core.errors import AssemblyError
from comity.core.words import Text, words
from comity.registry.axes import axes

Kind = Literal["dyad", "state", "membership", "framework", "category"]
# How the moves of a year become the position: their sum; a sum of shares, between 0 and 1; cost
# factors of both sides multiplied; a pact, which holds both ways, made (1) or ended (-1).
Combine = Literal["add", "share", "factor", "pact"]
# What a region weighs its states' moves by: GDP, trade both ways, sales of goods, or nothing.
MergesBy = Literal["", "gdp", "trade", "goods", "sum"]
CHOICES = {"kind": get_args(Kind), "combine": get_args(Combine), "merges_by": get_args(MergesBy)}


@dataclass(frozen=True)
class Lever:
    """Something that a state can move.

    Parameters
    ----------
    name
        Word used in files.
    signature
        Names of its arguments in files; the first one that is a state is the one that moves it.
    unit
        Unit of its value.
    low, high
        Bounds of the value of one move.
    sentence
        What a move does, by language.
    act
        A move in the words of reports, by language; ``{actors}``, ``{targets}``, ``{framework}``,
        ``{categories}``, ``{sign}``, ``{value}`` (in per cent), ``{plain}``.
    obeyed_by
        Mechanism that turns the lever into a change of the world.
    kind
        ``dyad`` (a value for a pair), ``state`` (a value for a state), ``membership`` (a state
        and a framework), ``framework`` (a value for a framework) or ``category`` (a state and one
        of the labels of an axis).
    combine, merges_by
        How moves add up, and how a region weighs its states; see `Combine`, `MergesBy`.
    rows
        Argument that the rows of a dyadic position stand for; the first if empty.
    base
        What the world calls the lever's level of the base year, which a move with ``set`` replaces
        and one with ``times`` multiplies; if empty ``set`` puts in place of nil.
    valued
        False where a move takes no value, as in joining a framework.
    brings
        Option that comes in where the lever is moved, beside the mechanism that obeys it.
    axis
        Name of the axis in `comity.registry.axes` that a ``category`` lever runs over.
    frameworks
        The frameworks that it acts on; every one if empty.
    times
        A move with ``times`` in the words of reports; empty where there is no ``base``.
    """

    name: str
    signature: tuple[str, ...]
    unit: str
    low: float
    high: float
    sentence: Text = field(hash=False)
    act: Text = field(hash=False)
    obeyed_by: str
    kind: Kind
    combine: Combine = "add"
    merges_by: MergesBy = ""
    rows: str = ""
    base: str = ""
    valued: bool = True
    brings: str = ""
    axis: str = ""
    frameworks: tuple[str, ...] = ()
    times: Text = field(hash=False, default_factory=dict)

    @property
    def actor(self) -> str:
        """Argument that names who moves the lever."""
        return "state" if self.kind == "membership" else self.signature[0]

    @property
    def sides(self) -> tuple[str, ...]:
        """Arguments that name states."""
        return tuple(name for name in self.signature if name not in ("framework", self.axis))

    @property
    def symmetric(self) -> bool:
        """Whether the pair has no direction: a move holds both ways."""
        return self.combine in ("factor", "pact")

    @property
    def in_per_cent(self) -> bool:
        """Whether its value is a fraction, which words show in per cent."""
        return "{value}" in self.act["en"]

    @property
    def turned(self) -> bool:
        """Whether the actor of a dyadic lever stands in the columns."""
        return self.rows not in ("", self.signature[0])

    def shape(self, states: int, frameworks: int) -> tuple[int, ...]:
        """Shape of its position in a world of this size."""
        return {
            "dyad": (states, states),
            "state": (states,),
            "membership": (frameworks, states),
            "framework": (frameworks,),
            "category": (states, len(axes().get(self.axis, ()))),
        }[self.kind]


class Levers(eqx.Module):
    """Where the levers stand in one year, by name, as additions to the base-year world.

    ``levers.tariff`` and the like; rows of a dyadic one are what its declaration says, (K, N) for
    memberships, (N,) for states, (K,) for frameworks, (N, labels) for categories.
    """

    at: dict[str, Array]

    def __getattr__(self, name: str) -> Array:
        at = self.__dict__.get("at", {})
        if name in at:
            return at[name]
        raise AttributeError(f"no lever {name!r} stands here")

    def replace(self, moved: Mapping[str, Array]) -> Levers:
        """Return a copy in which the levers named stand elsewhere; same shapes."""
        if unknown := set(moved) - set(self.at):
            raise AttributeError(f"no lever {sorted(unknown)} stands here")
        return Levers(self.at | dict(moved))


def position(lever: Lever, moved: Array) -> Array:
    """Position of a lever from the sum of the year's moves, rows of a dyad the actors."""
    if lever.combine == "factor":
        return (1.0 + moved) * (1.0 + moved.T) - 1.0
    if lever.combine == "pact":
        return jnp.clip(moved + moved.T, -1.0, 1.0)
    return moved.T if lever.turned else moved


@cache
def declared(package: str) -> tuple[Lever, ...]:
    """Levers that the mechanism in a package obeys; none where it has no ``levers.toml``.

    Raises
    ------
    AssemblyError
        An unknown key or choice, bounds in the wrong order, an actor that is no argument, or a
        lever without words.
    """
    place = resources.files(package).joinpath("levers.toml")
    if not place.is_file():
        return ()
    texts = words(package)
    table = tomllib.loads(place.read_text(encoding="utf-8"))
    obeyed_by = package.rpartition(".")[2]
    return tuple(_lever(name, entry, texts, obeyed_by) for name, entry in table.items())


def _lever(name: str, entry: Mapping[str, Any], texts: Mapping[str, Text], obeyed_by: str) -> Lever:
    where = f"{obeyed_by}/levers.toml:{name}"
    for key in ("sentence", "act", *(("times",) if entry.get("base") else ())):
        if f"lever.{name}.{key}" not in texts:
            raise AssemblyError(
                f"the lever {name!r} has no words",
                fix=f"write lever.{name}.{key} in {obeyed_by}/words.toml",
                where=where,
            )
    declared_here: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    try:
        lever = Lever(
            **declared_here,
            name=name,
            obeyed_by=obeyed_by,
            sentence=texts[f"lever.{name}.sentence"],
            act=texts[f"lever.{name}.act"],
            times=texts.get(f"lever.{name}.times", {}),
        )
    except (TypeError, KeyError) as error:
        raise AssemblyError(f"the lever {name!r} cannot be read: {error}", where=where) from None
    for key, allowed in CHOICES.items():
        if getattr(lever, key) not in allowed:
            raise AssemblyError(
                f"{key} of the lever {name!r} is {getattr(lever, key)!r}",
                fix=f"use one of {', '.join(filter(None, allowed))}",
                where=where,
            )
    merges = lever.merges_by in (("",) if lever.kind == "framework" else ("gdp",))
    if not (merges or (lever.kind == "dyad" and lever.merges_by)):
        raise AssemblyError(
            f"the lever {name!r} of kind {lever.kind} cannot merge by {lever.merges_by!r}",
            fix="a framework's merges by nothing, a state's by gdp, a pair's by any",
            where=where,
        )
    if not lever.low < lever.high or lever.actor not in lever.signature:
        raise AssemblyError(f"bounds or actor of the lever {name!r} are wrong", where=where)
    if lever.kind == "category" and lever.axis not in axes():
        raise AssemblyError(f"the lever {name!r} runs over no known axis", where=where)
    return lever


def acts_of(levers: Iterable[Lever]) -> dict[str, Text]:
    """A move of each lever in the words of reports, by name; ``NAME.times`` for one with times."""
    found: dict[str, Text] = {}
    for lever in levers:
        found[lever.name] = lever.act
        if lever.times:
            found[f"{lever.name}.times"] = lever.times
    return found


def by_name(levers: Iterable[Lever]) -> dict[str, Lever]:
    """Index levers by name.

    Raises
    ------
    AssemblyError
        Two different declarations of one name.
    """
    indexed: dict[str, Lever] = {}
    for lever in levers:
        if indexed.setdefault(lever.name, lever) != lever:
            raise AssemblyError(f"the lever {lever.name!r} is declared twice with different bounds")
    return indexed
