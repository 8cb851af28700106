"""Many mutated documents in one process; the table goes to a section of a page.

    PYTHONPATH=tests python -m fuzz.campaign docs/explanation/reliability.md [--documents 20000]

Exit code 1 where a document ends in anything but a refusal with a place or a plan that compiles,
or where one with a planted fault is accepted.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fuzz.mutants import FOLDERS, Mutant, mutant
from fuzz.outcomes import outcome
from fuzz.planted import FAULTS, planted
from sections import put

SEED = 20261129
OFTEN = 1000  # documents between two lines of progress


@dataclass(frozen=True)
class Finding:
    """A document that did not end as it should: its number, what it was, what happened."""

    number: int
    made: Mutant
    said: str


def tried(number: int, made: Mutant) -> tuple[str, Finding | None]:
    """What became of a document: ``refused``, ``compiled`` or ``broken``, and why if broken."""
    try:
        found = outcome(made.kind, made.raw, number)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(last.filename).name}:{last.lineno}"
        return "broken", Finding(number, made, f"{type(error).__name__} at {at}: {error}")
    if found.fault:
        return "broken", Finding(number, made, found.fault)
    return found.what, None


def mutated(seed: int, numbers: Iterable[int]) -> Iterator[tuple[str, str, Finding | None]]:
    """Kind, end and finding of each mutated document."""
    for number in numbers:
        made = mutant(seed, number)
        yield made.kind, *tried(number, made)


def with_faults(seed: int, numbers: Iterable[int]) -> Iterator[tuple[str, str, Finding | None]]:
    """Fault, end and finding of each document with a planted fault, which must be refused."""
    for number in numbers:
        fault, made = planted(seed, number)
        what, finding = tried(number, made)
        if what == "compiled":
            finding = Finding(number, made, "accepted")
        yield fault, what, finding


def table(counts: Counter[tuple[str, str]], rows: Iterable[str], head: str) -> list[str]:
    """Rows of Markdown: how many there were, and how they ended."""
    ends = ("refused", "compiled", "broken")
    lines = [f"| {head} | documents | {' | '.join(ends)} |", "|---|---:|---:|---:|---:|"]
    for row in rows:
        each = [counts[row, end] for end in ends]
        lines.append(f"| {row} | {sum(each):,} | {' | '.join(f'{one:,}' for one in each)} |")
    whole = [sum(counts[row, end] for row in rows) for end in ends]
    total = " | ".join(f"{one:,}" for one in whole)
    return [*lines, f"| all | {sum(whole):,} | {total} |"]


def section(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]], seconds: float) -> str:
    """The section of the page."""
    text = f"""## Mutated documents

Shipped documents, made small, are broken by deleting, replacing, renaming, adding, swapping,
doubling, wrapping and grafting parts, by lines, specks, digits and cuts of the text, and by bytes.
Each ends as `refused` (every message has file, line and column), as `compiled` (a scenario,
strategy or trade file becomes a programme whose levers stand within their bounds at the ends of
every prior; the others are read whole), or as `broken`: an exception that is no message, a message
without a place, a lever out of bounds. Seed {SEED}; {seconds / 60:.0f} minutes of one core's time.
`make verify` tries 20,000, `make fuzz DOCUMENTS=100000` as many as are named.

"""
    kinds = table(one, FOLDERS, "kind")
    faults = table(other, FAULTS, "fault, put into a good scenario")
    return "\n".join(
        (
            text + "\n".join(kinds),
            "",
            "Into good scenarios one fault of a known kind is put at random; none may be accepted.",
            "",
            *faults,
        )
    )


def campaign(seed: int, documents: int) -> tuple[Counter, Counter, list[Finding]]:
    """Ends of the mutated documents and, one for ten of these, of those with planted faults."""
    counts: tuple[Counter, Counter] = (Counter(), Counter())
    findings = []
    many = range(documents)
    for one, ends in zip(
        counts, (mutated(seed, many), with_faults(seed, range(-(-documents // 10)))), strict=True
    ):
        for done, (row, what, finding) in enumerate(ends, start=1):
            one[row, what] += 1
            if finding:
                findings.append(finding)
                print(f"{finding.number}: {finding.made.kind} {finding.made.how}: {finding.said}")
            if done % OFTEN == 0:
                print(f"{done:,} documents", file=sys.stderr, flush=True)
    return *counts, findings


def main() -> int:
    """Run the campaign and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    warnings.simplefilter("error")
    begun = time.process_time()
    one, other, findings = campaign(asked.seed, asked.documents)
    put(asked.page, "fuzz", section(one, other, time.process_time() - begun))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
