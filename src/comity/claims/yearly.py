"""Yearly series for tests of claims: stored ones, pairs made of two states, breaks of sources.

A pair that the table of indicators does not hold is made of what it holds of both states, so that
any pair can be tested and every pair can stand beside one that is (`comity.claims.placebo`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.files.documents import nearest

Values = Float[np.ndarray, "..."]


def _apart(one: Values, other: Values) -> Values:
    """Distance of two positions."""
    return np.abs(one - other)


def _ratio(one: Values, other: Values) -> Values:
    """Log of the ratio of two stocks; NaN where either is not above nil."""
    known = (one > 0) & (other > 0)
    return np.where(known, np.log(np.where(known, one, 1.0) / np.where(known, other, 1.0)), np.nan)


# Series of a pair, the series of states they are made of, and how.
MADE: dict[str, tuple[str, Callable[[Values, Values], Values]]] = {
    "unga.distance": ("unga.position", _apart),
    "stock.ratio": ("milex.stock", _ratio),
}


def grid(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Every unit of an indicator, years down, units across."""
    mine = table[table["indicator"] == indicator]
    return mine.pivot(index="year", columns="unit", values="value").sort_index()


def whole(table: pd.DataFrame, indicator: str, unit: str) -> pd.Series:
    """All years of a series; empty where there is none.

    Raises
    ------
    BadInput
        No such series.
    """
    mine = table[(table["indicator"] == indicator) & (table["unit"] == unit)]
    if not mine.empty:
        return mine.set_index("year")["value"].sort_index()
    if indicator in MADE and len(unit) == 7:
        states, how = MADE[indicator]
        wide = grid(table, states)
        if {unit[:3], unit[4:]} <= set(wide):
            made = how(wide[unit[:3]].to_numpy(float), wide[unit[4:]].to_numpy(float))
            return pd.Series(made, wide.index).dropna()
    known = sorted(set(table["indicator"] + "(" + table["unit"] + ")"))
    raise BadInput(
        f"there is no series {indicator}({unit})", fix=nearest(f"{indicator}({unit})", known)
    )


def series(table: pd.DataFrame, indicator: str, unit: str, span: Sequence[int]) -> pd.Series:
    """Values of an indicator by year within a span.

    Raises
    ------
    BadInput
        No such series, or fewer than two of its years in the span.
    """
    every = whole(table, indicator, unit)
    values = every.loc[span[0] : span[1]]
    if len(values) < 2:
        raise BadInput(
            f"{indicator}({unit}) has {len(values)} years in {span[0]}-{span[1]}",
            f"it runs from {int(every.index.min())} to {int(every.index.max())}",
            "choose years inside it",
        )
    return values


def named(table: pd.DataFrame, name: str, span: Sequence[int]) -> pd.Series:
    """A series by its name as ``indicator(unit)``.

    Raises
    ------
    BadInput
        A name of another shape, or as `series`.
    """
    indicator, _, rest = name.partition("(")
    if not rest.endswith(")"):
        raise BadInput(f"{name!r} does not name a series", fix="write it as indicator(UNIT)")
    return series(table, indicator, rest[:-1], span)


def sources(table: pd.DataFrame, indicator: str, unit: str) -> tuple[str, ...]:
    """Names of the sources of a series."""
    base = MADE[indicator][0] if indicator in MADE else indicator
    mine = table[table["indicator"].isin([indicator, base])]
    return tuple(sorted(set(mine.loc[mine["unit"].isin([unit, unit[:3], unit[4:]]), "source"])))


@cache
def breaks() -> tuple[dict[str, object], ...]:
    """Breaks of sources on record: indicator, unit, first year after it, why it is one."""
    text = resources.files("comity.claims").joinpath("breaks.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["breaks"])


def unbroken(indicator: str, unit: str, spans: Sequence[Sequence[int]]) -> None:
    """See that all spans lie on one side of every break of the series.

    Raises
    ------
    BadInput
        A break between or inside the spans.
    """
    first, last = min(s[0] for s in spans), max(s[1] for s in spans)
    base = MADE[indicator][0] if indicator in MADE else indicator
    parts = {unit, *unit.split("-")}
    for one in breaks():
        if one["indicator"] not in (indicator, base) or one["unit"] not in parts:
            continue
        year = int(str(one["year"]))
        if first < year <= last:
            raise BadInput(
                f"{indicator}({unit}) breaks in {year}, inside {first}-{last}",
                str(one["why"]),
                f"choose years from {year}, or up to {year - 1}",
            )
