"""Frameworks are founded, joined, left and deepened; who bridges them, how many are alive.

Who is a member is the business of `agreements`, which also takes in those that found a framework;
depth is what members take on by the lever `deepen`. A framework is alive (not a zombie, not dead)
with the share of organisations that are [gray2018life]; the log-odds of that move with the log of
its members over those of the base year, by the slope that endings of organisations have on size,
and with depth. A state's bridging is its share in linking frameworks founded since 2015 with older
ones: each pair of frameworks counts one, shared by those who belong to both.
Simplified: joining is as decided by the move (with its consent): on 79 applications of 2017-24 no
computed chance beat a base rate (docs/replications/accession.md). Do not trust it for universal
organisations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from comity.core.parameters import Parameter
from comity.core.types import Membership, PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.registry.frameworks import framework
from comity.registry.states import ids
from comity.world.given import World
from comity.world.regions import region_of

NEW_SINCE = 2015


class Frameworks(AbstractMechanism):
    """Depth of memberships, frameworks alive and bridges between new and old ones."""

    name: ClassVar[str] = "frameworks"
    book: ClassVar[str] = "frameworks"
    phase: ClassVar[str] = "frameworks"
    reads: ClassVar[tuple[str, ...]] = ("membership",)
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = (
        "depth",
        "vitality",
        "vigour",
        "alive",
        "members",
        "bridging",
    )
    reference: ClassVar[str] = "gray2018life"
    levers: ClassVar[tuple[str, ...]] = ("deepen",)
    keeps: ClassVar[tuple[str, ...]] = ("alive", "members", "bridging")

    base: Membership
    recent: Float[Array, " K"]
    states: PerState
    share_alive: Scalar
    size_effect: Scalar
    depth_effect: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Frameworks:
        """The mechanism for a world, with the values of its book."""
        return frameworks_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Where depth, life and bridges stand this year."""
        depth = world.membership * jnp.clip(levers.deepen, -1.0, 1.0)
        life = vitality(self, world.membership, depth)
        return {
            "depth": depth,
            "vitality": life,
            "vigour": vigour(self, world.membership),
            "alive": life @ world.membership,
            "members": world.membership @ self.states,
            "bridging": bridging(world.membership, self.recent),
        }


def vitality(numbers: Frameworks, member: Membership, depth: Membership) -> Float[Array, " K"]:
    """Probability that each framework is alive; 0 for one without members."""
    now, then = member.sum(axis=1), numbers.base.sum(axis=1)
    safe = jnp.maximum(now, 1e-9)
    # One that was founded since the base year has no earlier size to be compared with.
    grown = jnp.where((now > 0) & (then > 0), jnp.log(safe / jnp.maximum(then, 1e-9)), 0.0)
    odds = jnp.log(numbers.share_alive) - jnp.log1p(-numbers.share_alive)
    odds = odds + numbers.size_effect * grown + numbers.depth_effect * depth.sum(axis=1) / safe
    return jnp.where(now > 0, jax.nn.sigmoid(odds), 0.0)


def vigour(numbers: Frameworks, member: Membership) -> Float[Array, " K"]:
    """Vitality over that of the base year, depth apart; 1 where there were no members then.

    Who reads it counts depth by itself.
    """
    shallow = jnp.zeros_like(numbers.base)
    life, then = vitality(numbers, member, shallow), vitality(numbers, numbers.base, shallow)
    return jnp.where(then > 0, life / jnp.where(then > 0, then, 1.0), 1.0)


def bridging(member: Membership, recent: Float[Array, " K"]) -> PerState:
    """Each state's share in linking recent frameworks with older ones; sums to one, or is nil."""
    common = jnp.maximum(member @ member.T, 1.0)  # of fewer than one common member nothing is made
    new, old = member * recent[:, None], member * (1.0 - recent)[:, None]
    share = jnp.einsum("fs,fg,gs->s", new, 1.0 / common, old)
    total = share.sum()
    return share / jnp.where(total > 0, total, 1.0)


def frameworks_from(world: World, numbers: Mapping[str, Parameter]) -> Frameworks:
    """The mechanism for a world: members at the base year, which are recent, states by entity.

    A region counts as many members as its states times the share of its GDP that is in.
    """
    merged = Counter(region_of()[state] for state in ids() if state not in world.states)
    return Frameworks(
        world.membership,
        jnp.asarray(np.array([_recent(own) for own in world.frameworks], float)),
        jnp.asarray(np.array([merged.get(own, 1) for own in world.states], float)),
        **{name: jnp.asarray(number.value) for name, number in numbers.items()},
    )


def _recent(own: str) -> bool:
    """Whether a framework was founded since 2015; one that a plan founds was."""
    from comity.core.errors import BadInput

    try:
        return framework(own).founded >= NEW_SINCE
    except BadInput:
        return True
