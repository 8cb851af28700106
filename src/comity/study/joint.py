"""Several sides at once: one strategy of each together, every combination in the same futures.

A cell is an arm with the scenario and one strategy of each side. Cells that come to the same (a
strategy that does nothing) are one arm. What the scenario says of ACTOR it says of every side, so
that no side is told from another by the order in which they are named. Each side sees the cells by
its own measures, read from the same rows; what cutting off its partners would cost is computed for
the first side alone unless it is asked for, since it takes rows of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from comity.core.errors import BadInput
from comity.core.own_numbers import own_numbers
from comity.engine.measures import Block, Outcome
from comity.engine.paths import Graph, Reached, reads_of, shortest
from comity.mechanisms.catalogue import chosen
from comity.registry import states as registry
from comity.scenarios.scenario import Scenario
from comity.scenarios.strategy import Strategy, load_strategy
from comity.scenarios.together import check_sides, for_all, load_scenarios, parts_of
from comity.study.card_of_aims import MEASURED, card, kinds
from comity.study.ensemble import Arm, Document, Ensemble, block, ensemble, futures_a_chunk, solve
from comity.study.executors import Executor, LocalExecutor
from comity.study.laboratory import vocabulary
from comity.study.numbers_drawn import numbers_of
from comity.study.paths import graph_of, reached_by
from comity.study.plan import Plan, Request
from comity.study.row import RowResult
from comity.world.snapshot import BASE_YEAR, fingerprint

MOST_CELLS = 2000
# Strategies a side whose mixtures can be gone through: of two sides, of more.
MOST_OF_TWO, MOST_OF_MORE = 10, 7
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Side:
    """A state and the strategies among which it chooses."""

    actor: str
    strategies: tuple[Strategy, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the strategies."""
        return tuple(one.name for one in self.strategies)


@dataclass(frozen=True)
class Arms:
    """Arms of a joint plan and where they stand.

    ``rest``: by side, the arm without anything. ``alone``: by view, the scenario alone. ``cells``:
    (views, strategies of each side). A view is a side for which partners' cut-offs are computed.
    """

    arms: tuple[Arm, ...]
    rest: tuple[int, ...]
    alone: tuple[int, ...]
    cells: Int[np.ndarray, "V *S"]


@dataclass(frozen=True)
class JointPlan:
    """What was asked for, read: ``plan`` is the first side's, ``sides`` has it first.

    ``by_partner``: every side's exposure to its partners is measured, not the first one's alone.
    """

    plan: Plan
    sides: tuple[Side, ...]
    by_partner: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """How many strategies each side has."""
        return tuple(len(side.strategies) for side in self.sides)

    @property
    def scenario(self) -> Scenario:
        """The scenario, read for all sides."""
        return self.plan.scenario

    def together(self, cell: Sequence[int]) -> tuple[Strategy, ...]:
        """Strategies of a cell, one a side."""
        return tuple(s.strategies[k] for s, k in zip(self.sides, cell, strict=True))

    @cached_property
    def laid(self) -> Arms:
        """Arms, each once."""
        views = self.sides if self.by_partner else self.sides[:1]
        arms: list[Arm] = []

        def placed(actor: str, documents: Sequence[Document]) -> int:
            arm = Arm(actor, tuple(d for d in documents if d.moves or d.rules))
            if arm not in arms:
                arms.append(arm)
            return arms.index(arm)

        rest = tuple(placed(side.actor, ()) for side in self.sides)
        alone = tuple(placed(side.actor, (self.scenario,)) for side in views)
        cells = np.array(
            [
                [
                    placed(side.actor, (self.scenario, *self.together(cell)))
                    for cell in product(*map(range, self.shape))
                ]
                for side in views
            ]
        )
        return Arms(tuple(arms), rest, alone, cells.reshape(len(views), *self.shape))


