"""Numbers of ``growth`` that all states share, from figures to 2019."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.data.tables.growth import PARAMETERS_TO, panel
from comity.evidence.estimates import Figures
from comity.models.people.growth_on_a_panel import (
    GrowthPanel,
    deviations,
    fit_reversion,
    fit_world,
    reversion_errors,
    world_factor,
    yearly_sd,
)
from comity.registry.states import convert


def world() -> Figures:
    """Return the common factor's numbers with standard errors of an AR(1).

    The mean itself stands in the snapshot's growth table; the book holds its error.
    """
    found = fit_world(world_factor(panel().up_to(PARAMETERS_TO)))
    kept, years = found.persistence**2, found.years
    return {
        "growth.world_sd": {
            "value": found.sd,
            "sd": float(np.sqrt((1 + kept) / (1 - kept) / (2 * years))),
        },
        "growth.world_persistence": {
            "value": found.persistence,
            "sd": float(np.sqrt((1 - kept) / years)),
        },
        "growth.world_mean_error": {"sd": found.mean_error},
    }


def trends() -> Figures:
    """Return the error of the log of the spread of trends; the factor itself is 1 by definition."""
    error = reversion_errors(panel().up_to(PARAMETERS_TO))
    return {"growth.trend_sd_scale": {"sd": float(error["log_spread"])}}


class Calm(NamedTuple):
    """Spreads of growth on all state-years, and without those at war between states.

    ``world``, ``trends``: both fits; ``own``: log change of each state's yearly spread.
    """

    world: tuple[float, float]
    trends: tuple[float, float]
    own: pd.Series
    left_out: int


def without_wars() -> Calm:
    """Fit what spreads the growth of states again without state-years at war (rule 3).

    Sides of armed conflict between states to 2019 (gleditsch2002armed), of any intensity;
    Russia and Ukraine since 2022.
    """
    full = panel()
    war = at_war(full.growth)
    calm = GrowthPanel(full.growth.mask(war), full.population, full.size)
    both = [one.up_to(PARAMETERS_TO) for one in (full, calm)]
    last = int(full.size.index[-1])
    before, after = (yearly_sd(deviations(one), full.size.T[last], last) for one in (full, calm))
    worlds = [fit_world(world_factor(one)).sd for one in both]
    trends = [fit_reversion(one).spread for one in both]
    own = pd.Series(np.log(after.to_numpy() / before.to_numpy()), before.index)
    left_out = int((war & full.growth.notna()).to_numpy().sum())
    return Calm((worlds[0], worlds[1]), (trends[0], trends[1]), own, left_out)


def at_war(like: pd.DataFrame) -> pd.DataFrame:
    """Return True in the years x states in which a state is a side in a war between states."""
    rows: Table = load("ucdp_acd", ["year", "gwno_a", "gwno_b", "type_of_conflict"])
    rows = rows[rows["type_of_conflict"] == "interstate"].dropna()
    found = pd.DataFrame(False, like.index, like.columns)
    found.loc[2022:, ["RUS", "UKR"]] = True
    for side in ("gwno_a", "gwno_b"):
        ids = convert(rows[side].astype(int), "gw", "id", rows["year"].to_numpy())
        for year, state in zip(rows["year"], ids, strict=True):
            if state in found and year in found.index:
                found.loc[year, state] = True
    return found
