"""From dated moves to arrays: a `Programme` for one world and span of years.

Moves are laid out on the full registry first and then merged into the regions of a coarse world,
weighted by the trade they touch: a tariff on one state of a region hits that state's share only.
A move in force for part of a year counts as that share of the year.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.engine.levers import Lever
from comity.engine.programme import (
    OBSERVABLES,
    Acts,
    DyadMoves,
    Moves,
    Programme,
    Room,
    Rules,
    programme,
)
from comity.registry.axes import axes
from comity.scenarios.bounds import Level, Names
from comity.scenarios.idle import counting
from comity.scenarios.moves import Move, fraction_in_year
from comity.scenarios.rules import Rule
from comity.world.given import World

Placed = Sequence[tuple["Group", Move]]


@dataclass(frozen=True)
class Act:
    """What domestic checks may end: its name, whose it is, its channel, when it begins."""

    name: str
    state: str
    channel: str
    start: float


@dataclass(frozen=True)
class Group:
    """Moves that are weighted alike: of one document, under one condition, with one scale.

    ``rule`` is the number of the rule that switches the group, ``act`` the act of government that
    must stand, or None.
    """

    document: str
    when: tuple[tuple[str, tuple[str, ...]], ...]
    scale: str | None
    rule: int | None = None
    act: Act | None = None


@dataclass(frozen=True)
class Layout:
    """How the full registry maps to the world that is run.

    ``member``: (n, N), one where a state is part of an entity. ``full``: the world of all states,
    after the door.
    """

    full: World
    world: World
    member: Float[np.ndarray, "n N"]


def layout(full: World, world: World) -> Layout:
    """Layout of a coarse (or the same) world over the full one."""
    from comity.world.regions import groups

    if full.states == world.states:
        return Layout(full, world, np.eye(full.count))
    made = groups(full.states, [s for s in world.states if s in full.states])
    member = np.zeros((world.count, full.count))
    for row, members in enumerate(made.values()):
        member[row, members] = 1.0
    return Layout(full, world, member)


def group_of(document: str, move: Move, rule: int | None = None) -> Group:
    """Group that a move belongs to."""
    act = None
    if move.channel:
        name = move.instrument or f"{move.lever}.{move.start:g}"
        act = Act(f"{document}.{move.actors[0]}.{name}", move.actors[0], move.channel, move.start)
    return Group(document, tuple(sorted(move.when.items())), move.scale, rule, act)


def groups_of(
    moves: Iterable[tuple[str, Move]], rules: Sequence[tuple[str, Rule]]
) -> tuple[Group, ...]:
    """All groups, sorted, so that the order of moves in a file does not matter."""
    found = {group_of(document, move) for document, move in moves}
    for number, (document, rule) in enumerate(rules):
        found.add(group_of(document, rule.move, number))
    # A `set` under a scale also takes the base rate away, which must not be scaled.
    found |= {replace(g, scale=None) for g in found}
    return tuple(sorted(found, key=repr))


def _pairs(lever: Lever, move: Move, states: tuple[str, ...]) -> Float[np.ndarray, "N N"]:
    """(N, N) ones for every pair (actor, target) of a move but a state with itself."""
    place = {state: i for i, state in enumerate(states)}
    out = np.zeros((len(states), len(states)))
    rows, columns = [place[s] for s in move.actors], [place[s] for s in move.targets]
    out[np.ix_(rows, columns)] = 1.0
    np.fill_diagonal(out, 0.0)
    if lever.symmetric:
        # The pair has no direction, and one that is named from both sides is one move, not two.
        out = np.where((out > 0) & (out.T > 0), np.triu(out), out)
    return out


def _weight(lever: Lever, layout: Layout) -> Float[np.ndarray, "N N"]:
    """What a move of the lever touches; row actor, column target, full registry.

    Trade, for levers that act on it; the product of GDPs for ties between governments.
    """
    if lever.merges_by == "gdp":
        gdp = np.asarray(layout.full.gdp)
        return np.outer(gdp, gdp)
    if lever.merges_by == "sum":
        return np.ones((layout.full.count, layout.full.count))
    sales, goods = np.asarray(layout.full.sales), np.asarray(layout.full.goods)
    touched = (sales * goods).T if lever.merges_by == "goods" else sales + sales.T
    # Where nothing is traded the lever still stands where it was put.
    return np.maximum(touched, 1e-12)


def _base(lever: Lever, layout: Layout) -> Float[np.ndarray, "N N"] | Float[np.ndarray, " N"]:
    """What the lever's level is at the base year: row actor, column target; or by state."""
    count = layout.full.count
    if not lever.base:
        return np.zeros((count, count) if lever.kind == "dyad" else count)
    level = np.asarray(getattr(layout.full, lever.base))
    return level.T if lever.turned else level


