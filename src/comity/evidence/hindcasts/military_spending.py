"""Military spending: the log change (constant dollars) from the window's year to each after it.

Ours is the model that runs: growth of GDP as in ``hindcasts.output_growth``, burdens by
``models.armament`` with numbers fitted to the decades that end by the window's year.  With
``reactions`` the same model is set beside itself with rivals' and allies' spending in it.
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

from comity.evidence.backtest import Forecast, Normal, Outlook, Past, Samples, Table
from comity.evidence.hindcasts import baselines
from comity.evidence.hindcasts import output_growth as income
from comity.evidence.panels.growth_panel import long, read_panel
from comity.evidence.panels.spending_panel import (
    REACTIONS,
    Knowledge,
    decades,
    knowledge,
    log_spending,
    read_spending,
    read_watched,
    yearly_rows,
)
from comity.evidence.scoring import terciles
from comity.models.force import armament as model
from comity.models.people.growth_on_a_panel import fit_growth

RECENT = 20


@dataclass(frozen=True)
class Spending:
    """Cumulated log growth of military spending by state."""

    name: str = "military spending"
    unit: str = "log points"
    scale: float = 100.0
    kind: Literal["continuous", "binary"] = "continuous"
    first_window: int = 1990
    outcome: tuple[str, ...] = ("sipri_milex",)
    blocks: tuple[str, ...] = ("unit",)
    claimed: bool = False
    reactions: bool = False

    def tables(self) -> dict[str, Table]:
        """Read spending, growth and who is whose rival or ally."""
        return {
            "spending": Table(read_spending()),
            "growth": Table(read_panel()),
            "watched": Table(read_watched()),
        }

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return the log change of spending since ``last`` where both years are known."""
        logs = log_spending(tables["spending"].rows)
        after = logs[logs.index > last]
        return long(after - logs.loc[last] if last in logs.index else after * np.nan)

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every state with a share of GDP this year or last and a trend of its own."""
        known = knowledge(past)
        growth = fit_growth(known.growth, past.last)
        own = growth.states.index[growth.states.method == "own"]
        ids = [i for i in known.logs.columns if i in own and i in known.share.dropna()]
        paths = income.growth_paths(growth, horizon, draws, seed)
        paths = paths[:, :, growth.states.index.get_indexer(pd.Index(ids))]
        forecasts: dict[str, Forecast] = {
            "model": Samples(income.flatten(ours(known, fit(past), ids, paths, seed)))
        }
        if self.reactions:
            for name in (REACTIONS, *((one,) for one in REACTIONS)):
                drawn = ours(known, fit(past, name), ids, paths, seed)
                forecasts[f"with {' and '.join(name)}"] = Samples(income.flatten(drawn))
        size = known.growth.size.loc[past.last, ids].to_numpy(float)
        forecasts |= simple(known.logs[ids].to_numpy(), horizon, draws, seed, size)
        return Outlook(income.grid(ids, past.last, horizon, size), forecasts)


@dataclass(frozen=True)
class Numbers:
    """What the burden model is run with.

    ``reactions``: by kind, elasticity to the spending watched.  ``spread`` and ``shared`` are the
    decade's sd, of all and of what all states share; ``reversion`` and ``sd`` are yearly.
    """

    income: float
    slope: float
    reversion: float
    spread: float
    shared: float
    sd: float
    reactions: dict[str, float]
    n: int


def fit(past: Past, kinds: tuple[str, ...] = ()) -> Numbers:
    """Fit the burden model to the decades that end by ``past.last``."""
    table = decades(past)
    return fit_rows(table, kinds)


def fit_rows(table: pd.DataFrame, kinds: tuple[str, ...] = ()) -> Numbers:
    """Fit the burden model to rows of ``decades``."""
    traits = table[["growth", "gap", *kinds]].to_numpy(float)
    found = model.fit_burden(table.change.to_numpy(float), traits)
    left = pd.Series(table.change.to_numpy() - traits @ found.slopes)
    shared = float(np.sqrt((left.groupby(table.start.to_numpy()).median() ** 2).mean()))
    shared = min(shared, 0.9 * found.spread)
    own = float(np.sqrt(found.spread**2 - shared**2))
    reversion, sd = model.yearly(float(found.slopes[1]), own)
    return Numbers(
        float(found.slopes[0]),
        float(found.slopes[1]),
        reversion,
        found.spread,
        shared,
        sd,
        dict(zip(kinds, map(float, found.slopes[2:]), strict=True)),
        found.n,
    )


def errors(table: pd.DataFrame, kinds: tuple[str, ...] = (), draws: int = 200) -> pd.Series:
    """Return standard errors of the numbers, resampling whole states."""
    groups = [part for _, part in table.groupby("unit")]
    rng, rows = np.random.default_rng(1), []
    for _ in range(draws):
        picked = [groups[i] for i in rng.integers(len(groups), size=len(groups))]
        one = fit_rows(pd.concat(picked), kinds)
        rows.append(
            {
                "income": one.income,
                "slope": one.slope,
                "reversion": one.reversion,
                "log_sd": np.log(one.sd),
                "log_spread": np.log(one.spread),
                **one.reactions,
            }
        )
    return pd.DataFrame(rows).std()


def ours(
    known: Knowledge, numbers: Numbers, ids: list[str], growth: Float[ndarray, "D H N"], seed: int
) -> Float[ndarray, "D H N"]:
    """Draw log changes of spending since the past's last year along paths of log GDP."""
    last = int(known.logs.index[-1])
    base = jnp.asarray(np.exp(known.share[ids].to_numpy(float)))
    level = pd.Series(known.watched.loc[last].to_dict(), dtype=float)
    everyone = list(dict.fromkeys([*ids, *level[level > 0].index]))
    spent = jnp.asarray(level.reindex(everyone).fillna(0.0).to_numpy(float))
    weights = [
        jnp.asarray(_matrix(known.pairs, kind, last, ids, everyone)) for kind in numbers.reactions
    ]
    slopes = [jnp.asarray(value) for value in numbers.reactions.values()]
    slots = jnp.arange(len(ids), dtype=jnp.uint32)
    reversion, sd = jnp.asarray(numbers.reversion), jnp.asarray(numbers.sd)

    def one(key: Array, path: Array) -> Array:
        shared, key = jax.random.split(key)
        drift = numbers.shared / model.YEARS * jax.random.normal(shared, ())

        def year(carry: tuple[Array, Array], now: tuple[Array, Array]) -> tuple:
            shift, moved = carry
            year_key, gdp = now
            shift = model.next_shift(year_key, shift, base, reversion, drift, sd, slots)
            change = numbers.income * gdp + shift
            spending = spent.at[: len(ids)].multiply(jnp.exp(moved))
            for w, slope in zip(weights, slopes, strict=True):
                change = change + slope * model.followed(w, spending, spent)
            return (shift, change), change

        start = (jnp.zeros(len(ids)), jnp.zeros(len(ids)))
        return jax.lax.scan(year, start, (jax.random.split(key, len(path)), path))[1]

    keys = jax.random.split(jax.random.key(seed + 1), len(growth))
    return np.asarray(jax.jit(jax.vmap(one))(keys, jnp.asarray(growth)))


