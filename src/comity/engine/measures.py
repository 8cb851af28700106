"""A measure and what it is read from: the yearly series of a chunk of futures.

A block holds the futures without the scenario in strategy slot zero, so that every effect is a
paired difference within one future.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

PERCENT_OF_BASELINE = {
    "en": "% of the same future without the scenario",
    "ja": "同じ将来でシナリオがない場合に対する%",
}


@dataclass(frozen=True)
class Block:
    """Results of F futures by S strategies (slot 0 = without the scenario).

    ``series[name]``: (F, S, T, N), or with another last axis (flashpoints, ...). ``losses``:
    (F, S, P), fall of the actor's real consumption in the last year, in %, were its trade with
    partner p cut off. ``ok``: (F, S).
    """

    states: tuple[str, ...]
    gdp: Float[np.ndarray, " N"]
    actor: str
    partners: tuple[str, ...]
    series: dict[str, Float[np.ndarray, "F S T *element"]]
    losses: Float[np.ndarray, "F S P"]
    ok: Bool[np.ndarray, "F S"]

    def of_actor(self, name: str) -> Float[np.ndarray, "F S T"]:
        """A series of the actor."""
        return self.series[name][..., self.states.index(self.actor)]

    def against_baseline(self, name: str) -> Float[np.ndarray, "F S T"]:
        """Percent by which the actor's series differs from the same future without the scenario."""
        own = self.of_actor(name)
        return 100.0 * (own / own[:, :1] - 1.0)


@dataclass(frozen=True)
class Outcome:
    """One measure: how it is read, which way is better, and how far it can be trusted."""

    name: str
    label: dict[str, str]
    unit: dict[str, str]
    direction: str
    grade: str
    reading: dict[str, str]
    reduce: Callable[[Block], Float[np.ndarray, "F S"]]

    def record(self, actor: str) -> dict:
        """Plain values for ``run.json``."""
        return {
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "direction": self.direction,
            "grade": self.grade,
            "state": actor,
            "description": self.reading,
        }
