"""One-sector trade equilibrium against gegravity in one run, then the rates of many sectors.

    COMITY_DATA=... python benchmarks/trade.py [--quick]

Needs the extra [bench]. Prints ratios; the peer's warnings and pandas quirks are handled here only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

import comity.core.runtime  # noqa: F401  (float64, before any JAX work)
from comity.models.trade.gravity_full import scale_to_totals
from comity.models.trade.trade_equilibrium import TradeBase, calibrate, flows, solve

DRAWS = 1_000
SAMPLE_COSTS = {  # PPML estimates printed with the peer's sample
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
}
GUIDE_COSTS = {"ln_DIST": -0.7912879, "CNTG": 0.6736456, "INTL_BRDR": -2.47445}


def read(name: str) -> pd.DataFrame:
    return pd.read_parquet(Path(os.environ["COMITY_DATA"]) / "economy" / f"{name}.parquet")


def sample() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The peer's 30 countries; a Canada-Japan agreement."""
    table = read("gegravity_sample_data_set")
    after = table.copy()
    pair = after.importer.isin(["CAN", "JPN"]) & after.exporter.isin(["CAN", "JPN"])
    after.loc[pair & (after.importer != after.exporter), "pta"] = 1
    return table, after


def guide_60() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The 60 largest producers of the Advanced Guide, 2006; a higher border of the USA."""
    table = read("agtpa_ch2_trade_without_border").replace("ZZZ", "DEU")
    largest = table.groupby("exporter").Y.first().nlargest(60).index
    table = table[table.exporter.isin(largest) & table.importer.isin(largest)]
    table = table[["exporter", "importer", "trade", *GUIDE_COSTS]].assign(year=2006)
    table["Y"] = table.groupby("exporter").trade.transform("sum")
    table["E"] = table.groupby("importer").trade.transform("sum")
    after = table.copy()
    after.loc[(after.importer == "USA") & (after.exporter != "USA"), "INTL_BRDR"] = 1.2
    return table, after


def peer(table: pd.DataFrame, after: pd.DataFrame, costs: dict[str, float], sigma: float) -> Any:
    """Run gegravity; the model with ``seconds`` of its simulate(). Tries its rescale factors."""
    import gegravity as ge

    estimates = pd.DataFrame({"var": list(costs), "coeff": list(costs.values()), "se": 0.1})
    columns = {"expend_var_name": "E", "output_var_name": "Y"}
    for rescale in (10, 100, 1_000, 10_000):
        model = ge.OneSectorGE(
            ge.BaselineData(table.copy(), trade_var_name="trade", **columns),
            year="2006",
            reference_importer="DEU",
            sigma=sigma,
            cost_variables=list(costs),
            cost_coeff_values=ge.CostCoeffs(estimates, "var", "coeff", "se"),
            quiet=True,
            **columns,
        )
        try:
            model.build_baseline(omr_rescale=rescale)
            model.define_experiment(after.assign(year="2006"))
            began = time.perf_counter()
            model.simulate()
        except ValueError:
            continue
        model.seconds = time.perf_counter() - began
        return model
    raise SystemExit("gegravity found no rescale factor that converges")


def square(frame: pd.DataFrame, column: str) -> np.ndarray:
    return frame.pivot(index="exporter", columns="importer", values=column).to_numpy(float)


def median_seconds(call: Callable[[], Any], times: int) -> float:
    jax.block_until_ready(call())
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        jax.block_until_ready(call())
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def against_peer(name: str, data: tuple[pd.DataFrame, pd.DataFrame], costs: dict, sigma: float):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = peer(*data, costs, sigma)
    results = model.country_results
    baseline = model.bilateral_trade_results["baseline modeled trade"].reset_index()
    trade = square(baseline, "baseline modeled trade")
    before, after = (
        square(x, "trade_cost") for x in (model.baseline_trade_costs, model.experiment_trade_costs)
    )
    n, e = len(trade), jnp.array(sigma - 1.0)
    base = calibrate(jnp.asarray(trade), jnp.zeros((n, n)), jnp.ones(n))
    cost = jnp.asarray((after / before) ** (-1.0 / float(e)))
    program = jax.jit(solve)
    inputs = (base, e, jnp.ones(n), base.tariff, cost)
    one = median_seconds(lambda: program(*inputs), 200)
    found = program(*inputs)
    key = jax.random.key(0)
    elasticities = float(e) * jnp.exp(0.2 * jax.random.normal(key, (DRAWS,)))
    tariffs = 0.3 * jax.random.uniform(key, (DRAWS, n))

    @jax.jit
    def many(elasticities, tariffs):
        def row(draw):
            tariff = jnp.broadcast_to(draw[1], (n, n)) * (1.0 - jnp.eye(n))
            return solve(base, draw[0], jnp.ones(n), tariff, cost)

        return jax.lax.map(row, (elasticities, tariffs))

    each = median_seconds(lambda: many(elasticities, tariffs), 3) / DRAWS
    drawn = many(elasticities, tariffs)
    print(f"\n{name}: {n} economies")
    print(f"  gegravity.simulate()            {model.seconds * 1e3:10.0f} ms")
    print(f"  ours, single jitted call        {one * 1e6:10.0f} us   {model.seconds / one:8.0f} x")
    print(
        f"  ours, lax.map over {DRAWS} draws   {each * 1e6:10.0f} us   "
        f"{model.seconds / each:8.0f} x   (budget: 10,000 x)"
    )
    print(
        f"  residual {float(found.residual):.1e}, draws: worst {float(drawn.residual.max()):.1e},"
        f" converged {float(drawn.converged.mean()):.2%},"
        f" iterations {float(drawn.iterations.mean()):.1f}"
        f" (at most {int(drawn.iterations.max())})"
    )
    agreement(results, trade, before, after, sigma, base, found, e, cost)


def agreement(results, trade, before, after, sigma, base, found, e, cost) -> None:
    """The peer's effects are conditional ones with p = 1/Pi; what it calls full is not fed back."""
    countries = list(results.index)
    ref, power = countries.index("DEU"), 1.0 / (1.0 - sigma)
    totals = trade.sum(1), trade.sum(0)
    old, new = (scale_to_totals(t, *totals, ref) for t in (before, after))
    price = (new.exporter / old.exporter) ** power
    inward = (old.importer / new.importer) ** power
    theirs = results["factory gate price change (percent)"].to_numpy(float)
    theirs_inward = results["imr change (percent)"].to_numpy(float)
    gap = np.abs(100 * (price - 1) - theirs).max()
    print(
        f"  its prices against conditional margins: {gap:.1e} pp, inward resistance "
        f"{np.abs(100 * (inward - 1) - theirs_inward).max():.1e} pp"
    )
    ours = 100 * (np.asarray(found.price / found.price_index[ref]) - 1)
    gdp = 100 * (np.asarray(found.price / found.price_index) - 1)
    theirs_gdp = results["GDP change (percent)"].to_numpy(float)
    print(
        f"  its 'full' prices against market clearing: {np.abs(ours - theirs).max():.3f} pp"
        f" (largest effect {np.abs(ours).max():.3f}), "
        f"real GDP {np.abs(gdp - theirs_gdp).max():.3f} pp"
    )
    sold = trade * after / before * ((1 + theirs / 100)[:, None] ** (1 - sigma))
    income = trade.sum(1) * (1 + theirs / 100)
    demand = (sold / sold.sum(0) * (trade.sum(0) / trade.sum(1) * income)).sum(1)
    left = np.abs(demand / income * income.sum() / demand.sum() - 1).max()
    cleared = np.asarray(flows(base, found, e, base.tariff, cost)).sum(1) / found.output - 1
    print(
        f"  goods markets left open by its solution: {left:.1e}; by ours: "
        f"{float(np.abs(cleared).max()):.1e}"
    )


