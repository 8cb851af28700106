"""Posterior draws of ideal points: intervals for the model of ``ideal_points``.

A sweep (albert1993bayesian, johnson1999ordinal, with items drawn free of the latent choices):

    (b_j, g_j) | theta, y    random-walk Metropolis, steps shaped by the information
    z | b, g, theta, y       truncated normals
    theta | z, b             all chains at once, a tridiagonal Gaussian
    level from t on          all theta from period t on and the cuts of their items move as one

The last step is what lets a period's level wander as far as it may: votes of a period alone say
who stands where beside whom, not where all of them stand.
The prior is that of ``ideal_points.Prior`` with its scale left to it; every kept draw is brought to
mean 0 and standard deviation 1 and to the sign of one actor, as the point estimates are.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from scipy.linalg import cho_solve_banded, cholesky_banded, solve_banded
from scipy.special import ndtr, ndtri

from comity.core import require
from comity.core.errors import BadInput
from comity.models.institutions.ideal_points import (
    Cuts,
    IdealPoints,
    Items,
    Prior,
    Rows,
    States,
    between,
    bounds,
    chain_precision,
    item_newton,
    log_mass,
    walk_precision,
)
from comity.models.institutions.ideal_points import start as begin_at
from comity.models.institutions.roll_calls import RollCalls

STEP = 2.4  # of random-walk steps, over the root of their dimension (roberts1997weak)
TRIES = 3  # item steps a sweep
TUNED = 25  # sweeps of burn-in from one tuning of the steps to the next
CUT = 5.0  # of an ideal point before it is standardised, in the published sampler
RIDGE = 0.01  # added to the information steps are made from, so that none is boundless


@dataclass(frozen=True)
class Draws:
    """Kept draws of the ideal points, standardised (D, S); share of item proposals accepted."""

    points: Float[np.ndarray, "D S"]
    accepted: float

    def table(self, rolls: RollCalls, level: float = 0.9) -> pd.DataFrame:
        """Return ``actor``, ``period``, ``ideal_point`` (mean), ``sd``, ``low``, ``high``.

        Raises
        ------
        BadInput
            When the level is not between 0 and 1.
        """
        require.level("the level of an interval", level)
        tail = 0.5 - 0.5 * level
        low, high = np.quantile(self.points, [tail, 1.0 - tail], axis=0)
        return pd.DataFrame(
            {
                "actor": list(rolls.actor),
                "period": list(rolls.period),
                "ideal_point": self.points.mean(axis=0),
                "sd": self.points.std(axis=0, ddof=1),
                "low": low,
                "high": high,
            }
        )


def sample(
    rolls: RollCalls,
    start: IdealPoints | None,
    positive: Hashable,
    prior: Prior | None = None,
    draws: int = 500,
    burn: int = 200,
    thin: int = 1,
    seed: int = 0,
    given_past: bool = False,
) -> Draws:
    """Draw from the posterior, or by the published sampler's law.

    Parameters
    ----------
    rolls, start, positive
        Roll calls; their point estimates, where the chain begins (one figure an actor, where
        ``None``); the actor who orients.
    prior
        As in ``estimate``.
    draws, burn, thin
        Draws kept, sweeps thrown away first, sweeps from one kept draw to the next.
    seed
        Of the chain.
    given_past
        Draw as bailey2017estimating do: a state's prior mean is that of its last period in the
        sweep before (of its second, for the first), later periods do not speak about earlier
        ones, and ideal points alone are cut at 5 and standardised in every sweep.  No joint
        posterior has these conditionals; the published estimates are made by them.

    Raises
    ------
    BadInput
        When a number of sweeps is not positive or ``positive`` is not in the votes.
    """
    if min(draws, thin) < 1 or burn < 0:
        raise BadInput("draws and thin must be at least 1, burn at least 0")
    mine = np.array([actor == positive for actor in rolls.actor])
    if not mine.any():
        raise BadInput(f"{positive!r} orients the scale but is in no vote that divided")
    prior, rng = prior or Prior(), np.random.default_rng(seed)
    walk = walk_precision(rolls, prior)
    chain, breaks = chain_precision(rolls, walk), _breaks(rolls)
    begin = (start.points, start.slope, start.cuts) if start else begin_at(rolls, prior)
    points, slope, cuts = begin
    means, kept = points, np.empty((draws, rolls.states))
    accepted = 0.0
    root = _proposal(rolls, points, slope, cuts, prior)
    for sweep in range(burn + draws * thin):
        if sweep <= burn and sweep % TUNED == 0:
            root = _proposal(rolls, points, slope, cuts, prior)
        slope, cuts, took = _draw_items(rolls, points, slope, cuts, prior, root, rng)
        if given_past:
            points, means = _draw_given_past(rolls, points, means, slope, cuts, prior, rng)
        else:
            points = _draw_points(rolls, points, slope, cuts, chain, rng)
            points, cuts = _shift(breaks, walk, points, slope, cuts, rolls, rng)
        done = sweep - burn
        if done >= 0:
            accepted += took / (draws * thin)
        if done >= 0 and done % thin == thin - 1:
            now = (points - points.mean()) / points.std()
            kept[done // thin] = now if now[mine].mean() > 0 else -now
    return Draws(kept, accepted)


def _proposal(
    rolls: RollCalls, points: States, slope: Items, cuts: Cuts, prior: Prior
) -> Float[np.ndarray, "J P P"]:
    """Roots of the covariances of item steps, from the information at one point."""
    _, information = item_newton(rolls, points, slope, cuts, prior)
    width = information.shape[1]
    information[:, range(width), range(width)] += RIDGE
    return STEP / np.sqrt(width) * np.linalg.cholesky(np.linalg.inv(information))


def _draw_items(
    rolls: RollCalls,
    points: States,
    slope: Items,
    cuts: Cuts,
    prior: Prior,
    root: Float[np.ndarray, "J P P"],
    rng: np.random.Generator,
) -> tuple[Items, Cuts, float]:
    """Move every item ``TRIES`` times; also the share of steps taken."""
    now, taken = _log_posterior(rolls, points, slope, cuts, prior), 0.0
    for _ in range(TRIES):
        step = np.einsum("jpq,jq->jp", root, rng.standard_normal(root.shape[:2]))
        new_slope, new_cuts = slope + step[:, 0], cuts + step[:, 1:]
        then = _log_posterior(rolls, points, new_slope, new_cuts, prior)
        take = np.log(rng.uniform(size=len(slope))) < then - now
        slope, cuts = np.where(take, new_slope, slope), np.where(take[:, None], new_cuts, cuts)
        now, taken = np.where(take, then, now), taken + float(take.mean()) / TRIES
    return slope, cuts, taken


def _log_posterior(
    rolls: RollCalls, points: States, slope: Items, cuts: Cuts, prior: Prior
) -> Items:
    """Log posterior of every item, up to a constant; minus infinity where cuts cross."""
    low, high = bounds(rolls, cuts)
    index = slope[rolls.item] * points[rolls.state]
    fit = np.bincount(rolls.item, log_mass(low - index, high - index), len(slope))
    with np.errstate(invalid="ignore"):
        crossed = (np.diff(cuts, axis=1) <= 0.0).any(axis=1)
    return np.where(crossed, -np.inf, fit - 0.5 * (slope / prior.slope) ** 2)


def _draw_points(
    rolls: RollCalls,
    points: States,
    slope: Items,
    cuts: Cuts,
    chain: Float[np.ndarray, "2 S"],
    rng: np.random.Generator,
) -> States:
    """Draw the latent choices, then all ideal points given them."""
    low, high = bounds(rolls, cuts)
    b = slope[rolls.item]
    index = b * points[rolls.state]
    z = index + truncated(low - index, high - index, rng.uniform(size=len(b)))
    band = chain.copy()
    band[1] += np.bincount(rolls.state, b * b, rolls.states)
    root = cholesky_banded(band)
    mean = cho_solve_banded((root, False), np.bincount(rolls.state, b * z, rolls.states))
    return mean + solve_banded((0, 1), root, rng.standard_normal(rolls.states))


def _draw_given_past(
    rolls: RollCalls,
    points: States,
    means: States,
    slope: Items,
    cuts: Cuts,
    prior: Prior,
    rng: np.random.Generator,
) -> tuple[States, States]:
    """Draw all ideal points side by side, each given its neighbour's mean; also the means."""
    low, high = bounds(rolls, cuts)
    b = slope[rolls.item]
    index = b * points[rolls.state]
    z = index + truncated(low - index, high - index, rng.uniform(size=len(b)))
    here, cast = np.arange(rolls.states), rolls.cast.astype(float)
    heads = rolls.first == here
    follows = np.concatenate([~heads[1:], [False]])
    other = np.where(heads, np.where(follows, here + 1, here), here - 1)
    weight = (cast + cast[other]) / (prior.smooth * cast)
    lag = np.where(other == here, 0.0, means[other])
    precision = np.bincount(rolls.state, b * b, rolls.states) + weight
    means = (np.bincount(rolls.state, b * z, rolls.states) + weight * lag) / precision
    drawn = np.clip(means + rng.standard_normal(rolls.states) / np.sqrt(precision), -CUT, CUT)
    return (drawn - drawn.mean()) / drawn.std(), means


