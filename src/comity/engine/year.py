"""THE YEAR, and the scan over years.

A year runs in this order; nothing else decides it:

1.  start        once, before the first year: what a future draws for good (trend of growth)
2.  leadership   leaders and elections
3.  checks       domestic checks on the moves that leaders propose
4.  bargains     patrons and clients bargain over effort and payments
5.  growth       productive capacity
6.  trade        the equilibrium of world trade
7.  coercion     sanctions and their cost
8.  defence      spending, stocks, industry
9.  positions    ideal points move
10. frameworks   states join, leave and deepen frameworks; agreements come into force
11. councils     votes, vetoes, order
12. crises       challenges, war, intervention
13. human        deaths, displacement, food
14. measures     what is kept

Stocks are those at the end of the year; a mechanism that reads a field which is written later in
the year sees it as the year before left it, and must say so (``lagged``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from comity.core.errors import AssemblyError, nearest
from comity.core.toml_tables import location
from comity.core.types import Flag, Index
from comity.engine.contract import AbstractMechanism, key_of
from comity.engine.levers import Levers
from comity.engine.programme import Programme
from comity.world.given import FieldCard, World, cards

PHASES = (
    "start",
    "leadership",
    "checks",
    "bargains",
    "growth",
    "trade",
    "coercion",
    "defence",
    "positions",
    "frameworks",
    "councils",
    "crises",
    "human",
    "measures",
)

# What is kept of every year; reduced to these inside the loop.
KEPT = ("consumption", "capacity", "openness", "terms_of_trade", "milex")


def kept_of(mechanisms: tuple[AbstractMechanism, ...]) -> tuple[str, ...]:
    """Fields kept of every year by these mechanisms."""
    return tuple(dict.fromkeys((*KEPT, *(field for m in mechanisms for field in m.keeps))))


AnyMechanism = TypeVar("AnyMechanism", bound=AbstractMechanism)


class Shared(eqx.Module):
    """What all rows have in common."""

    world: World
    mechanisms: tuple[AbstractMechanism, ...]
    programme: Programme
    seed: Index


class Row(eqx.Module):
    """One future under one strategy with one draw of the parameters.

    ``weights``: one a move group, (W,). ``parameters``: draws by ``book.name``, scalars.
    ``active``: which mechanisms act (ablation), (M,).
    """

    future: Index
    weights: Float[Array, " W"]
    parameters: dict[str, Float[Array, ""]]
    active: Bool[Array, " M"]


class Kept(eqx.Module):
    """What a row hands back: yearly series (T, ...), the last levers and world, and its flag."""

    series: dict[str, Float[Array, "T *element"]]
    levers: Levers
    end: dict[str, Array]
    residual: Float[Array, ""]
    ok: Flag


def assemble(
    mechanisms: tuple[AbstractMechanism, ...],
    fields: Mapping[str, FieldCard],
    levers: Collection[str],
    dormant: Collection[str] = (),
) -> tuple[AbstractMechanism, ...]:
    """Sort mechanisms into the order of the year and refuse what cannot work.

    Parameters
    ----------
    mechanisms
        Those that are on.
    fields
        Fields of the year that mechanisms declare, beside the given ones.
    levers
        Names of the levers that are declared.
    dormant
        Fields that an option writes where it is on; elsewhere they keep their start.

    Raises
    ------
    AssemblyError
        Unknown phase, field or lever; a field kept that it does not write; two writers of a field
        in one phase; a read of what is written later in the year and not declared ``lagged``; a
        ``lagged`` field that nothing writes later; a write to a field that does not move.
    """
    for mechanism in mechanisms:
        _check_names(mechanism, cards() | dict(fields), levers)
    ordered = tuple(sorted(mechanisms, key=lambda m: PHASES.index(m.phase)))
    _check_writers(ordered)
    _check_reads(ordered, dormant)
    return ordered


def _check_names(
    mechanism: AbstractMechanism, known: Mapping[str, FieldCard], levers: Collection[str]
) -> None:
    name, where = mechanism.name, location(type(mechanism).__module__, "__init__.py")
    if mechanism.phase not in PHASES:
        raise AssemblyError(
            f"{name}: phase {mechanism.phase!r} is not in the year",
            fix=f"use one of {', '.join(PHASES)}",
            where=where,
        )
    for key in ("reads", "lagged", "writes", "keeps"):
        for field in getattr(mechanism, key):
            # The number of a state that random keys use is read, and never written or kept.
            if field not in known and (key, field) != ("reads", "slot"):
                raise AssemblyError(
                    f"{name}: the world has no field {field!r}, which stands in its `{key}`",
                    fix=nearest(field, known),
                    where=where,
                )
    for field in mechanism.writes:
        if not known[field].moves:
            raise AssemblyError(
                f"{name} writes {field!r}, which is given at the base year",
                fix="declare a field of its own in fields.py",
                where=where,
            )
    for field in mechanism.keeps:
        if field not in mechanism.writes:
            raise AssemblyError(
                f"{name} keeps {field!r}, which it does not write",
                fix="let the mechanism keep it that writes it",
                where=where,
            )
    for lever in mechanism.levers:
        if lever not in levers:
            raise AssemblyError(
                f"{name} reads the lever {lever!r}, which nothing declares",
                fix=nearest(lever, levers),
                where=where,
            )


def _check_writers(ordered: tuple[AbstractMechanism, ...]) -> None:
    writers: dict[tuple[str, str], str] = {}
    for mechanism in ordered:
        for field in mechanism.writes:
            first = writers.setdefault((mechanism.phase, field), mechanism.name)
            if first != mechanism.name:
                raise AssemblyError(
                    f"{field!r} is written twice in phase {mechanism.phase}: "
                    f"by {first} and by {mechanism.name}"
                )


def _check_reads(ordered: tuple[AbstractMechanism, ...], dormant: Collection[str]) -> None:
    for place, mechanism in enumerate(ordered):
        later = {field: m.name for m in ordered[place + 1 :] for field in m.writes}
        earlier = {field for m in ordered[:place] for field in m.writes}
        for field in mechanism.reads:
            if field in later and field not in earlier and field not in mechanism.writes:
                raise AssemblyError(
                    f"{mechanism.name} reads {field!r}, which {later[field]} writes later in the "
                    "year",
                    fix="declare it in `lagged` if last year's value is meant",
                )
        for field in mechanism.lagged:
            if field not in later and field not in dormant:
                raise AssemblyError(f"{mechanism.name}: nothing writes {field!r} later in the year")


def bind(mechanism: AnyMechanism, parameters: Mapping[str, Float[Array, ""]]) -> AnyMechanism:
    """The mechanism with its numbers replaced by a row's draws."""
    fields = mechanism.__dataclass_fields__
    named = {tuple(key.split(".", 1)): value for key, value in parameters.items()}
    mine = {
        name: value
        for (book, name), value in named.items()
        if book == mechanism.book and name in fields
    }
    if not mine:
        return mechanism
    return eqx.tree_at(
        lambda m: [getattr(m, name) for name in mine], mechanism, list(mine.values())
    )


