"""Programmes of many scenarios padded to one shape, so that one compiled program runs them all.

Every lever has the same few slots for groups of moves, rows for every state, a rule and an act for
each slot. What a scenario does not use moves nothing: a slot without moves has the weight 0, one
without a rule hangs on a rule that always fires, one without an act on an act that never falls.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from comity.core import runtime
from comity.core.types import PRNGKey
from comity.engine.contract import Change
from comity.engine.levers import Levers
from comity.engine.programme import Acts, DyadMoves, Moves, Programme, Room, Rules, quiet
from comity.engine.year import Row, Shared
from comity.mechanisms.catalogue import (
    DEFAULT,
    build_year,
    chosen,
    levers,
    option_names,
    parameters,
    ready,
)
from comity.mechanisms.measured import partners_of
from comity.mechanisms.trade import Trade, begun, position
from comity.scenarios.bounds import overruns
from comity.scenarios.compile import Group, Layout, compile_moves, layout, levels_of
from comity.scenarios.idle import moved_twice
from comity.scenarios.scenario import Scenario, all_moves
from comity.study.ensemble import (
    SCENARIO,
    Arm,
    Ensemble,
    doubts,
    draws,
    focused,
    placed,
    weights,
)
from comity.study.row import RowResult, Watched, one_row
from comity.world.given import World, door, moving, with_frameworks
from comity.world.regions import default_focus
from comity.world.snapshot import BASE_YEAR, load_world
from fuzz.drafts import LEFT_OUT, NEW, YEARS, Drawn

SLOTS = 3  # groups of moves that a lever may have

# What the ledger writes down in the middle of the year, where trade has just cleared.
LEDGER = {
    "ledger_tariff": moving("fraction", "tariff on the whole flow", 0.0, "state", "state"),
    "ledger_cost": moving("ratio", "iceberg cost", 1.0, "state", "state"),
    "ledger_levy": moving("fraction", "the lever `tariff`", 0.0, "state", "state"),
    "ledger_forces": moving("thousand", "the lever `forces`", 0.0, "state", "state"),
    "ledger_capacity": moving("ratio", "capacity that trade saw", 1.0, "state"),
    "ledger_price": moving("ratio", "prices at which trade cleared", 1.0, "state"),
    "ledger_openness": moving("ratio", "openness when trade had cleared", 0.0, "state"),
    "ledger_income": moving("ratio", "consumption before defence", 1.0, "state"),
    "ledger_cleared": moving("flag", "trade has cleared in every year so far", True),
}
# Fields of which a look needs every year, beside those that mechanisms keep.
WATCHED = (
    "membership",
    "price",
    "partner_share",
    "military_stock",
    "depth",
    "vitality",
    "credibility",
    "standing",
    "trade_left",
    "new_agreement",
    "reversal_delay",
    "survival",
    "war_joined",
)


class Ledger(Trade):
    """Writes down what trade cleared for, and where levers stood; it moves nothing."""

    name: ClassVar[str] = "ledger"
    phase: ClassVar[str] = "trade"
    writes: ClassVar[tuple[str, ...]] = tuple(LEDGER)
    keeps: ClassVar[tuple[str, ...]] = (*LEDGER, *WATCHED)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """What trade saw this year."""
        at = position(self, world, levers)
        return {
            "ledger_tariff": at.tariff,
            "ledger_cost": at.cost,
            "ledger_levy": levers.tariff,
            "ledger_forces": levers.forces,
            "ledger_capacity": at.capacity,
            # `adjustment` puts the year as it stands in their place later on.
            "ledger_price": world.price,
            "ledger_openness": world.openness,
            "ledger_income": world.consumption,
            "ledger_cleared": world.converged,
        }


class Item(eqx.Module):
    """One scenario for the map over rows: its programme and its row."""

    programme: Programme
    watched: Watched


class Ground:
    """What all scenarios share: the focus world, the mechanisms with every option but some.

    ``seed``: of all random numbers; ``many``: draws of the numbers of all mechanisms.
    """

    def __init__(self, seed: int, many: int) -> None:
        at_rest = ready(with_frameworks(load_world(BASE_YEAR), NEW))
        full, _ = door(at_rest)
        run = begun(door(focused(at_rest, ())[0])[0])
        self.over: Layout = layout(full, run)
        self.options = tuple(name for name in option_names() if name not in LEFT_OUT)
        made = build_year(run, self.options)
        trade = next(m for m in made if isinstance(m, Trade))
        ledger = Ledger(**{name: getattr(trade, name) for name in _fields(trade)})
        place = made.index(trade) + 1
        self.mechanisms = (*made[:place], ledger, *made[place:])
        self.world = run.with_fields(LEDGER)
        self.numbers = parameters(self.options)
        self.drawn = draws(self.numbers, (), seed, many)
        self.seed = seed
        self.run: Callable[[Shared, Any], RowResult] = runtime.over_rows(_of_its_own)

    @cached_property
    def shared(self) -> Shared:
        """What all rows share; the programme is a row's own."""
        still = quiet(levers().values(), YEARS, self.world.count, len(self.world.frameworks))
        return Shared(self.world, self.mechanisms, still, jnp.uint32(self.seed))

    def base(self, name: str) -> np.ndarray:
        """A field of the world before the first year."""
        return np.asarray(getattr(self.world, name))


