"""``comity trade``: ask what a trade shock does, from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli.console import say_json
from comity.core.errors import BadInput
from comity.core.whole import check_folder
from comity.core.words import Lang, language

if TYPE_CHECKING:
    from comity.trade.result import Result

WIDTH = 112  # of piped output, which has no width of its own
PRINTED = ("consumption", "terms_of_trade", "exports", "imports", "exposure")


def trade(
    scenario: Annotated[
        str, typer.Argument(help="Name in the library, or a YAML file; a scenario asks one year.")
    ] = "",
    world: Annotated[str, typer.Option(help="focus (about 50 entities) or full.")] = "focus",
    model: Annotated[str, typer.Option(help="one-sector, or sectors (nine).")] = "one-sector",
    states: Annotated[
        str | None, typer.Option(help="States to show and keep apart, with commas.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of the numbers; 0 = central only.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    year: Annotated[int | None, typer.Option(help="Year, for a scenario.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for page, JSON and CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    lang: Annotated[str, typer.Option(help="en or ja.")] = "en",
    list_: Annotated[bool, typer.Option("--list", help="List the library and stop.")] = False,
) -> None:
    """Effects of a trade shock on every state: welfare, terms of trade, flows, exposure."""
    if out is not None:
        check_folder(out)
    tongue = language(lang, "--lang")
    from comity.core.words import words
    from comity.scenarios.large import large_fractions
    from comity.trade.files import cases, levers, load

    if list_:
        for name in cases():
            typer.echo(f"{name:20} {load(name).title[tongue]}")
        return
    if not scenario:
        raise BadInput("no trade file named", fix=f"name one of {', '.join(cases())} or a file")
    from comity.trade.solve import run

    case = load(scenario, year)
    said = large_fractions(case.moves, (), (), levers(), tongue)
    if said:
        heading = words("comity.scenarios")["large.heading"][tongue]
        typer.echo("\n  ".join((heading, *said)), err=True)
    shown = [state.strip() for state in states.split(",") if state.strip()] if states else []
    found = run(case, world, model, draws, seed, shown)
    page = found.write(out, shown, tongue) if out else None
    if as_json:
        say_json(found.document(shown))
    else:
        show(found, shown, tongue)
        if page:
            typer.echo(f"Page: {page}")
    if not found.converged:
        raise typer.Exit(1)


def show(found: Result, states: list[str], lang: Lang) -> None:
    """Print the table of a result."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from comity.present.i18n import t
    from comity.present.numbers import NO_FIGURE, number
    from comity.present.trade_page import HEADINGS, folder_of
    from comity.registry.sizes import in_words, rule

    names = folder_of(found.document(states))
    out = Console(width=None if sys.stdout.isatty() else WIDTH)
    made = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title=Text(found.case.title[lang]),
        title_justify="left",
    )
    frame = found.table(states)
    shown = [c for c in PRINTED if frame[c].notna().any()] or ["consumption"]
    made.add_column(Text(t("shock.state", lang)))
    for column in shown:
        made.add_column(Text(t(HEADINGS[str(column)], lang)), justify="right", overflow="fold")
        if column == "consumption":
            made.add_column(Text("5–95%"), justify="right", no_wrap=True)
            made.add_column(Text(t("aims.column_size", lang)), overflow="fold")
    for state, row in frame.to_dict("index").items():
        cells = [names.state(str(state), lang)]
        for column in shown:
            cells.append(number(row[column], 2, sign=column != "exposure"))
            if column == "consumption":
                low, high = (number(row[side], 2, sign=True) for side in ("low", "high"))
                cells.append(NO_FIGURE if low == NO_FIGURE else f"{low}…{high}")
                size = found.sizes.get(str(state))
                cells.append(in_words(size.record() if size else None, lang))
        made.add_row(*(Text(cell) for cell in cells))
    out.print(made)
    if not found.converged:
        out.print(t("shock.unsolved", lang), markup=False)
    for note in found.case.notes:
        out.print(note[lang], markup=False, highlight=False)
    if found.failed:
        out.print(t("shock.failed", lang, failed=found.failed), markup=False)
    if found.sizes:
        out.print(rule(lang), markup=False, highlight=False)
    if found.walls:
        out.print(t("shock.flatters", lang), markup=False, highlight=False)
    out.print(t("shock.limit_general", lang), markup=False, highlight=False)
