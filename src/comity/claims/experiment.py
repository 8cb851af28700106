"""Paired experiments for claims: the same futures with and without something, all arms in one run.

Every arm is a scenario, strategies of states, or nothing. Arms that need the same mechanisms share
one compiled program and one set of draws. Each parameter draw meets several futures (other shocks);
an effect is averaged over them, so that what is left between draws is what we do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float, Int

from comity.claims.forms import ArmForm, PairedForm
from comity.core import runtime
from comity.core.errors import BadInput
from comity.core.parameters import draw, uniforms
from comity.engine.measures import Block, Outcome
from comity.engine.year import Row, Shared
from comity.files.documents import nearest
from comity.judge.sensitivity import first_order
from comity.mechanisms.catalogue import build_year, chosen, levers, parameters, ready
from comity.mechanisms.measured import outcomes, partners_of
from comity.registry import states as registry
from comity.scenarios.compile import Group, compile_moves, layout
from comity.scenarios.scenario import Scenario, load_scenario
from comity.scenarios.strategy import Strategy, load_strategy
from comity.study.laboratory import focused, vocabulary
from comity.study.run import RowResult, one_row
from comity.world.given import door, with_frameworks
from comity.world.snapshot import BASE_YEAR, load_world

YEARS = tuple(range(2025, 2036))
FUTURES_A_DRAW = 2
ROWS_A_CHUNK = 400
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Arm:
    """What happens in one arm, seen by the actor whose strategies are at stake."""

    actor: str
    scenario: str
    strategies: tuple[str, ...]

    @property
    def documents(self) -> tuple[tuple[str, str], ...]:
        """Kind and name of what is in force."""
        own = (("scenario", self.scenario),) if self.scenario else ()
        return (*own, *(("strategy", name) for name in self.strategies))


@dataclass(frozen=True)
class Effect:
    """An effect by parameter draw, and what was drawn.

    ``draws``: (D,) mean over the futures of each draw. ``inputs``: (D) rows, a column each number
    drawn; ``statuses`` says which of them are judged. ``failed``: share of rows not solved.
    """

    draws: Float[np.ndarray, " D"]
    inputs: pd.DataFrame
    statuses: Mapping[str, str]
    outcome: Outcome
    failed: float

    def drivers(self, seed: int) -> pd.DataFrame:
        """First-order share of each number in the variance between draws, largest first."""
        shares = first_order(self.inputs, self.draws, seed=seed, resamples=0)
        shares["status"] = [self.statuses[name] for name in shares["parameter"]]
        return shares.sort_values("share", ascending=False, kind="stable", ignore_index=True)

    def judged_share(self, seed: int) -> float:
        """Share of the variance that judged numbers carry one by one."""
        shares = self.drivers(seed)
        judged = shares.loc[shares["status"] == "judged", "share"].dropna()
        return float(np.clip(judged.sum(), 0.0, 1.0))


def arm(form: ArmForm, actor: str) -> Arm:
    """Arm of a form; a strategy of another state than the actor is named ``STATE:strategy``."""
    return Arm(actor, form.scenario or "", tuple(form.strategies))


def arms_of(form: PairedForm) -> tuple[Arm, ...]:
    """Arms of a test: with, without, and the alternative where there is one."""
    actor = registry.find(form.actor, BASE_YEAR)
    given = (form.with_, form.without, form.alternative)
    return tuple(arm(one, actor) for one in given if one is not None)


def _read(one: Arm) -> dict[tuple[str, str], Scenario | Strategy]:
    """Documents of an arm, read for its actor."""
    words = vocabulary()
    found: dict[tuple[str, str], Scenario | Strategy] = {}
    for kind, name in one.documents:
        if kind == "scenario":
            found[kind, name] = load_scenario(name, replace(words, actor=one.actor))
        else:
            state, _, own = name.rpartition(":")
            found[kind, name] = load_strategy(own, words, state or one.actor)
    return found


def options_of(test: PairedForm) -> tuple[str, ...]:
    """Mechanisms beside the year's own that the arms of a test need, all of them in each arm."""
    read = [document for one in arms_of(test) for document in _read(one).values()]
    moved = {m.lever for d in read for m in d.moves} | {r.move.lever for d in read for r in d.rules}
    named = [name for d in read if isinstance(d, Scenario) for name in d.mechanisms]
    return chosen([*test.mechanisms, *named], moved)


def label(one: Arm, document: tuple[str, str]) -> str:
    """Name of a document in a pool: it may read differently for another actor."""
    return f"{document[0]}.{document[1]}@{one.actor}"


