"""From the form of a move to a checked `Move`: every name, date and value in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from comity.core.errors import BadInput
from comity.engine.levers import Lever
from comity.files.documents import Document, Loc, nearest, shown
from comity.files.forms import FIRST_YEAR, LAST_YEAR, MoveForm, keys_of
from comity.scenarios.move_parts import arguments, categories, channel_problems, doubt_problems
from comity.scenarios.moves import Mode, Move
from comity.scenarios.uncertainty import Uncertainty
from comity.scenarios.vocabulary import Party, Vocabulary, framework_named, party


@dataclass(frozen=True)
class Setting:
    """What the moves of one file are checked against.

    ``doubts`` are the uncertainties of the file and its parents, ``end`` its last year,
    ``founded`` the frameworks that its moves found.
    """

    document: Document
    words: Vocabulary
    doubts: Mapping[str, Uncertainty]
    end: int
    founded: frozenset[str] = frozenset()


def checked(
    form: MoveForm, loc: Loc, setting: Setting, problems: list[BadInput]
) -> tuple[Move, ...]:
    """Moves of a form that stood at ``loc``: one, or two where it may end early.

    Empty, with a problem for each fault, where the form does not stand; empty without one where a
    side that mentions ACTOR is left without a state.
    """
    document, words = setting.document, setting.words
    lever = words.levers.get(form.lever)
    if lever is None:
        problems.append(
            BadInput(
                f"there is no lever {shown(form.lever)}",
                fix=nearest(form.lever, words.levers),
                where=document.where((*loc, "lever")),
            )
        )
        return ()
    found = [
        *_key_problems(form, lever, document, loc),
        *_date_problems(form, document, loc, setting.end),
        *_value_problems(form, lever, document, loc),
        *doubt_problems(form, document, loc, setting.doubts),
        *channel_problems(form, lever, document, loc),
    ]
    framework = _framework(form, lever, loc, setting, found)
    labels = categories(form, lever, document, loc, found)
    sides = _sides(form, lever, document, loc, words, found)
    problems += found
    if found or not all(side.ids for side in sides):
        return ()
    move = _move(form, lever, sides, framework, document.where(loc))
    move = replace(move, categories=labels)
    if move.channel and len(move.actors) != 1:
        problems.append(
            BadInput(
                "a checked move has one state",
                "each government meets its own checks",
                "write a move for each state, or leave `channel` out",
                document.where((*loc, "channel")),
            )
        )
        return ()
    return _ended(move, form, setting.doubts)


def _move(
    form: MoveForm, lever: Lever, sides: list[Party], framework: str | None, where: str
) -> Move:
    when = {name: tuple(options) for name, options in form.when.items()}
    if form.consent:
        when[form.consent] = ("granted",)
    amount = form.add if form.add is not None else form.set
    mode: Mode = "add" if form.add is not None else "set" if form.set is not None else "member"
    ids = [tuple(sorted(side.ids)) for side in sides] + [(), ()]
    return Move(
        lever=lever.name,
        actors=ids[0],
        targets=ids[1],
        framework=framework,
        mode=mode,
        value=1.0 if amount is None else float(amount),
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


def _key_problems(form: MoveForm, lever: Lever, document: Document, loc: Loc) -> list[BadInput]:
    given = arguments(form, lever)
    valid = (*keys_of(type(form)), *lever.signature)
    problems = [
        BadInput(
            f"unknown key {shown(key)} in a move of {lever.name!r}",
            fix=nearest(key, valid),
            where=document.where((*loc, key), key=True),
        )
        for key in given
        if key not in lever.signature
    ]
    problems += [
        BadInput(
            f"{lever.name!r} needs {name!r}", fix=f"add `{name}: ...`", where=document.where(loc)
        )
        for name in lever.signature
        if name not in given
    ]
    if not (form.event or form.source or form.judged):
        problems.append(
            BadInput(
                "the move has no source",
                "every move is on record or judged",
                "add `event:`, `source:` or `judged: why`",
                document.where(loc),
            )
        )
    return problems


def _date_problems(form: MoveForm, document: Document, loc: Loc, end: int) -> list[BadInput]:
    problems = []
    first, last = float(FIRST_YEAR), end + 1.0
    if not first <= form.start < last:
        problems.append(
            BadInput(
                f"'from' lies outside {int(first)} to {end}",
                "the simulated years",
                "move the date or the horizon",
                document.where((*loc, "from")),
            )
        )
    if form.until is not None and form.until <= form.start:
        problems.append(
            BadInput(
                "'until' is not after 'from'",
                "the move would never be in force",
                "swap the dates or leave `until` out",
                document.where((*loc, "until")),
            )
        )
    elif form.until is not None and form.until > last:
        problems.append(
            BadInput(
                f"'until' lies after {end}",
                "the last simulated year",
                "leave `until` out",
                document.where((*loc, "until")),
            )
        )
    early = form.ends_early
    if early and not form.start < early.at < (form.until or last):
        problems.append(
            BadInput(
                "'at' does not lie between 'from' and 'until'",
                fix="move the early end inside the move",
                where=document.where((*loc, "ends_early", "at")),
            )
        )
    return problems


def _value_problems(form: MoveForm, lever: Lever, document: Document, loc: Loc) -> list[BadInput]:
    given = [
        (key, value) for key, value in (("add", form.add), ("set", form.set)) if value is not None
    ]
    if not lever.valued:
        return [
            BadInput(
                f"{lever.name!r} takes no value",
                fix=f"delete `{key}`",
                where=document.where((*loc, key), key=True),
            )
            for key, _ in given
        ]
    if len(given) != 1:
        what = "both 'add' and 'set'" if given else "no value"
        return [
            BadInput(
                f"the move has {what}",
                fix="write one of `add: 0.1` or `set: 0.1`",
                where=document.where(loc),
            )
        ]
    key, value = given[0]
    if lever.low <= value <= lever.high:
        return []
    why = f"{lever.name} runs from {lever.low:g} to {lever.high:g} ({lever.unit})"
    fix = f"write {value / 100:.10g} for {value:g} %" if value > lever.high else ""
    return [BadInput(f"{key}: {value:g} is out of bounds", why, fix, document.where((*loc, key)))]


def _framework(
    form: MoveForm, lever: Lever, loc: Loc, setting: Setting, problems: list[BadInput]
) -> str | None:
    document, words = setting.document, setting.words
    name = (form.model_extra or {}).get("framework")
    if name is None:
        return None
    if isinstance(name, str) and name.removeprefix("@") in setting.founded - words.members.keys():
        return name.removeprefix("@")
    try:
        if not isinstance(name, str):
            raise BadInput(
                f"framework: {shown(name)} is not a name",
                fix="name one framework; write a move for each",
            )
        return framework_named(name, words)
    except BadInput as error:
        problems.append(
            BadInput(error.what, error.why, error.fix, document.where((*loc, "framework")))
        )
        return None


def _sides(
    form: MoveForm,
    lever: Lever,
    document: Document,
    loc: Loc,
    words: Vocabulary,
    problems: list[BadInput],
) -> list[Party]:
    """The states of the lever's first and second argument."""
    sides = []
    given = form.model_extra or {}
    for name in lever.sides:
        if name not in given:
            continue
        place = (*loc, name)
        names = [given[name]] if isinstance(given[name], str) else given[name]
        if not (isinstance(names, list) and names and all(isinstance(n, str) for n in names)):
            problems.append(
                BadInput(
                    f"{name}: {shown(given[name])} is no name or list of names",
                    fix="write an id such as JPN",
                    where=document.where(place),
                )
            )
            continue
        side, wrong = party(names, _year(form.start), words, _placer(document, place))
        problems += wrong
        if not (side.ids or wrong or any("ACTOR" in given_name for given_name in names)):
            problems.append(
                BadInput(
                    f"{name}: {shown(given[name])} leaves no state",
                    "a move needs two sides",
                    "name a state",
                    document.where(place),
                )
            )
        sides.append(side)
    if not lever.sides:
        sides.append(Party(frozenset(("",)), frozenset()))
    if len(sides) == 2:
        problems += _self_problems(lever, document.where((*loc, lever.signature[1])), *sides)
    return sides


def _placer(document: Document, place: Loc) -> Callable[[int], str]:
    return lambda index: document.where((*place, index))


def _year(start: float) -> int:
    """Year in which the states of a move must exist; wild dates are reported elsewhere."""
    return min(max(int(start), FIRST_YEAR), LAST_YEAR)


def _self_problems(lever: Lever, where: str, first: Party, second: Party) -> list[BadInput]:
    same = first.ids if first.ids == second.ids and len(first.ids) == 1 else frozenset()
    own = sorted(first.named & second.named | same)
    if not own:
        return []
    return [
        BadInput(
            f"{own[0]} stands on both sides",
            f"no state has a {lever.name} with itself",
            "take it out of one side",
            where,
        )
    ]
