"""The command line. Heavy imports wait until a command needs them."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from comity.cli.console import prepare, say_json
from comity.cli.stops import Stopped, listen
from comity.core.errors import BadInput, ComityError
from comity.core.version import __version__
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
app = typer.Typer(
    name="comity",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="An executable model of the international order: what a shock changes, and which "
    "strategy holds up best, over many futures.",
)


def _version(asked: bool) -> bool:
    if asked:
        typer.echo(f"comity {__version__}")
        raise typer.Exit
    return asked


@app.callback(no_args_is_help=True)
def top(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Take what stands before a command."""


@app.command()
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
    from comity.core import run_folder
    from comity.face.strategies import named_strategies
    from comity.judge.several import weights_of
    from comity.study import laboratory, store
    from comity.study import plan as design
    from comity.study.resume import Beside, changed, resumed

    if chunk is not None and chunk < 1:
        raise BadInput(f"--chunk {chunk} is out of range", fix="use 1 or more")
    tongue = language(lang, "--lang")
    if weights is not None:
        weights_of(weights)
    if resume is not None:
        listed = None
        if strategies is not None:
            whose = actor or run_folder.plan(resume)["request"]["actor"]
            listed = named_strategies(strategies, whose)
        mine = tuple(own) if own else None
        given = Beside(scenario, actor, listed, futures, seed, horizon, world, mine, chunk, out)
        plan = resumed(resume, given)
        weighed = weights if weights is not None else run_folder.kept_weights(resume)
        for name in changed(plan):
            typer.echo(f"{name} has changed; the run is finished with what it held", err=True)
        if dry_run:
            return _say_cost(plan, as_json, tongue, weighed)
        return _run(plan, resume, chunk, True, as_json, tongue, weighed)
    if out is not None:
        store.check_new(out)
    actor = actor if actor is not None else ACTOR
    request = design.Request(
        scenario if scenario is not None else SCENARIO,
        actor,
        named_strategies(strategies, actor),
        futures if futures is not None else FUTURES,
        seed if seed is not None else SEED,
        horizon,
        world if world is not None else WORLD,
        tuple(own or ()),
    )
    plan = laboratory.plan_of(request)
    if dry_run:
        return _say_cost(plan, as_json, tongue, weights)
    folder = out or _new_folder(plan.scenario.name)
    _run(plan, folder, chunk, False, as_json, tongue, weights)


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
        with _bar(console) as tick:
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
def _bar(console: Any) -> Iterator[Callable[[int, int], None]]:
    """Progress over futures with the time left, on standard error."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Futures", total=None)

        def tick(finished: int, futures: int) -> None:
            progress.update(task, completed=finished, total=futures)

        yield tick


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    weights: Weights = None,
) -> None:
    """Judge a finished run again and write its report anew; weights stay until others are named."""
    from comity.core.run_folder import keep_weights, kept_weights
    from comity.face.read import finished, opened
    from comity.judge.judgement import judge
    from comity.judge.several import weights_of
    from comity.present import terminal

    place = finished(folder)
    judge(place, kept_weights(place) if weights is None else weights)
    if weights is not None:
        keep_weights(place, weights_of(weights))
    result = opened(folder)
    terminal.show_weights(result.files)
    typer.echo(f"Report: {result.report()}")


@app.command("list")
def list_library(
    what: Annotated[str, typer.Argument(help="library or measures.")] = "library",
) -> None:
    """List the scenarios and strategies that ship with Comity, or all that is measured."""
    if what == "measures":
        return _list_measures()
    if what != "library":
        raise BadInput(f"there is no list of {what!r}", fix="use library or measures")
    from comity.study.laboratory import library

    for kind, name, title in library():
        typer.echo(f"{kind:9} {name:22} {title}")


def _list_measures() -> None:
    """Measures, then apart from them the fields that are computed and only measured."""
    from comity.cli import explain as explaining
    from comity.cli.wires import unread
    from comity.core.words import words

    for one in explaining.measures():
        typer.echo(f"{'measure':9} {one['name']:28} {one['what']}")
    typer.echo("\n" + words("comity.cli")["wires.apart"]["en"])
    for name, text in unread():
        typer.echo(f"{'field':9} {name:28} {text}")


@app.command()
def explain(
    name: Annotated[
        str, typer.Argument(help="Any name that Comity prints, in English or Japanese.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Explain anything by name: what, equation, paper, numbers with sources, file, test."""
    from comity.cli import explain as explaining

    found = explaining.in_full(name)
    if as_json:
        return say_json(found)
    typer.echo(explaining.in_words(found))


@app.command()
def backtest(
    from_: Annotated[int | None, typer.Option("--from", help="Window: last year known.")] = None,
    quantity: Annotated[
        list[str] | None, typer.Option(help="Which, by name; may be repeated. All when none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    quick: Annotated[bool, typer.Option(help="One window, fewer draws.")] = False,
) -> None:
    """Forecast from past years and score what came; exit code 1 where a claim is missed."""
    from comity.cli import backtest_commands as commands

    commands.backtest(from_, quantity, as_json, quick)


def _mount() -> None:
    from comity.cli.claims_commands import app as claims_app
    from comity.cli.data_commands import app as data_app
    from comity.cli.replicate_commands import replicate
    from comity.cli.runs_commands import runs
    from comity.cli.trade_commands import trade

    app.add_typer(data_app, name="data", help="Build, verify, list and fetch data.")
    app.add_typer(claims_app, name="claims", help="Claims of panels: check, compare, draft.")
    app.command()(replicate)
    app.command()(trade)
    app.command()(runs)


_mount()


def main() -> None:
    """Entry point: one message for what users can mend, the right exit code, no traceback."""
    prepare()
    listen()
    try:
        app()
    except ComityError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except Stopped as stop:
        typer.echo("Stopped.", err=True)
        sys.exit(stop.exit_code)
    except OSError as error:
        typer.echo(_trouble(error), err=True)
        sys.exit(2)


def _trouble(error: OSError) -> str:
    """What the system refused, and what helps where that is known."""
    what = error.strerror or str(error)
    said = f"{error.filename}: {what}" if error.filename else what
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        said += "; free space or choose another folder with --out"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        said += "; choose a place that can be read and written"
    return said
