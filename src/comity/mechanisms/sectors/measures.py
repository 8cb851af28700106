"""Measures of trade in sectors: real consumption there, and how far one sector is from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.core.words import words
from comity.engine.measures import Block, Direction, Outcome, measure


def _effect(block: Block) -> np.ndarray:
    """Percent against the same future without the scenario; defence is paid as with one sector."""
    own = block.of_actor("consumption") + block.of_actor("sector_gain")
    return 100.0 * (own / own[:, :1] - 1.0)


def _final(block: Block) -> np.ndarray:
    return _effect(block)[..., -1]


def _mean(block: Block) -> np.ndarray:
    return _effect(block).mean(-1)


def _gap(block: Block) -> np.ndarray:
    return _final(block) - block.against_baseline("consumption")[..., -1]


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Real consumption with trade in nine sectors, and its gap to that with one."""
    texts = words(__package__)
    kinds: tuple[tuple[str, Direction, Callable[[Block], np.ndarray]], ...] = (
        ("sectors", "higher", _mean),
        ("sectors_final", "higher", _final),
        ("sectors_gap", "none", _gap),
    )
    return tuple(
        measure(texts, f"consumption.{what}", direction=direction, grade="B", reduce=reduce)
        for what, direction, reduce in kinds
    )