def joint_plan(
    request: Request,
    others: Mapping[str, Sequence[str]],
    by_partner: bool = False,
) -> JointPlan:
    """Read the documents of all sides and spell the request out.

    Parameters
    ----------
    request
        What was asked for the first side.
    others
        Names or files of strategies of each other side.
    by_partner
        As in `JointPlan`.

    Raises
    ------
    BadInput
        Every problem of the files named; a side named twice; strategies of two sides that clash,
        both places named; too many cells.
    """
    words = vocabulary()
    first = registry.find(request.actor, BASE_YEAR)
    names = {first: request.strategies}
    for given, strategies in others.items():
        actor = registry.find(given, BASE_YEAR)
        if actor in names:
            raise BadInput(f"{actor} is named twice among the sides", fix="name each state once")
        names[actor] = tuple(strategies)
    if len(names) < 2:
        raise BadInput("no side answers", fix="name other states, as --against CHN,USA")
    most = MOST_OF_TWO if len(names) == 2 else MOST_OF_MORE
    for actor, own in names.items():
        if len(own) > most:
            raise BadInput(
                f"{len(own)} strategies of {actor} are too many for a game of {len(names)} sides",
                fix=f"name up to {most}, as --strategies {actor}:{','.join(own[:2])}",
            )
    many = prod(map(len, names.values()))
    if many > MOST_CELLS:
        raise BadInput(
            f"{many:,} combinations of strategies are too many",
            fix=f"name fewer sides or strategies; {MOST_CELLS:,} combinations can be compared",
        )
    sides = tuple(
        Side(actor, tuple(load_strategy(one, words, actor) for one in own))
        for actor, own in names.items()
    )
    for side in sides:
        if len({*side.names}) < len(side.names) or not side.names:
            raise BadInput(
                f"{side.actor} has no strategy, or two of one name", fix="name each once"
            )
    check_sides([side.strategies for side in sides], words)
    places = {part: part for part in parts_of(request.scenario)}
    readers = [
        replace(words, actor=actor, beside=tuple(other for other in names if other != actor))
        for actor in names
    ]
    scenario = for_all([load_scenarios(places, one) for one in readers], words)
    last = request.horizon if request.horizon is not None else scenario.last_year
    if not scenario.first_year <= last <= 2100:
        raise BadInput(
            f"horizon {last} is out of range",
            fix=f"use a year from {scenario.first_year} to 2100",
        )
    documents = (scenario, *(one for side in sides for one in side.strategies))
    moved = {m.lever for one in documents for m in one.moves}
    moved |= {r.move.lever for one in documents for r in one.rules}
    options = chosen(scenario.mechanisms, moved)
    numbers = numbers_of([scenario], options, own_numbers(request.own))
    years = tuple(range(scenario.first_year, last + 1))
    plan = Plan(
        request, first, scenario, sides[0].strategies, numbers, years, fingerprint(), options
    )
    return JointPlan(plan, sides, by_partner)


@dataclass(frozen=True)
class Joint:
    """A joint plan put together. ``aims``: the card of each side, as far as it is measured here.

    ``linked``: by side and aim, whether a link leads from what is done in a cell to the aim.
    ``own``: by side and aim, whether one leads there from each of its own strategies.
    """

    joint: JointPlan
    ensemble: Ensemble
    measures: tuple[Mapping[str, Outcome], ...]
    aims: tuple[tuple[dict[str, Any], ...], ...]
    linked: tuple[Mapping[str, Bool[np.ndarray, "..."]], ...]
    own: tuple[Mapping[str, Bool[np.ndarray, "..."]], ...]


def build(joint: JointPlan) -> Joint:
    """Load the world, compile all documents, read the cards of aims, follow the links."""
    plan, laid = joint.plan, joint.laid
    asked = plan.request
    made = ensemble(
        laid.arms,
        plan.options,
        plan.years,
        asked.futures,
        asked.seed,
        world=asked.world,
        numbers=plan.parameters,
    )
    running = [one.name for one in made.shared.mechanisms]
    measures, aims = [], []
    for number, side in enumerate(joint.sides):
        own = made.measures(laid.rest[number])
        records = [one.record(side.actor) for one in own]
        measures.append({one.name: one for one in own})
        aims.append(
            tuple(
                aim
                for aim in card(side.actor, records, running)
                if aim["status"] == MEASURED
                and (number == 0 or joint.by_partner or not of_partner(aim["kind"]))
            )
        )
    linked, own_links = _links(joint, made, measures, aims)
    return Joint(joint, made, tuple(measures), tuple(aims), linked, own_links)


def of_partner(kind: str) -> bool:
    """Whether a kind of aims is read from what cutting off a partner would cost."""
    return any("{partner}" in one for one in kinds()[kind]["measures"])


