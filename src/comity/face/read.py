"""Open the folder of a finished run."""

from __future__ import annotations

import os
from pathlib import Path

from comity.core.errors import BadInput
from comity.core.run_folder import kept_weights
from comity.face.result import Result, Temporary
from comity.judge.judgement import judge
from comity.present import folder as folders


def read(folder: str | os.PathLike[str]) -> Result:
    """Open the folder of a finished run, of the command line or of `run`.

    Parameters
    ----------
    folder
        Run folder. One that was not judged yet is judged now.

    Raises
    ------
    BadInput
        The folder is not that of a finished run.
    """
    return opened(finished(folder))


def finished(folder: str | os.PathLike[str]) -> Path:
    """Path of a run folder. Raises BadInput where the run is not finished or never was one."""
    if not isinstance(folder, str | os.PathLike):
        raise BadInput(f"{folder!r} is no run folder", fix="name the folder of a run")
    path = Path(folder)
    if not (path / "run.json").is_file():
        raise BadInput(f"{path} holds no finished run", fix="finish it with comity run --resume")
    return path


def opened(path: Path, kept: Temporary | None = None) -> Result:
    """Result of a finished run folder, judged where it was not yet."""
    if not (path / "judgement.json").is_file():
        judge(path, kept_weights(path))
    return Result(folders.read(path), kept)
