"""Dangerous dyads: which pairs of states start militarized disputes (Bremer 1992).

The published table is the replication in Miller's peacesciencer (article of July 2025, version
1.2.0): logit of the onset of a dispute in politically relevant dyads, 1816-2010, 106,056 rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.panels.dyads import (
    of_both,
    peace_years,
    relevant_dyads,
    strong_link,
    weak_link,
)
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.statistics import logit

LAST = 2010
OUTCOME = "dispute_onset"
# Name of the column, label of what is published, tolerance.  Rounded to 0.001 in the table; GDP
# per head is in dollars there, so that its coefficient and those of t^2 and t^3 are held to that.
PUBLISHED = (
    ("land", "land contiguity", 0.05),
    ("ratio", "CINC, lower over higher", 0.05),
    ("major", "major power in dyad", 0.05),
    ("defence", "defence pact", 0.05),
    ("democracy", "democracy, weak link", 0.05),
    ("wealth", "GDP per head, weak link", 0.0005),
    ("militarization", "militarization, minimum", 0.6),
    ("t", "t", 0.05),
    ("t2", "t^2", 0.0006),
    ("t3", "t^3", 0.0005),
    ("constant", "intercept", 0.05),
)
ROWS_TOLERANCE = 212.0  # 0.2 %


def frame(last: int = LAST) -> pd.DataFrame:
    """Return the pair-years with every column of the model, rows with missing figures included."""
    dyads: Table = relevant_dyads(last).add_capabilities().to_pandas()
    dyads = of_both(dyads, load("cow_state_year_democracy", columns=["ccode", "year", "aeuds"]))
    dyads = of_both(dyads, load("cow_state_year_gdppop", columns=["ccode", "year", "mrgdppc"]))
    dyads["milit1"] = dyads["milper1"] / dyads["tpop1"]
    dyads["milit2"] = dyads["milper2"] / dyads["tpop2"]
    peace = peace_years(dyads)
    return dyads.assign(
        constant=1.0,
        land=(dyads["conttype"] == 1).astype(float),
        ratio=weak_link(dyads, "cinc") / strong_link(dyads, "cinc"),
        major=strong_link(dyads, "major"),
        defence=dyads["atop_defense"],
        democracy=weak_link(dyads, "aeuds"),
        wealth=weak_link(dyads, "mrgdppc"),
        militarization=weak_link(dyads, "milit"),
        t=peace,
        t2=peace**2,
        t3=peace**3,
    )


def estimate(dyads: Table) -> tuple[logit.LogitFit, pd.DataFrame]:
    """Fit the model; return it and the complete rows it was fitted on."""
    names = [name for name, *_ in PUBLISHED]
    rows = dyads.dropna(subset=names)
    x, y = rows[names].to_numpy(float), rows[OUTCOME].to_numpy(float)
    return logit.fit(x, y), rows


@against_print("dangerous-dyads")
def run() -> list[Check | Ours]:
    """Compare the number of rows and every coefficient with the published table."""
    found, rows = estimate(frame())
    ours = [
        Ours(label, float(value), tolerance)
        for (_, label, tolerance), value in zip(
            PUBLISHED, np.asarray(found.coefficients), strict=True
        )
    ]
    rows_ = Ours("rows", float(len(rows)), ROWS_TOLERANCE)
    return [rows_, *ours, Check("converged (1 = yes)", 1.0, float(found.converged), 0.0)]
