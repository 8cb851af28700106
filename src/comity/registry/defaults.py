"""What is taken where nobody chooses: partners that are measured, strategies that are compared."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Defaults:
    """``strategies`` by state; ``for_any``: strategy of any state, and whom it is about."""

    partners: tuple[str, ...]
    strategies: dict[str, tuple[str, ...]]
    for_any: dict[str, str]


@cache
def defaults() -> Defaults:
    """The defaults that ship, from ``library/defaults.toml``."""
    text = resources.files("comity.library").joinpath("defaults.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Defaults(
        tuple(table["partners"]),
        {state: tuple(names) for state, names in table["strategies"].items()},
        dict(table["for_any"]),
    )
