"""``comity run``: plan, run or go on with a run, judge it, write its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from comity.cli.console import say_json
from comity.cli.stops import Stopped
from comity.core.errors import BadInput
from comity.core.words import language, say

# What a run is where nothing else is said. Options are None then, so that those given beside
# --resume can be told.
SCENARIO, ACTOR, FUTURES, SEED, WORLD = "america-first", "JPN", 500, 1, "focus"

Weights = Annotated[
    str | None,
    typer.Option(
        help="What aims are worth to you, as economy=2,security=1; one unit is the smallest "
        "effect of interest of an aim. Nothing is weighed where none are named."
    ),
]


def run(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help="Name in the library or a YAML file; several with + between them run together.",
            show_default=SCENARIO,
        ),
    ] = None,
    actor: Annotated[
        str | None,
        typer.Option("--for", help="State whose strategies are compared.", show_default=ACTOR),
    ] = None,
    strategies: Annotated[
        str | None,
        typer.Option(help="Names or files, with commas; all for every one of the state."),
    ] = None,
    futures: Annotated[
        int | None, typer.Option(help="How many futures.", show_default=str(FUTURES))
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of all random numbers.", show_default=str(SEED))
    ] = None,
    horizon: Annotated[int | None, typer.Option(help="Last year.")] = None,
    world: Annotated[
        str | None,
        typer.Option(help="focus (48 entities) or full (all states).", show_default=WORLD),
    ] = None,
    chunk: Annotated[int | None, typer.Option(help="Futures a chunk; changes no result.")] = None,
    out: Annotated[Path | None, typer.Option(help="New folder for the run.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Finish the run in this folder.")] = None,
    weights: Weights = None,
    own: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A number of the model as you see it: trade.elasticity=4, or what futures draw "
            "it from: 'trade.elasticity=lognormal(5, 0.2, 1.5, 9)'. May be given again.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say rows, minutes and megabytes, and stop.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the judgement as JSON.")] = False,
    lang: Annotated[str, typer.Option(help="en or ja, for the table printed here.")] = "en",
) -> None:
    """Run a scenario with every strategy over many futures, judge them, write the report."""
    from comity.judge.several import weights_of
    from comity.study.resume import Beside

    if chunk is not None and chunk < 1:
        raise BadInput(f"--chunk {chunk} is out of range", fix="use 1 or more")
    tongue = language(lang, "--lang")
    if weights is not None:
        weights_of(weights)
    weighed: Any = weights
    asked = Beside(
        scenario,
        actor,
        None,
        futures,
        seed,
        horizon,
        world,
        tuple(own) if own else None,
        chunk,
        out,
    )
    if resume is not None:
        plan, kept = _begun(resume, asked, strategies)
        weighed = kept if weights is None else weights
    else:
        plan = _new(asked, strategies)
    if dry_run:
        return _say_cost(plan, as_json, tongue, weighed)
    folder = resume or out or _new_folder(plan.scenario.name)
    _run(plan, folder, chunk, resume is not None, as_json, tongue, weighed)


def _begun(folder: Path, asked: Any, strategies: str | None) -> tuple[Any, Any]:
    """Plan and weights of a run that is gone on with; what is asked beside it must agree."""
    from comity.core import run_folder
    from comity.face.strategies import named_strategies
    from comity.study.resume import changed, resumed

    if strategies is not None:
        begun = run_folder.plan(folder)["request"]
        whose, where = asked.actor or begun["actor"], asked.scenario or begun["scenario"]
        asked = replace(asked, strategies=named_strategies(strategies, whose, where))
    plan = resumed(folder, asked)
    for name in changed(plan):
        typer.echo(f"{name} has changed; the run is finished with what it held", err=True)
    return plan, run_folder.kept_weights(folder)


def _new(asked: Any, strategies: str | None) -> Any:
    """Plan of a new run; a folder named for it must be new."""
    from comity.face.strategies import named_strategies
    from comity.study import laboratory, store
    from comity.study import plan as design

    if asked.out is not None:
        store.check_new(asked.out)
    scenario = asked.scenario if asked.scenario is not None else SCENARIO
    actor = asked.actor if asked.actor is not None else ACTOR
    request = design.Request(
        scenario,
        actor,
        named_strategies(strategies, actor, scenario),
        asked.futures if asked.futures is not None else FUTURES,
        asked.seed if asked.seed is not None else SEED,
        asked.horizon,
        asked.world if asked.world is not None else WORLD,
        asked.own or (),
    )
    return laboratory.plan_of(request)


def _say_cost(plan: Any, as_json: bool, lang: Any, weights: Any) -> None:
    """Say what a plan will cost; refuses what the run would refuse before its first future."""
    from comity.judge.several import check_weights
    from comity.study import laboratory
    from comity.study.estimate import cost_of
    from comity.study.record import aims_of

    lab = laboratory.build(plan)
    check_weights(weights, aims_of(lab))
    _say_apart(lab, lang)
    cost = cost_of(plan)
    if as_json:
        return say_json(cost.record())
    typer.echo(cost.said()[lang])


def _say_apart(lab: Any, lang: Any) -> None:
    """Say where a scenario of the user cannot move what its own file ranks by."""
    from comity.study.objective import apart

    said = apart(lab.plan, lab.measures, lab.objective.measure, lab.paths.of_scenario)
    if said:
        typer.echo(said[lang], err=True)


def _new_folder(name: str) -> Path:
    """Folder for a run that names none, in ``runs`` here. Raises BadInput where none can be."""
    from comity.study.run import stamp
    from comity.study.store import check_new

    first = Path("runs") / f"{name}-{stamp()}"
    names = (first, *(Path(f"{first}-{n}") for n in range(2, 1000)))
    folder = next(p for p in names if not p.exists())
    check_new(folder)
    return folder


def _run(
    plan: Any,
    folder: Path,
    chunk: int | None,
    resume: bool,
    as_json: bool,
    lang: Any,
    weights: Any,
) -> None:
    from rich.console import Console

    from comity.core.run_folder import resume_line

    console = Console(stderr=True)
    _say_large(plan, lang)
    try:
        with console.status("Putting the world together"):
            from comity.face.run import carry_out, judged
            from comity.judge.several import check_weights
            from comity.study import laboratory
            from comity.study.record import aims_of

            lab = laboratory.build(plan)
            check_weights(weights, aims_of(lab))
        _say_apart(lab, lang)
        if lab.ensemble.held:
            said = (say(one, lang) for one in lab.ensemble.held)
            typer.echo("\n  ".join((_words("large.held", lang), *said)), err=True)
        with bar(console) as tick:
            carry_out(lab, folder, chunk, resume, tick, weights)
        with console.status("Judging and writing the report"):
            result = judged(plan, folder, weights=weights)
            page = result.report(first=lang)
    except (KeyboardInterrupt, Stopped) as stop:
        if (folder / "plan.json").is_file():
            typer.echo(f"\nStopped. Finish it with: {resume_line(folder)}", err=True)
        raise typer.Exit(getattr(stop, "exit_code", 130)) from None
    if as_json:
        say_json({"run": str(folder), "report": str(page), "judgement": result.judgement})
        return
    from comity.present import terminal

    terminal.show(result.files, lang)
    typer.echo(f"Report: {page}")


def _say_large(plan: Any, lang: Any) -> None:
    """Say what files move by more than 100 %, and what of them comes too late to act."""
    from comity.mechanisms.catalogue import levers
    from comity.scenarios.large import large_fractions, too_late
    from comity.scenarios.scenario import all_moves

    lines = [
        line
        for d in plan.documents
        for line in large_fractions(d.moves, d.rules, d.uncertainties, levers(), lang)
    ]
    if lines:
        typer.echo("\n  ".join((_words("large.heading", lang), *lines)), err=True)
    for d in plan.documents:
        late = too_late(d.name, all_moves(d.moves, d.rules), plan.years[-1], lang)
        if late:
            typer.echo(late, err=True)


def _words(key: str, lang: Any) -> str:
    from comity.core.words import words

    return words("comity.scenarios")[key][lang]


@contextmanager
def bar(console: Any) -> Iterator[Callable[[int, int], None]]:
    """Progress over futures with the time left, on standard error."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Futures", total=None)

        def tick(finished: int, futures: int) -> None:
            progress.update(task, completed=finished, total=futures)

        yield tick
