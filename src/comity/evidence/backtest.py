"""Hindcasts: forecast from a past year with what was known then, and score what came.

A quantity (``Quantity``) reads its tables once.  ``Past`` is what a forecast gets: copies of the
rows dated to the window's year, nothing else, so no later figure can be used.  A forecast
(``Outlook``) holds ours and the baselines side by side for the same rows; ``score`` compares
them.  The last year scored is the last one that the outcome's own sources cover, at most ten years
on: figures added to ``COMITY_DATA`` are scored by themselves, and give new windows (``windows``).

What this cannot undo: figures are of one late vintage, and choices of form were made by people
who know the past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from numpy import ndarray

from comity.core.errors import BadInput
from comity.data.sources.source import last_year
from comity.evidence import scoring
from comity.models.people.growth_on_a_panel import crps_normal

HORIZON = 10
DECADE = 10
FEWEST = 4  # years after a window below which it is no window of its own
DRAWS = 500
LEVEL = 0.9
BAR = (0.80, 0.97)  # coverage asked of 90 % intervals in every third of units by size


@dataclass(frozen=True)
class Table:
    """A table and what dates its rows.

    ``dated`` is the column with the year of a row; ``None`` for what has no date (distance).
    ``revised`` are columns whose figures were made with later years in hand (smoothed or pooled
    estimates): a ``Past`` is not given them.
    """

    rows: pd.DataFrame
    dated: str | None = "year"
    revised: tuple[str, ...] = ()

    def until(self, last: int) -> pd.DataFrame:
        """Return a copy of the rows dated to ``last`` without revised columns."""
        rows = self.rows if self.dated is None else self.rows[self.rows[self.dated] <= last]
        kept = rows.drop(columns=list(self.revised)).reset_index(drop=True).copy()
        kept.attrs = {}
        for name in kept.columns:
            # A category list names what came later, rows or not.
            if isinstance(kept[name].dtype, pd.CategoricalDtype):
                kept[name] = kept[name].cat.remove_unused_categories()
        return kept


class Past:
    """What was known at the end of ``last``: copies of the rows dated to it, and no other."""

    def __init__(self, last: int, tables: Mapping[str, Table]) -> None:
        self.last = last
        self._tables = {
            name: Table(table.until(last), table.dated) for name, table in tables.items()
        }

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of a table as known at the end of ``last``.

        Raises
        ------
        BadInput
            When the quantity declared no such table.
        """
        if name not in self._tables:
            raise BadInput(
                f"no table {name!r} in this past",
                fix=f"declared are {', '.join(sorted(self._tables))}",
            )
        return self._tables[name].rows.copy()


@dataclass(frozen=True)
class Normal:
    """Normal forecasts: mean and sd of each row."""

    mean: Float[ndarray, " R"]
    sd: Float[ndarray, " R"]


@dataclass(frozen=True)
class Samples:
    """Forecasts by draws: draws x rows."""

    draws: Float[ndarray, "D R"]


@dataclass(frozen=True)
class Chances:
    """Probability of an event in each row."""

    chance: Float[ndarray, " R"]


Forecast = Normal | Samples | Chances


@dataclass(frozen=True)
class Outlook:
    """Forecasts of the same rows by name: ours first, then the baselines.

    ``rows`` has ``unit``, ``year``, ``size`` (of the unit in the window's year, any measure) and
    the quantity's block columns.  A row where any forecast is NaN is not scored for any.
    """

    rows: pd.DataFrame
    forecasts: dict[str, Forecast]


