"""Military spending: the log change (constant dollars) from the window's year to each after it.

Ours is the model that runs: growth of GDP as in ``hindcasts.growth``, burdens by
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
from comity.evidence.scoring import terciles
from comity.models.force import armament as model
from comity.models.people.growth_on_a_panel import fit_growth

FIRST = 1959  # the first decade of the fit starts here: fifty states report
RECENT = 20
REACTIONS = ("rivals", "allies")
SPENDING = ["unit", "year", "constant", "share", "watched"]


@dataclass(frozen=True)
class Spending:
    """Cumulated log growth of military spending by state."""

    name: str = "military spending"
    unit: str = "log points"
    scale: float = 100.0
    kind: Literal["continuous", "binary"] = "continuous"
    windows: tuple[int, ...] = (1990, 2000, 2010, 2014)
    blocks: tuple[str, ...] = ("unit",)
    claimed: bool = False
    reactions: bool = False

    def tables(self) -> dict[str, Table]:
        """Read spending, growth and who is whose rival or ally."""
        return {
            "spending": Table(read_spending()),
            "growth": Table(income.read_panel()),
            "watched": Table(read_watched()),
        }

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return the log change of spending since ``last`` where both years are known."""
        logs = log_spending(tables["spending"].rows)
        after = logs[logs.index > last]
        return income.long(after - logs.loc[last] if last in logs.index else after * np.nan)

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


@dataclass(frozen=True)
class Knowledge:
    """A past as tables: log spending (years x ids), log share of GDP now, who watches whom."""

    logs: pd.DataFrame
    share: pd.Series
    watched: pd.DataFrame
    pairs: pd.DataFrame
    growth: income.GrowthPanel


def read_spending() -> pd.DataFrame:
    """Return ``unit``, ``year``, ``constant`` (million 2023 USD), ``share`` (of GDP), ``watched``.

    ``watched`` is what others see: SIPRI, else the Correlates of War figure at SIPRI's own prices
    for the United States.
    """
    from comity.data.sources import sipri_milex
    from comity.data.sources.source import load
    from comity.registry.states import convert

    mine = sipri_milex.tidy().rename(columns={"id": "unit"})
    usa = mine[mine.unit == "USA"].set_index("year")
    other = load("cow_nmc", columns=["ccode", "year", "milex"])
    other = other[(other.milex >= 0) & other.year.isin(usa.index)]
    other = other.assign(
        unit=convert(other.ccode, "cow", "id", other.year.to_numpy()),
        watched=other.milex / 1e3 * other.year.map(usa.constant / usa.current),
    )
    other = other.dropna(subset=["unit"]).drop_duplicates(["unit", "year"])
    both = mine.merge(other[["unit", "year", "watched"]], on=["unit", "year"], how="outer")
    both["watched"] = both.constant.where(both.constant.notna(), both.watched).astype(float)
    return both[SPENDING].sort_values(["unit", "year"], ignore_index=True)


def read_watched() -> pd.DataFrame:
    """Return ``unit``, ``other``, ``year``, ``kind``: rivals, and allies that owe it defence.

    Rivals: thompson2022analyzing, to 2020, carried on.  Allies: leeds2002alliance, to 2018,
    carried on.
    """
    from comity.data.sources.source import load
    from comity.registry.states import convert

    rivals = load("tss_rivalries", columns=["ccode1", "ccode2", "start", "end"])
    rivals = rivals[rivals.end >= 1949].reset_index(drop=True)
    end = rivals.end.where(rivals.end < 2020, 2024)
    spans = [range(max(1949, int(a)), int(b) + 1) for a, b in zip(rivals.start, end, strict=True)]
    rivals = rivals.assign(year=pd.Series(spans, dtype=object)).explode("year")
    both = pd.concat([rivals, rivals.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})])
    allies = load("atop_dyad_year", columns=["ccode1", "ccode2", "year", "atop_defense"])
    allies = allies[(allies.atop_defense == 1) & (allies.year >= 1949)]
    last = allies[allies.year == allies.year.max()]
    later = [last.assign(year=year) for year in range(int(allies.year.max()) + 1, 2025)]
    # Who is owed watches who owes.
    allies = pd.concat([allies, *later]).rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})
    rows = pd.concat([both.assign(kind="rivals"), allies.assign(kind="allies")])
    years = rows.year.astype(int).to_numpy()
    rows = rows.assign(
        year=years,
        unit=convert(rows.ccode1, "cow", "id", years).to_numpy(),
        other=convert(rows.ccode2, "cow", "id", years).to_numpy(),
    )
    rows = rows[["unit", "other", "year", "kind"]].dropna().drop_duplicates()
    return rows.sort_values(["kind", "year", "unit", "other"], ignore_index=True)


