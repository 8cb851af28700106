"""``comity runs``: list the run folders, take one away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.console import say_json

app = typer.Typer(help="Run folders: list them, take one away.")
FOLDER = Path("runs")
In = Annotated[Path, typer.Option("--in", help="Folder that the run folders lie in.")]


@app.callback(invoke_without_command=True)
def list_(
    context: typer.Context,
    folder: In = FOLDER,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the run folders: name, date, scenario, state, futures, size, whether finished."""
    if context.invoked_subcommand is not None:
        return
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


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="Name of the run folder, as the list has it.")],
    folder: In = FOLDER,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take away a run folder; only what a run has written, never what a link points to."""
    from comity.study import shelf

    path = shelf.found(name, folder)
    if not yes:
        typer.confirm(f"Take away {path} ({shelf.size(path) / 1e6:.1f} MB)?", abort=True)
    shelf.remove(path)
    typer.echo(f"Taken away: {path}")
