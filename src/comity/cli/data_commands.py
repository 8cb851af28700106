"""``comity data``: build, verify, list and cite the snapshot."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.console import say_json

app = typer.Typer(help="The base-year data: build, verify, list, cite.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command()
def build(
    only: Annotated[
        list[str] | None, typer.Option(help="Build this table only; may be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of the package.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build the snapshot from raw data (needs COMITY_DATA and COMITY_FACTS)."""
    from comity.data.build.build import build as run

    files = run(out, only)
    sizes = {file.name: file.stat().st_size for file in files}
    if as_json:
        say_json(sizes)
        return
    _show("Written", ["file", "bytes"], [[name, f"{size:,}"] for name, size in sizes.items()])


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Compare totals of the snapshot with published ones; exit code 1 where one is off."""
    from comity.data.build.verify import checks

    found = checks()
    if as_json:
        say_json([asdict(check) for check in found], 1)
    else:
        rows = [
            [c.what, f"{c.expected:,.4g}", f"{c.ours:,.4g}", f"{c.tolerance:.2g}"]
            + ["ok" if c.ok else "OFF", c.source]
            for c in found
        ]
        _show("Verify", ["what", "expected", "ours", "tolerance", "", "source"], rows)
    if not all(check.ok for check in found):
        raise typer.Exit(1)


@app.command(name="list")
def list_(
    table: Annotated[list[str] | None, typer.Argument(help="Tables; all when none.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the tables, or the columns of named ones, with vintage, coverage and licence."""
    from comity.data.build.listing import entries, summaries

    if not table and not as_json:
        columns = ["table", "rows", "columns", "states", "least covered", "vintage", "licence"]
        rows = [
            [
                s.table,
                f"{s.rows:,}",
                str(s.columns),
                f"{s.states:.0%}" if s.states else "-",
                s.least_covered,
                s.vintage,
                s.licence,
            ]
            for s in summaries()
        ]
        _show("Snapshot: end of 2024", columns, rows)
        return
    found = entries(table or None)
    if as_json:
        say_json([asdict(entry) for entry in found], 1)
        return
    rows = [[e.table, e.column, e.unit, e.vintage, f"{e.coverage:.0%}", e.licence] for e in found]
    _show("Columns", ["table", "column", "unit", "vintage", "coverage", "licence"], rows)


@app.command()
def cite(
    table: Annotated[list[str] | None, typer.Argument(help="Tables; all when none.")] = None,
) -> None:
    """Print the citations of the sources used."""
    from comity.data.build.listing import cite as text

    typer.echo(text(table or None))


@app.command()
def fetch(name: Annotated[str, typer.Argument(help="Name of a provenance card.")]) -> None:
    """Get a raw data file from its producer, or print exactly how to get it."""
    from comity.data.sources.fetch import fetch as get

    typer.echo(str(get(name)))


def _show(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print a table."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        shown.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)