def _finite(change: Mapping[str, Any]) -> Flag:
    flags = [
        jnp.all(jnp.isfinite(value))
        for value in change.values()
        if jnp.issubdtype(value.dtype, jnp.floating)
    ]
    return jnp.all(jnp.stack(flags)) if flags else jnp.asarray(True)


def _act(
    mechanism: AbstractMechanism, world: World, levers: Levers, key: Array, active: Bool[Array, ""]
) -> tuple[World, Flag]:
    """Apply one mechanism; where it is switched off the fields stay as they were."""
    change = mechanism(world, levers, key)
    ok = _finite(change) | ~active
    kept = {name: jnp.where(active, value, getattr(world, name)) for name, value in change.items()}
    return world.replace(kept), ok


def _moved(world: World, fields: tuple[str, ...]) -> dict[str, Array]:
    return {name: getattr(world, name) for name in fields}


def _begin(shared: Shared, row: Row, bound: list[AbstractMechanism]) -> tuple[World, Flag]:
    """Phase ``start``: what a future draws for good, before any lever moves."""
    world, ok = shared.world, jnp.asarray(True)
    still = shared.programme.levers(jnp.zeros_like(row.weights), jnp.asarray(0))
    for place, mechanism in enumerate(bound):
        if mechanism.phase == "start":
            key = key_of(mechanism.name, jax.random.key(shared.seed), row.future, jnp.uint32(0))
            world, fine = _act(mechanism, world, still, key, row.active[place])
            ok = ok & fine
    return world, ok


def _year(
    shared: Shared,
    row: Row,
    bound: list[AbstractMechanism],
    world: World,
    levers: Levers,
    year: Array,
) -> tuple[World, Flag]:
    """One year: every mechanism after ``start``, in order."""
    ok = jnp.asarray(True)
    for place, mechanism in enumerate(bound):
        if mechanism.phase != "start":
            key = key_of(mechanism.name, jax.random.key(shared.seed), row.future, year)
            world, fine = _act(mechanism, world, levers, key, row.active[place])
            ok = ok & fine
    return world, ok


def future(shared: Shared, row: Row) -> Kept:
    """Run one row through all years of the programme.

    Only fields that some mechanism writes are carried from year to year; the rest of the world is
    shared by all rows. A row whose equilibrium was not found, or in which a number became
    infinite or NaN, comes back with ``ok`` false and never stops the others.
    """
    programme = shared.programme
    bound = [bind(mechanism, row.parameters) for mechanism in shared.mechanisms]
    fields = tuple(dict.fromkeys(name for m in bound for name in m.writes))
    years = jnp.asarray(programme.years, jnp.uint32)
    series_names = kept_of(shared.mechanisms)
    # The luck of an act is that of its future alone: the same under every strategy.
    luck = programme.acts.luck(
        key_of("acts", jax.random.key(shared.seed), row.future, jnp.uint32(0))
    )

    def step(carry: Any, t: Array) -> tuple[Any, Any]:
        moved, observed, _, ok = carry
        before = shared.world.replace(moved)
        standing = programme.acts.standing(luck, before, years[t])
        levers = programme.levers(programme.weights_now(row.weights, observed, standing), t)
        world, fine = _year(shared, row, bound, before, levers, years[t])
        seen = programme.rules.observe(world, levers)
        kept = {name: getattr(world, name) for name in series_names}
        return (_moved(world, fields), seen, observed, ok & fine), (kept, world.residual)

    world, ok = _begin(shared, row, bound)
    still = programme.levers(jnp.zeros_like(row.weights), jnp.asarray(0))
    seen = programme.rules.observe(world, still)
    span = jnp.arange(len(programme.years))
    carry, (series, residual) = jax.lax.scan(step, (_moved(world, fields), seen, seen, ok), span)
    moved, _, used, ok = carry
    end = shared.world.replace(moved)
    standing = programme.acts.standing(luck, end, years[-1])
    last = programme.levers(programme.weights_now(row.weights, used, standing), span[-1])
    return Kept(series, last, moved, jnp.max(residual), ok & end.converged)
