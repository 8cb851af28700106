"""Rules: moves that depend on what was observed a year before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from comity.core.errors import BadInput
from comity.files.documents import Document, Loc, nearest, shown
from comity.files.forms import FIRST_YEAR, MAX_MOVES, RuleForm, filled
from comity.scenarios.move_checks import Setting, checked
from comity.scenarios.moves import Move
from comity.scenarios.vocabulary import Vocabulary, party

OBSERVABLES = {"tariff": 2, "consumption": 1, "openness": 1}
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


def rules_of(
    values: Sequence[object], setting: Setting, problems: list[BadInput]
) -> tuple[Rule, ...]:
    """Rules of the part ``rules`` of a file; one that may end early becomes two.

    A rule that observes ACTOR, or moves a lever of or towards ACTOR alone, is left out where no
    state stands for that word.
    """
    return _each(_forms(values, setting.document, problems), setting, problems)


def scenario_rules(
    values: Sequence[object], setting: Setting, problems: list[BadInput]
) -> tuple[Rule, ...]:
    """Rules of a scenario: as `rules_of`, without those that move a lever of the actor.

    What the state for which strategies are compared does by itself is said by its strategy.
    """
    actor = setting.words.actor
    others = [
        (loc, form)
        for loc, form in _forms(values, setting.document, problems)
        if not actor or _movers(form, setting.words) != {actor}
    ]
    found = _each(others, setting, problems)
    return tuple(replace(rule, move=_without(rule.move, actor)) for rule in found)


def _without(move: Move, actor: str) -> Move:
    return replace(move, actors=tuple(state for state in move.actors if state != actor))


def _forms(
    values: Sequence[object], document: Document, problems: list[BadInput]
) -> list[tuple[Loc, RuleForm]]:
    read = [
        (("rules", place), filled(RuleForm, value, document, ("rules", place), problems))
        for place, value in enumerate(values[:MAX_MOVES])
    ]
    return [(loc, form) for loc, form in read if form is not None]


def _movers(form: RuleForm, words: Vocabulary) -> set[str]:
    """States whose lever a rule moves; none where they cannot be told."""
    lever = words.levers.get(form.lever)
    given = (form.model_extra or {}).get(lever.actor) if lever else None
    names = [given] if isinstance(given, str) else given
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        return set()
    return set(party(names, FIRST_YEAR, words, str)[0].ids)


def _each(
    forms: Sequence[tuple[Loc, RuleForm]], setting: Setting, problems: list[BadInput]
) -> tuple[Rule, ...]:
    document, found = setting.document, []
    for loc, form in forms:
        observed = _observable(
            form.observe, document.where((*loc, "observe")), setting.words, problems
        )
        moves = checked(form, loc, setting, problems)
        if observed:
            found += [
                Rule(*observed, form.comparator, float(form.threshold), move, document.where(loc))
                for move in moves
            ]
    return tuple(found)


def _observable(
    text: str, where: str, words: Vocabulary, problems: list[BadInput]
) -> tuple[str, str, str | None] | None:
    """Observable, state and partner; None where the text is wrong or means a missing actor."""
    match = CALL.fullmatch(text)
    name = match[1] if match else text
    if match is None or name not in OBSERVABLES:
        problems.append(
            BadInput(
                f"{shown(text)} is not an observable",
                fix=nearest(name, OBSERVABLES) + " as in `tariff(USA, JPN)`",
                where=where,
            )
        )
        return None
    given = [part.strip() for part in match[2].split(",") if part.strip()]
    if len(given) != OBSERVABLES[name]:
        problems.append(
            BadInput(f"{name} takes {OBSERVABLES[name]} state(s), not {len(given)}", where=where)
        )
        return None
    ids = []
    for state in given:
        try:
            ids.append(words.actor if state == "ACTOR" else words.find(state, FIRST_YEAR))
        except BadInput as error:
            problems.append(BadInput(error.what, error.why, error.fix, where))
            return None
    return (name, ids[0], ids[1] if len(ids) > 1 else None) if all(ids) else None
