"""Scenarios: dated lever moves, rules and uncertainties, read from guarded YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeVar

from comity.core.errors import BadInput
from comity.core.own_numbers import Own
from comity.files.cursor import Cursor
from comity.files.documents import Document, nearest, read, shown
from comity.files.shapes import filled, note_empty
from comity.scenarios.bounds import beyond, check_together, pushes
from comity.scenarios.forms import FIRST_YEAR, MAX_MOVES, MoveForm, ScenarioForm
from comity.scenarios.idle import before_founding, check_inherited, idle_memberships
from comity.scenarios.move_checks import Setting, checked
from comity.scenarios.move_parts import founded
from comity.scenarios.moves import Move, conflicts, rule_conflicts
from comity.scenarios.own_parameters import own_parameters
from comity.scenarios.rules import Rule, scenario_rules
from comity.scenarios.uncertainty import Uncertainty, uncertainties
from comity.scenarios.vocabulary import Vocabulary, party

FORMAT = 1
LAST_DEFAULT = 2035
HeadT = TypeVar("HeadT", bound=ScenarioForm)


@dataclass(frozen=True)
class Scenario:
    """A named course of events.

    ``title``, ``question`` and ``summary`` are texts by language; ``groups`` are lists of states
    that the file names; moves, rules and uncertainties include those of the scenarios it extends.
    ``mechanisms`` are those that it switches on beside the year's own; ``objective`` is the measure
    that strategies are ranked by, empty for real consumption; ``parameters`` are numbers of the
    model that the file sets in place of those of the books.
    Moves and rules may depend on the state whose strategies are compared (the word ACTOR); they
    are those for the ``actor`` of the vocabulary that the file was read with.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    summary: Mapping[str, str]
    first_year: int
    last_year: int
    uncertainties: tuple[Uncertainty, ...]
    moves: tuple[Move, ...]
    rules: tuple[Rule, ...]
    groups: Mapping[str, frozenset[str]]
    file: str
    mechanisms: tuple[str, ...] = ()
    objective: str = ""
    parameters: tuple[Own, ...] = ()


@dataclass(frozen=True)
class Body:
    """What scenario and strategy files share once checked."""

    years: tuple[int, int]
    groups: Mapping[str, frozenset[str]]
    doubts: Mapping[str, Uncertainty]
    moves: tuple[Move, ...]

    @classmethod
    def of(
        cls,
        years: tuple[int, int],
        groups: Mapping[str, frozenset[str]],
        uncertainties: tuple[Uncertainty, ...],
        moves: tuple[Move, ...],
    ) -> Body:
        """Body of a scenario or strategy that is already read, for those that extend it."""
        return cls(years, groups, {doubt.name: doubt for doubt in uncertainties}, moves)


def load_scenario(source: str | Path, words: Vocabulary) -> Scenario:
    """Read a scenario by the name of a library file or by path.

    ``words.actor`` is the state whose strategies are compared; where it is empty, what depends on
    the word ACTOR is left out.

    Raises
    ------
    BadInput
        Every problem of the file, sorted by line.
    """
    return parse_scenario(read(locate(source, "scenario")), words)


def parse_scenario(document: Document, words: Vocabulary, seen: tuple[str, ...] = ()) -> Scenario:
    """Scenario of a document that is already read; raises as `load_scenario`."""
    at = Cursor(document)
    head = headed(at, "scenario", ScenarioForm)
    parent = parent_path(at, "scenario", head.extends, seen)
    above = parse_scenario(read(parent), words, chain(document, seen)) if parent else None
    given = (
        Body.of((above.first_year, above.last_year), above.groups, above.uncertainties, above.moves)
        if above
        else None
    )
    body = body_of(at, head, words, given)
    _check_mechanisms(head, at["mechanisms"], words)
    rules = scenario_rules(at["rules"], setting_of(words, body))
    ruled = [rule.move for rule in (*(above.rules if above else ()), *rules)]
    at.problems.extend(rule_conflicts(body.moves, ruled, symmetric(words)))
    check_bounds(at, body, ruled, words)
    own = body.moves[len(above.moves) if above else 0 :]
    mine = all_moves(own, rules)
    at.problems.extend(before_founding(body.moves, [rule.move for rule in rules], words))
    at.problems.extend(idle_memberships(body.moves, mine, words))
    if above and given:
        check_inherited(
            all_moves(above.moves, above.rules), given.doubts, body.doubts, at["uncertainties"]
        )
    mine = own_parameters(at["parameters"], above.parameters if above else ())
    note_empty(at)
    if at.problems or head.question is None:
        raise at.refusal()
    return Scenario(
        head.name,
        head.title.both(),
        head.question.both(),
        head.summary.both(),
        *body.years,
        tuple(body.doubts.values()),
        body.moves,
        (*(above.rules if above else ()), *rules),
        body.groups,
        document.name,
        tuple(dict.fromkeys((*(above.mechanisms if above else ()), *head.mechanisms))),
        head.objective or (above.objective if above else ""),
        mine,
    )


