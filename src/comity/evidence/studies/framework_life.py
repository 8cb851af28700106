"""Do small frameworks replace universal ones, and which organisations end? Tests on COW IGO.

``python -m comity.evidence.studies.framework_life`` prints the figures of the page on frameworks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.sources.source import load
from comity.evidence.panels.igo_lives import FIRST, ended, memberships
from comity.evidence.scoring import block_interval, log_event
from comity.models.institutions import ties
from comity.models.institutions.framework_worth import substitution

UNIVERSAL, SMALL = 0.5, 0.2  # largest share of all states that an organisation ever had
LAGS = (0, 1, 3, 5)


def counts(rows: pd.DataFrame) -> tuple[Float[ndarray, "T N"], Float[ndarray, "T N"]]:
    """Return how many small and universal memberships each state has by year."""
    grid = rows.groupby(["year", "ccode"]).size().unstack().sort_index()
    tables = []
    for mine in (rows["most"] <= SMALL, rows["most"] >= UNIVERSAL):
        found = rows[mine].groupby(["year", "ccode"]).size().unstack()
        found = found.reindex(index=grid.index, columns=grid.columns)
        # A state with other memberships and none of these has nil, not an unknown number.
        tables.append(found.where(found.notna() | grid.isna(), 0.0).to_numpy(float))
    return tables[0], tables[1]


def substitutions() -> dict[int, tuple[float, float]]:
    """Return slope and error of new small memberships on new universal ones, by lag in years."""
    small, universal = counts(memberships())
    return {lag: substitution(small, universal, lag) for lag in LAGS}


def deadlock() -> tuple[float, float, int]:
    """Return the rank correlation of new small organisations with vetoes of the year before.

    Changes from year to year, so that two trends do not make a correlation; with its permutation
    p-value and the number of years.
    """
    rows = memberships()
    founded = rows[rows["most"] <= SMALL].groupby("ioname")["year"].min()
    years = np.arange(FIRST + 1, 2014)
    new = founded.value_counts().reindex(years).fillna(0.0).to_numpy(float)
    vetoes = load("unsc_vetoes", columns=["date"])
    when = pd.to_datetime(vetoes["date"], errors="coerce").dt.year
    cast = when.value_counts().reindex(years - 1).fillna(0.0).to_numpy(float)
    a, b = (pd.Series(np.diff(x)).rank().to_numpy() for x in (new, cast))
    seen = float(np.corrcoef(a, b)[0, 1])
    rng = np.random.default_rng(0)
    drawn = [abs(np.corrcoef(rng.permutation(a), b)[0, 1]) for _ in range(2000)]
    return seen, float(np.mean(np.array(drawn) >= abs(seen))), len(a)


class Ending(NamedTuple):
    """Endings foreseen ten years on: log scores, their difference, area, numbers."""

    window: int
    ours: float
    base: float
    low: float
    high: float
    area: float
    organisations: int
    ended: int


def endings(window: int, after: int = 10) -> Ending:
    """Foresee which organisations of a year are gone ``after`` years on, from earlier ones."""
    last = 2014
    span = min(after, last - window)
    parts = [ended(year, span) for year in range(window - span, FIRST + 4, -5)]
    known, came = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    traits, gone = ended(window, span)
    model = ties.fit(known, came, 3.0)
    chance = ties.chance(model, traits)
    base = np.full(len(gone), came.mean())
    gap = log_event(chance, gone) - log_event(base, gone)
    low, high = block_interval(gap, [np.arange(len(gap))])
    return Ending(
        window,
        float(log_event(chance, gone).mean()),
        float(log_event(base, gone).mean()),
        low,
        high,
        ties.area(chance, gone > 0.5),
        len(gone),
        int(gone.sum()),
    )


if __name__ == "__main__":
    for lag, (slope, error) in substitutions().items():
        print(f"lag {lag}: {slope:+.4f} (se {error:.4f})")
    print("vetoes: rho, p, years", deadlock())
    for window in (1985, 1995, 2004):
        print(endings(window))
