"""What is said before a run: fractions above 1 (5 is 500 %), moves that come too late to act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from comity.core.words import say, words
from comity.engine.levers import Lever, acts_of
from comity.scenarios.acts import sentence
from comity.scenarios.bounds import pushes
from comity.scenarios.moves import Move
from comity.scenarios.rules import Rule
from comity.scenarios.uncertainty import Uncertainty

WHOLE = 1.0


def large_fractions(
    moves: Iterable[Move],
    rules: Iterable[Rule],
    doubts: Iterable[Uncertainty],
    levers: Mapping[str, Lever],
    lang: str,
) -> list[str]:
    """Sentences for what a document moves, or waits for, by more than 100 %.

    Parameters
    ----------
    moves, rules, doubts
        Of one document, those that it takes over among them.
    levers
        Declared levers by name; only those whose value is a fraction are looked at.
    lang
        Language of the sentences. Each begins with file, line and column.
    """
    texts, names = words("comity.scenarios"), acts_of(levers.values())
    found = []
    fixed = tuple(rules)
    every = (*moves, *(rule.move for rule in fixed))
    for push in pushes(every, {one.name: one for one in doubts}):
        move = push.move
        most = max(push.high, -push.low)
        if move.mode != "times" and levers[move.lever].in_per_cent and most > WHOLE:
            said = sentence(move, names, lang)
            if move.scale:
                said += say(texts["large.up_to"], lang, most=f"{100 * most:g}%")
            found.append(f"{move.where}: {said}")
    for rule in fixed:
        if rule.observable == "tariff" and rule.threshold > WHOLE:
            threshold = f"{100 * rule.threshold:g}%"
            said = say(texts["large.threshold"], lang, threshold=threshold)
            found.append(f"{rule.where}: {said}")
    return [line for line in dict.fromkeys(found) if not _ships(line)]


def too_late(name: str, moves: Iterable[Move], last_year: int, lang: str) -> str:
    """A sentence on the moves of a document that begin after the last year; empty for none.

    A file's own horizon is checked when it is read; this is for one that a run cuts short.
    """
    every = tuple(moves)
    late = [move for move in every if move.start >= last_year + 1]
    if not late:
        return ""
    text = words("comity.scenarios")["large.late"]
    return say(text, lang, name=name, count=len(late), all=len(every), year=last_year)


def _ships(line: str) -> bool:
    """Whether a sentence is about a file of the library, which needs no second look."""
    library = Path(__file__).resolve().parents[1] / "library"
    return line.startswith(str(library))
