"""Estimation of growth on a panel of states, using nothing dated after the year it is asked for.

Growth per head of state i in year t is the world's (the median state's) plus a deviation.  Over a
decade the mean deviation regresses to the mean (Easterly et al. 1993; Pritchett and Summers 2014):

    d_i(next ten years) = a + rho * d_i(past ten years) + m_i,   scale(m_i) = b * (s_i / 5%) ^ c

with past deviations clipped at 5 % a year, s_i the sd of yearly deviations shrunk towards a line
in size, and (a, rho, b, c) fitted by maximum likelihood with Student-t errors (5 degrees of
freedom) on all past decades, so that a collapse does not set the spread of every state.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray
from scipy import optimize, special

from comity.core import require

DECADE = 10
FIRST_YEAR = 1951
WORLD_FIRST = 1961  # from then on at least a hundred states report
CLIP = 0.05
SHOCK_CLIP = 0.25
SHOCK_YEARS = 20
POPULATION_YEARS = 20
POPULATION_CLIP = (-0.02, 0.04)
LEAST_YEARS = 8
FREEDOM = 5.0
REFERENCE_SD = 0.05
# Growth has fatter tails than a normal: the sampling variance of a log variance is 1.5 times.
KURTOSIS = 1.5


@dataclass(frozen=True)
class GrowthPanel:
    """Yearly log growth of GDP and of population (1/year) and size (any unit); years x ids.

    Raises
    ------
    BadInput
        When a year stands twice or has not four digits.
    """

    growth: pd.DataFrame
    population: pd.DataFrame
    size: pd.DataFrame

    def __post_init__(self) -> None:
        for what, frame in (("growth", self.growth), ("population", self.population)):
            require.once(f"a year of {what}", frame.index)
            require.years(f"a year of {what}", frame.index)

    def up_to(self, year: int) -> "GrowthPanel":
        """Return the panel without any figure dated after ``year``."""
        frames = (self.growth, self.population, self.size)
        return GrowthPanel(*(frame.loc[frame.index <= year, :] for frame in frames))

    def of(self, ids: list[str]) -> "GrowthPanel":
        """Return the panel of some states; a state named twice appears twice (bootstrap)."""
        names = range(len(ids)) if len(set(ids)) < len(ids) else ids
        frames = (self.growth, self.population, self.size)
        return GrowthPanel(*(frame.loc[:, ids].set_axis(names, axis=1) for frame in frames))

    @property
    def per_head(self) -> pd.DataFrame:
        """Log growth of GDP per head (1/year)."""
        return self.growth - self.population


@dataclass(frozen=True)
class CommonFactor:
    """The common factor: its mean, sd, first autocorrelation and the error of its mean."""

    mean: float
    sd: float
    persistence: float
    mean_error: float
    years: int


@dataclass(frozen=True)
class Reversion:
    """How deviations carry over a decade: intercept a, rho, b, c of the module's equation."""

    intercept: float
    slope: float
    spread: float
    power: float
    decades: int


@dataclass(frozen=True)
class GrowthFit:
    """Everything a forecast from ``last`` needs.

    ``states``: by id, ``trend``, ``trend_sd``, ``population_growth``, ``sd`` (1/year), ``loading``
    (1 for all: loadings estimated state by state predicted the next decade no better) and
    ``method`` (own, or group where a state has too few years).
    """

    last: int
    world: CommonFactor
    reversion: Reversion
    states: pd.DataFrame


def world_factor(panel: GrowthPanel) -> Float[ndarray, " T"]:
    """Return growth per head of the median state in every year since 1961 (1/year)."""
    return panel.per_head.loc[WORLD_FIRST:].median(axis=1).to_numpy()


def fit_world(factor: Float[ndarray, " T"]) -> CommonFactor:
    """Fit mean, sd and AR(1) of the common factor; the mean's error counts the persistence."""
    gap = factor - factor.mean()
    persistence = float(np.clip(gap[1:] @ gap[:-1] / (gap[:-1] @ gap[:-1]), 0.0, 0.95))
    sd = float(factor.std(ddof=1))
    error = sd * np.sqrt((1 + persistence) / (1 - persistence) / len(factor))
    return CommonFactor(float(factor.mean()), sd, persistence, float(error), len(factor))


