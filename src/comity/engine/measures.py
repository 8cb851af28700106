"""A measure and what it is read from: the yearly series of a chunk of futures.

A block holds the futures without the scenario in strategy slot zero, so that every effect is a
paired difference within one future.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import AssemblyError
from comity.core.parameters import GRADES
from comity.core.words import Text, both, words

# Which way is better; none where that is for the reader to say.
Direction = Literal["higher", "lower", "none"]


@dataclass(frozen=True)
class Block:
    """Results of F futures by S strategies (slot 0 = without the scenario).

    ``series[name]``: (F, S, T, N), or with another last axis (flashpoints, ...). ``losses``:
    (F, S, P), fall of the actor's real consumption in the last year, in %, were its trade with
    partner p cut off. ``ok``: (F, S). ``frameworks`` names the last axis of series of frameworks.
    ``first_losses``: as ``losses``, in the first year of the cut-off; None where nothing says so.
    """

    states: tuple[str, ...]
    gdp: Float[np.ndarray, " N"]
    actor: str
    partners: tuple[str, ...]
    series: dict[str, Float[np.ndarray, "F S T *element"]]
    losses: Float[np.ndarray, "F S P"]
    ok: Bool[np.ndarray, "F S"]
    frameworks: tuple[str, ...] = ()
    first_losses: Float[np.ndarray, "F S P"] | None = None

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
    direction: Direction
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


def measure(
    texts: Mapping[str, Text],
    name: str,
    *,
    direction: Direction,
    grade: str,
    reduce: Callable[[Block], Float[np.ndarray, "F S"]],
    of: str = "",
    **values: Text | str,
) -> Outcome:
    """A measure with its words: ``outcome.<of>.label``, ``.unit`` and ``.reading``.

    Parameters
    ----------
    texts
        Words of the mechanism that it belongs to.
    name
        Its name in files and tables.
    direction, grade, reduce
        Which way is better, the evidence, how it is read from a block.
    of
        Key of its words where that is not its name, as with one measure a partner.
    values
        What is filled into them. Without a unit of its own it is in per cent of the same future
        without the scenario.

    Raises
    ------
    AssemblyError
        An unknown direction or grade, or words with a placeholder that ``values`` do not fill.
    BadInput
        Words that are not there.
    """
    key, file = f"outcome.{of or name}", getattr(texts, "source", "")
    for what, value, allowed in (
        ("direction", direction, get_args(Direction)),
        ("grade", grade, GRADES),
    ):
        if value not in allowed:
            raise AssemblyError(
                f"the measure {name!r} has the {what} {value!r}",
                fix=f"use one of {', '.join(allowed)}",
                where=f"{file.replace('words.toml', 'measures.py')}:{name}",
            )
    unit = texts.get(f"{key}.unit") or words("comity.engine")["unit.percent_of_baseline"]
    label, unit, reading = (
        _filled(text, values, f"{file}:{key}")
        for text in (texts[f"{key}.label"], unit, texts[f"{key}.reading"])
    )
    return Outcome(name, label, unit, direction, grade, reading, reduce)


def _filled(text: Text, values: Mapping[str, Text | str], where: str) -> dict[str, str]:
    try:
        # A blank beside the values, so that braces are looked at where there are none.
        return both(text, **values, **{"": ""})
    except (AttributeError, LookupError, ValueError) as error:
        names = ", ".join(f"{{{name}}}" for name in values)
        raise AssemblyError(
            f"words cannot be filled in: {dict(text)} ({error})",
            fix=f"use {names}" if names else "use no {placeholder}",
            where=where,
        ) from None
