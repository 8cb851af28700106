"""``comity learn``: what would settle a contested sentence, and what it would be worth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli.console import say_json
from comity.core.errors import BadInput
from comity.core.words import Lang, language

if TYPE_CHECKING:
    from comity.claims.learn.answers import Answer

WIDTH = 112  # of piped output, which has no width of its own


def learn(
    question: Annotated[
        str, typer.Argument(help="Name of a question; --list has them.", show_default=False)
    ] = "",
    all_: Annotated[bool, typer.Option("--all", help="Every question.")] = False,
    futures: Annotated[
        int, typer.Option(help="Futures of the runs that say what knowing is worth.")
    ] = 200,
    seed: Annotated[int, typer.Option(help="Seed of these runs.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    agenda: Annotated[
        Path | None, typer.Option(help="Write the research agenda, Markdown, to this file.")
    ] = None,
    lang: Annotated[str, typer.Option(help="en or ja.")] = "en",
    list_: Annotated[bool, typer.Option("--list", help="List the questions and stop.")] = False,
) -> None:
    """What would settle a contested sentence: years, designs, and what knowing it is worth."""
    from comity.claims.learn.answers import every
    from comity.claims.learn.decision import PACKAGE
    from comity.claims.learn.questions import question as named
    from comity.claims.learn.questions import questions
    from comity.core.words import words
    from comity.judge.sensitivity import TOO_FEW

    tongue = language(lang, "--lang")
    if list_:
        for name in questions():
            typer.echo(f"{name:26} {words(PACKAGE)[f'question.{name}.sentence'][tongue]}")
        return
    whole = all_ or agenda is not None
    if whole and question:
        raise BadInput("one question is named, and all of them too", fix="leave out one of the two")
    if not whole and not question:
        names = ", ".join(questions())
        raise BadInput("name one question, or all of them", fix=f"--all, or one of {names}")
    if agenda is not None and futures < TOO_FEW:
        raise BadInput(
            f"{futures} futures are too few to rank by what knowing is worth",
            fix=f"use {TOO_FEW} or more",
        )
    if agenda is not None and not agenda.parent.is_dir():
        raise BadInput(f"there is no folder {agenda.parent}", fix="make it first")
    asked = list(questions().values()) if whole else [named(question)]
    with _status(not as_json) as tick:
        found = every(asked, futures, seed, tick)
    if agenda is not None:
        from comity.claims.learn.agenda import page
        from comity.core.whole import write_text

        write_text(agenda, page(found, futures, tongue))
    if as_json:
        return say_json({"questions": [one.record() for one in found]})
    if agenda is not None:
        return typer.echo(f"Agenda: {agenda}")
    show(found, futures, tongue)


def show(found: list[Answer], futures: int, lang: Lang) -> None:
    """Print what is known of each question, a line a part."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from comity.claims.learn.decision import PACKAGE
    from comity.claims.learn.said import heading, lines, sentence
    from comity.core.words import say, words

    out = Console(width=None if sys.stdout.isatty() else WIDTH)
    for answer in found:
        out.print(Text(f"{answer.question.name}: {sentence(answer, lang)}", style="bold"))
        grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for part, text in lines(answer, lang):
            grid.add_row(Text(f"  {heading(part, lang)}"), Text(text))
        out.print(grid)
        out.print()
    out.print(Text(say(words(PACKAGE)["said.rule"], lang, futures=futures)))


def _status(shown: bool):
    """What is being run, on the error stream; nothing where none is wanted."""
    from contextlib import contextmanager

    from rich.console import Console

    @contextmanager
    def running():
        console = Console(stderr=True, quiet=not shown)
        with console.status("Putting the world together") as status:
            yield lambda finished, all_: status.update(f"Run {finished + 1} of {all_}")

    return running()
