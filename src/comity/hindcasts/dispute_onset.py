"""Onset of militarized disputes by pair of states: forecast from T, scored on the ten years after.

A window ends at T: ``until`` cuts the panel there, and whatever is fitted, tuned or looked up
sees that cut only.  Scored are pairs that were politically relevant in T, in each later year in
which they still are; pairs that became relevant after T are not foreseen and not scored.
Baselines: the base rate of all pairs; each pair's own record shrunk to that of all
(beta-binomial); and conflict history, the same hazard with record and years of peace alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.stats import rankdata

from comity.data.panel.keys import Table
from comity.data.source import card, load
from comity.models import dyad_hazard
from comity.replications.dyads import (
    KEY,
    PAIR,
    of_both,
    peace_years,
    relevant_dyads,
    strong_link,
    weak_link,
)

FIRST = 1946  # Before the world wars' end both the states and the great powers were others.
HORIZON = 10
PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
TRAITS = ("ratio", "major", "land", "water", "defence", "democracy", "militarization", "trade")
BASELINES = ("base rate", "pair's record", "conflict history")
DRAWS = 1000


@dataclass(frozen=True)
class Score:
    """One score of one window against one baseline; smaller is better, but for ``auc``.

    ``low`` and ``high`` bound ours less baseline (95 %, bootstrap of pairs); ``last_year`` is
    the last year scored; ``coverage90`` is ``None``: an event has no interval.
    """

    quantity: str
    window: int
    score: str
    ours: float
    baseline: float
    baseline_name: str
    low: float
    high: float
    coverage90: float | None
    n: int
    last_year: int


@dataclass(frozen=True)
class Forecast:
    """Probabilities of an onset in the pair-years after ``window``.

    ``table`` has pair and year, ``ours`` and a column for each of ``BASELINES``.
    """

    window: int
    penalty: float
    table: pd.DataFrame


def panel(first: int = FIRST) -> pd.DataFrame:
    """Return relevant pair-years from ``first`` to the last year of the disputes, with traits.

    Years of peace count from 1816.  Traits are NaN where a source has no figure.
    """
    last = card("gml_mid_directed_dyad_year").years
    made = relevant_dyads(last[1] if last else FIRST)
    peace = peace_years(made.frame)
    late = np.asarray(made.frame["year"] >= first)
    late_rows = made.where(late).add_capabilities().add_regime().add_trade()
    rows: Table = late_rows.to_pandas().assign(peace=peace.to_numpy()[late])
    total: Table = load("cow_trade_v4_national", columns=["ccode", "year", "imports", "exports"])
    total["total"] = total["imports"] + total["exports"]
    rows = of_both(rows, total[["ccode", "year", "total"]])
    rows["milit1"] = rows["milper1"] / rows["tpop1"]
    rows["milit2"] = rows["milper2"] / rows["tpop2"]
    traded = strong_link(rows, "total")
    share = (rows["imports"] + rows["exports"]) / traded.where(traded > 0)
    found: Table = rows.assign(
        onset=rows["dispute_onset"],
        ongoing=rows["dispute_ongoing"],
        ratio=np.log(weak_link(rows, "cinc") / strong_link(rows, "cinc")),
        major=strong_link(rows, "major"),
        land=(rows["conttype"] == 1).astype(float),
        water=(rows["conttype"] > 1).astype(float),
        defence=rows["atop_defense"],
        democracy=weak_link(rows, "polyarchy"),
        militarization=weak_link(rows, "milit"),
        # The root, because shares pile up near zero.
        trade=np.sqrt(share.clip(0.0, 1.0)),
    )
    return found[[*KEY, "onset", "ongoing", "peace", *TRAITS]]


def until(rows: Table, last: int) -> pd.DataFrame:
    """Return the rows dated to ``last``: all that a window ending there may see."""
    return rows[rows.year <= last]


def records(known: Table) -> pd.DataFrame:
    """Return ``onsets`` and ``years`` of each pair over the rows given."""
    return known.groupby(PAIR).onset.agg(onsets="sum", years="size").astype(float)


def _traits(
    rows: Table, rate: Float[np.ndarray, " N"], names: tuple[str, ...]
) -> Float[np.ndarray, "N J"]:
    """Named traits and the log of the pair's shrunk rate."""
    return np.column_stack([rows[list(names)].to_numpy(float), np.log(rate)])


def train(
    known: Table, penalty: float, names: tuple[str, ...] = TRAITS
) -> tuple[dyad_hazard.Hazard, dyad_hazard.Climatology]:
    """Fit the hazard and the climatology to the rows given, sorted by pair and year.

    A row's record is that of the years before it.
    """
    record = records(known)
    climatology = dyad_hazard.fit_climatology(record.onsets.to_numpy(), record.years.to_numpy())
    pair = known.groupby(PAIR).onset
    before = (pair.cumsum() - known.onset).to_numpy(float)
    rate = dyad_hazard.climatological_rate(climatology, before, pair.cumcount().to_numpy(float))
    traits = _traits(known, rate, names)
    model = dyad_hazard.fit(
        traits, np.isfinite(traits), known.peace.to_numpy(float), known.onset.to_numpy(float),
        penalty,
    )
    return model, climatology


