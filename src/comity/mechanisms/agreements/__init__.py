"""Trade agreements come into force and age as states join and leave frameworks.

A pair that shares a framework with market access this year, and had no agreement at the base year,
counts the years since; a pair that shared one at the base and shares none now counts as having
lost it. What an agreement is worth is the business of `trade`. Accession is taken as decided by
whoever wrote the move: computed chances foresaw it no better than a base rate
(docs/replications/accession.md). Those that found a framework are its first members.
Simplified: a pair's other agreements are not looked up when it leaves one. Do not trust it for
the pace of ratification within a year. [yotov2016advanced, application 3, for the ageing]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.parameters import Parameter
from comity.core.types import Membership, PerDyad, PRNGKey
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.world.given import World

# Free-trade areas and customs unions in force whose members are on record. The WTO binds tariffs
# without bringing them down between two members in particular; IPEF gives no market access.
MARKET_ACCESS = ("CPTPP", "EAEU", "EU", "GCC", "JPN-EU-EPA", "RCEP", "USMCA")


class Agreements(AbstractMechanism):
    """Membership moves by the levers ``join`` and ``leave``; pairs under market access age."""

    name: ClassVar[str] = "agreements"
    book: ClassVar[str] = "agreements"
    phase: ClassVar[str] = "frameworks"
    reads: ClassVar[tuple[str, ...]] = ("membership", "agreement", "agreement_age")
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("membership", "new_agreement", "agreement_age")
    reference: ClassVar[str] = "yotov2016advanced"
    levers: ClassVar[tuple[str, ...]] = ("join", "leave", "found")
    keeps: ClassVar[tuple[str, ...]] = ()

    base: Membership
    base_shared: PerDyad
    market_access: tuple[int, ...]

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Agreements:
        """The mechanism for a world, with the values of its book."""
        return agreements_from(world)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Memberships of this year and the age of what is new, or lost, since the base year."""
        members = jnp.clip(self.base + levers.join + levers.found - levers.leave, 0.0, 1.0)
        rows = jnp.asarray(self.market_access)
        change = gained(world.agreement, shared(members[rows]), self.base_shared)
        age = jnp.where(change != 0, world.agreement_age + 1.0, 0.0)
        return {"membership": members, "new_agreement": change, "agreement_age": age}


def shared(members: Float[Array, "K N"]) -> PerDyad:
    """Largest joint membership of a pair over frameworks; (N, N), zero on the diagonal."""
    joint = jnp.zeros((members.shape[1], members.shape[1]))
    # One outer product after the other: a reduction over (K, N, N) took half of a year's time.
    for row in members:
        joint = jnp.maximum(joint, jnp.outer(row, row))
    return joint * (1.0 - jnp.eye(joint.shape[0]))


def gained(agreement: PerDyad, shared_now: PerDyad, shared_then: PerDyad) -> PerDyad:
    """Share of a pair's trade that came under an agreement since the base year, less what left.

    Between 1 (all of it new) and -1 (all of it lost); shares below one occur on a coarse world,
    where a region is a member as far as its states are.
    """
    new = jnp.clip(shared_now - jnp.maximum(shared_then, agreement), 0.0, 1.0)
    lost = jnp.clip(shared_then - shared_now, 0.0, 1.0)
    return new - lost


def agreements_from(world: World) -> Agreements:
    """The mechanism for a world: who is a member, and who shares what, at the base year."""
    rows = market_access(world.frameworks)
    joint = shared(world.membership[jnp.asarray(rows, int)])
    return Agreements(world.membership, joint, rows)


def market_access(frameworks: tuple[str, ...]) -> tuple[int, ...]:
    """Rows of the frameworks in `MARKET_ACCESS` among a world's."""
    return tuple(i for i, framework in enumerate(frameworks) if framework in MARKET_ACCESS)
