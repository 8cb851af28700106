"""What a framework is worth to its members, who wants it larger, and whether it lives.

Trade: members of a coalition have a trade agreement with each other, which cuts the cost of trade
by ``effect / elasticity`` [yotov2016advanced]; the trade equilibrium answers. The worth of a
coalition is what its members' real consumption gains; Shapley shares and stable coalitions come
from `models.club`. Enlargement under unanimity: any member that would lose can block. A sanction
is the same problem with a barrier against a target.

Vitality: of 70-odd economic organisations since 1950 about 52 % were alive, 38 % zombies (at work
without progress), 10 % dead [gray2018life]. These are the prior; what is on record of a framework
moves it by Bayes' rule. Survival: a yearly hazard of dissolution.
Simplified: one elasticity, all agreements alike, market access only. Do not trust it for rules,
investment or the price of membership in other fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from comity.core import require
from comity.core.errors import BadInput
from comity.models.trade.trade_equilibrium import solve
from comity.models.trade.trade_market import TradeBase

BATCH = 64
# Shares of organisations alive, zombies, dead.
GRAY = (0.52, 0.38, 0.10)


class Setting(NamedTuple):
    """A trade world and a framework in it.

    ``agreed`` (N, N) is what agreements cover now; ``own`` marks pairs that have one by this
    framework alone, so that they lose it outside; ``players`` are the states whose membership
    varies, the others' does not.
    """

    base: TradeBase
    elasticity: Float[Array, ""]
    effect: Float[Array, ""]
    agreed: Float[Array, "N N"]
    own: Float[Array, "N N"]
    players: Int[np.ndarray, " P"]


def covered(
    agreed: Float[Array, "N N"], own: Float[Array, "N N"], inside: Float[Array, " N"]
) -> Float[Array, "N N"]:
    """Return the change of what agreements cover when these states are the members."""
    joint = inside[:, None] * inside[None, :] * (1.0 - jnp.eye(len(inside)))
    return jnp.where(own > 0, joint * own, jnp.maximum(agreed, joint)) - agreed


def consumption(
    setting: Setting, inside: Float[Array, "C N"], barrier: Float[Array, "C N N"] | None = None
) -> Float[np.ndarray, "C N"]:
    """Return real consumption of every state, ratio to base, for each set of members.

    Parameters
    ----------
    setting
        The world.
    inside
        1 for members (a share, where a region is one in part).
    barrier
        Added cost of trade of each pair, if any: ratio minus one.

    Raises
    ------
    BadInput
        Where an equilibrium was not found.
    """

    def one(case: tuple[Array, Array]) -> tuple[Array, Array]:
        member, wall = case
        change = covered(setting.agreed, setting.own, member)
        cost = (1.0 + wall) * jnp.exp(-setting.effect * change / setting.elasticity)
        found = solve(
            setting.base, setting.elasticity, jnp.ones(len(member)), setting.base.tariff, cost
        )
        return found.consumption, found.converged

    shape = (*inside.shape, inside.shape[1])
    walls = jnp.zeros(shape) if barrier is None else barrier
    batch = min(BATCH, len(inside))
    values, ok = jax.jit(lambda cases: jax.lax.map(one, cases, batch_size=batch))((inside, walls))
    if not bool(jnp.all(ok)):
        raise BadInput(
            "a trade equilibrium of a coalition was not found", fix="use smaller effects"
        )
    return np.asarray(values)


def payoff(
    setting: Setting, always: Float[np.ndarray, " N"] | None = None
) -> Callable[[Bool[np.ndarray, "C P"]], Float[np.ndarray, "C P"]]:
    """Return what each player gets in each coalition: final spending times consumption gained.

    Millions of the base year a year, over the world as it is; for `models.club`. States marked 1
    in ``always`` are members whatever the players do.
    """
    count = len(setting.base.output)
    final = np.asarray(setting.base.final)[setting.players]

    def of(member: Bool[np.ndarray, "C P"]) -> Float[np.ndarray, "C P"]:
        whole = (
            np.zeros((len(member), count)) if always is None else np.tile(always, (len(member), 1))
        )
        whole[:, setting.players] = member
        gained = consumption(setting, jnp.asarray(whole)) - 1.0
        return gained[:, setting.players] * final

    return of


def accession_gains(
    setting: Setting, inside: Float[np.ndarray, " N"], candidates: Int[np.ndarray, " Q"]
) -> Float[np.ndarray, "Q N"]:
    """Return every state's consumption gain (fraction) from each candidate's joining alone."""
    more = np.repeat(inside[None], len(candidates), axis=0)
    more[np.arange(len(candidates)), candidates] = 1.0
    found = consumption(setting, jnp.asarray(np.concatenate([inside[None], more])))
    return found[1:] / found[:1] - 1.0


def passes(gain: Float[np.ndarray, " M"], rule: str, weight: Float[np.ndarray, " M"]) -> bool:
    """Return whether members who vote by their own gain let an accession pass.

    Parameters
    ----------
    gain
        Of each member.
    rule
        ``unanimity`` (nobody loses), ``majority`` or ``two-thirds`` of the weights.
    weight
        Voting weights.

    Raises
    ------
    BadInput
        For another rule, an unknown gain or a negative weight.
    """
    least = {"unanimity": 1.0, "two-thirds": 2 / 3, "majority": 0.5 + 1e-12}
    if rule not in least:
        raise BadInput(f"there is no rule {rule!r}", fix=f"rules are {', '.join(least)}")
    require.present("a gain", gain)
    require.not_negative("a voting weight", weight)
    if rule == "unanimity":  # of members, whatever their weight
        return bool((gain >= 0).all())
    return bool(weight[gain >= 0].sum() >= least[rule] * weight.sum() - 1e-12)


def vitality(
    likelihood: Float[np.ndarray, "S 3"], prior: tuple[float, float, float] = GRAY
) -> Float[np.ndarray, " 3"]:
    """Return the probability that a framework is alive, a zombie or dead.

    Parameters
    ----------
    likelihood
        Of each sign on record given each of the three, one row a sign; no rows = the prior.
    prior
        Shares of organisations in each [gray2018life].

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.not_negative("a likelihood", likelihood)
    require.positive("a prior share", prior)
    if not np.isclose(sum(prior), 1.0, atol=0.01):
        raise BadInput(f"prior shares add up to {sum(prior):g}, not to one")
    weight = np.log(np.array(prior)) + np.log(np.maximum(likelihood, 1e-300)).sum(axis=0)
    weight = np.exp(weight - weight.max())
    return weight / weight.sum()


