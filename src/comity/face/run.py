"""Run a scenario with strategies over many futures, judge them, hand back the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from comity.claims.bearing import bearing
from comity.core.arguments import whole
from comity.core.errors import BadInput
from comity.core.run_folder import kept_weights, quoted
from comity.core.whole import write_json
from comity.face.read import opened
from comity.face.result import Result, Temporary
from comity.face.strategies import named_strategies
from comity.judge.judgement import judge
from comity.judge.several import check_weights, weights_of
from comity.study import laboratory, store
from comity.study import run as runner
from comity.study.laboratory import Laboratory
from comity.study.plan import MOST_FUTURES, MOST_SEED, Plan, Request
from comity.study.record import aims_of


def run(
    scenario: str | Path = "america-first",
    actor: str = "JPN",
    strategies: str | Path | Sequence[str | Path] | None = None,
    futures: int = 500,
    seed: int = 1,
    horizon: int | None = None,
    world: str = "focus",
    *,
    chunk: int | None = None,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    weights: str | Mapping[str, float] | None = None,
    parameters: Mapping[str, str | int | float] | None = None,
) -> Result:
    """Run a scenario with every strategy over many futures and judge them.

    The same as ``comity run``, with the same numbers; every argument is checked before work starts.

    Parameters
    ----------
    scenario
        Name in the library (``comity list``), or the path of a YAML file; several run together
        with ``+`` between them.
    actor
        State whose strategies are compared, by id or name.
    strategies
        Names or paths, as a list or a text with commas; ``"all"`` for every one of the state.
    futures
        How many futures.
    seed
        Seed of all random numbers.
    horizon
        Last year; the scenario's own where none is named.
    world
        ``focus`` (48 entities) or ``full`` (all states).
    chunk
        Futures a chunk; changes no result.
    out
        New folder for the run. Without it the folder is temporary and goes with the result.
    progress
        Called with the number of finished futures and that of all, after each chunk.
    weights
        What aims are worth to you, ``"economy=2,security=1"`` or a mapping; see `judge`.
    parameters
        Numbers of the model to use in place of those of the books, by name: a number, or what
        futures draw it from, as ``{"trade.elasticity": "lognormal(5, 0.2, 1.5, 9)"}``.

    Raises
    ------
    BadInput
        A file or an argument that cannot be used.
    """
    many = whole("futures", futures, 1, MOST_FUTURES)
    first = whole("seed", seed, 0, MOST_SEED)
    last = None if horizon is None else whole("horizon", horizon, 1, 9999)
    size = None if chunk is None else whole("chunk", chunk, 1, MOST_FUTURES)
    _check_words(scenario, actor, world)
    if progress is not None and not callable(progress):
        raise BadInput("progress is no function", fix="give one of (finished, all), or leave it")
    folder = _folder(out)
    chosen = named_strategies(strategies, actor, str(scenario))
    own = _own(parameters)
    request = Request(str(scenario), actor, chosen, many, first, last, world, own)
    plan = laboratory.plan_of(request)
    lab = laboratory.build(plan)
    check_weights(weights, aims_of(lab))
    kept = Temporary() if folder is None else None
    place = kept.path if kept else Path(folder or "")
    carry_out(lab, place, size, progress=progress, weights=weights)
    return judged(plan, place, kept, weights)


def carry_out(
    lab: Laboratory,
    folder: Path,
    chunk: int | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
    weights: str | Mapping[str, float] | None = None,
) -> None:
    """Compute what is missing of a plan into its folder, which keeps the weights named."""
    tick = progress or (lambda finished, all_: None)
    given = None if weights is None else weights_of(weights)
    runner.run(lab, folder, chunk, resume, command_line(lab.plan), progress=tick, weights=given)


def judged(
    plan: Plan,
    folder: Path,
    kept: Temporary | None = None,
    weights: str | Mapping[str, float] | None = None,
) -> Result:
    """Judge a run that is finished, by the weights that it keeps if none are named, and note the
    claims that it bears on.
    """
    judge(folder, kept_weights(folder) if weights is None else weights)
    claims = bearing(plan.scenario.name, [s.name for s in plan.strategies])
    write_json(folder / "claims.json", claims)
    return opened(folder, kept)


def command_line(plan: Plan) -> str:
    """Command that reproduces a plan."""
    r = plan.request
    parts = [
        "comity run",
        quoted(r.scenario),
        f"--for {quoted(r.actor)}",
        f"--strategies {quoted(','.join(r.strategies))}",
        f"--futures {r.futures}",
        f"--seed {r.seed}",
    ]
    parts += [f"--horizon {r.horizon}"] if r.horizon else []
    parts += [f"--set {quoted(one)}" for one in r.own]
    return " ".join([*parts, f"--world {r.world}"])


def _check_words(scenario: Any, actor: Any, world: Any) -> None:
    if not isinstance(scenario, str | Path):
        raise BadInput(f"scenario={scenario!r} is no name", fix="use a name or the path of a file")
    if not isinstance(actor, str):
        raise BadInput(f"actor={actor!r} is no state", fix="use an id or a name, such as 'JPN'")
    if world not in ("focus", "full"):
        raise BadInput(f"world={world!r} is not known", fix="use 'focus' or 'full'")


def _own(parameters: Any) -> tuple[str, ...]:
    """Numbers of the user as the command line takes them."""
    if parameters is None:
        return ()
    if not isinstance(parameters, Mapping):
        raise BadInput(
            f"parameters={parameters!r} is no mapping", fix='use {"trade.elasticity": 4.0}'
        )
    for name, value in parameters.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadInput(
                f"parameters[{name!r}] is {value!r}",
                fix='use a number, or a text such as "lognormal(5, 0.2, 1.5, 9)"',
            )
    return tuple(f"{name}={value}" for name, value in parameters.items())


def _folder(out: Any) -> Path | None:
    """Path of a new folder, or None. Raises BadInput where a run cannot be put there."""
    if out is None:
        return None
    if not isinstance(out, str | Path):
        raise BadInput(f"out={out!r} is no folder", fix="use the path of a new folder")
    store.check_new(Path(out))
    return Path(out)
