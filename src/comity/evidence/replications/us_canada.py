"""Trade of US states and Canadian provinces in 1993: how much a border takes away.

Ordinary least squares of log trade between 40 regions, as seen from Canada, from the USA, and
pooled [feenstra2004advanced, table 5.2; anderson2003gravity for the data]. Pairs without trade and
sales within a region are left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Check
from comity.models.trade.gravity import GravityFit, estimate

SIZE = ["log_gdp_exporter", "log_gdp_importer", "log_distance"]
# Sample: terms, coefficients in their order, R squared, observations.
PRINTED = {
    "Canada": (["intra_canada"], (1.21871, 0.97978, -1.35315, 2.80203), 0.7622, 679),
    "USA": (["intra_us"], (1.12843, 0.98203, -1.08189, 0.40597), 0.8529, 1421),
    "pooled": (
        ["intra_canada", "intra_us"],
        (1.13297, 0.97422, -1.11070, 2.75171, 0.39827),
        0.8520,
        1511,
    ),
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
        terms = [*SIZE, *PRINTED[name][0]]
        fit = estimate(sample, "vx", terms, method="log-ols", robust=False)
        rows = sample[sample["vx"] > 0]
        y = np.log(rows["vx"].to_numpy(float))
        left = y - np.log(fit.ease(rows)) - fit.coefficient("Intercept")
        found[name] = fit, float(1.0 - (left @ left) / ((y - y.mean()) @ (y - y.mean())))
    return found


def run() -> list[Check]:
    """Coefficients, fit and observations of the three samples."""
    checks = []
    for name, (fit, share) in regressions(pairs()).items():
        extra, values, r_squared, observations = PRINTED[name]
        for term, value in zip([*SIZE, *extra], values, strict=True):
            checks.append(Check(f"{name}: {term}", value, fit.coefficient(term), 5.1e-6))
        checks.append(Check(f"{name}: R squared", r_squared, share, 5e-5))
        found = float(fit.observations)
        checks.append(Check(f"{name}: observations", float(observations), found, 0.0))
    return checks
