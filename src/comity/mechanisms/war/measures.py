"""Measures of war: years of war of the actor at its flashpoints."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.core.words import words
from comity.engine.measures import Block, Outcome, measure
from comity.registry import flashpoints as library


def _own_wars(actor: str) -> Callable[[Block], np.ndarray]:
    """Years of war at flashpoints of the actor, less those without the scenario."""
    places = [
        i
        for i, point in enumerate(library.flashpoints())
        if actor in (point.challenger, point.target)
    ]

    def reduce(block: Block) -> np.ndarray:
        years = block.series["war_fought"][..., places].sum((-1, -2))
        return years - years[:, :1]

    return reduce


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Years of war of the actor at its flashpoints."""
    texts, wars = words(__package__), _own_wars(actor)
    return (
        measure(
            texts,
            f"war_years.{actor}",
            direction="none",
            grade="D",
            reduce=wars,
            of="war_years",
        ),
    )
