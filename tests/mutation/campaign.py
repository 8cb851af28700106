"""Change the code in many small ways, one at a time, and see whether the tests notice.

    PYTHONPATH=tests python -m mutation.campaign docs/explanation/reliability.md [--mutants 300]

Needs ``coverage``. The quick suite runs once with the lines of every test kept; a mutant is then
met by the quick tests that ran its line, the shortest first, by those of the file named after its
own, and if they all pass by the replications that stand on its file and by the slow tests of the
files that the quick ones stand in, whole runs of the command line aside. It lives if nothing fails.
Works on copies.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from queue import Queue

from mutation.changes import FOLDERS, Change, all_changes, sample
from mutation.replications import standing_on
from sections import put

SEED = 20261129
LIMIT = 240  # seconds for the quick tests of a mutant; one that takes longer hangs: noticed
MOST = 25.0  # seconds of quick tests a mutant meets: a line that all run is met by the shortest
COPIED = ("src", "tests", "docs", "examples", "benchmarks", "tools", "locks")


@dataclass(frozen=True)
class Covered:
    """Quick tests that ran a line, by file and line, and the seconds of each test."""

    tests: dict[tuple[str, int], tuple[str, ...]]
    seconds: dict[str, float]

    def of(self, change: Change) -> list[str]:
        """Tests that ran one of its lines; those of the whole file where no test ran it."""
        lines = range(change.line, change.end_line + 1)
        ran = {test for line in lines for test in self.tests.get((change.file, line), ())}
        if not ran:  # the line runs when the file is imported
            ran = {t for (file, _), ts in self.tests.items() if file == change.file for t in ts}
        shortest = sorted(ran, key=lambda test: (self.seconds.get(test, 1.0), test))
        spent = accumulate(self.seconds.get(test, 1.0) for test in shortest)
        return [test for test, sum_ in zip(shortest, spent, strict=True) if sum_ <= MOST]


def copied(root: Path, target: Path) -> Path:
    """The repository without its history, environment and runs."""
    target.mkdir(parents=True)
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(
                root / name, target / name, ignore=shutil.ignore_patterns("__pycache__")
            )
    for path in root.iterdir():
        if path.is_file():
            shutil.copy(path, target / path.name)
    return target


def environment(root: Path) -> dict[str, str]:
    """Python finds the copy's package first."""
    return {**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root / 'tests'}"}


def measured(root: Path, folder: Path) -> Covered:
    """Run the quick suite once and keep which test ran which line."""
    data, times = folder / "coverage", folder / "seconds.json"
    if not times.exists():
        source = ",".join(str(root / "src" / "comity" / name) for name in FOLDERS)
        subprocess.run(
            [sys.executable, "-m", "coverage", "run", f"--data-file={data}", f"--source={source}",
             "-m", "pytest", "-q", "-p", "mutation.contexts", "-m", "not slow"],
            cwd=root,
            env={**environment(root), "MUTATION_SECONDS": str(times)},
            check=True,
        )  # fmt: skip
    import coverage

    kept = coverage.CoverageData(basename=str(data))
    kept.read()
    tests = {
        (Path(file).relative_to(root).as_posix(), line): tuple(t for t in names if t)
        for file in kept.measured_files()
        for line, names in kept.contexts_by_lineno(file).items()
    }
    seconds = json.loads(times.read_text(encoding="utf-8"))
    return Covered({key: names for key, names in tests.items() if names}, seconds)


def own_files(root: Path, change: Change) -> list[str]:
    """Test files named after the file of a change."""
    stem = Path(change.file).stem
    # Files of a mechanism have the same names in each; their tests are named after the mechanism.
    stem = Path(change.file).parent.name if stem in ("__init__", "fields", "measures") else stem
    return sorted(p.relative_to(root).as_posix() for p in root.glob(f"tests/*/test_{stem}*.py"))


def noticed(root: Path, change: Change, tests: list[str], slow: bool = True) -> tuple[bool, str]:
    """Whether a test fails with the change in place, and which or how."""
    path = root / change.file
    source = path.read_text(encoding="utf-8")
    files = sorted({test.partition("::")[0] for test in tests})
    near = [file for file in files if file.startswith(tuple(f"tests/{one}/" for one in FOLDERS))]
    own = own_files(root, change)
    rounds = [["-m", "not slow", *some] for some in (tests, own) if some]
    theirs = standing_on(root, change.file)
    rounds += [["-m", "slow", *some] for some in (theirs, near if slow else []) if some]
    try:
        path.write_text(change.applied(source), encoding="utf-8")
        for chosen in rounds:
            ended = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                 "--hypothesis-seed=0", *chosen],
                cwd=root,
                env=environment(root),
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )  # fmt: skip
            if "No module named pytest" in ended.stderr:
                raise RuntimeError("pytest is not there: nothing was tried, so nothing was noticed")
            if ended.returncode not in (0, 5):
                said = [
                    row for row in ended.stdout.splitlines() if row.startswith(("FAILED", "ERR"))
                ]
                return True, said[0].partition(" - ")[0] if said else "does not import"
    except subprocess.TimeoutExpired as late:
        # Slow tests may take so long; quick ones that take five times as long do not end.
        return ("slow" not in late.cmd, "does not end")
    finally:
        path.write_text(source, encoding="utf-8")
    return False, "no test fails" if rounds else "no test runs it"


