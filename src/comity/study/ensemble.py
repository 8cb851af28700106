"""Arms by futures: the only engine. What is in force in an arm is data; one program runs them all.

An arm is a tuple of documents seen by one state. Arms share the world, the mechanisms, the draws
and the luck of each future, so that two of them differ by their documents alone. Whether a run, a
claim or anything else asks, the same arm with the same seed gives the same numbers: draws and luck
hang on what a document is called in a run, never on the company it keeps.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import CoverageWarning
from comity.core.parameters import Parameter, draw, uniforms
from comity.core.words import Text, both, same, words
from comity.engine.measures import Block, Outcome
from comity.engine.programme import Programme
from comity.engine.trial import tried, tried_measures
from comity.engine.year import Row, Shared
from comity.mechanisms.catalogue import build_year, levers, ready
from comity.mechanisms.measured import outcomes, partners_of
from comity.mechanisms.trade import begun
from comity.scenarios.bounds import Excess, overruns
from comity.scenarios.compile import Group, Layout, compile_moves, layout, levels_of
from comity.scenarios.idle import moved_twice
from comity.scenarios.scenario import Scenario, all_moves
from comity.scenarios.strategy import Strategy
from comity.scenarios.uncertainty import Uncertainty
from comity.study.executors import Executor
from comity.study.numbers_drawn import numbers_of
from comity.study.row import RowResult, Watched, one_row
from comity.world.given import World, door, with_frameworks
from comity.world.regions import coarsen, default_focus
from comity.world.snapshot import BASE_YEAR, load_world

Document = Scenario | Strategy
SCENARIO = "scenario"
ROWS_A_CHUNK = 500


@dataclass(frozen=True)
class Arm:
    """What is in force, and the state by which it is seen; no documents = the world as it goes."""

    actor: str
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """An uncertainty, the column of its draws, and the name that these hang on."""

    column: str
    luck: str
    what: Uncertainty


@dataclass(frozen=True)
class Part:
    """A document of an ensemble; ``label`` tells it from all others there."""

    label: str
    document: Document
    doubts: tuple[Doubt, ...]

    def column(self, name: str) -> str:
        """Column of draws of an uncertainty of the document."""
        return next(doubt.column for doubt in self.doubts if doubt.what.name == name)


@dataclass(frozen=True)
class Ensemble:
    """Arms and everything that they share, ready to run.

    ``drawn`` has a row a draw, and ``a_draw`` futures (with other shocks) share each. ``partners``
    are those of the actor of each arm. ``over`` lays the world over the full one, ``known`` marks
    the cells of a field that are not filled, ``told`` says what merging had to leave out,
    ``held`` which levers are held at their bounds.
    """

    arms: tuple[Arm, ...]
    parts: tuple[Part, ...]
    options: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    shared: Shared
    groups: tuple[Group, ...]
    partners: tuple[tuple[str, ...], ...]
    drawn: pd.DataFrame
    futures: int
    a_draw: int
    over: Layout
    known: dict[str, np.ndarray]
    told: tuple[Text, ...]
    held: tuple[Text, ...]

    def parts_of(self, arm: Arm) -> tuple[Part, ...]:
        """The documents of an arm as parts of the ensemble."""
        return tuple(part for part in self.parts if part.document in arm.documents)

    def measures(self, slot: int = 0) -> tuple[Outcome, ...]:
        """All measures for the actor of an arm."""
        shared, actor, partners = self.shared, self.arms[slot].actor, self.partners[slot]
        return tried_measures(
            outcomes(actor, partners, self.options),
            shared.world,
            actor,
            partners,
            shared.mechanisms,
            len(shared.programme.years),
        )


def ensemble(
    arms: Sequence[Arm],
    options: tuple[str, ...],
    years: tuple[int, ...],
    futures: int,
    seed: int,
    a_draw: int = 1,
    world: str = "focus",
    numbers: tuple[Parameter, ...] | None = None,
) -> Ensemble:
    """Load the world, calibrate the mechanisms, compile the documents, draw the numbers.

    Parameters
    ----------
    arms
        Distinct arms.
    options
        Mechanisms beside the year's own.
    years
        Simulated years.
    futures, seed
        How many futures, and the seed of all random numbers.
    a_draw
        Futures that share a draw of the parameters and uncertainties.
    world
        ``focus`` (large states, actors, regions) or ``full``.
    numbers
        What to draw; None for those of the books and of the scenarios.
    """
    arms, parts = tuple(arms), placed(arms)
    moves = [(part.label, move) for part in parts for move in part.document.moves]
    rules = [(part.label, rule) for part in parts for rule in part.document.rules]
    new = {m.framework for _, m in moves if m.lever == "found" and m.framework}
    at_rest = ready(with_frameworks(load_world(BASE_YEAR), tuple(sorted(new))))
    full, known = door(at_rest)
    run, told = full, ()
    if world == "focus":
        twice = {state for arm in arms for state in moved_twice(arm.documents)}
        coarse, told = focused(at_rest, {arm.actor for arm in arms} | twice)
        run, known = door(coarse)
    run = begun(run)
    over = layout(full, run)
    beyond = _beyond_bounds(arms, over, years)
    held = {one.lever.name: one for one in beyond}
    programme, groups = compile_moves(moves, rules, over, years, levers(), tuple(held))
    mechanisms = tried(build_year(run, options), run, programme, len(groups))
    if numbers is None:
        numbers = numbers_of(
            [p.document for p in parts if isinstance(p.document, Scenario)], options
        )
    return Ensemble(
        arms,
        parts,
        options,
        numbers,
        Shared(run, mechanisms, _own_luck(programme, groups, parts), jnp.uint32(seed)),
        groups,
        tuple(partners_of(arm.actor, run) for arm in arms),
        draws(numbers, doubts(parts), seed, -(-futures // a_draw)),
        futures,
        a_draw,
        over,
        known,
        told,
        tuple(map(_held, held.values())),
    )


def _held(one: Excess) -> Text:
    """Say that a lever is held at its bound."""
    on = " → ".join(name for name in one.cell if name)
    figures = {"total": f"{one.total:.6g}", "bound": f"{one.bound:g}", "year": str(one.year)}
    return both(words("comity.study")["warning.held"], lever=one.lever.name, on=on, **figures)


def _beyond_bounds(arms: Iterable[Arm], over: Layout, years: tuple[int, ...]) -> tuple[Excess, ...]:
    """What the documents of each arm can come to beyond the bounds of levers."""
    return tuple(
        one
        for arm in arms
        for one in overruns(
            [(all_moves(d.moves, d.rules), d.uncertainties) for d in arm.documents],
            levers(),
            years,
            levels_of(over),
        )
    )


def focused(at_rest: World, actors: Iterable[str]) -> tuple[World, tuple[Text, ...]]:
    """The focus world with the actors kept, and what merging had to leave out."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CoverageWarning)
        coarse = coarsen(at_rest, sorted({*default_focus(), *actors}))
    return coarse, tuple(coverage(caught))


