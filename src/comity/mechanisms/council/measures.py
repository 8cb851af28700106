"""Measures of the Security Council: deadlock by topic, and the voting power of the actor's seat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.core.words import words
from comity.engine.measures import Block, Outcome, measure
from comity.registry.axes import TOPICS


def _deadlock(place: int) -> Callable[[Block], np.ndarray]:
    """Percent of recurring conflicts of a topic, averaged over the years."""

    def reduce(block: Block) -> np.ndarray:
        return 100.0 * block.series["deadlock"][..., place].mean(-1)

    return reduce


def _power(block: Block) -> np.ndarray:
    """Percent of all voting power, averaged over the years."""
    return 100.0 * block.of_actor("council_power").mean(-1)


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Deadlock by topic, and the Shapley-Shubik index of the actor in the Council."""
    texts = words(__package__)
    deadlock = (
        measure(
            texts,
            f"deadlock.{topic}",
            direction="lower",
            grade="C",
            reduce=_deadlock(TOPICS.index(topic)),
            of="deadlock",
            topic=texts[f"topic.{topic}"],
        )
        for topic in TOPICS
    )
    return (
        *deadlock,
        measure(texts, "council_power", direction="none", grade="B", reduce=_power),
    )
