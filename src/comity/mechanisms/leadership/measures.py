"""Measures of checks and leadership: acts left standing by channel, commitments kept by domain.

Both are of the United States, whose record they rest on, whoever the actor is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from comity.engine.measures import Block, Outcome
from comity.registry.axes import CHANNELS, DOMAINS

RECORDED = "USA"
CHANNEL_NAMES = {
    "executive_order": ("by executive order", "大統領令"),
    "statute": ("by statute", "法律"),
    "treaty": ("by treaty", "条約"),
    "appropriation": ("by appropriation", "歳出"),
}
DOMAIN_NAMES = {
    "un": ("United Nations", "国連"),
    "trade": ("trade", "貿易"),
    "climate": ("climate", "気候"),
    "security": ("security", "安全保障"),
}


def _of(field: str, place: int, last: bool) -> Callable[[Block], np.ndarray]:
    """Percent, of the last year or averaged over the years; NaN where the state is not there."""

    def reduce(block: Block) -> np.ndarray:
        if RECORDED not in block.states:
            return np.full(block.ok.shape, np.nan)
        series = 100.0 * block.series[field][:, :, :, block.states.index(RECORDED), place]
        return series[..., -1] if last else series.mean(-1)

    return reduce


def checks_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Return the chance that an act of the United States survives, by channel."""
    return tuple(
        Outcome(
            f"survival.{RECORDED}.{channel}",
            {
                "en": f"US acts {CHANNEL_NAMES[channel][0]} that survive",
                "ja": f"米国の措置のうち存続するもの({CHANNEL_NAMES[channel][1]})",
            },
            {"en": "% of acts, mean over the years", "ja": "措置の%(期間平均)"},
            "none",
            "C",
            {
                "en": "Chance that Congress, courts and administration leave an act standing.",
                "ja": "議会・裁判所・行政が措置を存続させる確率。",
            },
            _of("survival", CHANNELS.index(channel), last=False),
        )
        for channel in CHANNELS
    )


def leadership_outcomes(actor: str) -> tuple[Outcome, ...]:
    """Return the share of the commitments of 2024 that the United States keeps, by domain."""
    return tuple(
        Outcome(
            f"commitments_kept.{RECORDED}.{domain}",
            {
                "en": f"US commitments kept, {DOMAIN_NAMES[domain][0]}",
                "ja": f"米国が維持する約束({DOMAIN_NAMES[domain][1]})",
            },
            {"en": "% of those of 2024, last year", "ja": "2024年の約束に対する%(最終年)"},
            "none",
            "C",
            {
                "en": "Expected share of memberships held at the end of 2024 that are still held.",
                "ja": "2024年末の加盟のうち、なお維持されていると期待される割合。",
            },
            _of("commitments_kept", DOMAINS.index(domain), last=True),
        )
        for domain in DOMAINS
    )
