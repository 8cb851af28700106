"""Ties: memberships of organisations and defence pacts, four and ten years after a window's year.

Each comes twice: ``all`` ties, in which staying counts, and ``new`` ones, in which only states
outside (pairs untied) in the window's year are forecast. Ours are the logits of ``models.ties``,
fitted to what came four and ten years after the three latest years from which that was known.
Baselines: persistence (what is stays, at the rates of the past), the record of the organisation
(of the pair's states), and one base rate. Organisations are those of the Correlates of War list
(to 2014), defence obligations those of ATOP (to 2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.evidence.backtest import Chances, Outlook, Past, Table
from comity.evidence.panels.tie_tables import FIRST, common_tables
from comity.evidence.panels.tie_traits import AFTER, CODES, Organised, Pacted, organised, pacted
from comity.models.institutions import ties

ORIGINS = 3  # years from which a fit learns
APART = 5
PENALTY = 3.0
PRIOR = 20.0  # rows of the whole that are added to a record


def origins(last: int, after: int) -> list[int]:
    """Return the years from which a forecast ``after`` years on can be learned, latest first."""
    return [year for year in range(last - after, FIRST - 1, -APART)][:ORIGINS]


def record(event: Float[ndarray, " R"], label: ndarray, wanted: ndarray) -> Float[ndarray, " W"]:
    """Return each wanted label's rate of events, drawn to the rate of all by ``PRIOR`` rows."""
    base = float(event.mean()) if len(event) else 0.0
    frame = pd.DataFrame({"label": label, "event": event})
    sums = frame.groupby("label").event.agg(["sum", "size"])
    rate = (sums["sum"] + PRIOR * base) / (sums["size"] + PRIOR)
    return rate.reindex(wanted).fillna(base).to_numpy(float)


def _bounded(chance: Float[ndarray, " R"]) -> Float[ndarray, " R"]:
    """Nothing is ruled out: a log score of a rate of nil would be infinite."""
    return np.clip(chance, 1e-5, 1.0 - 1e-5)


def _outlook(parts: list[tuple[pd.DataFrame, dict[str, ndarray]]]) -> Outlook:
    """Forecasts of all spans, one after the other."""
    rows = pd.concat([part[0] for part in parts], ignore_index=True)
    names = parts[0][1]
    return Outlook(
        rows, {name: Chances(np.concatenate([part[1][name] for part in parts])) for name in names}
    )


@dataclass(frozen=True)
class Memberships:
    """Full membership (1) or none (0) by organisation and state; see the module."""

    name: str
    new: bool
    unit: str = "1"
    scale: float = 1.0
    kind: Literal["continuous", "binary"] = "binary"
    first_window: int = 1990
    outcome: tuple[str, ...] = ("cow_igo_memberships",)
    blocks: tuple[str, ...] = ("organisation",)
    claimed: bool = False

    def tables(self) -> dict[str, Table]:
        """Read memberships, alliances and what describes states."""
        return common_tables()

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return memberships 4 and 10 years on of the organisations and states of ``last``."""
        rows = tables["igo"].rows
        now = organised(rows[rows["year"] <= last], last)
        found = [_member_rows(now, rows, last, after) for after in AFTER]
        return pd.concat(found, ignore_index=True)

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every organisation and state of the window's year; nothing is drawn."""
        return _outlook([self._after(past, after) for after in AFTER if after <= horizon])

    def _after(self, past: Past, after: int) -> tuple[pd.DataFrame, dict[str, ndarray]]:
        igo = past.table("igo")
        now = organised(igo, past.last)
        traits, outside = now.traits(past), ~now.inside
        learned = [_learn(past, igo, year, after) for year in origins(past.last, after)]
        seen = pd.concat([one[0] for one in learned], ignore_index=True)
        known = np.concatenate([one[1] for one in learned])
        found = {
            name: np.empty(traits.shape[0])
            for name in ("model", "persistence", "organisation's record", "base rate")
        }
        came = seen["event"].to_numpy(float)
        base = came[~seen["inside"].to_numpy(bool)].mean() if self.new else came.mean()
        found["base rate"][:] = base
        for place, was in ((outside, False), (~outside, True)):
            mine = seen["inside"].to_numpy(bool) == was
            if not mine.any() or not place.any():
                continue
            model = ties.fit(known[mine], came[mine], PENALTY)
            found["model"][place] = ties.chance(model, traits[place])
            found["persistence"][place] = came[mine].mean()
            found["organisation's record"][place] = record(
                came[mine], seen["organisation"].to_numpy()[mine], now.organisation[place]
            )
        rows = pd.DataFrame(
            {
                "unit": now.unit,
                "year": past.last + after,
                "size": 1.0,
                "organisation": now.organisation,
                "state": now.state,
            }
        )
        if self.new:
            del found["persistence"]
        kept = outside if self.new else np.ones(len(rows), bool)
        return rows[kept].reset_index(drop=True), {
            name: _bounded(value[kept]) for name, value in found.items()
        }


