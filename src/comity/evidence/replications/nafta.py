"""NAFTA in the Advanced Guide to Trade Policy Analysis (ch. 2, application 2), 69 countries, 1994.

The Guide prints its effects as per cent of the world without NAFTA (prices: of the base), with
the sign turned so that they read as what NAFTA did. Its loop stops by its own rule; what the
exact equilibrium gives instead is compared in tests/evidence/replications/test_agtpa_nafta.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.data.sources.source import load
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.trade.gravity_equilibrium import Margins, scale_to_totals
from comity.models.trade.gravity_full import (
    FullEffects,
    fill_missing_pairs,
    foreign,
    guide_steps,
    pair_effects,
)

SIGMA, YEARS, YEAR = 7.0, [1986, 1990, 1994, 1998, 2002, 2006], 1994
MEMBERS = ("CAN", "MEX", "USA")
REFERENCE = "DEU"
TIES = ("log distance", "contiguity", "language", "colony")
# Percentage points; the Guide's table comes from the stored, unrounded output.
PRINTED = 1e-4


@dataclass(frozen=True)
class Application:
    """The experiment: estimates, the world with NAFTA, trade ease without it, the print."""

    countries: list[str]
    coefficient: float
    ties: Float[np.ndarray, " 4"]
    base: Margins
    without: Float[np.ndarray, "N N"]
    change: Float[np.ndarray, "N N"]
    printed: pd.DataFrame

    @property
    def reference(self) -> int:
        """Position of the country whose price level is the unit."""
        return self.countries.index(REFERENCE)

    def compare(self, found: FullEffects) -> dict[str, float]:
        """Largest gap over countries to each printed column, percentage points."""
        exports = foreign(self.base.trade)
        ours = {
            "change_price_FULL": 100 * (1 - found.price),
            "change_IMR_FULL": 100 * (1 / found.inward - 1),
            "change_rGDP_FULL": 100 * (found.inward / found.price - 1),
            "change_Xi_FULL": 100 * (exports / found.exports - 1),
        }
        return {k: float(np.abs(v - self.printed[k].to_numpy()).max()) for k, v in ours.items()}

    def conditional_gap(self) -> float:
        """Largest gap of conditional exports to the printed ones, percentage points."""
        totals = self.base.trade.sum(1), self.base.trade.sum(0)
        conditional = foreign(scale_to_totals(self.without, *totals, self.reference).trade)
        ours = 100 * (foreign(self.base.trade) / conditional - 1)
        return float(np.abs(ours - self.printed["change_Xi_CDL"].to_numpy()).max())


def panel() -> tuple[
    list[str],
    Float[np.ndarray, "T N N"],
    Float[np.ndarray, "T N N"],
    Float[np.ndarray, "N N 4"],
]:
    """Return countries, trade and agreements by year, and the ties of 1994."""
    table = load("agtpa_applications")
    table = table[table["year"].isin(YEARS)].sort_values(["year", "exporter", "importer"])
    countries = sorted(table["exporter"].unique())
    shape = (len(YEARS), len(countries), len(countries))
    trade, agreement = (table[c].to_numpy(float).reshape(shape) for c in ("trade", "rta"))
    at = table[table["year"] == YEAR].assign(log_dist=lambda t: np.log(t["dist"]))
    ties = at[["log_dist", "cntg", "lang", "clny"]].to_numpy(float).reshape(*shape[1:], 4)
    return countries, trade, agreement, ties


def application() -> Application:
    """Estimate both stages and set the experiment up from the Guide's data."""
    countries, trade, agreement, ties = panel()
    year = YEARS.index(YEAR)
    first = pair_effects(trade, agreement)
    ease, coefficients = fill_missing_pairs(first.ease, ties)
    with_it = ease * np.exp(first.agreement * agreement[year])
    lifted = agreement[year].copy()
    inside = [countries.index(c) for c in MEMBERS]
    lifted[np.ix_(inside, inside)] = 0.0
    without = ease * np.exp(first.agreement * lifted)
    flow = trade[year]
    base = scale_to_totals(with_it, flow.sum(1), flow.sum(0), countries.index(REFERENCE))
    printed = load("agtpa_ge_results").set_index("country").loc[countries]
    agreed = first.agreement if first.converged else float("nan")
    return Application(countries, agreed, coefficients, base, without, without / with_it, printed)


@against_print("advanced-guide-nafta")
def run() -> list[Check | Ours]:
    """Both estimation stages, conditional exports, and the four full effects of 69 countries."""
    nafta = application()
    found = guide_steps(nafta.base, nafta.without, SIGMA, nafta.reference)
    checks: list[Check | Ours] = [Ours("effect of an agreement", nafta.coefficient, 1e-7)]
    checks += [
        Ours(f"second stage: {name}", float(ours), 1e-7)
        for name, ours in zip(TIES, nafta.ties, strict=True)
    ]
    checks.append(
        Check(
            "largest gap of 69 countries: conditional exports (pp)",
            0.0,
            nafta.conditional_gap(),
            PRINTED,
        )
    )
    return checks + [
        Check(f"largest gap of 69 countries: {name} (pp)", 0.0, gap, PRINTED)
        for name, gap in nafta.compare(found).items()
    ]