def library_names(kind: str) -> tuple[str, ...]:
    """Names of the scenarios (``kind`` scenario) or strategies that ship with the package."""
    folder = _library(kind)
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def locate(source: str | Path, kind: str) -> Path:
    """Path of a library name or a file path.

    Raises
    ------
    BadInput
        Neither a path nor a library name.
    """
    text = str(source)
    if isinstance(source, Path) or "/" in text or "\\" in text or text.endswith((".yaml", ".yml")):
        return Path(source)
    if text not in library_names(kind):
        raise BadInput(
            f"there is no {kind} {shown(text)} in the library",
            fix=nearest(text, library_names(kind)) + ", or give the path of a file",
        )
    return _library(kind) / f"{text}.yaml"


def _library(kind: str) -> Path:
    folder = "strategies" if kind == "strategy" else "scenarios"
    return Path(str(resources.files("comity.library"))) / folder


def headed(at: Cursor, kind: str, form: type[HeadT]) -> HeadT:
    """Head of a file, after a look at what it is and of which format.

    Raises
    ------
    BadInput
        Another kind or format of file, or a head of which too little can be read.
    """
    given = at["comity"].value
    if isinstance(given, str):
        word, _, version = given.partition(" ")
        if word != kind:
            raise at["comity"].fault(
                f"this file is a {shown(word)}, not a {kind}",
                f"begin with `comity: {kind} {FORMAT}`",
            )
        if version != str(FORMAT):
            raise at["comity"].fault(
                f"format {shown(version)} is not known",
                f"write `comity: {kind} {FORMAT}`",
                why=f"this version reads format {FORMAT}",
            )
    head = filled(form, at)
    if head is None:
        raise at.refusal()
    return head


def chain(document: Document, seen: tuple[str, ...]) -> tuple[str, ...]:
    """Files on the way down to the parent of ``document``."""
    return (*seen, str(Path(document.name).resolve()))


def parent_path(at: Cursor, kind: str, extends: str | None, seen: tuple[str, ...]) -> Path | None:
    """Path of the file that the one with root ``at`` extends; None if it extends none.

    Raises
    ------
    BadInput
        No such file, a path that leaves the folder, or a circle of files.
    """
    if extends is None:
        return None
    here, document = at["extends"], at.document
    try:
        path = locate(extends, kind)
    except BadInput as error:
        raise here.fault(error.what, error.fix, why=error.why) from None
    if path.parent != _library(kind):
        if document.folder is None or path.is_absolute() or ".." in path.parts or "\\" in extends:
            raise here.fault(
                f"extends: {shown(extends)} leads out of the folder of this file",
                "put both files in one folder",
                why="a shared file must not reach other folders",
            )
        path = document.folder / path
    if not path.is_file():
        raise here.fault(
            f"extends: there is no file {shown(str(path))}",
            f"name one of the library: {', '.join(library_names(kind))}",
        )
    files = chain(document, seen)
    if str(path.resolve()) in files:
        circle = " -> ".join(Path(file).name for file in (*files, str(path)))
        raise here.fault(f"extends runs in a circle: {circle}", "delete one `extends`")
    return path