def _learn(
    past: Past, igo: pd.DataFrame, year: int, after: int
) -> tuple[pd.DataFrame, Float[ndarray, "R J"]]:
    """Return what came ``after`` a year, and the traits of that year."""
    then = organised(igo[igo["year"] <= year], year)
    came = _member_rows(then, igo, year, after).set_index("unit").value
    rows = pd.DataFrame(
        {
            "organisation": then.organisation,
            "inside": then.inside,
            "event": came.reindex(then.unit).to_numpy(float),
        }
    )
    ok = np.isfinite(rows["event"].to_numpy())
    return rows[ok], then.traits(past)[ok]


def _member_rows(now: Organised, igo: pd.DataFrame, last: int, after: int) -> pd.DataFrame:
    """Return full membership ``after`` years on; states that are gone have no row."""
    later = igo[igo["year"] == last + after]
    full = later[later["status"] == 1]
    there = (full["organisation"] * CODES + full["ccode"]).to_numpy()
    alive = np.isin(now.state, later["ccode"].unique())
    value = np.isin(now.unit, there).astype(float)
    rows = pd.DataFrame({"unit": now.unit, "year": last + after, "value": value})
    return rows[alive] if len(later) else rows[:0]


@dataclass(frozen=True)
class Pacts:
    """A defence obligation, either way, by pair of states; see the module."""

    name: str
    new: bool
    unit: str = "1"
    scale: float = 1.0
    kind: Literal["continuous", "binary"] = "binary"
    first_window: int = 1990
    outcome: tuple[str, ...] = ("atop_dyad_year",)
    blocks: tuple[str, ...] = ("ccode1", "ccode2")
    claimed: bool = False

    def tables(self) -> dict[str, Table]:
        """Read memberships, alliances and what describes states."""
        return common_tables()

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return obligations 4 and 10 years on between the states of ``last``."""
        rows, igo = tables["defence"].rows, tables["igo"].rows
        now = pacted(rows[rows["year"] <= last], igo[igo["year"] <= last], last)
        return pd.concat([now.later(rows, last + after) for after in AFTER], ignore_index=True)

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast every pair of the window's year; nothing is drawn."""
        return _outlook([self._after(past, after) for after in AFTER if after <= horizon])

    def _after(self, past: Past, after: int) -> tuple[pd.DataFrame, dict[str, ndarray]]:
        now = pacted(past.table("defence"), past.table("igo"), past.last)
        traits = now.traits(past)
        came, tied, known, first, second = self._learned(past, after)
        found = {
            name: np.empty(len(traits))
            for name in ("model", "persistence", "states' records", "base rate")
        }
        found["base rate"][:] = came[~tied].mean() if self.new else came.mean()
        for place, mine in ((~now.tied, ~tied), (now.tied, tied)):
            if not mine.any() or not place.any():
                continue
            model = ties.fit(known[mine], came[mine], PENALTY)
            found["model"][place] = ties.chance(model, traits[place])
            found["persistence"][place] = came[mine].mean()
            both = np.concatenate([first[mine], second[mine]])
            one, two = (
                record(np.tile(came[mine], 2), both, side[place])
                for side in (now.first, now.second)
            )
            found["states' records"][place] = np.sqrt(one * two)
        rows = pd.DataFrame(
            {
                "unit": now.unit,
                "year": past.last + after,
                "size": 1.0,
                "ccode1": now.first,
                "ccode2": now.second,
            }
        )
        if self.new:
            del found["persistence"]
        kept = ~now.tied if self.new else np.ones(len(rows), bool)
        return rows[kept].reset_index(drop=True), {
            name: _bounded(value[kept]) for name, value in found.items()
        }

    def _learned(
        self, past: Past, after: int
    ) -> tuple[ndarray, ndarray, ndarray, ndarray, ndarray]:
        """Return events, whether tied before, traits and both states over the fit's years."""
        parts = []
        defence, igo = past.table("defence"), past.table("igo")
        for year in origins(past.last, after):
            then: Pacted = pacted(defence[defence["year"] <= year], igo[igo["year"] <= year], year)
            came = then.later(defence, year + after).set_index("unit").value
            event = came.reindex(then.unit).to_numpy(float)
            ok = np.isfinite(event)
            parts.append(
                (event[ok], then.tied[ok], then.traits(past)[ok], then.first[ok], then.second[ok])
            )
        event, tied, traits, first, second = (
            np.concatenate([part[at] for part in parts]) for at in range(5)
        )
        return event, tied, traits, first, second