def page(
    chosen: list[Change], ends: list[tuple[bool, str]], population: int, minutes: float
) -> str:
    """The section: shares by folder and by kind, and every mutant that lived."""
    killed = sum(end for end, _ in ends)
    rows = [
        "## Mutants",
        "",
        f"Of {population:,} small changes of the code in `{'`, `'.join(FOLDERS)}` (a sign, a "
        f"constant, a comparison, a branch, a function for its twin), {len(chosen)} were drawn "
        f"(seed {SEED}) and put in one at a time; the tests that run the line noticed {killed} "
        f"({100 * killed / len(chosen):.0f} %). {minutes:.0f} minutes; `make mutate` does it "
        "again.",
        "",
    ]
    folders = [one.file.split("/")[2] for one in chosen]
    for head, groups in (("folder", folders), ("change", [one.kind for one in chosen])):
        all_, dead = (
            Counter(groups),
            Counter(g for g, (end, _) in zip(groups, ends, strict=True) if end),
        )
        rows += [f"| {head} | mutants | noticed | share |", "|---|---:|---:|---:|"]
        rows += [
            f"| {g} | {all_[g]} | {dead[g]} | {100 * dead[g] / all_[g]:.0f} % |"
            for g in sorted(all_)
        ]
        rows += [""]
    rows += ["Those that lived:", "", "| where | before | after | why |", "|---|---|---|---|"]
    for one, (end, why) in sorted(zip(chosen, ends, strict=True), key=lambda pair: pair[0].file):
        if not end:
            cells = [
                " ".join(text.split()).replace("|", "\\|")[:70] for text in (one.before, one.after)
            ]
            rows.append(f"| {one.file[11:]}:{one.line} | `{cells[0]}` | `{cells[1]}` | {why} |")
    return "\n".join(rows)


def campaign(
    root: Path, folder: Path, many: int, workers: int, slow: bool, again: bool
) -> tuple[list[Change], list, int]:
    """Changes that were drawn, how each ended, and how many there are to draw from.

    What is known is kept in the folder line by line, so that a campaign that was stopped goes on;
    ``again``: those that lived meet the tests as they are now.
    """
    base = folder / "base"
    if again:
        shutil.rmtree(base / "tests")
        shutil.copytree(root / "tests", base / "tests")
    population = all_changes(base if base.exists() else root)
    chosen = sample(population, many, SEED)
    covered = measured(base if base.exists() else copied(root, base), folder)
    free: Queue[Path] = Queue()
    for number in range(workers):
        shutil.rmtree(folder / f"copy-{number}", ignore_errors=True)
        free.put(copied(base, folder / f"copy-{number}"))
    log = folder / "ends.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    known = {tuple(key): tuple(end) for key, end in map(json.loads, lines)}
    known = {key: end for key, end in known.items() if end[0] or not again}

    def one(change: Change) -> tuple[bool, str]:
        key = (change.file, change.line, change.column, change.kind, change.after)
        if key not in known:
            copy = free.get()
            try:
                known[key] = noticed(copy, change, covered.of(change), slow)
            finally:
                free.put(copy)
            with log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps([key, known[key]]) + "\n")
            print(
                f"{len(known)} of {len(chosen)}: {change.file}:{change.line} {known[key]}",
                flush=True,
            )
        return known[key]

    with ThreadPoolExecutor(workers) as pool:
        return chosen, list(pool.map(one, chosen)), len(population)


def main() -> int:
    """Run the campaign and write its section."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("page", type=Path)
    wanted.add_argument("--mutants", type=int, default=300)
    wanted.add_argument("--workers", type=int, default=2)
    wanted.add_argument("--folder", type=Path, help="where a stopped campaign is kept")
    wanted.add_argument(
        "--quick", action="store_true", help="without slow tests, replications aside"
    )
    wanted.add_argument("--again", action="store_true", help="try those that lived again")
    asked = wanted.parse_args()
    started = time.monotonic()
    root = Path(__file__).resolve().parents[2]
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="comity-mutants-"))
    chosen, ends, population = campaign(
        root, folder.resolve(), asked.mutants, asked.workers, not asked.quick, asked.again
    )
    put(asked.page, "mutants", page(chosen, ends, population, (time.monotonic() - started) / 60))
    return 0


if __name__ == "__main__":
    sys.exit(main())
