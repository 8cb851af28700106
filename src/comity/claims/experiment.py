"""Paired experiments for claims: the same futures with and without something, all arms in one run.

Every arm is a scenario, strategies of states, or nothing. Arms that need the same mechanisms are
one ensemble. Each parameter draw meets several futures (other shocks); an effect is averaged over
them, so that what is left between draws is what we do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.claims.forms import ArmForm, PairedForm
from comity.core.errors import BadInput
from comity.core.words import words
from comity.engine.measures import Block, Outcome, measure
from comity.files.documents import nearest
from comity.judge.sensitivity import first_order
from comity.mechanisms.catalogue import chosen
from comity.registry import states as registry
from comity.scenarios.scenario import Scenario, load_scenario
from comity.scenarios.strategy import load_strategy
from comity.study import ensemble as engine
from comity.study.executors import LocalExecutor
from comity.study.laboratory import vocabulary
from comity.study.row import RowResult
from comity.world.snapshot import BASE_YEAR

YEARS = tuple(range(2025, 2036))
FUTURES_A_DRAW = 2
# Percent of consumption a year from which an economy counts as one that loses. Judged.
LOSS = 0.25
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Arm:
    """What happens in one arm, seen by the actor whose strategies are at stake."""

    actor: str
    scenario: str
    strategies: tuple[str, ...]


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


def arms_of(form: PairedForm, actor: str = "") -> tuple[Arm, ...]:
    """Arms of a test: with, without, and the alternative where there is one."""
    actor = actor or registry.find(form.actor, BASE_YEAR)
    given = (form.with_, form.without, form.alternative)
    return tuple(arm(one, actor) for one in given if one is not None)


def all_arms(form: PairedForm) -> tuple[Arm, ...]:
    """Arms of a test for its actor, then for each state that it also speaks of."""
    return (*arms_of(form), *(one for actor in others(form) for one in arms_of(form, actor)))


def others(form: PairedForm) -> tuple[str, ...]:
    """States that a test also speaks of."""
    return tuple(registry.find(name, BASE_YEAR) for name in form.also)


def _read(one: Arm) -> engine.Arm:
    """The arm with its documents, read for its actor."""
    known = vocabulary()
    found: list[engine.Document] = []
    if one.scenario:
        found.append(load_scenario(one.scenario, replace(known, actor=one.actor)))
    for name in one.strategies:
        state, _, own = name.rpartition(":")
        found.append(load_strategy(own, known, state or one.actor))
    return engine.Arm(one.actor, tuple(found))


def options_of(test: PairedForm) -> tuple[str, ...]:
    """Mechanisms beside the year's own that the arms of a test need, all of them in each arm."""
    read = [document for one in all_arms(test) for document in _read(one).documents]
    moved = {m.lever for d in read for m in d.moves} | {r.move.lever for d in read for r in d.rules}
    named = [name for d in read if isinstance(d, Scenario) for name in d.mechanisms]
    return chosen([*test.mechanisms, *named], moved)


class Pool:
    """Arms that share options, draws and one compiled program; solved once, when first asked.

    Parameters
    ----------
    arms
        Distinct arms.
    options
        Mechanisms beside the year's own.
    draws, seed
        Parameter draws, and the seed of all random numbers.
    a_draw
        Futures that share a draw.
    """

    def __init__(
        self, arms: Sequence[Arm], options: tuple[str, ...], draws: int, seed: int, a_draw: int
    ):
        self.arms, self.draws, self.a_draw = tuple(arms), draws, a_draw
        read = [_read(one) for one in arms]
        self.ensemble = engine.ensemble(read, options, YEARS, draws * a_draw, seed, a_draw)
        self._found: RowResult | None = None

    def block(self, first: Arm, second: Arm, progress: Progress) -> Block:
        """Both arms side by side for their actor; slot 0 is the second (without)."""
        if self._found is None:
            self._found = self._solved(progress)
        slots = [self.arms.index(one) for one in (second, first)]
        return engine.block(self.ensemble, self._found, slots)

    def _solved(self, progress: Progress) -> RowResult:
        """All futures of all arms, (futures, arms, ...)."""
        futures, parts = self.ensemble.futures, []
        chunk = engine.futures_a_chunk(futures, len(self.arms))
        numbers = range(-(-futures // chunk))
        for part in engine.solve(self.ensemble, chunk, numbers, LocalExecutor()):
            parts.append(part)
            progress(min(len(parts) * chunk, futures), futures)
        return jax.tree.map(lambda *some: np.concatenate(some), *parts)

    def inputs(self, arms: Iterable[Arm]) -> tuple[pd.DataFrame, dict[str, str]]:
        """What was drawn for some arms, a column each number or branch, and their statuses."""
        made = self.ensemble
        parts = [p for a in arms for p in made.parts_of(made.arms[self.arms.index(a)])]
        statuses: dict[str, str] = {p.key: p.status for p in made.parameters}
        statuses |= {d.column: d.what.status for d in engine.doubts(parts)}
        return made.drawn[list(statuses)], statuses


def outcome_named(name: str, actor: str, pool: Pool) -> Outcome:
    """Measure of an actor by name.

    Raises
    ------
    BadInput
        No such measure with the mechanisms of the pool.
    """
    slot = next(place for place, one in enumerate(pool.arms) if one.actor == actor)
    known = {o.name: o for o in (*pool.ensemble.measures(slot), losers())}
    if name not in known:
        raise BadInput(f"there is no outcome {name!r}", fix=nearest(name, known))
    return known[name]


def losers() -> Outcome:
    """Share of economies that lose: what the mean of the world hides."""
    return measure(
        words("comity.claims"),
        "consumption.losers",
        direction="none",
        grade="B",
        reduce=_losers,
        loss=str(LOSS),
    )


def _losers(block: Block) -> Float[np.ndarray, "F S"]:
    """Share of the economies whose consumption falls by more than `LOSS`, mean over the years."""
    own = block.series["consumption"]
    change = 100.0 * (own / own[:, :1] - 1.0).mean(2)
    return np.where(np.isfinite(change).all(-1), (change < -LOSS).mean(-1), np.nan)


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
    by_draw = gained.reshape(pool.draws, pool.a_draw)
    known = np.isfinite(by_draw)
    mean = np.where(known.any(1), np.nansum(by_draw, 1) / np.maximum(known.sum(1), 1), np.nan)
    inputs, statuses = pool.inputs((with_, without))
    return Effect(sign * mean, inputs, statuses, measure, float(1.0 - known.mean()))


def pools(
    tests: Iterable[PairedForm], draws: int, seed: int, a_draw: int = FUTURES_A_DRAW
) -> dict[tuple[str, ...], Pool]:
    """A pool for each set of mechanisms that tests need, with the arms of all of them."""
    by_options: dict[tuple[str, ...], dict[Arm, None]] = {}
    for test in tests:
        by_options.setdefault(options_of(test), {}).update(dict.fromkeys(all_arms(test)))
    return {
        options: Pool(tuple(arms), options, draws, seed, a_draw)
        for options, arms in by_options.items()
    }