def coverage(
    caught: Iterable[warnings.WarningMessage], fields: Collection[str] | None = None
) -> Iterator[Text]:
    """What some warnings say of data that are missing, each once; of some fields or of all."""
    found = [w.message for w in caught if isinstance(w.message, CoverageWarning)]
    once = {str(w): w.said for w in found if fields is None or w.field in fields}
    return (same(said) if isinstance(said, str) else said for said in once.values())


def called(document: Document) -> str:
    """What a document is called in a run: ``scenario``, or the name of the strategy.

    Luck hangs on it. A strategy that is itself called ``scenario`` bears a mark that no name can
    hold, so that it never shares the scenario's.
    """
    if isinstance(document, Scenario):
        return SCENARIO
    return document.name if document.name != SCENARIO else f"{SCENARIO}@strategy"


def column(document: Document, doubt: str) -> str:
    """Column of an uncertainty: its own name in a scenario, ``strategy:name`` in a strategy.

    Names hold neither a colon nor a dot, and the key of every parameter has a dot, so that no two
    of them are one.
    """
    return doubt if isinstance(document, Scenario) else f"{document.name}:{doubt}"


def luck(document: Document, doubt: str) -> str:
    """What the draws of an uncertainty hang on; older than its column, which may change."""
    own = doubt if isinstance(document, Scenario) else f"{called(document)}.{doubt}"
    return f"uncertainty.{own}"


def _free(name: str) -> Iterator[str]:
    return chain((name,), (f"{name}@{number}" for number in count(2)))


def placed(arms: Sequence[Arm]) -> tuple[Part, ...]:
    """Distinct documents of the arms, in order of appearance; those that say the same are one.

    A second document of one name (another scenario, a reading for another actor) has a label of
    its own, and so has an uncertainty of one name that is not the same.
    """
    parts: list[Part] = []
    taken: dict[str, Uncertainty] = {}
    for document in (d for arm in arms for d in arm.documents):
        if any(part.document == document for part in parts):
            continue
        own = []
        for doubt in document.uncertainties:
            name = column(document, doubt.name)
            here = next(free for free in _free(name) if taken.get(free, doubt) == doubt)
            taken[here] = doubt
            own.append(Doubt(here, luck(document, doubt.name), doubt))
        labels = {part.label for part in parts}
        label = next(free for free in _free(called(document)) if free not in labels)
        parts.append(Part(label, document, tuple(own)))
    return tuple(parts)


def doubts(parts: Iterable[Part]) -> tuple[Doubt, ...]:
    """Uncertainties of some documents, each column once, sorted by column."""
    found = {doubt.column: doubt for part in parts for doubt in part.doubts}
    return tuple(found[name] for name in sorted(found))


