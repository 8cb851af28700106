"""The names a file may use, and how lists of parties become ids of states."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from comity.core.errors import BadInput
from comity.engine.levers import Lever
from comity.files.cursor import Cursor
from comity.files.documents import nearest, shown

EXCEPT = " except "


@dataclass(frozen=True)
class Vocabulary:
    """Valid names, handed to the checks as values.

    Parameters
    ----------
    levers
        Declared levers by name.
    find
        Id of the state that a text names in a year; raises `BadInput` for none, several, or one
        that does not exist then.
    states
        Ids of the states that exist in a year.
    members
        Members of each framework at the end of the base year.
    groups
        Lists of states that the file itself names.
    options
        Names of the mechanisms that a file may switch on.
    actor
        State that the word ACTOR stands for: the one whose strategies are compared. Where it is
        empty, as in lists of scenarios, ACTOR stands for no state.
    beside
        Other states whose strategies are compared at the same time: what is said of all but ACTOR
        is not said of them either.
    """

    levers: Mapping[str, Lever]
    find: Callable[[str, int], str]
    states: Callable[[int], Sequence[str]]
    members: Mapping[str, frozenset[str]]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    options: Collection[str] = ()
    actor: str = ""
    beside: tuple[str, ...] = ()

    def grouped(self, groups: Mapping[str, frozenset[str]]) -> Vocabulary:
        """The same vocabulary with a file's groups added."""
        return replace(self, groups={**self.groups, **groups})

    def named(self, name: str, year: int) -> str:
        """What a name stands for beside groups, as in `a state`; empty where it is free."""
        if name in ("ALL", "ACTOR"):
            return "a word of the format"
        if name in self.members:
            return "a framework"
        if name in self.states(year):
            return "a state"
        try:
            return f"a name of {self.find(name, year)}"
        except BadInput:
            return ""


@dataclass(frozen=True)
class Party:
    """States that a list of names stands for; ``named`` are those written one by one."""

    ids: frozenset[str]
    named: frozenset[str]


def party(names: Sequence[str], year: int, words: Vocabulary, at: Cursor) -> Party:
    """States that ``names`` stand for in a year; what is wrong with a name is noted at its place.

    Parameters
    ----------
    names
        Ids or names of states, ``ACTOR``, frameworks, groups, ``ALL``, and any of these
        ``except`` others.
    year
        Year in which the states must exist.
    words
        Valid names.
    at
        Place of the names in the file.
    """
    found: set[str] = set()
    named: set[str] = set()
    for index, name in enumerate(names):
        try:
            ids, single = _meant(name.strip(), year, words)
        except BadInput as error:
            at[index].caught(error)
            continue
        found |= ids
        named |= ids if single else frozenset()
    return Party(frozenset(found), frozenset(named))


def _meant(name: str, year: int, words: Vocabulary) -> tuple[frozenset[str], bool]:
    """Ids that one name stands for, and whether it names a single state."""
    base, split, rest = " ".join(name.split()).partition(EXCEPT)
    if split:
        return _remaining(base, rest, year, words)
    bare = name.removeprefix("@")
    if bare == "ALL":
        return frozenset(words.states(year)), False
    if bare == "ACTOR":
        return frozenset((words.actor,) if words.actor else ()), True
    if bare in words.groups:
        return words.groups[bare], False
    if bare in words.members:
        return _members(bare, words), False
    if name.startswith("@"):
        raise BadInput(
            f"there is no framework or group {shown(bare)}",
            fix=nearest(bare, (*words.members, *words.groups)),
        )
    return frozenset((words.find(bare, year),)), True


def _remaining(base: str, rest: str, year: int, words: Vocabulary) -> tuple[frozenset[str], bool]:
    """What is left of a name without the names after ``except``."""
    gone = [part.strip() for part in rest.removeprefix("[").removesuffix("]").split(",")]
    if EXCEPT in rest or not all(gone):
        raise BadInput(
            f"{shown(base + EXCEPT + rest)} cannot be read",
            fix="write one `except` and names after it, as in `ALL except USA, EU`",
        )
    ids, single = _meant(base, year, words)
    without = [_meant(part, year, words)[0] for part in gone]
    if any(part.removeprefix("@") == "ACTOR" for part in gone):
        without.append(frozenset(words.beside))
    return ids.difference(*without), single


def _members(framework: str, words: Vocabulary) -> frozenset[str]:
    members = words.members[framework]
    if len(members) < 2:
        raise BadInput(
            f"the framework {framework!r} has fewer than two members",
            "a framework binds at least two states",
            "name the state by its id",
        )
    return members


def framework_named(name: str, words: Vocabulary) -> str:
    """Id of a framework.

    Raises
    ------
    BadInput
        No such framework, or one with fewer than two members.
    """
    bare = name.removeprefix("@")
    if bare not in words.members:
        raise BadInput(f"there is no framework {shown(bare)}", fix=nearest(bare, words.members))
    _members(bare, words)
    return bare
