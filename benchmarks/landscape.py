"""Every alignment of 17, 18 and 20 states with its basin: seconds, and against bare energies.

    python benchmarks/landscape.py

Prints processor and wall time (the best of five), and how many times longer it is than one matrix
product over the same configurations, which no method that looks at each can do without. The budget
stands in docs/explanation/budgets.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from comity.models.force.landscape import configurations, landscape

COUNTS = (17, 18, 20)
REPEATS = 5


def best(work: Callable[[], object]) -> tuple[float, float]:
    """Least processor and least wall seconds of several calls."""
    times = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(cpu for cpu, _ in times), min(wall for _, wall in times)


def main() -> None:
    """Print one line for each number of states."""
    chance = np.random.default_rng(1)
    for count in COUNTS:
        size = chance.lognormal(0.0, 1.0, count)
        half = np.triu(chance.normal(size=(count, count)), 1)
        propensity = half + half.T
        camps = configurations(count).astype(float)
        cpu, wall = best(lambda size=size, p=propensity: landscape(size, p))
        bare, _ = best(lambda camps=camps, p=propensity: camps @ p)
        print(
            f"{count} states, {2 ** (count - 1):,} configurations: {cpu:.3f} s of processor, "
            f"{wall:.3f} s of wall, {cpu / bare:.0f} times one matrix product"
        )


if __name__ == "__main__":
    main()
