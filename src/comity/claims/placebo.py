"""The same change of everybody else, beside which a change of one pair or state is read.

A pair that came closer says little where most pairs did. The change tested is therefore the
*excess*: the unit's own change less that of another unit, each of which counts once. Under the
null that the unit is one like the others this is the randomization test of Fisher (1935); the
chance in a single series is in the spread of the others already and is not added twice. A pair is
held against all pairs; how it stands among the pairs that either of the two states is in is said
beside that, since a state that moved towards everybody moved towards nobody in particular.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.claims.forms import ChangeForm
from comity.claims.yearly import MADE, grid
from comity.core.words import both, words

# Fewer others than this say nothing of what is usual. Judged.
LEAST = 20
# Share of the years of a span that another unit must have to stand beside the one tested.
COVERED = 0.8
FEWEST_DATES = 5


@dataclass(frozen=True)
class Placebo:
    """Changes of others. ``kind``: pairs, own_pairs, states or dates; ``changes`` (K)."""

    kind: str
    changes: Float[np.ndarray, " K"]

    def percentile(self, own: float, sign: float) -> float:
        """Share of others, in %, whose change is smaller in a direction; ties count half."""
        gap = sign * (own - self.changes)
        return float(100.0 * ((gap > 0).mean() + 0.5 * (gap == 0).mean()))

    @property
    def decides(self) -> bool:
        """Whether the excess is what is tested: all other units, and enough of them."""
        return self.kind in ("pairs", "states") and len(self.changes) >= LEAST


def of(form: ChangeForm, table: pd.DataFrame) -> tuple[Placebo, ...]:
    """Placebos of a change, as many as the table of indicators offers."""
    if "-" in form.unit:
        return _of_pairs(form, table)
    if form.unit != "WORLD":
        others = _of_states(form, table)
        if len(others) >= LEAST:
            return (Placebo("states", others),)
    dates = _of_dates(form, table)
    return (Placebo("dates", dates),) if len(dates) >= FEWEST_DATES else ()


def deciding(placebos: Sequence[Placebo]) -> Placebo | None:
    """The placebo whose excess is tested, where there is one."""
    return next((one for one in placebos if one.decides), None)


def told(placebos: Sequence[Placebo], own: float, sign: float) -> Mapping[str, str]:
    """What the placebos say, in a sentence of each language."""
    texts = words("comity.claims")
    if not placebos:
        return texts["placebo.none"]
    parts = [
        both(
            texts[f"placebo.{one.kind}"],
            count=f"{len(one.changes):,}",
            median=f"{np.median(one.changes):+.3g}",
            own=f"{own:+.3g}",
            excess=f"{own - np.median(one.changes):+.3g}",
            percentile=f"{one.percentile(own, sign):.0f}",
        )
        for one in placebos
    ]
    return {lang: "; ".join(part[lang] for part in parts) for lang in parts[0]}


def _mean(values: Float[np.ndarray, "T K"]) -> Float[np.ndarray, " K"]:
    """Means over years of units that have most of them, else NaN."""
    known = np.isfinite(values)
    enough = known.mean(0) >= COVERED
    mean = np.nansum(values, 0) / np.maximum(known.sum(0), 1)
    return np.where(enough, mean, np.nan)


def _differences(form: ChangeForm, values: pd.DataFrame) -> pd.Series:
    """Later less earlier mean of every unit, as the form asks."""
    early, late = (
        _mean(values.loc[span[0] : span[1]].to_numpy(float)) for span in (form.before, form.after)
    )
    if form.relative:
        change = np.where(early > 0, late / np.where(early > 0, early, 1.0) - 1.0, np.nan)
    else:
        change = late - early
    return pd.Series(change, values.columns).dropna()


def _of_states(form: ChangeForm, table: pd.DataFrame) -> Float[np.ndarray, " K"]:
    wide = grid(table, form.indicator)
    others = wide[[unit for unit in wide if len(str(unit)) == 3 and unit != form.unit]]
    return _differences(form, others).to_numpy(float)


def _of_pairs(form: ChangeForm, table: pd.DataFrame) -> tuple[Placebo, ...]:
    """All other pairs, and those of either state of the pair."""
    if form.indicator in MADE:
        changes = _differences(form, _pairs(form, table))
    else:
        changes = _differences(form, grid(table, form.indicator))
    one, other = form.unit.split("-")
    changes = changes.drop([form.unit, f"{other}-{one}"], errors="ignore")
    mine = np.array(
        [bool({one, other} & set(str(unit).split("-"))) for unit in changes.index], bool
    )
    every = changes.to_numpy(float)
    return Placebo("pairs", every), Placebo("own_pairs", every[mine])


def _pairs(form: ChangeForm, table: pd.DataFrame) -> pd.DataFrame:
    """Every pair of states of a made series, in the years of the form."""
    base, how = MADE[form.indicator]
    wide = grid(table, base)
    years = [*range(form.before[0], form.before[1] + 1), *range(form.after[0], form.after[1] + 1)]
    wide = wide[wide.index.isin(years)]
    values, names = wide.to_numpy(float), [str(unit) for unit in wide]
    first, second = np.triu_indices(len(names), 1)
    made = how(values[:, first], values[:, second])
    columns = [f"{names[a]}-{names[b]}" for a, b in zip(first, second, strict=True)]
    return pd.DataFrame(made, wide.index, columns)


def _of_dates(form: ChangeForm, table: pd.DataFrame) -> Float[np.ndarray, " K"]:
    """The same change of the same unit at every other date that its years allow."""
    wide = grid(table, form.indicator)
    if form.unit not in wide:
        return np.zeros(0)
    found = []
    own = wide[[form.unit]].dropna()
    for shift in range(int(own.index.min()) - form.before[0], int(own.index.max()) + 1):
        spans = [[year + shift for year in span] for span in (form.before, form.after)]
        inside = spans[0][0] >= own.index.min() and spans[1][1] <= own.index.max()
        # A date shifted by less than the shorter span shows mostly the same years again.
        if inside and abs(shift) >= min(s[1] - s[0] + 1 for s in spans):
            moved = form.model_copy(update={"before": spans[0], "after": spans[1]})
            found.append(_differences(moved, own))
    return pd.concat(found).to_numpy(float) if found else np.zeros(0)
