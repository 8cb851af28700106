"""Rules: moves that depend on what was observed a year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from comity.core.errors import BadInput
from comity.engine.programme import OBSERVABLES
from comity.files.cursor import Cursor
from comity.files.documents import nearest, shown
from comity.files.shapes import filled
from comity.scenarios.forms import FIRST_YEAR, MAX_MOVES, RuleForm
from comity.scenarios.move_checks import Setting, checked
from comity.scenarios.moves import Move
from comity.scenarios.vocabulary import Vocabulary, party

CALL = re.compile(r"\s*(\w+)\s*\(([^()]*)\)\s*")


@dataclass(frozen=True)
class Rule:
    """A move in force in every year after one in which an observable passed a threshold.

    ``observable`` is ``tariff`` (what ``state`` added on goods of ``partner``), ``consumption``
    (real, 2024 = 1) or ``openness`` of ``state``; ``partner`` is None for the last two. Moves of
    rules that fire together add up.
    """

    observable: str
    state: str
    partner: str | None
    comparator: Literal[">", "<"]
    threshold: float
    move: Move
    where: str


def rules_of(at: Cursor, setting: Setting) -> tuple[Rule, ...]:
    """Rules of the list at a place; one that may end early becomes two.

    A rule that observes ACTOR, or moves a lever of or towards ACTOR alone, is left out where no
    state stands for that word.
    """
    return _each(_forms(at), setting)


def scenario_rules(at: Cursor, setting: Setting) -> tuple[Rule, ...]:
    """Rules of a scenario: as `rules_of`, without those that move a lever of the actor.

    What the state for which strategies are compared does by itself is said by its strategy.
    """
    actor = setting.words.actor
    mine, others = [], []
    for one, form in _forms(at):
        own = actor and _movers(form, one, setting.words) == {actor}
        (mine if own else others).append((one, form))
    # Those left out are looked at all the same: a file is right or wrong for every state alike.
    _each(mine, replace(setting, words=replace(setting.words, actor="")))
    rules = _each(others, setting)
    return tuple(replace(rule, move=_without(rule.move, actor)) for rule in rules)


def _without(move: Move, actor: str) -> Move:
    return replace(move, actors=tuple(state for state in move.actors if state != actor))


def _forms(at: Cursor) -> list[tuple[Cursor, RuleForm]]:
    """Place and form of each rule that has the shape of one."""
    read = [(one, filled(RuleForm, one)) for one in at.items()[:MAX_MOVES]]
    return [(one, form) for one, form in read if form is not None]


def _movers(form: RuleForm, at: Cursor, words: Vocabulary) -> set[str]:
    """States whose lever a rule moves; none where they cannot be told."""
    lever = words.levers.get(form.lever)
    given = (form.model_extra or {}).get(lever.actor) if lever else None
    names = [given] if isinstance(given, str) else given
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        return set()
    return set(party(names, FIRST_YEAR, words, at.aside()).ids)


def _each(forms: Sequence[tuple[Cursor, RuleForm]], setting: Setting) -> tuple[Rule, ...]:
    rules = []
    for at, form in forms:
        observed = _observable(form.observe, at["observe"], setting.words)
        if observed:
            _check_threshold(form, observed[0], at["threshold"], setting.words)
        if form.lever == "found":
            at["lever"].bad(
                "a rule cannot found a framework",
                "found it at a date under `moves:`",
                why="what a run holds is known before it begins",
            )
            continue
        moves = checked(form, at, setting)
        if observed:
            rules += [
                Rule(*observed, form.comparator, float(form.threshold), move, at.place)
                for move in moves
            ]
    return tuple(rules)


def _check_threshold(form: RuleForm, observable: str, at: Cursor, words: Vocabulary) -> None:
    """Note a threshold that what is observed can never pass."""
    tariff = words.levers.get("tariff")
    if observable == "tariff" and tariff and form.comparator == ">":
        never, why = form.threshold >= tariff.high, f"at most {tariff.high:g} is ever added"
    else:
        never = observable != "tariff" and form.comparator == "<" and form.threshold <= 0
        why = f"{observable} is above 0"
    if never:
        at.bad(
            f"{observable} is never {form.comparator} {form.threshold:g}",
            "write a threshold that can be passed",
            why=why,
        )


def _observable(text: str, at: Cursor, words: Vocabulary) -> tuple[str, str, str | None] | None:
    """Observable, state and partner; None where the text is wrong or means a missing actor."""
    match = CALL.fullmatch(text)
    name = match[1] if match else text
    if match is None or name not in OBSERVABLES:
        at.bad(
            f"{shown(text)} is not an observable",
            nearest(name, OBSERVABLES) + " as in `tariff(USA, JPN)`",
        )
        return None
    given = [part.strip() for part in match[2].split(",") if part.strip()]
    if len(given) != OBSERVABLES[name].states:
        at.bad(f"{name} takes {OBSERVABLES[name].states} state(s), not {len(given)}")
        return None
    ids = []
    if len(set(given)) < len(given):
        at.bad(f"no state has a {name} on itself", "name two states", why=f"{given[0]} twice")
        return None
    for state in given:
        try:
            ids.append(words.actor if state == "ACTOR" else words.find(state, FIRST_YEAR))
        except BadInput as error:
            at.caught(error)
            return None
    if len(ids) == 2 and ids[0] == ids[1]:
        if "ACTOR" not in given:
            at.bad(f"no state has a {name} on itself", "name two states", why=f"both are {ids[0]}")
        return None
    return (name, ids[0], ids[1] if len(ids) > 1 else None) if all(ids) else None
