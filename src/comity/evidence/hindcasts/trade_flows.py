"""Trade between two states: log of a flow's share of world trade.

Ours is the model that runs (``models.trade_equilibrium``): from the flows and GDP of the window's
year, the growth forecasts of all states move prices until every market clears, and each flow with
them.  A single year's figure is noisy, so a flow starts part of the way back to its mean of the
last five years.  That part is fitted, and errors are taken, from the same forecast made 10, 15
and 20 years before, as seen in the window's year: they hold the error of growth forecasts, so
growth is not drawn a second time.  The baseline "smoothed share" is the same without the
equilibrium: the difference is what theory adds.

Goods between states that both have a GDP, from 1 million USD on; domestic sales are twice GDP less
exports.  Shares, because nothing here foresees the dollar value of world trade.  Flows of a customs
union with one figure for all its members (``trade_joint`` of panels) count in the world's trade and
its markets; divided among members by the source, not by record, they are neither forecast nor
scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float, Int
from numpy import ndarray

from comity.core.parameters import book
from comity.evidence.backtest import Normal, Outlook, Past, Samples, Table
from comity.evidence.hindcasts import baselines
from comity.evidence.panels.growth_panel import panel_of, read_panel
from comity.evidence.scoring import terciles
from comity.models.people.growth_on_a_panel import GrowthPanel, fit_growth, forecast
from comity.models.trade import trade_equilibrium

FIRST_YEAR = 1950
FIRST_ORIGIN = 1970
SMALLEST = 1.0  # million current USD in the year of the forecast
MEMORY = 5  # years of the mean that a flow goes back to
RECENT = 20
MOST_DRAWS = 200  # ten thousand flows in ten years: more draws cost memory, not error
LARGEST = 3.0  # log changes beyond it count as that large in the fit
# Judged: WIOD's 43 economies together make 1.9 (2000) to 2.0 (2014) times their GDP.  With 1.5 or
# 3, and with elasticities of 2 or 8, scores stay the same to 0.1 %.
OUTPUT_PER_GDP = 2.0
LEAST_AT_HOME = 0.1  # of output, for ports whose exports are others' goods
SLOTS = 224  # one compiled program serves every year, whatever the number of states
EMPTY = 1e-10  # output of an empty slot as a share of the world's
TRICKLE = 1e-3  # its trade as a share of its output: a market without any has no price


@dataclass(frozen=True)
class Trade:
    """Log share of world trade of each flow between two states."""

    name: str = "trade"
    unit: str = "log points"
    scale: float = 100.0
    kind: Literal["continuous", "binary"] = "continuous"
    first_window: int = 1990
    outcome: tuple[str, ...] = ("cow_trade_v4_dyad_year",)
    blocks: tuple[str, ...] = ("exporter", "importer")
    claimed: bool = False

    def tables(self) -> dict[str, Table]:
        """Read flows, GDP in current USD, and growth."""
        return {
            "flows": Table(read_flows()),
            "gdp": Table(read_gdp()),
            "growth": Table(read_panel()),
        }

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return the log share in world trade of every flow after ``last``."""
        rows = with_shares(tables["flows"].rows)
        rows = rows[(rows.year > last) & rows.share.notna()]
        return rows[["unit", "year", "share"]].rename(columns={"share": "value"})

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast flows of a million USD or more that have eight changes in twenty years."""
        flows, gdp, panel = with_shares(past.table("flows")), past.table("gdp"), panel_of(past)
        shares = flows.pivot(index="year", columns="unit", values="share")
        shares = shares.reindex(range(int(shares.index[0]), past.last + 1))
        years = baselines.origins(past.last, horizon, FIRST_ORIGIN)
        trials = [trial(flows, shares, gdp, panel, year, horizon) for year in years]
        now = trial(flows, shares, gdp, panel, past.last, horizon)
        rng, draws = np.random.default_rng(seed), min(draws, MOST_DRAWS)
        cells = np.concatenate([one.cell for one in trials])

        def around(structure: float, memory: bool) -> Float[ndarray, "D R"]:
            """Draw forecasts with or without equilibrium and memory, each with its own errors."""
            found = np.empty((draws, horizon, len(now.rows)), dtype=np.float32)
            for h in range(horizon):
                change = np.concatenate([t.seen[h] - structure * t.moved[h] for t in trials])
                back = np.concatenate([t.back for t in trials])
                weight = fit_memory(back, change) if memory else 0.0
                errors = baselines.draw_errors(change - weight * back, cells, now.cell, draws, rng)
                centre = now.level + structure * now.moved[h] + weight * now.back
                found[:, h] = centre + errors
            return found.reshape(draws, -1)

        ours, smooth, constant = around(1.0, True), around(0.0, True), around(0.0, False)
        mean, sd = baselines.drift(shares[now.rows.unit].to_numpy(), horizon, RECENT)
        mean = mean + now.level
        walk = baselines.normal_draws(mean, sd, draws, rng).astype(np.float32)
        mixed = baselines.mixture([constant, smooth, walk.reshape(draws, -1)], rng)
        rows = pd.concat([now.rows.assign(year=past.last + h) for h in range(1, horizon + 1)])
        return Outlook(
            rows.reset_index(drop=True),
            {
                "model": Samples(ours),
                "smoothed share": Samples(smooth),
                "constant share": Samples(constant),
                "mixture": Samples(mixed),
                f"drift of {RECENT} years": Normal(mean.ravel(), sd.ravel()),
            },
        )


@dataclass(frozen=True)
class Trial:
    """Forecast of R flows from one year.

    ``rows``: unit, exporter, importer, size; ``level``: log share then; ``back``: mean of the last
    five years less that; ``moved``: change by the equilibrium (H, R); ``seen``: change that came,
    NaN where not known; ``cell``: class of size and unsteadiness whose errors are alike.
    """

    rows: pd.DataFrame
    level: Float[ndarray, " R"]
    back: Float[ndarray, " R"]
    moved: Float[ndarray, "H R"]
    seen: Float[ndarray, "H R"]
    cell: Int[ndarray, " R"]


def read_flows() -> pd.DataFrame:
    """Return ``unit``, ``exporter``, ``importer``, ``year``, ``value`` (million USD), ``joint``.

    Positive reported imports; the source holds every pair in both orders.  ``joint``: whether a
    side is in a customs union with one figure for all, whose division is the source's.
    """
    from comity.data.panel.trade import in_union
    from comity.data.sources.source import load
    from comity.registry import states

    rows = load("cow_trade_v4_dyad_year", columns=["ccode1", "ccode2", "year", "flow1"])
    rows = rows[(rows.year >= FIRST_YEAR) & (rows.flow1 > 0)]
    sides = [in_union(rows[c].to_numpy(int), rows.year.to_numpy(int)) for c in ("ccode1", "ccode2")]
    rows = rows.assign(
        joint=sides[0] | sides[1],
        importer=states.convert(rows.ccode1, "cow", "id", rows.year),
        exporter=states.convert(rows.ccode2, "cow", "id", rows.year),
    ).dropna()
    keys = ["exporter", "importer", "year"]
    rows = rows.groupby(keys, as_index=False).agg({"flow1": "sum", "joint": "any"})
    rows = rows[rows.exporter != rows.importer].rename(columns={"flow1": "value"})
    return rows.assign(unit=rows.exporter + ">" + rows.importer)


def read_gdp() -> pd.DataFrame:
    """Return ``unit``, ``year``, ``gdp`` (million current USD): World Bank, else Penn."""
    from comity.data.sources import world_bank
    from comity.data.sources.source import load

    table = load("pwt_10_01", columns=["isocode", "year", "cgdpo", "pl_gdpo"])
    penn = (table.cgdpo * table.pl_gdpo).set_axis([table.isocode, table.year]).dropna()
    gdp = (world_bank.gdp_current() / 1e6).combine_first(penn.rename_axis(["id", "year"]))
    return gdp.rename("gdp").rename_axis(["unit", "year"]).reset_index()


def with_shares(flows: pd.DataFrame) -> pd.DataFrame:
    """Return flows with ``share``: log of the flow over all of its year; NaN where it is joint."""
    world = flows.groupby("year").value.transform("sum")
    part = flows["value"].div(world).where(~flows["joint"])
    return flows.assign(share=np.log(part))


def trial(
    flows: pd.DataFrame,
    shares: pd.DataFrame,
    gdp: pd.DataFrame,
    panel: GrowthPanel,
    last: int,
    horizon: int,
) -> Trial:
    """Forecast from ``last`` with figures dated to it; beside it what came, as far as known."""
    fit = fit_growth(panel.up_to(last), last)
    growth = forecast(fit, 1)["mean"]
    output = OUTPUT_PER_GDP * gdp[gdp.year == last].set_index("unit").gdp
    now = flows[(flows.year == last) & flows.exporter.isin(output.index.intersection(growth.index))]
    now = now[now.importer.isin(output.index.intersection(growth.index))]
    ids = sorted(set(now.exporter) | set(now.importer))
    place = {own: n for n, own in enumerate(ids)}
    i, j = now.exporter.map(place).to_numpy(int), now.importer.map(place).to_numpy(int)
    sales = np.zeros((len(ids), len(ids)))
    sales[i, j] = now.value
    moved = structure(sales, output[ids].to_numpy(float), growth[ids].to_numpy(float), horizon)
    recent = shares.loc[last - RECENT : last, now.unit]
    steps = recent.diff()
    lasting = (steps.notna().sum() >= baselines.LEAST).to_numpy()
    kept = (now.value >= SMALLEST).to_numpy() & lasting & now.share.notna().to_numpy()
    rows = now[kept].rename(columns={"value": "size"})[["unit", "exporter", "importer", "size"]]
    names = list(rows.unit)
    level = shares.loc[last, names].to_numpy(float)
    mean = shares.loc[last - MEMORY + 1 : last, names].mean().to_numpy(float)
    after = shares.reindex(range(last + 1, last + horizon + 1))[names].to_numpy(float)
    unsteady = steps[names].std().to_numpy(float)
    cell = 3 * terciles(rows["size"].to_numpy(float)) + terciles(unsteady)
    return Trial(rows, level, mean - level, moved[:, i[kept], j[kept]], after - level, cell)


def structure(
    sales: Float[ndarray, "N N"],
    output: Float[ndarray, " N"],
    growth: Float[ndarray, " N"],
    horizon: int,
) -> Float[ndarray, "H N N"]:
    """Return the log change of each flow's share of world trade that growth brings about.

    Parameters
    ----------
    sales
        Exports (row) to importers (column), any unit; nil on the diagonal.
    output
        Gross output in the same unit.
    growth
        Expected log growth of capacity (1/year).
    horizon
        Years; NaN for a year in which markets did not clear.
    """
    n = len(output)
    full = np.zeros((SLOTS, SLOTS))
    full[:n, :n] = sales
    home = np.maximum(output - sales.sum(axis=1), LEAST_AT_HOME * output)
    full[range(n), range(n)] = home
    full[range(n, SLOTS), range(n, SLOTS)] = EMPTY * output.sum()
    full[n:, 0] = full[0, n:] = TRICKLE * EMPTY * output.sum()
    years = np.arange(1, horizon + 1)[:, None]
    endowment = np.ones((horizon, SLOTS))
    endowment[:, :n] = np.exp(years * growth)
    after = np.asarray(_clear(jnp.asarray(full), jnp.asarray(endowment)))[:, :n, :n]
    abroad = ~np.eye(n, dtype=bool)
    world = np.log(after[:, abroad].sum(axis=1) / sales[abroad].sum())
    moved = np.full_like(after, np.nan)
    traded = sales > 0
    moved[:, traded] = np.log(after[:, traded] / sales[traded]) - world[:, None]
    return moved


@jax.jit
def _clear(sales: Float[Array, "N N"], endowment: Float[Array, "H N"]) -> Float[Array, "H N N"]:
    """Return flows at each year's endowments; NaN where markets did not clear."""
    free, same = jnp.zeros_like(sales), jnp.ones_like(sales)
    elasticity = jnp.asarray(book("trade")["elasticity"].value)
    base = trade_equilibrium.calibrate(sales, free, jnp.full(len(sales), 1.0 / OUTPUT_PER_GDP))

    def year(now: Float[Array, " N"]) -> Float[Array, "N N"]:
        found = trade_equilibrium.solve(base, elasticity, now, free, same)
        moved = trade_equilibrium.flows(base, found, elasticity, free, same)
        return jnp.where(found.converged, moved, jnp.nan)

    return jax.lax.map(year, endowment)


def fit_memory(back: Float[ndarray, " K"], change: Float[ndarray, " K"]) -> float:
    """Return the part of the way back to its recent mean that a flow went, 0 to 1."""
    known = np.isfinite(back) & np.isfinite(change)
    x, y = back[known], change[known].clip(-LARGEST, LARGEST)
    x, y = x - x.mean(), y - y.mean()
    return float(np.clip(x @ y / (x @ x), 0.0, 1.0))
