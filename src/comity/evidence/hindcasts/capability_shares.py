"""Shares of world GDP and of military capability: log change since the window's year.

Both follow from the growth forecasts of ``hindcasts.output_growth``.  A state's share of world GDP
is its GDP over that of all states, drawn together.  Its capability is the composite index of the
Correlates of War (CINC): half population, energy and steel, so it follows relative growth with a
slope below one, and goes on with part of its change of the past decade.  Both slopes are fitted,
and errors taken, from forecasts made 10, 15 and 20 years before the window's year, as seen in it.
Scores are in log points (100 x log).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.evidence.backtest import Normal, Outlook, Past, Samples, Table
from comity.evidence.hindcasts import baselines
from comity.evidence.hindcasts.output_growth import OUTCOME as GROWTH
from comity.evidence.hindcasts.output_growth import RECENT, flatten, grid, growth_paths
from comity.evidence.panels.growth_panel import log_levels, long, panel_of, read_panel, wide
from comity.evidence.scoring import terciles
from comity.models.people.growth_on_a_panel import GrowthPanel, fit_growth, forecast

# Urban population changes its source after 2016 and CINC shifts with it (data.panel.capabilities).
LAST_BEFORE_BREAK = 2016
FIRST_ORIGIN = 1970  # growth can be fitted from here on: one decade after another
DECADE = 10
FASTEST = 0.05  # a year; faster change in the past decade counts as that
LARGEST = 1.5  # log changes beyond it (collapse, partition) count as that large in the slope


@dataclass(frozen=True)
class GdpShares:
    """Log change of a state's share of world GDP."""

    name: str = "gdp_shares"
    unit: str = "log points"
    scale: float = 100.0
    kind: Literal["continuous", "binary"] = "continuous"
    first_window: int = 1990
    outcome: tuple[str, ...] = GROWTH
    blocks: tuple[str, ...] = ("unit",)
    claimed: bool = False

    def tables(self) -> dict[str, Table]:
        """Read growth, population growth and size of every state."""
        return {"growth": Table(read_panel())}

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return log change of the share, among states with figures in all years so far."""
        rows = tables["growth"].rows
        size = rows[rows.year == last].set_index("unit")["size"]
        rows = rows[(rows.year > last) & rows.unit.isin(size.index)]
        paths = wide(rows, "growth").cumsum(skipna=False)
        weight = size.reindex(paths.columns).to_numpy(float)
        values = paths.to_numpy(float)
        world = [_log_mean(path, weight) for path in values]
        return long(pd.DataFrame(values - np.array(world)[:, None], paths.index, paths.columns))

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every state with eight years of the past decade."""
        panel = panel_of(past)
        fit = fit_growth(panel, past.last)
        size = panel.size.loc[past.last].to_numpy(float)
        own = (fit.states.method == "own").to_numpy() & np.isfinite(size)
        ids, size = list(fit.states.index[own]), size[own]
        paths = growth_paths(fit, horizon, draws, seed)[:, :, own]
        weight = size / size.sum()
        ours = paths - np.log(np.exp(paths) @ weight)[:, :, None]
        logs = _relative(log_levels(panel), panel.size.to_numpy(float))[:, own]
        return Outlook(
            grid(ids, past.last, horizon, size),
            {
                "model": Samples(flatten(ours)),
                **_plain(logs, horizon, draws, size, np.random.default_rng(seed)),
            },
        )


@dataclass(frozen=True)
class CapabilityShares:
    """Log change of a state's composite index of national capability (CINC)."""

    name: str = "capability_shares"
    unit: str = "log points"
    scale: float = 100.0
    kind: Literal["continuous", "binary"] = "continuous"
    first_window: int = 1990
    outcome: tuple[str, ...] = ("cow_nmc",)
    blocks: tuple[str, ...] = ("unit",)
    claimed: bool = False

    def tables(self) -> dict[str, Table]:
        """Read the index and growth of every state."""
        return {"growth": Table(read_panel()), "cinc": Table(read_cinc())}

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return log change of the index since ``last``, not across the break of 2016/17."""
        rows = tables["cinc"].rows
        rows = rows[rows.year <= LAST_BEFORE_BREAK] if last <= LAST_BEFORE_BREAK else rows
        logs = wide(rows, "log_cinc")
        return long(logs[logs.index > last] - logs.reindex([last]).iloc[0])

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every state with an index and eight years of growth in the past decade."""
        panel, logs = panel_of(past), wide(past.table("cinc"), "log_cinc")
        trials = [
            trial(panel, logs, year, horizon)
            for year in baselines.origins(past.last, horizon, FIRST_ORIGIN)
        ]
        slopes = fit_slopes(trials)
        now = trial(panel, logs, past.last, horizon)
        rng = np.random.default_rng(seed)
        # One pool for all: errors of small and large states taken apart held too little in 1990.
        pool = np.zeros(sum(len(one.ids) for one in trials), dtype=np.int64)
        here = np.zeros(len(now.ids), dtype=np.int64)

        def around(slopes: Float[ndarray, " 2"]) -> Float[ndarray, "D R"]:
            """Draw forecasts with these slopes and the errors that they made before."""
            found = np.empty((draws, horizon, len(now.ids)))
            for h in range(horizon):
                errors = np.concatenate([one.seen[h] - one.centre(slopes)[h] for one in trials])
                drawn = baselines.draw_errors(errors, pool, here, draws, rng)
                found[:, h] = now.centre(slopes)[h] + drawn
            return flatten(found)

        ours, still = around(slopes), around(np.zeros(2))
        walk = baselines.drift(logs[now.ids].to_numpy(), horizon, RECENT)
        drawn = flatten(baselines.normal_draws(*walk, draws, rng))
        return Outlook(
            grid(now.ids, past.last, horizon, np.exp(now.level)),
            {
                "model": Samples(ours),
                "last value": Samples(still),
                "mixture": Samples(baselines.mixture([still, drawn], rng)),
                f"drift of {RECENT} years": Normal(walk[0].ravel(), walk[1].ravel()),
            },
        )


