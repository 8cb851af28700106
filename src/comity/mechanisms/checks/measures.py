"""Measures of checks: acts left standing by channel."""

from __future__ import annotations

from comity.core.parameters import book
from comity.core.words import words
from comity.engine.measures import Outcome, measure
from comity.mechanisms.us_record import RECORDED, percent
from comity.registry.axes import CHANNELS


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Chance that an act of the United States survives, by channel."""
    texts, numbers = words(__package__), book("checks")
    return tuple(
        measure(
            texts,
            f"survival.{RECORDED}.{channel}",
            direction="none",
            grade=numbers[f"log_odds_{channel}"].grade,
            reduce=percent("survival", CHANNELS.index(channel), last=False),
            of="survival",
            channel=texts[f"channel.{channel}"],
        )
        for channel in CHANNELS
    )