def deviations(panel: GrowthPanel) -> pd.DataFrame:
    """Return growth per head less that of the median state (1/year); years x ids."""
    per_head = panel.per_head.loc[FIRST_YEAR:]
    return per_head.sub(per_head.median(axis=1), axis=0)


def past_deviation(gaps: pd.DataFrame, last: int) -> pd.Series:
    """Return the mean clipped deviation of the decade to ``last``; NaN below eight years."""
    window = gaps.loc[last - DECADE + 1 : last]
    return window.clip(-CLIP, CLIP).mean().where(window.notna().sum() >= LEAST_YEARS)


def population_trend(panel: GrowthPanel, last: int) -> pd.Series:
    """Return the mean clipped population growth of the twenty years to ``last`` (1/year)."""
    window = panel.population.loc[last - POPULATION_YEARS + 1 : last]
    return window.clip(*POPULATION_CLIP).mean()


def _log(values: pd.Series) -> pd.Series:
    return pd.Series(np.log(values.to_numpy(float)), values.index)


def yearly_sd(gaps: pd.DataFrame, size: pd.Series, last: int) -> pd.Series:
    """Return the sd of yearly deviations over twenty years, shrunk towards a line in log size.

    Log variances are shrunk by the share of their spread that sampling explains; a state with
    fewer than eight years gets the line.
    """
    window = gaps.loc[last - SHOCK_YEARS + 1 : last].clip(-SHOCK_CLIP, SHOCK_CLIP)
    count = window.notna().sum()
    log_var = _log(window.var().where(count >= LEAST_YEARS))
    own = log_var.notna()
    log_size = _log(size)
    centred = (log_size - log_size[own].mean()).fillna(0.0)
    slope = np.cov(log_var[own], centred[own])[0, 1] / centred[own].var()
    line = log_var[own].mean() + slope * centred
    noise = 2.0 / (count - 1).clip(lower=1) * KURTOSIS
    spread = max(0.0, float((log_var - line)[own].var() - noise[own].mean()))
    kept = spread / (spread + noise)
    return np.exp(0.5 * (line + (kept * (log_var - line)).where(own, 0.0)))


def _decades(panel: GrowthPanel) -> tuple[pd.DataFrame, int]:
    """Return one row a state and decade (past, next, sd), and the number of decades.

    What comes next is measured on total GDP, so the spread includes the error in population.
    """
    gaps, rows = deviations(panel), []
    last = int(panel.growth.index[-1])
    for origin in range(last - DECADE, FIRST_YEAR + DECADE - 3, -DECADE):
        after = slice(origin + 1, origin + DECADE)
        seen = gaps.loc[after]
        surprise = panel.population.loc[after].mean() - population_trend(panel, origin)
        rows.append(
            pd.DataFrame(
                {
                    "past": past_deviation(gaps, origin),
                    "next": (seen.mean() + surprise).where(seen.notna().all()),
                    "sd": yearly_sd(gaps, panel.size.T[origin], origin),
                }
            ).dropna()
        )
    return pd.concat(rows), len(rows)


def _spread(spread: float, power: float, sd: Float[ndarray, " N"]) -> Float[ndarray, " N"]:
    return spread * (sd / REFERENCE_SD) ** power


