"""Growth of GDP and of population by state and year, as rows that a past can be cut from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.evidence.backtest import Past
from comity.models.people.growth_on_a_panel import GrowthPanel


def read_panel() -> pd.DataFrame:
    """Return ``unit``, ``year``, ``growth``, ``population`` (log, 1/year) and ``size``."""
    from comity.data.tables.growth import panel

    full = panel()
    columns = {"growth": full.growth, "population": full.population, "size": full.size}
    rows = pd.concat(
        {
            name: frame.rename_axis(index="year", columns="unit").stack()
            for name, frame in columns.items()
        },
        axis=1,
    )
    return rows.reset_index().sort_values(["unit", "year"], ignore_index=True)


def wide(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return years x units of one column; every year from the first to the last."""
    table = rows.pivot(index="year", columns="unit", values=value)
    years = range(int(rows.year.min()), int(rows.year.max()) + 1) if len(rows) else []
    return table.reindex(list(years))


def long(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``unit``, ``year``, ``value`` of a years x units table, without what is missing."""
    years, units = np.indices(table.shape)
    rows = pd.DataFrame(
        {
            "unit": table.columns.to_numpy()[units.ravel()],
            "year": table.index.to_numpy()[years.ravel()],
            "value": table.to_numpy(float).ravel(),
        }
    )
    return rows.dropna().reset_index(drop=True)


def panel_of(past: Past) -> GrowthPanel:
    """Return the panel of states with any figure of growth by the end of the past."""
    rows = past.table("growth")
    rows = rows[rows.unit.isin(rows.unit[rows.growth.notna()].unique())]
    return GrowthPanel(*(wide(rows, name) for name in ("growth", "population", "size")))


def log_levels(panel: GrowthPanel) -> Float[ndarray, "T N"]:
    """Return logs of GDP, nil in the last year; NaN before a gap."""
    growth = panel.growth.to_numpy(float)
    back = np.cumsum(growth[::-1], axis=0)[::-1]
    return np.vstack([-back, np.zeros(growth.shape[1])])
