"""Futures per second, focus and full world, cold and warm; the engine's own cost; whole commands.

Prints rates and ratios of one run. Budgets stand in docs/explanation/budgets.md.

    python benchmarks/futures.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = {"focus": 2000, "full": 120}
STRATEGIES = ("steady", "retaliate", "widen-cptpp", "de-risk-china")


def rows_per_second(world: str) -> None:
    """One world in this process: seconds to compile, then rows a second (median of three)."""
    import numpy as np

    from comity.core import runtime
    from comity.engine.year import future
    from comity.study import ensemble as engine
    from comity.study import laboratory
    from comity.study.plan import Request

    count = ROWS[world]
    futures = count // (len(STRATEGIES) + 1)
    request = Request("america-first", "JPN", STRATEGIES, futures, 1, 2034, world)
    lab = laboratory.build(laboratory.plan_of(request))
    rows = engine.rows(lab.ensemble, engine.weights(lab.ensemble), 0, futures).row
    program = runtime.over_rows(lambda shared, row: future(shared, row).series["consumption"])
    started = time.perf_counter()
    program(lab.shared, rows).block_until_ready()
    first = time.perf_counter() - started
    times = []
    for _ in range(3):
        started = time.perf_counter()
        program(lab.shared, rows).block_until_ready()
        times.append(time.perf_counter() - started)
    rate = futures * (len(STRATEGIES) + 1) / float(np.median(times))
    print(
        f"{world}: {len(lab.shared.world.states)} entities, {len(lab.plan.years)} years, "
        f"equilibrium each year to 1e-10: {rate:,.0f} rows/s on {runtime.workers()} core(s); "
        f"first call {first:.1f} s",
        flush=True,
    )


def engine_overhead() -> None:
    """Cost of sending a row through the executor that does nothing, at 10,000 rows."""
    import jax.numpy as jnp
    import numpy as np

    from comity.study.executors import LocalExecutor

    rows = {"x": np.arange(10_000.0)}
    executor = LocalExecutor()
    shared = jnp.ones(())
    list(executor.map(lambda s, r: s * r["x"], shared, iter([rows])))
    times = []
    for _ in range(5):
        started = time.perf_counter()
        chunks = [rows] * 20
        list(executor.map(lambda s, r: s * r["x"], shared, iter(chunks)))
        times.append((time.perf_counter() - started) / (20 * 10_000))
    cost = 1e6 * float(np.median(times))
    print(
        f"engine: {cost:.2f} microseconds a row that does nothing "
        f"(EMA Workbench 69-89 an experiment: {70 / cost:.0f} times less)",
        flush=True,
    )


def command(label: str, cache: str, *arguments: str) -> None:
    """Wall time and memory of a whole command."""
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "import resource, subprocess, sys; "
            "subprocess.run(sys.argv[1:], check=True, capture_output=True); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
        )
        started = time.perf_counter()
        words = [sys.executable, "-c", code, sys.executable, "-m", "comity", *arguments]
        if arguments[0] == "run":
            words += ["--out", str(Path(folder) / "run")]
        done = subprocess.run(
            words,
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"COMITY_CACHE": cache},
        )
        seconds = time.perf_counter() - started
    print(f"{label}: {seconds:.1f} s, {done.stdout.strip()} MiB", flush=True)


def main() -> None:
    """Run every benchmark; each world in a process of its own, first without a compile cache."""
    if len(sys.argv) > 1:
        rows_per_second(sys.argv[1]) if sys.argv[1] in ROWS else engine_overhead()
        return
    with tempfile.TemporaryDirectory() as cache:
        for world in ROWS:
            for state in ("cold", "warm"):
                print(f"[{state}] ", end="", flush=True)
                subprocess.run(
                    [sys.executable, __file__, world],
                    check=True,
                    env=os.environ | {"COMITY_CACHE": cache},
                )
        subprocess.run(
            [sys.executable, __file__, "engine"],
            check=True,
            env=os.environ | {"COMITY_CACHE": cache},
        )
        command("comity --help", cache, "--help")
        command("comity run, 500 futures, to finished report, cold", cache + "-new", "run")
        command("comity run, 500 futures, to finished report, warm", cache + "-new", "run")


if __name__ == "__main__":
    main()
