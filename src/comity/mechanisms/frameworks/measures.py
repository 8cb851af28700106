"""Measures of frameworks for an actor: its share of bridges, its rank in them, frameworks alive."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.core.words import words
from comity.engine.measures import Block, Outcome, measure

# Frameworks that decide on new members one by one and have applicants.
ENLARGED = ("CPTPP", "EU", "NATO", "BRICS")


def _share(block: Block) -> np.ndarray:
    return 100.0 * block.of_actor("bridging")[..., -1]


def _rank(block: Block) -> np.ndarray:
    everyone = block.series["bridging"][..., -1, :]
    own = block.of_actor("bridging")[..., -1]
    place = 1.0 + (everyone > own[..., None]).sum(axis=-1)
    return np.where(np.isfinite(own), place, np.nan)


def _alive(block: Block) -> np.ndarray:
    return block.of_actor("alive")[..., -1]


def _enlarged(name: str) -> Callable[[Block], np.ndarray]:
    """100 where the framework has a new member at the end that it lacks without the scenario."""

    def reduce(block: Block) -> np.ndarray:
        members = block.series["members"][..., -1, block.frameworks.index(name)]
        gained = members - members[:, :1]
        # A member of a merged region counts as the share of the region's GDP that it is.
        return np.where(np.isfinite(gained), 100.0 * (gained > 1e-6), np.nan)

    return reduce


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Bridging, living frameworks, and which frameworks let in a new member."""
    texts = words(__package__)
    enlarged = (
        measure(
            texts,
            f"enlarged.{name}",
            direction="none",
            grade="D",
            reduce=_enlarged(name),
            of="enlarged",
            framework=name,
        )
        for name in ENLARGED
    )
    return (
        measure(texts, "bridging", direction="higher", grade="D", reduce=_share),
        measure(texts, "bridging_rank", direction="lower", grade="D", reduce=_rank),
        measure(texts, "frameworks_alive", direction="higher", grade="D", reduce=_alive),
        *enlarged,
    )
