"""Onset of militarized disputes by pair of states, in each of the ten years after a window's year.

Ours is ``models.dyad_hazard`` fitted to politically relevant pairs since 1946.  Forecast are the
pairs that are relevant in the window's year; scored is each later year in which they still are.
Baselines: conflict history, the same hazard with the pair's record and years of peace alone; the
record itself, shrunk to that of all pairs (beta-binomial); the base rate of all pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.data.sources.source import last_year, load
from comity.evidence.backtest import Chances, Outlook, Past
from comity.evidence.backtest import Table as Dated
from comity.evidence.panels.dyads import (
    KEY,
    PAIR,
    of_both,
    peace_years,
    relevant_dyads,
    strong_link,
    weak_link,
)
from comity.evidence.scoring import log_event
from comity.models.force import dyad_hazard

# What came, and which pairs are relevant.
OUTCOME = ("gml_mid_directed_dyad_year", "cow_contdir", "cow_majors", "cow_states")
FIRST = 1946  # Before the world wars' end both the states and the great powers were others.
TUNING = 10  # years before the window's own on which the penalty is chosen
PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
TRAITS = ("ratio", "major", "land", "water", "defence", "democracy", "militarization", "trade")
CODES = 1000  # State codes have three digits: a pair is one number.


@dataclass(frozen=True)
class DisputeOnset:
    """Onset of a dispute (1) or none (0) by pair and year."""

    name: str = "dispute onset"
    unit: str = "1"
    scale: float = 1.0
    kind: Literal["continuous", "binary"] = "binary"
    first_window: int = 1990
    outcome: tuple[str, ...] = OUTCOME
    blocks: tuple[str, ...] = ("ccode1", "ccode2")
    claimed: bool = True

    def tables(self) -> dict[str, Dated]:
        """Read the pair-years."""
        return {"dyads": Dated(panel())}

    def seen(self, tables: Mapping[str, Dated], last: int) -> pd.DataFrame:
        """Return onsets after ``last`` in the years in which a pair is relevant."""
        rows: Table = tables["dyads"].rows
        rows = rows[rows["year"] > last].dropna(subset=["onset"])
        return pd.DataFrame(
            {"unit": unit(rows), "year": rows["year"], "value": rows["onset"].astype(float)}
        )

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every pair that is relevant in the window's year; nothing is drawn."""
        known = past.table("dyads")
        penalty = choose_penalty(known, horizon)
        ours = foresee(known, penalty, horizon)
        history = foresee(known, penalty, horizon, names=())
        rows = ours.assign(unit=unit(ours))[["unit", "year", "size", *PAIR]]
        return Outlook(
            rows,
            {
                "model": Chances(ours.chance.to_numpy()),
                "conflict history": Chances(history.chance.to_numpy()),
                "pair's record": Chances(ours.rate.to_numpy()),
                "base rate": Chances(ours.base.to_numpy()),
            },
        )


def unit(rows: Table) -> ndarray:
    """Return the number of each row's pair."""
    return (rows["ccode1"].astype(int) * CODES + rows["ccode2"].astype(int)).to_numpy()


def panel(first: int = FIRST) -> pd.DataFrame:
    """Return relevant pair-years from ``first`` to the last year of ``OUTCOME``, with traits.

    Years of peace count from 1816.  Traits are NaN where a source has no figure.  Democracy is
    Polity's, coded year by year: V-Dem's is estimated from all years at once.
    """
    made = relevant_dyads(last_year(OUTCOME, "dispute_onset"))
    peace = peace_years(made.frame)
    late = np.asarray(made.frame["year"] >= first)
    added = made.where(late).add_capabilities().add_regime().add_trade()
    rows: Table = added.to_pandas().assign(peace=peace.to_numpy()[late])
    total: Table = load("cow_trade_v4_national", columns=["ccode", "year", "imports", "exports"])
    total["total"] = total["imports"] + total["exports"]
    rows = of_both(rows, total[["ccode", "year", "total"]])
    rows["milit1"] = rows["milper1"] / rows["tpop1"]
    rows["milit2"] = rows["milper2"] / rows["tpop2"]
    traded = strong_link(rows, "total")
    # A union's total stands with each of its members, and its flows are divided by the source.
    alone = rows["trade_joint"] == 0
    share = (rows["imports"] + rows["exports"]) / traded.where((traded > 0) & alone)
    found: Table = rows.assign(
        onset=rows["dispute_onset"],
        ongoing=rows["dispute_ongoing"],
        size=strong_link(rows, "cinc"),
        ratio=np.log(weak_link(rows, "cinc") / strong_link(rows, "cinc")),
        major=strong_link(rows, "major"),
        land=(rows["conttype"] == 1).astype(float),
        water=(rows["conttype"] > 1).astype(float),
        defence=rows["atop_defense"],
        democracy=weak_link(rows, "polity2_"),
        militarization=weak_link(rows, "milit"),
        # The root, because shares pile up near zero.
        trade=np.sqrt(share.clip(0.0, 1.0)),
    )
    return found[[*KEY, "onset", "ongoing", "peace", "size", *TRAITS]]


