"""The run folder: parts written one by one, whole and synced, and counted only while they are so.

A chunk counts only with its marker, which is written last and names the checksums of what belongs
to the chunk. What is gone or damaged is computed again. Merging sorts by future, strategy and
measure. A lock keeps two runs out of one folder; it dies with the process that holds it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from comity.core import run_folder
from comity.core.errors import BadInput, ResumeRefused
from comity.core.run_folder import CALM, COLUMNS, FORMAT, OUTCOMES, PARTS, SERIES
from comity.core.version import __version__
from comity.core.whole import (
    BINARY,
    NO_LINK,
    SUFFIX,
    check_folder,
    digest,
    read_table,
    sync,
    unwritten,
    write_bytes,
    write_json,
    write_table,
)
from comity.registry.axes import axes
from comity.world.given import FieldCard, dims_of

LOCK = ".lock"
KEYS = ["future", "strategy", "measure"]
# Ending of a chunk's part of each table, and what its marker calls the checksum.
ENDINGS = {OUTCOMES: "parquet", CALM: "calm.parquet"}
MARKED = {OUTCOMES: "outcomes", CALM: "calm"}


@dataclass(frozen=True)
class Shape:
    """Sizes and labels of what a run leaves; chunk ``n`` holds futures from ``n * chunk`` on."""

    futures: int
    chunk: int
    years: tuple[int, ...]
    states: tuple[str, ...]
    strategies: tuple[str, ...]
    frameworks: tuple[str, ...]
    cards: Mapping[str, FieldCard]

    @property
    def chunks(self) -> int:
        """How many chunks there are; the last one may be short."""
        return -(-self.futures // self.chunk)

    def count(self, number: int) -> int:
        """Futures of a chunk."""
        return min(self.chunk, self.futures - number * self.chunk)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process.

    Raises
    ------
    BadInput
        Another run holds it, the lock is a link, or the folder cannot be written.
    """
    path = folder / LOCK
    try:
        # The lock of another run is not cut off, and nothing behind a link is touched.
        handle = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK | BINARY, 0o666)
    except OSError as error:
        if path.is_symlink():
            raise BadInput(f"{path} is a link", fix="delete it, or choose another folder") from None
        raise unwritten(path, error) from None
    try:
        if not _held(handle):
            raise BadInput(
                f"another run is writing to {folder}",
                fix="wait for it, or choose another folder with --out",
            )
        yield
    finally:
        os.close(handle)


