"""The other experiments of the Advanced Guide's chapter 2: borders taken away, NAFTA by itself.

Application 1 takes all borders of 2006 away; exercise 1 that between Canada and the United States,
at the average border's effect, at its own, and one way; exercise 2 takes NAFTA away with an effect
of its own beside that of other agreements [yotov2016advanced]. 69 countries, sigma 7, Germany the
reference. The csv beside this file holds the output of the authors' files (Results in the copy of
the package tradepolicy, CC BY 4.0), per cent: borders of the world with them, NAFTA of that without
it, sign turned. Full effects are by the authors' loop with their stopping rule, which ends after
five, four, four, four and three steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.data.sources.source import load
from comity.evidence.replications.base import Check, Ours, against_print
from comity.evidence.replications.nafta import (
    MEMBERS,
    PRINTED,
    REFERENCE,
    SIGMA,
    YEAR,
    YEARS,
    panel,
)
from comity.models.trade.gravity import estimate, square
from comity.models.trade.gravity_equilibrium import Margins, scale_to_totals
from comity.models.trade.gravity_full import (
    FullEffects,
    PairEffects,
    fill_missing_pairs,
    foreign,
    guide_steps,
    pair_effects,
)

COLUMNS = ("exports_conditional", "exports", "price", "inward", "real_gdp")
BORDERS = ["ln_DIST", "CNTG", "INTL_BRDR"]
# The authors call the reference so, that its effects be the last.
LAST = "ZZZ"


@dataclass(frozen=True)
class Experiment:
    """Countries, the world as it is, cost terms of the other, and whether the sign is turned."""

    countries: list[str]
    base: Margins
    after: Float[np.ndarray, "N N"]
    turned: bool = False

    def full(self) -> FullEffects:
        """Return full endowment effects by the authors' loop and rule."""
        return guide_steps(self.base, self.after, SIGMA, self.countries.index(REFERENCE))

    def effects(self) -> pd.DataFrame:
        """Return the effects in per cent, by country, in the csv's columns."""
        found, at = self.full(), self.countries.index(REFERENCE)
        before = foreign(self.base.trade)
        totals = self.base.trade.sum(1), self.base.trade.sum(0)
        ratios = {
            "exports_conditional": foreign(scale_to_totals(self.after, *totals, at).trade) / before,
            "exports": found.exports / before,
            "inward": found.inward,
            "real_gdp": found.price / found.inward,
        }
        table = pd.DataFrame(
            {n: 1.0 / r - 1.0 if self.turned else r - 1.0 for n, r in ratios.items()},
            self.countries,
        )
        # Prices are of the base in both.
        table["price"] = 1.0 - found.price if self.turned else found.price - 1.0
        return 100.0 * table[list(COLUMNS)]


def borders() -> tuple[dict[str, Experiment], dict[str, float]]:
    """Return the four experiments with borders, and the coefficients estimated on the way."""
    table = load("agtpa_ch2_trade_without_border")
    names = {"exporter": {LAST: REFERENCE}, "importer": {LAST: REFERENCE}}
    table = table.replace(names)
    table = table.assign(
        own=(table.exporter.isin(["CAN", "USA"]) & table.importer.isin(["CAN", "USA"])).astype(
            float
        )
        * table.INTL_BRDR
    )
    apart = table.assign(INTL_BRDR=table.INTL_BRDR - table.own)
    one_way = apart.own.where(apart.exporter != "CAN", 0.0)
    cases = {
        "no borders": (table, BORDERS, {"INTL_BRDR": 0.0}),
        "Canada and USA, average border": (table, BORDERS, {"INTL_BRDR": apart.INTL_BRDR}),
        "Canada and USA, own border": (apart, [*BORDERS, "own"], {"own": 0.0}),
        "Canada to USA, own border": (apart, [*BORDERS, "own"], {"own": one_way}),
    }
    found, coefficients = {}, {}
    for name, (rows, terms, change) in cases.items():
        fit = estimate(rows, "trade", terms, ["exporter", "importer"])
        countries, flow = square(rows, rows.trade.to_numpy(float))
        _, before = square(rows, fit.ease(rows))
        _, after = square(rows, fit.ease(rows.assign(**change)))
        at = countries.index(REFERENCE)
        base = scale_to_totals(before, flow.sum(1), flow.sum(0), at)
        found[name] = Experiment(countries, base, after)
        kind = "own border" if "own" in terms else "average border"
        coefficients |= {f"{kind}: {term}": fit.coefficient(term) for term in terms}
    return found, coefficients


def nafta_alone() -> tuple[Experiment, PairEffects]:
    """Return NAFTA taken away where it has an effect of its own, and the first stage."""
    countries, trade, agreement, ties = panel()
    inside = np.ix_(*[[countries.index(c) for c in MEMBERS]] * 2)
    own = np.zeros_like(agreement)
    for at, year in enumerate(YEARS):
        own[at][inside] = float(year >= YEAR) * (1.0 - np.eye(len(MEMBERS)))
    both = np.stack([np.where(own == 1, 0.0, agreement), own], axis=-1)
    first = pair_effects(trade, both)
    ease, _ = fill_missing_pairs(first.ease, ties)
    now = both[YEARS.index(YEAR)]
    flow = trade[YEARS.index(YEAR)]
    at = countries.index(REFERENCE)
    base = scale_to_totals(first.with_agreements(ease, now), flow.sum(1), flow.sum(0), at)
    without = first.with_agreements(ease, now * np.array([1.0, 0.0]))
    return Experiment(countries, base, without, turned=True), first


def reference_results() -> pd.DataFrame:
    """Return what the authors' files gave, per cent, by experiment and country."""
    source = resources.files("comity.evidence.replications") / "advanced_guide_equilibrium.csv"
    with source.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, index_col=["experiment", "country"])


def compare(found: Mapping[str, Experiment]) -> list[Check]:
    """Compare each column of each experiment: the largest gap of the countries."""
    theirs, checks = reference_results(), []
    for name, one in found.items():
        gap = (one.effects() - theirs.loc[name]).abs().max()
        checks += [
            Check(
                f"{name}: largest gap of 69 countries, {column} (pp)",
                0.0,
                float(gap[column]),
                PRINTED,
            )
            for column in COLUMNS
        ]
    return checks


@against_print("advanced-guide-equilibrium")
def run() -> list[Check | Ours]:
    """Coefficients and steps to the print, then five effects in five experiments."""
    found, coefficients = borders()
    alone, first = nafta_alone()
    found["NAFTA, own effect"] = alone
    ours = [Ours(name, value) for name, value in coefficients.items()]
    for name, value in zip(("other agreements", "NAFTA"), first.effects, strict=True):
        ours.append(Ours(f"NAFTA, own effect: {name}", float(value)))
    ours += [Ours(f"{name}: steps", float(one.full().steps), 0.0) for name, one in found.items()]
    return [*ours, *compare(found)]