def body_of(at: Cursor, head: ScenarioForm, words: Vocabulary, above: Body | None) -> Body:
    """Years, groups, uncertainties and moves of a file, those of its parents included."""
    years = _years(head, at["horizon"], above)
    groups = dict(above.groups) if above else {}
    groups |= _groups(head, at["groups"], words.grouped(groups))
    doubts = dict(above.doubts) if above else {}
    doubts |= uncertainties(at["uncertainties"])
    places = at["moves"].items()[:MAX_MOVES]
    new = founded([place.value for place in places])
    new |= {move.framework for move in (above.moves if above else ()) if move.framework}
    setting = Setting(words.grouped(groups), doubts, years[1], new)
    own: list[Move] = []
    for place in places:
        before = len(at.problems)
        form = filled(MoveForm, place)
        moves = checked(form, place, setting) if form else ()
        own += moves if len(at.problems) == before else ()
    moves = (*(above.moves if above else ()), *own)
    at.problems.extend(before_founding(moves, own, words))
    at.problems.extend(conflicts(moves, symmetric(words)))
    return Body(years, groups, doubts, moves)


def all_moves(moves: Iterable[Move], rules: Iterable[Rule]) -> tuple[Move, ...]:
    """Moves of a document, those of its rules last."""
    return (*moves, *(rule.move for rule in rules))


def check_bounds(at: Cursor, body: Body, ruled: Iterable[Move], words: Vocabulary) -> None:
    """Note moves that leave the bounds of their lever, alone or together with others.

    ``ruled``: moves of rules. Only where nothing else is wrong, since a faulty file adds up to
    nothing in particular.
    """
    if at.problems:
        return
    scaled = pushes((*body.moves, *ruled), body.doubts)
    at.problems.extend(beyond(scaled, words.levers))
    if not at.problems:
        together = check_together(body.moves, body.doubts, words.levers, body.years[1])
        at.problems.extend(together)


def symmetric(words: Vocabulary) -> frozenset[str]:
    """Levers whose pairs have no direction."""
    return frozenset(lever.name for lever in words.levers.values() if lever.symmetric)


def setting_of(words: Vocabulary, body: Body) -> Setting:
    """What the rules of a file are checked against once the rest of it is known."""
    made = frozenset(move.framework for move in body.moves if move.framework)
    return Setting(words.grouped(body.groups), body.doubts, body.years[1], made)


def _check_mechanisms(head: ScenarioForm, at: Cursor, words: Vocabulary) -> None:
    for index, name in enumerate(head.mechanisms):
        if name not in words.options:
            at[index].bad(
                f"there is no mechanism {shown(name)} that can be switched on",
                nearest(name, words.options),
            )


def _years(head: ScenarioForm, at: Cursor, above: Body | None) -> tuple[int, int]:
    if head.horizon is None:
        return above.years if above else (FIRST_YEAR, LAST_DEFAULT)
    start, stop = head.horizon.start, head.horizon.stop
    if stop < start:
        at["to"].bad(
            f"the horizon ends in {stop}, before it starts in {start}",
            f"write {{from: {stop}, to: {start}}}",
        )
    elif start > FIRST_YEAR:
        at["from"].bad(
            f"the horizon begins in {start}",
            f"write `from: {FIRST_YEAR}`; `from` of a move says when it begins",
            why=f"every year from {FIRST_YEAR} on is simulated, since each builds on the one "
            "before",
        )
    return start, max(start, stop)


def _groups(head: ScenarioForm, at: Cursor, words: Vocabulary) -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for name, names in head.groups.items():
        if what := words.named(name, FIRST_YEAR):
            at[name].key.bad(
                f"the group {name!r} has the name of something else",
                "choose another name",
                why=f"it is {what}",
            )
        before = len(at.problems)
        members = party(names, FIRST_YEAR, words.grouped(groups), at[name])
        all_known = len(at.problems) == before
        if all_known and len(members.ids) < 2 and not any("ACTOR" in one for one in names):
            at[name].key.bad(
                f"the group {name!r} has one member",
                "name the state itself",
                why="a group or framework binds at least two states",
            )
        groups[name] = members.ids
    return groups
