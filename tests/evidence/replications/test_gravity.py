"""Published gravity regressions, and gegravity's agreement, number by number."""

import os
from dataclasses import replace

import numpy as np
import pytest

from comity.cli import replicate_commands as commands
from comity.core import parameters
from comity.evidence.replications import advanced_guide_gravity as guide
from comity.evidence.replications import eaton_kortum, gegravity, us_canada
from comity.evidence.replications.catalogue import REPLICATIONS

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def falls_short(checks):
    return [one for one in checks if not one.ok]


@pytest.fixture(scope="module")
def table():
    pytest.importorskip("pyfixest")
    return guide.panel()


def test_traditional_gravity(table):
    checks = guide.compare(guide.traditional(table), guide.printed())
    assert len(checks) == 48 and not falls_short(checks), falls_short(checks)


def test_dummies_counted_as_parameters_raise_the_printed_errors(table):
    """What a regression on written-out dummies would print: 1.65 % more, 0.203 instead of 0.200."""
    foreign = table[table.domestic == 0]
    plain, counted = (
        guide.estimate(
            foreign, "trade", guide.TIES, guide.STATE_YEARS, "log-ols", "pair", count_effects=c
        )
        for c in (False, True)
    )
    ratio = counted.standard_errors / plain.standard_errors
    np.testing.assert_allclose(ratio, 1.0165, atol=1e-4)
    assert counted.standard_error("cntg") == pytest.approx(0.203, abs=5e-4)


def test_distance_puzzle(table):
    checks = guide.compare(guide.distance_puzzle(table), guide.printed())
    assert len(checks) == 111 and not falls_short(checks), falls_short(checks)


@pytest.fixture(scope="module")
def agreements(table):
    return guide.agreements(table)


def test_agreements(agreements):
    checks = guide.compare(agreements, guide.printed())
    assert len(checks) == 75 and not falls_short(checks), falls_short(checks)


def test_the_trade_book_is_what_column_7_says(agreements):
    """Effect and error to the printed digits; shares to what rounding the parts can do."""
    fit = agreements[("application 3", 7)]
    book = parameters.book("trade")
    total, error = fit.combine(dict.fromkeys(guide.PHASES, 1.0))
    effect = book["agreement_effect"]
    assert effect.value == pytest.approx(total, abs=5e-4)
    assert (effect.prior.mean, effect.prior.sd) == pytest.approx((total, error), abs=1e-3)
    parts = np.cumsum([fit.coefficient(name) for name in guide.PHASES]) / total
    shares = [book[f"share_{when}"].value for when in ("at_once", "after_4", "after_8")]
    np.testing.assert_allclose(shares, parts[:3], atol=3e-3)


def test_tariffs_and_the_trade_elasticity():
    pytest.importorskip("pyfixest")
    checks = guide.compare(guide.tariffs(), guide.printed())
    assert len(checks) == 13 and not falls_short(checks), falls_short(checks)


def test_costs_of_the_world_without_borders():
    pytest.importorskip("pyfixest")
    checks = guide.compare(guide.costs(), guide.printed())
    assert len(checks) == 7 and not falls_short(checks), falls_short(checks)


def test_a_wrong_print_is_caught(table):
    figures = guide.printed().query("part == 'application 1' and column == 4")
    figures = figures.assign(estimate=figures.estimate + 0.0016)
    checks = guide.compare(guide.traditional(table), figures)
    assert len(falls_short(checks)) == 5  # four coefficients and the observations


def test_eaton_and_kortum():
    pytest.importorskip("pyfixest")
    checks = eaton_kortum.run()
    assert len(checks) == 35 and not falls_short(checks), falls_short(checks)


def test_us_states_and_provinces():
    pytest.importorskip("pyfixest")
    checks = us_canada.run()
    assert len(checks) == 19 and not falls_short(checks), falls_short(checks)


def test_gegravity_is_repeated_and_what_full_equilibrium_changes():
    checks = gegravity.run()
    assert len(checks) == 12 and not falls_short(checks), falls_short(checks)
    one = gegravity.experiment()
    gap = gegravity.difference(one)
    assert one.conditional.converged and one.full.converged
    assert 0.015 < gap.price.abs().max() < 0.03
    assert 0.005 < gap.real_gdp.abs().max() < 0.02


def test_a_missing_package_is_a_reason_to_skip():
    one = next(r for r in REPLICATIONS if r.name == "us-canada")
    outcome = commands.carry_out(replace(one, package="no_such_package"), True)
    assert outcome.ok is None and "no_such_package" in outcome.skipped
