"""Trade of US states and Canadian provinces in 1993: how much a border takes away.

Ordinary least squares of log trade between 40 regions, as seen from Canada, from the USA, and
pooled [feenstra2004advanced, table 5.2; anderson2003gravity for the data]. Pairs without trade and
sales within a region are left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Ours, against_print
from comity.models.trade.gravity import GravityFit, estimate

SIZE = ["log_gdp_exporter", "log_gdp_importer", "log_distance"]
# Sample: terms beside the size of both and their distance.
SAMPLES = {
    "Canada": ["intra_canada"],
    "USA": ["intra_us"],
    "pooled": ["intra_canada", "intra_us"],
}


def pairs() -> pd.DataFrame:
    """Pairs of regions that trade, with the regressors."""
    size = load("us_canada_1993_gdp")
    table = (
        load("us_canada_1993_trade")
        .merge(load("us_canada_1993_dist"), on=["c_e", "c_I"], validate="one_to_one")
        .merge(size[["c_e", "gdp_ce"]], on="c_e", validate="many_to_one")
        .merge(size[["c_I", "gdp_ci"]], on="c_I", validate="many_to_one")
    )
    table = table[table["c_e"] != table["c_I"]]
    canada = (table["l_ex"] == 2) & (table["l_im"] == 2)
    usa = (table["l_ex"] == 1) & (table["l_im"] == 1)
    return table.assign(
        log_gdp_exporter=np.log(table["gdp_ce"]),
        log_gdp_importer=np.log(table["gdp_ci"]),
        log_distance=np.log(table["dist"]),
        intra_canada=canada.astype(float),
        intra_us=usa.astype(float),
    )


def regressions(table: pd.DataFrame) -> dict[str, tuple[GravityFit, float]]:
    """Fit the three samples; each with its R squared."""
    samples = {
        "Canada": table[table["intra_us"] == 0],
        "USA": table[table["intra_canada"] == 0],
        "pooled": table,
    }
    found = {}
    for name, sample in samples.items():
        terms = [*SIZE, *SAMPLES[name]]
        fit = estimate(sample, "vx", terms, method="log-ols", robust=False)
        rows = sample[sample["vx"] > 0]
        y = np.log(rows["vx"].to_numpy(float))
        left = y - np.log(fit.ease(rows)) - fit.coefficient("Intercept")
        found[name] = fit, float(1.0 - (left @ left) / ((y - y.mean()) @ (y - y.mean())))
    return found


@against_print("us-canada")
def run() -> list[Ours]:
    """Coefficients, fit and observations of the three samples."""
    found = []
    for name, (fit, share) in regressions(pairs()).items():
        terms = [*SIZE, *SAMPLES[name]]
        found += [Ours(f"{name}: {term}", fit.coefficient(term), 5.1e-6) for term in terms]
        found.append(Ours(f"{name}: R squared", share, 5e-5))
        found.append(Ours(f"{name}: observations", float(fit.observations), 0.0))
    return found
