"""Gravity regressions: what distance, borders and agreements do to trade between states.

    X_ijt = exp(x_ijt'b + exporter-year + importer-year + pair effects) e_ijt

PPML is Poisson pseudo maximum likelihood on flows with their zeros [santossilva2006log]; OLS takes
logs and loses the zeros. Domestic trade is one more row per state and year, which lets border-year
terms and what exporters or importers do to all partners be estimated [yotov2016advanced, ch. 1].
Estimation is pyfixest's (extra [estimate]), on a frame with one row per exporter, importer and
year. `comity.models.trade.gravity_full` is another thing: the Guide's own two stages with effects
by state pair for its general equilibrium, without standard errors.
Do not trust a PPML standard error with few years and three-way effects: it is too small by some
tenths [weidner2021bias]. An effect from staggered agreements is an average with uneven weights.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import BadInput, EstimateWarning
from comity.core.require import NAMED
from comity.models.trade.gravity_fit import GravityFit
from comity.models.trade.gravity_rows import has_columns, prepare

__all__ = ["GravityFit", "by_year", "estimate", "square", "with_effects"]

Method = Literal["ppml", "ols", "log-ols"]
DEMEAN, IRLS, MOST = 1e-8, 1e-10, 100
ROBUST, EQUAL = "none (robust)", "none (equal variance)"
# What an estimate that was found may still ask for: a step in standard errors, a share of flows.
FOUND, LEFT = 1e-4, 1e-6


def estimate(
    table: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    effects: Sequence[str] = (),
    method: Method = "ppml",
    cluster: str | None = None,
    robust: bool = True,
    count_effects: bool = False,
    intercept: bool = True,
) -> GravityFit:
    """Estimate a gravity equation.

    Parameters
    ----------
    table
        One row per observation, e.g. exporter, importer and year; see `with_effects`.
    outcome, terms
        Column with the flow (``ols``: with anything); columns of the explanatory terms.
    effects
        Columns whose values have a fixed effect each.
    method
        ``ppml`` takes flows with zeros, ``log-ols`` the log of positive flows, ``ols`` all as is.
    cluster, robust
        Column by which rows may depend on each other; without one, whether variances may differ.
    count_effects
        Whether fixed effects, all but one, count in K of (N-1)/(N-K). The usual PPML commands do
        not count them; a regression on written-out dummies does.
    intercept
        Whether to add a constant where there are no fixed effects.

    Raises
    ------
    BadInput
        Without pyfixest, with a missing column, a name that is no identifier, a negative or
        infinite flow, and where nothing can be estimated: `comity.models.trade.gravity_rows`.

    Warns
    -----
    EstimateWarning
        When rows are separated (they and the terms that tell them are left out and named), or the
        estimate was not found.
    """
    engine = _pyfixest()
    rows = prepare(table, outcome, terms, effects, method, cluster, intercept)
    unit = {name: _unit(rows.table[name]) for name in terms}
    if method == "ppml":
        unit[outcome] = _power(float(rows.table[outcome].mean()))
    scaled = rows.table.assign(**{name: rows.table[name] / u for name, u in unit.items()})
    variance = {"CRV1": cluster} if cluster else ("hetero" if robust else "iid")
    formula = f"{outcome} ~ {' + '.join(terms)}" + (f" | {' + '.join(effects)}" * bool(effects))
    counted = "full" if count_effects else "none"
    found = _fitted(engine, method, formula, scaled, variance, counted, intercept)
    fit = GravityFit(
        method=method,
        outcome=outcome,
        names=tuple(terms),
        coefficients=np.full(len(terms), np.nan),
        covariance=np.full((len(terms), len(terms)), np.nan),
        effects=tuple(effects),
        clustering=cluster or (ROBUST if robust else EQUAL),
        correction=_correction(method, cluster, robust, count_effects and bool(effects)),
        observations=len(rows.table),
        zeros_left_out=rows.zeros_left_out,
        missing=rows.missing,
        without_information=rows.without_information,
        dropped=(),
        converged=False,
        separated=rows.separating,
        separated_rows=rows.separated,
    )
    if found is not None:
        fit = _read(fit, found, scaled, unit, intercept)
    _warn(fit)
    return fit


def _read(
    fit: GravityFit,
    found: Any,
    scaled: pd.DataFrame,
    unit: Mapping[str, float],
    intercept: bool,
) -> GravityFit:
    """The engine's figures in the units of the table, and whether they are an optimum."""
    names = tuple(map(str, found._coefnames))
    each = np.array([unit.get(name, 1.0) for name in names])
    beta, covariance = np.asarray(found._beta_hat, float), np.asarray(found._vcov, float)
    ok, step = _checked(fit, found, names, scaled, covariance)
    if fit.method == "ppml" and fit.clustering == EQUAL:
        # The inverse information of a Poisson is in the unit of the flows; a sandwich is in none.
        covariance = covariance / unit[fit.outcome]
    shift = np.array([np.log(unit.get(fit.outcome, 1.0)) * (name == "Intercept") for name in names])
    return replace(
        fit,
        names=names,
        coefficients=beta / each + shift,
        covariance=covariance / np.outer(each, each),
        dropped=tuple(map(str, found._collin_vars or ())),
        converged=ok and (fit.method != "ppml" or bool(found.convergence)),
        residual=step,
    )