def foresee(
    known: Table, penalty: float, names: tuple[str, ...] = TRAITS, years: int = HORIZON
) -> pd.DataFrame:
    """Return forecasts of the pairs in the last year of ``known``, from those rows alone.

    Returns
    -------
    pandas.DataFrame
        ``ccode1``, ``ccode2``, ``year``, ``chance`` of an onset, the pair's ``rate`` and the
        ``base`` rate of all.
    """
    model, climatology = train(known, penalty, names)
    last = int(known.year.max())
    now = known[known.year == last].join(records(known), on=PAIR)
    rate = dyad_hazard.climatological_rate(
        climatology, now.onsets.to_numpy(), now.years.to_numpy()
    )
    traits = _traits(now, rate, names)
    peace = np.where(now.ongoing == 1, 0.0, now.peace + 1.0)
    chance = dyad_hazard.forecast(model, traits, np.isfinite(traits), peace, years)
    out = now[PAIR].loc[now.index.repeat(years)].reset_index(drop=True)
    out["year"] = np.tile(np.arange(last + 1, last + years + 1), len(now))
    return out.assign(
        chance=chance.reshape(-1), rate=np.repeat(rate, years), base=float(known.onset.mean())
    )


def choose_penalty(known: Table, penalties: tuple[float, ...] = PENALTIES) -> float:
    """Return the penalty that foresaw the last ten years of ``known`` best (log score)."""
    last = int(known.year.max())
    early = until(known, last - HORIZON)

    def loss(penalty: float) -> float:
        rows = foresee(early, penalty).merge(known[[*KEY, "onset"]], on=KEY)
        return float(log_scores(rows.chance.to_numpy(), rows.onset.to_numpy(float)).mean())

    return min(penalties, key=loss)


def forecast(window: int, rows: Table) -> Forecast:
    """Forecast the ten years after ``window`` from what ``rows`` has to it."""
    known = until(rows, window)
    penalty = choose_penalty(known)
    table = foresee(known, penalty)
    history = foresee(known, penalty, names=())
    names = {"chance": "ours", "base": "base rate", "rate": "pair's record"}
    table = table.rename(columns=names).assign(**{"conflict history": history.chance})
    return Forecast(window, penalty, table)


def brier_scores(
    p: Float[np.ndarray, " N"], y: Float[np.ndarray, " N"]
) -> Float[np.ndarray, " N"]:
    """Squared distance of probability and outcome."""
    return (p - y) ** 2


def log_scores(p: Float[np.ndarray, " N"], y: Float[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    """Minus the log probability of what came."""
    return -np.log(np.where(y == 1, p, 1.0 - p))


def auc(p: Float[np.ndarray, " N"], y: Float[np.ndarray, " N"]) -> float:
    """Chance that an event was given a higher probability than a non-event, ties half."""
    events = y == 1
    n = int(events.sum())
    if n in (0, len(y)):
        return float("nan")
    ranks = rankdata(p)
    return float((ranks[events].sum() - n * (n + 1) / 2) / (n * (len(y) - n)))


MEANS: tuple[tuple[str, Callable[..., Float[np.ndarray, " N"]]], ...] = (
    ("brier", brier_scores), ("log", log_scores),
)


def score(window: int, rows: pd.DataFrame | None = None, draws: int = DRAWS) -> list[Score]:
    """Score a window against each baseline.

    Parameters
    ----------
    window
        The last year that the forecast may see.
    rows
        A panel as ``panel`` returns; read anew when ``None``.
    draws
        Bootstrap draws of pairs for the interval of each difference.

    Returns
    -------
    list of Score
        ``brier``, ``log`` and ``auc`` against each of ``BASELINES``.
    """
    rows = panel() if rows is None else rows
    made = forecast(window, rows).table.merge(rows[[*KEY, "onset"]], on=KEY)
    y = made.onset.to_numpy(float)
    ours = made.ours.to_numpy()
    pair = made.groupby(PAIR).ngroup().to_numpy()
    found = []
    for name in BASELINES:
        other = made[name].to_numpy()
        results = [(kind, measure(ours, y), measure(other, y)) for kind, measure in MEANS]
        for kind, a, b in results:
            low, high = _interval(a - b, pair, draws)
            found.append((kind, float(a.mean()), float(b.mean()), name, low, high))
        found.append(("auc", auc(ours, y), auc(other, y), name,
                      *_auc_interval(ours, other, y, pair, draws // 10)))
    last = int(made.year.max())
    return [
        Score("dispute onset", window, kind, a, b, name, low, high, None, len(y), last)
        for kind, a, b, name, low, high in found
    ]


def _interval(
    difference: Float[np.ndarray, " N"], pair: np.ndarray, draws: int
) -> tuple[float, float]:
    """95 % interval of a mean difference, pairs of states drawn whole."""
    sums = np.bincount(pair, weights=difference)
    sizes = np.bincount(pair).astype(float)
    rng = np.random.default_rng(0)
    picks = rng.integers(0, len(sums), (draws, len(sums)))
    low, high = np.quantile(sums[picks].sum(axis=1) / sizes[picks].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def _auc_interval(
    ours: Float[np.ndarray, " N"],
    other: Float[np.ndarray, " N"],
    y: Float[np.ndarray, " N"],
    pair: np.ndarray,
    draws: int,
) -> tuple[float, float]:
    """95 % interval of a difference of areas, pairs of states drawn whole."""
    rng = np.random.default_rng(0)
    order = np.argsort(pair, kind="stable")
    size = np.bincount(pair)
    start = np.cumsum(size) - size
    gaps = []
    for _ in range(draws):
        picked = rng.integers(0, len(size), len(size))
        rows = np.concatenate([order[start[g] : start[g] + size[g]] for g in picked])
        gaps.append(auc(ours[rows], y[rows]) - auc(other[rows], y[rows]))
    low, high = np.quantile(gaps, [0.025, 0.975])
    return float(low), float(high)