def log_spending(rows: pd.DataFrame, column: str = "constant") -> pd.DataFrame:
    """Return logs of spending, years x units; nil spending has no logarithm and is left out."""
    table = income.wide(rows, column)
    return pd.DataFrame(np.log(table.where(table > 0)), table.index, table.columns)


def log_share(rows: pd.DataFrame, year: int) -> pd.Series:
    """Return the log share of GDP of a year, else of the year before, by unit."""
    now, before = (rows[rows.year == y].set_index("unit").share for y in (year, year - 1))
    share = now.reindex(before.index.union(now.index))
    share = share.where(share > 0, before.reindex(share.index))
    return pd.Series(np.log(share.where(share > 0)))


def knowledge(past: Past) -> Knowledge:
    """Return what a past holds."""
    rows = past.table("spending")
    logs = log_spending(rows).reindex(range(int(rows.year.min()), past.last + 1))
    return Knowledge(
        logs,
        log_share(rows, past.last).reindex(logs.columns),
        income.wide(rows, "watched"),
        past.table("watched"),
        income.panel_of(past),
    )


def decades(past: Past) -> pd.DataFrame:
    """Return one row a state and decade that ends by ``past.last``, ten years apart.

    ``change`` of log spending, ``growth`` of GDP in it, ``gap`` (log median share less own) at its
    start, and the change of what ``rivals`` and ``allies`` of its start spend (nil without any).
    """
    rows, known = past.table("spending"), knowledge(past)
    found = []
    for start in range(past.last - model.YEARS, FIRST - 1, -model.YEARS):
        end = start + model.YEARS
        share = log_share(rows, start)
        growth = known.growth.growth.loc[start + 1 : end].sum(min_count=model.YEARS)
        table = pd.DataFrame(
            {
                "change": known.logs.loc[end] - known.logs.loc[start],
                "growth": growth.reindex(known.logs.columns),
                "gap": share.median() - share,
            }
        ).dropna()
        for kind in REACTIONS:
            pairs = known.pairs[(known.pairs.kind == kind) & (known.pairs.year == start)]
            table[kind] = (
                _watched_change(pairs, known.watched, start, end).reindex(table.index).fillna(0.0)
            )
        found.append(table.assign(start=start))
    return pd.concat(found).rename_axis("unit").reset_index()


def _watched_change(pairs: pd.DataFrame, spending: pd.DataFrame, start: int, end: int) -> pd.Series:
    """Return the log change of what the partners with both figures spend, by unit."""
    then, now = (pairs.other.map(spending.loc[year].to_dict()) for year in (start, end))
    both = (then > 0) & (now > 0)
    sums = pairs.assign(then=then, now=now)[both].groupby("unit")[["then", "now"]].sum()
    return pd.Series(np.log(sums.now / sums.then))


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


def yearly_rows(past: Past) -> pd.DataFrame:
    """Return one row a state and year for the error-correction panel.

    ``change`` of log spending (clipped at half), ``growth`` of GDP, last year's ``level`` of log
    spending and ``income`` (log GDP), last year's change of what ``rivals`` and ``allies`` of the
    year before spend; states with ten years or more.
    """
    known = knowledge(past)
    logs = known.logs
    growth = known.growth.growth.reindex(index=logs.index, columns=logs.columns)
    columns = {
        "change": logs.diff().clip(-0.5, 0.5),
        "growth": growth,
        "level": logs.shift(1),
        "income": growth.cumsum().where(growth.notna()).shift(1),
    }
    for kind in REACTIONS:
        pairs = {year: part for year, part in known.pairs[known.pairs.kind == kind].groupby("year")}
        moved = {
            year: _watched_change(pairs[year - 1], known.watched, year - 2, year - 1)
            for year in logs.index[2:]
            if year - 1 in pairs
        }
        table = pd.DataFrame(moved).T.reindex(index=logs.index, columns=logs.columns)
        columns[kind] = table.fillna(0.0)
    rows = (
        pd.concat(
            {
                name: table.rename_axis(index="year", columns="unit").stack()
                for name, table in columns.items()
            },
            axis=1,
        )
        .dropna()
        .reset_index()
    )
    return rows[rows.groupby("unit").year.transform("size") >= 10].reset_index(drop=True)


def yearly_panel(past: Past, names: tuple[str, ...]) -> model.ErrorCorrection:
    """Fit the yearly panel with state and year effects; ``names`` of columns of `yearly_rows`."""
    rows = yearly_rows(past)
    return model.error_correction(
        rows.change.to_numpy(float),
        rows[list(names)].to_numpy(float),
        pd.factorize(rows.unit)[0].astype(np.int64),
        rows.year.to_numpy(np.int64),
    )
