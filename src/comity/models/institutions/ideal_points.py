"""Ideal points over time from roll calls: dynamic ordinal item response, fast point estimates.

Actor i with ideal point theta_it casts on item j of period t the level y (bailey2017estimating):

    z = b_j theta_it + e,  e ~ N(0, 1);   y = k  where  g_j,k-1 < z <= g_j,k
    theta_it ~ N(theta_i,t-g, v),  v = g s n_t / (n_t + n_t-g),  n: choices cast;
    g: periods since the actor last voted, so that a walk goes on while it is away;
    theta of an actor's first period ~ N(0, 1);  b_j ~ N(0, 1);  g flat

Votes known to be the same in several periods share one item: they carry the scale through time.
The scale is fixed by mean 0 and standard deviation 1 over all actor-periods, the sign by one actor.
``estimate`` climbs to the joint mode by Newton steps, items given ideal points and back; the
log-likelihood is concave in each.  ``ideal_points_mcmc.sample`` draws from the posterior.

Differs from the authors' sampler, which takes an actor's past as given and does not let later
periods speak about earlier ones: here a chain is smoothed both ways.  One dimension; absence is
taken as uninformative.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from scipy.linalg import solveh_banded
from scipy.special import ndtr, ndtri

from comity.core import require
from comity.core.errors import BadInput
from comity.models.institutions.roll_calls import RollCalls

FLOOR = 1e-300  # of a probability, before its logarithm
ROOT = np.sqrt(2.0 * np.pi)

States = Float[np.ndarray, " S"]
Rows = Float[np.ndarray, " N"]
Items = Float[np.ndarray, " J"]
Cuts = Float[np.ndarray, "J K"]


@dataclass(frozen=True)
class Prior:
    """Prior: ``smooth`` (s above), sd of an actor's ``start``, sd of a ``slope`` b.

    ``smooth`` is a variance for one unit of ``period``: of years, where periods are years.

    Raises
    ------
    BadInput
        When one is not positive.
    """

    smooth: float = 0.5
    start: float = 1.0
    slope: float = 1.0

    def __post_init__(self) -> None:
        for what, value in (("smooth", self.smooth), ("start", self.start), ("slope", self.slope)):
            require.positive(f"{what} of a prior", value)


@dataclass(frozen=True)
class IdealPoints:
    """Ideal points (S,), sd given the items (S,), slopes (J,), cuts (J, K), Newton rounds done.

    Cuts beyond those an item has are infinite.  ``change``: largest move of the last round.
    """

    points: States
    sd: States
    slope: Items
    cuts: Cuts
    rounds: int
    change: float

    def table(self, rolls: RollCalls) -> pd.DataFrame:
        """Return ``actor``, ``period``, ``ideal_point``, ``sd``, ``votes``, a row a state."""
        return pd.DataFrame(
            {
                "actor": list(rolls.actor),
                "period": list(rolls.period),
                "ideal_point": self.points,
                "sd": self.sd,
                "votes": rolls.cast,
            }
        )


def estimate(
    rolls: RollCalls,
    positive: Hashable,
    prior: Prior | None = None,
    tolerance: float = 1e-3,
    most: int = 200,
) -> IdealPoints:
    """Return the joint mode.

    Parameters
    ----------
    rolls
        From ``roll_calls.roll_calls``.
    positive
        Actor whose mean ideal point is positive: orients the scale.
    tolerance
        Largest move of an ideal point in one round at which to stop.
    most
        Rounds at most.

    Raises
    ------
    BadInput
        When ``positive`` cast no vote that divided, or a limit is not positive.
    """
    require.positive("the tolerance", tolerance)
    require.whole("the number of rounds", most, 1)
    mine = np.array([actor == positive for actor in rolls.actor])
    if not mine.any():
        raise BadInput(f"{positive!r} orients the scale but is in no vote that divided")
    prior = prior or Prior()
    points, slope, cuts = start(rolls, prior)
    walk = walk_precision(rolls, prior)
    change, rounds = np.inf, 0
    while change > tolerance and rounds < most:
        slope, cuts = item_step(rolls, points, slope, cuts, prior)
        moved, _ = _point_step(rolls, points, slope, cuts, walk)
        moved, slope, cuts = standardised(moved, slope, cuts)
        change = float(np.abs(moved - points).max())
        points, rounds = moved, rounds + 1
    if points[mine].mean() < 0:
        points, slope = -points, -slope
    _, precision = _point_step(rolls, points, slope, cuts, walk)
    return IdealPoints(points, np.sqrt(_inverse_diagonal(precision)), slope, cuts, rounds, change)


def start(rolls: RollCalls, prior: Prior) -> tuple[States, Items, Cuts]:
    """Return where to begin: one figure an actor for all periods, and items fitted to it."""
    points = _agreement(rolls)
    slope, cuts = np.zeros(len(rolls.levels)), first_cuts(rolls)
    for _ in range(3):
        slope, cuts = item_step(rolls, points, slope, cuts, prior)
    return points, slope, cuts


def first_cuts(rolls: RollCalls) -> Cuts:
    """Return cuts from shares of levels alone (slope nil); infinite beyond an item's last."""
    most = int(rolls.levels.max())
    counts = np.zeros((len(rolls.levels), most))
    np.add.at(counts, (rolls.item, rolls.rank), 1.0)
    below = np.cumsum(counts, axis=1)[:, :-1] / counts.sum(axis=1, keepdims=True)
    cuts = ndtri(np.clip(below, 1e-6, 1.0 - 1e-6))
    return np.where(np.arange(most - 1) < rolls.levels[:, None] - 1, cuts, np.inf)


