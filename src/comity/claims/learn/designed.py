"""Make the designs anew from raw data: ``python -m comity.claims.learn.designed``.

Writes ``designs.csv`` and ``points.csv`` beside this file; half a minute.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pandas as pd

from comity.evidence.estimates.designs import Design, every

DIGITS = "%.4g"
POINTS = ["name", "first", "second"]


def texts(designs: list[Design]) -> tuple[str, str]:
    """The two tables as they stand in the files: a row a design, and its points."""
    heads = pd.DataFrame(designs, columns=list(Design._fields)).drop(columns="points")
    points = pd.concat(
        [
            pd.DataFrame(one.points, columns=POINTS[1:]).assign(name=one.name)[POINTS]
            for one in designs
        ]
    )
    head, rest = (
        frame.to_csv(index=False, float_format=DIGITS, lineterminator="\n")
        for frame in (heads, points)
    )
    return head, rest


def main() -> None:
    """Write the files."""
    place = Path(str(resources.files(__package__ or "comity.claims.learn")))
    for name, text in zip(("designs.csv", "points.csv"), texts(every()), strict=True):
        (place / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
