"""Tests of claims on dated data: a statistic, its draws, how many figures it rests on.

Yearly series are resampled in blocks of years (kunsch1989jackknife), since years next to each
other resemble each other; shares and counts have Jeffreys posteriors (jeffreys1946invariant).
Every function is pure: table in, draws out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.stats import norm

from comity.claims import forms, placebo
from comity.claims.yearly import named, series, sources, unbroken
from comity.core.errors import BadInput
from comity.core.words import both, same, words

DRAWS = 4000


@dataclass(frozen=True)
class Finding:
    """Draws of a statistic, the figures it rests on, where these come from, and the last date.

    ``own`` is the statistic itself and ``others`` the same of others, where there are any; ``why``
    says what stands for them where there are none.
    """

    draws: Float[np.ndarray, " draws"]
    count: int
    sources: tuple[str, ...]
    until: str
    said: Mapping[str, str]
    own: float = np.nan
    others: tuple[placebo.Placebo, ...] = ()
    why: Mapping[str, str] = field(default_factory=lambda: same(""))

    def against(self, sign: float) -> tuple[Float[np.ndarray, " K"], Mapping[str, str]]:
        """Draws in a direction, the excess over others where there are, and what these say."""
        if not np.isfinite(self.own):
            return sign * self.draws, self.why
        found = placebo.deciding(self.others)
        draws = self.draws if found is None else self.own - found.changes
        return sign * draws, placebo.told(self.others, self.own, sign)


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
    unbroken(form.indicator, form.unit, [form.before, form.after])
    before = series(table, form.indicator, form.unit, form.before)
    after = series(table, form.indicator, form.unit, form.after)
    early, late = (_blocks(s.to_numpy(float), rng).mean(1) for s in (before, after))
    if form.relative and not (before > 0).all():
        raise BadInput(f"{form.indicator}({form.unit}) is not above nil", fix="drop `relative`")
    draws = late / early - 1.0 if form.relative else late - early
    own = after.mean() / before.mean() - 1.0 if form.relative else after.mean() - before.mean()
    return replace(
        _found(form, table, draws, [before, after]),
        own=float(own),
        others=placebo.of(form, table),
    )


def slope(form: forms.SlopeForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Least-squares trend per decade, residuals resampled in blocks."""
    unbroken(form.indicator, form.unit, [form.years])
    values = series(table, form.indicator, form.unit, form.years)
    years = values.index.to_numpy(float)
    x = (years - years.mean()) / 10.0
    trend = (x @ values.to_numpy(float)) / (x @ x)
    rest = values.to_numpy(float) - values.mean() - trend * x
    draws = trend + _blocks(rest, rng) @ x / (x @ x)
    return _found(form, table, draws, [values])


