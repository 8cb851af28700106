"""Figures as text: decimals from what is shown together, a true minus, no false zero."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

NO_FIGURE = "–"
MINUS = "−"
# What is not zero and would be written as zero among its neighbours.
NEARLY = "≈0"
# A figure may have this many decimals more than its neighbours before it counts as nearly zero.
FINER = 2


def finite(value: object) -> float:
    """Return a float; NaN for None, texts and infinities."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def decimals(values: Iterable[object]) -> int:
    """Decimals that show the largest of ``values`` in steps finer than a twentieth of it."""
    sizes = [abs(x) for x in map(finite, values) if x == x and x != 0]
    if not sizes:
        return 1
    return min(max(math.ceil(math.log10(20 / max(sizes))), 0), 6)


def fine(values: Iterable[object]) -> int:
    """Decimals for a figure and its interval: two significant digits of what they span.

    Where they do not differ, or there is one alone, three significant digits of the largest.
    """
    known = [x for x in map(finite, values) if x == x]
    span = max(known) - min(known) if known else 0.0
    largest = max(map(abs, known), default=0.0)
    if span > 1e-9 * largest:
        return min(max(1 - math.floor(math.log10(span)), 0), 12)
    return min(max(2 - math.floor(math.log10(largest)), 0), 12) if largest else 0


def shown(value: object, places: int, sign: bool = False, finer: int = FINER) -> str:
    """Write a number beside others with ``places`` decimals, and never as zero unless it is.

    One that would be written as zero has a digit of its own where ``finer`` more decimals hold it,
    else it is `NEARLY` zero.
    """
    x, text = finite(value), number(value, places, sign)
    if x != x or x == 0 or any(digit in text for digit in "123456789"):
        return text
    own = -math.floor(math.log10(abs(x)))
    if round(abs(x) * 10.0**own) >= 10:  # 0.096 is 0.1
        own -= 1
    return number(x, own, sign) if own <= places + finer else NEARLY


def rounded(value: object, among: Iterable[object]) -> float:
    """A number with two significant digits of what ``among`` spans, such as an amount of money."""
    known = [x for x in map(finite, among) if x == x]
    span = max(known) - min(known) if known else 0.0
    x, scale = finite(value), span or abs(finite(value))
    if x != x or not scale:
        return x
    return round(x, 1 - math.floor(math.log10(scale)))


def interval(low: object, high: object, places: int | None = None) -> str:
    """Write a range, as "−0.16…−0.03"; one number where both ends are the same."""
    a, b = finite(low), finite(high)
    if a != a or b != b:
        return NO_FIGURE
    places = fine([a, b]) if places is None else places
    first, last = shown(a, places), shown(b, places)
    return first if a == b or first == last else f"{first}…{last}"


def spread(value: object, low: object, high: object, sign: bool = False) -> str:
    """Write a figure with its interval, as "+0.033 [0.023…0.045]"; one number without a width."""
    places = fine([value, low, high])
    text = shown(value, places, sign)
    a, b = finite(low), finite(high)
    return text if a != a or b != b or a == b else f"{text} [{interval(a, b, places)}]"


def plain(value: object) -> str:
    """Write a number with as many of four significant digits as it needs."""
    x = finite(value)
    if x != x:
        return NO_FIGURE
    return f"{x:.4g}".replace("-", MINUS)


def number(value: object, places: int | None = None, sign: bool = False) -> str:
    """Write a number with ``places`` decimals (default: as `decimals` says).

    ``sign`` also writes a plus. A value that rounds to zero is written without sign; NaN is a dash.
    """
    x = finite(value)
    if x != x:
        return NO_FIGURE
    places = decimals([x]) if places is None else places
    text = f"{abs(x):,.{places}f}"
    if float(text.replace(",", "")) == 0:
        return text
    return (MINUS if x < 0 else "+" if sign else "") + text


def quantity(value: object, unit: str, places: int | None = None, sign: bool = False) -> str:
    """Write a number with its unit; a unit that speaks of percent puts % right behind it."""
    text = number(value, places, sign) if places is None else shown(value, places, sign)
    if text == NO_FIGURE or unit in ("", "1"):
        return text
    return f"{text}%" if "%" in unit else f"{text} {unit}"


def share(value: object) -> str:
    """Write a share as whole percent; below one percent but not zero as <1%."""
    x = finite(value)
    if x != x:
        return NO_FIGURE
    if 0 < x < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= x < 1 else f"{100 * x:.0f}%"


def nice(value: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below ``value``."""
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(float(f"{m * power:.1g}") for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-9))


def quantiles(values: np.ndarray, levels: list[float], axis: int = 0) -> np.ndarray:
    """Quantiles over finite values along an axis, levels first; NaN where there are none."""
    moved = np.moveaxis(np.asarray(values, float), axis, 0)
    known = np.where(np.isfinite(moved), moved, np.nan)
    flat = np.sort(known.reshape(moved.shape[0], -1), axis=0)  # NaN go last
    count = np.isfinite(flat).sum(axis=0)
    at = np.multiply.outer(levels, np.maximum(count - 1, 0))
    below, above = np.floor(at).astype(int), np.ceil(at).astype(int)
    low, high = np.take_along_axis(flat, below, 0), np.take_along_axis(flat, above, 0)
    result = np.where(count > 0, low + (high - low) * (at - below), np.nan)
    return result.reshape(len(levels), *moved.shape[1:])
