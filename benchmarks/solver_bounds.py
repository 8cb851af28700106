"""How many shocks within the documented bounds of tariffs and barriers the trade solver solves.

    python benchmarks/solver_bounds.py [DRAWS]

Prints the tables of docs/explanation/no-equilibrium.md, from 10,000 draws on the focus world:
elasticity from its prior; tariffs or barriers between all, between a random part of all pairs, or
of one state with all others. Exit code 1 where a draw is lost for any other reason than a lender's.
"""

from __future__ import annotations

import sys
import warnings
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Bool, Float
from numpy import ndarray

import comity.core.runtime  # noqa: F401  (float64, before any JAX work)
from comity.core.errors import CoverageWarning
from comity.core.parameters import book, draw
from comity.mechanisms.catalogue import levers
from comity.mechanisms.trade import TOLERANCE, trade_from
from comity.models.trade.trade_equilibrium import TradeBase, TradeEquilibrium, farthest, solve
from comity.models.trade.trade_market import Shock, appeal_of
from comity.models.trade.trade_search import DIRECT_STEPS, find
from comity.world.given import door
from comity.world.regions import coarsen, default_focus
from comity.world.snapshot import load_world

KINDS = ("tariffs, all", "tariffs, some pairs", "barriers, all", "barriers, some pairs", "cut off")
SMALLEST = 0.05  # tariff or barrier; sizes are drawn evenly in logs up to the bound
DRAWS = 10_000
EDGES = (1.5, 3.0, 4.0, 5.0, 9.0)  # of elasticity, for the table
BARRIERS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0)  # between all, for the walk along the branch


class Scene(NamedTuple):
    """The focus world: its base year, its states, goods as a share of each flow."""

    states: tuple[str, ...]
    base: TradeBase
    goods: Float[ndarray, "N N"]