def icio_48() -> TradeBase:
    """The 48 largest economies of the OECD tables, 2022, with their tariffs on goods."""
    table = read("oecd_icio_2011_2022_country_matrix").query("year == 2022")
    sales, goods, rate = (square(table, c) for c in ("total", "goods", "tariff_goods_weighted"))
    big = np.argsort(-sales.sum(1))[:48]
    tariff = np.nan_to_num(rate * goods / sales)[np.ix_(big, big)] * (1 - np.eye(48))
    added = np.random.default_rng(0).uniform(0.35, 0.65, 48)
    return calibrate(*(jnp.asarray(x) for x in (sales[np.ix_(big, big)], tariff, added)))


def synthetic(n: int) -> TradeBase:
    """States of very unequal size, 70 % of output sold at home, deficits within a tenth."""
    rng = np.random.default_rng(1)
    size = np.exp(rng.normal(0, 2, n))
    close = np.exp(rng.normal(-3, 1, (n, n)))
    np.fill_diagonal(close, 0.0)
    spending = size * rng.uniform(0.9, 1.1, n)
    spending *= size.sum() / spending.sum()
    sales = close * size[:, None] * size
    sales *= 0.3 * size.sum() / sales.sum()
    np.fill_diagonal(sales, 0.7 * size)
    for _ in range(300):
        sales *= (size / sales.sum(1))[:, None]
        sales *= spending / sales.sum(0)
    tariff = rng.uniform(0, 0.1, (n, n)) * (1 - np.eye(n))
    return calibrate(*(jnp.asarray(x) for x in (sales, tariff, rng.uniform(0.35, 0.65, n))))


