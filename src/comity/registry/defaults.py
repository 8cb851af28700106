"""What is taken where nobody chooses: partners that are measured, strategies that are compared."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Defaults:
    """``strategies`` by state; ``for_any``: strategy of any state, and whom it is about.

    ``security``: the scenarios that are about it; ``secure``: strategies for these by state, those
    of a state without its own under the empty name.
    """

    partners: tuple[str, ...]
    strategies: dict[str, tuple[str, ...]]
    for_any: dict[str, str]
    security: frozenset[str]
    secure: dict[str, tuple[str, ...]]


@cache
def defaults() -> Defaults:
    """The defaults that ship, from ``library/defaults.toml``."""
    text = resources.files("comity.library").joinpath("defaults.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    secure = table["security"]
    return Defaults(
        tuple(table["partners"]),
        {state: tuple(names) for state, names in table["strategies"].items()},
        dict(table["for_any"]),
        frozenset(secure["scenarios"]),
        {s: tuple(names) for s, names in ({"": secure["any"]} | secure["strategies"]).items()},
    )
