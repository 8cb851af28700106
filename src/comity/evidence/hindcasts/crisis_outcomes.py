"""Challenges to states with a defence ally, and how they end, in the ten years after a window.

Forecast are the directed relevant pairs whose target has a defence ally in the window's year.
Each pair and year holds up to three events: a challenge; the target resists, if challenged; a
protector joins, if it resists (``crisis_panel`` has the rules).  Events that were not reached are
not scored, so that the log scores of a pair and year add up to that of its one outcome of four.
Ours is the strategic model, beside it the reduced form (``crisis_models``); baselines are the
pair's record of challenges with the shares of outcomes, and the shares alone.
Traits are held at the window's year; years of quiet follow every way that challenges can go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.evidence.backtest import Chances, Outlook, Past
from comity.evidence.backtest import Table as Dated
from comity.evidence.hindcasts import crisis_models as models
from comity.evidence.panels.crisis_panel import KEY, OUTCOME, PAIR, panel_rows
from comity.evidence.scoring import block_interval, log_event
from comity.models.force import dyad_hazard

STAGES = ("challenge", "target resists", "protector joins")
CODES = 1000  # State codes have three digits: a pair and stage is one number.


@dataclass(frozen=True)
class CrisisOutcomes:
    """Events (1) or none (0) by pair, stage and year."""

    name: str = "crisis outcomes"
    unit: str = "1"
    scale: float = 1.0
    kind: Literal["continuous", "binary"] = "binary"
    first_window: int = 1990
    outcome: tuple[str, ...] = OUTCOME
    blocks: tuple[str, ...] = ("ccode1", "ccode2")
    claimed: bool = True

    def tables(self) -> dict[str, Dated]:
        """Read the pair-years."""
        return {"pairs": Dated(panel_rows())}

    def seen(self, tables: Mapping[str, Dated], last: int) -> pd.DataFrame:
        """Return the events of pairs whose target had an ally the year before."""
        rows: Table = tables["pairs"].rows
        before = rows[rows["covered"] == 1][KEY].assign(year=lambda d: d["year"] + 1)
        rows = rows[rows["year"] > last].merge(before, on=KEY)
        reached = [rows["outcome"] >= 0, rows["outcome"] > 0, rows["outcome"] > 1]
        parts = [
            pd.DataFrame(
                {
                    "unit": unit(rows[here], stage),
                    "year": rows["year"][here],
                    "value": (rows["outcome"][here] > stage).astype(float),
                }
            )
            for stage, here in enumerate(reached)
        ]
        return pd.concat(parts, ignore_index=True)

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every pair at risk in the window's year; nothing is drawn."""
        known = past.table("pairs")
        found = models.train(known)
        now = models.records(known)
        now = now[(now["year"] == past.last) & (now["covered"] == 1)]
        forecasts = {
            "model": ahead(found, now, horizon, models.strategic),
            "multinomial logit": ahead(found, now, horizon, models.reduced),
            "pair's record": recorded(found, now, horizon),
            "shares": np.broadcast_to(found.shares[1:], (len(now), horizon, 3)),
        }
        rows = now[[*PAIR, "size"]].loc[now.index.repeat(horizon)].reset_index(drop=True)
        rows["year"] = np.tile(np.arange(past.last + 1, past.last + horizon + 1), len(now))
        whole = pd.concat(
            [rows.assign(unit=unit(rows, stage)) for stage in range(len(STAGES))],
            ignore_index=True,
        )
        return Outlook(whole, {name: Chances(staged(p)) for name, p in forecasts.items()})


def unit(rows: Table, stage: int) -> ndarray:
    """Return the number of each row's pair and stage."""
    pair = rows["ccode1"].astype(int) * CODES + rows["ccode2"].astype(int)
    return (pair * len(STAGES) + stage).to_numpy()


def ahead(
    found: models.Models,
    now: Table,
    horizon: int,
    chances: Callable[[models.Models, Table], Float[ndarray, "N J"]],
) -> Float[ndarray, "N H 3"]:
    """Return the chance of each way a challenge can end, in each of the coming years."""
    quiet = [chances(found, now.assign(quiet=now["quiet"] + h)) for h in range(horizon)]
    again = [chances(found, now.assign(quiet=float(h))) for h in range(horizon)]
    both = (np.stack(part, axis=1)[:, :, 1:] for part in (quiet, again))
    return dyad_hazard.chained(*both)


def recorded(found: models.Models, now: Table, horizon: int) -> Float[ndarray, "N H 3"]:
    """Return each pair's shrunk rate of challenges, ended as challenges end in general."""
    figures = (now[name].to_numpy(float) for name in ("challenges", "years"))
    rate = dyad_hazard.climatological_rate(found.scale.directed, *figures)
    ends = found.shares[1:] / found.shares[1:].sum()
    return np.repeat((rate[:, None] * ends)[:, None], horizon, axis=1)


def staged(ways: Float[ndarray, "N H 3"]) -> Float[ndarray, " R"]:
    """Return the chance of each stage if it is reached, stage after stage."""
    challenge = ways.sum(axis=2)
    resists = ways[:, :, 1:].sum(axis=2)
    parts = (challenge, resists / challenge, ways[:, :, 2] / resists)
    return np.concatenate([part.reshape(-1) for part in parts])


def by_stage(tables: Mapping[str, Dated], window: int, horizon: int = 10) -> pd.DataFrame:
    """Return mean log scores stage by stage, and the strategic model's less each other's.

    Returns
    -------
    pandas.DataFrame
        ``stage``, ``n``, ``events``, ``forecast``, ``log``; ``low`` and ``high``: 95 % of the
        strategic model's score less this one's, both states of a pair resampled (NaN for itself).
    """
    quantity = CrisisOutcomes()
    outlook = quantity.foresee(Past(window, tables), horizon, 0, 0)
    rows = outlook.rows.assign(row=np.arange(len(outlook.rows)))
    rows = rows.merge(quantity.seen(tables, window), on=["unit", "year"])
    made = []
    for stage, label in enumerate(STAGES):
        some = rows[rows["unit"] % len(STAGES) == stage]
        place, came = some["row"].to_numpy(), some["value"].to_numpy(float)
        blocks = [pd.factorize(some[name])[0].astype(np.int64) for name in quantity.blocks]
        points = {
            name: log_event(forecast.chance[place], came)
            for name, forecast in outlook.forecasts.items()
            if isinstance(forecast, Chances)
        }
        ours = next(iter(points.values()))
        for name, point in points.items():
            same = point is ours
            ends = (np.nan, np.nan) if same else block_interval(ours - point, blocks)
            made.append((label, len(some), int(came.sum()), name, float(point.mean()), *ends))
    heads = ["stage", "n", "events", "forecast", "log", "low", "high"]
    return pd.DataFrame(made, columns=heads)
