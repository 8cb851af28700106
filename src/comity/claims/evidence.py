"""Tests of claims on dated data: a statistic, its draws, how many figures it rests on.

Yearly series are resampled in blocks of years (kunsch1989jackknife), since years next to each
other resemble each other; shares and counts have Jeffreys posteriors (jeffreys1946invariant).
Every function is pure: table in, draws out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.claims import forms
from comity.core.errors import BadInput
from comity.core.words import both, words

DRAWS = 4000


@dataclass(frozen=True)
class Finding:
    """Draws of a statistic, the figures it rests on, where these come from, and the last date."""

    draws: Float[np.ndarray, " draws"]
    count: int
    sources: tuple[str, ...]
    until: str
    said: Mapping[str, str]


def series(table: pd.DataFrame, indicator: str, unit: str, span: list[int]) -> pd.Series:
    """Values of an indicator by year within a span.

    Raises
    ------
    BadInput
        No such series, or fewer than two of its years in the span.
    """
    mine = table[(table["indicator"] == indicator) & (table["unit"] == unit)]
    if mine.empty:
        known = sorted(set(table["indicator"] + "(" + table["unit"] + ")"))
        from comity.files.documents import nearest

        raise BadInput(
            f"there is no series {indicator}({unit})", fix=nearest(f"{indicator}({unit})", known)
        )
    values = mine.set_index("year")["value"].sort_index().loc[span[0] : span[1]]
    if len(values) < 2:
        last = int(mine["year"].max())
        raise BadInput(
            f"{indicator}({unit}) has {len(values)} years in {span[0]}-{span[1]}",
            f"it runs from {int(mine['year'].min())} to {last}",
            "choose years inside it",
        )
    return values


def _blocks(
    values: Float[np.ndarray, " n"], rng: np.random.Generator
) -> Float[np.ndarray, "draws n"]:
    """Resamples in moving blocks of n^(1/3) years."""
    n = len(values)
    length = max(1, round(n ** (1 / 3)))
    starts = rng.integers(0, n - length + 1, (DRAWS, -(-n // length)))
    index = (starts[:, :, None] + np.arange(length)).reshape(DRAWS, -1)[:, :n]
    return values[index]


def change(form: forms.ChangeForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Later mean less earlier mean; with ``relative`` as a share of the earlier one."""
    before = series(table, form.indicator, form.unit, form.before)
    after = series(table, form.indicator, form.unit, form.after)
    early, late = (_blocks(s.to_numpy(float), rng).mean(1) for s in (before, after))
    if form.relative and not (before > 0).all():
        raise BadInput(f"{form.indicator}({form.unit}) is not above nil", fix="drop `relative`")
    draws = late / early - 1.0 if form.relative else late - early
    return _found(form, table, draws, [before, after])


def slope(form: forms.SlopeForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Least-squares trend per decade, residuals resampled in blocks."""
    values = series(table, form.indicator, form.unit, form.years)
    years = values.index.to_numpy(float)
    x = (years - years.mean()) / 10.0
    trend = (x @ values.to_numpy(float)) / (x @ x)
    rest = values.to_numpy(float) - values.mean() - trend * x
    draws = trend + _blocks(rest, rng) @ x / (x @ x)
    return _found(form, table, draws, [values])


def level(form: forms.LevelForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Mean less the reference value."""
    values = series(table, form.indicator, form.unit, form.years)
    draws = _blocks(values.to_numpy(float), rng).mean(1) - form.against
    return _found(form, table, draws, [values])


def gap(form: forms.GapForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Mean of the unit less the mean of its peers, who are resampled."""
    own = series(table, form.indicator, form.unit, form.years)
    peers = [series(table, form.indicator, peer, form.years) for peer in form.peers]
    means = np.array([peer.mean() for peer in peers])
    chosen = means[rng.integers(0, len(means), (DRAWS, len(means)))].mean(1)
    draws = _blocks(own.to_numpy(float), rng).mean(1) - chosen
    return _found(form, table, draws, [own, *peers])


def _found(
    form: forms.ChangeForm | forms.SlopeForm | forms.LevelForm | forms.GapForm,
    table: pd.DataFrame,
    draws: np.ndarray,
    used: list[pd.Series],
) -> Finding:
    mine = table[(table["indicator"] == form.indicator) & (table["unit"] == form.unit)]
    last = max(int(values.index.max()) for values in used)
    what = f"{form.indicator}({form.unit})"
    means = ", ".join(f"{v.index.min()}-{v.index.max()}: {v.mean():.4g}" for v in used[:2])
    text = both(words("comity.claims")["found.mean"], what=what, means=means)
    count = sum(len(values) for values in used)
    return Finding(draws, count, tuple(sorted(set(mine["source"]))), str(last), text)


def chosen(table: pd.DataFrame, where: Mapping[str, list[str]]) -> pd.Series:
    """Rows whose columns hold one of the values named; a column of several words holds any.

    Raises
    ------
    BadInput
        A column that the table does not have.
    """
    keep = np.ones(len(table), bool)
    for column, values in where.items():
        if column not in table:
            raise BadInput(
                f"the table has no column {column!r}",
                fix=f"its columns: {', '.join(map(str, table.columns))}",
            )
        cells = table[column].fillna("").astype(str)
        keep &= np.array([bool({word, *word.split()} & set(values)) for word in cells], bool)
    return pd.Series(keep, index=table.index)


def share(
    form: forms.ShareForm, table: pd.DataFrame, rng: np.random.Generator, source: str
) -> Finding:
    """Posterior of a share, less the reference or the share of others."""
    draws, count, said = _share(form, form.where, table, rng)
    if form.than is None:
        draws = draws - form.against
    else:
        others, more, also = _share(form, form.than, table, rng)
        draws, count = draws - others, count + more
        said = both(words("comity.claims")["found.against"], said=said, also=also)
    until = str(table["date"].max())[:7] if "date" in table else "2026-06"
    return Finding(draws, count, (source,), until, said)


def _share(
    form: forms.ShareForm,
    where: Mapping[str, list[str]],
    table: pd.DataFrame,
    rng: np.random.Generator,
) -> tuple[np.ndarray, int, dict[str, str]]:
    """Draws of a share, the rows it is of, and its count in words."""
    rows = table[chosen(table, where)]
    if rows.empty:
        raise BadInput(f"no row of {form.table} fits {dict(where)}", fix="widen `where`")
    hits = int(chosen(rows, form.success).sum())
    draws = rng.beta(hits + 0.5, len(rows) - hits + 0.5, DRAWS)
    text = both(words("comity.claims")["found.share"], hits=hits, rows=len(rows))
    return draws, len(rows), text


def rate(form: forms.RateForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Events a year after less before, each with a gamma posterior."""
    rows = table[chosen(table, form.where)]
    years = rows["date"].astype(str).str[:4].astype(int)
    counts = [
        int(((years >= span[0]) & (years <= span[1])).sum()) for span in (form.before, form.after)
    ]
    lengths = [span[1] - span[0] + 1 for span in (form.before, form.after)]
    early, late = (
        rng.gamma(count + 0.5, 1.0 / length, DRAWS)
        for count, length in zip(counts, lengths, strict=True)
    )
    text = both(words("comity.claims")["found.rate"], counts=counts, lengths=lengths)
    return Finding(late - early, sum(counts), ("facts_events",), str(form.after[1]), text)
