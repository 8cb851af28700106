"""Wars begin at flashpoints, take output, arms and trade, and end.

A war begins with the chance that `crises` gives, by luck that a future keeps for each flashpoint
and year whatever else is simulated; who joins is drawn given that there is a war. Output falls at
its site for five years [federle2024price], trade between the sides, and a little with everybody
else, costs more while it is fought and for some years after [glick2010collateral], and each side
loses a share of its military stock and spends more while it lasts (``mobilised``). What all this
costs everybody is for the trade equilibrium of the next year to say.
Simplified: the site is the target; wars are of one size; no nuclear use, no conquest. Do not trust
it for one war: it gives what a mixture of wars would do, and wars under way at the base year are in
the base-year figures, not here.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, UInt32

from comity.core.parameters import Parameter
from comity.core.types import PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.mechanisms.theatres import theatres
from comity.models.force import war as model
from comity.registry.axes import flashpoints
from comity.world.given import World


class War(AbstractMechanism):
    """Wars of the year and what they take."""

    name: ClassVar[str] = "war"
    book: ClassVar[str] = "war"
    phase: ClassVar[str] = "crises"
    reads: ClassVar[tuple[str, ...]] = (
        "war_odds",
        "credibility",
        "escalation_alone",
        "escalation_joined",
        "capacity",
        "military_stock",
        "war_age",
        "war_fought",
        "war_cost",
        "war_joined",
    )
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = (
        "war_age",
        "war_fought",
        "war_cost",
        "war_joined",
        "war_barrier",
        "mobilised",
        "capacity",
        "military_stock",
    )
    reference: ClassVar[str] = "federle2024price"
    levers: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ("war_fought",)

    sides: model.Sides
    names: UInt32[Array, " F"]
    ends: Scalar
    barrier: Scalar
    fades: Scalar
    third: Scalar
    output: Scalar
    abroad: Scalar
    stock: Scalar
    engaged: Scalar
    mobilises: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> War:
        """The mechanism for a world, with the values of its book."""
        return war_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Begin and end wars; take from output, arms and trade."""
        toll, count = toll_of(self), world.capacity.size
        front = model.next_front(
            model.Front(world.war_age, world.war_fought, world.war_cost, world.war_joined),
            jax.nn.sigmoid(world.war_odds),
            world.credibility,
            model.Escalation(world.escalation_alone, world.escalation_joined),
            luck(key, self.names, 2 + self.sides.protector.shape[1]),
            self.sides,
            toll,
        )
        return {
            "war_age": front.age,
            "war_fought": front.fought,
            "war_cost": front.barrier,
            "war_joined": front.joined,
            "war_barrier": model.barriers(front, self.sides, toll, count),
            "mobilised": self.mobilises * model.at_war(front, self.sides, count),
            "capacity": world.capacity * model.output_kept(front, self.sides, toll, count),
            "military_stock": world.military_stock
            * model.stock_kept(front, self.sides, toll, count),
        }


def luck(key: PRNGKey, names: UInt32[Array, " F"], columns: int) -> Float[Array, "F L"]:
    """Uniform numbers of a year by flashpoint; each flashpoint's own, whatever others there are."""
    return jax.vmap(lambda n: jax.random.uniform(jax.random.fold_in(key, n), (columns,)))(names)


def toll_of(war: War) -> model.Toll:
    """What wars take."""
    return model.Toll(
        war.ends,
        war.barrier,
        war.fades,
        war.third,
        war.output,
        war.abroad,
        war.stock,
        war.engaged,
    )


def war_from(world: World, numbers: Mapping[str, Parameter]) -> War:
    """The mechanism for a world.

    Parameters
    ----------
    world
        A world that went through the door.
    numbers
        The book ``war/numbers.toml``.
    """
    hashed = [zlib.crc32(name.encode()) & 0x7FFFFFFF for name in flashpoints()]
    values = {name: jnp.asarray(number.value) for name, number in numbers.items()}
    return War(sides=theatres(world).sides, names=jnp.asarray(hashed, jnp.uint32), **values)
