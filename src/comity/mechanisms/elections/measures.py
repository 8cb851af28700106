"""Measures of elections: whether the side that governs still does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.core.words import LANGS, words
from comity.engine.measures import Block, Outcome, measure
from comity.mechanisms.us_record import RECORDED
from comity.registry import states
from comity.world.snapshot import table


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Share of futures in which the government stands: the actor and the United States."""
    texts = words(__package__)
    rules = table("elections")
    drawn = set(rules[rules["last"].isna()].state)
    return tuple(
        measure(
            texts,
            f"government.{state}",
            direction="none",
            grade="D",
            reduce=_stands(state),
            of="government",
            state={lang: states.name(state, lang) for lang in LANGS},
        )
        for state in dict.fromkeys((actor, RECORDED))
        if state in drawn
    )


def _stands(state: str) -> Callable[[Block], np.ndarray]:
    def reduce(block: Block) -> np.ndarray:
        if state not in block.states:
            return np.full(block.ok.shape, np.nan)
        return 100.0 * block.series["government_stands"][..., -1, block.states.index(state)]

    return reduce
