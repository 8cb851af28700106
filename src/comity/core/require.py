"""What a public function asks of its arguments; `BadInput` that names the places where it fails.

Every check looks at values, so it does nothing inside a traced computation (``jit``, ``vmap``,
``grad``), where there are none: check where a computation is entered.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool

from comity.core.errors import BadInput

NAMED = 5  # places that a message names one by one
YEARS = (1000, 9999)


def finite(what: str, value: Any, fix: str = "") -> None:
    """Require finite numbers.

    Raises
    ------
    BadInput
        With the places of those that are not, or when these are no numbers.
    """
    _each(what, value, np.isfinite, "not finite", fix)


def present(what: str, value: Any, fix: str = "") -> None:
    """Require numbers, infinite ones included; ``BadInput`` names the places of NaN."""
    _each(what, value, lambda x: ~np.isnan(x), "missing", fix)


def positive(what: str, value: Any, fix: str = "") -> None:
    """Require finite numbers above zero; ``BadInput`` names the others."""
    _each(what, value, lambda x: np.isfinite(x) & (x > 0), "not above zero", fix)


def not_negative(what: str, value: Any, fix: str = "") -> None:
    """Require finite numbers of zero or more; ``BadInput`` names the others."""
    _each(what, value, lambda x: np.isfinite(x) & (x >= 0), "not finite or below zero", fix)


def above(what: str, value: Any, bound: float) -> None:
    """Require finite numbers above a bound; ``BadInput`` names the others."""
    _each(what, value, lambda x: np.isfinite(x) & (x > bound), f"not finite or not above {bound:g}")


def chances(what: str, value: Any, missing: bool = False) -> None:
    """Require probabilities, in [0, 1]; with ``missing``, NaN as well."""
    _each(what, value, lambda x: _or_missing((x >= 0) & (x <= 1), x, missing), "not in [0, 1]")


def share(what: str, value: Any) -> None:
    """Require fractions of which something is left, in (0, 1]."""
    _each(what, value, lambda x: (x > 0) & (x <= 1), "not in (0, 1]")


def level(what: str, value: Any) -> None:
    """Require a confidence level, strictly between 0 and 1 (0.9, not 90)."""
    _each(what, value, lambda x: (x > 0) & (x < 1), "not between 0 and 1", "0.9 is 90 %")


def events(what: str, value: Any, missing: bool = False) -> None:
    """Require what happened (1) and what did not (0); with ``missing``, NaN as well."""
    _each(what, value, lambda x: _or_missing((x == 0) | (x == 1), x, missing), "not 0 or 1")


def whole(what: str, value: Any, least: int | None = None, fix: str = "") -> None:
    """Require whole numbers, of at least ``least`` where one is given."""
    floor = -np.inf if least is None else least
    said = "not whole" if least is None else f"not whole or below {least}"
    _each(what, value, lambda x: np.isfinite(x) & (x == np.floor(x)) & (x >= floor), said, fix)


def years(what: str, value: Any) -> None:
    """Require years of four digits; ``BadInput`` names the others."""
    low, high = YEARS
    _each(
        what,
        value,
        lambda x: np.isfinite(x) & (x == np.floor(x)) & (x >= low) & (x <= high),
        "no year of four digits",
    )


def shape(what: str, value: Any, wanted: tuple[int, ...]) -> None:
    """Require an array's shape; holds inside a traced computation too."""
    if np.shape(value) != wanted:
        raise BadInput(f"{what} has shape {np.shape(value)}, not {wanted}")


def pair(what: str, a: Any, b: Any, count: int) -> None:
    """Require positions of two different members among ``count``, from 0."""
    if traced(a) or traced(b):
        return
    if not (0 <= int(a) < count and 0 <= int(b) < count and int(a) != int(b)):
        raise BadInput(
            f"{what}: positions {int(a)} and {int(b)}",
            why=f"two different ones of {count} are meant, counted from 0",
        )


def once(what: str, *columns: Any) -> None:
    """Require that no two rows agree in all ``columns``.

    Raises
    ------
    BadInput
        With the first rows that stand twice, counted from 0, and their values.
    """
    frame = pd.DataFrame({n: np.asarray(column) for n, column in enumerate(columns)})
    double = frame.duplicated(keep=False).to_numpy()
    if double.any():
        first = frame[double].iloc[0].tolist()
        said = ", ".join(str(v) for v in first)
        raise BadInput(
            f"{what} stands twice, rows {places(double)} ({said})",
            fix="keep one row each",
        )


def places(bad: Bool[np.ndarray, "..."]) -> str:
    """Return where ``bad`` is true, counted from 0: a few by position, the rest by number."""
    found = np.argwhere(bad)
    named = [str(at[0]) if len(at) == 1 else str(tuple(at.tolist())) for at in found[:NAMED]]
    more = len(found) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def traced(value: Any) -> bool:
    """Whether a value is not known yet because a computation is being traced."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(value, jax.core.Tracer)


def _or_missing(good: Any, value: Any, missing: bool) -> Any:
    return good | np.isnan(value) if missing else good


def _each(what: str, value: Any, good: Any, said: str, fix: str = "") -> None:
    if traced(value):
        return
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{what} is no number: {value!r:.80}", fix=fix) from error
    with np.errstate(invalid="ignore"):
        bad = ~np.asarray(good(numbers))
    if not bad.any():
        return
    if numbers.ndim == 0:
        raise BadInput(f"{what} = {numbers} is {said}", fix=fix)
    first = numbers[tuple(np.argwhere(bad)[0])]
    raise BadInput(f"{what} {said} at {places(bad)} (the first is {first:g})", fix=fix)
