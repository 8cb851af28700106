"""The scoreboard as tables for the documentation.

``python -m comity.evidence.hindcasts.scoreboard FILE`` writes them anew between the file's markers.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from comity.evidence.backtest import (
    HORIZON,
    Score,
    Verdict,
    result,
    score,
    scoreable,
    strongest,
    windows,
)
from comity.evidence.hindcasts.quantities import QUANTITIES

START, END = "<!-- scores -->\n", "<!-- end of scores -->\n"
MAIN = ("crps", "log")  # the score by which the strongest baseline is picked
BEST = (
    "quantity",
    "from",
    "score",
    "ours",
    "strongest baseline",
    "its score",
    "95 % of difference",
    "beaten?",
    "90 % intervals held: small / middle / large",
)
EVERY = (
    "quantity",
    "from",
    "to",
    "n",
    "score",
    "ours",
    "baseline",
    "its score",
    "95 % of difference",
    "ours is",
)
WORDS = {"better": "yes", "even": "not surely", "worse": "**no, worse**"}


def everything() -> tuple[list[Verdict], pd.DataFrame]:
    """Return all verdicts, and the table of what can be scored when."""
    verdicts, tables = [], []
    for maker in QUANTITIES.values():
        one = maker()
        figures = one.tables()
        can = scoreable(one, figures, windows(one, figures))
        tables.append(can)
        verdicts += [score(one, figures, int(window)) for window in can.window]
    return verdicts, pd.concat(tables, ignore_index=True)


def page(verdicts: list[Verdict], can: pd.DataFrame) -> str:
    """Return the three tables: what can be scored, against the strongest, against all."""
    years = [
        f"| {q} | {w} | {a}-{b} | {b - w if b - w < HORIZON else 'all'} |"
        for q, w, a, b in can.itertuples(index=False)
    ]
    best = [_headline(one) for one in verdicts]
    rows = [_row(row) for one in verdicts for row in one.scores]
    return "\n".join(
        (
            _table("What can be scored", ("quantity", "from", "years scored", "of ten"), years),
            _table("Against the strongest baseline", BEST, best),
            _table("Against every baseline", EVERY, rows),
        )
    )


def _table(title: str, headings: tuple[str, ...], lines: list[str]) -> str:
    rule = "|---" * len(headings) + "|"
    return "\n".join((f"### {title}", "", f"| {' | '.join(headings)} |", rule, *lines, ""))


def _headline(one: Verdict) -> str:
    kind = next(kind for kind in MAIN if any(row.score == kind for row in one.scores))
    row = strongest(one, kind)
    held = (
        "-"
        if one.terciles is None
        else (
            " / ".join(f"{100 * share:.0f}" for share in one.terciles)
            + ("" if one.covered else " (outside 80-97)")
        )
    )
    return (
        f"| {row.quantity} | {row.window} | {kind} | {row.ours:.3g} | {row.baseline_name} "
        f"| {row.baseline:.3g} | {row.low:.3g} to {row.high:.3g} | {WORDS[result(row)]} "
        f"| {held} |"
    )


def _row(row: Score) -> str:
    return (
        f"| {row.quantity} | {row.window} | {row.last_year} | {row.n} | {row.score} | "
        f"{row.ours:.3g} | {row.baseline_name} | {row.baseline:.3g} | "
        f"{row.low:.3g} to {row.high:.3g} | {result(row)} |"
    )


def rewrite(file: Path) -> None:
    """Replace what lies between the markers of a page by today's tables."""
    text = file.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    file.write_text(f"{before}{START}\n{page(*everything())}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
