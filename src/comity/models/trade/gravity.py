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
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import BadInput

Method = Literal["ppml", "ols", "log-ols"]
DEMEAN, IRLS, MOST = 1e-8, 1e-10, 100


@dataclass(frozen=True)
class GravityFit:
    """A fitted gravity equation; all arrays in the order of ``names``."""

    method: str
    outcome: str
    names: tuple[str, ...]
    """Terms with a coefficient; ``Intercept`` where there are no fixed effects."""
    coefficients: Float[np.ndarray, " K"]
    covariance: Float[np.ndarray, "K K"]
    effects: tuple[str, ...]
    """Columns whose values have a fixed effect each."""
    clustering: str
    """Column by which rows may be dependent, or ``none (equal variance)`` or ``none (robust)``."""
    correction: str
    """Small-sample factors that the covariance carries."""
    observations: int
    """Rows that the estimate rests on."""
    zeros_left_out: int
    """Rows with a flow of nil that logs cannot use."""
    missing: int
    """Rows left out because a figure was missing."""
    without_information: int
    """Rows left out because their fixed effect fits them whatever the terms are."""
    dropped: tuple[str, ...]
    """Terms left out because others or the fixed effects imply them."""
    converged: bool

    @property
    def standard_errors(self) -> Float[np.ndarray, " K"]:
        """Square roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))

    def coefficient(self, name: str) -> float:
        """Coefficient of a term."""
        return float(self.coefficients[self._at(name)])

    def standard_error(self, name: str) -> float:
        """Standard error of a term."""
        return float(self.standard_errors[self._at(name)])

    def combine(self, weights: Mapping[str, float]) -> tuple[float, float]:
        """Weighted sum of coefficients and its standard error."""
        gradient = np.zeros(len(self.names))
        for name, weight in weights.items():
            gradient[self._at(name)] = weight
        spread = float(np.sqrt(gradient @ self.covariance @ gradient))
        return float(gradient @ self.coefficients), spread

    def change(self, later: str, earlier: str) -> tuple[float, float]:
        """Per cent by which one coefficient exceeds another, and its standard error.

        The standard error is by the delta method.
        """
        first, last = self.coefficient(earlier), self.coefficient(later)
        slopes = {later: 100.0 / first, earlier: -100.0 * last / first**2}
        return 100.0 * (last / first - 1.0), self.combine(slopes)[1]

    def ease(
        self, table: pd.DataFrame, terms: Sequence[str] | None = None
    ) -> Float[np.ndarray, " rows"]:
        """Trade-cost term exp(x'b) of each row, from ``terms`` or all but the intercept."""
        used = [name for name in self.names if name != "Intercept"] if terms is None else terms
        weights = np.array([self.coefficient(name) for name in used])
        return np.exp(table[list(used)].to_numpy(float) @ weights)

    def _at(self, name: str) -> int:
        if name not in self.names:
            raise BadInput(f"the fit has no term {name!r}", fix=f"it has {', '.join(self.names)}")
        return self.names.index(name)


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
        Without pyfixest, with a missing column, a name that is no identifier, a negative flow.
    """
    engine = _pyfixest()
    used = list(dict.fromkeys([outcome, *terms, *effects, *filter(None, [cluster])]))
    _check(table, used, outcome, method)
    rows = table[used].dropna()
    missing, zeros = len(table) - len(rows), 0
    if method == "log-ols":
        positive = rows[rows[outcome] > 0]
        zeros = len(rows) - len(positive)
        rows = positive.assign(**{outcome: np.log(positive[outcome])})
    variance = {"CRV1": cluster} if cluster else ("hetero" if robust else "iid")
    counted = "full" if count_effects else "none"
    fit = GravityFit(
        method=method,
        outcome=outcome,
        names=tuple(terms),
        coefficients=np.full(len(terms), np.nan),
        covariance=np.full((len(terms), len(terms)), np.nan),
        effects=tuple(effects),
        clustering=cluster or ("none (robust)" if robust else "none (equal variance)"),
        correction=_correction(cluster, count_effects and bool(effects)),
        observations=len(rows),
        zeros_left_out=zeros,
        missing=missing,
        without_information=0,
        dropped=(),
        converged=False,
    )
    formula = f"{outcome} ~ {' + '.join(terms)}" + (f" | {' + '.join(effects)}" * bool(effects))
    found = _fitted(engine, method, formula, rows, variance, counted, intercept)
    if found is None:
        return fit
    return replace(
        fit,
        names=tuple(map(str, found._coefnames)),
        coefficients=np.asarray(found._beta_hat, float),
        covariance=np.asarray(found._vcov, float),
        observations=int(found._N),
        without_information=len(rows) - int(found._N),
        dropped=tuple(map(str, found._collin_vars or ())),
        converged=bool(np.isfinite(found._beta_hat).all())
        and (method != "ppml" or bool(found.convergence)),
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
    """What the engine found; None where its iterations did not settle."""
    options = {
        "fml": formula,
        "data": rows,
        "vcov": variance,
        "ssc": engine.ssc(k_adj=True, k_fixef=counted),
        "demeaner": engine.MapDemeaner(fixef_tol=DEMEAN, fixef_maxiter=100_000),
        "drop_intercept": not intercept,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it warns of stands in the result
        if method != "ppml":
            return engine.feols(**options)
        try:
            return engine.fepois(**options, iwls_tol=IRLS, iwls_maxiter=MOST)
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
    _check_columns(table, needed)
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
    _check_columns(table, [column, year])
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
    _check_columns(table, [exporter, importer])
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


def _check(table: pd.DataFrame, used: list[str], outcome: str, method: str) -> None:
    _check_columns(table, used)
    odd = [name for name in used if not name.isidentifier()]
    if odd:
        raise BadInput(f"column {odd[0]!r} cannot stand in a formula", fix="rename it")
    if method != "ols" and (table[outcome] < 0).any():
        raise BadInput(f"column {outcome!r} has negative flows", fix="leave those rows out")


def _check_columns(table: pd.DataFrame, needed: list[str]) -> None:
    absent = [name for name in needed if name not in table]
    if absent:
        raise BadInput(
            f"the table has no column {', '.join(map(repr, absent))}",
            fix=f"it has {', '.join(map(str, table.columns))}",
        )


def _correction(cluster: str | None, counted: bool) -> str:
    groups = "G/(G-1) and " if cluster else ""
    return f"{groups}(N-1)/(N-K), fixed effects {'' if counted else 'not '}counted in K"
