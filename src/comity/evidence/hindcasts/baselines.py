"""Baselines: forecasts that know no theory, only the past of the series itself.

Each takes logs of levels (years x units, the last row being the window's year) and returns draws
or normals of the change after 1 to H years.  Draws are laid out draws x horizon x units.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

LEAST = 8  # years of own growth below which a unit has no forecast of its own


def drift(
    logs: Float[ndarray, "T N"], horizon: int, years: int | None = None
) -> tuple[Float[ndarray, "H N"], Float[ndarray, "H N"]]:
    """Return mean and sd of a random walk with each unit's own drift.

    Mean ``h m`` and variance ``s^2 (h + h^2 / n)`` from the mean and sd of the ``n`` yearly
    changes of the last ``years`` (all if ``None``); the second term is the drift's error.  NaN
    below eight changes.
    """
    changes = np.diff(logs, axis=0)[-(years or len(logs)) :]
    known = np.isfinite(changes)
    count = known.sum(axis=0).astype(float)
    count[count < LEAST] = np.nan
    mean = np.where(known, changes, 0.0).sum(axis=0) / count
    var = np.where(known, (changes - mean) ** 2, 0.0).sum(axis=0) / (count - 1)
    h = np.arange(1, horizon + 1)[:, None]
    return h * mean, np.sqrt(var * (h + h**2 / count))


def own_history(
    logs: Float[ndarray, "T N"],
    horizon: int,
    draws: int,
    rng: np.random.Generator,
    years: int = 20,
) -> Float[ndarray, "D H N"]:
    """Return sums of yearly changes drawn anew from each unit's own last ``years``."""
    changes = np.diff(logs, axis=0)[-years:]
    found = np.full((draws, horizon, changes.shape[1]), np.nan)
    for unit in range(changes.shape[1]):
        own = changes[np.isfinite(changes[:, unit]), unit]
        if len(own) >= LEAST:
            found[:, :, unit] = rng.choice(own, size=(draws, horizon)).cumsum(axis=1)
    return found


def past_changes(
    logs: Float[ndarray, "T N"],
    horizon: int,
    draws: int,
    rng: np.random.Generator,
    group: Int[ndarray, " N"],
    years: int = 20,
) -> Float[ndarray, "D H N"]:
    """Return changes over h years as they happened to units of the same group.

    The last value with its empirical errors: what a forecast of no change would have missed by,
    from every start in the last ``years`` years; draws are independent between units.
    """
    found = np.full((draws, horizon, logs.shape[1]), np.nan)
    for h in range(1, horizon + 1):
        span = logs[h:] - logs[:-h]
        span = span[-years:]
        for label in np.unique(group):
            mine = np.flatnonzero(group == label)
            pool = span[:, mine]
            pool = pool[np.isfinite(pool)]
            if len(pool):
                found[:, h - 1, mine] = rng.choice(pool, size=(draws, len(mine)))
    return np.where(np.isfinite(logs[-1]), found, np.nan)


def mixture(
    members: list[Float[ndarray, "D ..."]], rng: np.random.Generator
) -> Float[ndarray, "D ..."]:
    """Return draws of which each comes from one of the members, all equally often.

    The draws of a unit keep its member over the horizon; NaN where any member is.
    """
    stacked = np.stack(members)
    which = rng.permutation(np.arange(stacked.shape[1]) % len(members))
    picked = stacked[which, np.arange(stacked.shape[1])]
    return np.where(np.isfinite(stacked).all(axis=0), picked, np.nan)


def normal_draws(
    mean: Float[ndarray, "H N"], sd: Float[ndarray, "H N"], draws: int, rng: np.random.Generator
) -> Float[ndarray, "D H N"]:
    """Return draws of normal forecasts; the same shock over the horizon in a draw."""
    return mean + sd * rng.standard_normal((draws, 1, mean.shape[1]))


def origins(last: int, horizon: int, first: int, count: int = 3, step: int = 5) -> list[int]:
    """Return the years from which a forecast can be tried out on figures dated to ``last``.

    The latest is ``horizon`` years back; at most ``count``, ``step`` years apart, none before
    ``first``.
    """
    return [year for year in range(last - horizon, first - 1, -step)][:count]


def draw_errors(
    errors: Float[ndarray, " K"],
    past_group: Int[ndarray, " K"],
    group: Int[ndarray, " N"],
    draws: int,
    rng: np.random.Generator,
) -> Float[ndarray, "D N"]:
    """Return past errors of each unit's group, drawn with replacement; NaN for an empty group."""
    found = np.full((draws, len(group)), np.nan)
    for label in np.unique(group):
        pool = errors[(past_group == label) & np.isfinite(errors)]
        mine = np.flatnonzero(group == label)
        if len(pool):
            found[:, mine] = rng.choice(pool, size=(draws, len(mine)))
    return found
