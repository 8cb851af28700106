"""From what a solver found to the tables of a result: effects, flows, sectors, exposure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from comity.core.parameters import Parameter
from comity.core.words import words
from comity.registry.sizes import Size, size_of, smallest
from comity.trade import left_out
from comity.trade.files import Case
from comity.trade.result import EFFECTS, Result
from comity.trade.shock import Shock, Stage

LEVELS = (5.0, 95.0)


def assembled(
    case: Case,
    ground: Stage,
    model: str,
    world: str,
    draws: int,
    seed: int,
    solved: tuple[Any, Any, Shock, tuple[Parameter, ...]],
) -> Result:
    """Result of what the solver of either model found."""
    central, many, shock, numbers = solved
    states = ground.world.states
    sectors = pd.DataFrame(columns=["id", "sector", "before", "after", "change"])
    if model == "sectors":
        values, low, high, failed = _of_sectors(central)
        gained = central.drawn.get("consumption")
        sectors = _by_sector(central)
        if np.any(shock.agreement != 0) or np.any(shock.forbidden > 0):
            case = replace(case, notes=(*case.notes, words("comity.trade")["note.drawn"]))
        before, after = central.before.sum(0), central.after.sum(0)
        spread = np.full((2, *before.shape), np.nan)
    else:
        values = {name: np.asarray(getattr(central, name)) for name in EFFECTS}
        low, high, failed = _spread_of(many)
        gained = None if many is None else np.asarray(many.consumption)
        if many is not None:
            apart = left_out.notes(numbers, seed, np.asarray(many.converged))
            case = replace(case, notes=(*case.notes, *apart))
        before, after = np.asarray(ground.world.sales), np.asarray(central.flows)
        traded = np.where(before > 0, before, np.nan)
        spread = _quantiles(np.asarray(many.flows) / traded - 1.0) if many else None
    members = {
        entity: tuple(np.array(ground.over.full.states)[row > 0].tolist())
        for entity, row in zip(states, ground.over.member, strict=True)
    }
    return Result(
        case=case,
        model=model,
        world=world,
        draws=draws,
        seed=seed,
        effects=_effects(states, values, low, high, _exposure(ground, shock)),
        sizes=_sizes(states, values["consumption"][None] if gained is None else gained),
        flows=_flows(states, before, after, spread),
        sectors=sectors,
        members=members,
        numbers=numbers,
        warnings=ground.warnings,
        failed=failed,
        converged=bool(central.converged),
        residual=float(central.residual),
    )


def _sizes(states: tuple[str, ...], gained: np.ndarray) -> dict[str, Size]:
    """What the effect on each state's consumption is called, over the draws (or the one)."""
    least = smallest("consumption.mean")
    if least is None:
        return {}
    named = {
        state: size_of(100.0 * column, least.value)
        for state, column in zip(states, gained.T, strict=True)
    }
    return {state: size for state, size in named.items() if size is not None}


def _of_sectors(outcome: Any) -> tuple[dict, dict, dict, int]:
    words = {"prices": "price_index"}
    keys = {name: words.get(name, name) for name in EFFECTS}
    values, low, high = (
        {name: found[key] for name, key in keys.items() if key in found}
        for found in (outcome.effects, outcome.low, outcome.high)
    )
    return values, low, high, outcome.failed_draws


def _by_sector(outcome: Any) -> pd.DataFrame:
    """Gross output by sector and state, before and after."""
    before, after = outcome.before.sum(2).T, outcome.after.sum(2).T
    index = pd.MultiIndex.from_product([outcome.states, outcome.sectors], names=["id", "sector"])
    frame = pd.DataFrame({"before": before.ravel(), "after": after.ravel()}, index=index)
    frame["change"] = 100 * (frame["after"] / frame["before"].where(frame["before"] > 0) - 1)
    return frame.reset_index()


def _spread_of(many: Any) -> tuple[dict, dict, int]:
    if many is None:
        return {}, {}, 0
    spread = {name: _quantiles(np.asarray(getattr(many, name))) for name in EFFECTS}
    failed = int((~np.asarray(many.converged)).sum())
    return (
        {name: both[0] for name, both in spread.items()},
        {name: both[1] for name, both in spread.items()},
        failed,
    )


def _quantiles(values: np.ndarray) -> np.ndarray:
    """5 and 95 % over solved draws; NaN where there are none."""
    solved = values[np.isfinite(values.reshape(len(values), -1)).any(1)]
    if not len(solved):
        return np.full((2, *values.shape[1:]), np.nan)
    return np.percentile(solved, LEVELS, axis=0)


def _exposure(ground: Stage, shock: Shock) -> np.ndarray:
    """Base-year exports and imports whose conditions change, over value added."""
    world = ground.world
    sales = np.asarray(world.sales) * (1.0 - np.eye(world.count))
    touched = sales * shock.touched
    value_added = np.asarray(world.value_added_share) * np.asarray(world.sales).sum(1)
    return (touched.sum(1) + touched.sum(0)) / value_added


def _effects(
    states: tuple[str, ...],
    values: Mapping[str, np.ndarray],
    low: Mapping[str, np.ndarray],
    high: Mapping[str, np.ndarray],
    exposure: np.ndarray,
) -> pd.DataFrame:
    blank = np.full(len(states), np.nan)
    parts = [
        pd.DataFrame(
            {
                "id": states,
                "effect": name,
                "value": 100 * values.get(name, blank),
                "low": 100 * low.get(name, blank),
                "high": 100 * high.get(name, blank),
            }
        )
        for name in EFFECTS
    ]
    blank_columns = {"low": blank, "high": blank}
    last = {"id": states, "effect": "exposure", "value": 100 * exposure} | blank_columns
    return pd.concat([*parts, pd.DataFrame(last)], ignore_index=True)


def _flows(
    states: tuple[str, ...], before: np.ndarray, after: np.ndarray, spread: np.ndarray | None
) -> pd.DataFrame:
    apart = ~np.eye(len(states), dtype=bool)
    row, column = np.nonzero(apart & (before > 0))
    low, high = spread if spread is not None else np.full((2, *before.shape), np.nan)
    return pd.DataFrame(
        {
            "exporter": np.array(states)[row],
            "importer": np.array(states)[column],
            "before": before[row, column],
            "after": after[row, column],
            "change": 100 * (after[row, column] / before[row, column] - 1.0),
            "low": 100 * low[row, column],
            "high": 100 * high[row, column],
        }
    )