def _checked(
    fit: GravityFit,
    found: Any,
    names: tuple[str, ...],
    scaled: pd.DataFrame,
    covariance: Float[np.ndarray, "K K"],
) -> tuple[bool, float]:
    """Whether the score is nil at the engine's fitted values, and the step it still asks for."""
    if int(found._N) != len(scaled):
        return False, float("nan")
    y = scaled[fit.outcome].to_numpy(float)
    gap = np.asarray(found.resid(), float).ravel()
    x = np.column_stack(
        [np.ones(len(y)) if n == "Intercept" else scaled[n].to_numpy(float) for n in names]
    )
    # What fixed effects should have taken out of the gaps, and did not, as a share of all flows:
    # a group of next to nothing may be off by much of itself and move nothing.
    left = 0.0
    for name in fit.effects:
        sums = np.bincount(pd.factorize(scaled[name])[0], weights=gap)
        left = max(left, float(np.abs(sums).sum() / (np.abs(y) + np.abs(y - gap)).sum()))
    within = np.asarray(found._X, float)
    bread = np.linalg.inv(within.T @ within)
    error = np.sqrt(np.diag(covariance))
    step = float(np.abs(bread @ (x.T @ gap) / error).max())
    sound = np.isfinite(found._beta_hat).all() and np.isfinite(error).all() and (error > 0).all()
    return bool(sound and step <= FOUND and left <= LEFT), step


def _unit(column: pd.Series) -> float:
    """A power of two near the column's spread: exact to divide by, whatever its unit."""
    spread = float(column.std(ddof=0))
    return _power(spread if spread > 0 else float(np.abs(column).max()))


def _power(size: float) -> float:
    return float(2.0 ** np.round(np.log2(size))) if np.isfinite(size) and size > 0 else 1.0


def _warn(fit: GravityFit) -> None:
    """Say what a reader of the coefficients would not see."""
    if fit.separated_rows:
        few = ", ".join(map(str, fit.separated_rows[:NAMED]))
        more = len(fit.separated_rows) - NAMED
        lost = f"the terms {', '.join(fit.separated)}" if fit.separated else "no term"
        warnings.warn(
            f"{len(fit.separated_rows)} rows without a flow are told apart from all rows with one "
            f"and were left out, with {lost}: no finite estimate exists of what tells them "
            f"(rows {few}{f' and {more} more' if more > 0 else ''})",
            EstimateWarning,
            stacklevel=3,
        )
    if not fit.converged:
        warnings.warn(
            f"the {fit.method} estimate was not found: coefficients and errors mean nothing "
            f"(a step of {fit.residual:.3g} standard errors is still asked for)",
            EstimateWarning,
            stacklevel=3,
        )