def levels_of(layout: Layout) -> Level:
    """Levels of the base year, for a look at what moves come to before they are merged."""
    states = {state: i for i, state in enumerate(layout.full.states)}

    def levels(lever: Lever, rows: Names, columns: Names) -> Float[np.ndarray, "R C"]:
        base, of = _base(lever, layout), [states[row] for row in rows]
        return base[np.ix_(of, [states[c] for c in columns])] if base.ndim > 1 else base[of, None]

    return levels


def _parts(
    group: Group, move: Move, base: np.ndarray, where: np.ndarray
) -> list[tuple[Group, np.ndarray]]:
    """What a move adds to the level of the base year, by the group that weighs it."""
    if move.mode not in ("set", "times"):
        return [(group, move.value * where)]
    # What the level was is taken away whatever the number that scales the new one.
    new = move.value * (base * where if move.mode == "times" else where)
    return [(group, new), (replace(group, scale=None), -base * where)]


def _dyads(
    lever: Lever,
    placed: Sequence[tuple[Group, Move]],
    groups: tuple[Group, ...],
    layout: Layout,
    years: tuple[int, ...],
) -> DyadMoves:
    """Arrays of one dyadic lever."""
    member = layout.member
    weight = _weight(lever, layout)
    # Persons and the like add up over the states of a region.
    touched = 1.0 if lever.merges_by == "sum" else member @ weight @ member.T
    base = _base(lever, layout)
    values: dict[int, np.ndarray] = {}
    for group, move in placed:
        pairs = _pairs(lever, move, layout.full.states)
        share = np.array([fraction_in_year(move, year) for year in years])
        for part, amount in _parts(group, move, base, pairs):
            merged = member @ (amount * weight) @ member.T / touched
            into = values.setdefault(groups.index(part), np.zeros((len(years), *merged.shape)))
            into += share[:, None, None] * merged
    used = tuple(sorted(values))
    stacked = (
        np.stack([values[g] for g in used])
        if used
        else np.zeros((0, len(years), layout.world.count, layout.world.count))
    )
    actors = np.flatnonzero(np.any(stacked != 0, axis=(0, 1, 3)))
    return DyadMoves(jnp.asarray(stacked[:, :, actors]), jnp.asarray(actors), used)


def _elements(
    lever: Lever, move: Move, layout: Layout, amount: Float[np.ndarray, " N"] | float
) -> np.ndarray:
    """What one move adds to a lever that is not dyadic, in the shape of the lever.

    ``amount``: by state of the full world, or one for all. A region moves as far as its GDP is in
    the states that do.
    """
    full, member = layout.full, layout.member
    if lever.kind == "framework":
        return amount * np.isin(layout.world.frameworks, [str(move.framework)])
    gdp = np.asarray(full.gdp)
    states = np.isin(full.states, move.actors).astype(float)
    if np.ndim(amount):
        merged = member @ (amount * states * gdp) / (member @ gdp)
    else:
        merged = amount * (member @ (states * gdp) / (member @ gdp))
    if lever.kind == "membership":
        return np.outer(np.isin(layout.world.frameworks, [str(move.framework)]), merged)
    if lever.kind == "category":
        return np.outer(merged, np.isin(axes()[lever.axis], move.categories))
    return merged


def _inside(full: World, moves: Iterable[Move]) -> frozenset[tuple[str, str]]:
    """Framework and state of every membership of the base year, of frameworks that moves name."""
    names = sorted({str(move.framework) for move in moves} & {*full.frameworks})
    rows = np.asarray(full.membership)[[full.frameworks.index(name) for name in names]]
    return frozenset(
        (name, state)
        for name, row in zip(names, rows.tolist(), strict=True)
        for state, share in zip(full.states, row, strict=True)
        if share > 0
    )


def _others(
    lever: Lever,
    placed: Placed,
    groups: tuple[Group, ...],
    layout: Layout,
    years: tuple[int, ...],
) -> Moves:
    """Arrays of one lever that is not dyadic."""
    values: dict[int, np.ndarray] = {}
    for group, move in placed:
        if move.mode == "set":
            raise BadInput(
                f"{move.lever} can only be added to", fix="write `add`", where=move.where
            )
        added: list[tuple[Group, float | np.ndarray]] = [(group, move.value)]
        if move.mode == "times":
            base = _base(lever, layout)
            added = list(_parts(group, move, base, np.ones(base.shape)))
        share = np.array([fraction_in_year(move, year) for year in years])
        for part, value in added:
            amount = _elements(lever, move, layout, value)
            moved = share.reshape(-1, *[1] * amount.ndim) * amount
            place = groups.index(part)
            values[place] = values.get(place, 0.0) + moved
    used = tuple(sorted(values))
    stacked = np.stack([values[g] for g in used])
    if lever.combine == "share":
        stacked = np.clip(stacked, 0.0, 1.0)
    return Moves(jnp.asarray(stacked), used)


