"""What government does must survive parliament, courts and administration.

An act through a channel (executive order, statute, treaty, appropriation) is left standing with
the probability that the record of acts of US presidents 1989-2026 gives, log-odds shifted by the
lever `checks` [howell2003power; krehbiel1998pivotal]. Whether an act falls is drawn once a future
(`programme.Acts`); orders that fall do so after a delay, what needs parliament never comes into
force. Only the United States have a record: acts of other states always stand.
Simplified: one probability a channel, whoever governs; divided government and distance to
Congress made no forecast better, and one rate for all channels forecast as well as four
(docs/replications/checks.md). Do not trust it for a named act, nor for a government that stops
obeying courts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.parameters import Parameter
from comity.core.types import PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.institutions.checks import survival_probability
from comity.registry.axes import CHANNELS
from comity.world.given import World

RECORDED = ("USA",)
# Only orders are in force before a court stops them.
ORDERS = CHANNELS.index("executive_order")


class Checks(AbstractMechanism):
    """Probability of survival by state and channel; ``recorded`` is 1 where there is a record."""

    name: ClassVar[str] = "checks"
    book: ClassVar[str] = "checks"
    phase: ClassVar[str] = "checks"
    reads: ClassVar[tuple[str, ...]] = ()
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("survival", "reversal_delay")
    reference: ClassVar[str] = "howell2003power"
    levers: ClassVar[tuple[str, ...]] = ("checks",)
    keeps: ClassVar[tuple[str, ...]] = ("survival",)

    recorded: PerState
    log_odds_executive_order: Scalar
    log_odds_statute: Scalar
    log_odds_treaty: Scalar
    log_odds_appropriation: Scalar
    reversal_years: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Checks:
        """The mechanism for a world, with the values of its book."""
        return checks_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Probabilities of this year, and how long an order that will fall stays in force."""
        chance = survival_probability(self.log_odds(), levers.checks)
        survival = jnp.where(self.recorded[:, None] > 0, chance, 1.0)
        delay = jnp.zeros(len(CHANNELS)).at[ORDERS].set(self.reversal_years)
        return {"survival": survival, "reversal_delay": delay}

    def log_odds(self) -> Float[Array, " C"]:
        """Log-odds of survival in the order of `comity.registry.axes.CHANNELS`."""
        return jnp.stack([getattr(self, f"log_odds_{channel}") for channel in CHANNELS])


def checks_from(world: World, numbers: Mapping[str, Parameter]) -> Checks:
    """The mechanism with the values of its book; a state merged away has no record."""
    return Checks(
        recorded=jnp.asarray([float(state in RECORDED) for state in world.states]),
        **{name: jnp.asarray(number.value) for name, number in numbers.items()},
    )
