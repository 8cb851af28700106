"""How the trade equilibrium finds its prices: Anderson mixing, then Newton where that fails.

Each state raises its price by the gap between demand and output over the own-price slope; Anderson
mixing [walker2011anderson] turns the last such steps into a secant step. A step that makes the gap
worse is undone. Shocks that leave parts of the world almost without trade defeat it, and a damped
Newton method takes over; it gives up where no step helps, which is when
`comity.models.trade.trade_branch` comes in. No LAPACK: small or slow elimination written out, so
that bits do not depend on a library's threads.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.core.ops import total
from comity.models.trade.trade_market import Market, Shock, TradeBase, market_at, own_slope

MEMORY = 4  # differences kept for Anderson mixing; more helped no shock we tried
LARGEST_STEP = 2.0  # of a log price in one iteration
MIXING_STEPS = 60  # before Newton takes over
DIRECT_STEPS = 100  # of both before the search ends
SHORTEST = 1e-3  # part of a Newton step to try before giving up


class Search(NamedTuple):
    """State of the mixing: latest prices, past changes, the best point so far."""

    log_price: Float[Array, " N"]
    market: Market
    price_changes: Float[Array, "M N"]
    step_changes: Float[Array, "M N"]
    best_price: Float[Array, " N"]
    best: Market
    damping: Float[Array, ""]
    iterations: Int[Array, ""]


class Newton(NamedTuple):
    """State of the fallback; ``length`` is the part of the last step taken, 0 if none helped."""

    log_price: Float[Array, " N"]
    market: Market
    length: Float[Array, ""]
    iterations: Int[Array, ""]


def find(
    base: TradeBase, shock: Shock, start: Float[Array, " N"], tol: float, max_iterations: int
) -> Newton:
    """Log producer prices that clear the markets, or the best that was found."""
    market = market_at(base, shock, start)
    slope = own_slope(base, shock, market)
    memory = jnp.zeros((MEMORY, start.size))
    limit, end = min(MIXING_STEPS, max_iterations), min(DIRECT_STEPS, max_iterations)
    mixed = lax.while_loop(
        lambda s: (s.best.residual > tol) & (s.iterations < limit),
        lambda s: _mix(base, shock, slope, s),
        Search(start, market, memory, memory, start, market, jnp.ones(()), jnp.int32(0)),
    )
    return lax.while_loop(
        lambda s: (s.market.residual > tol) & (s.length > 0.0) & (s.iterations < end),
        lambda s: _newton(base, shock, s),
        Newton(mixed.best_price, mixed.best, jnp.ones(()), mixed.iterations),
    )


def _mix(base: TradeBase, shock: Shock, slope: Float[Array, " N"], s: Search) -> Search:
    """One secant step; or, where the last one made things worse, a shorter one from the best."""
    worse = ~(s.market.residual <= 4.0 * s.best.residual)
    damping = jnp.where(worse, 0.5 * s.damping, s.damping)
    step = jnp.where(worse, s.best.excess, s.market.excess) / slope
    move = jnp.where(worse, damping * step, step - _secant(s, step))
    old_price = jnp.where(worse, s.best_price, s.log_price)
    log_price = old_price + jnp.clip(move, -LARGEST_STEP, LARGEST_STEP)
    market = market_at(base, shock, log_price)
    better = market.residual < s.best.residual
    best_price, best = jax.tree.map(
        lambda new, old: jnp.where(better, new, old), (log_price, market), (s.best_price, s.best)
    )
    keep = jnp.where(worse, 0.0, 1.0)
    return Search(
        log_price,
        market,
        _push(s.price_changes, log_price - old_price, keep),
        _push(s.step_changes, market.excess / slope - step, keep),
        best_price,
        best,
        jnp.where(better, 1.0, damping),
        s.iterations + 1,
    )


def _push(
    memory: Float[Array, "M N"], latest: Float[Array, " N"], keep: Float[Array, ""]
) -> Float[Array, "M N"]:
    return jnp.concatenate([latest[None], keep * memory[:-1]])


def _secant(s: Search, step: Float[Array, " N"]) -> Float[Array, " N"]:
    """Correction of the plain step that the last changes of prices and steps suggest."""
    gram = s.step_changes @ s.step_changes.T
    ridge = 1e-14 * jnp.trace(gram) + 1e-300
    weights = eliminate(gram + ridge * jnp.eye(MEMORY), s.step_changes @ step, unroll=True)
    return weights @ (s.price_changes + s.step_changes)


def _newton(base: TradeBase, shock: Shock, s: Newton) -> Newton:
    """One Newton step, halved until it narrows the largest gap."""

    def excess(log_price: Float[Array, " N"]) -> Float[Array, " N"]:
        return market_at(base, shock, log_price).excess

    # Raising all prices alike changes nothing; hold their mean, weighted by output.
    weight = base.output / total(base.output)
    step = -eliminate(jax.jacfwd(excess)(s.log_price) - weight, s.market.excess, unroll=False)
    step = step * jnp.minimum(1.0, LARGEST_STEP / jnp.max(jnp.abs(step)))

    def helps(trial: Newton) -> Bool[Array, ""]:
        return _size(trial.market.excess) < (1.0 - 0.1 * trial.length) * _size(s.market.excess)

    def trial(length: Float[Array, ""]) -> Newton:
        log_price = s.log_price + length * step
        return Newton(log_price, market_at(base, shock, log_price), length, s.iterations + 1)

    tried = lax.while_loop(
        lambda t: ~helps(t) & (t.length > SHORTEST),
        lambda t: trial(0.5 * t.length),
        trial(jnp.ones(())),
    )
    stuck = s._replace(length=jnp.zeros(()), iterations=s.iterations + 1)
    return jax.tree.map(lambda new, old: jnp.where(helps(tried), new, old), tried, stuck)


def _size(gaps: Float[Array, " N"]) -> Float[Array, ""]:
    return jnp.sqrt(total(gaps * gaps))


def eliminate(
    matrix: Float[Array, "M M"], target: Float[Array, " M"], unroll: bool
) -> Float[Array, " M"]:
    """Gauss-Jordan elimination without exchanging rows: both matrices here lean on the diagonal."""
    rows = jnp.concatenate([matrix, target[:, None]], axis=1)

    def clear_column(k: Int[Array, ""] | int, rows: Float[Array, "M columns"]):
        pivot = rows[k] / rows[k, k]
        others = rows - rows[:, k, None] * pivot
        return jnp.where(jnp.arange(rows.shape[0])[:, None] == k, pivot, others)

    return lax.fori_loop(0, rows.shape[0], clear_column, rows, unroll=unroll)[:, -1]
