"""Growth of GDP: the log change from the window's year to each of the ten after it.

Ours is the model that runs (``models.growth``) with the numbers that ``calibrate`` fits to figures
of the window's year and before; scored in log points (100 x log).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float
from numpy import ndarray

from comity.evidence.backtest import Normal, Outlook, Past, Samples, Table
from comity.evidence.hindcasts import baselines
from comity.evidence.panels.growth_panel import log_levels, long, panel_of, read_panel, wide
from comity.evidence.scoring import terciles
from comity.models.people import growth as model
from comity.models.people.growth_on_a_panel import GrowthFit, fit_growth

OUTCOME = ("wb_gdp_constant2015usd",)  # to its end; Penn's figures stop before
RECENT = 20  # years of the stronger of the two random walks in docs/replications/growth.md


@dataclass(frozen=True)
class Growth:
    """Cumulated log growth of GDP by state."""

    name: str = "growth"
    unit: str = "log points"
    scale: float = 100.0
    kind: Literal["continuous", "binary"] = "continuous"
    first_window: int = 1990
    outcome: tuple[str, ...] = OUTCOME
    blocks: tuple[str, ...] = ("unit",)
    claimed: bool = True

    def tables(self) -> dict[str, Table]:
        """Read growth, population growth and size of every state."""
        return {"growth": Table(read_panel())}

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return log growth since ``last``, up to the first year without a figure."""
        rows = tables["growth"].rows
        rows = rows[rows.year > last]
        return long(wide(rows, "growth").cumsum(skipna=False))

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every state with eight years of the past decade."""
        panel = panel_of(past)
        fit = fit_growth(panel, past.last)
        own = (fit.states.method == "own").to_numpy()
        ids = list(fit.states.index[own])
        ours = growth_paths(fit, horizon, draws, seed)[:, :, own]
        size = panel.size.loc[past.last, ids].to_numpy(float)
        logs = log_levels(panel)[:, own]
        rng = np.random.default_rng(seed)
        walk = baselines.drift(logs, horizon, RECENT)
        always = baselines.drift(logs, horizon)
        members = {
            "own history": baselines.own_history(logs, horizon, draws, rng, RECENT),
            "states of its size": baselines.past_changes(
                logs, horizon, draws, rng, terciles(size), RECENT
            ),
        }
        drawn = baselines.normal_draws(*walk, draws, rng)
        mixed = baselines.mixture([drawn, *members.values()], rng)
        flat = {
            name: Samples(flatten(x))
            for name, x in {"model": ours, "mixture": mixed, **members}.items()
        }
        walks = {
            f"drift of {RECENT} years": Normal(walk[0].ravel(), walk[1].ravel()),
            "drift": Normal(always[0].ravel(), always[1].ravel()),
        }
        return Outlook(
            grid(ids, past.last, horizon, size), {"model": flat.pop("model"), **walks, **flat}
        )


def growth_paths(fit: GrowthFit, horizon: int, draws: int, seed: int) -> Float[ndarray, "D H N"]:
    """Draw log growth of GDP since ``fit.last``: the model's year, run ``horizon`` times.

    All states of a draw share its common shock, and the error of the world's mean.
    """
    states = fit.states
    columns = {
        name: jnp.asarray(states[name].to_numpy(float))
        for name in ("trend", "trend_sd", "population_growth", "loading", "sd")
    }
    slots = jnp.arange(len(states), dtype=jnp.uint32)

    def one(key: Array) -> Array:
        world, start, trend_key, years = jax.random.split(key, 4)
        error = fit.world.mean_error * jax.random.normal(world, ())
        trend = error + model.draw_trend(trend_key, columns["trend"], columns["trend_sd"], slots)

        def year(before: Array, year_key: Array) -> tuple[Array, Array]:
            out = model.growth_rates(
                year_key,
                trend,
                columns["population_growth"],
                columns["loading"],
                columns["sd"],
                before,
                jnp.asarray(fit.world.sd),
                jnp.asarray(fit.world.persistence),
                slots,
            )
            return out.world, out.rate

        first = model.first_world_shock(start, jnp.asarray(fit.world.sd))
        _, rates = jax.lax.scan(year, first, jax.random.split(years, horizon))
        return jnp.cumsum(rates, axis=0)

    keys = jax.random.split(jax.random.key(seed), draws)
    return np.asarray(jax.jit(jax.vmap(one))(keys))


def grid(ids: list[str], last: int, horizon: int, size: Float[ndarray, " N"]) -> pd.DataFrame:
    """Return rows of an outlook, horizon x units flattened: ``unit``, ``year``, ``size``."""
    return pd.DataFrame(
        {
            "unit": np.tile(np.array(ids, dtype=object), horizon),
            "year": np.repeat(np.arange(last + 1, last + horizon + 1), len(ids)),
            "size": np.tile(size, horizon),
        }
    )


def flatten(draws: Float[ndarray, "D H N"]) -> Float[ndarray, "D R"]:
    """Return draws x rows in the order of ``grid``."""
    return draws.reshape(len(draws), -1)
