"""Lever moves as arrays: what the levers say in each year, for any row of the plan.

Moves that share a condition and a scale form a group. A row carries one weight a group: zero where
the branch or the strategy is not this row's, otherwise the drawn scale. The levers of a year are
the weighted sum over groups. Rules (lagged observable, comparator, threshold) switch groups.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from comity.mechanisms.base import Levers
from comity.types import PerDyad, PerState
from comity.world import World

OBSERVABLES = ("tariff", "consumption", "openness")


class Rules(eqx.Module):
    """Conditional groups; R rules.

    ``observable`` indexes `OBSERVABLES`; ``row``, ``column`` say of whom; a rule fires in a year
    if ``sign * (observable - threshold) > 0`` held at the end of the year before. ``groups`` are
    the move groups that rules switch, ``switched_by`` the rule of each.
    """

    observable: Int[Array, " R"]
    row: Int[Array, " R"]
    column: Int[Array, " R"]
    sign: Float[Array, " R"]
    threshold: Float[Array, " R"]
    groups: tuple[int, ...] = eqx.field(static=True)
    switched_by: tuple[int, ...] = eqx.field(static=True)

    def observe(self, world: World, levers: Levers) -> Float[Array, " R"]:
        """Observables at the end of a year: tariff added by the row on the column, and so on."""
        values = jnp.stack(
            [
                levers.tariff[self.column, self.row],
                world.consumption[self.row],
                world.openness[self.row],
            ]
        )
        return jnp.take_along_axis(values, self.observable[None, :], 0)[0]

    def fired(self, observed: Float[Array, " R"]) -> Float[Array, " R"]:
        """One where the rule fires, zero elsewhere."""
        return (self.sign * (observed - self.threshold) > 0).astype(observed.dtype)


class DyadMoves(eqx.Module):
    """Moves of a dyadic lever, kept by the few states that make them.

    ``values[g, t, a, j]``: what group g adds in year t for actor a towards state j.
    """

    values: Float[Array, "G T A N"]
    actors: Int[Array, " A"]
    groups: tuple[int, ...] = eqx.field(static=True)

    def by_actor(self, weights: Float[Array, " W"], t: Int[Array, ""]) -> PerDyad:
        """(N, N) with the actor as the row; zeros where nobody moves."""
        count = self.values.shape[-1]
        empty = jnp.zeros((count, count))
        if not self.groups:
            return empty
        moved = jnp.tensordot(weights[jnp.asarray(self.groups)], self.values[:, t], axes=1)
        return empty.at[self.actors].set(moved)


class MemberMoves(eqx.Module):
    """Moves of ``join`` or ``leave``; ``values[g, t, k, i]`` for framework k and state i."""

    values: Float[Array, "G T K N"]
    groups: tuple[int, ...] = eqx.field(static=True)

    def of(self, weights: Float[Array, " W"], t: Int[Array, ""]) -> Float[Array, "K N"]:
        """Share of the move in force in year t; (K, N)."""
        if not self.groups:
            return jnp.zeros(self.values.shape[-2:])
        return jnp.tensordot(weights[jnp.asarray(self.groups)], self.values[:, t], axes=1)


class StateMoves(eqx.Module):
    """Moves of a lever of one state; ``values[g, t, i]``."""

    values: Float[Array, "G T N"]
    groups: tuple[int, ...] = eqx.field(static=True)

    def of(self, weights: Float[Array, " W"], t: Int[Array, ""]) -> PerState:
        """Position of the lever in year t; (N,)."""
        if not self.groups:
            return jnp.zeros(self.values.shape[-1])
        return jnp.tensordot(weights[jnp.asarray(self.groups)], self.values[:, t], axes=1)


class Programme(eqx.Module):
    """All moves of a scenario and its strategies, compiled for one world and span of years."""

    years: tuple[int, ...] = eqx.field(static=True)
    tariff: DyadMoves
    barrier: DyadMoves
    join: MemberMoves
    leave: MemberMoves
    defence_share: StateMoves
    rules: Rules

    def weights_now(
        self, weights: Float[Array, " W"], observed: Float[Array, " R"]
    ) -> Float[Array, " W"]:
        """Row weights with every rule's group switched by what was observed last year."""
        if not self.rules.groups:
            return weights
        fired = self.rules.fired(observed)[jnp.asarray(self.rules.switched_by)]
        return weights.at[jnp.asarray(self.rules.groups)].multiply(fired)

    def levers(self, weights: Float[Array, " W"], t: Int[Array, ""]) -> Levers:
        """Lever positions in year ``t``.

        The actor of a tariff is its importer, so the matrix is turned to (exporter, importer). A
        barrier acts both ways; where two states move it, the factors multiply.
        """
        barrier = self.barrier.by_actor(weights, t)
        return Levers(
            tariff=self.tariff.by_actor(weights, t).T,
            barrier=(1.0 + barrier) * (1.0 + barrier.T) - 1.0,
            join=self.join.of(weights, t),
            leave=self.leave.of(weights, t),
            defence_share=self.defence_share.of(weights, t),
        )


def quiet(years: tuple[int, ...], states: int, frameworks: int) -> Programme:
    """A programme without any move: the world as it stands."""
    none = DyadMoves(jnp.zeros((0, len(years), 0, states)), jnp.zeros(0, int), ())
    no_member = MemberMoves(jnp.zeros((0, len(years), frameworks, states)), ())
    no_state = StateMoves(jnp.zeros((0, len(years), states)), ())
    index = jnp.zeros(0, int)
    rules = Rules(index, index, index, jnp.zeros(0), jnp.zeros(0), (), ())
    return Programme(years, none, none, no_member, no_member, no_state, rules)
