"""Measures of crises: how the odds change of a challenge and of each way in which it can end.

Fewer wars can mean more submission, so what is bad for the target leads as one sum (``harm``), its
three parts stand beside it, and the chance of a war can be read but not ranked by.
"""

from __future__ import annotations

from comity.core.words import words
from comity.engine.measures import Direction, Outcome, measure
from comity.mechanisms.at_flashpoints import concerned, odds_change

# Kind, grade, which way is better for those who are not the challenger; in the order of reading.
KINDS: tuple[tuple[str, str, Direction], ...] = (
    ("harm", "D", "lower"),
    ("challenge", "C", "lower"),
    ("yields", "D", "none"),
    ("unprotected", "D", "none"),
    ("joined_war", "D", "none"),
    ("war", "D", "none"),
)
# Where nobody protects the target there is nobody to join or to stand aside.
NEED_A_PROTECTOR = ("unprotected", "joined_war")


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Change in the odds of a challenge, and of what comes of it, by flashpoint."""
    texts = words(__package__)
    return tuple(
        measure(
            texts,
            f"{kind}.{point.name}",
            # What a target and its friends fear is not what a challenger wants to avoid.
            direction="none" if kind == "harm" and actor == point.challenger else direction,
            grade=grade,
            reduce=odds_change(f"{kind}_odds", point),
            of=kind,
            flashpoint=point.title,
        )
        for point in concerned(actor)
        for kind, grade, direction in KINDS
        if kind not in NEED_A_PROTECTOR or point.protectors
    )
