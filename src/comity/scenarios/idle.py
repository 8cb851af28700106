"""Moves that could never act, found by a look at a whole file: joins, new frameworks, branches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from comity.core.errors import BadInput
from comity.files.cursor import Cursor
from comity.files.documents import shown
from comity.scenarios.moves import Move
from comity.scenarios.uncertainty import Uncertainty
from comity.scenarios.vocabulary import Vocabulary

NEEDS_FOUNDER = ("join", "leave", "deepen", "decision_rule")


def idle_memberships(
    moves: Sequence[Move], own: Sequence[Move], words: Vocabulary
) -> list[BadInput]:
    """Moves of a scenario that change no membership: joins of members, exits of others.

    Parameters
    ----------
    moves, own
        All moves of a scenario, and those among them that its own file holds.
    words
        Valid names, and who is a member of what.
    """
    entering = {(m.framework, s) for m in moves for s in m.actors if m.lever in ("join", "found")}
    leaving = {(m.framework, s) for m in moves for s in m.actors if m.lever == "leave"}
    problems = []
    for move in own:
        members = words.members.get(move.framework or "", frozenset())
        inside = {s for s in move.actors if s in members or (move.framework, s) in entering}
        stay = {s for s in move.actors if s in members and (move.framework, s) not in leaving}
        if move.lever == "join" and stay == set(move.actors):
            what, fix = "is a member of", "delete the move"
        elif move.lever in ("leave", "deepen") and not inside:
            what, fix = "is no member of", "name a member, or let it `join` first"
        else:
            continue
        who = ", ".join(move.actors[:3]) + (", ..." if len(move.actors) > 3 else "")
        problems.append(
            BadInput(
                f"{who} {what} {move.framework} at the end of 2024",
                "the move would change nothing",
                fix,
                move.where,
            )
        )
    return problems


def counting(
    moves: Sequence[Move], inside: Collection[tuple[str, str]], apart: Collection[str]
) -> list[Move]:
    """Moves without the merged states whose membership they do not change, whoever else acts.

    A region is in as far as its states are: one that is in already must not count twice when it is
    named again, nor one that never was in when it is said to leave.

    Parameters
    ----------
    moves
        All moves of a plan, those of rules among them.
    inside
        Framework and state of every membership of the base year.
    apart
        States that are not merged; for them being in twice is being in.
    """
    named = {
        lever: {(m.framework, s) for m in moves if m.lever == lever for s in m.actors}
        for lever in ("join", "found", "leave")
    }

    def counts(move: Move, state: str) -> bool:
        one = (move.framework, state)
        if state in apart or move.lever not in ("join", "leave"):
            return True
        if move.lever == "join":
            return one not in inside or one in named["leave"]
        return one in inside or one in named["join"] or one in named["found"]

    return [replace(m, actors=tuple(s for s in m.actors if counts(m, s))) for m in moves]


@runtime_checkable
class Acting(Protocol):
    """A document with moves and rules."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """Dated moves."""
        ...

    @property
    def rules(self) -> tuple[Any, ...]:
        """Moves that hang on what was observed."""
        ...


def moved_twice(documents: Iterable[Acting]) -> frozenset[str]:
    """States whose membership of one framework two moves or more of an arm are about.

    A region is in as far as its states are, summed over moves, so that such a state would count
    twice in one: it has to stand apart.
    """
    counted = Counter(
        (move.framework, state)
        for document in documents
        for move in (*document.moves, *(rule.move for rule in document.rules))
        if move.lever in ("join", "found", "leave")
        for state in move.actors
    )
    return frozenset(state for (_, state), times in counted.items() if times > 1)


def before_founding(
    moves: Sequence[Move], own: Sequence[Move], words: Vocabulary
) -> list[BadInput]:
    """Moves on a new framework at a time, or in a branch, in which nobody has founded it."""
    problems = []
    for move in own:
        if move.lever not in NEEDS_FOUNDER or (move.framework or "") in words.members:
            continue
        founders = [m for m in moves if m.lever == "found" and m.framework == move.framework]
        if any(_stands(founder, move) for founder in founders):
            continue
        timely = [founder for founder in founders if founder.start <= move.start < founder.stop]
        problems.append(
            BadInput(
                f"{move.framework} is not founded "
                + ("in every branch of this move" if timely else "when this move begins"),
                f"see {founders[0].where}" if founders else "no move founds it",
                "give both the same `when`" if timely else "move one of the two dates",
                move.where,
            )
        )
    return problems


def _stands(founder: Move, move: Move) -> bool:
    """Whether a founding is in force where a move begins, in every branch of the move."""
    return founder.start <= move.start < founder.stop and all(
        name in move.when and set(move.when[name]) <= set(options)
        for name, options in founder.when.items()
    )


def check_inherited(
    moves: Iterable[Move],
    before: Mapping[str, Uncertainty],
    doubts: Mapping[str, Uncertainty],
    at: Cursor,
) -> None:
    """Note where a file's own uncertainties leave moves of its parents without what they need.

    Parameters
    ----------
    moves
        Moves of the parents, those of rules among them.
    before, doubts
        Uncertainties of the parents, and those of the file with what it takes over.
    at
        Place of the file's uncertainties.
    """
    ended = _ended_early(moves := tuple(moves))
    for name, old in before.items():
        new, here = doubts[name], at[name].key
        needed = next((m for m in moves if name in m.when or name == m.scale), None)
        if new is old or needed is None:
            continue
        if new.kind != old.kind:
            here.bad(
                f"{name!r} was a {old.kind}, and the move at {needed.where} needs one",
                "give it another name",
            )
            continue
        used = {option for m in moves for option in m.when.get(name, ())}
        for option in sorted(used - {*new.options}):
            user = next(m for m in moves if option in m.when.get(name, ()))
            at[name]["choices"].key.bad(
                f"{name!r} has no branch {shown(option)}, which the move at {user.where} needs",
                f"keep it, with the weight 0 if it never comes: `{option}: 0`",
            )
        if fresh := sorted({*new.options} - {*old.options}):
            if name in ended:
                at[name]["choices"][fresh[0]].key.bad(
                    f"{shown(fresh[0])} is a new branch of {name!r}",
                    "name the uncertainty anew and write the moves that depend on it",
                    why=f"by its other branches the move at {ended[name]} ends early or goes on, "
                    "and nothing says what it does in this one",
                )


def _ended_early(moves: Iterable[Move]) -> dict[str, str]:
    """Choices by which a move ends early, each with the place of the first such move."""
    first: dict[str, Move] = {}
    found: dict[str, str] = {}
    for move in moves:
        begun = first.setdefault(move.where, move)
        for name, options in move.when.items():
            if begun.when.get(name) != options:
                found.setdefault(name, move.where)
    return found
