"""``comity runs``: list the run folders, take one away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.console import say_json
from comity.core.errors import BadInput, nearest

FOLDER = Path("runs")
ACTIONS = ("list", "remove")


def runs(
    action: Annotated[str, typer.Argument(help="list, or remove NAME.")] = "list",
    name: Annotated[str, typer.Argument(help="Run folder to remove, as the list has it.")] = "",
    folder: Annotated[Path, typer.Option("--in", help="Where the run folders lie.")] = FOLDER,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List run folders with date, size and whether they are whole, or take one away."""
    if action not in ACTIONS:
        raise BadInput(f"comity runs {action} is not known", fix=nearest(action, ACTIONS))
    if action == "remove":
        return _remove(name, folder, yes)
    if name:
        raise BadInput(f"{name!r} is one too many", fix="write comity runs, or remove NAME")
    _list(folder, as_json)


def _list(folder: Path, as_json: bool) -> None:
    """Name, date, scenario, state, futures, size, whether finished; only what a run has written."""
    from comity.study.shelf import runs_in

    kept = runs_in(folder)
    if as_json:
        return say_json([one.record() for one in kept])
    if not kept:
        return typer.echo(f"No run folder in {folder}.")
    rows = [("name", "date", "scenario", "for", "futures", "MB", "")]
    rows += [
        (k.name, k.date, k.scenario, k.actor, str(k.futures), f"{k.bytes / 1e6:.1f}", k.state)
        for k in kept
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())
    total = sum(k.bytes for k in kept) / 1e6
    typer.echo(f"{len(kept)} run folders, {total:.1f} MB")


def _remove(name: str, folder: Path, yes: bool) -> None:
    """Take away a run folder; only what a run has written, never what a link points to."""
    from comity.study import shelf

    if not name:
        raise BadInput("no run folder is named", fix="write comity runs remove NAME")
    path = shelf.found(name, folder)
    if not yes:
        typer.confirm(f"Take away {path} ({shelf.size(path) / 1e6:.1f} MB)?", abort=True)
    shelf.remove(path)
    typer.echo(f"Taken away: {path}")
