"""A change of leader: by how much more policy moves, and how much sooner commitments end.

Around year t a state's position moves by d = |x(t+1) - x(t-1) - m(t)|, m the median move of all
states.  The effect of a change is the mean of d in years of change over that in other years; its
chance comes from turning each state's calendar of changes round by a random number of years, which
keeps how changes cluster (a permutation within states; jones2005leaders compare in the same way,
with deaths in office as changes that nobody timed; mattes2015leadership for votes).
For ends of commitments (leeds2009interests, vonborzyskowski2019hello): the Mantel-Haenszel ratio
of rates per commitment-year, stratified, with a bootstrap over states.
Do not read all changes as causal: leaders fall when things happen that move policy by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from comity.core import require
from comity.core.errors import BadInput


@dataclass(frozen=True)
class Effect:
    """An effect with its uncertainty.

    ``ratio``: treated over others.  ``low``, ``high``: 95 % interval (for a permutation, of the
    ratio where nothing is at work).  ``chance``: two-sided probability under no effect, NaN for a
    bootstrap.  ``treated``: years of change counted.
    """

    ratio: float
    low: float
    high: float
    chance: float
    treated: int


def moves(x: Float[np.ndarray, "T N"]) -> Float[np.ndarray, "T N"]:
    """Return |x(t+1) - x(t-1)| less the median state's move; NaN where a side is unknown."""
    step = np.full_like(x, np.nan)
    step[1:-1] = x[2:] - x[:-2]
    middle = np.full(len(x), np.nan)
    for t, row in enumerate(step):
        if np.isfinite(row).any():
            middle[t] = np.nanmedian(row)
    return np.abs(step - middle[:, None])


def turnover_effect(
    size: Float[np.ndarray, "T N"],
    changed: Bool[np.ndarray, "T N"],
    draws: int = 999,
    seed: int = 0,
) -> Effect:
    """Return by how much larger moves are in years with a change of leader.

    Parameters
    ----------
    size
        Size of the move by year and state; NaN where unknown.
    changed
        Whether the leader changed in the year.
    draws
        Permutations.
    seed
        Of the permutations.

    Raises
    ------
    BadInput
        When a move is negative, or leaders never or always changed.
    """
    require.not_negative("the size of a move", np.nan_to_num(size))
    require.whole("the number of draws", draws, 1)
    known = np.isfinite(size)
    if not changed[known].any() or changed[known].all():
        raise BadInput("leaders changed in no year, or in every one", why="nothing to compare")
    rng = np.random.default_rng(seed)
    # Each state's own known years, so that turning never meets a gap.
    spans = [(i, np.flatnonzero(mine)) for i, mine in enumerate(known.T) if mine.any()]
    # By its own mean, so that restless states do not stand for leaders who change often.
    values = np.concatenate([size[span, i] / size[span, i].mean() for i, span in spans])
    flags = [changed[span, i] for i, span in spans]
    ratio = _ratio(values, np.concatenate(flags))
    turned = np.array(
        [
            _ratio(values, np.concatenate([np.roll(f, rng.integers(len(f))) for f in flags]))
            for _ in range(draws)
        ]
    )
    log, null = np.log(ratio), np.log(turned)
    chance = (1 + (np.abs(null - null.mean()) >= abs(log - null.mean())).sum()) / (1 + draws)
    low, high = np.quantile(turned, [0.025, 0.975])
    return Effect(ratio, float(low), float(high), float(chance), int(sum(f.sum() for f in flags)))


def _ratio(values: Float[np.ndarray, " M"], flags: Bool[np.ndarray, " M"]) -> float:
    return float(values[flags].mean() / values[~flags].mean())