def _links(
    joint: JointPlan, made: Ensemble, measures: Sequence[Mapping], aims: Sequence[Sequence[Mapping]]
) -> tuple[tuple[Mapping, ...], tuple[Mapping, ...]]:
    """Which aims what is done in each cell can reach, and what each side's own strategies can."""
    laid = joint.laid
    graph = graph_of(made, laid.rest[0])
    everywhere = list(product(*map(range, joint.shape)))
    reached = _reached(joint, made, graph)
    cells, own_links = [], []
    for number, side in enumerate(joint.sides):
        here = laid.rest[number]
        if number and joint.by_partner:
            reached = _reached(joint, made, graph_of(made, here))
        partners = made.partners[here]
        reads = {
            name: reads_of(measures[number][name], made.shared, side.actor, partners)
            for name in dict.fromkeys(m for aim in aims[number] for m in aim["measures"])
        }

        def felt(
            strategies: Sequence[Strategy], reads=reads, own=aims[number], reached=reached
        ) -> list[bool]:
            found = reached(strategies)
            there = {n for n, read in reads.items() if shortest(found, read, n) is not None}
            return [not there.isdisjoint(aim["measures"]) for aim in own]

        names = [aim["name"] for aim in aims[number]]
        every = np.array([felt(joint.together(cell)) for cell in everywhere])
        mine = np.array([felt((one,)) for one in side.strategies])
        cells.append(dict(zip(names, every.T.reshape(-1, *joint.shape), strict=True)))
        own_links.append(dict(zip(names, mine.T, strict=True)))
    return tuple(cells), tuple(own_links)


def _reached(
    joint: JointPlan, made: Ensemble, graph: Graph
) -> Callable[[Sequence[Strategy]], tuple[Reached, ...]]:
    """What the moves of some strategies together can reach; each set is followed once."""
    known: dict[tuple[str, ...], tuple[Reached, ...]] = {}

    def reached(strategies: Sequence[Strategy]) -> tuple[Reached, ...]:
        arm = Arm(joint.plan.actor, (joint.scenario, *strategies))
        own = [p for p in made.parts_of(arm) if p.document in strategies]
        labels = tuple(p.label for p in own)
        if labels not in known:
            known[labels] = reached_by(graph, made, arm, labels)
        return known[labels]

    return reached


@dataclass(frozen=True)
class Levels:
    """Levels of the aims of a side: in each cell, and with the scenario alone; NaN where a row
    could not be solved.
    """

    cells: Mapping[str, Float[np.ndarray, "F *S"]]
    alone: Mapping[str, Float[np.ndarray, " F"]]


def levels(
    lab: Joint, executor: Executor | None = None, progress: Progress | None = None
) -> tuple[Levels, ...]:
    """Run all cells; levels of every aim of each side by future."""
    made, joint = lab.ensemble, lab.joint
    chunk = min(futures_a_chunk(made.futures, len(made.arms)), made.futures)
    todo = list(range(-(-made.futures // chunk)))
    parts: list[list[dict[str, np.ndarray]]] = [[] for _ in joint.sides]
    tick = progress or (lambda finished, all_: None)
    tick(0, made.futures)
    ready = 0
    for found in solve(made, chunk, todo, executor or LocalExecutor()):
        for number, part in enumerate(parts):
            part.append(dict(_read(lab, found, number)))
        ready += len(np.asarray(found.ok))
        tick(ready, made.futures)
    out = []
    for part, aims in zip(parts, lab.aims, strict=True):
        whole = {aim["name"]: np.concatenate([one[aim["name"]] for one in part]) for aim in aims}
        out.append(
            Levels(
                {name: x[:, 1:].reshape(-1, *joint.shape) for name, x in whole.items()},
                {name: x[:, 0] for name, x in whole.items()},
            )
        )
    return tuple(out)


def _read(lab: Joint, found: RowResult, number: int) -> Iterator[tuple[str, np.ndarray]]:
    """Aims of a side in a chunk: the scenario alone, then the cells; (futures, 1 + cells)."""
    laid = lab.joint.laid
    view = number if lab.joint.by_partner else 0
    slots = (laid.rest[number], laid.alone[view], *laid.cells[view].reshape(-1).tolist())
    seen = block(lab.ensemble, found, slots)
    if view != number:
        seen = _without_losses(seen)
    read = {
        name: lab.measures[number][name].reduce(seen)[:, 1:]
        for name in dict.fromkeys(m for aim in lab.aims[number] for m in aim["measures"])
    }
    for aim in lab.aims[number]:
        yield aim["name"], np.mean([read[name] for name in aim["measures"]], axis=0)


def _without_losses(seen: Block) -> Block:
    """A block whose cut-offs are those of another state: missing, not that state's."""
    first = seen.first_losses
    return replace(
        seen,
        losses=np.full_like(seen.losses, np.nan),
        first_losses=None if first is None else np.full_like(first, np.nan),
    )
