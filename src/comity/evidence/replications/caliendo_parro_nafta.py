"""NAFTA's tariff cuts in 31 economies and 40 sectors (Caliendo and Parro 2015, table 2).

The data of 1993 do not add up in every cell, so the world is brought to rest first, with the
aggregate deficits of 1993 or with none; then tariffs between the three members go to those of
2005. Welfare is the paper's first-order sum of terms of trade and volume of trade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float

import comity.core.runtime  # noqa: F401  (float64, before any JAX work)
from comity.data.sources.source import load
from comity.evidence.replications.base import Ours, against_print
from comity.models.trade.caliendo_parro import SectorBase, calibrate, first_order, settle, solve

MEMBERS = ("Mexico", "Canada", "USA")
COLUMNS = ("welfare", "terms of trade", "volume of trade", "real wage")
RULES = ("no deficits", "deficits kept")
TOLERANCE = 0.01  # percentage points


@dataclass(frozen=True)
class Nafta:
    """The data: economies, the base year as it stands, elasticities, tariffs after NAFTA."""

    economies: list[str]
    raw: SectorBase
    elasticity: Float[Array, " J"]
    after: Float[Array, "J N N"]


class Effects(NamedTuple):
    """Effects in per cent; ``consumption`` is the exact change, not printed in the paper."""

    welfare: Float[np.ndarray, " N"]
    terms_of_trade: Float[np.ndarray, " N"]
    volume_of_trade: Float[np.ndarray, " N"]
    real_wage: Float[np.ndarray, " N"]
    consumption: Float[np.ndarray, " N"]


def _cube(frame: pd.DataFrame, keys: list[tuple[str, list[str]]], value: str) -> np.ndarray:
    """Long table to an array with one axis a key, in the order of the given labels."""
    places = tuple(pd.Index(labels).get_indexer(pd.Index(frame[k])) for k, labels in keys)
    out = np.full([len(labels) for _, labels in keys], np.nan)
    out[places] = frame[value]
    return out


def data() -> Nafta:
    """Read the paper's data and set the base year up."""
    trade, theta = load("cp2015_nafta_trade"), load("cp2015_nafta_theta")
    sectors, economies = theta["sector"].tolist(), sorted(trade["exporter"].unique())
    pair = [("sector", sectors), ("exporter", economies), ("importer", economies)]
    sales, before, after = (_cube(trade, pair, c) for c in ("value", "tariff_bln", "tariff_cfl"))
    local = [("sector", sectors), ("region", economies)]
    added = _cube(load("cp2015_nafta_value_added"), local, "value")
    final = _cube(load("cp2015_nafta_final_consumption"), local, "value")
    use = load("cp2015_nafta_intermediate_consumption")
    inputs = _cube(use, [("region", economies), ("input", sectors), ("sector", sectors)], "value")
    costs = added + inputs.sum(1).T
    raw = calibrate(
        jnp.asarray(sales),
        jnp.asarray(before),
        jnp.asarray(added / costs),
        jnp.asarray(inputs / costs.T[:, None, :]),
        jnp.asarray(final / final.sum(0)),
    )
    return Nafta(economies, raw, jnp.asarray(theta["value"].to_numpy(float)), jnp.asarray(after))


@jax.jit
def _effects(
    raw: SectorBase,
    elasticity: Float[Array, " J"],
    after: Float[Array, "J N N"],
    deficit: Float[Array, " N"],
):
    base, rest = settle(raw, elasticity, deficit=deficit)
    ones = jnp.ones_like(after)
    found = solve(base, elasticity, jnp.ones_like(deficit), after, ones)
    parts = first_order(base, found, elasticity, after, ones)
    return parts, found, rest.converged & found.converged


def effects(nafta: Nafta, deficits: bool) -> Effects:
    """Effects of NAFTA on every economy, NaN where a solve failed."""
    deficit = nafta.raw.deficit if deficits else jnp.zeros_like(nafta.raw.deficit)
    parts, found, converged = _effects(nafta.raw, nafta.elasticity, nafta.after, deficit)
    terms, volume = np.asarray(parts.terms_of_trade), np.asarray(parts.volume_of_trade)
    wage, spent = np.asarray(found.real_wage) - 1.0, np.asarray(found.consumption) - 1.0
    columns = (terms + volume, terms, volume, wage, spent)
    return Effects(*(100.0 * np.where(converged, column, np.nan) for column in columns))


@against_print("caliendo-parro-nafta")
def run() -> list[Ours]:
    """All 24 numbers of the table: three members, four effects, two rules for deficits."""
    nafta = data()
    found = {rule: effects(nafta, deficits=rule == "deficits kept") for rule in RULES}
    return [
        Ours(
            f"{member}, {name} (%, {rule})",
            float(ours[column][nafta.economies.index(member)]),
            TOLERANCE,
        )
        for rule, ours in found.items()
        for member in MEMBERS
        for column, name in enumerate(COLUMNS)
    ]
