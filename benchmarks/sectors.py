"""The model of many sectors: rates per core, convergence, and how cost grows with the world.

    OMP_NUM_THREADS=1 python benchmarks/sectors.py [--quick]

Method: worlds of unequal states with home bias, inputs and deficits, balanced exactly; draws of
elasticities and of tariffs between all pairs (up to 30 %); `lax.map` over the draws in one
process on one core, cold starts, all of the report included, median of five runs; processor
time, so that other work on the machine counts little. With COMITY_DATA the world of 28 sectors
and 80 economies is timed as well.
"""

from __future__ import annotations

import argparse
import os

# One core: XLA would spread a product over its threads.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import statistics
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import comity.core.runtime  # noqa: F401  (float64, before any JAX work)
from comity.models.trade.caliendo_parro import SectorBase, solve
from comity.world.regions import default_focus
from comity.world.sector_world import Seeds, balanced, sector_world

TOLERANCE = 1e-8
REPEATS = 5
GOAL = "goal: 5 ms a solve at 1e-8 for 60 economies and 20 sectors"


def synthetic(states: int, sectors: int, seed: int = 0) -> SectorBase:
    """A balanced world: sizes over two orders of magnitude, about a quarter of output traded."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(0, 1.5, states))
    mix = rng.dirichlet(2 * np.ones(sectors), states).T
    near = np.exp(rng.normal(-3.5, 1, (sectors, states, states)))
    sales = near * size[None, :, None] * size[None, None, :] * mix[:, :, None]
    sales *= 0.25 * size.sum() / sales.sum()
    home = np.arange(states)
    sales[:, home, home] = 0.75 * size * mix
    output = sales.sum((0, 2))
    seeds = Seeds(
        tuple(f"s{i}" for i in range(states)),
        tuple(f"k{i}" for i in range(sectors)),
        sales,
        rng.uniform(0, 0.1, sales.shape) * (1 - np.eye(states)),
        rng.uniform(0.1, 1, (states, sectors, sectors)),
        rng.uniform(0.3, 0.6, (sectors, states)),
        rng.dirichlet(3 * np.ones(sectors), states).T,
        0.5 * output,
    )
    return balanced(seeds, np.full(sectors, 5.0)).base


def measure(name: str, base: SectorBase, draws: int) -> None:
    """Print what a solve takes, cold, over random tariffs and elasticities."""
    sectors, states = base.spending.shape
    foreign = 1.0 - jnp.eye(states)
    rng = np.random.default_rng(1)
    theta = jnp.asarray(rng.uniform(2.0, 9.0, (draws, sectors)))
    # Tariffs of exporter and importer added: a draw a cell would take longer than the solve.
    rate = jnp.asarray(rng.uniform(0, 0.15, (draws, 2, states)))

    def one(draw):
        elasticity, (out, into) = draw
        tariff = base.tariff + foreign * (out[:, None] + into)
        found = solve(
            base, elasticity, jnp.ones(states), tariff, jnp.ones_like(tariff), tol=TOLERANCE
        )
        return found.iterations, found.converged, found.residual

    program = jax.jit(partial(jax.lax.map, one))
    began = time.perf_counter()
    jax.block_until_ready(program((theta, rate)))
    compiled = time.perf_counter() - began
    spent = []
    for _ in range(REPEATS):
        began = time.process_time()
        passes, converged, residual = jax.block_until_ready(program((theta, rate)))
        spent.append((time.process_time() - began) / draws)
    each = statistics.median(spent)
    print(
        f"{name:28s} {states:4d} x {sectors:2d} {1e3 * each:9.2f} ms  passes "
        f"{float(passes.mean()):5.1f} (at most {int(passes.max())})  converged "
        f"{float(converged.mean()):.1%}  worst gap {float(residual.max()):.0e}  "
        f"first call {compiled:.1f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Rates of the sector model")
    parser.add_argument("--quick", action="store_true", help="60 x 20 and the focus world only")
    quick = parser.parse_args().quick
    print(f"one core, float64, tolerance {TOLERANCE:.0e}; {GOAL}")
    measure("synthetic", synthetic(60, 20), 50)
    measure("focus world", sector_world(focus=default_focus()).base, 100)
    if quick:
        return
    measure("all states", sector_world().base, 20)
    if os.environ.get("COMITY_DATA"):
        from comity.world.sector_detail import detailed_world

        measure("ICIO, full detail", detailed_world().base, 20)
    print("growth with economies, 9 sectors")
    for states in (30, 60, 120, 196):
        measure("synthetic", synthetic(states, 9), 20)
    print("growth with sectors, 60 economies")
    for sectors in (1, 5, 9, 20, 28):
        measure("synthetic", synthetic(60, sectors), 20)
    print("the largest")
    measure("synthetic", synthetic(196, 28), 5)


if __name__ == "__main__":
    main()