@dataclass(frozen=True)
class Trial:
    """Forecast from one year: log index then, relative growth foreseen, change seen (H, N)."""

    ids: list[str]
    level: Float[ndarray, " N"]
    growth: Float[ndarray, "H N"]
    habit: Float[ndarray, "H N"]
    seen: Float[ndarray, "H N"]

    def centre(self, slopes: Float[ndarray, " 2"]) -> Float[ndarray, "H N"]:
        """Return the change foreseen with slopes on relative growth and on the past decade."""
        return slopes[0] * self.growth + slopes[1] * self.habit


def read_cinc() -> pd.DataFrame:
    """Return ``unit``, ``year`` and ``log_cinc`` from 1946; a zero index has no log."""
    from comity.data.sources.source import load
    from comity.registry import states

    rows = load("cow_nmc", columns=["ccode", "year", "cinc"])
    rows = rows[(rows.year >= 1946) & (rows.cinc > 0)]
    rows = rows.assign(unit=states.convert(rows.ccode, "cow", "id", rows.year)).dropna()
    rows = rows.assign(log_cinc=np.log(rows.cinc.astype(float)))
    # Two codes may be one state in the year of a merger: the larger index is the state that lasts.
    return pd.DataFrame(rows.groupby(["unit", "year"], as_index=False).log_cinc.max())


def trial(panel: GrowthPanel, logs: pd.DataFrame, last: int, horizon: int) -> Trial:
    """Forecast growth relative to the world's from ``last``, beside what the index then did."""
    fit = fit_growth(panel.up_to(last), last)
    mean = forecast(fit, 1)["mean"].where(fit.states.method == "own")
    size = panel.size.loc[last].reindex(mean.index)
    level = logs.loc[last].reindex(mean.index)
    ids = [own for own in mean.index if np.isfinite([mean[own], size[own], level[own]]).all()]
    paths = np.arange(1, horizon + 1)[:, None] * mean[ids].to_numpy(float)
    weight = size[ids].to_numpy(float)
    world = np.array([_log_mean(path, weight) for path in paths])
    after = logs.reindex(range(last + 1, last + horizon + 1))[ids] - level[ids]
    past = (level - logs.reindex([last - DECADE]).iloc[0]).reindex(ids).to_numpy(float) / DECADE
    # Of a state that was not there a decade ago no habit is known: the model then expects none.
    habit = np.clip(np.nan_to_num(past), -FASTEST, FASTEST)
    years = np.arange(1, horizon + 1)[:, None]
    return Trial(
        ids,
        level[ids].to_numpy(float),
        paths - world[:, None],
        years * habit,
        after.to_numpy(float),
    )


def fit_slopes(trials: list[Trial]) -> Float[ndarray, " 2"]:
    """Return the slopes of change on relative growth and on the past decade, all horizons."""
    seen = np.concatenate([one.seen.ravel() for one in trials]).clip(-LARGEST, LARGEST)
    growth = np.concatenate([one.growth.ravel() for one in trials])
    habit = np.concatenate([one.habit.ravel() for one in trials])
    known = np.isfinite(seen) & np.isfinite(growth)
    x = np.column_stack([np.ones(known.sum()), growth[known], habit[known]])
    slopes = np.linalg.lstsq(x, seen[known], rcond=None)[0][1:]
    return np.clip(slopes, 0.0, 1.0)


def _log_mean(path: Float[ndarray, " N"], weight: Float[ndarray, " N"]) -> float:
    """Return the log change of the weighted sum, over states with both."""
    known = np.isfinite(path) & np.isfinite(weight)
    if not known.any():
        return float("nan")
    return float(np.log(weight[known] @ np.exp(path[known]) / weight[known].sum()))


def _relative(logs: Float[ndarray, "T N"], size: Float[ndarray, "Y N"]) -> Float[ndarray, "T N"]:
    """Return logs of GDP less those of the world, chained over states known in both years."""
    changes = np.diff(logs, axis=0)
    before = np.vstack([np.full((1, size.shape[1]), np.nan), size[:-1]])
    world = np.array([_log_mean(c, w) for c, w in zip(changes, before, strict=True)])
    level = np.concatenate([[0.0], np.cumsum(np.nan_to_num(world))])
    return logs - (level - level[-1])[:, None]


def _plain(
    logs: Float[ndarray, "T N"],
    horizon: int,
    draws: int,
    size: Float[ndarray, " N"],
    rng: np.random.Generator,
) -> dict[str, Normal | Samples]:
    """Return the baselines of a share."""
    walk = baselines.drift(logs, horizon, RECENT)
    third = terciles(size)
    still = flatten(baselines.past_changes(logs, horizon, draws, rng, third, RECENT))
    drawn = flatten(baselines.normal_draws(*walk, draws, rng))
    return {
        "last value": Samples(still),
        "mixture": Samples(baselines.mixture([still, drawn], rng)),
        f"drift of {RECENT} years": Normal(walk[0].ravel(), walk[1].ravel()),
    }