def walk_precision(rolls: RollCalls, prior: Prior) -> States:
    """Precision of each state's step from the one before; of the start for an actor's first.

    The variance of a step is that of as many steps of one period as lie between.
    """
    cast = rolls.cast.astype(float)
    before = np.concatenate([[np.nan], cast[:-1]])
    heads = rolls.first == np.arange(rolls.states)
    gap = np.diff(np.asarray(rolls.period, dtype=float), prepend=np.nan)
    step = prior.smooth * gap * cast / (cast + before)
    return 1.0 / np.where(heads, prior.start**2, step)


def bounds(rolls: RollCalls, cuts: Cuts) -> tuple[Rows, Rows]:
    """Return the cuts below and above each choice."""
    return between(cuts, rolls.item, rolls.rank)


def between(
    cuts: Cuts, item: Int[np.ndarray, " N"], rank: Int[np.ndarray, " N"]
) -> tuple[Rows, Rows]:
    """Return the cuts below and above levels of items."""
    padded = np.column_stack([np.full(len(cuts), -np.inf), cuts, np.full(len(cuts), np.inf)])
    flat, width = padded.ravel(), padded.shape[1]
    at = item * width + rank
    return flat[at], flat[at + 1]


def mass(low: Rows, high: Rows) -> Rows:
    """Return the probability between two bounds of a standard normal, exact in both tails."""
    turn = low > 0.0
    a, b = np.where(turn, -high, low), np.where(turn, -low, high)
    return np.maximum(ndtr(b) - ndtr(a), FLOOR)


def log_mass(low: Rows, high: Rows) -> Rows:
    """Return the logarithm of ``mass``."""
    return np.log(mass(low, high))


@dataclass(frozen=True)
class _Slopes:
    """First (``low``, ``high``) and second derivatives of each choice's log-probability."""

    low: Rows
    high: Rows
    low2: Rows
    high2: Rows
    both: Rows


def _slopes(rolls: RollCalls, points: States, slope: Items, cuts: Cuts) -> _Slopes:
    low, high = bounds(rolls, cuts)
    index = slope[rolls.item] * points[rolls.state]
    a, b = low - index, high - index
    p = mass(a, b)
    w, u = np.exp(-0.5 * a * a) / (ROOT * p), np.exp(-0.5 * b * b) / (ROOT * p)
    aw = np.where(np.isfinite(a), a, 0.0) * w
    bu = np.where(np.isfinite(b), b, 0.0) * u
    return _Slopes(-w, u, aw - w * w, -bu - u * u, u * w)


def item_step(
    rolls: RollCalls, points: States, slope: Items, cuts: Cuts, prior: Prior
) -> tuple[Items, Cuts]:
    """One Newton step of all items, held back where cuts would cross."""
    gradient, information = item_newton(rolls, points, slope, cuts, prior)
    move = np.linalg.solve(information, gradient[..., None])[..., 0]
    share = np.ones(len(slope))
    move *= np.minimum(1.0, 1.0 / np.maximum(np.abs(move).max(axis=1), FLOOR))[:, None]
    if cuts.shape[1] > 1:
        with np.errstate(invalid="ignore"):
            gap, closing = np.diff(cuts, axis=1), -np.diff(move[:, 1:], axis=1)
            fit = np.where(closing > 0.0, 0.8 * gap / np.maximum(closing, FLOOR), np.inf)
        share = np.minimum(share, np.nanmin(fit, axis=1, initial=np.inf))
    return slope + share * move[:, 0], cuts + share[:, None] * move[:, 1:]


