"""NAFTA in the Advanced Guide to Trade Policy Analysis (ch. 2, application 2), 69 countries, 1994.

The Guide prints its effects as per cent of the world without NAFTA (prices: of the base), with
the sign turned so that they read as what NAFTA did.
"""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import os

import jax.numpy as jnp
import numpy as np
import pytest

from comity.models.trade.gravity_equilibrium import universal
from comity.models.trade.gravity_full import FullEffects, foreign, guide_steps
from comity.models.trade.trade_equilibrium import calibrate, flows, solve
from comity.evidence.replications.nafta import PRINTED, SIGMA, Application, application

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(scope="module")
def nafta() -> Application:
    return application()


def test_first_stage_agreement_effect(nafta):
    assert abs(nafta.coefficient - 0.5571853) < 1e-7


def test_second_stage_ties(nafta):
    printed = [-0.8475027, 0.2940831, 0.3632659, 0.2394163]
    np.testing.assert_allclose(nafta.ties, printed, atol=1e-7)


def test_baseline_output(nafta):
    np.testing.assert_allclose(nafta.base.trade.sum(1), nafta.printed.Y_BLN, rtol=1e-9)


def test_conditional_exports_of_all_countries(nafta):
    assert nafta.conditional_gap() < PRINTED


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
    found = proportional(nafta)
    gaps = nafta.compare(found)
    assert found.converged
    assert 0.03 < gaps["change_rGDP_FULL"] < 0.04
    assert 0.11 < gaps["change_price_FULL"] < 0.12


def test_the_trade_equilibrium_gives_the_exact_answer_but_for_the_deficit_rule(nafta):
    exact = proportional(nafta)
    ours = additive(nafta)
    np.testing.assert_allclose(ours.inward / ours.price, exact.inward / exact.price, atol=1.2e-4)
    gaps = nafta.compare(ours)
    assert gaps["change_rGDP_FULL"] < 0.04 and gaps["change_price_FULL"] < 0.12


def test_the_trade_equilibrium_equals_the_exact_answer_where_trade_balances(nafta):
    """Without deficits the two rules are one: agreement to solver precision."""
    balanced = 0.5 * (nafta.base.trade + nafta.base.trade.T)
    exact = proportional(nafta, balanced)
    ours = additive(nafta, balanced)
    np.testing.assert_allclose(ours.price, exact.price, rtol=1e-9)
    np.testing.assert_allclose(ours.inward, exact.inward, rtol=1e-9)
    np.testing.assert_allclose(ours.exports, exact.exports, rtol=1e-8)


def proportional(nafta: Application, base: np.ndarray | None = None) -> FullEffects:
    """The Guide's question answered exactly: spending keeps its proportion to output."""
    trade = nafta.base.trade if base is None else base
    found = universal(
        trade, nafta.change, SIGMA - 1.0, nafta.reference, deficits="proportional", tol=1e-11
    )
    return FullEffects(
        found.price, found.inward, foreign(found.trade), found.steps, found.converged
    )


def additive(nafta: Application, base: np.ndarray | None = None) -> FullEffects:
    """The same experiment in comity's trade equilibrium, in the Guide's numeraire."""
    trade = jnp.asarray(nafta.base.trade if base is None else base)
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
