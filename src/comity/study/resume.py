"""Go on with a run: its plan from its folder alone, whatever else is asked for held against it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from comity.core import run_folder
from comity.core.errors import BadInput, ResumeRefused
from comity.registry.states import find
from comity.scenarios.together import parts_of
from comity.study.inputs import lay_out
from comity.study.laboratory import plan_of
from comity.study.plan import Plan, Request


@dataclass(frozen=True)
class Beside:
    """What was asked for beside the folder; None for what was not."""

    scenario: str | None = None
    actor: str | None = None
    strategies: tuple[str, ...] | None = None
    futures: int | None = None
    seed: int | None = None
    horizon: int | None = None
    world: str | None = None
    own: tuple[str, ...] | None = None
    chunk: int | None = None
    out: Path | None = None


def resumed(folder: Path, beside: Beside) -> Plan:
    """Plan of a run folder, read from the folder.

    Raises
    ------
    BadInput
        The folder holds no plan that can be read, or something else was asked for beside it.
    ResumeRefused
        A file named beside it is not the one that the run was made with.
    """
    content = run_folder.plan(folder)
    asked = content["request"]
    lists = {name: tuple(asked.get(name, ())) for name in ("strategies", "own")}
    request = Request(**(asked | lists))
    with tempfile.TemporaryDirectory(prefix="comity-") as place:
        places = lay_out(content["documents"], Path(place))
        plan = _read(folder, request, places, content["format"])
        for option, given, kept in _compared(folder, beside, plan, content["chunk"]):
            if given is not None and given != kept:
                raise BadInput(
                    f"{option} {given} is not what {folder} was made with ({kept})",
                    "a run is finished as it was begun",
                    "leave it out, or start a new run without --resume in another folder",
                )
        _check_files(folder, beside, plan, places)
    return plan


def _read(folder: Path, request: Request, places: dict[str, Path], format_: int) -> Plan:
    try:
        return plan_of(request, places)
    except BadInput as error:
        if format_ >= run_folder.HOLDS_FILES:
            raise
        raise BadInput(
            f"{folder} was made by an earlier version and does not hold its files: {error.what}",
            error.why,
            "go to the folder in which the run was begun, or start a new run",
            error.where,
        ) from None


def _compared(
    folder: Path, beside: Beside, plan: Plan, chunk: int
) -> Iterator[tuple[str, Any, Any]]:
    """Options with what was given beside the folder and what the folder has."""
    request = plan.request
    yield "--for", None if beside.actor is None else find(beside.actor), plan.actor
    yield "--futures", beside.futures, request.futures
    yield "--seed", beside.seed, request.seed
    yield "--horizon", beside.horizon, plan.years[-1]
    yield "--world", beside.world, request.world
    own = None if beside.own is None else ", ".join(beside.own)
    yield "--set", own, ", ".join(request.own) or "nothing"
    size = None if beside.chunk is None else min(beside.chunk, request.futures)
    yield "--chunk", size, chunk
    yield "--out", None if beside.out is None else beside.out.resolve(), folder.resolve()


def _check_files(folder: Path, beside: Beside, plan: Plan, places: dict[str, Path]) -> None:
    """Refuse a scenario or strategies named beside the folder that say something else."""
    if beside.scenario is None and beside.strategies is None:
        return
    named = {*parts_of(beside.scenario or ""), *(beside.strategies or ())}
    there = {name: place for name, place in places.items() if name not in named}
    request = replace(
        plan.request,
        scenario=beside.scenario or plan.request.scenario,
        strategies=beside.strategies or plan.request.strategies,
    )
    other = plan_of(request, there)
    # The same documents are the same run, wherever they lie.
    same = replace(other, request=plan.request).hash() == plan.hash()
    if not same or other.names != plan.names:
        raise ResumeRefused(
            f"{folder} was made with another plan",
            "the scenario or the strategies named beside it say something else",
            "leave them out, or start a new run without --resume in another folder",
        )


def changed(plan: Plan) -> tuple[str, ...]:
    """Files of a plan that lie where they lay but say something else now."""
    found = []
    for name, texts in plan.texts.items():
        try:
            now = Path(name).read_bytes()
        except OSError:
            continue
        if now != next(iter(texts.values())).encode("utf-8"):
            found.append(name)
    return tuple(found)