def fit_reversion(panel: GrowthPanel) -> Reversion:
    """Fit the module's equation to all decades that end by the panel's last year.

    Raises
    ------
    RuntimeError
        When the optimiser does not converge.
    """
    data, decades = _decades(panel)
    past, after, sd = (data[name].to_numpy() for name in ("past", "next", "sd"))
    constant = len(past) * (
        special.gammaln(FREEDOM / 2)
        - special.gammaln((FREEDOM + 1) / 2)
        + 0.5 * np.log(FREEDOM * np.pi)
    )

    def loss(theta: Float[ndarray, " 4"]) -> float:
        scale2 = _spread(np.exp(theta[2]), theta[3], sd) ** 2 + sd**2 / DECADE
        gap2 = (after - theta[0] - theta[1] * past) ** 2 / scale2
        tail = (FREEDOM + 1) / 2 * np.log1p(gap2 / FREEDOM)
        return float(constant + np.sum(0.5 * np.log(scale2) + tail))

    start = np.array([0.0, 0.5, -4.2, 0.3])
    bounds = [(-0.05, 0.05), (-2.0, 3.0), (-8.0, -2.0), (-3.0, 3.0)]
    found = optimize.minimize(
        loss,
        start,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500},
    )
    if not found.success:
        raise RuntimeError(f"reversion of growth was not fitted: {found.message}")
    intercept, slope, log_spread, power = found.x
    return Reversion(
        float(intercept), float(slope), float(np.exp(log_spread)), float(power), decades
    )


def fit_growth(panel: GrowthPanel, last: int, parameters_to: int | None = None) -> GrowthFit:
    """Fit world factor, reversion and every state's trend on figures dated up to ``last``.

    Parameters
    ----------
    panel
        Growth, population and size by year and state.
    last
        Last year used; forecasts start the year after.
    parameters_to
        Last year used for what states share (world factor, reversion); ``last`` if ``None``.
        Trends, sd and population always use figures up to ``last``.
    """
    require.years("the last year", last)
    shared_to = last if parameters_to is None else min(parameters_to, last)
    shared = panel.up_to(shared_to)
    seen = panel.up_to(last)
    world, reversion = fit_world(world_factor(shared)), fit_reversion(shared)
    gaps = deviations(seen)
    past = past_deviation(gaps, last)
    sd = yearly_sd(gaps, seen.size.T[last], last)
    spread = _spread(reversion.spread, reversion.power, sd.to_numpy())
    # Where a state's own decade is unknown, it may be any state's: no gap, a wider spread.
    unknown = np.hypot(spread, reversion.slope * past.std())
    people = population_trend(seen, last)
    states = pd.DataFrame(
        {
            "trend": world.mean + reversion.intercept + reversion.slope * past.fillna(0.0),
            "trend_sd": np.where(past.isna(), unknown, spread),
            "population_growth": people.fillna(people.median()),
            "loading": 1.0,
            "sd": sd,
            "method": np.where(past.isna(), "group", "own"),
        }
    )
    return GrowthFit(last, world, reversion, states)


def sum_factor(horizon: int, persistence: float) -> float:
    """Return Var(f_1 + ... + f_H) / Var(f) of an AR(1): H + 2 sum_k (H - k) phi^k."""
    lag = np.arange(1, horizon)
    return float(horizon + 2 * ((horizon - lag) * persistence**lag).sum())


def forecast(fit: GrowthFit, horizon: int) -> pd.DataFrame:
    """Return mean and sd of the log change of GDP over ``horizon`` years by state."""
    states, world = fit.states, fit.world
    common = world.sd**2 * sum_factor(horizon, world.persistence) * states.loading**2
    drift = (horizon * world.mean_error) ** 2
    own = (horizon * states.trend_sd) ** 2 + horizon * states.sd**2
    return pd.DataFrame(
        {
            "mean": horizon * (states.trend + states.population_growth),
            "sd": np.sqrt(common + drift + own),
        }
    )


def drift_forecast(panel: GrowthPanel, last: int, horizon: int, years: int | None) -> pd.DataFrame:
    """Return the baseline: a random walk with each state's own drift, normal.

    Mean ``H m``, variance ``s^2 (H + H^2 / n)`` from the mean and sd of the state's GDP growth over
    the ``years`` to ``last`` (all since 1951 if ``None``); the second term is the drift's error.
    """
    first = FIRST_YEAR if years is None else last - years + 1
    window = panel.growth.loc[first:last]
    count = window.notna().sum()
    sd = window.std() * np.sqrt(horizon + horizon**2 / count)
    return pd.DataFrame({"mean": horizon * window.mean(), "sd": sd}).where(
        count >= LEAST_YEARS, np.nan
    )