class Pool:
    """Arms that share options, draws and one compiled program.

    Parameters
    ----------
    arms
        Distinct arms.
    options
        Mechanisms beside the year's own.
    draws, seed
        Parameter draws, and the seed of all random numbers.
    """

    def __init__(self, arms: Sequence[Arm], options: tuple[str, ...], draws: int, seed: int):
        self.arms, self.options, self.draws, self.seed = tuple(arms), options, draws, seed
        documents = {label(a, d): doc for a in arms for d, doc in _read(a).items()}
        moves = [(name, m) for name, d in documents.items() for m in d.moves]
        rules = [(name, r) for name, d in documents.items() for r in d.rules]
        new = {m.framework for _, m in moves if m.lever == "found" and m.framework}
        at_rest = ready(with_frameworks(load_world(BASE_YEAR), tuple(sorted(new))))
        full, _ = door(at_rest)
        world, _ = door(focused(at_rest, {a.actor for a in arms})[0])
        programme, groups = compile_moves(moves, rules, layout(full, world), YEARS, levers())
        mechanisms = build_year(world, options)
        self.shared = Shared(world, mechanisms, programme, jnp.uint32(seed))
        self.inputs, self.statuses = _drawn(documents, options, draws, seed)
        self.weights = _weights(self.arms, groups, self.inputs)
        self._series: dict[tuple[str, Arm], Block] = {}
        # One program for every actor: who is measured is a value, not part of the program.
        self._program = runtime.over_rows(_measured)

    def block(self, first: Arm, second: Arm, progress: Progress) -> Block:
        """Both arms side by side for their actor; slot 0 is the second (without)."""
        one, two = (self._solved(a, first.actor, progress) for a in (second, first))
        return Block(
            one.states,
            one.gdp,
            one.actor,
            one.partners,
            {n: np.concatenate([one.series[n], two.series[n]], 1) for n in one.series},
            np.concatenate([one.losses, two.losses], 1),
            np.concatenate([one.ok, two.ok], 1),
        )

    def _solved(self, one: Arm, actor: str, progress: Progress) -> Block:
        """All rows of an arm, solved once."""
        if (actor, one) not in self._series:
            wanted = [a for a in self.arms if a.actor == actor]
            self._run(actor, wanted, progress)
        return self._series[actor, one]

    def _run(self, actor: str, wanted: Sequence[Arm], progress: Progress) -> None:
        world = self.shared.world
        partners = partners_of(actor, world)
        who = jnp.asarray([world.index(actor), *(world.index(p) for p in partners)])
        futures = self.draws * FUTURES_A_DRAW
        total = futures * len(wanted)
        rows, parts = self._rows(wanted), []
        size = ROWS_A_CHUNK * runtime.workers()
        for start in range(0, total, size):
            index = np.minimum(np.arange(start, start + size), total - 1)
            part = _take(rows, index)
            result = self._program((self.shared, who), part)
            count = min(size, total - start)
            parts.append((result, count))
            progress(start + count, total)
        series = {
            name: np.concatenate([np.asarray(r.series[name])[:n] for r, n in parts])
            for name in parts[0][0].series
        }
        ok = np.concatenate([np.asarray(r.ok)[:n] for r, n in parts])
        losses = np.concatenate([np.asarray(r.losses)[:n] for r, n in parts])
        for place, one in enumerate(wanted):
            span = slice(place * futures, (place + 1) * futures)
            good = ok[span]
            self._series[actor, one] = Block(
                world.states,
                np.asarray(world.gdp),
                actor,
                partners,
                {name: _masked(v[span], good)[:, None] for name, v in series.items()},
                _masked(losses[span], good)[:, None],
                good[:, None],
            )

    def _rows(self, wanted: Sequence[Arm]) -> Row:
        """Rows of these arms, one arm after the other; futures of a draw stand together."""
        futures = np.arange(self.draws * FUTURES_A_DRAW)
        of_draw = futures // FUTURES_A_DRAW
        many = len(wanted)
        numbers = parameters(self.options)
        weights = [self.weights[of_draw, self.arms.index(a)] for a in wanted]
        # Under the map each row has the shapes that a row declares.
        return jax.vmap(Row)(
            jnp.asarray(np.tile(futures, many), jnp.uint32),
            jnp.asarray(np.concatenate(weights)),
            {
                p.key: jnp.asarray(np.tile(self.inputs[p.key].to_numpy(float)[of_draw], many))
                for p in numbers
            },
            jnp.ones((len(futures) * many, len(self.shared.mechanisms)), bool),
        )