def rate_ratio(
    ends: Float[np.ndarray, " R"],
    exposure: Float[np.ndarray, " R"],
    changed: Bool[np.ndarray, " R"],
    stratum: Int[np.ndarray, " R"],
    state: Int[np.ndarray, " R"],
    draws: int = 999,
    seed: int = 0,
) -> Effect:
    """Return the ratio of rates of ends with and without a change of leader (Mantel-Haenszel).

    Parameters
    ----------
    ends, exposure
        Commitments that ended and that could have, a state-year each.
    changed
        Whether the leader changed.
    stratum
        Compared only within, e.g. years.
    state
        Drawn whole by the bootstrap.
    draws, seed
        Of the bootstrap.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.not_negative("ends", ends)
    require.not_negative("exposure", exposure)
    require.whole("a stratum", stratum, 0)
    require.whole("a state", state, 0)
    rng = np.random.default_rng(seed)
    strata, states = int(stratum.max()) + 1, int(state.max()) + 1
    # Sums by stratum, state and change: a bootstrap draw is then a weighting of states.
    cube = np.zeros((4, strata, states))
    for k, (figure, mine) in enumerate(
        ((ends, changed), (exposure, changed), (ends, ~changed), (exposure, ~changed))
    ):
        np.add.at(cube[k], (stratum[mine], state[mine]), figure[mine])
    weights = rng.multinomial(states, np.full(states, 1.0 / states), size=draws)
    drawn = [_mantel_haenszel(cube @ weight) for weight in weights]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    ratio = _mantel_haenszel(cube.sum(2))
    return Effect(ratio, float(low), float(high), float("nan"), int(changed.sum()))


def _mantel_haenszel(sums: Float[np.ndarray, "4 S"]) -> float:
    """Rate ratio over strata; NaN where nothing ended without a change."""
    a, p, b, q = sums
    whole = p + q
    use = whole > 0
    below = (b[use] * p[use] / whole[use]).sum()
    return float((a[use] * q[use] / whole[use]).sum() / below) if below > 0 else float("nan")


def least_squares(
    y: Float[np.ndarray, " R"], x: Float[np.ndarray, "R K"]
) -> tuple[Float[np.ndarray, " K"], Float[np.ndarray, " K"], float]:
    """Return coefficients, standard errors (HC1) and R-squared of a linear regression.

    Raises
    ------
    BadInput
        When a figure is not finite, or rows do not tell the columns apart, whatever their units.
    """
    require.finite("an outcome", y)
    require.finite("a column", x)
    size = np.sqrt((x**2).sum(axis=0))
    if (
        len(y) <= x.shape[1]
        or np.linalg.matrix_rank(x / np.where(size > 0, size, 1.0)) < x.shape[1]
    ):
        raise BadInput(
            f"{len(y)} rows do not tell {x.shape[1]} columns apart",
            why="there are too few, or one column follows from others",
            fix="leave columns out",
        )
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ (x.T @ y)
    rest = y - x @ b
    middle = (x * rest[:, None]).T @ (x * rest[:, None])
    covariance = inverse @ middle @ inverse * len(y) / (len(y) - x.shape[1])
    fit = 1.0 - float(rest @ rest) / float(((y - y.mean()) ** 2).sum())
    return b, np.sqrt(np.diag(covariance)), fit


def exit_rate(
    engagement: Float[Array, "N D"], ordinary: Float[Array, ""], withdrawing: Float[Array, " D"]
) -> Float[Array, "N D"]:
    """Return the yearly rate at which commitments are left, by state and domain.

    From ``withdrawing`` at -1 to ``ordinary`` at 0 on a line in logs; above zero the ordinary
    rate falls to nil at 1.
    """
    below, above = jnp.clip(-engagement, 0.0, 1.0), jnp.clip(engagement, 0.0, 1.0)
    return ordinary * (withdrawing / ordinary) ** below * (1.0 - above)


def next_kept(
    kept: Float[Array, "N D"], leaving: Float[Array, "N D"], back: Float[Array, "N D"]
) -> Float[Array, "N D"]:
    """Return the expected share kept after a year with these rates of leaving and going back."""
    return kept * jnp.exp(-leaving) + (1.0 - kept) * (1.0 - jnp.exp(-back))
