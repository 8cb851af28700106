"""The world: states, pairs and frameworks of one year; the door into computation."""

from typing import Any

from comity.core.lazy import attribute

NAMES = {
    "coarsen": "comity.world.regions:coarsen",
    "door": "comity.world.given:door",
    "load": "comity.world.snapshot:load_world",
    "past": "comity.world.past",
}

__all__ = [*NAMES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    return attribute(__name__, NAMES, name)


def __dir__() -> list[str]:
    return sorted(NAMES)
