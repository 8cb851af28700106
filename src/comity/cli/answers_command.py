"""``comity answers``: every strategy of each side against every other's, read as a game."""

from __future__ import annotations

from typing import Annotated

import typer

from comity.cli.console import say_json
from comity.cli.run_command import bar
from comity.core.words import language, say

FUTURES = 200


def answers(
    scenario: Annotated[
        str, typer.Argument(help="Name in the library or a YAML file; several with + between.")
    ] = "america-first",
    actor: Annotated[str, typer.Option("--for", help="First side.")] = "JPN",
    against: Annotated[
        str, typer.Option(help="States that answer, with commas, as CHN,USA.")
    ] = "USA,CHN",
    strategies: Annotated[
        list[str] | None,
        typer.Option(
            help="Strategies of a side, as CHN:steady,build-up or CHN:all; without a state those "
            "of the first. May be given again. Its default where none are named."
        ),
    ] = None,
    aims: Annotated[
        list[str] | None,
        typer.Option(
            help="What sides play for, as economy=2,security=1 for all or CHN:economy=1 for one; "
            "may be given again. One aim each where none are named."
        ),
    ] = None,
    futures: Annotated[int, typer.Option(help="How many futures.")] = FUTURES,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    horizon: Annotated[int | None, typer.Option(help="Last year.")] = None,
    world: Annotated[str, typer.Option(help="focus or full.")] = "focus",
    own: Annotated[
        list[str] | None,
        typer.Option("--set", help="A number of the model as you see it: trade.elasticity=4."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say rows and minutes, and stop.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    lang: Annotated[str, typer.Option(help="en or ja, for what is printed.")] = "en",
) -> None:
    """Play every strategy of each side against every other's and read the game; no forecast."""
    from rich.console import Console

    tongue = language(lang, "--lang")
    console = Console(stderr=True)
    with console.status("Putting the world together"):
        from comity.face.answers import answered, asked
        from comity.judge.game_said import show

        question = asked(
            scenario,
            actor,
            against.split(","),
            tuple(strategies or ()),
            tuple(aims or ()),
            futures,
            seed,
            horizon,
            world,
            tuple(own or ()),
        )
    cost = question.cost
    if dry_run and as_json:
        return say_json(cost.record())
    typer.echo(cost.said("cost.answers")[tongue], err=not dry_run)
    if dry_run:
        return
    with bar(console) as tick:
        record = answered(question, tick)
    if as_json:
        return say_json(record)
    for held in question.lab.ensemble.held:
        typer.echo(say(held, tongue), err=True)
    show(record, tongue)
