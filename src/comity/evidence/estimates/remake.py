"""Every estimated number made anew from data and compared with the book it ships in.

``python -m comity.evidence.estimates.remake [FILE]`` prints the table (and writes it to the page),
and fails when a figure is off by more than half a unit of its last printed digit and the book does
not say why (``note``), or says so of a figure that holds.  Three minutes, most of them the
Council's bootstrap.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path

from comity.core.parameters import Parameter, book, every_book, printed
from comity.evidence.estimates import Figures

START, END = "<!-- numbers -->\n", "<!-- end of numbers -->\n"


@dataclass(frozen=True)
class Line:
    """One figure of an estimated number: as the book prints it, and as data give it.

    ``made`` is NaN where nothing makes the figure; ``note`` is the book's reason for a gap.
    """

    key: str
    figure: str
    book: Decimal
    made: float
    note: str = ""

    @property
    def gap(self) -> float:
        """Made less printed."""
        return self.made - float(self.book)

    @property
    def tolerance(self) -> float:
        """Half a unit of the last printed digit."""
        exponent = self.book.as_tuple().exponent
        assert isinstance(exponent, int), f"{self.key}: {self.book} is no number"
        return 0.5 * 10.0**exponent

    @property
    def holds(self) -> bool:
        """Whether what was made rounds to what is printed."""
        return abs(self.gap) <= self.tolerance * (1 + 1e-9)

    @property
    def in_order(self) -> bool:
        """Whether it holds, or the book says why not."""
        return self.holds != bool(self.note)


def estimated() -> dict[str, Parameter]:
    """Every estimated number that ships, by key."""
    every = (p for mechanism, file in every_book() for p in book(mechanism, file).values())
    return {p.key: p for p in every if p.status == "estimated"}


def makers() -> list[str]:
    """What makes them, each once, in the order of the books."""
    return list(dict.fromkeys(p.made_by for p in estimated().values()))


def call(made_by: str) -> Figures:
    """Make figures anew by the function that a book names."""
    module, name = made_by.split(":")
    return getattr(import_module(module), name)()


def compare(figures: Figures) -> list[Line]:
    """Compare figures with the books; a number without any figure gets a line for its value."""
    numbers = estimated()
    digits = {k: v for where in every_book() for k, v in printed(*where).items()}
    return [
        Line(key, figure, digits[key][figure], value, numbers[key].note.get(figure, ""))
        for key, made in figures.items()
        for figure, value in (made or {"value": float("nan")}).items()
    ]


def rows(lines: Iterable[Line]) -> list[str]:
    """The table for people, a row a figure."""
    head = ["| number | figure | book | re-made | gap | |", "|---|---|---|---|---|---|"]
    return head + [
        f"| {x.key} | {x.figure} | {x.book} "
        + (f"| {x.made:.4g} | {x.gap:+.1g} |" if x.made == x.made else "| not made | |")
        + f" {'' if x.holds else 'off' if not x.note else f'off: {x.note}'} |"
        for x in lines
    ]


def page(text: str, lines: list[Line]) -> str:
    """The page with its table between the markers written anew."""
    before, rest = text.split(START)
    off = sum(not x.holds for x in lines)
    table = [f"{len({x.key for x in lines})} numbers, {len(lines)} figures, {off} off.", ""]
    return before + START + "\n".join(table + rows(lines)) + "\n" + END + rest.split(END)[1]


def main(file: str | None) -> int:
    """Make everything anew; 1 when a figure is off without a reason."""
    lines = [line for made_by in makers() for line in compare(call(made_by))]
    print("\n".join(rows(lines)))
    if file:
        path = Path(file)
        path.write_text(page(path.read_text(encoding="utf-8"), lines), encoding="utf-8")
    wrong = [x for x in lines if not x.in_order]
    for x in wrong:
        print(f"{x.key}, {x.figure}: {'holds, though noted' if x.holds else 'off, no reason'}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
