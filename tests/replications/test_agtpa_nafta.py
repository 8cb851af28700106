"""NAFTA in the Advanced Guide to Trade Policy Analysis (ch. 2, application 2), 69 countries, 1994.

The Guide prints its effects as per cent of the world without NAFTA (prices: of the base), with
the sign turned so that they read as what NAFTA did.
"""

import comity.runtime  # noqa: F401, I001  (float64 before any JAX work)

import os
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from comity.models.gravity_full import (
    FullEffects,
    Margins,
    fill_missing_pairs,
    foreign,
    guide_steps,
    pair_effects,
    proportional_equilibrium,
    scale_to_totals,
)
from comity.models.trade_equilibrium import calibrate, flows, solve

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
SIGMA, YEARS, YEAR = 7.0, [1986, 1990, 1994, 1998, 2002, 2006], 1994
MEMBERS = ("CAN", "MEX", "USA")
PRINTED = 1e-4  # percentage points; the Guide's table comes from the stored, unrounded output


@dataclass(frozen=True)
class Application:
    countries: list[str]
    coefficient: float
    ties: np.ndarray
    base: Margins
    without: np.ndarray
    change: np.ndarray
    printed: pd.DataFrame

    @property
    def reference(self):
        return self.countries.index("DEU")

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


def read(name: str) -> pd.DataFrame:
    return pd.read_parquet(Path(os.environ["COMITY_DATA"]) / "economy" / f"{name}.parquet")


@pytest.fixture(scope="module")
def nafta() -> Application:
    table = read("agtpa_applications")
    table = table[table.year.isin(YEARS)].sort_values(["year", "exporter", "importer"])
    countries = sorted(table.exporter.unique())
    shape = (len(YEARS), len(countries), len(countries))
    trade, agreement = (table[c].to_numpy(float).reshape(shape) for c in ("trade", "rta"))
    year = YEARS.index(YEAR)
    at = table[table.year == YEAR].assign(log_dist=lambda t: np.log(t.dist))
    ties = at[["log_dist", "cntg", "lang", "clny"]].to_numpy(float).reshape(*shape[1:], 4)

    first = pair_effects(trade, agreement)
    assert first.converged
    ease, coefficients = fill_missing_pairs(first.ease, ties)
    with_it = ease * np.exp(first.agreement * agreement[year])
    lifted = agreement[year].copy()
    inside = [countries.index(c) for c in MEMBERS]
    lifted[np.ix_(inside, inside)] = 0.0
    without = ease * np.exp(first.agreement * lifted)
    flow = trade[year]
    base = scale_to_totals(with_it, flow.sum(1), flow.sum(0), countries.index("DEU"))
    printed = read("agtpa_ge_results").set_index("country").loc[countries]
    return Application(
        countries, first.agreement, coefficients, base, without, without / with_it, printed
    )


def test_first_stage_agreement_effect(nafta):
    assert abs(nafta.coefficient - 0.5571853) < 1e-7


def test_second_stage_ties(nafta):
    printed = [-0.8475027, 0.2940831, 0.3632659, 0.2394163]
    np.testing.assert_allclose(nafta.ties, printed, atol=1e-7)


def test_baseline_output(nafta):
    np.testing.assert_allclose(nafta.base.trade.sum(1), nafta.printed.Y_BLN, rtol=1e-9)


def test_conditional_exports_of_all_countries(nafta):
    exports = foreign(nafta.base.trade)
    totals = nafta.base.trade.sum(1), nafta.base.trade.sum(0)
    conditional = foreign(scale_to_totals(nafta.without, *totals, nafta.reference).trade)
    ours = 100 * (exports / conditional - 1)
    assert np.abs(ours - nafta.printed.change_Xi_CDL).max() < PRINTED


def test_full_effects_of_all_countries_by_the_guides_own_steps(nafta):
    found = guide_steps(nafta.base, nafta.without, SIGMA, nafta.reference)
    gaps = nafta.compare(found)
    assert max(gaps.values()) < PRINTED, gaps


def test_the_guides_loop_has_not_settled_where_it_stops(nafta):
    """One step more or less moves Canadian exports by more than a percentage point."""
    for steps in (2, 4):
        other = guide_steps(nafta.base, nafta.without, SIGMA, nafta.reference, steps)
        assert not other.converged
        assert nafta.compare(other)["change_Xi_FULL"] > 1.0
    late = guide_steps(nafta.base, nafta.without, SIGMA, nafta.reference, 60)
    assert nafta.compare(late)["change_price_FULL"] > 1.0


def test_exact_equilibrium_differs_from_print_by_what_the_early_stop_costs(nafta):
    found = proportional_equilibrium(nafta.base.trade, nafta.change, SIGMA, nafta.reference)
    gaps = nafta.compare(found)
    assert found.converged
    assert 0.03 < gaps["change_rGDP_FULL"] < 0.04
    assert 0.11 < gaps["change_price_FULL"] < 0.12


def test_the_trade_equilibrium_gives_the_exact_answer_but_for_the_deficit_rule(nafta):
    exact = proportional_equilibrium(nafta.base.trade, nafta.change, SIGMA, nafta.reference)
    ours = additive(nafta)
    np.testing.assert_allclose(ours.inward / ours.price, exact.inward / exact.price, atol=1.2e-4)
    gaps = nafta.compare(ours)
    assert gaps["change_rGDP_FULL"] < 0.04 and gaps["change_price_FULL"] < 0.12


def test_the_trade_equilibrium_equals_the_exact_answer_where_trade_balances(nafta):
    """Without deficits the two rules are one: agreement to solver precision."""
    balanced = 0.5 * (nafta.base.trade + nafta.base.trade.T)
    without_deficits = Margins(balanced.sum(1), balanced.sum(0), balanced)
    exact = proportional_equilibrium(balanced, nafta.change, SIGMA, nafta.reference)
    ours = additive(nafta, without_deficits)
    np.testing.assert_allclose(ours.price, exact.price, rtol=1e-9)
    np.testing.assert_allclose(ours.inward, exact.inward, rtol=1e-9)
    np.testing.assert_allclose(ours.exports, exact.exports, rtol=1e-8)


def additive(nafta: Application, base: Margins | None = None) -> FullEffects:
    """The same experiment in comity's trade equilibrium, in the Guide's numeraire."""
    trade = jnp.asarray((base or nafta.base).trade)
    n, e = len(trade), jnp.array(SIGMA - 1.0)
    cost = jnp.asarray(nafta.change) ** (-1.0 / e)
    calibrated = calibrate(trade, jnp.zeros((n, n)), jnp.ones(n))
    found = solve(calibrated, e, jnp.ones(n), calibrated.tariff, cost)
    assert found.converged
    unit = float(found.price_index[nafta.reference])
    flow = np.asarray(flows(calibrated, found, e, calibrated.tariff, cost)) / unit
    return FullEffects(
        np.asarray(found.price) / unit,
        np.asarray(found.price_index) / unit,
        foreign(flow),
        int(found.iterations),
        bool(found.converged),
    )
