"""``comity replicate``: run published studies again and compare number by number."""

from __future__ import annotations

import math
import os
import time
from typing import Annotated

import typer

from comity.cli.console import say_json
from comity.core.errors import BadInput, DataMissing
from comity.evidence.replications.base import Check, Outcome, Replication
from comity.evidence.replications.catalogue import REPLICATIONS

SKIPPED = "needs raw data: COMITY_DATA is not set"


def replicate(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all when none.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List them and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Run replications: published value, ours, gap; exit code 1 where one falls short."""
    chosen = choose(names or [], REPLICATIONS)
    if list_:
        return say_json(_listing(chosen)) if as_json else typer.echo(_as_list(chosen))
    outcomes = [carry_out(one, bool(os.environ.get("COMITY_DATA"))) for one in chosen]
    if as_json:
        say_json(as_document(outcomes))
    else:
        _show(outcomes)
    if any(outcome.ok is False for outcome in outcomes):
        raise typer.Exit(1)


def choose(names: list[str], known: tuple[Replication, ...]) -> list[Replication]:
    """Return those of the known replications that are named, all when none is.

    Raises
    ------
    BadInput
        When a name is not known; the message has the nearest ones.
    """
    from difflib import get_close_matches

    by_name = {one.name: one for one in known}
    for name in names:
        if name not in by_name:
            near = get_close_matches(name, by_name, n=3, cutoff=0.4) or sorted(by_name)
            raise BadInput(
                f"there is no replication called {name!r}",
                fix=f"did you mean {' or '.join(near)}? `comity replicate --list` shows all",
            )
    return [by_name[name] for name in dict.fromkeys(names)] or list(known)


def carry_out(one: Replication, have_data: bool) -> Outcome:
    """Run a replication, or say why it was skipped: its data or a package are not there."""
    from importlib.util import find_spec

    if one.needs_data and not have_data:
        return Outcome(one.name, (), 0.0, SKIPPED)
    if one.package and find_spec(one.package) is None:
        return Outcome(one.name, (), 0.0, f"needs the package {one.package}")
    start = time.perf_counter()
    try:
        checks = tuple(one.run())
    except DataMissing as error:
        return Outcome(one.name, (), time.perf_counter() - start, str(error))
    return Outcome(one.name, checks, time.perf_counter() - start)


def as_document(outcomes: list[Outcome]) -> dict[str, list[dict[str, object]]]:
    """Return outcomes as the JSON document of ``--json``; a number that is none is null."""
    found = []
    for outcome in outcomes:
        entry: dict[str, object] = {
            "name": outcome.name,
            "pass": outcome.ok,
            "checks": [_entry(check) for check in outcome.checks],
            "seconds": round(outcome.seconds, 3),
        }
        if outcome.skipped:
            entry["skipped"] = outcome.skipped
        found.append(entry)
    return {"replications": found}


def _entry(check: Check) -> dict[str, object]:
    return {
        "what": check.what,
        "published": check.published,
        "ours": check.ours if math.isfinite(check.ours) else None,
        "tolerance": check.tolerance,
        "pass": check.ok,
    }


def _listing(chosen: list[Replication]) -> dict[str, list[dict[str, object]]]:
    return {
        "replications": [
            {"name": r.name, "title": r.title, "paper": r.paper, "needs_data": r.needs_data}
            for r in chosen
        ]
    }


def _as_list(chosen: list[Replication]) -> str:
    width = max(len(r.name) for r in chosen)
    return "\n".join(
        f"{r.name:{width}} {r.title} ({r.paper})" + (", needs COMITY_DATA" if r.needs_data else "")
        for r in chosen
    )


def _show(outcomes: list[Outcome]) -> None:
    """Print one table a replication."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for outcome in outcomes:
        if outcome.skipped:
            console.print(f"{outcome.name}: skipped ({outcome.skipped})", highlight=False)
            continue
        verdict = "pass" if outcome.ok else "FALLS SHORT"
        table = Table(
            title=f"{outcome.name}: {verdict}, {outcome.seconds:.1f} s", title_justify="left"
        )
        table.add_column("what", overflow="fold")
        for name in ("published", "ours", "gap", "tolerance", ""):
            table.add_column(name, justify="right")
        for c in outcome.checks:
            numbers = [c.published, c.ours, c.gap, c.tolerance]
            table.add_row(c.what, *(_number(n) for n in numbers), _verdict(c))
        console.print(table)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e3 else f"{value:.4g}"


def _verdict(check: Check) -> str:
    if check.ok:
        return "pass"
    return "OFF, stated" if check.stated else "OFF"
