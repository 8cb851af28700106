"""Fixed axes of arrays that are neither states nor frameworks: domains, channels, flashpoints."""

from __future__ import annotations

from functools import cache
from importlib import resources

# Where states cooperate or not (R1, R2).
DOMAINS = ("un", "trade", "climate", "security")
# How an act of government comes into force (R12).
CHANNELS = ("executive_order", "statute", "treaty", "appropriation")
# What recurring conflicts before the Security Council are about (R9).
TOPICS = ("interstate", "civil", "internationalised")
# Places for the states that might fight for a flashpoint's target; as many as a file may name.
PROTECTORS = ("first", "second", "third", "fourth", "fifth")


@cache
def flashpoints() -> tuple[str, ...]:
    """Ids of the flashpoints that ship, sorted; one file each in ``library/flashpoints``."""
    folder = resources.files("comity.library").joinpath("flashpoints")
    if not folder.is_dir():
        return ()
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".yaml")))


def axes() -> dict[str, tuple[str, ...]]:
    """Labels of every fixed axis by name."""
    return {
        "domain": DOMAINS,
        "channel": CHANNELS,
        "topic": TOPICS,
        "protector": PROTECTORS,
        "flashpoint": flashpoints(),
    }
