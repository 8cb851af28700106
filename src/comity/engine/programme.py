"""Lever moves as arrays: what the levers say in each year, for any row of the plan.

Moves that share a condition and a scale form a group. A row carries one weight a group: zero where
the branch or the strategy is not this row's, otherwise the drawn scale. The levers of a year are
the weighted sum over groups. Rules (lagged observable, comparator, threshold) switch groups, and
so do the fates of acts that must survive a parliament, a court or an administration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, UInt32

from comity.core.types import PerDyad, PRNGKey
from comity.engine.levers import Lever, Levers, position
from comity.world.given import World

Places = Int[Array, " R"]


class Observable(NamedTuple):
    """What a rule can watch: of how many states, and how it is read at the end of a year.

    ``read`` takes the world, the levers and the places of both states of each rule.
    """

    states: int
    read: Callable[[World, Levers, Places, Places], Float[Array, " R"]]


OBSERVABLES = {
    # What the first state adds on goods of the second.
    "tariff": Observable(2, lambda world, levers, of, to: levers.tariff[to, of]),
    "consumption": Observable(1, lambda world, levers, of, to: world.consumption[of]),
    "openness": Observable(1, lambda world, levers, of, to: world.openness[of]),
}


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
        """What each rule watches, at the end of a year."""
        values = jnp.stack(
            [one.read(world, levers, self.row, self.column) for one in OBSERVABLES.values()]
        )
        return jnp.take_along_axis(values, self.observable[None, :], 0)[0]

    def fired(self, observed: Float[Array, " R"]) -> Float[Array, " R"]:
        """One where the rule fires, zero elsewhere."""
        return (self.sign * (observed - self.threshold) > 0).astype(observed.dtype)


class Acts(eqx.Module):
    """Acts of government that domestic checks may end; A acts.

    ``state`` and ``channel`` say whose and through what; ``start`` is the year fraction from which
    it is in force; ``name`` hashes what it is called, so that adding an act moves no other's luck.
    ``groups`` are the move groups that hang on acts, ``act`` the act of each.
    """

    state: Int[Array, " A"]
    channel: Int[Array, " A"]
    start: Float[Array, " A"]
    name: UInt32[Array, " A"]
    groups: tuple[int, ...] = eqx.field(static=True)
    act: tuple[int, ...] = eqx.field(static=True)

    def luck(self, key: PRNGKey) -> Float[Array, " A"]:
        """One uniform number for each act; it falls where this passes its survival."""
        each = jax.vmap(lambda name: jax.random.uniform(jax.random.fold_in(key, name)))
        return each(self.name)

    def standing(self, luck: Float[Array, " A"], world: World, year: Array) -> Float[Array, " A"]:
        """One while the act stands; a doomed one falls ``reversal_delay`` years after its start."""
        survives = luck < world.survival[self.state, self.channel]
        young = year.astype(float) < self.start + world.reversal_delay[self.channel]
        return (survives | young).astype(float)


class Moves(eqx.Module):
    """Moves of one lever; ``values[g, t, ...]`` is what group g adds in year t."""

    values: Float[Array, "G T *element"]
    groups: tuple[int, ...] = eqx.field(static=True)

    def of(self, weights: Float[Array, " W"], t: Int[Array, ""]) -> Float[Array, "*element"]:
        """Position of the lever in year t; zeros where nobody moves it."""
        if not self.groups:
            return jnp.zeros(self.values.shape[2:])
        return jnp.tensordot(weights[jnp.asarray(self.groups)], self.values[:, t], axes=1)


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


class Room(eqx.Module):
    """Least and most by which a lever may stand off the base year: scalars, or by element.

    Elements of a dyadic lever have the actor as the row.
    """

    low: Array
    high: Array

    def held(self, moved: Array) -> Array:
        """The sum of moves, held within."""
        return jnp.clip(moved, self.low, self.high)


class Programme(eqx.Module):
    """All moves of a scenario and its strategies, compiled for one world and span of years.

    ``room``: bounds of the levers that moves can push beyond them. Others need none, and a
    program without bounds is the same to the last bit.
    """

    years: tuple[int, ...] = eqx.field(static=True)
    declared: tuple[Lever, ...] = eqx.field(static=True)
    dyads: dict[str, DyadMoves]
    others: dict[str, Moves]
    rules: Rules
    acts: Acts
    room: dict[str, Room] = eqx.field(default_factory=dict)

    def weights_now(
        self,
        weights: Float[Array, " W"],
        observed: Float[Array, " R"],
        standing: Float[Array, " A"],
    ) -> Float[Array, " W"]:
        """Row weights, switched by what was observed last year and by the acts that stand."""
        if self.rules.groups:
            fired = self.rules.fired(observed)[jnp.asarray(self.rules.switched_by)]
            weights = weights.at[jnp.asarray(self.rules.groups)].multiply(fired)
        if self.acts.groups:
            kept = standing[jnp.asarray(self.acts.act)]
            weights = weights.at[jnp.asarray(self.acts.groups)].multiply(kept)
        return weights

    def levers(self, weights: Float[Array, " W"], t: Int[Array, ""]) -> Levers:
        """Lever positions in year ``t``, each combined as its declaration says."""
        moved = {name: moves.of(weights, t) for name, moves in self.others.items()}
        moved |= {name: moves.by_actor(weights, t) for name, moves in self.dyads.items()}
        moved |= {name: room.held(moved[name]) for name, room in self.room.items()}
        return Levers({one.name: self.standing(one, moved[one.name]) for one in self.declared})

    def standing(self, lever: Lever, moved: Array) -> Array:
        """Position of a lever from its moves, which are within their room."""
        stands = position(lever, moved)
        if lever.combine == "factor" and lever.name in self.room:
            # Factors of both sides multiply, so that each within bounds is not enough.
            return jnp.clip(stands, lever.low, lever.high)
        return stands


def programme(
    levers: Iterable[Lever],
    years: tuple[int, ...],
    states: int,
    frameworks: int,
    dyads: Mapping[str, DyadMoves] | None = None,
    others: Mapping[str, Moves] | None = None,
    rules: Rules | None = None,
    acts: Acts | None = None,
    room: Mapping[str, Room] | None = None,
) -> Programme:
    """A programme in which every declared lever that is not given stands still."""
    span, index, none = len(years), jnp.zeros(0, int), jnp.zeros(0)
    declared = tuple(levers)
    still = DyadMoves(jnp.zeros((0, span, 0, states)), index, ())
    resting = {
        one.name: Moves(jnp.zeros((0, span, *one.shape(states, frameworks))), ())
        for one in declared
        if one.kind != "dyad"
    }
    return Programme(
        years,
        declared,
        {one.name: still for one in declared if one.kind == "dyad"} | dict(dyads or {}),
        resting | dict(others or {}),
        rules or Rules(index, index, index, none, none, (), ()),
        acts or Acts(index, index, none, jnp.zeros(0, jnp.uint32), (), ()),
        dict(room or {}),
    )


def quiet(
    levers: Iterable[Lever], years: tuple[int, ...], states: int, frameworks: int
) -> Programme:
    """A programme without any move: the world as it stands."""
    return programme(levers, years, states, frameworks)
