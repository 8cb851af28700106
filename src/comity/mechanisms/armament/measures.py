"""Measures of armament: what the actor spends of its output."""

from __future__ import annotations

import numpy as np

from comity.core.words import words
from comity.engine.measures import Block, Outcome, measure


def _burden(block: Block) -> np.ndarray:
    place = block.states.index(block.actor)
    gdp = 1e3 * block.gdp[place] * block.of_actor("capacity")
    return (100.0 * block.of_actor("milex") / gdp)[..., -1]


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Military spending in the last year."""
    texts = words(__package__)
    return (measure(texts, "burden.final", direction="none", grade="A", reduce=_burden),)
