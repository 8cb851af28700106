"""A Canada-Japan agreement by gegravity 0.3, on its own sample [herman2021gegravity].

The csv beside this file holds what gegravity 0.3 itself gave (sigma 5, Germany the reference,
trade costs from the estimates printed with its examples), per cent, 30 countries. Its effects are
the conditional ones with producer prices read off outward resistances, so `conditional` repeats
them without gegravity. What it does not do is feed those prices back: `difference` compares with
the equilibrium in which markets clear. tests/evidence/replications/test_gegravity.py runs
gegravity, where it is installed, against the csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.trade.gravity import square
from comity.models.trade.gravity_equilibrium import Conditional, Universal, conditional, universal
from comity.models.trade.gravity_full import foreign

SIGMA, REFERENCE, PARTNERS = 5.0, "DEU", ("CAN", "JPN")
ESTIMATES = {  # PPML, printed with the examples of gegravity
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
}
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Experiment:
    """The agreement: countries, cost terms before and after, the answer of each kind."""

    countries: list[str]
    change: float
    """Per cent by which the cost term of Canada's goods in Japan rises."""
    conditional: Conditional
    full: Universal

    def effects(self, full: bool = False) -> pd.DataFrame:
        """Per cent by country: producer price, resistances, real GDP, exports."""
        found = self.conditional
        if full:
            price, inward, flow = self.full.price, self.full.inward, self.full.trade
        else:
            price, inward = found.price, found.inward
            # Its flows revalue output and spending at the new prices without clearing markets.
            made = found.base.sum(1)
            world = made.sum() / (price @ made)
            flow = found.trade * np.outer(price, price) * world
        columns = {
            "price": price,
            "inward": inward,
            "real_gdp": price / inward,
            "exports": foreign(flow) / foreign(found.base),
        }
        if not full:
            columns["outward"] = found.outward
        return pd.DataFrame(
            {name: 100.0 * (value - 1.0) for name, value in columns.items()}, self.countries
        )


def experiment() -> Experiment:
    """Solve the agreement both ways."""
    table = load("gegravity_sample_data_set")
    after = table.copy()
    new = table["exporter"].isin(PARTNERS) & table["importer"].isin(PARTNERS)
    after.loc[new & (table["exporter"] != table["importer"]), "pta"] = 1
    countries, before_cost = square(table, _ease(table))
    _, after_cost = square(after, _ease(after))
    output = table.groupby("exporter")["Y"].first()[countries].to_numpy(float)
    spending = table.groupby("importer")["E"].first()[countries].to_numpy(float)
    reference = countries.index(REFERENCE)
    found = conditional(before_cost, after_cost, output, spending, SIGMA, reference)
    full = universal(found.base, after_cost / before_cost, SIGMA - 1.0, reference)
    first, second = (countries.index(name) for name in PARTNERS)
    change = 100.0 * (after_cost[first, second] / before_cost[first, second] - 1.0)
    return Experiment(countries, float(change), found, full)


def _ease(table: pd.DataFrame) -> np.ndarray:
    return np.exp(table[list(ESTIMATES)].to_numpy(float) @ np.array(list(ESTIMATES.values())))


def reference_results() -> pd.DataFrame:
    """What gegravity 0.3 gave, per cent, by country."""
    source = resources.files("comity.evidence.replications") / "gegravity_sample.csv"
    with source.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, index_col="country")


def difference(one: Experiment) -> pd.DataFrame:
    """Full less conditional effects, percentage points, by country."""
    full = one.effects(full=True)
    return full - one.effects()[list(full.columns)]


@against_print("gegravity-conditional")
def run() -> list[Check | Ours]:
    """Conditional effects against gegravity's, and that the full equilibrium clears."""
    one = experiment()
    theirs, ours = reference_results(), one.effects()
    gaps = (ours.loc[theirs.index, list(theirs.columns)] - theirs).abs().max()
    checks: list[Check | Ours] = [Ours("trade cost, Canada to Japan (%)", one.change, TOLERANCE)]
    checks += [
        Check(f"largest gap of 30 countries: {name} (pp)", 0.0, float(gap), TOLERANCE)
        for name, gap in gaps.items()
    ]
    for partner in PARTNERS:
        for name in ("price", "real_gdp"):
            published, mine = (frame[name].to_dict()[partner] for frame in (theirs, ours))
            checks.append(Check(f"{partner}: {name} (%)", published, mine, TOLERANCE))
    return [
        *checks,
        Check("markets left open, conditional solution", 0.0, one.conditional.residual, 1e-10),
        Check("markets left open, full equilibrium", 0.0, one.full.residual, 1e-10),
    ]
