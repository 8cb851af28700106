"""Levers: the few general things that states can move, and where they stand in a year.

A lever is data: ``levers.toml`` in the folder of the mechanism that obeys it says what kind of
array it is, how moves combine, how a region weighs its states and which values are allowed;
``words.toml`` beside it says in every language what it does. Scenario and strategy files are
checked against these declarations, and nothing else declares a lever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from functools import cache
from importlib import resources
from keyword import iskeyword
from string import Formatter
from typing import Any, Literal, get_args, get_origin, get_type_hints

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array

from comity.core.errors import AssemblyError, nearest
from comity.core.toml_tables import check_keys, location, read
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
        A move in the words of reports, by language; `filled` names what may stand in braces, of
        which ``{value}`` is in per cent.
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
        raise AttributeError(f"no lever {name!r} is declared; {nearest(name, at)}")

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
        An unknown key or choice, a value of the wrong kind, a name that code cannot use, bounds
        in the wrong order, arguments that do not fit its kind, or a lever without words.
    """
    if not resources.files(package).joinpath("levers.toml").is_file():
        return ()
    texts, obeyed_by = words(package), package.rpartition(".")[2]
    where = location(package, "levers.toml")
    return tuple(
        _lever(name, entry, texts, obeyed_by, f"{where}:{name}")
        for name, entry in read(package, "levers.toml").items()
    )


def _lever(name: str, entry: Any, texts: Mapping[str, Text], obeyed_by: str, where: str) -> Lever:
    _check_name(name, where)
    check_keys(entry, *_keys(), where, AssemblyError)
    for key, allowed in CHOICES.items():
        if entry.get(key, allowed[0]) not in allowed:
            raise AssemblyError(
                f"{key} of the lever {name!r} is {entry[key]!r}",
                fix=f"use one of {', '.join(filter(None, allowed))}",
                where=where,
            )
    for key in ("sentence", "act", *(("times",) if entry.get("base") else ())):
        if f"lever.{name}.{key}" not in texts:
            raise AssemblyError(
                f"the lever {name!r} has no words",
                fix=f"write lever.{name}.{key} in words.toml",
                where=where,
            )
    listed = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
    declared_here: dict[str, Any] = listed
    lever = Lever(
        **declared_here,
        name=name,
        obeyed_by=obeyed_by,
        sentence=texts[f"lever.{name}.sentence"],
        act=texts[f"lever.{name}.act"],
        times=texts.get(f"lever.{name}.times", {}),
    )
    for fault, fix in _faults(lever):
        raise AssemblyError(f"the lever {name!r}: {fault}", fix=fix, where=where)
    for key, text in texts.items():
        if key.startswith(f"lever.{name}."):
            _check_words(lever, key, text, where)
    return lever


def _check_name(name: str, where: str) -> None:
    taken = {*Levers.__dataclass_fields__, *dir(Levers)}
    if not name.isidentifier() or iskeyword(name) or name in taken:
        raise AssemblyError(
            f"{name!r} cannot name a lever",
            "code reads levers.NAME, and that is no name or means something else there",
            "choose another one, of letters, digits and _",
            where,
        )


@cache
def _keys() -> tuple[dict[str, str], dict[str, str]]:
    """What the keys of an entry hold, by name: those needed, and the others."""
    kinds = {str: "a text", float: "a finite number", bool: "true or false"}
    needed, optional = {}, {}
    for name, hint in get_type_hints(Lever).items():
        one = Lever.__dataclass_fields__[name]
        # Name and folder are given by where it stands, and words by their file.
        if name in ("name", "obeyed_by") or hint == Text:
            continue
        default = "a list of texts" if get_origin(hint) is tuple else "a text"
        into = needed if one.default is MISSING else optional
        into[name] = kinds.get(hint, default)
    return needed, optional


