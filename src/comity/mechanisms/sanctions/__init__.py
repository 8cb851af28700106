"""States forbid trade with others, and part of it goes on all the same.

The lever ``sanction`` says which share of its trade a sender forbids with a target; a blockade is a
sanction by all. `models.sanctions` turns it into the trade that is left at given incomes, which
`trade` obeys in the same year as a cost that does that at its elasticity [felbermayr2020global;
crozet2020friendly]. What moves to other partners, and what it costs whom, is the equilibrium's.
Simplified: one leak and one chill for all goods and pairs, in force at once and in full.
Do not trust it for single critical goods, whose loss one sector hides, or for finance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from comity.core.parameters import Parameter
from comity.core.types import PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.trade.sanctions import left
from comity.world.given import World


class Sanctions(AbstractMechanism):
    """Trade that sanctions leave, before trade clears."""

    name: ClassVar[str] = "sanctions"
    book: ClassVar[str] = "sanctions"
    phase: ClassVar[str] = "bargains"
    reads: ClassVar[tuple[str, ...]] = ()
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("trade_left",)
    reference: ClassVar[str] = "felbermayr2020global"
    levers: ClassVar[tuple[str, ...]] = ("sanction",)
    keeps: ClassVar[tuple[str, ...]] = ()

    leak: Scalar
    chill: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Sanctions:
        """The mechanism for a world, with the values of its book."""
        return sanctions_from(numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Share of each pair's trade that is left at given incomes."""
        return {"trade_left": left(levers.sanction, self.leak, self.chill)}


def sanctions_from(numbers: Mapping[str, Parameter]) -> Sanctions:
    """The mechanism with the values of its book."""
    return Sanctions(**{name: jnp.asarray(p.value) for name, p in numbers.items()})
