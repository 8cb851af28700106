"""Run a plan chunk by chunk into a run folder; a run that was stopped is finished by another."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from comity.core.run_folder import CALM, OUTCOMES, kept_weights
from comity.core.whole import make_folder, write_json, write_table
from comity.core.words import Text, both, words
from comity.engine.measures import Block
from comity.engine.year import kept_of
from comity.study import store
from comity.study.ensemble import block, futures_a_chunk, solve
from comity.study.executors import Executor, LocalExecutor
from comity.study.laboratory import Laboratory
from comity.study.plan import INDEX
from comity.study.record import record


def _table(
    block: Block, names: tuple[str, ...], first: int, measures: tuple, skip: int = 0
) -> pd.DataFrame:
    """Long table of the outcomes of a block but for its first arms, sorted by the keys."""
    count = len(block.ok)
    parts = [
        pd.DataFrame(
            {
                INDEX: np.repeat(np.arange(first, first + count, dtype=np.int32), len(names)),
                "strategy": np.tile(np.array(names, dtype=object), count),
                "measure": measure.name,
                "value": measure.reduce(block)[:, skip:].reshape(-1),
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
    weights: Mapping[str, float] | None = None,
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
    weights
        What the user weighs aims by, kept beside the request; those of the folder if none is named.

    Returns
    -------
    dict
        The content of ``run.json``.
    """
    started = time.perf_counter()
    plan, futures = lab.plan, lab.ensemble.futures
    if resume:
        chunk = store.check_resume(folder, plan.hash(), plan.data)
        weights = weights or kept_weights(folder)
    else:
        chunk = min(chunk or futures_a_chunk(futures, len(plan.arms)), futures)
        make_folder(folder)
    shape = _shape(lab, chunk)
    with store.locked(folder):
        if not resume:
            store.check_new(folder)
        request = asdict(plan.request)
        store.write_plan(folder, plan.hash(), request, chunk, plan.data, plan.texts, weights)
        store.prepare(folder, shape)
        drawn = write_table(folder / "draws.parquet", _draws(lab))
        told = _run_chunks(lab, folder, shape, executor or LocalExecutor(), progress)
        many = len(lab.measures)
        frame, merged = store.merge(folder, shape, len(plan.names) * many)
        _, calm = store.merge(folder, shape, len(plan.calm) * many, CALM)
        files = {OUTCOMES: merged, CALM: calm, "draws.parquet": drawn}
        content = record(lab, frame, command, time.perf_counter() - started, files, told)
        write_json(folder / "run.json", content)
    return content


def _shape(lab: Laboratory, chunk: int) -> store.Shape:
    """Sizes and labels of the folder of a plan."""
    world, plan = lab.shared.world, lab.plan
    cards = {name: world.cards[name] for name in kept_of(lab.shared.mechanisms)}
    return store.Shape(
        lab.ensemble.futures,
        chunk,
        plan.years,
        tuple(world.states),
        plan.names,
        tuple(world.frameworks),
        cards,
    )


def _draws(lab: Laboratory) -> pd.DataFrame:
    """Draws of every number, one row a future, column ``future`` first."""
    future = pd.Series(np.arange(lab.ensemble.futures, dtype=np.int32), name=INDEX)
    return pd.concat([future, lab.ensemble.drawn], axis=1)


def _run_chunks(
    lab: Laboratory,
    folder: Path,
    shape: store.Shape,
    executor: Executor,
    progress: Callable[[int, int], None],
) -> tuple[Text, ...]:
    """Solve the chunks that the folder does not have whole, and store each; say which were lost."""
    made, names = lab.ensemble, lab.plan.names
    finished, lost = store.done(folder, shape)
    todo = [n for n in range(shape.chunks) if n not in finished]
    ready = sum(shape.count(n) for n in finished)
    progress(ready, made.futures)
    calm = lab.plan.calm
    for number, found in zip(todo, solve(made, shape.chunk, todo, executor), strict=True):
        one, first = block(made, found, range(len(names))), number * shape.chunk
        # The baseline stands first, as what every measure is compared with, and is known already.
        two = block(made, found, (0, *calm.values()))
        tables = {
            OUTCOMES: _table(one, names, first, lab.measures),
            CALM: _table(two, tuple(calm), first, lab.measures, skip=1),
        }
        store.write_chunk(folder, number, shape, tables, one.series)
        ready += len(one.ok)
        progress(ready, made.futures)
    if not lost:
        return ()
    listed = ", ".join(map(str, sorted(lost)))
    return (both(words("comity.study")["warning.redone"], parts=listed),)


def stamp() -> str:
    """Time of now in UTC for names of run folders."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
