"""``comity backtest``: forecast from past years, score what came, print wins and losses alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from typing import Annotated

import typer

from comity.cli.console import say_json
from comity.core.errors import BadInput, DataMissing
from comity.evidence.backtest import (
    BAR,
    DRAWS,
    Quantity,
    Score,
    Verdict,
    result,
    score,
    scoreable,
    windows,
)
from comity.evidence.hindcasts.quantities import QUANTITIES

EARLIEST = 1985  # Before it, growth and trade have no earlier forecasts to learn their errors from.
QUICK_WINDOWS = (2000,)
QUICK_DRAWS = 200
THIRDS = ("small", "middle", "large")
WIDTH = 112  # of a table; piped output has no width of its own
HEADINGS = (
    "from",
    "to",
    "n",
    "score",
    "ours",
    "against",
    "theirs",
    "95 % of difference",
    "ours is",
)
LEFT = ("score", "against", "ours is")


def backtest(
    from_: Annotated[int | None, typer.Option("--from", help="Window: last year known.")] = None,
    quantity: Annotated[
        list[str] | None, typer.Option(help="Which, by name; may be repeated. All when none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    quick: Annotated[bool, typer.Option(help="One window, fewer draws.")] = False,
) -> None:
    """Score forecasts from past years; exit code 1 where a coverage that we claim is missed."""
    makers = choose(quantity or [])
    if from_ is not None and from_ < EARLIEST:
        raise BadInput(
            f"--from {from_} is too early",
            fix=f"use {EARLIEST} or later",
            why="too few decades before it to learn from",
        )
    chosen = (from_,) if from_ is not None else QUICK_WINDOWS if quick else None
    verdicts = list(_run(makers, chosen, QUICK_DRAWS if quick else DRAWS))
    if as_json:
        say_json(as_document(verdicts))
    else:
        _show(verdicts)
    if any(one.claimed and one.covered is False for one in verdicts):
        raise typer.Exit(1)


def choose(
    names: list[str], known: Mapping[str, Callable[[], Quantity]] = QUANTITIES
) -> dict[str, Callable[[], Quantity]]:
    """Return the quantities of these names, all when none is given.

    Raises
    ------
    BadInput
        When a name is not known; the message has the nearest ones.
    """
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
            raise BadInput(
                f"there is no quantity called {name!r}", fix=f"did you mean {' or '.join(near)}?"
            )
    return {name: known[name] for name in dict.fromkeys(names)} or dict(known)


def _run(
    makers: Mapping[str, Callable[[], Quantity]], chosen: tuple[int, ...] | None, draws: int
) -> Iterator[Verdict]:
    """Score each quantity from each window that can be; say on standard error what cannot."""
    found, missing = 0, []
    for name, maker in makers.items():
        one = maker()
        try:
            tables = one.tables()
        except DataMissing as error:
            missing.append(error)
            typer.echo(f"{name}: not scored; {error}", err=True)
            continue
        wanted = windows(one, tables) if chosen is None else chosen
        can = scoreable(one, tables, wanted)
        for window in wanted:
            if window not in set(can.window):
                typer.echo(f"{name}: nothing to score after {window}", err=True)
                continue
            found += 1
            yield score(one, tables, window, draws)
    if not found and missing:
        raise missing[0]
    if not found:
        raise BadInput(
            f"nothing can be scored from {chosen}",
            why="the data end before",
            fix="choose an earlier year",
        )


def as_document(verdicts: list[Verdict]) -> dict[str, list[dict[str, object]]]:
    """Return scores as the JSON document of ``--json``; a number that is none is null."""
    return {"scores": [_entry(row) for one in verdicts for row in one.scores]}


def _entry(row: Score) -> dict[str, object]:
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in asdict(row).items()
    }


def _show(verdicts: list[Verdict]) -> None:
    """Print one table a quantity, and coverage by size."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console = Console(width=max(WIDTH, console.width))
    for name in dict.fromkeys(one.quantity for one in verdicts):
        mine = [one for one in verdicts if one.quantity == name]
        table = Table(title=f"{name}, {mine[0].unit}; smaller is better", title_justify="left")
        for heading in HEADINGS:
            table.add_column(heading, justify="left" if heading in LEFT else "right")
        for row in (row for one in mine for row in one.scores):
            table.add_row(
                str(row.window),
                str(row.last_year),
                f"{row.n:,}",
                row.score,
                f"{row.ours:.4g}",
                row.baseline_name,
                f"{row.baseline:.4g}",
                f"{row.low:.3g} to {row.high:.3g}",
                result(row),
            )
        console.print(table)
        for one in mine:
            if one.terciles is not None:
                console.print(_coverage(one), highlight=False)


def _coverage(one: Verdict) -> str:
    """Return a line on how often 90 % intervals held."""
    parts = [
        f"{third} {100 * share:.0f} %"
        for third, share in zip(THIRDS, one.terciles or (), strict=True)
    ]
    verdict = "within" if one.covered else "OUTSIDE"
    bar = f"{100 * BAR[0]:.0f}-{100 * BAR[1]:.0f} %"
    claim = "" if one.claimed else "; not claimed"
    return f"  from {one.window}, 90 % intervals held: {', '.join(parts)} ({verdict} {bar}{claim})"
