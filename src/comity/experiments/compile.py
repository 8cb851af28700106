"""From dated moves to arrays: a `Programme` for one world and span of years.

Moves are laid out on the full registry first and then merged into the regions of a coarse world,
weighted by the trade they touch: a tariff on one state of a region hits that state's share only.
A move in force for part of a year counts as that share of the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from comity.errors import BadInput
from comity.experiments.moves import Move, fraction_in_year
from comity.experiments.rules import Rule
from comity.programme import OBSERVABLES, DyadMoves, MemberMoves, Programme, Rules, StateMoves
from comity.world import World

LEVERS = ("tariff", "barrier", "join", "leave", "defence_share")


@dataclass(frozen=True)
class Group:
    """Moves that are weighted alike: of one document, under one condition, with one scale.

    ``rule`` is the number of the rule that switches the group, or None.
    """

    document: str
    when: tuple[tuple[str, tuple[str, ...]], ...]
    scale: str | None
    rule: int | None = None


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
    from comity.coarsen import groups

    if full.states == world.states:
        return Layout(full, world, np.eye(full.count))
    made = groups(full.states, [s for s in world.states if s in full.states])
    member = np.zeros((world.count, full.count))
    for row, members in enumerate(made.values()):
        member[row, members] = 1.0
    return Layout(full, world, member)


def group_of(document: str, move: Move, rule: int | None = None) -> Group:
    """Group that a move belongs to."""
    return Group(document, tuple(sorted(move.when.items())), move.scale, rule)


def groups_of(
    moves: Iterable[tuple[str, Move]], rules: Sequence[tuple[str, Rule]]
) -> tuple[Group, ...]:
    """All groups, sorted, so that the order of moves in a file does not matter."""
    found = {group_of(document, move) for document, move in moves}
    for number, (document, rule) in enumerate(rules):
        found.add(group_of(document, rule.move, number))
    # A `set` under a scale also takes the base rate away, which must not be scaled.
    found |= {Group(g.document, g.when, None, g.rule) for g in found}
    return tuple(sorted(found, key=repr))


def _pairs(move: Move, states: tuple[str, ...]) -> Float[np.ndarray, "N N"]:
    """(N, N) ones for every pair (actor, target) of a move but a state with itself."""
    place = {state: i for i, state in enumerate(states)}
    out = np.zeros((len(states), len(states)))
    rows, columns = [place[s] for s in move.actors], [place[s] for s in move.targets]
    out[np.ix_(rows, columns)] = 1.0
    np.fill_diagonal(out, 0.0)
    if move.lever == "barrier":
        # A pair named from both sides is one barrier, not two.
        out = np.where((out > 0) & (out.T > 0), np.triu(out), out)
    return out


def _weight(lever: str, layout: Layout) -> Float[np.ndarray, "N N"]:
    """Trade that a move of the lever touches; row actor, column target, full registry."""
    sales, goods = np.asarray(layout.full.sales), np.asarray(layout.full.goods)
    touched = (sales * goods).T if lever == "tariff" else sales + sales.T
    # Where nothing is traded the lever still stands where it was put.
    return np.maximum(touched, 1e-12)


def _base(lever: str, layout: Layout) -> Float[np.ndarray, "N N"]:
    """What the lever's level is at the base year; row actor, column target."""
    tariff = np.asarray(layout.full.tariff).T
    return tariff if lever == "tariff" else np.zeros_like(tariff)


def _dyads(
    lever: str,
    placed: Sequence[tuple[Group, Move]],
    groups: tuple[Group, ...],
    layout: Layout,
    years: tuple[int, ...],
) -> DyadMoves:
    """Arrays of one dyadic lever."""
    member = layout.member
    weight = _weight(lever, layout)
    touched = member @ weight @ member.T
    base = _base(lever, layout)
    values: dict[int, np.ndarray] = {}
    for group, move in placed:
        pairs = _pairs(move, layout.full.states)
        calm = Group(group.document, group.when, None, group.rule)
        parts = [(group, move.value * pairs)]
        if move.mode == "set":
            parts.append((calm, -base * pairs))
        share = np.array([fraction_in_year(move, year) for year in years])
        for part, amount in parts:
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


def _members(
    lever: str,
    placed: Sequence[tuple[Group, Move]],
    groups: tuple[Group, ...],
    layout: Layout,
    years: tuple[int, ...],
) -> MemberMoves:
    """Arrays of ``join`` or ``leave``; a region joins as far as its GDP is in the state."""
    full, member = layout.full, layout.member
    gdp = np.asarray(full.gdp)
    values: dict[int, np.ndarray] = {}
    for group, move in placed:
        states = np.isin(full.states, move.actors).astype(float)
        merged = member @ (states * gdp) / (member @ gdp)
        share = np.array([fraction_in_year(move, year) for year in years])
        shape = (len(years), len(full.frameworks), layout.world.count)
        into = values.setdefault(groups.index(group), np.zeros(shape))
        into[:, full.frameworks.index(str(move.framework))] += share[:, None] * merged
    used = tuple(sorted(values))
    stacked = (
        np.stack([values[g] for g in used])
        if used
        else np.zeros((0, len(years), len(full.frameworks), layout.world.count))
    )
    return MemberMoves(jnp.asarray(np.clip(stacked, 0.0, 1.0)), used)


def _states(
    placed: Sequence[tuple[Group, Move]],
    groups: tuple[Group, ...],
    layout: Layout,
    years: tuple[int, ...],
) -> StateMoves:
    """Arrays of a lever of single states; a region moves as far as its GDP is in the state."""
    full, member = layout.full, layout.member
    gdp = np.asarray(full.gdp)
    values: dict[int, np.ndarray] = {}
    for group, move in placed:
        if move.mode == "set":
            raise BadInput(
                f"{move.lever} can only be added to", fix="write `add`", where=move.where
            )
        states = np.isin(full.states, move.actors).astype(float)
        merged = member @ (states * gdp) / (member @ gdp)
        share = np.array([fraction_in_year(move, year) for year in years])
        into = values.setdefault(groups.index(group), np.zeros((len(years), layout.world.count)))
        into += move.value * share[:, None] * merged
    used = tuple(sorted(values))
    empty = np.zeros((0, len(years), layout.world.count))
    return StateMoves(jnp.asarray(np.stack([values[g] for g in used]) if used else empty), used)


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
        observable=jnp.asarray([OBSERVABLES.index(r.observable) for _, r in rules], int),
        row=jnp.asarray(rows, int),
        column=jnp.asarray(columns, int),
        sign=jnp.asarray([1.0 if r.comparator == ">" else -1.0 for _, r in rules]),
        threshold=jnp.asarray([float(r.threshold) for _, r in rules]),
        groups=tuple(place for place, _ in switched),
        switched_by=tuple(rule for _, rule in switched),
    )


def compile_moves(
    moves: Sequence[tuple[str, Move]],
    rules: Sequence[tuple[str, Rule]],
    layout: Layout,
    years: tuple[int, ...],
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
    by_lever = {name: [(g, m) for g, m in placed if m.lever == name] for name in LEVERS}
    programme = Programme(
        years=years,
        tariff=_dyads("tariff", by_lever["tariff"], groups, layout, years),
        barrier=_dyads("barrier", by_lever["barrier"], groups, layout, years),
        join=_members("join", by_lever["join"], groups, layout, years),
        leave=_members("leave", by_lever["leave"], groups, layout, years),
        defence_share=_states(by_lever["defence_share"], groups, layout, years),
        rules=_rules(rules, groups, layout.world),
    )
    return programme, groups