def crps_normal(
    mean: Float[ndarray, " N"], sd: Float[ndarray, " N"], seen: Float[ndarray, " N"]
) -> Float[ndarray, " N"]:
    """Return the continuous ranked probability score of normal forecasts (Gneiting et al. 2005).

    In the unit of ``seen``; smaller is better.  Of a sure forecast (``sd`` nil) it is the limit,
    the distance; NaN where anything is.

    Raises
    ------
    BadInput
        When a standard deviation is below zero.
    """
    require.not_negative("a standard deviation", np.nan_to_num(sd, nan=0.0, posinf=0.0))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = (seen - mean) / sd
        density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
        found = sd * (z * (2 * special.ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    return np.where(np.isfinite(z), found, np.abs(seen - mean))


def hindcast(panel: GrowthPanel, last: int, horizon: int = DECADE) -> pd.DataFrame:
    """Forecast from ``last`` with figures up to ``last``, and score what then happened.

    Returns
    -------
    pandas.DataFrame
        One row a state with eight years of the past decade and all ``horizon`` years after it:
        ``seen``, ``mean``, ``sd`` (log change of GDP); ``crps``, ``crps_drift`` (own drift since
        1951) and ``crps_drift20`` (of twenty years) in log points (100 x log); ``inside`` and
        ``inside_drift`` (in the central 90 % interval); ``tercile`` of size in ``last`` (0 small).
    """
    past = panel.up_to(last)
    fit = fit_growth(past, last)
    seen = panel.growth.loc[last + 1 : last + horizon].sum(min_count=horizon)
    own = forecast(fit, horizon).where(fit.states.method == "own")
    drifts = {
        "drift": drift_forecast(past, last, horizon, None),
        "drift20": drift_forecast(past, last, horizon, 20),
    }
    table = own.assign(seen=seen)
    table["crps"] = 100 * crps_normal(*(table[c].to_numpy() for c in ("mean", "sd", "seen")))
    half = special.ndtri(0.95)
    table["inside"] = (table.seen - table["mean"]).abs() <= half * table.sd
    for name, drift in drifts.items():
        mean, sd = drift["mean"].to_numpy(), drift.sd.to_numpy()
        table[f"crps_{name}"] = 100 * crps_normal(mean, sd, table.seen.to_numpy())
        table[f"inside_{name}"] = np.abs(table.seen - mean) <= half * sd
    table = table.dropna()
    order = panel.size.loc[last].reindex(table.index).fillna(0.0).rank(method="first")
    return table.assign(tercile=np.ceil(3 * order / len(table)).astype(int) - 1)


def bootstrap_difference(
    tables: list[pd.DataFrame], against: str, draws: int = 2000, seed: int = 1
) -> tuple[float, float, float]:
    """Return the mean of ``crps - against`` and its 95 % interval, resampling whole states.

    A state keeps its windows together.  The interval says nothing about shocks that hit all states
    of a window: those would need more windows.
    """
    joined = pd.concat(
        [(table.crps - table[against]).rename(i) for i, table in enumerate(tables)], axis=1
    )
    gaps, known = joined.fillna(0.0).to_numpy(), joined.notna().to_numpy()
    rng = np.random.default_rng(seed)
    picks = rng.integers(len(gaps), size=(draws, len(gaps)))
    means = gaps[picks].sum(axis=(1, 2)) / known[picks].sum(axis=(1, 2))
    low, high = np.quantile(means, [0.025, 0.975])
    return float(gaps.sum() / known.sum()), float(low), float(high)


def reversion_errors(panel: GrowthPanel, draws: int = 200, seed: int = 1) -> pd.Series:
    """Return standard errors of slope, spread (of its log) and power, resampling whole states."""
    ids, rng = list(panel.growth.columns), np.random.default_rng(seed)
    fits = [
        fit_reversion(panel.of([ids[i] for i in rng.integers(len(ids), size=len(ids))]))
        for _ in range(draws)
    ]
    table = pd.DataFrame(
        {
            "slope": [fit.slope for fit in fits],
            "log_spread": [np.log(fit.spread) for fit in fits],
            "power": [fit.power for fit in fits],
        }
    )
    return table.std()