@runtime_checkable
class Quantity(Protocol):
    """Something to forecast and score.

    ``kind``: ``continuous`` (``Normal`` or ``Samples``, scored by CRPS and interval score) or
    ``binary`` (``Chances``, by Brier and log score).  ``blocks`` are the columns of an outlook's
    rows resampled for intervals.  ``outcome``: sources that must all cover a year before what came
    in it, or who was at risk, is known; empty where the figures come from no file.
    ``first_window``: the first year to forecast from.  ``claimed``: the coverage bar is part of its
    grade, and missing it from one of its windows with all years observed fails the backtest.
    ``scale`` turns scores into ``unit``.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def scale(self) -> float: ...  # noqa: D102
    @property
    def kind(self) -> Literal["continuous", "binary"]: ...  # noqa: D102
    @property
    def first_window(self) -> int: ...  # noqa: D102
    @property
    def outcome(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def blocks(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def claimed(self) -> bool: ...  # noqa: D102

    def tables(self) -> dict[str, Table]:
        """Read all figures there are, once."""
        ...

    def seen(self, tables: Mapping[str, Table], last: int) -> pd.DataFrame:
        """Return what came after ``last``: ``unit``, ``year``, ``value``; no row where unknown."""
        ...

    def foresee(self, past: Past, horizon: int, draws: int, seed: int) -> Outlook:
        """Forecast the years after ``past.last`` from ``past`` alone."""
        ...


@dataclass(frozen=True)
class Score:
    """One score of one window against one baseline; smaller is better.

    ``low`` and ``high`` bound ours less the baseline's (95 %); ``coverage90`` is the share of
    our 90 % intervals that held (``None`` for events); ``n`` counts forecasts.
    """

    quantity: str
    window: int
    score: str
    ours: float
    baseline: float
    baseline_name: str
    low: float
    high: float
    coverage90: float | None
    n: int
    last_year: int


@dataclass(frozen=True)
class Verdict:
    """All scores of a quantity from one window, in ``unit``; ``terciles``: coverage by size."""

    quantity: str
    window: int
    unit: str
    scores: tuple[Score, ...]
    terciles: tuple[float, ...] | None
    claimed: bool

    @property
    def covered(self) -> bool | None:
        """Whether 90 % intervals hold 80 to 97 % in every third by size; ``None`` for events."""
        if self.terciles is None:
            return None
        return all(BAR[0] <= round(share, 3) <= BAR[1] for share in self.terciles)


def strongest(verdict: Verdict, kind: str) -> Score:
    """Return the score against the baseline that did best by ``kind``, known only afterwards."""
    return min((row for row in verdict.scores if row.score == kind), key=lambda row: row.baseline)


def result(row: Score) -> str:
    """Return ``better``, ``worse`` or ``even`` (the 95 % interval of the difference holds nil)."""
    return "better" if row.high < 0 else "worse" if row.low > 0 else "even"


def observed(quantity: Quantity, tables: Mapping[str, Table], window: int) -> pd.DataFrame:
    """Return what came after ``window``: ``unit``, ``year``, ``value``; no row where unknown.

    Years after the end of one of the outcome's sources are unknown, whatever the tables hold.
    """
    came = quantity.seen(tables, window)[["unit", "year", "value"]].dropna()
    end = last_year(quantity.outcome, quantity.name) if quantity.outcome else np.inf
    return came[(came.year > window) & (came.year <= end)]


def windows(
    quantity: Quantity, tables: Mapping[str, Table], horizon: int = HORIZON
) -> tuple[int, ...]:
    """Return the years that a quantity is forecast from, as far as its figures go.

    Every tenth year from its first that has ``FEWEST`` years observed after it; and the last year
    with all of ``horizon`` observed, where that is as many years from each of these.
    """

    def last(window: int) -> float:
        return float(observed(quantity, tables, window).year.max())

    found, window = {}, quantity.first_window
    while (end := last(window)) >= window + FEWEST:
        found[window], window = end, window + DECADE
    whole = int(max(found.values(), default=window)) - horizon
    apart = all(abs(whole - year) >= FEWEST for year in found)
    if whole > quantity.first_window and apart and last(whole) == whole + horizon:
        found[whole] = whole + horizon
    return tuple(sorted(found))


def scoreable(
    quantity: Quantity, tables: Mapping[str, Table], windows: Iterable[int], horizon: int = HORIZON
) -> pd.DataFrame:
    """Return the table of what can be scored: quantity, window, first_year, last_year.

    Windows after which the data have no figure are left out.
    """
    rows = []
    for window in windows:
        years = observed(quantity, tables, window).year
        years = years[years <= window + horizon]
        if len(years):
            rows.append((quantity.name, window, int(years.min()), int(years.max())))
    return pd.DataFrame(rows, columns=["quantity", "window", "first_year", "last_year"])


def score(
    quantity: Quantity,
    tables: Mapping[str, Table],
    window: int,
    draws: int = DRAWS,
    horizon: int = HORIZON,
    seed: int = 1,
) -> Verdict:
    """Forecast from ``window`` and score every year after it that the data have.

    Raises
    ------
    BadInput
        When the data have no year after ``window`` that was forecast.
    """
    came = observed(quantity, tables, window)
    came = came[came.year <= window + horizon]
    if came.empty:
        raise _nothing(quantity, window)
    outlook = quantity.foresee(Past(window, tables), horizon, draws, seed)
    rows = outlook.rows.reset_index(drop=True).assign(row=np.arange(len(outlook.rows)))
    rows = rows.merge(came, on=["unit", "year"], validate="one_to_one").sort_values("row")
    place = rows.row.to_numpy()
    known = np.ones(len(rows), dtype=bool)
    for forecast in outlook.forecasts.values():
        known &= _known(forecast, place)
    rows, place = rows[known], place[known]
    if rows.empty:
        raise _nothing(quantity, window)
    value = rows.value.to_numpy(float)
    picked = {name: _at(forecast, place) for name, forecast in outlook.forecasts.items()}
    # A window with some of its years is one shock: its coverage is printed, not claimed.
    whole = int(came.year.max()) == window + horizon
    claimed = quantity.claimed and whole and window in windows(quantity, tables, horizon)
    return _verdict(quantity, window, rows, value, picked, claimed)


def _nothing(quantity: Quantity, window: int) -> BadInput:
    return BadInput(
        f"{quantity.name} cannot be scored from {window}",
        why="the data have no later year that was forecast",
        fix="choose an earlier year",
    )


def _verdict(
    quantity: Quantity,
    window: int,
    rows: pd.DataFrame,
    value: Float[ndarray, " R"],
    picked: dict[str, Forecast],
    claimed: bool,
) -> Verdict:
    """Compare the first forecast with each of the others."""
    blocks = [pd.factorize(rows[name])[0].astype(np.int64) for name in quantity.blocks]
    names = list(picked)
    points = {name: _points(picked[name], value) for name in names}
    inside = _inside(picked[names[0]], value)
    thirds = None if inside is None else _terciles(rows, inside)
    covered = None if inside is None else float(inside.mean())
    last = int(rows.year.max())
    scores = []
    for kind, ours in points[names[0]].items():
        for other in names[1:]:
            theirs = points[other][kind]
            low, high = scoring.block_interval(quantity.scale * (ours - theirs), blocks)
            scores.append(
                Score(
                    quantity.name,
                    window,
                    kind,
                    quantity.scale * float(ours.mean()),
                    quantity.scale * float(theirs.mean()),
                    other,
                    low,
                    high,
                    covered,
                    len(rows),
                    last,
                )
            )
    return Verdict(quantity.name, window, quantity.unit, tuple(scores), thirds, claimed)


def _points(forecast: Forecast, value: Float[ndarray, " R"]) -> dict[str, Float[ndarray, " R"]]:
    """Return every score of a forecast, a figure a row."""
    match forecast:
        case Chances(chance):
            return {"brier": scoring.brier(chance, value), "log": scoring.log_event(chance, value)}
        case Normal(mean, sd):
            crps, ends = crps_normal(mean, sd, value), scoring.normal_interval(mean, sd, LEVEL)
        case Samples(samples):
            crps, ends = scoring.crps_samples(samples, value), scoring.sample_interval(samples)
    return {"crps": crps, "interval": scoring.interval_score(*ends, value, LEVEL)}


def _inside(forecast: Forecast, value: Float[ndarray, " R"]) -> Bool[ndarray, " R"] | None:
    """Return where the central 90 % interval held what came; ``None`` for events."""
    match forecast:
        case Chances():
            return None
        case Normal(mean, sd):
            low, high = scoring.normal_interval(mean, sd, LEVEL)
        case Samples(samples):
            low, high = scoring.sample_interval(samples, LEVEL)
    return (value >= low) & (value <= high)


def _terciles(rows: pd.DataFrame, inside: Bool[ndarray, " R"]) -> tuple[float, ...]:
    """Return coverage in the small, middle and large third of units."""
    units = rows.drop_duplicates("unit")
    third = pd.Series(scoring.terciles(units["size"].to_numpy(float)), index=units.unit)
    return scoring.coverage_by(inside, rows.unit.map(third).to_numpy(np.int64))


def _known(forecast: Forecast, place: ndarray) -> Bool[ndarray, " R"]:
    match forecast:
        case Chances(chance):
            return np.isfinite(chance[place])
        case Normal(mean, sd):
            return np.isfinite(mean[place]) & np.isfinite(sd[place])
        case Samples(samples):
            return np.all(np.isfinite(samples[:, place]), axis=0)


def _at(forecast: Forecast, place: ndarray) -> Forecast:
    """Return the forecasts of some rows."""
    match forecast:
        case Chances(chance):
            return Chances(chance[place])
        case Normal(mean, sd):
            return Normal(mean[place], sd[place])
        case Samples(samples):
            return Samples(samples[:, place])
