"""Military spending: each state keeps its burden on income, drawn slowly towards the common one.

    log b_t = log b_(t-1) + r (log median b - log b_(t-1)) + d + e_t
              + theta change of log(rivals') + phi change of log(allies' spending)
    spending_t = b_t GDP_0 capacity_t ^ income,    K_t = (1 - delta) K_(t-1) + spending_t

The first line is the stock-adjustment form of the arms-race models [richardson1960arms;
dunne2007econometrics], with allies' spending as in [olson1966economic] and rivals' as the
environment of [nordhaus2012effects]; the last is a perpetual inventory.  Estimation: `fit_burden`
on decades (minimum CRPS, Gneiting et al. 2005), `error_correction` on years (state and year
effects, half-panel jackknife against Nickell's bias).
Simplified: normal shocks, the same for all states; pay and arms are one sum.  Do not trust it for
a state that goes to war or leaves one: such years are the tails that a normal does not have.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from scipy import optimize, special

from comity.core import require
from comity.core.errors import BadInput
from comity.core.types import PerState, PRNGKey, Scalar, StateSlots
from comity.models.people.growth import state_normals

YEARS = 10
# Shares of GDP below this count as this in the distance to the median (Costa Rica spends nothing).
LEAST_SHARE = 1e-4


def yearly(decade_slope: float, decade_spread: float) -> tuple[float, float]:
    """Return yearly reversion and sd of shocks that give a decade's slope and spread.

    Of a gap (1 - r)^10 = 1 - slope is left; independent yearly shocks fade at the same rate.
    """
    kept = float(np.clip(1.0 - decade_slope, 1e-6, 1.0)) ** (1.0 / YEARS)
    held = float(np.sum(kept ** (2 * np.arange(YEARS))))
    return 1.0 - kept, decade_spread / held**0.5


def next_shift(
    key: PRNGKey,
    shift: PerState,
    base: PerState,
    reversion: Scalar,
    drift: Scalar,
    sd: Scalar,
    slots: StateSlots,
) -> PerState:
    """Return the log change of every state's burden since the base year, one year on.

    Parameters
    ----------
    key
        Key of this mechanism in this year of this future.
    shift
        Log change of the burden since the base year.
    base
        Burden of the base year, a share of GDP, 0 for a state without forces.
    reversion
        Share of the log distance to the median burden that goes in a year.
    drift
        Yearly log change that all states share in this future.
    sd
        Standard deviation of a state's own yearly shock (log).
    slots
        The number that is each state's for good.
    """
    level = jnp.log(jnp.maximum(base, LEAST_SHARE)) + shift
    gap = jnp.median(level) - level
    return shift + reversion * gap + drift + sd * state_normals(key, slots)


def followed(
    weights: Float[Array, "M N"], spending: PerState, base: PerState
) -> Float[Array, " M"]:
    """Return the log change since the base year of the spending that each state watches.

    Parameters
    ----------
    weights
        Row state watches column state: 1 for a rival (or an ally), else 0.
    spending, base
        Spending of last year and of the base year, one unit.

    Returns
    -------
    Float[Array, " M"]
        Zero for a state that watches nobody.
    """
    now, then = weights @ spending, weights @ base
    some = (now > 0) & (then > 0)
    return jnp.log(jnp.where(some, now, 1.0)) - jnp.log(jnp.where(some, then, 1.0))


def next_stock(stock: PerState, spending: PerState, depreciation: Scalar) -> PerState:
    """Return the military stock at the end of a year; both figures at the same prices."""
    return (1.0 - depreciation) * stock + spending


@dataclass(frozen=True)
class Burden:
    """Decade model: ``slopes`` (one a regressor), ``spread`` of what they leave, ``n`` rows."""

    slopes: Float[np.ndarray, " K"]
    spread: float
    n: int


def fit_burden(change: Float[np.ndarray, " N"], traits: Float[np.ndarray, "N K"]) -> Burden:
    """Fit a normal forecast of log changes over a decade by minimum CRPS.

    Parameters
    ----------
    change
        Log change over ten years, one row a state and decade.
    traits
        Regressors known at the start of the decade (or the growth of GDP in it); no constant,
        as a share of GDP cannot drift for good.

    Raises
    ------
    RuntimeError
        When the optimiser does not converge.
    """
    require.finite("a change", change)
    require.finite("a regressor", traits)
    if len(change) <= traits.shape[1] + 1 or change.std() == 0:
        raise BadInput(f"{len(change)} changes do not tell {traits.shape[1]} slopes and a spread")
    count = traits.shape[1]

    def loss(theta: Float[np.ndarray, " P"]) -> tuple[float, Float[np.ndarray, " P"]]:
        sd = np.exp(theta[count])
        z = (change - traits @ theta[:count]) / sd
        below, density = special.ndtr(z), np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
        lean = 2 * below - 1
        crps = sd * (z * lean + 2 * density - 1 / np.sqrt(np.pi))
        slope = -(lean @ traits) / len(z)
        return float(crps.mean()), np.append(slope, (crps - sd * z * lean).mean())

    start = np.append(np.linalg.lstsq(traits, change, rcond=None)[0], np.log(change.std()))
    found = optimize.minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-7})
    if not np.all(np.isfinite(found.x)) or np.max(np.abs(found.jac)) > 1e-4:
        raise RuntimeError(f"burden was not fitted: {found.message}")
    return Burden(found.x[:count], float(np.exp(found.x[count])), len(change))


@dataclass(frozen=True)
class ErrorCorrection:
    """Yearly panel: ``slopes``, ``errors`` (clustered by state), ``raw`` before the jackknife."""

    slopes: Float[np.ndarray, " K"]
    errors: Float[np.ndarray, " K"]
    raw: Float[np.ndarray, " K"]
    states: int
    n: int


def error_correction(
    change: Float[np.ndarray, " N"],
    traits: Float[np.ndarray, "N K"],
    state: Int[np.ndarray, " N"],
    year: Int[np.ndarray, " N"],
) -> ErrorCorrection:
    """Fit yearly log changes with state and year effects.

    A lagged level among ``traits`` is biased by about -(1 + rho) / T with state effects
    [nickell1981biases]; twice the estimate less the mean of those on each state's earlier and
    later half takes the first order of it away [dhaene2015split].

    Parameters
    ----------
    change, traits
        Yearly log changes and regressors.
    state, year
        Number of each row's state and its year.

    Raises
    ------
    BadInput
        When a figure is not finite, a state has two rows of one year, or a regressor only effects.
    """
    require.finite("a change", change)
    require.finite("a regressor", traits)
    require.once("a state and year", state, year)
    full, errors = _within(change, traits, state, year)
    middle = {s: np.median(year[state == s]) for s in np.unique(state)}
    late = year > np.array([middle[s] for s in state])
    halves = [_within(change[h], traits[h], state[h], year[h])[0] for h in (late, ~late)]
    slopes = 2 * full - (halves[0] + halves[1]) / 2
    return ErrorCorrection(slopes, errors, full, len(middle), len(change))


def demeaned(
    table: Float[np.ndarray, "N K"], state: Int[np.ndarray, " N"], year: Int[np.ndarray, " N"]
) -> Float[np.ndarray, "N K"]:
    """Return columns less state and year effects (alternating projections)."""
    groups = [np.unique(side, return_inverse=True)[1] for side in (state, year)]
    out = np.array(table, dtype=float)
    for _ in range(200):
        before = out.copy()
        for group in groups:
            size = np.bincount(group)[:, None]
            sums = np.zeros((len(size), out.shape[1]))
            np.add.at(sums, group, out)
            out -= (sums / size)[group]
        if np.max(np.abs(out - before)) < 1e-10:
            break
    return out


def _within(
    change: Float[np.ndarray, " N"],
    traits: Float[np.ndarray, "N K"],
    state: Int[np.ndarray, " N"],
    year: Int[np.ndarray, " N"],
) -> tuple[Float[np.ndarray, " K"], Float[np.ndarray, " K"]]:
    """Return slopes and their standard errors, clustered by state."""
    flat = demeaned(np.column_stack([change, traits]), state, year)
    y, x = flat[:, 0], flat[:, 1:]
    bread = np.linalg.inv(x.T @ x)
    slopes = bread @ (x.T @ y)
    left = x * (y - x @ slopes)[:, None]
    place = np.unique(state, return_inverse=True)[1]
    scores = np.zeros((place.max() + 1, x.shape[1]))
    np.add.at(scores, place, left)
    return slopes, np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