def truncated(low: Rows, high: Rows, uniform: Rows) -> Rows:
    """Return standard normals between two bounds from uniforms, exact in both tails."""
    turn = low > 0.0
    a, b = np.where(turn, -high, low), np.where(turn, -low, high)
    share = ndtr(a) + uniform * (ndtr(b) - ndtr(a))
    x = np.clip(ndtri(np.maximum(share, 1e-300)), a, b)
    return np.where(turn, -x, x)


@dataclass(frozen=True)
class _Break:
    """A period from which levels move: states ``late``, items ``inside``, steps ``across``.

    ``rows``: late choices on items that earlier periods share; these resist the move.
    """

    late: Bool[np.ndarray, " S"]
    inside: Bool[np.ndarray, " J"]
    across: Int[np.ndarray, " C"]
    rows: Int[np.ndarray, " R"]


def _breaks(rolls: RollCalls) -> tuple[_Break, ...]:
    """One break a period."""
    period = np.array(rolls.period)
    when = period[rolls.state]
    opens = np.full(len(rolls.levels), when.max())
    np.minimum.at(opens, rolls.item, when)
    ends = np.full(len(rolls.levels), when.min())
    np.maximum.at(ends, rolls.item, when)
    heads = rolls.first == np.arange(rolls.states)
    found = []
    for start in np.unique(period):
        late, inside = period >= start, opens >= start
        across = late & (heads | ~np.concatenate([[False], late[:-1]]))
        shared = ~inside & (ends >= start)
        rows = np.flatnonzero(shared[rolls.item] & late[rolls.state])
        found.append(_Break(late, inside, np.flatnonzero(across), rows))
    return tuple(found)


def _shift(
    breaks: tuple[_Break, ...],
    walk: States,
    points: States,
    slope: Items,
    cuts: Cuts,
    rolls: RollCalls,
    rng: np.random.Generator,
) -> tuple[States, Cuts]:
    """Move the level from each period on by a draw from the prior of the steps into it."""
    heads = rolls.first == np.arange(rolls.states)
    for one in breaks:
        at = one.across
        step = points[at] - np.where(heads[at], 0.0, points[at - 1])
        weight = walk[at].sum()
        move = (rng.standard_normal() - (walk[at] @ step) / np.sqrt(weight)) / np.sqrt(weight)
        if len(one.rows):
            item, rank = rolls.item[one.rows], rolls.rank[one.rows]
            b, now = slope[item], points[rolls.state[one.rows]]
            low, high = between(cuts, item, rank)
            gain = log_mass(low - b * (now + move), high - b * (now + move))
            gain -= log_mass(low - b * now, high - b * now)
            if np.log(rng.uniform()) > gain.sum():
                continue
        points = points + move * one.late
        cuts = cuts + (slope * one.inside * move)[:, None]
    return points, cuts
