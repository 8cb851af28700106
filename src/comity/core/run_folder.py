"""What a run folder holds and how it is read: files, format, shapes, checksums.

``plan.json`` says what is run and holds every file that it was read from; ``parts`` has tables and
a marker for each finished chunk; ``run.json``, ``outcomes.parquet``, ``draws.parquet``,
``calm.parquet`` (strategies without the scenario) and ``trajectories.zarr`` are the finished run.
Markers and ``run.json`` name the checksums of what belongs to them. Folders of format 1 (before
checksums) and 2 (before ``calm.parquet``) are still read; later ones are refused.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from comity.core.errors import BadInput
from comity.core.whole import digest, read_json, read_table, write_json

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 3
HOLDS_FILES = 2  # first format whose plan holds the files that it was read from
PARTS = "parts"
SERIES = "trajectories.zarr"
DESCRIBED = "series.json"  # checksums of what describes the arrays: shapes, labels, units
ALONE = "@scenario"  # the scenario without any strategy, in `CALM`; no strategy is called so
OUTCOMES, CALM = "outcomes.parquet", "calm.parquet"
COLUMNS: Mapping[str, Sequence[str]] = {
    OUTCOMES: ("future", "strategy", "measure", "value"),
    CALM: ("future", "strategy", "measure", "value"),
    "draws.parquet": ("future",),
}


FormT = TypeVar("FormT", bound=BaseModel)
Words = str | dict[str, str] | None


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class RequestForm(_Exact):
    """What was asked for; see `comity.study.plan.Request`."""

    scenario: str
    actor: str
    strategies: Annotated[list[str], Field(min_length=1)]
    futures: int
    seed: int
    horizon: int | None
    world: str
    own: list[str] = Field(default_factory=list)


class PlanForm(_Exact):
    """``plan.json``. ``documents``: by the name asked for, texts by path below its folder.

    ``weights``: what the user last weighed aims by; it changes no outcome and may be replaced.
    """

    format: int = 1
    version: str = ""
    data: str = ""
    hash: str
    chunk: Annotated[int, Field(ge=1)]
    request: RequestForm
    documents: dict[str, dict[str, str]] = Field(default_factory=dict)
    weights: dict[str, float] = Field(default_factory=dict)


class MarkerForm(_Exact):
    """Marker of a finished chunk: checksums of its tables, of each file of its series.

    ``calm`` is empty in folders of before format 3, which lack the arms without the scenario.
    """

    outcomes: str
    calm: str = ""
    series: dict[str, str]


class _Named(_Open):
    name: str


class _Titled(_Named):
    title: Words


class _Measure(_Named):
    direction: str
    grade: str


class _Number(_Named):
    status: str
    meaning: Words = None
    source: Words = None


class _Requirement(_Open):
    measure: str
    comparator: Literal[">=", "<="]
    threshold: float


class _Standard(_Open):
    objective: str
    requirements: list[_Requirement] = Field(default_factory=list)


class _Course(_Titled):
    acts: list[dict[str, Any]] = Field(default_factory=list)


class _Group(_Open):
    name: Words
    members: list[str]


class _Data(_Open):
    hash: str
    tables: list[dict[str, Any] | str] = Field(default_factory=list)


class _Record(_Open):
    format: int = 1
    files: dict[str, str] = Field(default_factory=dict)
    seed: int = 0
    strategies: Annotated[list[_Named], Field(min_length=1)]
    measures: list[_Measure]
    parameters: list[_Number] = Field(default_factory=list)
    uncertainties: list[_Number] = Field(default_factory=list)
    judgement: _Standard | None = None


class JudgedForm(_Record):
    """``run.json`` as far as the judgement needs it."""

    futures: int | None = None


class RunForm(_Record):
    """``run.json`` as far as pages need it."""

    id: str
    scenario: _Course
    actor: str
    futures: int
    failed_futures: int
    years: Annotated[list[int], Field(min_length=1)]
    groups: dict[str, _Group] = Field(default_factory=dict)
    warnings: list[str | dict[str, str]] = Field(default_factory=list)
    data: _Data


class _Place(_Open):
    strategy: str
    rank: int | None


class _Objective(_Open):
    measure: str
    direction: str


class JudgementForm(_Open):
    """``judgement.json`` as far as pages need it."""

    objective: _Objective
    summary: list[dict[str, Any]]
    ranking: Annotated[list[_Place], Field(min_length=1)]
    paired: list[dict[str, Any]]
    requirements: list[dict[str, Any]] = Field(default_factory=list)
    stability: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    drivers: list[dict[str, Any]] = Field(default_factory=list)
    judged: list[_Named] = Field(default_factory=list)
    aims: dict[str, Any] | None = None
    information: dict[str, Any] | None = None
    grade: str = ""


def plan(folder: Path) -> dict[str, Any]:
    """What a run folder was made for. Raises BadInput where that cannot be told."""
    path = folder / "plan.json"
    if not path.is_file():
        raise BadInput(f"{folder} holds no run to resume", fix="name the folder of a run")
    content = read_json(path, "start a new run in another folder")
    return _shaped(content, PlanForm, path, "start a new run in another folder").model_dump()


def kept_weights(folder: Path) -> dict[str, float] | None:
    """What a user last weighed aims by in this folder; None where nothing was named."""
    return (plan(folder)["weights"] or None) if (folder / "plan.json").is_file() else None


def keep_weights(folder: Path, weights: Mapping[str, float]) -> None:
    """Put weights into the plan of a folder in place of those before; no outcome depends on them.

    A folder without a plan is left as it is.
    """
    path = folder / "plan.json"
    if path.is_file():
        plan(folder)
        write_json(path, read_json(path, remade(folder)) | {"weights": dict(weights)})


def record(folder: Path, form: type[_Record] = RunForm) -> dict[str, Any]:
    """Content of ``run.json``, after a look at the checksums of the tables that it names.

    Raises
    ------
    BadInput
        It or a table is missing or damaged, or of a later format.
    """
    path, fix = folder / "run.json", remade(folder)
    content = read_json(path, fix)
    files = _shaped(content, form, path, fix).files
    for name in COLUMNS.keys() & files.keys():
        if not (folder / name).is_file():
            raise BadInput(f"{name} is missing", fix=fix, where=str(folder / name))
        if digest(folder / name) != files[name]:
            why = "its checksum differs"
            raise BadInput(f"{name} is not as it was written", why, fix, str(folder / name))
    return content


def judgement(folder: Path) -> dict[str, Any]:
    """Content of ``judgement.json``. Raises BadInput where it is missing or damaged."""
    path, fix = folder / "judgement.json", f"make it anew: comity report {quoted(folder)}"
    content = read_json(path, fix)
    _shaped(content, JudgementForm, path, fix)
    return content


def table(folder: Path, name: str) -> pd.DataFrame:
    """A table of a finished run. Raises BadInput where it cannot be read."""
    return read_table(folder / name, COLUMNS[name], remade(folder))


def marker(path: Path) -> MarkerForm | None:
    """Marker of a finished chunk; None where it is none that can be trusted."""
    try:
        return MarkerForm.model_validate(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return None


def check_series(folder: Path) -> None:
    """Refuse series of which a file is gone, as an array would have gaps or no labels in its place.

    What describes the arrays is checked in full; what stands inside a chunk is checked by the
    chunk's own checksum when it is read.

    Raises
    ------
    BadInput
        A file is gone, or what describes the arrays is damaged.
    """
    markers = [marker(path) for path in sorted((folder / PARTS).glob("chunk-*.done"))]
    path = folder / PARTS / DESCRIBED
    if any(markers) or path.exists():
        for name, kept in read_json(path, remade(folder)).items():
            if digest(folder / SERIES / name) != kept:
                raise damaged(folder)
    for known in filter(None, markers):
        for name, kept in known.series.items():
            if bool(kept) != (folder / SERIES / name).is_file():
                raise damaged(folder)


def damaged(folder: Path) -> BadInput:
    """Message for series that cannot be read."""
    return BadInput(
        "the series are not as they were written",
        "a file is gone or damaged",
        remade(folder),
        str(folder / SERIES),
    )


def remade(folder: Path) -> str:
    """How a finished run is made whole again."""
    return f"make it whole again: {resume_line(folder)}"


def resume_line(folder: Path) -> str:
    """Command that finishes a run, or mends it."""
    return f"comity run --resume {quoted(folder)}"


def quoted(text: object) -> str:
    """A word of a command line, quoted where a shell would read more into it."""
    return shlex.quote(str(text))


def _shaped(content: Any, form: type[FormT], path: Path, fix: str) -> FormT:
    """Content in a form. Raises BadInput for a later format, or where it does not fit."""
    given = content.get("format", 1)
    if isinstance(given, int) and given > FORMAT:
        raise BadInput(
            f"the run folder has format {given}",
            f"this version reads formats up to {FORMAT}",
            "update Comity",
            str(path),
        )
    try:
        return form.model_validate(content)
    except ValidationError as error:
        fault = error.errors()[0]
        what = ".".join(str(part) for part in fault["loc"])
        raise BadInput(
            f"{what!r} is not as it should be: {fault['msg'].lower()}", "", fix, str(path)
        ) from None
