"""Scenario discovery: in which futures a strategy fails.

PRIM, the patient rule induction method (friedman1999bump), as used for scenarios
(bryant2010thinking): peel off thin slices that hold few failures until a small box of drivers holds
many; drop every limit that chance could have set; paste back what was cut too far. A slice is a
share `alpha` of the box for a numeric driver and one category for a categorical one; slices of
unequal size are compared by the share of failures in what they cut off
(kwakkel2016heterogeneous).

*Coverage* is the share of all failures that lie in the box, *density* the share of the box's
futures that fail, *mass* the share of all futures in it. A limit's *quasi-p* is the chance of so
many failures in a box of that size if the limit did not matter. The search makes it too small, so
it is held against `level` divided by the number of limits that could have been set.

Every box of the trajectory that reaches the wanted density is stripped and pasted; of those that
still reach it, the one chosen has the largest harmonic mean of coverage and density (taking the
largest coverage alone would stretch every box until its density only just suffices). Do not trust
a box drawn from few failures (below some 30).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from comity.core.words import say, words

LOW, HIGH = 0, 1


@dataclass(frozen=True)
class Limit:
    """One driver's range or categories; `quasi_p` is that of its weaker side."""

    parameter: str
    low: float | None
    high: float | None
    values: tuple[str, ...] | None
    quasi_p: float


@dataclass(frozen=True)
class Step:
    """One box of the peeling trajectory, before pasting and dropping."""

    coverage: float
    density: float
    mass: float
    limits: int


@dataclass(frozen=True)
class Box:
    """Limits that jointly mark where failures gather, and the trajectory that led there."""

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    trajectory: tuple[Step, ...]


@dataclass(frozen=True)
class _Data:
    """Drivers as columns of numbers; a categorical driver is coded, `levels[j]` names its codes."""

    names: tuple[str, ...]
    x: Float[np.ndarray, "futures drivers"]
    levels: tuple[tuple[str, ...] | None, ...]
    fails: Bool[np.ndarray, " futures"]

    def only(self, mask: Bool[np.ndarray, " futures"]) -> "_Data":
        return _Data(self.names, self.x[mask], self.levels, self.fails[mask])


@dataclass(frozen=True)
class _Bounds:
    """Inclusive bounds by driver; `dropped[j]` holds the categories a box excludes."""

    low: Float[np.ndarray, " drivers"]
    high: Float[np.ndarray, " drivers"]
    dropped: tuple[frozenset[float], ...]

    def numeric(self, driver: int, side: int, value: float) -> "_Bounds":
        bounds = [self.low.copy(), self.high.copy()]
        bounds[side][driver] = value
        return _Bounds(bounds[LOW], bounds[HIGH], self.dropped)

    def category(self, driver: int, excluded: frozenset[float]) -> "_Bounds":
        dropped = self.dropped[:driver] + (excluded,) + self.dropped[driver + 1 :]
        return _Bounds(self.low, self.high, dropped)

    def without(self, driver: int, side: int) -> "_Bounds":
        if self.dropped[driver]:
            return self.category(driver, frozenset())
        return self.numeric(driver, side, np.inf if side == HIGH else -np.inf)

    def sides(self) -> list[tuple[int, int]]:
        """(driver, side) of every limit that is set; a categorical limit has one side."""
        pairs = [(j, LOW) for j in range(self.low.size) if self.low[j] > -np.inf or self.dropped[j]]
        return pairs + [(j, HIGH) for j in range(self.low.size) if self.high[j] < np.inf]

    def violates(self, x: Float[np.ndarray, "futures drivers"], driver: int, side: int):
        column = x[:, driver]
        if self.dropped[driver]:
            return np.isin(column, sorted(self.dropped[driver]))
        return column < self.low[driver] if side == LOW else column > self.high[driver]

    def inside(self, x: Float[np.ndarray, "futures drivers"]) -> Bool[np.ndarray, " futures"]:
        mask = np.ones(len(x), dtype=bool)
        for driver, side in self.sides():
            mask &= ~self.violates(x, driver, side)
        return mask


