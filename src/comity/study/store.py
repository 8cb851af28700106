"""The run folder: parts written one by one and renamed into place, so that nothing is ever half.

A chunk counts only with its marker, which is written last. Merging sorts by future, strategy and
measure. A lock keeps two runs out of one folder; it dies with the process that holds it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from comity.core.errors import BadInput, ResumeRefused
from comity.registry.axes import axes
from comity.world.given import FieldCard, dims_of

PARTS = "parts"
KEYS = ["future", "strategy", "measure"]


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a place to write to that becomes ``path`` at the end; nothing stays after an error."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text whole or not at all."""
    with _whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, content: Any) -> None:
    """Write strict JSON whole or not at all; NaN is refused."""
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table whole or not at all."""
    with _whole(path) as temporary:
        frame.to_parquet(temporary, index=False, compression="zstd")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. Raises BadInput where another run holds it."""
    try:
        import fcntl
    except ImportError:  # Windows has no flock; its open files cannot be replaced anyway
        yield
        return
    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInput(
                f"another run is writing to {folder}",
                fix="wait for it, or choose another folder with --out",
            ) from None
        yield


def create(
    folder: Path,
    plan_hash: str,
    request: dict[str, Any],
    chunk: int,
    years: list[int],
    states: list[str],
    strategies: list[str],
    futures: int,
    cards: dict[str, FieldCard],
    frameworks: tuple[str, ...] = (),
) -> None:
    """Make a new run folder: the plan's hash and an empty store of trajectories.

    Raises
    ------
    BadInput
        The folder holds something already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be made",
            str(error.strerror),
            "choose a folder that can be written with --out",
        ) from None
    if any(p.name != ".lock" for p in folder.iterdir()):
        raise BadInput(
            f"{folder} is not empty",
            "nothing is ever written over",
            "choose another folder with --out, or continue with --resume",
        )
    (folder / PARTS).mkdir()
    _create_zarr(folder, chunk, years, states, strategies, futures, cards, frameworks)
    write_json(folder / "plan.json", {"hash": plan_hash, "chunk": chunk, "request": request})


def _create_zarr(
    folder: Path,
    chunk: int,
    years: list[int],
    states: list[str],
    strategies: list[str],
    futures: int,
    cards: dict[str, FieldCard],
    frameworks: tuple[str, ...],
) -> None:
    import zarr

    root = zarr.create_group(str(folder / "trajectories.zarr"), zarr_format=2)
    labels = {"state": tuple(states), **axes(), "framework": frameworks}
    used: dict[str, tuple[str, ...]] = {"state": tuple(states)}
    for name, card in cards.items():
        last = dims_of(name, card, 1)
        used |= {axis: labels[axis] for axis in last}
        shape = (futures, len(strategies), len(years), *(len(labels[axis]) for axis in last))
        chunks = (min(chunk, futures), *shape[1:])
        array = root.create_array(
            name, shape=shape, chunks=chunks, dtype="float32", fill_value=float("nan")
        )
        dims = ["future", "strategy", "year", *last]
        words = {"units": card.unit, "long_name": card.meaning}
        array.attrs.update({"_ARRAY_DIMENSIONS": dims, **words})
    _labels(root, "future", np.arange(futures, dtype="int32"))
    _labels(root, "year", np.array(years, dtype="int32"))
    _labels(root, "strategy", np.array(strategies, dtype="U"))
    for axis, values in used.items():
        _labels(root, axis, np.array(values, dtype="U"))


def _labels(root: Any, name: str, values: np.ndarray) -> None:
    # Without a fill value: xarray would read the label 0 as a gap.
    array = root.create_array(
        name, shape=values.shape, chunks=values.shape, dtype=values.dtype, fill_value=None
    )
    array[:] = values
    array.attrs.update({"_ARRAY_DIMENSIONS": [name]})


def read_plan(folder: Path) -> dict[str, Any]:
    """What a run folder was made for: hash, futures a chunk, request. Raises BadInput if none."""
    plan = folder / "plan.json"
    if not plan.is_file():
        raise BadInput(f"{folder} holds no run to resume", fix="name the folder of a run")
    return json.loads(plan.read_text(encoding="utf-8"))


def check_resume(folder: Path, plan_hash: str) -> int:
    """Futures a chunk of a folder that may be continued with this plan.

    Raises
    ------
    ResumeRefused
        The folder was made with another plan.
    """
    content = read_plan(folder)
    if content["hash"] != plan_hash:
        raise ResumeRefused(
            f"{folder} was made with another plan",
            "scenario, strategies, numbers, data or version have changed since",
            "start a new run, or go back to the files it was made with",
        )
    return int(content["chunk"])


def done(folder: Path) -> set[int]:
    """Numbers of the chunks that are finished."""
    return {int(p.stem.split("-")[1]) for p in (folder / PARTS).glob("chunk-*.done")}


def write_chunk(
    folder: Path, number: int, first: int, outcomes: pd.DataFrame, series: dict[str, np.ndarray]
) -> None:
    """Store one chunk: trajectories by region, outcomes as a part, then the marker."""
    import zarr

    root = zarr.open_group(str(folder / "trajectories.zarr"), mode="r+", zarr_format=2)
    for name, values in series.items():
        target: Any = root[name]
        target[first : first + len(values)] = values.astype("float32")
    write_parquet(folder / PARTS / f"chunk-{number:06d}.parquet", outcomes)
    write_text(folder / PARTS / f"chunk-{number:06d}.done", "")


def merge(folder: Path) -> pd.DataFrame:
    """Merge all parts into ``outcomes.parquet``, sorted, and return them."""
    parts = sorted((folder / PARTS).glob("chunk-*.parquet"))
    frame = pd.concat([pd.read_parquet(p) for p in parts], ignore_index=True)
    frame = frame.sort_values(KEYS, kind="stable", ignore_index=True)
    write_parquet(folder / "outcomes.parquet", frame)
    return frame
