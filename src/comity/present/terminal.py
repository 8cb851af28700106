"""The ranking as a table for the terminal, with intervals, in either language."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from comity.present import aims_in_words, frames, information, lead, links, words
from comity.present.folder import Folder
from comity.present.i18n import Lang, pick, t
from comity.present.numbers import NO_FIGURE, fine, interval, number, share, shown, spread

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH = 100
HEADING = 18  # letters in a line of a heading that holds the title of a strategy


def show(folder: Folder, lang: Lang = "en", console: Console | None = None) -> None:
    """Print what the report leads with, then ranking, aims, finding, failed futures of a run."""
    from rich.console import Console

    # Piped output has no width of its own; 80 columns would cut the intervals.
    out = console or Console(width=None if sys.stdout.isatty() else WIDTH)
    if folder.aims:
        out.print(lead.sentence(folder, lang), markup=False, highlight=False)
    out.print(table(folder, lang))
    for card in aims_in_words.tables(folder, lang, out.width):
        out.print(card)
    for sentence in aims_in_words.sentences(folder, lang):
        out.print(sentence, markup=False, highlight=False)
    show_weights(folder, lang, out)
    for sentence in words.finding(folder, lang):
        out.print(sentence, markup=False, highlight=False)
    for sentence in information.lines(folder, lang):
        out.print(sentence, markup=False, highlight=False)
    failed = folder.run["failed_futures"]
    if failed:
        out.print(
            t("terminal.failed", lang, failed=failed, futures=folder.run["futures"]), markup=False
        )


def show_weights(folder: Folder, lang: Lang = "en", console: Console | None = None) -> None:
    """Print regret under the weights that a user named, where any were."""
    from rich.console import Console

    made = aims_in_words.regret(folder, lang)
    if made is not None:
        out = console or Console(width=None if sys.stdout.isatty() else WIDTH)
        out.print(made)


def table(folder: Folder, lang: Lang) -> RenderableType:
    """Rank, strategy, mean, 5-95 % range, regret, satisficing and paired difference."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    frame, first = frames.ranking(folder), folder.strategies[0]
    measure = folder.objective
    made = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title_justify="left",
        caption_justify="left",
        title=Text(
            t(
                "terminal.title",
                lang,
                scenario=pick(folder.run["scenario"]["title"], lang),
                actor=folder.inside(lang),
            )
        ),
        caption=Text(
            t(
                "terminal.measure",
                lang,
                measure=folder.label(measure["name"], lang),
                unit=pick(measure["unit"], lang),
                first=folder.strategy(first, lang),
            )
            + words.shared(folder, lang)
        ),
    )
    against = t("word.against_of", lang, first=folder.strategy(first, lang))
    keys = ("rank", "strategy", "mean", "range", "regret", "met")
    headings = {key: t(f"terminal.{key}", lang) for key in keys} | {"against": against}
    for key, heading in headings.items():
        made.add_column(
            Text(textwrap.fill(heading, HEADING)),
            no_wrap=key != "strategy",
            overflow="fold",
            min_width=16 if key == "strategy" else None,
            justify="left" if key == "strategy" else "right",
        )
    for row in frame.to_dict(orient="records"):
        places = fine([row[key] for key in ("mean", "p5", "p25", "p75", "p95")])
        cells = [
            number(row["rank"], 0),
            folder.strategy(row["strategy"], lang),
            *level(folder, row, places, lang),
            shown(row["regret_mean"], places),
            share(row["satisficing_share"]),
            difference(folder, row["strategy"], first, lang),
        ]
        made.add_row(*(Text(cell) for cell in cells))
    return made


def level(folder: Folder, row: dict, places: int, lang: Lang) -> tuple[str, str]:
    """Mean and range of a strategy; that there is no link where nothing moves the measure."""
    if links.still(folder, row):
        return t("terminal.no_link", lang), NO_FIGURE
    return shown(row["mean"], places), interval(row["p5"], row["p95"], places)


def difference(folder: Folder, strategy: str, first: str, lang: Lang) -> str:
    """Write the paired difference from the first strategy with its interval."""
    row = frames.pair(folder, strategy, first)
    if row is None or row["mean"] != row["mean"]:
        return NO_FIGURE
    if not links.told_apart(folder, strategy, first):
        return t("terminal.no_link", lang)
    if frames.is_same(row, words.least(folder)):
        return t("terminal.same", lang)
    text = spread(row["mean"], row["low"], row["high"], sign=True)
    noise = t("terminal.noise", lang) if row["low"] <= 0 <= row["high"] else ""
    return f"{text}{noise}"