def item_newton(
    rolls: RollCalls, points: States, slope: Items, cuts: Cuts, prior: Prior
) -> tuple[Float[np.ndarray, "J P"], Float[np.ndarray, "J P P"]]:
    """Gradient and information of (slope, cuts) by item; identity where a cut is not there."""
    d = _slopes(rolls, points, slope, cuts)
    theta, item, rank = points[rolls.state], rolls.item, rolls.rank
    items, width = cuts.shape[0], cuts.shape[1] + 1

    def total(values: Rows, slot: Int[np.ndarray, " N"]) -> Float[np.ndarray, "J P"]:
        # Slot 0 holds what is below the first level, and is dropped.
        sums = np.bincount(item * (width + 1) + slot, values, items * (width + 1))
        return sums.reshape(items, width + 1)[:, 1:width]

    own = np.bincount(item, -theta * (d.low + d.high), items) - slope / prior.slope**2
    gradient = np.column_stack([own, total(d.low, rank) + total(d.high, rank + 1)])
    information = np.zeros((items, width, width))
    curve = -(d.low2 + d.high2 + 2.0 * d.both)
    information[:, 0, 0] = np.bincount(item, theta * theta * curve, items) + prior.slope**-2
    cross = total(theta * (d.low2 + d.both), rank) + total(theta * (d.high2 + d.both), rank + 1)
    information[:, 0, 1:] = information[:, 1:, 0] = cross
    k = np.arange(1, width)
    information[:, k, k] = -total(d.low2, rank) - total(d.high2, rank + 1)
    between = -total(d.both, rank)[:, :-1]
    information[:, k[:-1], k[1:]] = information[:, k[1:], k[:-1]] = between
    there = k < rolls.levels[:, None]
    information[:, k, k] = np.where(there, information[:, k, k], 1.0)
    return gradient, information


def _point_step(
    rolls: RollCalls, points: States, slope: Items, cuts: Cuts, walk: States
) -> tuple[States, Float[np.ndarray, "2 S"]]:
    """One Newton step of all chains along mean 0 and sd 1; also their precision, an upper band.

    Without the two constraints the prior would pull the scale, and the standardising that follows
    would push it back: a fixed point that is no mode.
    """
    d = _slopes(rolls, points, slope, cuts)
    b = slope[rolls.item]
    gradient = np.bincount(rolls.state, -b * (d.low + d.high), rolls.states)
    curve = -b * b * (d.low2 + d.high2 + 2.0 * d.both)
    band = chain_precision(rolls, walk)
    gradient -= times(band, points)
    band[1] += np.bincount(rolls.state, curve, rolls.states)
    fixed = np.column_stack([np.ones_like(points), points])
    free, along = np.split(solveh_banded(band, np.column_stack([gradient, fixed])), [1], axis=1)
    move = free[:, 0] - along @ np.linalg.solve(fixed.T @ along, fixed.T @ free[:, 0])
    return points + np.clip(move, -1.0, 1.0), band


def chain_precision(rolls: RollCalls, walk: States) -> Float[np.ndarray, "2 S"]:
    """Prior precision of all states as an upper band: row 0 above the diagonal, row 1 on it."""
    follows = rolls.first != np.arange(rolls.states)
    step = np.where(follows, walk, 0.0)
    band = np.zeros((2, rolls.states))
    band[1] = walk
    band[1, :-1] += step[1:]
    band[0, 1:] = -step[1:]
    return band


def times(band: Float[np.ndarray, "2 S"], x: States) -> States:
    """Multiply a symmetric matrix, given as an upper band, by a vector."""
    out = band[1] * x
    out[:-1] += band[0, 1:] * x[1:]
    out[1:] += band[0, 1:] * x[:-1]
    return out


def _inverse_diagonal(band: Float[np.ndarray, "2 S"]) -> States:
    """Diagonal of the inverse of a tridiagonal matrix, by elimination from both ends."""
    square = band[0, 1:] ** 2
    ahead, back = band[1].copy(), band[1].copy()
    for i in range(1, len(ahead)):
        ahead[i] -= square[i - 1] / ahead[i - 1]
        back[-1 - i] -= square[-i] / back[-i]
    return 1.0 / (ahead + back - band[1])


def standardised(points: States, slope: Items, cuts: Cuts) -> tuple[States, Items, Cuts]:
    """Return the same model with ideal points of mean 0 and standard deviation 1."""
    mean, sd = points.mean(), points.std()
    return (points - mean) / sd, slope * sd, cuts - (slope * mean)[:, None]


def _agreement(rolls: RollCalls) -> States:
    """Leading dimension of agreement between actors over all periods, one figure an actor."""
    actor = np.cumsum(rolls.first == np.arange(rolls.states)) - 1
    at = (actor[rolls.state], rolls.item)
    shape = (actor[-1] + 1, len(rolls.levels))
    total, count = np.zeros(shape), np.zeros(shape)
    np.add.at(total, at, rolls.rank / (rolls.levels[rolls.item] - 1))
    np.add.at(count, at, 1.0)
    there = count > 0
    mean = np.divide(total, count, out=np.zeros(shape), where=there)
    centred = np.where(there, mean - (mean.sum(0) / np.maximum(there.sum(0), 1)), 0.0)
    together = there.astype(float) @ there.T
    cover = np.divide(
        centred @ centred.T, together, out=np.zeros_like(together), where=together > 0
    )
    leading = np.linalg.eigh(cover)[1][:, -1][actor]
    return (leading - leading.mean()) / leading.std()