def rates(name: str, base: TradeBase, rows: int) -> None:
    """Ten years per row: growth every year, a 25 % wall of the largest from the second year on."""
    n = base.output.size
    foreign = 1.0 - jnp.eye(n)
    largest = jnp.arange(n) == jnp.argmax(base.output)
    higher = base.tariff + 0.25 * largest * foreign

    def years(elasticity, key):
        def year(carry, key):
            price, endowment, k = carry
            endowment = endowment * jnp.exp(0.025 + 0.02 * jax.random.normal(key, (n,)))
            tariff = jnp.where(k >= 1, higher, base.tariff)
            found = solve(base, elasticity, endowment, tariff, jnp.ones((n, n)), price)
            return (found.price, endowment, k + 1), (found.converged, found.iterations)

        start = (jnp.ones(n), jnp.ones(n), jnp.int32(0))
        return jax.lax.scan(year, start, jax.random.split(key, 10))[1]

    def cold(elasticity, key):
        draw = jax.random.normal(key, (n,))  # a draw per pair would take longer than the solve
        endowment = jnp.exp(0.1 * draw)
        barrier = 1.0 + 0.1 * foreign * jnp.abs(draw[:, None] + draw)
        found = solve(base, elasticity, endowment, higher, barrier)
        return found.converged, found.iterations

    keys = jax.random.split(jax.random.key(0), rows)
    elasticities = jax.random.uniform(jax.random.key(1), (rows,), minval=2.0, maxval=8.0)
    for label, one, solves in (("warm, per year", years, 10), ("cold", cold, 1)):
        program = jax.jit(lambda e, k, one=one: jax.lax.map(lambda a: one(*a), (e, k)))
        each = median_seconds(partial(program, elasticities, keys), 5) / (rows * solves)
        converged, iterations = program(elasticities, keys)
        print(
            f"  {name} {label:15s} {each * 1e6:7.0f} us a solve and core, iterations "
            f"{float(iterations.mean()):.1f} (at most {int(iterations.max())}), "
            f"converged {float(converged.mean()):.2%}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rows, no 60-economy peer run")
    quick = parser.parse_args().quick
    against_peer("gegravity's sample", sample(), SAMPLE_COSTS, 5.0)
    if not quick:
        against_peer("Advanced Guide 2006", guide_60(), GUIDE_COSTS, 7.0)
    print("\nrates")
    rates("N=48 ", icio_48(), 100 if quick else 500)
    rates("N=196", synthetic(196), 20 if quick else 100)
    print("\nmany sectors")
    # In a process of its own: it sets how XLA uses the core before JAX starts.
    beside = Path(__file__).with_name("sectors.py")
    subprocess.run([sys.executable, str(beside), *(["--quick"] if quick else [])], check=True)


if __name__ == "__main__":
    main()
