"""Military spending in the base year and the stock that past spending has left.

The stock follows the perpetual inventory: K(t) = (1 - d) K(t-1) + spending(t), started at
spending / (d + g), with g the growth of the first ten years.  It accumulates all spending, pay
included, because purchases alone are not published for most states: a measure of accumulated
effort, not the value of equipment.
"""

import numpy as np
import pandas as pd

from comity.data.sources import sipri_milex
from comity.data.sources.sanity import column, figure
from comity.data.sources.source import load
from comity.registry.states import ids

BASE = 2024
# Declining balance of 1.65 over a service life of 20 years, the Bureau of Economic Analysis's
# rate for combat vehicles (fraumeni1997measurement); ships 0.055, aircraft about 0.1.
DEPRECIATION = 1.65 / 20
# An older figure says too little about today, except where it is the only one published.
OLDEST = 2018


def base_year_spending(series: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Return columns milex (million current USD) and milex_status, indexed by id.

    SIPRI's figure of the base year, else the fact of a named other year, else SIPRI's last
    figure since 2018, else missing.
    """
    have = series.dropna(subset=["current"])
    latest = have.sort_values("year").groupby("id").tail(1).set_index("id")
    rows = {}
    for own in ids(BASE):
        now = own in latest.index and figure(latest, own, "year") == BASE
        fact = figure(facts, own, "milex_usd_bn") * 1e3 if own in facts.index else np.nan
        if now:
            rows[own] = (figure(latest, own, "current"), "SIPRI 2024")
        elif np.isfinite(fact):
            rows[own] = (fact, f"fact of {facts.at[own, 'milex_year']:.0f}")
        elif own in latest.index and figure(latest, own, "year") >= OLDEST:
            rows[own] = (figure(latest, own, "current"), f"SIPRI {latest.at[own, 'year']}")
        else:
            rows[own] = (np.nan, "none")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["milex", "milex_status"])


def stock(spending: pd.Series, depreciation: float = DEPRECIATION) -> float:
    """Return the stock at the end of a series of yearly spending.

    Parameters
    ----------
    spending
        Spending at constant prices indexed by year, ending in the base year; gaps are filled
        by straight lines inside the series.
    depreciation
        Share of the stock lost in a year, 0 to 1.

    Returns
    -------
    float
        The stock in the unit of ``spending``; NaN for an empty series.
    """
    known = spending.dropna()
    if known.empty:
        return np.nan
    years = np.arange(known.index[0], known.index[-1] + 1)
    flow = np.interp(years, known.index.to_numpy(float), known.to_numpy(float))
    first = flow[: min(10, len(flow))]
    growth = 0.0
    if len(first) > 1 and first[0] > 0 and first[-1] > 0:
        growth = float(np.clip(np.log(first[-1] / first[0]) / (len(first) - 1), 0.0, 0.1))
    held = flow[0] / (depreciation + growth)
    for amount in flow[1:]:
        held = (1 - depreciation) * held + amount
    return float(held)


def military_stock(series: pd.DataFrame, spending: pd.DataFrame) -> pd.Series:
    """Return the stock of each state in million constant 2023 USD, indexed by id.

    Where SIPRI's series stops before the base year, the base-year figure (a fact or the last
    SIPRI figure) closes it, put into 2023 dollars by SIPRI's own ratio for the United States.
    A state with that one figure only gets the stock at which spending just replaces losses.
    """
    usa = series[(series["id"] == "USA") & (series["year"] == BASE)].iloc[0]
    deflator = usa["constant"] / usa["current"]
    rows = {}
    for own in ids(BASE):
        mine = series.query("id == @own").set_index("year")
        flow = column(mine, "constant").dropna().to_dict() if len(mine) else {}
        now = figure(spending, own, "milex")
        if not np.isfinite(now):
            rows[own] = np.nan
            continue
        if BASE not in flow or spending.at[own, "milex_status"] != "SIPRI 2024":
            flow[BASE] = now * deflator
        rows[own] = stock(pd.Series(flow).sort_index())
    return pd.Series(rows)


def base_year() -> pd.DataFrame:
    """Return columns milex, milex_status, military_stock, indexed by id."""
    series = sipri_milex.tidy()
    facts = load("facts_states").set_index("iso3")
    out = base_year_spending(series, facts)
    out["military_stock"] = military_stock(series, out)
    return out
