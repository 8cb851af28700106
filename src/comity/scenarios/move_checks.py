"""From the form of a move to a checked `Move`: every name, date and value in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from comity.core.errors import BadInput
from comity.engine.levers import Lever
from comity.files.cursor import Cursor
from comity.files.documents import nearest, shown
from comity.files.shapes import keys_of
from comity.scenarios.forms import FIRST_YEAR, LAST_YEAR, MoveForm
from comity.scenarios.move_parts import (
    arguments,
    categories,
    check_channel,
    check_doubts,
    check_new,
)
from comity.scenarios.moves import Mode, Move
from comity.scenarios.uncertainty import Uncertainty
from comity.scenarios.vocabulary import Party, Vocabulary, framework_named, party


@dataclass(frozen=True)
class Setting:
    """What the moves of one file are checked against.

    ``doubts`` are the uncertainties of the file and its parents, ``end`` its last year,
    ``founded`` the frameworks that its moves found.
    """

    words: Vocabulary
    doubts: Mapping[str, Uncertainty]
    end: int
    founded: frozenset[str] = frozenset()


def checked(form: MoveForm, at: Cursor, setting: Setting) -> tuple[Move, ...]:
    """Moves of a form that stood at a place: one, or two where it may end early.

    Empty, with a problem for each fault, where the form does not stand; empty without one where a
    side that mentions ACTOR is left without a state.
    """
    words = setting.words
    lever = words.levers.get(form.lever)
    if lever is None:
        at["lever"].bad(f"there is no lever {shown(form.lever)}", nearest(form.lever, words.levers))
        return ()
    before = len(at.problems)
    _check_keys(form, lever, at)
    _check_dates(form, at, setting.end)
    _check_value(form, lever, at)
    check_doubts(form, at, setting.doubts)
    check_channel(form, at)
    framework = _framework(form, at["framework"], setting)
    labels = categories(form, lever, at)
    sides = _sides(form, lever, at, words)
    if len(at.problems) > before or not all(side.ids for side in sides):
        return ()
    move = _move(form, lever, sides, framework, at.place)
    move = replace(move, categories=labels)
    if move.channel and (len(move.actors) != 1 or not lever.sides):
        at["channel"].bad(
            "a checked move has one state",
            "write a move for each state, or leave `channel` out"
            if lever.sides
            else f"leave `channel` out: no state moves {lever.name!r}",
            why="each government meets its own checks",
        )
        return ()
    return _ended(move, form, setting.doubts)


def _move(
    form: MoveForm, lever: Lever, sides: list[Party], framework: str | None, where: str
) -> Move:
    when = {name: tuple(options) for name, options in form.when.items()}
    if form.consent:
        when[form.consent] = ("granted",)
    mode, amount = _amount(form)
    ids = [tuple(sorted(side.ids)) for side in sides] + [(), ()]
    return Move(
        lever=lever.name,
        actors=ids[0],
        targets=ids[1],
        framework=framework,
        mode=mode,
        value=amount,
        start=form.start,
        stop=math.inf if form.until is None else form.until,
        when=when,
        scale=form.scale,
        instrument=form.instrument or "",
        event=form.event,
        source=form.source or form.judged or "",
        judged=form.judged is not None,
        note=form.note or "",
        where=where,
        channel="" if lever.axis == "channel" else form.channel or "",
    )


def _amount(form: MoveForm) -> tuple[Mode, float]:
    """How a move counts, and its size; 1 for one that takes no value."""
    if form.add is not None:
        return "add", float(form.add)
    if form.set is not None:
        return "set", float(form.set)
    return ("member", 1.0) if form.times is None else ("times", float(form.times))


def _ended(move: Move, form: MoveForm, doubts: Mapping[str, Uncertainty]) -> tuple[Move, ...]:
    """The move up to its early end, and what goes on in the branches that do not end it."""
    if form.ends_early is None:
        return (move,)
    ((name, over),) = form.ends_early.when.items()
    still = move.when.get(name, doubts[name].options)
    kept = tuple(option for option in still if option not in over)
    at = form.ends_early.at
    later = replace(move, start=at, when={**move.when, name: kept})
    return (replace(move, stop=at), later) if kept else (replace(move, stop=at),)


def _check_keys(form: MoveForm, lever: Lever, at: Cursor) -> None:
    given = arguments(form, lever)
    valid = (*keys_of(type(form)), *lever.signature)
    for name in given:
        if name not in lever.signature:
            at[name].key.bad(
                f"unknown key {shown(name)} in a move of {lever.name!r}", nearest(name, valid)
            )
    for name in lever.signature:
        if name not in given:
            at.bad(f"{lever.name!r} needs {name!r}", f"add `{name}: ...`")
    if not (form.event or form.source or form.judged):
        at.bad(
            "the move has no source",
            "add `event:`, `source:` or `judged: why`",
            why="every move is on record or judged",
        )


def _check_dates(form: MoveForm, at: Cursor, end: int) -> None:
    first, last = float(FIRST_YEAR), end + 1.0
    if not first <= form.start < last:
        at["from"].bad(
            f"'from' lies outside {int(first)} to {end}",
            "move the date or the horizon",
            why="the simulated years",
        )
    if form.until is not None and form.until <= form.start:
        at["until"].bad(
            "'until' is not after 'from'",
            "swap the dates or leave `until` out",
            why="the move would never be in force",
        )
    elif form.until is not None and form.until > last:
        at["until"].bad(
            f"'until' lies after {end}", "leave `until` out", why="the last simulated year"
        )
    early = form.ends_early
    if early and not form.start < early.at < (form.until or last):
        at["ends_early"]["at"].bad(
            "'at' does not lie between 'from' and 'until'", "move the early end inside the move"
        )


def _check_value(form: MoveForm, lever: Lever, at: Cursor) -> None:
    values = (("add", form.add), ("set", form.set), ("times", form.times))
    given = [(key, value) for key, value in values if value is not None]
    if not lever.valued:
        for key, _ in given:
            at[key].key.bad(f"{lever.name!r} takes no value", f"delete `{key}`")
    elif len(given) != 1:
        what = "both " + " and ".join(repr(key) for key, _ in given) if given else "no value"
        at.bad(f"the move has {what}", "write one of `add: 0.1`, `set: 0.1` or `times: 0.5`")
    else:
        key, value = given[0]
        if key == "set" and lever.kind != "dyad":
            at["set"].key.bad(
                f"{lever.name!r} cannot be set",
                "write `add`, the change against 2024",
                why="only a lever of two states has a level that a move can lay down",
            )
        # What stands in the file: a faulty value has a stand-in here and its own message.
        idle = value == 0 if key == "add" else key == "times" and value == 1 and not form.scale
        if idle and at[key].value == value:
            at[key].bad(f"{key}: {value:g} moves nothing", "write the size, or delete the move")
        if key == "times":
            _check_times(lever, at["times"].key)
        elif not lever.low <= value <= lever.high:
            at[key].bad(
                f"{key}: {value:g} is out of bounds",
                f"write {value / 100:.10g} for {value:g} %" if value > lever.high else "",
                why=f"{lever.name} runs from {lever.low:g} to {lever.high:g} ({lever.unit})",
            )


def _check_times(lever: Lever, at: Cursor) -> None:
    if not lever.base:
        at.bad(
            f"{lever.name!r} cannot be multiplied",
            "write `add`, the change against 2024",
            why="its level of the base year is not known",
        )


def _framework(form: MoveForm, at: Cursor, setting: Setting) -> str | None:
    """Framework that a move names at a place; None, and a problem, if it is none."""
    words = setting.words
    name = (form.model_extra or {}).get("framework")
    if name is None:
        return None
    if not isinstance(name, str):
        at.bad(
            f"framework: {shown(name)} is not a name", "name one framework; write a move for each"
        )
        return None
    if form.lever == "found":
        check_new(name.removeprefix("@"), at, words)
        return name.removeprefix("@")
    lever = words.levers[form.lever]
    if lever.frameworks and name.removeprefix("@") not in lever.frameworks:
        at.bad(
            f"{lever.name!r} acts on {', '.join(lever.frameworks)} alone",
            f"write `framework: {lever.frameworks[0]}`, or delete the move",
        )
        return None
    if name.removeprefix("@") in setting.founded - words.members.keys():
        return name.removeprefix("@")
    try:
        return framework_named(name, words)
    except BadInput as error:
        at.caught(error)
        return None


def _sides(form: MoveForm, lever: Lever, at: Cursor, words: Vocabulary) -> list[Party]:
    """The states of the lever's first and second argument."""
    sides = []
    given = form.model_extra or {}
    for name in lever.sides:
        if name not in given:
            continue
        names = [given[name]] if isinstance(given[name], str) else given[name]
        if not (isinstance(names, list) and names and all(isinstance(n, str) for n in names)):
            at[name].bad(
                f"{name}: {shown(given[name])} is no name or list of names",
                "write an id such as JPN",
            )
            continue
        before = len(at.problems)
        side = party(names, _year(form.start), words, at[name])
        all_known = len(at.problems) == before
        if all_known and not side.ids and not any("ACTOR" in one for one in names):
            at[name].bad(
                f"{name}: {shown(given[name])} leaves no state",
                "name a state",
                why="a move needs two sides",
            )
        sides.append(side)
    if not lever.sides:
        sides.append(Party(frozenset(("",)), frozenset()))
    if len(sides) == 2:
        _check_self(lever, at[lever.signature[1]], *sides)
    return sides


def _year(start: float) -> int:
    """Year in which the states of a move must exist; wild dates are reported elsewhere."""
    return min(max(int(start), FIRST_YEAR), LAST_YEAR)


def _check_self(lever: Lever, at: Cursor, first: Party, second: Party) -> None:
    same = first.ids if first.ids == second.ids and len(first.ids) == 1 else frozenset()
    own = sorted(first.named & second.named | same)
    if own:
        at.bad(
            f"{own[0]} stands on both sides",
            "take it out of one side",
            why=f"no state has a {lever.name} with itself",
        )
