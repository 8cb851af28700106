"""``comity claims``: check dossiers, compare two of them, draft one from a report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from comity.cli.console import say_json
from comity.cli.draft_commands import draft
from comity.core.errors import BadInput
from comity.core.whole import check_folder
from comity.core.words import Lang, language

WIDTH = 120  # of piped output, which has no width of its own
app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
app.command()(draft)


@app.command()
def check(
    dossier: Annotated[str | None, typer.Argument(help="Name in the library, or a file.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every dossier that ships.")] = False,
    claim: Annotated[list[str] | None, typer.Option(help="Only this claim; may repeat.")] = None,
    futures: Annotated[int, typer.Option(help="Futures of each arm of an experiment.")] = 400,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for claims.html and claims.json.")
    ] = None,
    lang: Annotated[str, typer.Option(help="en or ja, for the table printed here.")] = "en",
) -> None:
    """Check the claims of a dossier: verdict, effect, grade; a page with a card each."""
    from comity.claims.check import check as carry_out
    from comity.claims.check import too_few
    from comity.claims.dossier import library_names, load
    from comity.claims.sheet import sheet

    if all_ == bool(dossier):
        raise BadInput(
            "name one dossier, or all of them",
            fix=f"`comity claims check --all`, or one of {', '.join(library_names())}",
        )
    tongue = language(lang, "--lang")
    if out is not None:
        check_folder(out)
    read = [load(name) for name in (library_names() if all_ else (str(dossier),))]
    read = [_only(one, claim) for one in read] if claim else read
    if claim and (unknown := set(claim) - {c.id for d in read for c in d.claims}):
        raise BadInput(f"there is no claim {sorted(unknown)[0]!r} in {dossier or 'any dossier'}")
    with _bar(not as_json) as tick:
        found = carry_out(read, futures, seed, tick)
    if out is not None:
        from comity.present.claims import write

        page = write(out, sheet(found, futures, seed))
    if as_json:
        rows = [one.record() for one in found]
        say_json({"claims": rows})
        return
    _show(found, tongue)
    few = too_few(found, futures)
    if few:
        typer.echo(few[tongue])
    if out is not None:
        typer.echo(str(page))


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="Dossier of the earlier dialogue.")],
    second: Annotated[str, typer.Argument(help="Dossier of the later one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Compare two dialogues: what was said differently, and how the facts moved between them."""
    from comity.claims.compare import compare as carry_out
    from comity.claims.compare import text
    from comity.claims.dossier import load

    found = carry_out(load(first), load(second))
    return say_json(found) if as_json else typer.echo(text(found))


def _only(dossier: Any, claims: list[str]) -> Any:
    from dataclasses import replace

    return replace(dossier, claims=tuple(c for c in dossier.claims if c.id in claims))


def _bar(shown: bool) -> Any:
    """A progress bar with the time left, on the error stream; nothing where none is wanted."""
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    @contextmanager
    def running() -> Any:
        console = Console(stderr=True)
        columns = (TextColumn("claims"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, disable=not shown, transient=True) as progress:
            task = progress.add_task("claims", total=None)
            yield lambda finished, all_: progress.update(task, completed=finished, total=all_)

    return running()


def _show(found: list[Any], lang: Lang) -> None:
    """Print the table of claims and how many of each verdict there are."""
    from collections import Counter

    from rich.console import Console
    from rich.table import Table

    from comity.present.i18n import pick, t
    from comity.present.numbers import plain
    from comity.registry.sizes import magnitude

    grid = Table(box=None, pad_edge=False, padding=(0, 1))
    for key in ("id", "verdict", "grade"):
        grid.add_column(t(f"claims.{key}", lang), no_wrap=True)
    for key in ("effect", "interval"):
        grid.add_column(t(f"claims.{key}", lang), justify="right", no_wrap=True)
    for key in ("column.unit", "aims.column_size"):
        grid.add_column(t(key, lang), overflow="fold", min_width=10)
    grid.add_column(t("claims.said", lang), overflow="fold", min_width=24)
    rows = [one.record() for one in found]
    for one, row in zip(found, rows, strict=True):
        given = row["effect"] is not None
        grid.add_row(
            row["id"],
            t(f"claims.verdict_{row['verdict']}", lang),
            row["grade"] or "",
            plain(row["effect"]) if given else "",
            f"{plain(row['low'])} … {plain(row['high'])}" if given else "",
            pick(one.claim.unit, lang) if given else "",
            magnitude(row["size"], lang) if row["size"] else "",
            one.claim.said[lang],
        )
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(grid)
    counts = Counter(row["verdict"] for row in rows)
    console.print(
        ", ".join(f"{t(f'claims.verdict_{word}', lang)} {n}" for word, n in counts.most_common())
    )