def discover(
    drivers: pd.DataFrame,
    fails: Bool[np.ndarray, " futures"],
    *,
    density: float | None = None,
    max_boxes: int = 2,
    alpha: float = 0.05,
    min_mass: float = 0.05,
    min_futures: int = 10,
    level: float = 0.05,
) -> tuple[Box, ...]:
    """Boxes of drivers in which failures gather; empty where none can be told from chance.

    Parameters
    ----------
    drivers
        One row a future. Numeric columns get ranges; all others, booleans included, categories.
    fails
        Whether the future fails.
    density
        Wanted share of failures in a box; by default halfway from the overall share to one.
    max_boxes
        A second box is sought among the futures outside the first; its coverage and mass are
        shares of all failures and futures, so those of several boxes add up.
    alpha, min_mass, min_futures
        Share peeled at a step; smallest box, as a share and as a number of futures.
    level
        Chance of a spurious limit that is accepted, before correcting for the number of limits.

    Raises
    ------
    ValueError
        If a driver has missing values or the lengths differ.
    """
    data = _encode(drivers, fails)
    total, failures = len(data.x), int(data.fails.sum())
    least = max(min_futures, int(np.ceil(min_mass * total)))
    boxes: list[Box] = []
    rest = data
    while len(boxes) < max_boxes and 0 < rest.fails.sum() < rest.fails.size:
        wanted = (1 + rest.fails.mean()) / 2 if density is None else density
        path = list(_peel(rest, alpha, least))
        found = _choose(rest, path, wanted, alpha, level)
        if found is None:
            break
        steps = (Step(*_figures(rest, b, failures, total), len(b.sides())) for b in path)
        figures = _figures(rest, found, failures, total)
        boxes.append(Box(_limits(rest, found), *figures, tuple(steps)))
        rest = rest.only(~found.inside(rest.x))
    return tuple(boxes)


def _encode(drivers: pd.DataFrame, fails: Bool[np.ndarray, " futures"]) -> _Data:
    if len(drivers) != fails.size:
        raise ValueError(f"{len(drivers)} rows of drivers but {fails.size} futures")
    columns, levels = [], []
    for name in drivers.columns:
        column = drivers[name]
        if bool(column.isna().to_numpy().any()):
            raise ValueError(f"driver {name!r} has missing values; drop it or those futures")
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            columns.append(column.to_numpy(dtype=float))
            levels.append(None)
        else:
            names, codes = np.unique(column.astype(str).to_numpy(dtype=str), return_inverse=True)
            columns.append(codes.astype(float))
            levels.append(tuple(names.tolist()))
    x = np.column_stack(columns) if columns else np.empty((fails.size, 0))
    return _Data(tuple(map(str, drivers.columns)), x, tuple(levels), fails)


def _peel(data: _Data, alpha: float, least: int) -> Iterator[_Bounds]:
    """The peeling trajectory: the whole space first, then ever smaller boxes."""
    drivers = len(data.names)
    free = np.full(drivers, np.inf)
    bounds = _Bounds(-free, free, (frozenset(),) * drivers)
    inside = np.arange(len(data.x))
    while True:
        yield bounds
        fails = data.fails[inside]
        if fails.all():
            return
        best: tuple[float, int] | None = None
        kept, peeled = inside, bounds
        for candidate, keep in _slices(data, bounds, inside, alpha):
            cut = int(keep.size - keep.sum())
            if not 0 < cut <= keep.size - least:
                continue
            # Fewest failures in what is cut off; then the larger cut.
            key = (float(fails[~keep].sum()) / cut, -cut)
            if best is None or key < best:
                best, kept, peeled = key, inside[keep], candidate
        if best is None:
            return
        inside, bounds = kept, peeled


def _slices(data: _Data, bounds: _Bounds, inside, alpha: float):
    """Every slice that could be peeled off: the box without it and the futures it keeps."""
    k = max(1, int(alpha * inside.size))
    for j, names in enumerate(data.levels):
        column = data.x[inside, j]
        if names is not None:
            for code in np.unique(column).tolist():
                yield bounds.category(j, bounds.dropped[j] | {code}), column != code
            continue
        least, greatest = column.min(), column.max()
        if least == greatest or k >= inside.size:
            continue
        ends = np.partition(column, (k, inside.size - 1 - k))
        low, high = ends[k], ends[inside.size - 1 - k]
        # Among ties at an end, cut all of them: a slice cannot split equal values.
        low = low if low > least else column[column > least].min()
        high = high if high < greatest else column[column < greatest].max()
        yield bounds.numeric(j, LOW, float(low)), column >= low
        yield bounds.numeric(j, HIGH, float(high)), column <= high


def _choose(data: _Data, path: list[_Bounds], wanted: float, alpha: float, level: float):
    """The box of best balance that reaches the density with limits that matter; None if none."""
    candidates = sum(2 if names is None else len(names) for names in data.levels)
    chosen, balance = None, 0.0
    for bounds in path[1:]:
        if data.fails[bounds.inside(data.x)].mean() < wanted:
            continue
        # Dropping first leaves few limits to paste; pasting may bare a limit as idle.
        final = _drop(data, bounds, level / candidates)
        final = _drop(data, _paste(data, final, alpha), level / candidates)
        coverage, density, _ = _figures(data, final, int(data.fails.sum()), len(data.x))
        harmonic = 2 * coverage * density / (coverage + density) if coverage else 0.0
        if final.sides() and density >= wanted and harmonic > balance:
            chosen, balance = final, harmonic
    return chosen


