"""Derivatives of the trade equilibrium, by the implicit function theorem.

The search itself has none: it stops where the gaps are small, and a derivative through its steps
would be that of the search. At prices x that clear all markets, F(x, shock) = 0, so that
dx = -(dF/dx)^-1 dF, one linear system whatever the number of steps. Values stay what they are to
the last bit: the rule acts only where a derivative is asked for.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from comity.core.ops import total
from comity.models.trade.trade_branch import follow
from comity.models.trade.trade_market import Shock, TradeBase, market_at
from comity.models.trade.trade_search import Newton, find


@partial(jax.custom_jvp, nondiff_argnums=(3, 4))
def cleared(
    base: TradeBase, shock: Shock, start: Float[Array, " N"], tol: float, max_iterations: int
) -> Newton:
    """Prices that clear all markets, with their derivatives in the base year and the shock.

    Parameters
    ----------
    base, shock
        The base year and what moves it.
    start
        Log prices to start from; the equilibrium does not depend on them.
    tol, max_iterations
        As in `comity.models.trade.trade_equilibrium.solve`.
    """
    return follow(base, shock, find(base, shock, start, tol, max_iterations), tol, max_iterations)


@cleared.defjvp
def _derivative(tol, max_iterations, primals, tangents):
    base, shock, start = primals
    found = cleared(base, shock, start, tol, max_iterations)
    base_moves, shock_moves, _ = tangents

    def excess(log_price):
        return market_at(base, shock, log_price).excess

    _, pushed = jax.jvp(
        lambda b, s: market_at(b, s, found.log_price).excess,
        (base, shock),
        (base_moves, shock_moves),
    )
    # Raising all prices alike changes nothing; hold their mean, weighted by output.
    weight = base.output / total(base.output)
    moved = -jnp.linalg.solve(jax.jacfwd(excess)(found.log_price) - weight, pushed)
    _, market = jax.jvp(market_at, (base, shock, found.log_price), (base_moves, shock_moves, moved))
    counted: Any = np.zeros(np.shape(found.iterations), jax.dtypes.float0)
    return found, Newton(moved, market, jnp.zeros_like(found.length), counted)
