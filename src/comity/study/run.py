"""Run a plan chunk by chunk into a run folder; a run that was stopped is finished by another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float, Int

from comity.core.types import Flag
from comity.engine.measures import Block
from comity.engine.year import Kept, Row, Shared, bind, future, kept_of
from comity.mechanisms.measured import outcomes, partners_of
from comity.mechanisms.trade import Trade, position
from comity.models.trade.coercion import cutoff_loss
from comity.registry.states import find
from comity.study import plan as design
from comity.study import store
from comity.study.executors import Executor, LocalExecutor
from comity.study.laboratory import Laboratory
from comity.study.record import record

# Trade at a hundred times its cost: 100^-elasticity of its appeal is left, a thousandth at the
# lowest elasticity drawn (1.5), 1e-8 at 4. A ban is never airtight, and one without end is stiff.
CUT_OFF = 99.0
ROWS_A_CHUNK = 500
# Place of a state in the world: a number, or one that the program is given.
Place = int | Int[Array, ""]


class RowResult(eqx.Module):
    """What a row sends back to be stored: series (T, ...), cut-off losses (P,) in %, its flag."""

    series: dict[str, Float[Array, "T *element"]]
    losses: Float[Array, " P"]
    ok: Flag


def one_row(actor: Place, partners: tuple[Place, ...]) -> Callable[[Shared, Row], RowResult]:
    """The program of a row: all years, then the cut-off of each partner in the last year."""

    def run(shared: Shared, row: Row) -> RowResult:
        kept = future(shared, row)
        losses = [_loss(shared, row, kept, actor, partner) for partner in partners]
        ok = kept.ok & jnp.all(jnp.stack([found for _, found in losses]))
        return RowResult(kept.series, jnp.stack([loss for loss, _ in losses]), ok)

    return run


def _loss(
    shared: Shared, row: Row, kept: Kept, actor: Place, partner: Place
) -> tuple[Float[Array, ""], Flag]:
    trade = bind(next(m for m in shared.mechanisms if isinstance(m, Trade)), row.parameters)
    at = position(trade, shared.world.replace(kept.end), kept.levers)
    found = cutoff_loss(
        trade.base,
        trade.elasticity,
        at.capacity,
        at.tariff,
        at.cost,
        partner,
        actor,
        jnp.asarray(CUT_OFF),
        at.start,
    )
    return 100.0 * found.power, found.converged


def default_chunk(plan: design.Plan) -> int:
    """Futures a chunk: about `ROWS_A_CHUNK` rows, so that little is lost when a run is stopped."""
    return max(1, min(plan.request.futures, ROWS_A_CHUNK // len(plan.names)))


def _rows(lab: Laboratory, drawn: pd.DataFrame, weights: np.ndarray, first: int, chunk: int) -> Row:
    """Rows of one chunk, futures by strategies; a short last chunk repeats its last future."""
    futures = np.minimum(np.arange(first, first + chunk), len(drawn) - 1)
    slots = weights.shape[1]
    numbers = {
        p.key: jnp.asarray(np.repeat(drawn[p.key].to_numpy()[futures], slots))
        for p in lab.plan.parameters
    }
    return Row(
        future=jnp.asarray(np.repeat(futures, slots), jnp.uint32),
        weights=jnp.asarray(weights[futures].reshape(chunk * slots, -1)),
        parameters=numbers,
        active=jnp.ones((chunk * slots, len(lab.shared.mechanisms)), bool),
    )


def _block(
    lab: Laboratory, partners: tuple[str, ...], result: RowResult, futures: int, chunk: int
) -> Block:
    """Results of a chunk by future and strategy, without the padding."""
    slots = len(lab.plan.names)
    ok = np.asarray(result.ok).reshape(chunk, slots)[:futures]
    # Without its baseline a future has nothing to be compared with.
    ok = ok & ok[:, :1]
    series = {
        name: np.asarray(v).reshape(chunk, slots, *v.shape[1:])[:futures]
        for name, v in result.series.items()
    }
    series = {
        name: np.where(ok.reshape(*ok.shape, *[1] * (v.ndim - 2)), v, np.nan)
        for name, v in series.items()
    }
    losses = np.asarray(result.losses).reshape(chunk, slots, -1)[:futures]
    return Block(
        lab.shared.world.states,
        np.asarray(lab.shared.world.gdp),
        find(lab.plan.request.actor),
        partners,
        series,
        np.where(ok[..., None], losses, np.nan),
        ok,
    )


def _table(block: Block, names: tuple[str, ...], first: int, measures: tuple) -> pd.DataFrame:
    """Long table of the outcomes of a block, in the order future, strategy, measure."""
    count = len(block.ok)
    parts = [
        pd.DataFrame(
            {
                "future": np.repeat(np.arange(first, first + count, dtype=np.int32), len(names)),
                "strategy": np.tile(np.array(names, dtype=object), count),
                "measure": measure.name,
                "value": measure.reduce(block).reshape(-1),
            }
        )
        for measure in measures
    ]
    return pd.concat(parts).sort_values(store.KEYS, kind="stable", ignore_index=True)


def run(
    lab: Laboratory,
    folder: Path,
    chunk: int | None = None,
    resume: bool = False,
    command: str = "",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = lambda finished, all_: None,
) -> dict[str, Any]:
    """Run what is missing of a plan and write the folder's tables and ``run.json``.

    Parameters
    ----------
    lab
        The plan, put together.
    folder
        New or empty; with ``resume`` the folder of the same plan.
    chunk
        Futures a chunk; does not change any result.
    progress
        Called with finished and all futures after each chunk.

    Returns
    -------
    dict
        The content of ``run.json``.
    """
    started = time.perf_counter()
    plan, names = lab.plan, lab.plan.names
    chunk = min(chunk or default_chunk(plan), plan.request.futures)
    if resume:
        chunk = store.check_resume(folder, plan.hash())
    else:
        kept = kept_of(lab.shared.mechanisms)
        cards = {name: lab.shared.world.cards[name] for name in kept}
        store.create(
            folder,
            plan.hash(),
            asdict(plan.request),
            chunk,
            list(plan.years),
            list(lab.shared.world.states),
            list(names),
            plan.request.futures,
            cards,
            lab.shared.world.frameworks,
        )
    with store.locked(folder):
        drawn = design.draws(plan)
        store.write_parquet(folder / "draws.parquet", drawn)
        _run_chunks(lab, folder, chunk, drawn, executor or LocalExecutor(), progress)
        frame = store.merge(folder)
        content = record(lab, frame, command, time.perf_counter() - started)
        store.write_json(folder / "run.json", content)
    return content


def _run_chunks(
    lab: Laboratory,
    folder: Path,
    chunk: int,
    drawn: pd.DataFrame,
    executor: Executor,
    progress: Callable[[int, int], None],
) -> None:
    plan, futures = lab.plan, lab.plan.request.futures
    actor, world = find(plan.request.actor), lab.shared.world
    partners = partners_of(actor, world)
    measures = outcomes(actor, partners, plan.options)
    weights = design.weights(plan, lab.groups, drawn)
    finished = store.done(folder)
    todo = [n for n in range(-(-futures // chunk)) if n not in finished]
    progress(futures - sum(min(chunk, futures - n * chunk) for n in todo), futures)
    program = one_row(world.index(actor), tuple(world.index(p) for p in partners))

    def chunks() -> Iterator[Row]:
        for number in todo:
            yield _rows(lab, drawn, weights, number * chunk, chunk)

    left = futures - sum(min(chunk, futures - n * chunk) for n in todo)
    results = executor.map(program, lab.shared, chunks())
    for number, result in zip(todo, results, strict=True):
        count = min(chunk, futures - number * chunk)
        block = _block(lab, partners, result, count, chunk)
        table = _table(block, plan.names, number * chunk, measures)
        store.write_chunk(folder, number, number * chunk, table, block.series)
        left += count
        progress(left, futures)


def stamp() -> str:
    """Time of now in UTC for names of run folders."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
