"""Measures of trade in sectors: real consumption there, and how far one sector is from it."""

from __future__ import annotations

import numpy as np

from comity.engine.measures import PERCENT_OF_BASELINE, Block, Outcome


def _final(block: Block) -> np.ndarray:
    return block.against_baseline("sector_consumption")[..., -1]


def _mean(block: Block) -> np.ndarray:
    return block.against_baseline("sector_consumption").mean(-1)


def _gap(block: Block) -> np.ndarray:
    return _final(block) - block.against_baseline("consumption")[..., -1]


def sectors_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Real consumption with trade in nine sectors, and its gap to that with one."""
    return (
        Outcome(
            "consumption.sectors",
            {
                "en": "Real consumption, trade in nine sectors, mean over the years",
                "ja": "実質消費(貿易を9部門で計算、期間平均)",
            },
            PERCENT_OF_BASELINE,
            "higher",
            "B",
            {
                "en": "As the first measure, with sectors that use each other's output.",
                "ja": "最初の指標と同じ。ただし部門間の中間財取引を含む。",
            },
            _mean,
        ),
        Outcome(
            "consumption.sectors_final",
            {
                "en": "Real consumption, trade in nine sectors, last year",
                "ja": "実質消費(貿易を9部門で計算、最終年)",
            },
            PERCENT_OF_BASELINE,
            "higher",
            "B",
            {"en": "The same in the last year.", "ja": "最終年における同じ差。"},
            _final,
        ),
        Outcome(
            "consumption.sectors_gap",
            {
                "en": "What one sector leaves out, last year",
                "ja": "1部門モデルとの差(最終年)",
            },
            {"en": "percentage points of consumption", "ja": "消費の%ポイント"},
            "none",
            "B",
            {
                "en": "Effect with nine sectors less effect with one: how far to trust the latter.",
                "ja": "9部門での効果から1部門での効果を引いた差。1部門の結果の信頼度の目安。",
            },
            _gap,
        ),
    )