def level(form: forms.LevelForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Mean less the reference value."""
    unbroken(form.indicator, form.unit, [form.years])
    values = series(table, form.indicator, form.unit, form.years)
    draws = _blocks(values.to_numpy(float), rng).mean(1) - form.against
    return _found(form, table, draws, [values])


def gap(form: forms.GapForm, table: pd.DataFrame, rng: np.random.Generator) -> Finding:
    """Mean of the unit less that of its peers, who are resampled, or of the highest of them."""
    unbroken(form.indicator, form.unit, [form.years])
    own = series(table, form.indicator, form.unit, form.years)
    peers = [series(table, form.indicator, peer, form.years) for peer in form.peers]
    if form.than == "highest":
        # Their chance counts too: the highest of them in each resample.
        chosen = np.max([_blocks(peer.to_numpy(float), rng).mean(1) for peer in peers], axis=0)
    else:
        means = np.array([peer.mean() for peer in peers])
        chosen = means[rng.integers(0, len(means), (DRAWS, len(means)))].mean(1)
    draws = _blocks(own.to_numpy(float), rng).mean(1) - chosen
    return _found(form, table, draws, [own, *peers])


def together(form: forms.TogetherForm, table: pd.DataFrame) -> Finding:
    """Years in which both begin, less those in each circular shift of one against the other.

    The shifts keep how often each begins and how it clusters, and break what comes together.
    """
    one, other = _two(form, table)
    both_begin = float((one & other).sum())
    shifted = np.array([(one & np.roll(other, k)).sum() for k in range(1, len(one))], float)
    said = both(
        words("comity.claims")["found.together"],
        both=int(both_begin),
        one=int(one.sum()),
        other=int(other.sum()),
        years=len(one),
        expected=f"{shifted.mean():.1f}",
        share=f"{(shifted >= both_begin).mean():.2f}",
    )
    return _shifted(form, table, both_begin - shifted, said, int(one.sum() + other.sum()))


def along(form: forms.AlongForm, table: pd.DataFrame) -> Finding:
    """Slope of the first series on the second, less that in each circular shift of the second."""
    first, last = form.years
    lagged = [first - form.lag, last - form.lag]
    one = named(table, form.indicators[0], form.years)
    other = named(table, form.indicators[1], lagged)
    other.index = other.index + form.lag
    years = one.index.intersection(other.index)
    y, x = one.loc[years].to_numpy(float), other.loc[years].to_numpy(float)
    y, x = y - y.mean(), x - x.mean()
    if not (x @ x > 0):
        raise BadInput(f"{form.indicators[1]} does not vary in {first}-{last}")
    slopes = np.array([np.roll(x, k) @ y for k in range(len(x))]) / (x @ x)
    share = float((np.abs(slopes[1:]) >= abs(slopes[0])).mean())
    said = both(
        words("comity.claims")["found.along"],
        slope=f"{slopes[0]:.3g}",
        years=len(years),
        share=f"{share:.2f}",
    )
    return _shifted(form, table, slopes[0] - slopes[1:], said, 2 * len(years))


def estimate(form: forms.EstimateForm, row: Mapping[str, object]) -> Finding:
    """Draws of an estimate beyond its placebo, less the reference; at equal steps.

    What comes later cannot have caused what came before: as much of the estimate as its lead says
    too is taken off, never added, and the error of the lead counts as well.
    """
    value, error = float(str(row["value"])), float(str(row["se"]))
    texts = words("comity.claims")
    count = int(str(row["count"]))
    figures = {"value": f"{value:.3g}", "se": f"{error:.2g}", "count": f"{count:,}"}
    why = texts[f"placebo.{row['placebo_kind']}"]
    lead, lead_error = float(str(row["placebo"])), float(str(row["placebo_se"]))
    if np.isfinite(lead):
        why = both(why, value=f"{lead:.3g}", se=f"{lead_error:.2g}")
        common = lead if lead * value > 0 else 0.0
        value = np.sign(value) * max(0.0, abs(value) - abs(common))
        error = float(np.hypot(error, lead_error))
    steps = norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)
    return Finding(
        value + error * steps - form.against,
        count,
        tuple(str(row["sources"]).split()),
        str(row["until"]),
        both(texts["found.estimate"], **figures),
        why=why,
    )


def _two(form: forms.TogetherForm, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Whether each of the two begins in each year of the span."""
    found = []
    for name in form.indicators:
        values = named(table, name, form.years)
        if len(values) != form.years[1] - form.years[0] + 1:
            raise BadInput(
                f"{name} has {len(values)} of the years {form.years[0]}-{form.years[1]}",
                fix="choose years inside it",
            )
        found.append(values.to_numpy(float) > 0)
    return found[0], found[1]


def _shifted(
    form: forms.TogetherForm | forms.AlongForm,
    table: pd.DataFrame,
    draws: np.ndarray,
    said: Mapping[str, str],
    count: int,
) -> Finding:
    parts = [name.removesuffix(")").split("(") for name in form.indicators]
    used = sorted({one for indicator, unit in parts for one in sources(table, indicator, unit)})
    why = words("comity.claims")["placebo.shifts"]
    return Finding(draws, count, tuple(used), str(form.years[1]), said, why=why)


def _found(
    form: forms.ChangeForm | forms.SlopeForm | forms.LevelForm | forms.GapForm,
    table: pd.DataFrame,
    draws: np.ndarray,
    used: list[pd.Series],
) -> Finding:
    last = max(int(values.index.max()) for values in used)
    what = f"{form.indicator}({form.unit})"
    means = ", ".join(f"{v.index.min()}-{v.index.max()}: {v.mean():.4g}" for v in used[:2])
    text = both(words("comity.claims")["found.mean"], what=what, means=means)
    count = sum(len(values) for values in used)
    why = words("comity.claims")[f"placebo.{form.kind}"]
    used_sources = sources(table, form.indicator, form.unit)
    return Finding(draws, count, used_sources, str(last), text, why=why)


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
    why = words("comity.claims")["placebo.share" if form.than is None else "placebo.than"]
    return Finding(draws, count, (source,), until, said, why=why)


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
    why = words("comity.claims")["placebo.rate"]
    return Finding(late - early, sum(counts), ("facts_events",), str(form.after[1]), text, why=why)
