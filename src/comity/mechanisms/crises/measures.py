"""Measures of crises: how the odds change of a challenge, of being left alone, of war."""

from __future__ import annotations

from comity.core.words import words
from comity.engine.measures import Direction, Outcome, measure
from comity.mechanisms.at_flashpoints import concerned, odds_change

# Kind, grade, which way is better: whether a target should be protected is for its friends and
# foes to judge.
KINDS: tuple[tuple[str, str, Direction], ...] = (
    ("challenge", "C", "lower"),
    ("unprotected", "D", "none"),
    ("war", "D", "lower"),
)


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Change in the odds of a challenge, of resisting alone and of war, by flashpoint."""
    texts = words(__package__)
    return tuple(
        measure(
            texts,
            f"{kind}.{point.name}",
            direction=direction,
            grade=grade,
            reduce=odds_change(f"{kind}_odds", point),
            of=kind,
            flashpoint=point.title,
        )
        for point in concerned(actor)
        for kind, grade, direction in KINDS
        if kind != "unprotected" or point.protectors
    )
