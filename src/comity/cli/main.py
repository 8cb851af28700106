"""The command line. Heavy imports wait until a command needs them."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from comity.core.errors import BadInput, ComityError
from comity.core.words import language

app = typer.Typer(
    name="comity",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="An executable model of the international order: what a shock changes, and which "
    "strategy holds up best, over many futures.",
)


@app.command()
def run(
    scenario: Annotated[
        str, typer.Argument(help="Name in the library, or a YAML file.")
    ] = "america-first",
    actor: Annotated[
        str, typer.Option("--for", help="State whose strategies are compared.")
    ] = "JPN",
    strategies: Annotated[
        str | None,
        typer.Option(help="Names or files, with commas; all for every one of the state."),
    ] = None,
    futures: Annotated[int, typer.Option(help="How many futures.")] = 500,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    horizon: Annotated[int | None, typer.Option(help="Last year.")] = None,
    world: Annotated[str, typer.Option(help="focus (48 entities) or full (all states).")] = "focus",
    chunk: Annotated[int | None, typer.Option(help="Futures a chunk; changes no result.")] = None,
    out: Annotated[Path | None, typer.Option(help="New folder for the run.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Finish the run in this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the judgement as JSON.")] = False,
    lang: Annotated[str, typer.Option(help="en or ja, for the table printed here.")] = "en",
) -> None:
    """Run a scenario with every strategy over many futures, judge them, write the report."""
    from comity.face.strategies import named_strategies
    from comity.study import laboratory, store
    from comity.study import plan as design

    if chunk is not None and chunk < 1:
        raise BadInput(f"--chunk {chunk} is out of range", fix="use 1 or more")
    tongue = language(lang, "--lang")
    if resume is not None:
        asked = store.read_plan(resume)["request"]
        request = design.Request(**{**asked, "strategies": tuple(asked["strategies"])})
    else:
        chosen = named_strategies(strategies, actor)
        request = design.Request(scenario, actor, chosen, futures, seed, horizon, world)
    plan = laboratory.plan_of(request)
    folder = resume or out or _new_folder(plan.scenario.name)
    _run(plan, folder, chunk, resume is not None, as_json, tongue)


def _new_folder(name: str) -> Path:
    from comity.study.run import stamp

    first = Path("runs") / f"{name}-{stamp()}"
    return next(
        p for p in (first, *(Path(f"{first}-{n}") for n in range(2, 1000))) if not p.exists()
    )


def _run(
    plan: Any, folder: Path, chunk: int | None, resume: bool, as_json: bool, lang: Any
) -> None:
    from rich.console import Console

    console = Console(stderr=True)
    _say_large(plan, lang)
    with console.status("Putting the world together"):
        from comity.face.run import carry_out, judged
        from comity.study import laboratory

        lab = laboratory.build(plan)
    if lab.ensemble.held:
        typer.echo("\n  ".join((_words("large.held", lang), *lab.ensemble.held)), err=True)
    try:
        with _bar(console) as tick:
            carry_out(lab, folder, chunk, resume, tick)
    except (KeyboardInterrupt, Stopped):
        typer.echo(f"\nStopped. Finish it with: comity run --resume {folder}", err=True)
        raise typer.Exit(130) from None
    with console.status("Judging and writing the report"):
        result = judged(plan, folder)
        page = result.report(first=lang)
    if as_json:
        typer.echo(
            json.dumps(
                {"run": str(folder), "report": str(page), "judgement": result.judgement},
                ensure_ascii=False,
                allow_nan=False,
            )
        )
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
) -> None:
    """Judge a finished run again and write its report anew."""
    from comity.face.read import finished, opened
    from comity.judge.judgement import judge

    judge(finished(folder))
    typer.echo(f"Report: {opened(folder).report()}")


@app.command("list")
def list_library() -> None:
    """List the scenarios and strategies that ship with Comity."""
    from comity.study.laboratory import library

    for kind, name, title in library():
        typer.echo(f"{kind:9} {name:22} {title}")


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="Mechanism, parameter, lever, outcome or column.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Explain anything by name: what, equation, paper, numbers with sources, file, test."""
    from comity.cli import explain as explaining

    found = explaining.explain(name)
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else explaining.in_words(found))


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
    from comity.cli.trade_commands import trade

    app.add_typer(data_app, name="data", help="Build, verify, list and fetch data.")
    app.add_typer(claims_app, name="claims", help="Claims of panels: check, compare, draft.")
    app.command()(replicate)
    app.command()(trade)


_mount()


class Stopped(BaseException):
    """Ctrl-C. Not KeyboardInterrupt: the command library would turn that into exit code 1."""


def _stop(number: int, frame: Any) -> None:
    raise Stopped


def main() -> None:
    """Entry point: one message for what users can mend, the right exit code, no traceback."""
    signal.signal(signal.SIGINT, _stop)
    try:
        app()
    except ComityError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except Stopped:
        typer.echo("Stopped.", err=True)
        sys.exit(130)
    except OSError as error:
        where = error.filename or "the run folder"
        typer.echo(
            f"{where}: {error.strerror}; free space or choose another folder with --out", err=True
        )
        sys.exit(2)
