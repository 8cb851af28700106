"""The run folders that lie in a folder: what they are, how large, and taking one away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.core import run_folder
from comity.core.errors import BadInput, nearest
from comity.core.whole import SUFFIX
from comity.study.store import LOCK, locked

# What a run and its judgement leave. Anything else in a folder is somebody's own.
OURS = {
    "plan.json",
    "run.json",
    "judgement.json",
    "claims.json",
    "report.html",
    run_folder.PARTS,
    run_folder.SERIES,
    LOCK,
    *run_folder.COLUMNS,
}


@dataclass(frozen=True)
class Kept:
    """A run folder; ``state``: finished, unfinished, or damaged (not as it was written)."""

    name: str
    date: str
    scenario: str
    actor: str
    futures: int
    bytes: int
    state: str

    def record(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return asdict(self)


def runs_in(folder: Path) -> list[Kept]:
    """Run folders directly in a folder, newest first; links and all else are passed over.

    Raises
    ------
    BadInput
        The folder cannot be read.
    """
    return sorted((_kept(p) for p in _folders(folder)), key=lambda k: k.date, reverse=True)


def _folders(folder: Path) -> Iterator[Path]:
    """Run folders in a folder: those that hold a plan of their own."""
    if not folder.exists():
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        why = error.strerror or str(error)
        raise BadInput(f"{folder} cannot be read", why, "name a folder with --in") from None
    for path in entries:
        if not path.is_symlink() and path.is_dir() and _plan_of(path).is_file():
            yield path


def _plan_of(folder: Path) -> Path:
    return folder / "plan.json"


def _kept(path: Path) -> Kept:
    made = datetime.fromtimestamp(_plan_of(path).lstat().st_mtime, UTC)
    request, state = {}, "damaged"
    try:
        request = run_folder.plan(path)["request"]
        state = "unfinished"
        if (path / "run.json").is_file():
            run_folder.record(path)
            state = "finished"
    except BadInput:
        state = "damaged"
    return Kept(
        path.name,
        made.strftime("%Y-%m-%d %H:%M"),
        Path(request.get("scenario", "")).stem,
        request.get("actor", ""),
        request.get("futures", 0),
        size(path),
        state,
    )


def size(folder: Path) -> int:
    """Bytes of the files below a folder; nothing behind a link is counted."""
    total = 0
    for place, _, files in os.walk(folder, followlinks=False):
        for name in files:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except OSError:
                continue  # gone between the two looks
    return total


def found(name: str, folder: Path) -> Path:
    """Path of a run folder that may be taken away.

    Parameters
    ----------
    name
        Name of a run folder in ``folder``, as the list has it.
    folder
        Where run folders lie.

    Raises
    ------
    BadInput
        There is none of that name there, or it holds something that no run leaves.
    """
    known = {path.name: path for path in _folders(folder)}
    if name not in known:
        fix = nearest(name, known) if known else "there is no run folder there; see --in"
        raise BadInput(f"{folder} holds no run folder {name!r}", fix=fix)
    path = known[name]
    foreign = sorted(p.name for p in path.iterdir() if not _ours(p.name))
    if foreign:
        raise BadInput(
            f"{path} holds {foreign[0]!r}, which no run leaves",
            "only what a run has written is taken away",
            "move it elsewhere first",
        )
    return path


def _ours(name: str) -> bool:
    return name in OURS or (name.startswith(".") and name.endswith(SUFFIX))


def remove(path: Path) -> None:
    """Take away a run folder that `found` has found; what a link in it points to is left alone.

    Raises
    ------
    BadInput
        A run is writing to it, or it cannot be taken away.
    """
    with locked(path):
        pass
    try:
        shutil.rmtree(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise BadInput(f"{path} cannot be taken away", why, "see who holds it open") from None
