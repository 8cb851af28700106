"""Strategies: what one state may do by itself, at dates or by rules on what it observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comity.core.errors import BadInput
from comity.files.cursor import Cursor
from comity.files.documents import Document, read
from comity.files.shapes import note_empty
from comity.scenarios.forms import FIRST_YEAR, StrategyForm
from comity.scenarios.idle import before_founding, check_inherited
from comity.scenarios.moves import Move, rule_conflicts
from comity.scenarios.rules import Rule, rules_of
from comity.scenarios.scenario import (
    Body,
    all_moves,
    body_of,
    chain,
    check_bounds,
    headed,
    locate,
    parent_path,
    setting_of,
    symmetric,
)
from comity.scenarios.uncertainty import Uncertainty
from comity.scenarios.vocabulary import Vocabulary


@dataclass(frozen=True)
class Strategy:
    """A named course of action of one state, on top of any scenario."""

    name: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    cost: Mapping[str, str]
    actor: str
    uncertainties: tuple[Uncertainty, ...]
    moves: tuple[Move, ...]
    rules: tuple[Rule, ...]
    groups: Mapping[str, frozenset[str]]
    years: tuple[int, int]
    file: str


def load_strategy(source: str | Path, words: Vocabulary, actor: str = "") -> Strategy:
    """Read a strategy by the name of a library file or by path.

    Parameters
    ----------
    source
        Library name or path.
    words
        Valid names.
    actor
        Id of the state that acts; may be left out where the file names one.

    Raises
    ------
    BadInput
        Every problem of the file, sorted by line.
    """
    return parse_strategy(read(locate(source, "strategy")), words, actor)


def strategy_card(source: str | Path) -> tuple[str, dict[str, str]]:
    """Actor as written (``ANY`` where any state may use it) and title, for lists of strategies.

    Raises
    ------
    BadInput
        A head that cannot be read; moves and rules are not looked at.
    """
    at = Cursor(read(locate(source, "strategy")))
    head = headed(at, "strategy", StrategyForm)
    if at.problems:
        raise at.refusal()
    return head.actor, head.title.both()


def parse_strategy(
    document: Document, words: Vocabulary, actor: str = "", seen: tuple[str, ...] = ()
) -> Strategy:
    """Strategy of a document that is already read; raises as `load_strategy`."""
    at = Cursor(document)
    if "parameters" in at.entries():
        raise at["parameters"].key.fault(
            "a strategy sets no numbers of the model",
            "set them in the scenario, or with --set",
            why="strategies are compared with the same numbers",
        )
    head = headed(at, "strategy", StrategyForm)
    who = _actor(head, at["actor"], words, actor)
    words = replace(words, actor=who)
    parent = parent_path(at, "strategy", head.extends, seen)
    above = parse_strategy(read(parent), words, who, chain(document, seen)) if parent else None
    given = Body.of(above.years, above.groups, above.uncertainties, above.moves) if above else None
    body = body_of(at, head, words, given)
    rules = rules_of(at["rules"], setting_of(words, body))
    at.problems.extend(_own_only(body.moves, who, words))
    at.problems.extend(_own_only([rule.move for rule in rules], who, words))
    if above and given:
        check_inherited(
            all_moves(above.moves, above.rules), given.doubts, body.doubts, at["uncertainties"]
        )
    note_empty(at)
    at.problems.extend(before_founding(body.moves, [rule.move for rule in rules], words))
    ruled = [rule.move for rule in (*(above.rules if above else ()), *rules)]
    at.problems.extend(rule_conflicts(body.moves, ruled, symmetric(words)))
    check_bounds(at, body, ruled, words)
    if at.problems:
        raise at.refusal()
    return Strategy(
        head.name,
        head.title.both(),
        head.summary.both(),
        head.cost.both() if head.cost else {},
        who,
        tuple(body.doubts.values()),
        body.moves,
        (*(above.rules if above else ()), *rules),
        body.groups,
        body.years,
        document.name,
    )


def _actor(head: StrategyForm, at: Cursor, words: Vocabulary, asked: str) -> str:
    """Id of the state that acts: the file's, or the one asked for where the file says ANY."""
    if head.actor == "ANY":
        if not asked:
            at.bad(
                "this strategy is for any state",
                "name one, such as `--for JPN`",
                why="none was asked for",
            )
        return asked
    try:
        own = words.find(head.actor, FIRST_YEAR)
    except BadInput as error:
        at.caught(error)
        return asked
    if asked and own != asked:
        at.bad(
            f"this strategy is of {own}, not of {asked}", f"run it for {own}, or write `actor: ANY`"
        )
    return own


def _own_only(moves: Sequence[Move], actor: str, words: Vocabulary) -> list[BadInput]:
    """Moves that the actor cannot make by itself."""
    problems = []
    founded = {move.framework for move in moves if move.lever == "found" and actor in move.actors}
    for move in moves:
        others = [state for state in move.actors if state != actor]
        if move.mode == "set":
            problems.append(
                BadInput(
                    "a strategy cannot 'set' a lever",
                    "it comes on top of a scenario",
                    "write `add`",
                    move.where,
                )
            )
        if not others:
            continue
        argument = words.levers[move.lever].actor
        if move.lever != "join":
            problems.append(
                BadInput(
                    f"{argument} {others[0]} is not the actor {actor}",
                    "a strategy moves only the levers of its own state",
                    f"write `{argument}: ACTOR`, or put the move in a scenario",
                    move.where,
                )
            )
        elif not _consented(move):
            problems.append(
                BadInput(
                    f"{others[0]} cannot be made to join {move.framework}",
                    "accession of another state needs its consent and the members'",
                    "add `consent: NAME` of a choice with branches granted and refused",
                    move.where,
                )
            )
        elif actor not in words.members.get(move.framework or "", ()) and (
            move.framework not in founded
        ):
            problems.append(
                BadInput(
                    f"{actor} is no member of {move.framework}",
                    "only a member can help another in",
                    "",
                    move.where,
                )
            )
    return problems


def _consented(move: Move) -> bool:
    return any(options == ("granted",) for options in move.when.values())
