"""Measures of commitment: credibility and durability of protection, flashpoint by flashpoint."""

from __future__ import annotations

from comity.core.words import words
from comity.engine.measures import Outcome, measure
from comity.mechanisms.at_flashpoints import concerned, points_change


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Credibility and durability of protection at the flashpoints that concern the actor."""
    texts = words(__package__)
    return tuple(
        measure(
            texts,
            f"{kind}.{point.name}",
            direction="none",
            grade="D",
            reduce=points_change(field, point),
            of=kind,
            flashpoint=point.title,
        )
        for point in concerned(actor)
        for kind, field in (("credibility", "protection"), ("durability", "durability"))
        if point.protectors
    )