def _held(handle: int) -> bool:
    """Take the lock of an open file, by the means of this system; False where another has it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt  # Windows

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # pyright: ignore[reportAttributeAccessIssue]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # Some network file systems know no locks; a run there must not fail for it.
    return True


def check_new(folder: Path) -> None:
    """Refuse a folder that a new run cannot be put into, before any work is done.

    A folder in which a run was stopped before it wrote down its plan counts as empty.

    Raises
    ------
    BadInput
        The folder holds something already, or cannot be made or written.
    """
    check_folder(folder)
    if folder.is_dir() and any(not _begun(path) for path in folder.iterdir()):
        there = (folder / "plan.json").is_file()
        resume = f", or continue with {run_folder.resume_line(folder)}" if there else ""
        raise BadInput(
            f"{folder} is not a new folder: it is not empty",
            "nothing is ever written over",
            f"choose another folder with --out (out= in Python){resume}",
        )


def _begun(path: Path) -> bool:
    """Whether a file is what a run leaves that is stopped before its plan is written."""
    return path.name == LOCK or (path.name.startswith(".plan.json.") and path.suffix == SUFFIX)


def write_plan(
    folder: Path,
    plan_hash: str,
    request: dict[str, Any],
    chunk: int,
    data: str,
    documents: Mapping[str, Mapping[str, str]],
    weights: Mapping[str, float] | None = None,
) -> None:
    """Write down the plan of a run before anything else of it; one of format 1 is thus updated."""
    content = {"format": FORMAT, "version": __version__, "data": data, "hash": plan_hash}
    content |= {"chunk": chunk, "request": request, "documents": documents}
    content |= {"weights": dict(weights)} if weights else {}
    write_json(folder / "plan.json", content)


def check_resume(folder: Path, plan_hash: str, data: str) -> int:
    """Futures a chunk of a folder that may be continued with this plan.

    Raises
    ------
    ResumeRefused
        The folder was made with another plan.
    BadInput
        Its plan cannot be read, or the folder holds a link.
    """
    content = run_folder.plan(folder)
    if content["hash"] != plan_hash:
        raise ResumeRefused(
            f"{folder} was made with another plan", _changed(content, data), _anew(folder, content)
        )
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if Path(place, name).is_symlink():
                raise BadInput(
                    f"{Path(place, name)} is a link",
                    "a run writes into its own folder only",
                    "put a copy of what it points to in its place",
                )
    return int(content["chunk"])


def _changed(content: Mapping[str, Any], data: str) -> str:
    """What differs between the plan of a folder and that of now, as far as it can be told."""
    if content["version"] and content["version"] != __version__:
        return f"it was made with Comity {content['version']}, this is {__version__}"
    if content["data"] and content["data"] != data:
        return "the snapshot has changed since"
    return "scenario, strategies, numbers, data or version have changed since"


def _anew(folder: Path, content: Mapping[str, Any]) -> str:
    """How to go on with a folder that this version cannot continue."""
    if (folder / "run.json").is_file():
        return f"it is finished: comity report {run_folder.quoted(folder)}, or start a new run"
    if content["format"] < FORMAT:
        return "start a new run: its finished chunks cannot be taken over"
    return "start a new run, or go back to the files and the version it was made with"


def prepare(folder: Path, shape: Shape) -> None:
    """Make the store of the series, or mend what describes it; chunks in it are left alone."""
    import zarr

    try:
        _sweep(folder)
        (folder / PARTS).mkdir(exist_ok=True)
        draft = folder / f".{SERIES}{SUFFIX}"
        root = zarr.create_group(str(draft), zarr_format=2)
        _fill(root, shape)
        zarr.consolidate_metadata(str(draft), zarr_format=2)
        target = folder / SERIES
        files = sorted(p for p in draft.rglob("*") if p.is_file())
        known = {path.relative_to(draft).as_posix(): digest(path) for path in files}
        write_json(folder / PARTS / run_folder.DESCRIBED, known)
        if not target.exists():
            for path in files:
                sync(path)
            os.rename(draft, target)
            return sync(folder)
        for path in files:
            place = target / path.relative_to(draft)
            place.parent.mkdir(parents=True, exist_ok=True)
            if digest(place) != digest(path):
                write_bytes(place, path.read_bytes())
        shutil.rmtree(draft)
    except OSError as error:
        raise unwritten(folder / SERIES, error) from None


def _sweep(folder: Path) -> None:
    """Take away drafts that a run left when it was killed."""
    for path in (*folder.glob(f".*{SUFFIX}"), *folder.glob(f"{PARTS}/.*{SUFFIX}")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _fill(root: Any, shape: Shape) -> None:
    """Empty arrays and the labels of their axes."""
    labels = {"state": shape.states, **axes(), "framework": shape.frameworks}
    used: dict[str, tuple[str, ...]] = {"state": shape.states}
    for name, card in shape.cards.items():
        last = dims_of(name, card, 1)
        used |= {axis: labels[axis] for axis in last}
        own = (len(shape.strategies), len(shape.years), *(len(labels[axis]) for axis in last))
        array = root.create_array(
            name,
            shape=(shape.futures, *own),
            chunks=(shape.chunk, *own),
            dtype="float32",
            fill_value=float("nan"),
            compressors=_packing(),
        )
        dims = ["future", "strategy", "year", *last]
        words = {"units": card.unit, "long_name": card.meaning}
        array.attrs.update({"_ARRAY_DIMENSIONS": dims, **words})
    _labels(root, "future", np.arange(shape.futures, dtype="int32"))
    _labels(root, "year", np.array(shape.years, dtype="int32"))
    _labels(root, "strategy", np.array(shape.strategies, dtype="U"))
    for axis, values in used.items():
        _labels(root, axis, np.array(values, dtype="U"))


def _packing() -> Any:
    """How chunks are packed: with a checksum, so that a damaged one is an error and no number."""
    from numcodecs import Zstd

    return Zstd(level=0, checksum=True)


def _labels(root: Any, name: str, values: np.ndarray) -> None:
    # Without a fill value: xarray would read the label 0 as a gap.
    array = root.create_array(
        name,
        shape=values.shape,
        chunks=values.shape,
        dtype=values.dtype,
        fill_value=None,
        compressors=_packing(),
    )
    array[:] = values
    array.attrs.update({"_ARRAY_DIMENSIONS": [name]})


def _part(folder: Path, number: int, ending: str) -> Path:
    return folder / PARTS / f"chunk-{number:06d}.{ending}"


def _series(number: int, card: FieldCard, name: str) -> str:
    """File of a chunk of an array below the store; an array is cut along its futures alone."""
    return f"{name}/{number}" + ".0" * (2 + len(dims_of(name, card, 1)))


def done(folder: Path, shape: Shape) -> tuple[set[int], set[int]]:
    """Numbers of the chunks that are finished and whole, and of those that were and are no more."""
    whole, lost = set(), set()
    for number in range(shape.chunks):
        path = _part(folder, number, "done")
        if path.is_file():
            (whole if _is_whole(folder, number, path) else lost).add(number)
    return whole, lost


def _is_whole(folder: Path, number: int, path: Path) -> bool:
    """Whether all that belongs to a chunk is as its marker says."""
    known = run_folder.marker(path)
    return (
        known is not None
        and all(
            getattr(known, MARKED[table])
            and digest(_part(folder, number, ending)) == getattr(known, MARKED[table])
            for table, ending in ENDINGS.items()
        )
        and all(digest(folder / SERIES / name) == kept for name, kept in known.series.items())
    )


def write_chunk(
    folder: Path,
    number: int,
    shape: Shape,
    tables: Mapping[str, pd.DataFrame],
    series: dict[str, np.ndarray],
) -> None:
    """Store one chunk: trajectories by region, a part of each table, then the marker.

    Raises
    ------
    BadInput
        The disk is full or gone; the chunk then does not count.
    """
    import zarr

    _part(folder, number, "done").unlink(missing_ok=True)
    first, kept = number * shape.chunk, {}
    try:
        root = zarr.open_group(str(folder / SERIES), mode="r+", zarr_format=2)
        for name, values in series.items():
            target: Any = root[name]
            target[first : first + len(values)] = values.astype("float32")
            file = _series(number, shape.cards[name], name)
            sync(folder / SERIES / file)
            sync((folder / SERIES / file).parent)
            # An array of nothing but gaps has no file.
            kept[file] = digest(folder / SERIES / file)
    except OSError as error:
        raise unwritten(folder / SERIES, error) from None
    known = {
        MARKED[table]: write_table(_part(folder, number, ENDINGS[table]), frame)
        for table, frame in tables.items()
    }
    write_json(_part(folder, number, "done"), known | {"series": kept})


def merge(
    folder: Path, shape: Shape, rows_a_future: int, table: str = OUTCOMES
) -> tuple[pd.DataFrame, str]:
    """Merge all parts of a table into one file, sorted; return them and the file's digest.

    Raises
    ------
    BadInput
        A part is gone or damaged, or the rows do not add up.
    """
    parts, fix = [], run_folder.remade(folder)
    for number in range(shape.chunks):
        known = run_folder.marker(_part(folder, number, "done"))
        path = _part(folder, number, ENDINGS[table])
        if known is None or digest(path) != getattr(known, MARKED[table]):
            raise BadInput(f"chunk {number} is gone or damaged", fix=fix, where=str(path))
        part = read_table(path, COLUMNS[table], fix)
        if len(part) != shape.count(number) * rows_a_future:
            raise BadInput(f"chunk {number} has {len(part)} rows", fix=fix, where=str(path))
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.sort_values(KEYS, kind="stable", ignore_index=True)
    return frame, write_table(folder / table, frame)
