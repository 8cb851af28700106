"""Do the verdicts hold over seeds? ``python -m comity.claims.stability PAGE`` writes the answer.

A verdict that seeds do not share is printed as mixed, whatever the first of them says.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from comity.claims.check import FUTURES, Checked, check
from comity.claims.dossier import library_names, load

SEEDS = (1, 2, 3, 4, 5)
STABLE = 0.98


def over_seeds(futures: int = FUTURES, seeds: Sequence[int] = SEEDS) -> list[list[Checked]]:
    """Every claim that ships, checked once with each seed."""
    dossiers = [load(name) for name in library_names()]
    return [check(dossiers, futures, seed) for seed in seeds]


def unstable(runs: Sequence[Sequence[Checked]]) -> dict[str, list[str]]:
    """Claims whose verdict differs between seeds, with the verdict of each."""
    words = {one.claim.id: [one.word] for one in runs[0]}
    for run in runs[1:]:
        for one in run:
            words[one.claim.id].append(one.word)
    return {key: said for key, said in words.items() if len(set(said)) > 1}


def settled_word(one: Checked, changed: dict[str, list[str]]) -> str:
    """The verdict of all seeds: the first's where they agree, else mixed."""
    return "mixed" if one.claim.id in changed else one.word


def page(runs: Sequence[Sequence[Checked]], futures: int, seconds: float) -> str:
    """The figures as a page in Markdown."""
    changed = unstable(runs)
    first = runs[0]
    share = 1.0 - len(changed) / len(first)
    counts = Counter(settled_word(one, changed) for one in first)
    lines = [
        "# Claims: verdicts and whether they hold over seeds",
        "",
        "Written by `make verify`; the rules stand in [the explanation](../explanation/claims.md).",
        "",
        f"{len(first)} claims, {len(runs)} seeds, {futures} futures an arm, {seconds:.0f} s. "
        f"The verdict is the same with every seed for {share:.1%} of claims "
        f"({'at least' if share >= STABLE else 'LESS THAN'} {STABLE:.0%} is asked for).",
        "",
        ", ".join(f"{word} {n}" for word, n in counts.most_common()) + ".",
        "",
        "A change of a pair or state is its excess over the same change of all others; the effect "
        "of a basket is the share of signs for less the share against.",
        "",
        "| claim | route | verdict | grade | effect | 90 % interval | seeds | placebo |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in first:
        if one.verdict is None:
            continue
        v = one.verdict
        others = ", ".join(changed.get(one.claim.id, [])) or "same"
        lines.append(
            f"| {one.claim.id} {one.claim.said['en']} | {one.claim.route} | "
            f"{settled_word(one, changed)} | "
            f"{one.grade} | {v.effect:.3g} {one.claim.unit['en']} | {v.low:.3g} to {v.high:.3g} | "
            f"{others} | {one.placebo['en']} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Check with every seed, write the page; exit code 1 where too many verdicts differ."""
    started = time.perf_counter()
    runs = over_seeds()
    text = page(runs, FUTURES, time.perf_counter() - started)
    Path(sys.argv[1]).write_text(text, encoding="utf-8", newline="\n")
    sys.exit(int(1.0 - len(unstable(runs)) / len(runs[0]) < STABLE))


if __name__ == "__main__":
    main()
