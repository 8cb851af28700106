"""CINC: the composite index of national capability from its six components, 1816-2022."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pandas as pd

from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.replications.base import Check
from comity.models.force.capabilities import COMPONENTS, cinc

# From 2017 urban population has another source: the level of the index shifts there.
BREAK = 2017
LARGE = 1e-3


def recomputed(table: Table) -> pd.Series:
    """Return the index of each row of a table with ``ccode``, ``year`` and the six components.

    All years go through the model at once as years by states by components, padded with
    unknown where a state is not in the system.
    """
    year, first = np.unique(table.year, return_inverse=True)
    state, second = np.unique(table.ccode, return_inverse=True)
    cube = np.full((len(year), len(state), len(COMPONENTS)), np.nan)
    cube[first, second] = table[list(COMPONENTS)].astype(float).to_numpy(na_value=np.nan)
    known = np.isfinite(cube)
    index = cinc(jnp.asarray(np.where(known, cube, 0.0)), jnp.asarray(known))
    values = np.where(index.known, index.index, np.nan)[first, second]
    return pd.Series(values, index=table.index)


def compare(table: Table, label: str) -> list[Check]:
    """Compare the recomputed index with the published column ``cinc`` row by row."""
    ours = recomputed(table)
    large = table.cinc > LARGE
    relative = (ours / table.cinc - 1).abs()
    absolute = (ours - table.cinc).abs()
    within = (relative <= 0.01).where(large, absolute <= 1e-5)
    return [
        Check(f"{label}: rows within tolerance", float(len(table)), float(within.sum()), 0.0),
        Check(f"{label}: largest relative gap above 0.001", 0.0, _worst(relative[large]), 0.01),
        Check(f"{label}: largest gap below 0.001", 0.0, _worst(absolute[~large]), 1e-5),
    ]


def _worst(gaps: pd.Series) -> float:
    """Largest gap; infinite where one could not be computed, so that it cannot pass."""
    return float(gaps.fillna(np.inf).max())


def run() -> list[Check]:
    """Compare with NMC 7.0 before and after the break, and with NMC 6.0."""
    seven: Table = load("cow_nmc")
    six = load("cow_nmc_v6")
    before = seven[seven.year < BREAK]
    after = seven[seven.year >= BREAK]
    return [
        *compare(before, f"NMC 7.0, 1816-{BREAK - 1}"),
        *compare(after, f"NMC 7.0, {BREAK}-2022"),
        *compare(six, "NMC 6.0, 1816-2016"),
    ]
