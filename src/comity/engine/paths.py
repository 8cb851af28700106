"""Which moves can reach which measures, and by what links: from lever to field to measure.

Links are those that mechanisms declare (`reads`, `lagged`, `levers`, `writes`), over all years:
what is read as the last year left it counts, and so does what a state carries on. How a change
spreads over states, pairs and flashpoints is read from the mechanism's own program
(`comity.engine.spread`), so that nothing beside it has to be declared or can be wrong. A path may
carry nothing in the end; where there is none, nothing can move.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from comity.engine.contract import AbstractMechanism, CutsOff
from comity.engine.levers import Lever, Levers
from comity.engine.measures import Block, Outcome
from comity.engine.programme import DyadMoves, Moves, Programme
from comity.engine.spread import Mask, Program, traced
from comity.engine.year import Shared, bind, kept_of
from comity.world.given import World

# What a partner's cut-off would cost the actor: a series of a block that no field holds.
LOSSES = "losses"
# What stands in a path between a field that is watched and the lever that it switches.
RULES, ACTS = "rules", "acts"
# Series of more elements than this are taken as read in full.
MOST = 2000


@dataclass(frozen=True)
class Path:
    """A shortest way: lever, mechanism, field, mechanism, ..., field, measure."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Reached:
    """Elements of a field, or of the cut-off losses, that moves reach, and the way there."""

    field: str
    mask: Mask
    names: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """Who passes a change on to whom in one world; ``programs`` by mechanism, `RULES` or `ACTS`."""

    programs: tuple[tuple[str, Program], ...]
    programme: Programme

    def moved(self, groups: Collection[int]) -> dict[str, Mask]:
        """Elements of each lever that these groups of moves touch in any year."""
        return {
            lever.name: mask
            for lever in self.programme.declared
            if (mask := _touched(lever, self.programme, groups)).any()
        }

    def reach(self, own: Collection[int], standing: Collection[int]) -> tuple[Reached, ...]:
        """All that groups of moves can reach, nearest first.

        Parameters
        ----------
        own
            Groups whose moves are made or not.
        standing
            Groups that are in force beside them, which rules may switch and checks may end.
        """
        return self.follow(self.moved(own), {*own, *standing})

    def follow(self, starts: Mapping[str, Mask], in_force: Collection[int]) -> tuple[Reached, ...]:
        """All that moves of these elements of levers can reach, nearest first.

        ``in_force``: groups of moves that rules may switch and checks may end.
        """
        queue: deque[tuple[str, Mask, tuple[str, ...]]] = deque()
        seen: dict[str, Mask] = {}
        found: list[Reached] = []

        def touch(node: str, mask: Mask, names: tuple[str, ...]) -> None:
            before = seen.get(node, np.zeros_like(mask))
            new = np.asarray(mask & ~before)
            if new.any():
                seen[node] = np.asarray(before | mask)
                queue.append((node, new, names))
                if not node.startswith(_LEVER):
                    found.append(Reached(node, new, names))

        for name, mask in starts.items():
            touch(_LEVER + name, mask, (name,))
        while queue:
            node, mask, names = queue.popleft()
            for program_name, program in self.programs:
                for output, felt in program.spread(node, mask).items():
                    if program_name in (RULES, ACTS):
                        switched = self._switched(program_name, felt) & {*in_force}
                        for lever, touched in self.moved(switched).items():
                            touch(_LEVER + lever, touched, (*names, program_name, lever))
                    else:
                        touch(output, felt, (*names, program_name, output))
        return tuple(found)

    def links(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """By mechanism: what each of its inputs moves; ``lever NAME`` or the name of a field."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, program in self.programs:
            into = found.setdefault(name, {})
            for given, shape in program.shapes.items():
                moved = program.spread(given, np.ones(shape, bool))
                into[given] = (*into.get(given, ()), *moved)
        return found

    def readers(self) -> dict[str, tuple[str, ...]]:
        """By mechanism: fields and levers by which it moves something, but a field itself alone."""
        return {
            name: tuple(given for given, moved in inputs.items() if {*moved} - {given})
            for name, inputs in self.links().items()
        }

    def _switched(self, kind: str, felt: Mask) -> set[int]:
        rules, acts = self.programme.rules, self.programme.acts
        hang = (rules.groups, rules.switched_by) if kind == RULES else (acts.groups, acts.act)
        return {group for group, by in zip(*hang, strict=True) if felt[by]}


_LEVER = "lever "


def graph(
    shared: Shared, numbers: Mapping[str, float], actor: str, partners: tuple[str, ...]
) -> Graph:
    """Trace the programs of a year.

    Parameters
    ----------
    shared
        World, mechanisms and programme.
    numbers
        What futures draw, by ``book.name``: it may take any value.
    actor, partners
        For what a cut-off would cost.
    """
    world, programme = shared.world, shared.programme
    written = {field for m in shared.mechanisms for field in m.writes}
    drawn = {name: jnp.asarray(value) for name, value in numbers.items()}
    still = Levers(
        {
            one.name: jnp.zeros(one.shape(world.count, len(world.frameworks)))
            for one in programme.declared
        }
    )
    made: list[tuple[str, Program]] = []

    def add(name: str, fields: _Names, moves: _Names, gives: _Names, call: _Call) -> None:
        named = {field: getattr(world, field) for field in fields if field in written}
        named |= {_LEVER + lever: still.at[lever] for lever in moves}

        def placed(given: dict[str, Any], other: Any) -> Mapping[str, Any]:
            levers = {n.removeprefix(_LEVER): a for n, a in given.items() if n.startswith(_LEVER)}
            fields = {n: a for n, a in given.items() if not n.startswith(_LEVER)}
            return call(world.replace(fields), still.replace(levers), *other)

        made.append((name, traced(placed, named, (jax.random.key(0), drawn)).in_order(gives)))

    for one in shared.mechanisms:
        read = (*one.reads, *one.lagged)
        add(one.name, read, one.levers, one.writes, _called(one))
        if isinstance(one, CutsOff):
            who = jnp.asarray([world.index(state) for state in (actor, *partners)])
            add(one.name, read, one.levers, (LOSSES,), _cut_off(one, who))
    every, levers = sorted(written), [one.name for one in programme.declared]
    if programme.rules.groups:
        add(RULES, every, levers, (RULES,), _observed(programme))
    if programme.acts.groups:
        add(ACTS, every, levers, (ACTS,), _standing(programme))
    return Graph(tuple(made), programme)


Reads = Mapping[str, Mask]
_Names = Collection[str]
_Call = Callable[[World, Levers, Any, dict[str, Any]], Mapping[str, Any]]


def _called(mechanism: AbstractMechanism) -> _Call:
    return lambda world, levers, key, drawn: bind(mechanism, drawn)(world, levers, key)


def _cut_off(mechanism: Any, who: Any) -> _Call:
    def call(world: World, levers: Levers, key: Any, drawn: dict[str, Any]) -> Mapping[str, Any]:
        able = bind(mechanism, drawn)
        costs = [able.loss(world, levers, partner, who[0])[0] for partner in who[1:]]
        # By partner, whatever horizons the mechanism tells apart.
        return {LOSSES: jnp.stack(costs).reshape(len(costs), -1).sum(axis=1)}

    return call


def _observed(programme: Programme) -> _Call:
    return lambda world, levers, key, drawn: {RULES: programme.rules.observe(world, levers)}


def _standing(programme: Programme) -> _Call:
    year = jnp.asarray(programme.years[0], jnp.uint32)

    def call(world: World, levers: Levers, key: Any, drawn: dict[str, Any]) -> Mapping[str, Any]:
        return {ACTS: programme.acts.standing(programme.acts.luck(key), world, year)}

    return call


def _touched(lever: Lever, programme: Programme, groups: Collection[int]) -> Mask:
    """Elements of a lever's position that groups of moves touch."""
    moves: Moves | DyadMoves = (programme.dyads | programme.others)[lever.name]
    rows = [place for place, group in enumerate(moves.groups) if group in groups]
    felt = np.any(np.asarray(moves.values)[rows] != 0, axis=(0, 1))
    if not isinstance(moves, DyadMoves):
        return felt
    full = np.zeros((felt.shape[-1], felt.shape[-1]), bool)
    full[np.asarray(moves.actors, int)] = felt
    if lever.symmetric:
        return full | full.T
    return full.T if lever.turned else full


def reads_of(measure: Outcome, shared: Shared, actor: str, partners: tuple[str, ...]) -> Reads:
    """Series that a measure is read from, and which of their elements it looks at.

    Seen by trying: an element is read where the measure of a future changes as the series does. A
    series that is asked for and never shows counts as read in full.
    """
    world = shared.world
    shapes = {name: getattr(world, name).shape for name in kept_of(shared.mechanisms)}
    # Numbers without a pattern, so that no two terms cancel and no comparison is a tie.
    draw = np.random.default_rng(0)
    values = {name: draw.uniform(0.5, 1.5, (2, 3, *shape)) for name, shape in shapes.items()}
    values[LOSSES] = draw.uniform(0.5, 1.5, (2, len(partners)))

    def reduced(series: Mapping[str, np.ndarray]) -> tuple[np.ndarray, Collection[str]]:
        seen = _Seen({name: values for name, values in series.items() if name != LOSSES})
        ok = np.ones((len(series[LOSSES]), 2), bool)
        gdp = np.asarray(world.gdp)
        # Losses of every horizon that a block tells apart are those of one cut-off: one series.
        losses = {one.name: series[LOSSES] for one in fields(Block) if one.name.endswith(LOSSES)}
        block = Block(
            states=world.states,
            gdp=gdp,
            actor=actor,
            partners=partners,
            series=seen,
            ok=ok,
            frameworks=world.frameworks,
            **losses,
        )
        seen.asked.clear()  # what a check of types looked at was not asked for by the measure
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(measure.reduce(block)), seen.asked

    plain, asked = reduced({name: value[None] for name, value in values.items()})
    reads = {}
    for name in (*asked, LOSSES):
        shape = (len(partners),) if name == LOSSES else shapes[name]
        mask = np.zeros(shape, bool)
        if mask.size <= MOST:
            for disturbed in _disturbed(values, name, mask.size):
                mask |= _differs(reduced(disturbed)[0], plain).reshape(shape)
        if name != LOSSES and not mask.any():
            mask = np.ones(shape, bool)
        if mask.any():
            reads[name] = mask
    return reads


def _disturbed(
    values: Mapping[str, np.ndarray], name: str, elements: int
) -> Iterator[dict[str, np.ndarray]]:
    """Blocks of as many futures as elements, in each of which one is another with a strategy."""
    alike = {n: np.broadcast_to(v, (elements, *v.shape)) for n, v in values.items()}
    for change in (lambda x: 1e6 * x, lambda x: -1e6 * x, lambda x: np.nan * x):
        moved = alike[name].copy()
        # Flat over elements, which come last; slot 1 is a strategy, slot 0 none.
        flat = moved.reshape(elements, 2, -1, elements)
        for place in range(elements):
            flat[place, 1, :, place] = change(flat[place, 1, :, place])
        yield alike | {name: moved}


def _differs(disturbed: np.ndarray, plain: np.ndarray) -> np.ndarray:
    same = (disturbed[:, 1] == plain[0, 1]) | (np.isnan(disturbed[:, 1]) & np.isnan(plain[0, 1]))
    return ~same


class _Seen(dict[str, np.ndarray]):
    """Series that remember which of them were asked for."""

    def __init__(self, series: Mapping[str, np.ndarray]) -> None:
        dict.__init__(self, series)
        self.asked: dict[str, None] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        self.asked[name] = None
        return dict.__getitem__(self, name)


def shortest(reached: Iterable[Reached], reads: Reads, measure: str) -> Path | None:
    """Nearest way from moves to a measure; None where there is no link in the model."""
    for one in reached:
        if one.field in reads and (one.mask & reads[one.field]).any():
            return Path((*one.names, measure))
    return None
