"""What runs together: scenarios (``america-first+usfk-cut``), strategies of several sides.

What clashes is refused, both places named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import TypeVar

from comity.core.errors import BadInput
from comity.core.own_numbers import Own
from comity.files.documents import by_line
from comity.scenarios.bounds import check_together
from comity.scenarios.moves import Move, conflicts, rule_conflicts
from comity.scenarios.scenario import Scenario, load_scenario, symmetric
from comity.scenarios.strategy import Strategy
from comity.scenarios.uncertainty import Uncertainty
from comity.scenarios.vocabulary import Vocabulary

ThingT = TypeVar("ThingT")
PLUS = "+"
MOST = 6


def parts_of(name: str) -> tuple[str, ...]:
    """Scenarios that a name asks for: one, or several with ``+`` between them.

    Raises
    ------
    BadInput
        An empty part, one scenario twice, or too many.
    """
    if PLUS not in name or Path(name).is_file():
        return (name,)
    parts = tuple(part.strip() for part in name.split(PLUS))
    if not all(parts) or len(set(parts)) < len(parts) or len(parts) > MOST:
        raise BadInput(
            f"{name!r} does not name scenarios to put together",
            fix=f"write two to {MOST} different ones, as america-first+usfk-cut",
        )
    return parts


def load_scenarios(places: Mapping[str, Path | str], words: Vocabulary) -> Scenario:
    """One scenario of those that lie at these places; raises what `together` and loading refuse."""
    return together([load_scenario(place, words) for place in places.values()], words)


def together(parts: Sequence[Scenario], words: Vocabulary) -> Scenario:
    """One scenario that does what all of the parts do; one part stays as it is.

    What they share (of a scenario that both extend) counts once. Its years reach to the last of
    any; strategies are ranked by what the first part asks for that asks for anything.

    Raises
    ------
    BadInput
        Moves or rules that hold the same at once, together beyond a bound; an uncertainty, a group
        or a number of the model of one name that is not the same in two parts.
    """
    if len(parts) == 1:
        return parts[0]
    moves = _once(move for part in parts for move in part.moves)
    rules = _once(rule for part in parts for rule in part.rules)
    doubts = _doubts(parts)
    last = max(part.last_year for part in parts)
    ruled = [rule.move for rule in rules]
    problems = [
        *conflicts(moves, symmetric(words)),
        *rule_conflicts(moves, ruled, symmetric(words)),
    ]
    if not problems:
        problems += check_together(moves, doubts, words.levers, last)
    if problems:
        raise BadInput.many(by_line(problems))
    asks = next((part for part in parts if part.objective), parts[0])
    return Scenario(
        PLUS.join(part.name for part in parts),
        _joined([part.title for part in parts], " + "),
        _joined([part.question for part in parts], " "),
        _joined([part.summary for part in parts], " "),
        min(part.first_year for part in parts),
        last,
        tuple(doubts.values()),
        moves,
        rules,
        _groups(parts),
        asks.file,
        tuple(dict.fromkeys(name for part in parts for name in part.mechanisms)),
        asks.objective,
        _own(parts),
    )


def for_all(read: Sequence[Scenario], words: Vocabulary) -> Scenario:
    """One scenario as it is read for several states: what it says of ACTOR holds for each of them.

    Parameters
    ----------
    read
        The scenario as read for each, with the others ``beside`` it; named, titled and grouped as
        for the first.
    words
        Valid names.

    Raises
    ------
    BadInput
        What it says of one of them clashes with what it says of another, as `together`.
    """
    first = read[0]
    apart = [first, *(replace(one, groups={}) for one in read[1:])]
    one = together(apart, words)
    return replace(
        one,
        name=first.name,
        title=first.title,
        question=first.question,
        summary=first.summary,
        file=first.file,
        objective=first.objective,
    )


def check_sides(sides: Sequence[Sequence[Strategy]], words: Vocabulary) -> None:
    """Refuse strategies of different sides that hold the same at once.

    Raises
    ------
    BadInput
        Every clash of two of them, each with both places.
    """
    problems: list[BadInput] = []
    for first, second in combinations(range(len(sides)), 2):
        for pair in product(sides[first], sides[second]):
            moves = [_apart(m, who) for who, one in enumerate(pair) for m in one.moves]
            ruled = [_apart(r.move, who) for who, one in enumerate(pair) for r in one.rules]
            problems += conflicts(moves, symmetric(words))
            problems += rule_conflicts(moves, ruled, symmetric(words))
    each = {str(one): one for one in problems}
    if each:
        raise BadInput.many(by_line(list(each.values())))


def _apart(move: Move, who: int) -> Move:
    """A move whose branches are its own: those of another strategy say nothing about it."""
    return replace(move, when={f"{who}:{name}": of for name, of in move.when.items()})


def _once(things: Iterable[ThingT]) -> tuple[ThingT, ...]:
    """Each once, in order; moves hold mappings, so they are compared one by one."""
    found: list[ThingT] = []
    for thing in things:
        if thing not in found:
            found.append(thing)
    return tuple(found)


def _joined(texts: Iterable[Mapping[str, str]], by: str) -> dict[str, str]:
    listed = list(texts)
    return {lang: by.join(text[lang] for text in listed) for lang in listed[0]}


def _doubts(parts: Iterable[Scenario]) -> dict[str, Uncertainty]:
    found: dict[str, Uncertainty] = {}
    for doubt in (doubt for part in parts for doubt in part.uncertainties):
        first = found.setdefault(doubt.name, doubt)
        if first != doubt:
            raise _two("uncertainty", doubt.name, first.where, doubt.where)
    return found


def _groups(parts: Iterable[Scenario]) -> dict[str, frozenset[str]]:
    found: dict[str, tuple[frozenset[str], str]] = {}
    for part in parts:
        for name, members in part.groups.items():
            first, where = found.setdefault(name, (members, part.file))
            if first != members:
                raise _two("group", name, where, part.file)
    return {name: members for name, (members, _) in found.items()}


def _own(parts: Iterable[Scenario]) -> tuple[Own, ...]:
    found: dict[str, Own] = {}
    for one in (one for part in parts for one in part.parameters):
        first = found.setdefault(one.key, one)
        if first.prior != one.prior:
            raise _two("number", one.key, first.where, one.where)
    return tuple(found.values())


def _two(what: str, name: str, first: str, second: str) -> BadInput:
    return BadInput(
        f"the {what} {name!r} is not that of {first}",
        "scenarios that run together share what has one name",
        "give one of them another name, or make them alike",
        second,
    )