def _fields(trade: Trade) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(trade))


def _of_its_own(shared: Shared, item: Item) -> RowResult:
    """A row under a programme of its own."""
    return one_row(replace(shared, programme=item.programme), item.watched)


def compiled(found: Scenario, over: Layout) -> tuple[Programme, tuple[Group, ...]]:
    """Programme and groups of a scenario, as a run compiles them."""
    every = all_moves(found.moves, found.rules)
    excess = overruns([(every, found.uncertainties)], levers(), YEARS, levels_of(over))
    return compile_moves(
        [(SCENARIO, move) for move in found.moves],
        [(SCENARIO, rule) for rule in found.rules],
        over,
        YEARS,
        levers(),
        tuple(dict.fromkeys(one.lever.name for one in excess)),
    )


def fits(found: Scenario) -> bool:
    """Whether no lever can need more groups than there are slots, and all can be watched.

    A state of a region that enters or leaves by two moves is kept apart in a run of its own; here
    the world is one for all, so such a scenario does not fit.
    """
    if moved_twice([found]) - {*default_focus()}:
        return False
    for name in levers():
        mine = [m for m in all_moves(found.moves, found.rules) if m.lever == name]
        if sum(2 if move.mode != "add" and move.scale else 1 for move in mine) > SLOTS:
            return False
    return True


def blank(still: Programme, count: int) -> Programme:
    """Room for as many programmes side by side, each of which moves nothing yet.

    ``still``: a programme of the same world and years. Leading axis of every array: the programme.
    """
    dyads, others, room = {}, {}, {}
    for number, lever in enumerate(still.declared):
        slots = tuple(range(number * SLOTS, (number + 1) * SLOTS))
        values = {**still.dyads, **still.others}[lever.name].values
        element = values.shape[2:] if lever.kind != "dyad" else (values.shape[-1],) * 2
        nil = jnp.zeros((SLOTS, len(still.years), *element))
        if lever.kind == "dyad":
            dyads[lever.name] = DyadMoves(nil, jnp.arange(element[-1]), slots)
        else:
            others[lever.name] = Moves(nil, slots)
        room[lever.name] = Room(jnp.zeros(element), jnp.zeros(element))
    slots = tuple(range(SLOTS * len(still.declared)))
    whole, nil = jnp.zeros(len(slots), int), jnp.zeros(len(slots))
    rules = Rules(whole, whole, whole, nil, nil, slots, slots)
    acts = Acts(whole, whole, nil, whole.astype(jnp.uint32), slots, slots)
    one = Programme(still.years, still.declared, dyads, others, rules, acts, room)
    return jax.tree.map(lambda leaf: np.repeat(np.asarray(leaf)[None], count, axis=0), one)


def put_in(room: Programme, place: int, made: Programme) -> Int[np.ndarray, " S"]:
    """Write a programme into its place in a `blank`; the group that each slot then holds, or -1.

    Raises
    ------
    ValueError
        A lever with more groups than `SLOTS`.
    """
    held = np.full(SLOTS * len(made.declared), -1)
    for name, moves in {**made.dyads, **made.others}.items():
        target = {**room.dyads, **room.others}[name]
        if len(moves.groups) > SLOTS:
            raise ValueError(f"{name} has {len(moves.groups)} groups for {SLOTS} slots")
        here, given = target.values[place], np.asarray(moves.values)
        if here.any():
            here[:] = 0.0
        if isinstance(moves, DyadMoves):
            here[: len(given)][:, :, np.asarray(moves.actors)] = given
        else:
            here[: len(given)] = given
        held[list(target.groups[: len(given)])] = moves.groups
        # Held within no bounds is not held.
        held_at = made.room.get(name)
        room.room[name].low[place] = -np.inf if held_at is None else held_at.low
        room.room[name].high[place] = np.inf if held_at is None else held_at.high
    _put_rules(room.rules, place, made.rules, held)
    _put_acts(room.acts, place, made.acts, held)
    return held