def _measured(packed: tuple[Shared, Int[Array, " P"]], row: Row) -> RowResult:
    """A row for an actor (first of ``who``) and its partners (the others)."""
    shared, who = packed
    return one_row(who[0], tuple(who[place] for place in range(1, who.shape[0])))(shared, row)


def _take(rows: Row, index: np.ndarray) -> Row:
    return jax.tree.map(lambda x: x[index], rows)


def _masked(values: np.ndarray, good: np.ndarray) -> np.ndarray:
    return np.where(good.reshape(-1, *[1] * (values.ndim - 1)), values, np.nan)


def _drawn(
    documents: Mapping[str, Scenario | Strategy], options: tuple[str, ...], draws: int, seed: int
) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row a draw with every number and branch; the status of each column."""
    numbers = parameters(options)
    columns = dict(draw(numbers, seed, draws))
    statuses = {p.key: p.status for p in numbers}
    for name, document in documents.items():
        for doubt in document.uncertainties:
            # Two readings of a document for two actors share their luck.
            u = uniforms(seed, f"uncertainty.{name.partition('@')[0]}.{doubt.name}", draws)
            key = f"{name}:{doubt.name}"
            statuses[key] = doubt.status
            if doubt.prior is not None:
                columns[key] = doubt.prior.quantile(u)
            else:
                edges = np.cumsum([weight for _, weight in doubt.choices])[:-1]
                columns[key] = np.array(doubt.options)[np.searchsorted(edges, u, side="right")]
    return pd.DataFrame(columns), statuses


def _weights(
    arms: Sequence[Arm], groups: Sequence[Group], inputs: pd.DataFrame
) -> Float[np.ndarray, "D A W"]:
    """Weight of each move group in each draw under each arm."""
    out = np.zeros((len(inputs), len(arms), len(groups)))
    for place, group in enumerate(groups):
        weight = np.ones(len(inputs))
        for name, branches in group.when:
            weight = weight * inputs[f"{group.document}:{name}"].isin(branches).to_numpy(float)
        if group.scale is not None:
            weight = weight * inputs[f"{group.document}:{group.scale}"].to_numpy(float)
        for slot, one in enumerate(arms):
            if group.document in {label(one, d) for d in one.documents}:
                out[:, slot, place] = weight
    return out


def outcome_named(name: str, actor: str, pool: Pool) -> Outcome:
    """Measure of an actor by name.

    Raises
    ------
    BadInput
        No such measure with the mechanisms of the pool.
    """
    partners = partners_of(actor, pool.shared.world)
    known = {o.name: o for o in outcomes(actor, partners, pool.options)}
    if name not in known:
        raise BadInput(f"there is no outcome {name!r}", fix=nearest(name, known))
    return known[name]


def effect(pool: Pool, form: PairedForm, with_: Arm, without: Arm, progress: Progress) -> Effect:
    """Effect of one arm against another on the outcome of a test, counted as a gain.

    An outcome of which less is better counts the other way; ``less: true`` in the test turns it.
    """
    actor = with_.actor
    measure = outcome_named(form.outcome, actor, pool)
    block = pool.block(with_, without, progress)
    values = measure.reduce(block)
    gained = values[:, 1] if form.level else values[:, 1] - values[:, 0]
    sign = -1.0 if form.less else 1.0
    by_draw = gained.reshape(pool.draws, FUTURES_A_DRAW)
    known = np.isfinite(by_draw)
    mean = np.where(known.any(1), np.nansum(by_draw, 1) / np.maximum(known.sum(1), 1), np.nan)
    used = {label(a, d) for a in (with_, without) for d in a.documents}
    names = [str(column) for column in pool.inputs.columns]
    columns = [c for c in names if ":" not in c or c.rpartition(":")[0] in used]
    return Effect(
        sign * mean,
        pool.inputs[columns],
        pool.statuses,
        measure,
        float(1.0 - known.mean()),
    )


def pools(tests: Iterable[PairedForm], draws: int, seed: int) -> dict[tuple[str, ...], Pool]:
    """A pool for each set of mechanisms that tests need, with the arms of all of them."""
    by_options: dict[tuple[str, ...], dict[Arm, None]] = {}
    for test in tests:
        by_options.setdefault(options_of(test), {}).update(dict.fromkeys(arms_of(test)))
    return {options: Pool(tuple(a), options, draws, seed) for options, a in by_options.items()}
