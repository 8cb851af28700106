"""How much of a state's foreign trade is with one partner, and how far that has moved.

The share is that of trade both ways in all trade of the row's state, as dependence is measured
where disputes are explained by trade [oneal1999kantian, with GDP in place of all trade].  It moves
as the log of the share plus a hundredth of a per cent, so that trade may come to an end.
Simplified: goods and services alike.  Do not trust it for single goods that nobody else sells.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.ops import total

# Per cent of trade added before logs are taken; the estimates on it are made with the same.
FLOOR = 0.01


def share(sales: Float[Array, "N N"]) -> Float[Array, "N N"]:
    """Share (%) of the column's state in the foreign trade of the row's; nil on the diagonal.

    ``sales``: of the row to the column, domestic sales on the diagonal.
    """
    both = (sales + sales.T) * (1.0 - jnp.eye(sales.shape[0]))
    return 100.0 * both / total(both, 1)[:, None]


def moved(now: Float[Array, "N N"], then: Float[Array, "N N"]) -> Float[Array, "N N"]:
    """Log change of shares; exactly nil where a share is what it was."""
    return jnp.log1p((now - then) / (then + FLOOR))