def _matrix(
    pairs: pd.DataFrame, kind: str, year: int, rows: list[str], columns: list[str]
) -> Float[ndarray, "N M"]:
    """Return 1 where the row's state watches the column's, else 0."""
    now = pairs[(pairs.kind == kind) & (pairs.year == year)]
    now = now[now.unit.isin(rows) & now.other.isin(columns)]
    out = np.zeros((len(rows), len(columns)))
    places = (
        pd.Index(rows).get_indexer(pd.Index(now.unit)),
        pd.Index(columns).get_indexer(pd.Index(now.other)),
    )
    out[places] = 1.0
    return out


def simple(
    logs: Float[ndarray, "T N"], horizon: int, draws: int, seed: int, size: Float[ndarray, " N"]
) -> dict[str, Forecast]:
    """Return the baselines: random walks with drift, own history, states of its size, a mixture."""
    rng = np.random.default_rng(seed)
    walk, always = baselines.drift(logs, horizon, RECENT), baselines.drift(logs, horizon)
    members = {
        "own history": baselines.own_history(logs, horizon, draws, rng, RECENT),
        "states of its size": baselines.past_changes(
            logs, horizon, draws, rng, terciles(size), RECENT
        ),
    }
    drawn = baselines.normal_draws(*walk, draws, rng)
    mixed = baselines.mixture([drawn, *members.values()], rng)
    return {
        f"drift of {RECENT} years": Normal(walk[0].ravel(), walk[1].ravel()),
        "drift": Normal(always[0].ravel(), always[1].ravel()),
        **{name: Samples(income.flatten(x)) for name, x in {"mixture": mixed, **members}.items()},
    }


def yearly_panel(past: Past, names: tuple[str, ...]) -> model.ErrorCorrection:
    """Fit the yearly panel with state and year effects; ``names`` of columns of `yearly_rows`."""
    rows = yearly_rows(past)
    return model.error_correction(
        rows.change.to_numpy(float),
        rows[list(names)].to_numpy(float),
        pd.factorize(rows.unit)[0].astype(np.int64),
        rows.year.to_numpy(np.int64),
    )
