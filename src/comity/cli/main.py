"""The command line. Heavy imports wait until a command needs them."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.console import prepare, say_json
from comity.cli.run_command import Weights, run
from comity.cli.stops import Stopped, listen
from comity.core.errors import BadInput, ComityError
from comity.core.version import __version__

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


app.command()(run)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    weights: Weights = None,
    lang: Annotated[
        str, typer.Option(help="en or ja, for what is printed here and shown first.")
    ] = "en",
) -> None:
    """Judge a finished run again and write its report anew; weights stay until others are named."""
    from comity.core.run_folder import keep_weights, kept_weights
    from comity.core.words import language
    from comity.face.read import finished, opened
    from comity.judge.judgement import judge
    from comity.judge.several import weights_of
    from comity.present import terminal

    tongue = language(lang, "--lang")
    place = finished(folder)
    judge(place, kept_weights(place) if weights is None else weights)
    if weights is not None:
        keep_weights(place, weights_of(weights))
    result = opened(folder)
    terminal.show_weights(result.files, tongue)
    typer.echo(f"Report: {result.report(first=tongue)}")


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
    from comity.cli.answers_command import answers
    from comity.cli.claims_commands import app as claims_app
    from comity.cli.data_commands import app as data_app
    from comity.cli.learn_command import learn
    from comity.cli.replicate_commands import replicate
    from comity.cli.runs_commands import runs
    from comity.cli.trade_commands import trade

    app.add_typer(data_app, name="data", help="Build, verify, list and fetch data.")
    app.add_typer(claims_app, name="claims", help="Claims of panels: check, compare, draft.")
    app.command()(answers)
    app.command()(replicate)
    app.command()(trade)
    app.command()(learn)
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
