"""Runs stopped at random points: killed, on a full disk, damaged after; then finished.

    PYTHONPATH=tests python -m fuzz.stops docs/explanation/reliability.md [--stops 200]

Of ten stops five are kills, three meet a full disk and two are kills after which one file is
damaged. The folder is then resumed and compared, bit by bit, with a run that nobody stopped.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from comity.core.errors import ComityError
from fuzz.crashes import FullDisk, damage, finished, states, whole
from sections import put

SEED = 20261129
KINDS = ("killed",) * 5 + ("full disk",) * 3 + ("killed, then damaged",) * 2
ENDS = ("finished", "refused", "broken")


def campaign(place: Path, seed: int, stops: int) -> tuple[Counter[tuple[str, str]], int, list[str]]:
    """How each kind of stop ended, of how many points of a run, and what was broken."""
    lab, reference, seen = states(place)
    disk, luck = FullDisk(), random.Random(seed)
    counts: Counter[tuple[str, str]] = Counter()
    broken = []
    for number in range(stops):
        kind, folder, how = KINDS[number % len(KINDS)], place / "stopped", ""
        if kind == "full disk":
            try:
                with disk.after(luck.randrange(len(seen)), folder):
                    whole(lab, folder)
            except (OSError, ComityError) as error:
                how = str(error)
        else:
            left, how = luck.choice(seen)
            shutil.copytree(left, folder, symlinks=True)
            how += f", {damage(folder, luck)}" if kind.endswith("damaged") else ""
        end, why = finished(lab, folder, reference)
        counts[kind, end] += 1
        if end == "broken":
            broken.append(f"{number}: {kind}, {how}: {why}")
            print(broken[-1], flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        if number % 20 == 19:
            print(f"{number + 1} stops", file=sys.stderr, flush=True)
    return counts, len(seen), broken


def section(counts: Counter[tuple[str, str]], points: int, seconds: float) -> str:
    """The section of the page."""
    rows = [
        f"| {kind} | {sum(counts[kind, end] for end in ENDS)} | "
        + " | ".join(str(counts[kind, end]) for end in ENDS)
        + " |"
        for kind in dict.fromkeys(KINDS)
    ]
    return "\n".join(
        (
            "## Runs that were stopped",
            "",
            f"A run changes its folder {points} times. It is stopped at one of these points, "
            "drawn at random, and finished afterwards. `finished` has every chunk, and outcomes, "
            "draws and trajectories bit for bit as in a run that nobody stopped; `refused` is one "
            "message that names the damaged file; `broken` is anything else. "
            f"Seed {SEED}; {seconds / 60:.0f} minutes of CPU time.",
            "",
            f"| stop | runs | {' | '.join(ENDS)} |",
            "|---|---:|---:|---:|---:|",
            *rows,
        )
    )


def main() -> int:
    """Run the campaign and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--stops", type=int, default=200)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as place:
        counts, points, broken = campaign(Path(place), asked.seed, asked.stops)
    put(asked.page, "stops", section(counts, points, time.process_time() - begun))
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