def _paste(data: _Data, bounds: _Bounds, alpha: float) -> _Bounds:
    """Widen single limits as long as the density does not fall."""
    while True:
        inside = bounds.inside(data.x)
        least = float(data.fails[inside].mean())
        best = None
        for driver, side in bounds.sides():
            for wider in _wider(data, bounds, driver, side, max(1, int(alpha * inside.sum()))):
                added = wider.inside(data.x) & ~inside
                # A limit that keeps nothing out is no limit: lift it at once.
                gain = float(data.fails[added].mean()) if added.any() else np.inf
                if gain >= least and (best is None or gain > best[0]):
                    best = gain, wider
        if best is None:
            return bounds
        bounds = best[1]


def _wider(data: _Data, bounds: _Bounds, driver: int, side: int, k: int) -> Iterator[_Bounds]:
    """Boxes with one limit moved out by some k futures, or one more category let in."""
    if bounds.dropped[driver]:
        for code in sorted(bounds.dropped[driver]):
            yield bounds.category(driver, bounds.dropped[driver] - {code})
        return
    free = bounds.without(driver, side)
    added = data.x[free.inside(data.x) & bounds.violates(data.x, driver, side), driver]
    if added.size <= k:
        yield free
    else:
        nearest = np.sort(added)[-k] if side == LOW else np.sort(added)[k - 1]
        yield bounds.numeric(driver, side, float(nearest))


def _drop(data: _Data, bounds: _Bounds, level: float) -> _Bounds:
    """Take away the limit that chance explains best until none is above `level`."""
    while True:
        sides = bounds.sides()
        chances = _quasi_p(data, bounds, sides)
        if not chances or max(chances) <= level:
            return bounds
        bounds = bounds.without(*sides[int(np.argmax(chances))])


def _quasi_p(data: _Data, bounds: _Bounds, sides: list[tuple[int, int]]) -> list[float]:
    """For each limit the chance of the box's failures, were it drawn from the box without it."""
    if not sides:
        return []
    outside = np.array([bounds.violates(data.x, driver, side) for driver, side in sides])
    broken = outside.sum(axis=0)
    inside = broken == 0
    failures, size = int(data.fails[inside].sum()), int(inside.sum())
    # Without one limit the box holds what breaks no limit or that one only.
    shares = [float(data.fails[broken == limit].mean()) for limit in outside]
    return [binomial_tail(failures, size, share) for share in shares]


def binomial_tail(k: int, n: int, p: float) -> float:
    """P(at least k successes in n trials of chance p), summed in logs."""
    if k <= 0:
        return 1.0
    if k > n or p <= 0:
        return 0.0
    if p >= 1:
        return 1.0
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    i = np.arange(k, n + 1)
    log_chance = log_factorial[n] - log_factorial[i] - log_factorial[n - i]
    log_chance += i * np.log(p) + (n - i) * np.log1p(-p)
    return float(min(1.0, np.exp(log_chance).sum()))


def _figures(data: _Data, bounds: _Bounds, failures: int, total: int) -> tuple[float, float, float]:
    """Coverage, density and mass of a box."""
    inside = bounds.inside(data.x)
    hits, size = int(data.fails[inside].sum()), int(inside.sum())
    return hits / failures, hits / size, size / total


def _limits(data: _Data, bounds: _Bounds) -> tuple[Limit, ...]:
    chances: dict[int, list[float]] = {}
    sides = bounds.sides()
    for (driver, _), chance in zip(sides, _quasi_p(data, bounds, sides), strict=True):
        chances.setdefault(driver, []).append(chance)
    limits = []
    for driver in sorted(chances):
        low, high, names = bounds.low[driver], bounds.high[driver], data.levels[driver]
        values = None
        if names is not None:
            values = tuple(n for c, n in enumerate(names) if c not in bounds.dropped[driver])
        low = float(low) if low > -np.inf else None
        high = float(high) if high < np.inf else None
        limits.append(Limit(data.names[driver], low, high, values, max(chances[driver])))
    return tuple(limits)


def _figure(value: float | None) -> str | None:
    """Three significant digits, thousands set apart."""
    return None if value is None else f"{float(f'{value:.3g}'):,.12g}"


def in_words(box: Box, labels: Mapping[str, str], lang: str) -> str:
    """One sentence for a box in a language.

    `labels` names parameters and categories in that language; what it lacks keeps its own name.
    """
    texts = words("comity.judge")
    parts = []
    for limit in box.limits:
        kind = "values" if limit.values is not None else "between"
        if kind == "between" and (limit.low is None or limit.high is None):
            kind = "low" if limit.high is None else "high"
        parts.append(
            say(
                texts[f"box.{kind}"],
                lang,
                name=labels.get(limit.parameter, limit.parameter),
                low=_figure(limit.low),
                high=_figure(limit.high),
                values=texts["box.or"][lang].join(labels.get(v, v) for v in limit.values or ()),
            )
        )
    joined = texts["box.and"][lang].join(parts)
    return say(
        texts["box.sentence"], lang, limits=joined, density=box.density, coverage=box.coverage
    )
