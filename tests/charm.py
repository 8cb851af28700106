"""A toy mechanism with everything that one may have, as the rows of CONTRIBUTING ask for it."""

MECHANISM = {
    "__init__.py": '''"""States charm others, and what they gain by it stays with them.

Effort that the lever `charm` asks for turns into points at one rate, and points add up
[felbermayr2020global has nothing on it].
Simplified: one rate for all states. Do not trust it for anything but a test of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from comity.core.parameters import Parameter
from comity.core.types import PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.world.given import World


class Charm(AbstractMechanism):
    """Charm gained so far."""

    name: ClassVar[str] = "charm"
    book: ClassVar[str] = "charm"
    phase: ClassVar[str] = "human"
    reads: ClassVar[tuple[str, ...]] = ("charmed",)
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("charmed",)
    reference: ClassVar[str] = "felbermayr2020global"
    levers: ClassVar[tuple[str, ...]] = ("charm",)
    keeps: ClassVar[tuple[str, ...]] = ("charmed",)

    rate: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Charm:
        """The mechanism with the rate of its book."""
        return Charm(jnp.asarray(numbers["rate"].value))

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Points at the end of the year."""
        return {"charmed": world.charmed + self.rate * levers.charm}
''',
    "fields.py": """
from comity.world.given import moving

FIELDS = {"charmed": moving("points", "charm gained so far", 0.0, "state")}
""",
    "levers.toml": """
[charm]
signature = ["state"]
kind = "state"
merges_by = "gdp"
unit = "points a year"
low = -1.0
high = 1.0
""",
    "numbers.toml": """
[rate]
meaning = "What a point of effort brings"
value = 2.0
unit = "1"
prior = { kind = "fixed", mean = 2.0 }
status = "judged"
grade = "D"
source = "felbermayr2020global has nothing on it"
""",
    "measures.py": """
from comity.core.words import words
from comity.engine.measures import measure


def _last(block):
    return block.of_actor("charmed")[..., -1]


def measures(actor, partners):
    texts = words(__package__)
    return (measure(texts, "charmed.final", direction="higher", grade="D", reduce=_last),)
""",
    "words.toml": """
[lever.charm]
sentence = { en = "The state charms.", ja = "S" }
act = { en = "{actors}: charms by {plain}", ja = "{actors}: {plain}" }

[outcome.charmed.final]
label = { en = "Charm", ja = "C" }
unit = { en = "points", ja = "P" }
reading = { en = "Charm gained.", ja = "R" }

[number.charm.rate]
en = "Rate of charm"
ja = "R"
""",
}
SCENARIO = """
comity: scenario 1
name: charming
title: Japan charms
question: How much charm does it gain?
summary: A toy.
extends: as-is
horizon: {from: 2025, to: 2026}
moves:
  - {lever: charm, state: JPN, add: 0.5, from: 2025, judged: a toy}
"""
