"""A fitted gravity equation: what it says, on which rows, and what it cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import BadInput

SEPARATED = "no finite estimate: it is told by rows without flows only"
IMPLIED = "implied by other terms or the fixed effects"
NOT_FOUND = "not converged"


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
    """Terms left out because others or the fixed effects imply them in the rows that are left."""
    converged: bool
    """Whether the first-order conditions were met when checked (`residual`), all errors finite."""
    separated: tuple[str, ...] = ()
    """Those of ``dropped`` that no finite estimate exists of: they tell apart rows without flows
    from all rows with flows."""
    separated_rows: tuple[object, ...] = ()
    """Labels of the rows they tell apart, left out; the other coefficients do not feel it."""
    residual: float = float("nan")
    """Largest step that the score, worked out anew, still asks for, in standard errors."""

    @property
    def standard_errors(self) -> Float[np.ndarray, " K"]:
        """Square roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))

    def table(self) -> pd.DataFrame:
        """Return coefficients, standard errors, z values and a note, by term.

        The note says what a coefficient is not; dropped terms stand in it with NaN.
        """
        names = [*self.names, *self.dropped]
        blank = np.full(len(self.dropped), np.nan)
        value = np.concatenate([self.coefficients, blank])
        error = np.concatenate([self.standard_errors, blank])
        notes = ["" if self.converged else NOT_FOUND] * len(self.names)
        notes += [SEPARATED if name in self.separated else IMPLIED for name in self.dropped]
        z = value / error if self.converged else np.full(len(names), np.nan)
        columns = {"coefficient": value, "standard_error": error, "z": z, "note": notes}
        return pd.DataFrame(columns, index=names)

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
        if name in self.dropped:
            raise BadInput(
                f"the term {name!r} was dropped",
                why=SEPARATED if name in self.separated else IMPLIED,
            )
        if name not in self.names:
            raise BadInput(f"the fit has no term {name!r}", fix=f"it has {', '.join(self.names)}")
        return self.names.index(name)