def records(known: Table) -> pd.DataFrame:
    """Return ``onsets`` and ``years`` of each pair over the rows given."""
    return known.groupby(PAIR).onset.agg(onsets="sum", years="size").astype(float)


def _traits(
    rows: Table, rate: Float[ndarray, " N"], names: tuple[str, ...]
) -> Float[ndarray, "N J"]:
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
        traits,
        np.isfinite(traits),
        known.peace.to_numpy(float),
        known.onset.to_numpy(float),
        penalty,
    )
    return model, climatology


def foresee(
    known: Table, penalty: float, years: int, names: tuple[str, ...] = TRAITS
) -> pd.DataFrame:
    """Return forecasts of the pairs in the last year of ``known``, from those rows alone.

    Returns
    -------
    pandas.DataFrame
        ``ccode1``, ``ccode2``, ``year``, ``size``, ``chance`` of an onset, the pair's ``rate``
        and the ``base`` rate of all.
    """
    model, climatology = train(known, penalty, names)
    last = int(known.year.max())
    now = known[known.year == last].join(records(known), on=PAIR)
    rate = dyad_hazard.climatological_rate(climatology, now.onsets.to_numpy(), now.years.to_numpy())
    traits = _traits(now, rate, names)
    peace = np.where(now.ongoing == 1, 0.0, now.peace + 1.0)
    chance = dyad_hazard.forecast(model, traits, np.isfinite(traits), peace, years)
    out = now[[*PAIR, "size"]].loc[now.index.repeat(years)].reset_index(drop=True)
    out["year"] = np.tile(np.arange(last + 1, last + years + 1), len(now))
    return out.assign(
        chance=chance.reshape(-1), rate=np.repeat(rate, years), base=float(known.onset.mean())
    )


def choose_penalty(known: Table, years: int, penalties: tuple[float, ...] = PENALTIES) -> float:
    """Return the penalty that foresaw the last ``TUNING`` years of ``known`` best (log score)."""
    early = known[known.year <= int(known.year.max()) - TUNING]

    def loss(penalty: float) -> float:
        rows = foresee(early, penalty, min(years, TUNING)).merge(known[[*KEY, "onset"]], on=KEY)
        return float(log_event(rows.chance.to_numpy(), rows.onset.to_numpy(float)).mean())

    return min(penalties, key=loss)


def auc(chance: Float[ndarray, " N"], came: Float[ndarray, " N"]) -> float:
    """Return the chance that an event was given more than a non-event was, ties half."""
    _, level = np.unique(chance, return_inverse=True)
    events = np.bincount(level, weights=came)
    others = np.bincount(level, weights=1.0 - came)
    pairs = float(events.sum() * others.sum())
    below = np.cumsum(others) - 0.5 * others
    return float(events @ below) / pairs if pairs > 0 else float("nan")


def areas(tables: Mapping[str, Dated], window: int, horizon: int = 10) -> dict[str, float]:
    """Return the area under the curve of each forecast from a window."""
    quantity = DisputeOnset()
    outlook = quantity.foresee(Past(window, tables), horizon, 0, 0)
    rows = outlook.rows.assign(row=np.arange(len(outlook.rows)))
    rows = rows.merge(quantity.seen(tables, window), on=["unit", "year"])
    place, came = rows.row.to_numpy(), rows.value.to_numpy(float)
    return {
        name: auc(forecast.chance[place], came)
        for name, forecast in outlook.forecasts.items()
        if isinstance(forecast, Chances)
    }