def _fitted(
    engine: Any,
    method: Method,
    formula: str,
    rows: pd.DataFrame,
    variance: Any,
    counted: str,
    intercept: bool,
) -> Any:
    """What the engine found; None where its iterations did not settle.

    Rows were chosen before: the engine is to leave out no more.
    """
    options = {
        "fml": formula,
        "data": rows,
        "vcov": variance,
        "ssc": engine.ssc(k_adj=True, k_fixef=counted),
        "demeaner": engine.MapDemeaner(fixef_tol=DEMEAN, fixef_maxiter=100_000),
        "drop_intercept": not intercept,
        "fixef_rm": "none",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it warns of stands in the result
        if method != "ppml":
            return engine.feols(**options)
        try:
            return engine.fepois(**options, iwls_tol=IRLS, iwls_maxiter=MOST, separation_check=[])
        except engine.errors.NonConvergenceError:
            return None


def with_effects(
    table: pd.DataFrame,
    exporter: str = "exporter",
    importer: str = "importer",
    year: str | None = "year",
) -> pd.DataFrame:
    """Return the table with the columns that gravity's fixed effects are made of.

    Added are ``exporter_year``, ``importer_year`` (without a year: the states themselves),
    ``pair`` (the two states in alphabetical order), ``domestic`` (1.0 at home) and
    ``domestic_state`` (the state at home, ``abroad`` else).

    Raises
    ------
    BadInput
        When a column is missing.
    """
    needed = [exporter, importer, *([year] if year else [])]
    has_columns(table, needed)
    origin, destination = table[exporter].astype(str), table[importer].astype(str)
    when = "" if year is None else " " + table[year].astype(str)
    home = (origin == destination).to_numpy()
    first = np.where(origin <= destination, origin, destination)
    second = np.where(origin <= destination, destination, origin)
    return table.assign(
        exporter_year=origin + when,
        importer_year=destination + when,
        pair=[f"{a} {b}" for a, b in zip(first, second, strict=True)],
        domestic=home.astype(float),
        domestic_state=np.where(home, origin, "abroad"),
    )


def by_year(
    table: pd.DataFrame, column: str, years: Sequence[int], year: str = "year"
) -> tuple[pd.DataFrame, list[str]]:
    """Return the table with ``column`` split by year (nil in other years), and the new names.

    For border-year terms give the column that is 1 abroad and all years but one.
    """
    has_columns(table, [column, year])
    names = [f"{column}_{at}" for at in years]
    new = {name: table[column] * (table[year] == at) for name, at in zip(names, years, strict=True)}
    return table.assign(**new), names


def square(
    table: pd.DataFrame,
    values: Float[np.ndarray, " rows"],
    exporter: str = "exporter",
    importer: str = "importer",
) -> tuple[list[str], Float[np.ndarray, "N N"]]:
    """Return the states, sorted, and the values of rows as a matrix; absent pairs are NaN.

    Raises
    ------
    BadInput
        When a pair stands in the table twice.
    """
    has_columns(table, [exporter, importer])
    if table.duplicated([exporter, importer]).any():
        raise BadInput("a pair stands twice in the table", fix="take one year at a time")
    states = sorted({*table[exporter].astype(str), *table[importer].astype(str)})
    place = {state: at for at, state in enumerate(states)}
    matrix = np.full((len(states), len(states)), np.nan)
    rows, columns = (table[c].astype(str).map(place).to_numpy() for c in (exporter, importer))
    matrix[rows, columns] = values
    return states, matrix


def _pyfixest() -> ModuleType:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pyfixest
            import pyfixest.errors
    except ImportError as error:
        raise BadInput(
            "gravity estimation needs pyfixest, which is not installed",
            fix='run `pip install "comity[estimate]"`',
        ) from error
    return pyfixest


def _correction(method: str, cluster: str | None, robust: bool, counted: bool) -> str:
    """The factors as they were measured on the engine's own covariances."""
    if cluster:
        factor = "G/(G-1) and (N-1)/(N-K)"
    elif robust:
        factor = "N/(N-K)"
    else:
        factor = "(N-1)/(N-K)" if method == "ppml" else "squared residuals over N-K"
    return f"{factor}, fixed effects {'' if counted else 'not '}counted in K"
