"""Make the estimates of claims anew from raw data: ``python -m comity.claims.estimated``.

Writes ``estimates.csv`` beside this file, four digits a figure; a minute.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pandas as pd

from comity.evidence.estimates.claim_effects import Effect, every

DIGITS = "%.4g"


def text(effects: list[Effect]) -> str:
    """The table as it stands in the file."""
    frame = pd.DataFrame(effects, columns=list(Effect._fields))
    return frame.to_csv(index=False, float_format=DIGITS, lineterminator="\n")


def main() -> None:
    """Write the file."""
    place = Path(str(resources.files("comity.claims"))) / "estimates.csv"
    place.write_text(text(every()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