def _own_luck(programme: Programme, groups: Sequence[Group], parts: Sequence[Part]) -> Programme:
    """Let the fate of an act hang on what its document is called in a run, not on its label."""
    names = {part.label: called(part.document) for part in parts}
    fate = {
        zlib.crc32(g.act.name.encode()): zlib.crc32(
            (names[g.document] + g.act.name.removeprefix(g.document)).encode()
        )
        for g in groups
        if g.act
    }
    own = [fate[int(name)] for name in programme.acts.name]
    acts = replace(programme.acts, name=jnp.asarray(own, jnp.uint32))
    return replace(programme, acts=acts)


def draws(
    numbers: Iterable[Parameter], unsure: Iterable[Doubt], seed: int, many: int
) -> pd.DataFrame:
    """Draws of every parameter, then of every uncertainty; one row a draw."""
    columns = draw(numbers, seed, many)
    for doubt in unsure:
        u, what = uniforms(seed, doubt.luck, many), doubt.what
        if what.prior is not None:
            columns[doubt.column] = what.prior.quantile(u)
        else:
            edges = np.cumsum([weight for _, weight in what.choices])[:-1]
            columns[doubt.column] = np.array(what.options)[np.searchsorted(edges, u, side="right")]
    return pd.DataFrame(columns)


def weights(made: Ensemble) -> Float[np.ndarray, "D A W"]:
    """Weight of each move group in each draw under each arm; zero where it is not in force."""
    out = np.zeros((len(made.drawn), len(made.arms), len(made.groups)))
    in_force = [{part.label for part in made.parts_of(arm)} for arm in made.arms]
    parts = {part.label: part for part in made.parts}
    for place, group in enumerate(made.groups):
        part = parts[group.document]
        weight = np.ones(len(made.drawn))
        for name, branches in group.when:
            weight = weight * made.drawn[part.column(name)].isin(branches).to_numpy(float)
        if group.scale is not None:
            weight = weight * made.drawn[part.column(group.scale)].to_numpy(float)
        for slot, labels in enumerate(in_force):
            if group.document in labels:
                out[:, slot, place] = weight
    return out


def futures_a_chunk(futures: int, arms: int) -> int:
    """Futures a chunk, all of one size: about `ROWS_A_CHUNK` rows, so that a stop loses little."""
    chunks = -(-futures * arms // ROWS_A_CHUNK)
    return -(-futures // chunks)


def rows(made: Ensemble, weighed: Float[np.ndarray, "D A W"], first: int, chunk: int) -> Watched:
    """Rows of one chunk, futures by arms; a short last chunk repeats the last future."""
    world, arms = made.shared.world, len(made.arms)
    futures = np.minimum(np.arange(first, first + chunk), made.futures - 1)
    of_draw = futures // made.a_draw
    who = [
        [world.index(state) for state in (arm.actor, *partners)]
        for arm, partners in zip(made.arms, made.partners, strict=True)
    ]
    numbers = {
        p.key: jnp.asarray(np.repeat(made.drawn[p.key].to_numpy()[of_draw], arms))
        for p in made.parameters
    }
    # Under the map each row has the shapes that a row declares.
    plain = jax.vmap(Row)(
        jnp.asarray(np.repeat(futures, arms), jnp.uint32),
        jnp.asarray(weighed[of_draw].reshape(chunk * arms, len(made.groups))),
        numbers,
        jnp.ones((chunk * arms, len(made.shared.mechanisms)), bool),
    )
    return jax.vmap(Watched)(plain, jnp.asarray(np.tile(who, (chunk, 1))))


def solve(
    made: Ensemble, chunk: int, numbers: Sequence[int], executor: Executor
) -> Iterator[RowResult]:
    """Results of the chunks with these numbers, (futures, arms, ...), without the padding."""
    weighed = weights(made)
    todo = (rows(made, weighed, number * chunk, chunk) for number in numbers)
    results = executor.map(one_row, made.shared, todo)
    for number, found in zip(numbers, results, strict=True):
        left, arms = min(chunk, made.futures - number * chunk), len(made.arms)
        yield jax.tree.map(
            lambda x, left=left, arms=arms: x.reshape(chunk, arms, *x.shape[1:])[:left], found
        )


def block(made: Ensemble, found: RowResult, slots: Sequence[int]) -> Block:
    """Arms of one actor side by side; the first is what the others are compared with."""
    slots = list(slots)
    world, first = made.shared.world, slots[0]
    ok = np.asarray(found.ok)[:, slots]
    # Without its baseline a future has nothing to be compared with.
    ok = ok & ok[:, :1]

    def known(values: np.ndarray) -> np.ndarray:
        return np.where(ok.reshape(*ok.shape, *[1] * (values.ndim - 2)), values[:, slots], np.nan)

    return Block(
        world.states,
        np.asarray(world.gdp),
        made.arms[first].actor,
        made.partners[first],
        {name: known(np.asarray(values)) for name, values in found.series.items()},
        known(np.asarray(found.losses)[..., 0]),
        ok,
        world.frameworks,
        known(np.asarray(found.losses)[..., 1]),
    )