def _hung(held: np.ndarray, groups: Sequence[int], of: Sequence[int]) -> tuple[list, list]:
    """Slots whose group hangs on something, and the number of that."""
    number = dict(zip(groups, of, strict=True))
    slots = [slot for slot, group in enumerate(held) if group in number]
    return slots, [number[held[slot]] for slot in slots]


def _put_rules(room: Rules, place: int, made: Rules, held: np.ndarray) -> None:
    """A rule a slot; one whose threshold everything passes where there is none."""
    slots, numbers = _hung(held, made.groups, made.switched_by)
    for name, rest in (
        ("observable", 0), ("row", 0), ("column", 1), ("sign", 1.0), ("threshold", -np.inf),
    ):  # fmt: skip
        here = getattr(room, name)[place]
        here[:] = rest
        here[slots] = np.asarray(getattr(made, name))[numbers]


def _put_acts(room: Acts, place: int, made: Acts, held: np.ndarray) -> None:
    """An act a slot; one that is for ever young where there is none."""
    slots, numbers = _hung(held, made.groups, made.act)
    for name, rest in (("state", 0), ("channel", 0), ("start", np.inf), ("name", 0)):
        here = getattr(room, name)[place]
        here[:] = rest
        here[slots] = np.asarray(getattr(made, name))[numbers]


def into(weighed: Float[np.ndarray, "... W"], held: np.ndarray) -> Float[np.ndarray, "... S"]:
    """Weights of groups put into the slots that hold them; 0 in the others."""
    with_nil = np.concatenate([weighed, np.zeros((*weighed.shape[:-1], 1))], axis=-1)
    return with_nil[..., held]


def arm_of(ground: Ground, one: Drawn) -> Ensemble:
    """The scenario as the one arm of an ensemble on the common ground, with one draw of all."""
    every = all_moves(one.scenario.moves, one.scenario.rules)
    on = chosen(one.scenario.mechanisms, {move.lever for move in every})
    arms = (Arm(one.actor, (one.scenario,)),)
    parts = placed(arms)
    programme, groups = compiled(one.scenario, ground.over)
    own = draws((), doubts(parts), ground.seed + one.number, 1)
    drawn = ground.drawn.iloc[[one.number % len(ground.drawn)]].reset_index(drop=True)
    shared = replace(ground.shared, programme=programme)
    return Ensemble(
        arms, parts, on, ground.numbers, shared, groups,
        (partners_of(one.actor, ground.world),), drawn.join(own), 1, 1, ground.over, {}, (), (),
    )  # fmt: skip


def chunk_of(
    ground: Ground, room: Programme, made: Sequence[Ensemble], numbers: Sequence[int]
) -> Item:
    """Scenarios side by side in one shape; a short chunk repeats the last.

    ``made``: the ensembles of the scenarios with these ``numbers``, from `arm_of`.
    """
    count = len(room.rules.sign)
    which = [min(place, len(made) - 1) for place in range(count)]
    weighed, who, active = [], [], []
    for place, one in enumerate(made[n] for n in which):
        held = put_in(room, place, one.shared.programme)
        weighed.append(into(weights(one)[0, 0], held))
        seen = (one.arms[0].actor, *one.partners[0])
        who.append([ground.world.index(state) for state in seen])
        on = (*DEFAULT, Ledger.name, *one.options)
        active.append([m.name in on for m in ground.mechanisms])
    draws_of = {
        p.key: np.array([made[n].drawn[p.key].to_numpy()[0] for n in which]) for p in ground.numbers
    }
    futures = np.array([numbers[n] for n in which], np.uint32)
    # Under the map each row has the shapes that a row declares.
    row = jax.vmap(Row)(futures, np.array(weighed), draws_of, np.array(active))
    return Item(room, jax.vmap(Watched)(row, np.array(who)))
