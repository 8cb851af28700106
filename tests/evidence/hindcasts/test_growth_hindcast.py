"""Growth forecast from 1990, 2000, 2009 and 2014 with what was known then, against what came."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scoringrules

from comity.core.parameters import book
from comity.models.people.growth_on_a_panel import (
    GrowthPanel,
    bootstrap_difference,
    crps_normal,
    drift_forecast,
    fit_growth,
    fit_reversion,
    fit_world,
    forecast,
    hindcast,
    reversion_errors,
    sum_factor,
    world_factor,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "replications" / "growth.md"
ORIGINS = (1990, 2000, 2009, 2014)
raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(scope="module")
def panel() -> GrowthPanel:
    from comity.data.tables.growth import panel

    return panel()


@pytest.fixture(scope="module")
def tables(panel) -> dict[int, pd.DataFrame]:
    return {origin: hindcast(panel, origin) for origin in ORIGINS}


def made_up(states: int = 150, slope: float = 0.5, spread: float = 0.012, seed: int = 0):
    """A panel that follows the model: decade means regress with ``slope``, own sd 3 %."""
    rng = np.random.default_rng(seed)
    years = range(1951, 2021)
    gap, columns = rng.normal(0, 0.014, states), []
    for _ in range(7):
        columns.append(gap + rng.normal(0, 0.03, (10, states)))
        gap = slope * columns[-1].mean(axis=0) + rng.normal(0, spread, states)
    names = [f"S{i}" for i in range(states)]
    people = pd.DataFrame(0.01, index=years, columns=names)
    size = pd.DataFrame(np.tile(rng.lognormal(0, 2, states), (70, 1)), years, names)
    growth = pd.DataFrame(0.03 + np.vstack(columns), index=years, columns=names)
    return GrowthPanel(growth, people, size)


def test_fit_finds_the_numbers_a_panel_was_made_with():
    fit = fit_reversion(made_up(states=600))
    assert fit.decades == 6
    assert fit.slope == pytest.approx(0.5, abs=0.06)
    # The scale of Student's t with 5 degrees of freedom is 0.83-0.87 of a normal's sd.
    assert fit.spread * (0.03 / 0.05) ** fit.power == pytest.approx(0.012 * 0.85, rel=0.15)


def test_world_factor_is_recovered():
    rng = np.random.default_rng(1)
    factor = np.zeros(4000)
    for t in range(1, 4000):
        factor[t] = 0.6 * factor[t - 1] + rng.normal(0, 0.008)
    world = fit_world(0.02 + factor)
    assert world.persistence == pytest.approx(0.6, abs=0.05)
    assert world.sd == pytest.approx(0.01, rel=0.05)
    # Long-run variance of an AR(1): innovation sd / (1 - phi) / sqrt(n).
    assert world.mean_error == pytest.approx(0.008 / 0.4 / np.sqrt(4000), rel=0.1)


def test_sum_factor_by_hand():
    assert sum_factor(1, 0.7) == 1.0
    assert sum_factor(3, 0.0) == 3.0
    assert sum_factor(3, 0.5) == pytest.approx(3 + 2 * (2 * 0.5 + 0.25))


def test_nothing_after_the_origin_is_used():
    """Scrambling the future leaves every figure of a forecast as it was, bit for bit."""
    panel = made_up()
    later = panel.growth.copy()
    later.loc[2001:] = 9.0
    changed = dataclasses.replace(panel, growth=later)
    before, after = fit_growth(panel, 2000), fit_growth(changed, 2000)
    assert before.world == after.world and before.reversion == after.reversion
    pd.testing.assert_frame_equal(before.states, after.states, check_exact=True)


def test_a_state_without_figures_gets_the_spread_of_all():
    panel = made_up()
    panel.growth.loc[1985:, "S3"] = np.nan
    states = fit_growth(panel, 2000).states
    assert states.method["S3"] == "group"
    assert states.trend_sd["S3"] > states.trend_sd[states.method == "own"].max()
    assert not states.isna().any().any()


def test_crps_equals_scoringrules():
    rng = np.random.default_rng(2)
    mean, sd, seen = rng.normal(size=50), rng.uniform(0.1, 2, 50), rng.normal(size=50)
    ours = crps_normal(mean, sd, seen)
    np.testing.assert_allclose(ours, scoringrules.crps_normal(seen, mean, sd), rtol=1e-10)


def test_drift_baseline_by_hand():
    panel = made_up(states=3)
    past = panel.growth.loc[1991:2000, "S0"]
    drift = drift_forecast(panel, 2000, 10, 10).loc["S0"]
    assert drift["mean"] == pytest.approx(10 * past.mean())
    assert drift.sd == pytest.approx(past.std() * np.sqrt(10 + 100 / 10))


def row(origin: int, table: pd.DataFrame) -> str:
    """One line of the document's table of scores."""
    scores = table[["crps", "crps_drift", "crps_drift20"]].mean()
    inside, drift = (table.groupby("tercile")[name].mean() for name in ("inside", "inside_drift"))
    gap, low, high = bootstrap_difference([table], "crps_drift20")
    return (
        f"| {origin} | {len(table)} | {scores.crps:.2f} | {scores.crps_drift:.2f} "
        f"| {scores.crps_drift20:.2f} | {gap:.2f} ({low:.2f}, {high:.2f}) "
        f"| {' / '.join(f'{100 * x:.0f}' for x in inside)} "
        f"| {' / '.join(f'{100 * x:.0f}' for x in drift)} "
        f"| {100 * (table.seen - table['mean']).mean():+.1f} |"
    )


