"""Measures of leadership: commitments kept by domain."""

from __future__ import annotations

from comity.core.words import words
from comity.engine.measures import Outcome, measure
from comity.mechanisms.us_record import RECORDED, percent
from comity.registry.axes import DOMAINS


def measures(actor: str, partners: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Share of the commitments of 2024 that the United States keeps, by domain."""
    texts = words(__package__)
    return tuple(
        measure(
            texts,
            f"commitments_kept.{RECORDED}.{domain}",
            direction="none",
            grade="C",
            reduce=percent("commitments_kept", DOMAINS.index(domain), last=True),
            of="commitments_kept",
            domain=texts[f"domain.{domain}"],
        )
        for domain in DOMAINS
    )
