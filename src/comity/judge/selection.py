"""What the futures that could not be solved have in common, and which way that bends a finding.

Where futures drop out by chance, those that are left are a fair sample; where they drop out by what
was drawn, they are not. Every drawn number is compared between the two by a rank test
(mann1947test), each value of a choice by itself, p values corrected for their count
(holm1979simple). For what differs, a straight-line fit over the futures kept says what outcomes to
expect in those left out. It reaches beyond the futures it rests on: take its sign, not its size.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from comity.judge.robustness import comparable

FEWEST = 5  # futures of either kind below which nothing is told
LEVEL = 0.05  # of the corrected p value
CONTROLS = 3  # inputs held in the fit beside those that differ


@dataclass(frozen=True)
class Shift:
    """Outcome to expect in the futures left out less that of those kept; NaN where not told.

    ``low`` and ``high`` bound it, 95 % bootstrap over the futures kept.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Selection:
    """Futures left out; what tells them from the others; what that does to each outcome."""

    futures: int
    failed: int
    enough: bool
    """Whether there are enough of both kinds to compare them."""
    differs: pd.DataFrame
    """Columns parameter, value (of a choice, else None), kept, left_out (means), p; by p."""
    shifts: tuple[Shift, ...]
    """One an outcome."""


def selection(
    draws: pd.DataFrame,
    outcomes: Float[np.ndarray, "futures outcomes"],
    kept: Bool[np.ndarray, " futures"],
    *,
    seed: int,
    resamples: int = 200,
) -> Selection:
    """Compare what was drawn in the futures kept and in those left out.

    Parameters
    ----------
    draws
        One row a future, one column a parameter or uncertainty; no missing values.
    outcomes
        What a finding is made of, one column each; finite wherever ``kept``.
    kept
        Futures that count; the others were left out.
    seed, resamples
        Of the bootstrap.

    Raises
    ------
    ValueError
        If the lengths differ, or an outcome of a future that is kept is not finite.
    """
    if not len(draws) == len(outcomes) == kept.size:
        raise ValueError(f"{len(draws)} draws, {len(outcomes)} outcomes, {kept.size} marks")
    if not np.isfinite(outcomes[kept]).all():
        raise ValueError("an outcome of a future that is kept is missing")
    failed = int((~kept).sum())
    enough = min(failed, kept.size - failed) >= FEWEST
    columns = _columns(draws) if enough else []
    rows = [
        (name, value, x[kept].mean(), x[~kept].mean(), _p(x, kept)) for name, value, x in columns
    ]
    table = pd.DataFrame(rows, columns=["parameter", "value", "kept", "left_out", "p"])
    table["p"] = holm(table["p"].to_numpy(float))
    told = (table["p"] <= LEVEL).to_numpy(bool)
    inputs = np.array([x for *_, x in columns]).T.reshape(kept.size, len(columns))
    shifts = tuple(_shift(inputs, told, y, kept, seed, resamples) for y in outcomes.T)
    differs = table.loc[told].sort_values("p", kind="stable", ignore_index=True)
    return Selection(kept.size, failed, enough, differs, shifts)


def between_strategies(
    draws: pd.DataFrame,
    outcomes: Float[np.ndarray, "futures strategies"],
    strategies: Sequence[str],
    ranked: Sequence[int],
    *,
    seed: int,
) -> dict[str, Any]:
    """`selection` for a ranking: of each strategy's outcome and of the best one's lead over it.

    Parameters
    ----------
    draws, outcomes, seed
        As in `selection`; one outcome a strategy.
    strategies, ranked
        Names of the columns, and their positions from best to worst.
    """
    kept, _ = comparable(outcomes)
    pairs = [(i, None) for i in ranked] + [(ranked[0], i) for i in ranked[1:]]
    columns = [outcomes[:, a] - (0.0 if b is None else outcomes[:, b]) for a, b in pairs]
    values = np.array(columns).T.reshape(kept.size, len(pairs))
    found = selection(draws, values, kept, seed=seed)
    return {
        "futures": found.futures,
        "failed": found.failed,
        "enough": found.enough,
        "differs": found.differs.to_dict("records"),
        "shifts": [
            {"strategy": strategies[a], "against": None if b is None else strategies[b]}
            | asdict(shift)
            for (a, b), shift in zip(pairs, found.shifts, strict=True)
        ],
    }


def _columns(draws: pd.DataFrame) -> list[tuple[str, str | None, np.ndarray]]:
    """Numbers as they are; a choice as a 0-1 column for each of its values."""
    found: list[tuple[str, str | None, np.ndarray]] = []
    for name, column in draws.items():
        numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        if numeric:
            found.append((str(name), None, column.to_numpy(float)))
        else:
            texts = column.astype(str).to_numpy(str)
            found += [(str(name), str(v), (texts == v).astype(float)) for v in np.unique(texts)]
    return [entry for entry in found if np.ptp(entry[2]) > 0]


def _p(x: np.ndarray, kept: np.ndarray) -> float:
    """Two-sided p value of the rank test that both kinds of futures drew alike."""
    from scipy import stats

    return float(stats.mannwhitneyu(x[kept], x[~kept], method="asymptotic").pvalue)


def holm(p: np.ndarray) -> np.ndarray:
    """P values corrected so that one false difference in all is as rare as the level."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


def _shift(
    inputs: np.ndarray,
    told: np.ndarray,
    outcome: np.ndarray,
    kept: np.ndarray,
    seed: int,
    resamples: int,
) -> Shift:
    """What the fit over the futures kept expects of the others, less the mean of those kept.

    Beside what differs, the fit holds the inputs that move the outcome most: they take noise off
    the slopes, and nothing of them enters the shift.
    """
    if not told.any():
        return Shift(np.nan, np.nan, np.nan)
    y, n = outcome[kept], int(kept.sum())
    moves = _correlations(inputs[kept], y)
    controls = [i for i in np.argsort(-moves, kind="stable") if moves[i] > 0 and not told[i]]
    used = [*np.flatnonzero(told), *controls[:CONTROLS]]
    if n <= 2 * len(used) or not np.ptp(y) > 0:
        return Shift(np.nan, np.nan, np.nan)
    x = (inputs[:, used] - inputs[kept][:, used].mean(0)) / inputs[:, used].std(0)
    apart, known = np.where(told[used], x[~kept].mean(0), 0.0), x[kept]

    def expected(rows: np.ndarray) -> float:
        part, values = known[rows], y[rows]
        slope = np.linalg.lstsq(part - part.mean(0), values - values.mean(), rcond=1e-8)[0]
        return float(apart @ slope)

    rng = np.random.default_rng(seed)
    spread = [expected(rng.integers(0, n, n)) for _ in range(resamples)]
    low, high = np.quantile(spread, [0.025, 0.975])
    return Shift(expected(np.arange(n)), float(low), float(high))


def _correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Absolute correlation of every column with y; zero where either does not vary."""
    centred, ys = x - x.mean(0), y - y.mean()
    size = np.sqrt((centred**2).sum(0) * (ys**2).sum())
    return np.where(size > 0, np.abs(ys @ centred) / np.where(size > 0, size, 1.0), 0.0)
