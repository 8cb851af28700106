"""Command lines, good and bad, in many surroundings: each ends well or in one message.

    PYTHONPATH=tests python -m fuzz.commands docs/explanation/reliability.md [--lines 1000]

Ends are `done` (exit code 0), `missed` (1, where a command says that something fell short) and
`refused` (2, a message of a few lines that names what is wrong). Anything else is `broken`: an
exception, a message too long to read, a folder left behind by what was refused.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from typer.testing import CliRunner, Result

from comity.cli import main as command
from comity.core.errors import ComityError
from sections import put

SEED = 20261129
LONGEST = 40  # lines of a message
GOOD = {
    "scenario": ("as-is", "america-first", "tariff-wall", "usfk-cut"),
    "actor": ("JPN", "KOR", "USA", "Japan", "日本"),
    "strategies": ("steady", "steady,retaliate", "all", "steady,widen-cptpp"),
    "whole": ("1", "2", "7"),
    "year": ("2026", "2027"),
    "world": ("focus", "full"),
    "lang": ("en", "ja"),
    "name": ("trade", "tariff", "elasticity", "regret", "consumption.mean", "順位", "steady"),
    "table": ("states", "trade", "frameworks"),
    "quantity": ("growth", "gdp_share", "council_action"),
    "replication": ("cinc", "voting-power"),
    "dossier": ("tgd5-future-of-security", "tgd6-global-architecture"),
    "path": ("new", "run", "folder/new"),
}
BAD = (
    "", " ", "-1", "0", "1e9", "nan", "99999999999999999999", "2.5", "no-such", "steady,,steady",
    "../../etc", "a" * 300, "é", "\u202e", "{x}", "%s", "'; ls", "en_US", "*", "NULL", "JPN,",
)  # fmt: skip
COMMANDS: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {
    ("run",): (
        ("", "scenario"), ("--for", "actor"), ("--strategies", "strategies"),
        ("--futures", "whole"), ("--seed", "whole"), ("--horizon", "year"), ("--world", "world"),
        ("--chunk", "whole"), ("--out", "path"), ("--resume", "path"), ("--lang", "lang"),
        ("--json", ""),
    ),
    ("report",): (("", "path"),),
    ("list",): (),
    ("explain",): (("", "name"), ("--json", "")),
    ("trade",): (
        ("", "scenario"), ("--world", "world"), ("--model", "name"), ("--states", "actor"),
        ("--draws", "whole"), ("--seed", "whole"), ("--year", "year"), ("--out", "path"),
        ("--lang", "lang"), ("--list", ""), ("--json", ""),
    ),
    ("replicate",): (("--list", ""), ("", "replication"), ("--json", "")),
    ("backtest",): (("--quantity", "quantity"), ("--from", "year"), ("--quick", "")),
    ("data", "list"): (("", "table"), ("--json", "")),
    ("data", "cite"): (("", "table"),),
    ("data", "build"): (("--only", "table"), ("--out", "path")),
    ("data", "fetch"): (("", "table"),),
    ("claims", "check"): (
        ("", "dossier"), ("--claim", "name"), ("--futures", "whole"), ("--seed", "whole"),
        ("--lang", "lang"), ("--out", "path"),
    ),
    ("claims", "compare"): (("", "dossier"), ("", "dossier")),
    ("claims", "draft"): (("", "path"), ("--out", "path"), ("--date", "year")),
    ("no-such-command",): (("--x", "name"),),
}  # fmt: skip
# What is put into every line of a command, so that it ends soon.
SHORT = {
    ("run",): (("--futures", "2"), ("--horizon", "2026")),
    ("backtest",): (("--quantity", "gdp_share"), ("--quick", "")),
    ("replicate",): (("--list", ""),),
    ("claims", "check"): (("--claim", "C0012"),),
}
# What a line is called in; a home that cannot be written is a file where a folder should be.
SURROUNDINGS: tuple[dict[str, str], ...] = (
    {},
    {"COLUMNS": "40"},
    {"TZ": "Pacific/Kiritimati"},
    {"LANG": "ja_JP.UTF-8", "LC_ALL": "ja_JP.UTF-8"},
    {"LANG": "C", "LC_ALL": "C"},
    {"COMITY_DATA": "/no/such/folder"},
    {"COMITY_FACTS": ""},
    {"HOME": os.devnull, "COMITY_CACHE": f"{os.devnull}/cache"},
    {"NO_COLOR": "1", "TERM": "dumb"},
    {"COLUMNS": "not a number"},
)


@dataclass(frozen=True)
class Line:
    """A command line, what it is called in, and whether all that it says is in order."""

    words: tuple[str, ...]
    around: dict[str, str]


def line(seed: int, number: int) -> Line:
    """The same line for the same number. Good values are rare, so that few lines compute long."""
    luck = random.Random(f"{seed} {number}")
    name = luck.choice(list(COMMANDS))
    words = [*name]
    for option, kind in luck.sample(COMMANDS[name], luck.randint(0, len(COMMANDS[name]))):
        words += [option] if option else []
        if kind:
            words.append(luck.choice(GOOD[kind] if luck.random() < 0.55 else BAD))
    for option, value in SHORT.get(name, ()):
        if option not in words:
            words += [option, value] if value else [option]
    if luck.random() < 0.1:
        words.append(luck.choice(("--no-such", "--help", *BAD)))
    return Line(tuple(words), dict(luck.choice(SURROUNDINGS)))


def carried_out(one: Line, folder: Path) -> Result:
    """The line in a folder, with what `main` does about errors that have a message."""
    runner = CliRunner()
    here = os.getcwd()
    os.chdir(folder)
    try:
        with patch.dict(os.environ, one.around):
            return runner.invoke(command.app, list(one.words))
    finally:
        os.chdir(here)


def ended(one: Line, result: Result, before: set[str], after: set[str]) -> tuple[str, str]:
    """``done``, ``missed``, ``refused`` or ``broken``, and what is wrong with the last."""
    error = result.exception
    if isinstance(error, ComityError):
        code, said = error.exit_code, str(error)
    elif isinstance(error, OSError):
        code, said = 2, command._trouble(error)
    elif error is not None and not isinstance(error, SystemExit):
        return "broken", f"{type(error).__name__}: {error}"
    else:
        code, said = result.exit_code, result.stderr
    if code in (0, 1):
        return ("done", "missed")[code], ""
    if code != 2 or not said.strip():
        return "broken", f"exit code {code}, said {said[:100]!r}"
    if said.count("\n") > LONGEST or "Traceback" in said:
        return "broken", f"a message of {said.count(chr(10))} lines"
    if after - before:
        return "broken", f"refused, and left {sorted(after - before)}"
    return "refused", ""


def tried(seed: int, numbers: range, folder: Path) -> Iterator[tuple[Line, str, str]]:
    """Each line, how it ended, and what is wrong with the broken ones."""
    for number in numbers:
        one = line(seed, number)
        before = {path.as_posix() for path in folder.rglob("*")}
        result = carried_out(one, folder)
        after = {path.as_posix() for path in folder.rglob("*")}
        yield one, *ended(one, result, before, after)


def section(counts: Counter[tuple[str, str]], seconds: float) -> str:
    """The section of the page."""
    ends = ("done", "missed", "refused", "broken")
    rows = sorted({name for name, _ in counts})
    lines = [
        f"| {row} | {sum(counts[row, end] for end in ends)} | "
        + " | ".join(str(counts[row, end]) for end in ends)
        + " |"
        for row in rows
    ]
    total = [sum(counts[row, end] for row in rows) for end in ends]
    return "\n".join(
        (
            "## Command lines",
            "",
            "Lines with good, bad and odd values, in odd surroundings (40 columns, time zones "
            f"and locales, no terminal, no home, no data). `refused` is exit code 2 with a message "
            f"of at most {LONGEST} lines and nothing left behind; `missed` is exit code 1, where a "
            f"command says that a number fell short; `broken` is anything else. Seed {SEED}; "
            f"{seconds / 60:.0f} minutes of CPU time.",
            "",
            f"| command | lines | {' | '.join(ends)} |",
            "|---|---:|---:|---:|---:|---:|",
            *lines,
            f"| all | {sum(total):,} | {' | '.join(map(str, total))} |",
        )
    )


def main() -> int:
    """Run the campaign and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    begun, counts, broken = time.process_time(), Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for done, (one, end, why) in enumerate(
            tried(asked.seed, range(asked.lines), Path(folder)), start=1
        ):
            name = " ".join(one.words[: 2 if one.words[0] in ("data", "claims") else 1])
            counts[name, end] += 1
            if end == "broken":
                broken += 1
                print(f"{done - 1}: {one.words} in {one.around}: {why}", flush=True)
            if done % 100 == 0:
                print(f"{done} lines", file=sys.stderr, flush=True)
    put(asked.page, "commands", section(counts, time.process_time() - begun))
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
