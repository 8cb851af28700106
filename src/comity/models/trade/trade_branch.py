"""The equilibrium of a large shock, reached from the base year by small steps.

Where a direct search fails, the shock is let in by parts: at part s costs, tariffs and endowments
are those of the base year times (new / base)^s. At s = 0 the base year itself clears; each step
goes along the tangent of the branch of equilibria that starts there and is brought back to it by
Newton's method [allgower1990numerical, chapters 2 and 6]. Steps grow where that is easy and shrink
where it is not. The answer does not depend on prices of earlier years. It gives up, without an
answer, where the steps shrink to nothing: a branch that turned back would end so.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.core.ops import total
from comity.models.trade.trade_market import Shock, TradeBase, market_at
from comity.models.trade.trade_search import LARGEST_STEP, Newton, eliminate

FIRST_PART = 0.25  # of the shock, in logs
GROWTH = 2.0  # of the next part after one that was easy
EASY = 3  # Newton steps back to the branch, at most
MOST = 8  # Newton steps before a part is halved
NARROWER = 0.5  # a Newton step has to bring the largest gap to this share of what it was
ON_BRANCH = 1e-7  # largest gap that will do before the whole shock is in
SMALLEST_PART = 1e-5  # before giving up


class Branch(NamedTuple):
    """A point of the branch; ``part`` is how much more of the shock the next step lets in."""

    log_price: Float[Array, " N"]
    reached: Float[Array, ""]
    part: Float[Array, ""]
    iterations: Int[Array, ""]


class Correction(NamedTuple):
    """State of the way back to the branch; ``narrows`` is false once a step did not help."""

    log_price: Float[Array, " N"]
    excess: Float[Array, " N"]
    residual: Float[Array, ""]
    narrows: Bool[Array, ""]
    steps: Int[Array, ""]


def follow(base: TradeBase, shock: Shock, found: Newton, tol: float, max_iterations: int) -> Newton:
    """``found`` where it clears the markets, else what the branch leads to; the better of both.

    Parameters
    ----------
    base, shock
        The base year and the whole shock.
    found
        Where a direct search ended. One that cleared, or that has no number to work with, is
        handed back untouched, and costs nothing.
    tol
        Largest gap that counts as cleared.
    max_iterations
        Newton steps and those of ``found`` before giving up.
    """
    lost = found.market.residual > tol

    def followed() -> Newton:
        end = walk(base, shock, tol, max_iterations, lost, found.iterations)
        log_price = jnp.where(end.reached >= 1.0, end.log_price, found.log_price)
        market = market_at(base, shock, log_price)
        return Newton(log_price, market, found.length, end.iterations)

    # A map over rows one by one skips all of it; where rows go together, ``walk`` takes no step.
    return lax.cond(lost, followed, lambda: found)


def walk(
    base: TradeBase,
    shock: Shock,
    tol: float,
    max_iterations: int,
    wanted: Bool[Array, ""] | bool = True,
    taken: Int[Array, ""] | int = 0,
) -> Branch:
    """Follow the branch as far as it goes: to the whole shock, or to where no step is left.

    Nothing is done unless ``wanted``; ``taken`` is the count of iterations before this one.
    """

    def unfinished(at: Branch) -> Bool[Array, ""]:
        going = (at.reached < 1.0) & (at.part >= SMALLEST_PART)
        return wanted & going & (at.iterations < max_iterations)

    start = Branch(
        jnp.zeros_like(base.output), jnp.zeros(()), jnp.asarray(FIRST_PART), jnp.asarray(taken)
    )
    return lax.while_loop(unfinished, lambda at: _step(base, shock, at, tol), start)


def partly(base: TradeBase, shock: Shock, part: Float[Array, ""]) -> Shock:
    """The shock with only a part of it let in, in logs: 0 the base year, 1 the whole."""
    return Shock(
        shock.elasticity,
        jnp.exp(part * jnp.log(shock.endowment)),
        between(base.share, shock.appeal, part),
        between(base.net_share, shock.net_appeal, part),
    )


def between(
    old: Float[Array, "..."], new: Float[Array, "..."], part: Float[Array, ""]
) -> Float[Array, "..."]:
    """``part`` of the way from old to new, in logs; what was nil stays nil."""
    # A ban without end comes in by parts too.
    change = jnp.log(jnp.maximum(new / jnp.where(old > 0, old, 1.0), 1e-300))
    return jnp.where(part < 1.0, old * jnp.exp(part * change), new)


def _step(base: TradeBase, shock: Shock, at: Branch, tol: float) -> Branch:
    """Let in some more of the shock; stay, and halve the part, where there is no way back."""
    weight = base.output / total(base.output)  # holds the mean of prices, which nothing else does

    def excess(log_price: Float[Array, " N"], part: Float[Array, ""]) -> Float[Array, " N"]:
        return market_at(base, partly(base, shock, part), log_price).excess

    def solved(log_price: Float[Array, " N"], part: Float[Array, ""], gap: Float[Array, " N"]):
        return -eliminate(jax.jacfwd(excess)(log_price, part) - weight, gap, unroll=False)

    def judged(log_price: Float[Array, " N"], old: Correction) -> Correction:
        market = market_at(base, now, log_price)
        narrows = market.residual <= NARROWER * old.residual
        return Correction(log_price, market.excess, market.residual, narrows, old.steps + 1)

    part = jnp.minimum(at.part, 1.0 - at.reached)
    last = at.reached + at.part >= 1.0
    target = jnp.where(last, 1.0, at.reached + part)
    now = partly(base, shock, target)
    _, drift = jax.jvp(lambda s: excess(at.log_price, s), (at.reached,), (jnp.ones(()),))
    ahead = part * solved(at.log_price, at.reached, drift)
    ahead = ahead * jnp.minimum(1.0, LARGEST_STEP / jnp.max(jnp.abs(ahead)))
    enough = jnp.where(last, tol, ON_BRANCH)
    nowhere = Correction(at.log_price, drift, jnp.asarray(jnp.inf), jnp.asarray(True), jnp.int32(0))
    back = lax.while_loop(
        lambda c: ~(c.residual <= enough) & c.narrows & (c.steps <= MOST),
        lambda c: judged(c.log_price + solved(c.log_price, target, c.excess), c),
        judged(at.log_price + ahead, nowhere),
    )
    on = back.residual <= enough
    return Branch(
        jnp.where(on, back.log_price, at.log_price),
        jnp.where(on, target, at.reached),
        jnp.where(on, jnp.where(back.steps <= EASY + 1, GROWTH, 1.0), 0.5) * part,
        at.iterations + back.steps,
    )