def scene() -> Scene:
    """Return the focus world of the base year."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        world, _ = door(coarsen(load_world(), sorted(default_focus())))
    return Scene(world.states, trade_from(world, book("trade")).base, np.asarray(world.goods))


def shock(
    kind: str, seed: int, states: int
) -> tuple[Float[ndarray, "N N"], Float[ndarray, "N N"], float]:
    """Draw tariffs and barriers within the bounds of their levers; the largest of either."""
    rng = np.random.default_rng(seed)
    none, foreign = np.zeros((states, states)), 1.0 - np.eye(states)
    lever = "tariff" if kind.startswith("tariffs") else "barrier"
    high = np.log(levers()[lever].high / SMALLEST)
    size = SMALLEST * np.exp(high * rng.random())
    if kind.endswith("some pairs"):
        hit = rng.random((states, states)) < rng.random()
        value = np.where(hit, SMALLEST * np.exp(high * rng.random((states, states))), 0.0)
        value = value if lever == "tariff" else np.triu(value, 1) + np.triu(value, 1).T
    elif kind == "cut off":
        one = np.arange(states) == rng.integers(states)
        value = size * np.logical_or(one[:, None], one)
    else:
        value = np.full((states, states), size)
    value = foreign * value
    return (value, none, value.max()) if lever == "tariff" else (none, value, value.max())


@jax.jit
def _solved(
    base: TradeBase,
    elasticity: Float[Array, ""],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
) -> TradeEquilibrium:
    return solve(base, elasticity, jnp.ones_like(base.output), tariff, cost, tol=TOLERANCE)


@jax.jit
def _direct(
    base: TradeBase,
    elasticity: Float[Array, ""],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
) -> Bool[Array, ""]:
    """Whether the direct search, which was all there was before, clears the markets."""
    still = jnp.ones_like(base.output)
    given = Shock(elasticity, still, *appeal_of(base, elasticity, tariff, cost))
    found = find(base, given, jnp.zeros_like(still), TOLERANCE, DIRECT_STEPS)
    return found.market.residual <= TOLERANCE


@jax.jit
def _end(
    base: TradeBase,
    elasticity: Float[Array, ""],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
) -> tuple[Float[Array, ""], Float[Array, " N"]]:
    part, there = farthest(base, elasticity, jnp.ones_like(base.output), tariff, cost)
    return part, there.consumption


def survey(place: Scene, draws: int, seed: int = 1) -> pd.DataFrame:
    """Solve every draw with and without the branch, and say why those left have no answer.

    Returns
    -------
    DataFrame
        One row a draw: kind, size (largest tariff or barrier), elasticity, before (solved by the
        direct search alone), after, lender (who has spent all it earns where the branch ends; ""
        if solved or if that is not the reason), part (of the shock let in there).
    """
    elasticity = draw([book("trade")["elasticity"]], seed, draws)["trade.elasticity"]
    rows = []
    for i, e in enumerate(map(jnp.asarray, elasticity)):
        kind = KINDS[i % len(KINDS)]
        added, barrier, size = shock(kind, seed * 1_000_003 + i, len(place.states))
        tariff = place.base.tariff + jnp.asarray(place.goods * added)
        cost = jnp.asarray(1.0 + barrier)
        after = bool(_solved(place.base, e, tariff, cost).converged)
        before, lender, part = after, "", 1.0
        if after:
            before = bool(_direct(place.base, e, tariff, cost))
        else:
            end, consumption = _end(place.base, e, tariff, cost)
            least = int(np.argmin(consumption))
            lender, part = place.states[least] if consumption[least] <= 0 else "", float(end)
        rows.append((kind, size, float(e), before, after, lender, part))
    names = ["kind", "size", "elasticity", "before", "after", "lender", "part"]
    return pd.DataFrame(rows, columns=names)


def table(found: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Draws, per cent solved before and after, per cent that a lender ends, and those lost."""
    lost = ~found["after"]
    columns = {
        "draws": found.groupby(by, observed=True).size(),
        "before %": 100 * found["before"].groupby(by, observed=True).mean(),
        "after %": 100 * found["after"].groupby(by, observed=True).mean(),
        "lender %": 100 * (lost & (found["lender"] != "")).groupby(by, observed=True).mean(),
        "not found": (lost & (found["lender"] == "")).groupby(by, observed=True).sum(),
    }
    return pd.DataFrame(columns).round(1)


def walk(place: Scene, elasticity: float, barriers: tuple[float, ...] = BARRIERS) -> pd.DataFrame:
    """Follow the branch as barriers between all rise: residual, and who consumes least."""
    foreign = 1.0 - jnp.eye(len(place.states))
    rows = []
    for barrier in barriers:
        cost = 1.0 + barrier * foreign
        found = _solved(place.base, jnp.asarray(elasticity), place.base.tariff, cost)
        least = int(np.argmin(found.consumption))
        rows.append(
            (barrier, float(found.residual), place.states[least], float(found.consumption[least]))
        )
    return pd.DataFrame(rows, columns=["barrier", "residual", "state", "consumption"])


def main() -> int:
    """Print all tables; 0 where every draw is solved or ended by a lender."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    place = scene()
    found = survey(place, draws)
    everything = pd.Series("all", index=found.index)
    for by in (everything, found["kind"], pd.cut(found["elasticity"], EDGES, include_lowest=True)):
        print(table(found, by).to_string(), "\n")
    mild = found[found["size"] <= 2.0]
    print("largest tariff or barrier at most 2:")
    print(table(mild, mild["kind"]).to_string(), "\n")
    solved = found.groupby(["before", "after"])["elasticity"].agg(["mean", "size"])
    print(solved.to_string(), "\n")
    print(found.loc[found["lender"] != "", "lender"].value_counts().head(8).to_string(), "\n")
    print(walk(place, 4.0).to_string())
    return int((~found["after"] & (found["lender"] == "")).any())


if __name__ == "__main__":
    sys.exit(main())