def _faults(lever: Lever) -> Iterator[tuple[str, str]]:
    """What does not fit together in a declaration, with the fix; nothing where all does."""
    wanted = {
        "dyad": ("two arguments that name states", 2),
        "state": ("one argument, that names a state", 1),
        "membership": ('the arguments "framework" and "state"', 2),
        "framework": ('the argument "framework"', 1),
        "category": (f"one argument that names a state, then its axis, {lever.axis!r}", 2),
    }
    said, count = wanted[lever.kind]
    names, sides = lever.signature, lever.sides
    fits = {
        "dyad": len(sides) == 2,
        "state": len(sides) == 1,
        "membership": set(names) == {"framework", "state"},
        "framework": names == ("framework",),
        "category": len(sides) == 1 and names[-1] == lever.axis,
    }[lever.kind]
    if lever.kind == "category" and lever.axis not in axes():
        yield f"it runs over no known axis: {lever.axis!r}", nearest(lever.axis, axes())
    if lever.kind != "category" and lever.axis:
        yield f"one of kind {lever.kind} has no axis", 'take `axis` out, or use kind = "category"'
    if not fits or len(names) != count or len(set(names)) != count:
        yield f"kind {lever.kind} does not fit its arguments {list(names)}", f"write {said}"
    merges = {"framework": ("",), "dyad": CHOICES["merges_by"][1:]}.get(lever.kind, ("gdp",))
    if lever.merges_by not in merges:
        yield (
            f"one of kind {lever.kind} cannot merge by {lever.merges_by!r}",
            "a framework's merges by nothing, a state's by gdp, a pair's by any",
        )
    if not lever.low < lever.high:
        yield f"its bounds {lever.low:g} and {lever.high:g} are no range", "low must lie below high"
    yield from _faults_of_combining(lever)


def _faults_of_combining(lever: Lever) -> Iterator[tuple[str, str]]:
    combine, dyad = lever.combine, lever.kind == "dyad"
    if combine in ("factor", "pact") and not dyad:
        yield f"combine {combine!r} is for pairs of states", 'use "add" or "share"'
    if combine == "share" and dyad:
        yield "combine 'share' is not for pairs of states", 'use "add", "factor" or "pact"'
    least, most = {"share": (0.0, 1.0), "pact": (-1.0, 1.0)}.get(combine, (lever.low, lever.high))
    if lever.low < least or lever.high > most:
        yield (
            f"combine {combine!r} holds it from {least:g} to {most:g}",
            f"its bounds {lever.low:g} and {lever.high:g} must lie there",
        )
    if combine == "factor" and lever.low <= -1.0:
        yield f"a cost factor of {1.0 + lever.low:g} is none", "low must lie above -1"
    if lever.rows and not (dyad and combine == "add" and lever.rows in lever.signature):
        yield (
            f"its rows cannot be {lever.rows!r}",
            f"use one of {', '.join(lever.signature)}; only pairs that add up have rows",
        )
    if lever.base and lever.kind not in ("dyad", "state"):
        yield f"one of kind {lever.kind} has no level to replace", "take `base` out"


def _check_words(lever: Lever, key: str, text: Text, where: str) -> None:
    """Refuse words with a placeholder that nothing fills, and a value unsaid or said of none."""
    # A sentence says what the lever does, whoever moves it.
    known = () if key.endswith(".sentence") else filled(lever)
    for lang, said in text.items():
        try:
            used = {name for _, name, _, _ in Formatter().parse(said) if name is not None}
            said.format(**dict.fromkeys(known, "x"))
        except (AttributeError, LookupError, ValueError) as error:
            names = ", ".join(f"{{{name}}}" for name in known)
            raise AssemblyError(
                f"{key} in {lang} cannot be filled in: {said!r} ({error})",
                fix=f"use {names}" if names else "use no {placeholder}",
                where=where,
            ) from None
        if not key.endswith(".sentence") and bool(used & {"value", "plain"}) != lever.valued:
            raise AssemblyError(
                f"{key} in {lang} says a value, and its moves take none: {said!r}"
                if used & {"value", "plain"}
                else f"{key} in {lang} does not say the value of a move: {said!r}",
                fix="take it out" if not lever.valued else "use {value} (per cent) or {plain}",
                where=where,
            )


def filled(lever: Lever) -> tuple[str, ...]:
    """Placeholders that a move of the lever fills in the words of reports."""
    own = {"dyad": ("targets",), "category": ("categories",)}.get(lever.kind, ())
    of_framework = ("framework",) if "framework" in lever.signature else ()
    return ("actors", *own, *of_framework, "sign", "value", "plain")


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
            raise AssemblyError(
                f"the lever {lever.name!r} is declared by {indexed[lever.name].obeyed_by} and by "
                f"{lever.obeyed_by}, not alike",
                fix="declare it once, where it is obeyed, or give one another name",
                where=f"{lever.obeyed_by}/levers.toml:{lever.name}",
            )
    return indexed
