"""Measures of trade: real consumption, exposure to partners, terms of trade, openness."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.core.words import LANGS, words
from comity.engine.measures import Block, Outcome, measure
from comity.registry import states


def _mean(block: Block) -> np.ndarray:
    return block.against_baseline("consumption").mean(-1)


def _final(block: Block) -> np.ndarray:
    return block.against_baseline("consumption")[..., -1]


def _worst(block: Block) -> np.ndarray:
    return block.against_baseline("consumption").min(-1)


def _terms(block: Block) -> np.ndarray:
    return block.against_baseline("terms_of_trade")[..., -1]


def _openness(block: Block) -> np.ndarray:
    return 100.0 * block.of_actor("openness")[..., -1]


def _world(block: Block) -> np.ndarray:
    total = block.series["consumption"] @ (block.gdp / block.gdp.sum())
    return (100.0 * (total / total[:, :1] - 1.0)).mean(-1)


def _exposure(partner: str) -> Callable[[Block], np.ndarray]:
    def reduce(block: Block) -> np.ndarray:
        return block.losses[..., block.partners.index(partner)]

    return reduce


def _exposure_first(partner: str) -> Callable[[Block], np.ndarray]:
    def reduce(block: Block) -> np.ndarray:
        if block.first_losses is None:
            return np.full(block.ok.shape, np.nan)
        return block.first_losses[..., block.partners.index(partner)]

    return reduce


def _exposure_change(partner: str) -> Callable[[Block], np.ndarray]:
    def reduce(block: Block) -> np.ndarray:
        loss = block.losses[..., block.partners.index(partner)]
        return loss - loss[:, :1]

    return reduce


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Measures of the actor; exposure is to each of the partners."""
    texts = words(__package__)
    consumption = (
        measure(texts, f"consumption.{what}", direction="higher", grade="B", reduce=reduce)
        for what, reduce in (
            ("mean", _mean),
            ("final", _final),
            ("worst", _worst),
            ("world", _world),
        )
    )
    exposure = (
        measure(
            texts,
            f"{kind}.{partner}",
            direction="lower",
            grade="B",
            reduce=reduce(partner),
            of=kind,
            partner={lang: states.name(partner, lang) for lang in LANGS},
        )
        for partner in partners
        for kind, reduce in (
            ("exposure", _exposure),
            ("exposure_first", _exposure_first),
            ("exposure_change", _exposure_change),
        )
    )
    return (
        *consumption,
        *exposure,
        measure(texts, "terms_of_trade.final", direction="higher", grade="B", reduce=_terms),
        measure(texts, "openness.final", direction="none", grade="B", reduce=_openness),
    )