def substitution(
    small: Float[np.ndarray, "T N"], universal: Float[np.ndarray, "T N"], lags: int = 1
) -> tuple[float, float]:
    """Return the slope of small memberships' growth on that of universal ones, and its error.

    State and year effects are taken out; errors are clustered by state. A negative slope means
    that states turn to small frameworks when they leave, or stop joining, universal ones.

    Parameters
    ----------
    small, universal
        Number of memberships of each state (columns) by year (rows); NaN where no state.
    lags
        Years by which the universal ones come first.

    Raises
    ------
    BadInput
        When a lag is negative or there are too few years.
    """
    require.whole("the number of lags", lags, 0)
    if len(small) < lags + 3:
        raise BadInput(f"{len(small)} years are too few for a lag of {lags}")
    y, x = np.diff(small, axis=0)[lags:], np.diff(universal, axis=0)[: len(small) - 1 - lags]
    known = np.isfinite(y) & np.isfinite(x)
    y, x = _within(np.where(known, y, np.nan)), _within(np.where(known, x, np.nan))
    y, x = np.nan_to_num(y), np.nan_to_num(x)
    size = float((x * x).sum())
    slope = float((x * y).sum()) / size
    score = (x * (y - slope * x)).sum(axis=0)
    count = int(known.any(axis=0).sum())
    error = float(np.sqrt((score**2).sum() * count / (count - 1))) / size
    return slope, error


def _within(table: Float[np.ndarray, "T N"]) -> Float[np.ndarray, "T N"]:
    """Take out means of rows and columns by turns; the table may have gaps."""
    out = table.copy()
    for _ in range(50):
        for axis in (0, 1):
            count = np.isfinite(out).sum(axis=axis, keepdims=True)
            total = np.nansum(out, axis=axis, keepdims=True)
            out = out - np.where(count > 0, total / np.maximum(count, 1), 0.0)
    return out