def short(panel: GrowthPanel, origin: int, horizon: int) -> str:
    """One line of the document's table of shorter horizons."""
    table = hindcast(panel, origin, horizon)
    scores, inside = table[["crps", "crps_drift20"]].mean(), table.groupby("tercile").inside.mean()
    return (
        f"| {origin} | {horizon} | {len(table)} | {scores.crps:.2f} | {scores.crps_drift20:.2f} "
        f"| {' / '.join(f'{100 * x:.0f}' for x in inside)} |"
    )


def estimates(panel: GrowthPanel) -> list[str]:
    """The lines of the document's table of estimates, to 2019."""
    seen = panel.up_to(2019)
    world, reversion = fit_world(world_factor(seen)), fit_reversion(seen)
    error = reversion_errors(seen)
    n = world.years
    lines = [
        ("world mean", 100 * world.mean, 100 * world.mean_error, "% a year"),
        (
            "world sd",
            100 * world.sd,
            100
            * world.sd
            * np.sqrt((1 + world.persistence**2) / (1 - world.persistence**2) / (2 * n)),
            "% a year",
        ),
        ("world persistence", world.persistence, np.sqrt((1 - world.persistence**2) / n), "1"),
        ("regression rho", reversion.slope, error["slope"], "1"),
        (
            "spread b",
            100 * reversion.spread,
            100 * reversion.spread * error["log_spread"],
            "% a year",
        ),
        ("power c", reversion.power, error["power"], "1"),
    ]
    return [f"| {name} | {value:.2f} | {se:.2f} | {unit} |" for name, value, se, unit in lines]


@raw_data
@pytest.mark.slow
def test_document_prints_what_the_data_give(panel, tables):
    lines = [row(origin, table) for origin, table in tables.items()]
    lines += [short(panel, origin, horizon) for origin in ORIGINS for horizon in (1, 5)]
    gap, low, high = bootstrap_difference([tables[o] for o in ORIGINS[:3]], "crps_drift20")
    lines += [f"{gap:.2f} (95 % interval {low:.2f} to {high:.2f})", *estimates(panel)]
    text = DOCUMENT.read_text(encoding="utf-8")
    missing = [line for line in lines if line not in text]
    assert not missing, "not in docs/replications/growth.md:\n" + "\n".join(missing)


@raw_data
@pytest.mark.slow
@pytest.mark.parametrize("origin", ORIGINS)
def test_ten_years_are_covered_and_better_than_own_drift(tables, origin):
    """90 % intervals hold 80-97 % in every size tercile; the score beats both baselines."""
    table = tables[origin]
    covered = table.groupby("tercile").inside.mean()
    assert covered.between(0.80, 0.97).all(), covered
    for baseline in ("crps_drift", "crps_drift20"):
        assert bootstrap_difference([table], baseline)[2] < 0, baseline


@raw_data
@pytest.mark.slow
def test_book_holds_the_estimates(panel):
    seen = panel.up_to(2019)
    world, numbers = fit_world(world_factor(seen)), book("growth")
    assert numbers["world_sd"].value == pytest.approx(world.sd, rel=0.005)
    assert numbers["world_persistence"].value == pytest.approx(world.persistence, abs=0.005)
    assert numbers["world_mean_error"].prior.sd == pytest.approx(world.mean_error, rel=0.03)
    error = reversion_errors(seen)["log_spread"]
    assert numbers["trend_sd_scale"].prior.sd == pytest.approx(error, abs=0.001)


@raw_data
def test_table_covers_every_state(panel):
    from comity.data.tables.growth import FIELDS, LAST, PARAMETERS_TO, build
    from comity.registry import states

    table = build()
    assert list(table.columns) == [field.name for field in FIELDS]
    assert table.id.tolist() == list(states.ids())
    assert not table.isna().any().any()
    assert set(table.id[table.method == "group"]) == {"ERI", "LIE", "PRK", "SSD", "YEM"}
    assert table.trend.between(-0.01, 0.05).all() and table.sd.between(0.005, 0.15).all()
    fit = fit_growth(panel, LAST, PARAMETERS_TO)
    # Regression to the mean: the spread of trends is half that of the clipped past.
    assert table.trend.std() < 0.6 * panel.per_head.loc[2015:].mean().std()
    assert (forecast(fit, 10).sd > forecast(fit, 5).sd).all()