def _acts(groups: tuple[Group, ...], layout: Layout) -> Acts | None:
    """Acts of the groups that hang on one; None where there are none."""
    found = sorted({g.act for g in groups if g.act}, key=repr)
    if not found:
        return None
    row = {s: int(np.argmax(layout.member[:, i])) for i, s in enumerate(layout.full.states)}
    hanging = [(place, g.act) for place, g in enumerate(groups) if g.act]
    return Acts(
        state=jnp.asarray([row[act.state] for act in found], int),
        channel=jnp.asarray([axes()["channel"].index(act.channel) for act in found], int),
        start=jnp.asarray([act.start for act in found], float),
        name=jnp.asarray([zlib.crc32(act.name.encode()) for act in found], jnp.uint32),
        groups=tuple(place for place, _ in hanging),
        act=tuple(found.index(act) for _, act in hanging),
    )


def _rules(rules: Sequence[tuple[str, Rule]], groups: tuple[Group, ...], world: World) -> Rules:
    rows, columns = [], []
    for _, rule in rules:
        partner = rule.partner or rule.state
        for state in (rule.state, partner):
            if state not in world.states:
                raise BadInput(
                    f"a rule observes {state}, which is merged into a region here",
                    fix="run with --world full",
                    where=rule.where,
                )
        rows.append(world.index(rule.state))
        columns.append(world.index(partner))
    switched = [(place, g.rule) for place, g in enumerate(groups) if g.rule is not None]
    return Rules(
        observable=jnp.asarray([tuple(OBSERVABLES).index(r.observable) for _, r in rules], int),
        row=jnp.asarray(rows, int),
        column=jnp.asarray(columns, int),
        sign=jnp.asarray([1.0 if r.comparator == ">" else -1.0 for _, r in rules]),
        threshold=jnp.asarray([float(r.threshold) for _, r in rules]),
        groups=tuple(place for place, _ in switched),
        switched_by=tuple(rule for _, rule in switched),
    )


def _room(lever: Lever, layout: Layout) -> Room:
    """Least and most by which a lever may stand off its level of the base year.

    In a world of regions as its moves are merged: numbers that add up have the room of all pairs.
    """
    low, high = np.asarray(lever.low), np.asarray(lever.high)
    member = layout.member
    if lever.kind == "dyad" and lever.merges_by == "sum":
        pairs = np.outer(member.sum(axis=1), member.sum(axis=1))
        low, high = low * pairs, high * pairs
    if lever.base:
        base = _base(lever, layout)
        if lever.kind == "dyad":
            weight = _weight(lever, layout)
            merged = member @ (base * weight) @ member.T / (member @ weight @ member.T)
        else:
            gdp = np.asarray(layout.full.gdp)
            merged = member @ (base * gdp) / (member @ gdp)
        low = np.minimum(low, -merged)
    return Room(jnp.asarray(low), jnp.asarray(high))


def compile_moves(
    moves: Sequence[tuple[str, Move]],
    rules: Sequence[tuple[str, Rule]],
    layout: Layout,
    years: tuple[int, ...],
    levers: Mapping[str, Lever],
    held: Collection[str] = (),
) -> tuple[Programme, tuple[Group, ...]]:
    """Compile all moves and rules of a plan.

    Parameters
    ----------
    moves, rules
        Each with the name of its document: ``scenario`` or the strategy.
    layout
        The world to run and the full one.
    years
        Simulated years.
    levers
        Every declared lever by name.
    held
        Levers that moves can push beyond their bounds; they are held there.

    Returns
    -------
    programme, groups
        Arrays, and what each of the W weights of a row stands for.
    """
    groups = groups_of(moves, rules)
    placed = [(group_of(document, move), move) for document, move in moves]
    placed += [
        (group_of(document, rule.move, n), rule.move) for n, (document, rule) in enumerate(rules)
    ]
    every = [move for _, move in placed]
    kept = counting(every, _inside(layout.full, every), layout.world.states)
    placed = [(group, move) for (group, _), move in zip(placed, kept, strict=True)]
    by_lever: dict[str, Placed] = {}
    for group, move in placed:
        by_lever[move.lever] = [*by_lever.get(move.lever, ()), (group, move)]
    arrays = {
        name: (_dyads if levers[name].kind == "dyad" else _others)(
            levers[name], placed_here, groups, layout, years
        )
        for name, placed_here in by_lever.items()
    }
    world = layout.world
    made = programme(
        levers.values(),
        years,
        world.count,
        len(world.frameworks),
        {name: moves for name, moves in arrays.items() if isinstance(moves, DyadMoves)},
        {name: moves for name, moves in arrays.items() if isinstance(moves, Moves)},
        _rules(rules, groups, world),
        _acts(groups, layout),
        {name: _room(levers[name], layout) for name in held},
    )
    return made, groups
