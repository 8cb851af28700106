"""Comity: an executable model of the international order.

>>> import comity as cm
>>> result = cm.run("america-first", actor="JPN", futures=500)
>>> result.ranking, result.outcomes, result.trajectories, result.report()

Everything under ``cm.`` is in docs/reference/api.md; nothing is loaded before it is used.
"""

from typing import Any

from comity.core import runtime as runtime
from comity.core.lazy import attribute
from comity.core.version import __version__ as __version__

# The public names and where they are at home. A new verb is one line here; then
# `python -m comity.face.reference > docs/reference/api.md`.
NAMES = {
    "explain": "comity.cli.explained:explain",
    "judge": "comity.judge",
    "models": "comity.models",
    "panel": "comity.data.panel",
    "read": "comity.face.read:read",
    "run": "comity.face.run:run",
    "trade": "comity.trade",
    "world": "comity.world",
}

__all__ = [*NAMES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    return attribute(__name__, NAMES, name)


def __dir__() -> list[str]:
    return sorted([*NAMES, "__version__"])
