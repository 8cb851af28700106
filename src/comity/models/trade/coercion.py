"""Economic power of one state over another: what the other loses when their trade is cut.

    power of a over b = 1 - C^_b(a-b trade cut) / C^_b(as it is),   own cost = the same for a.

Real consumption C^ comes from the trade equilibrium, so third states' trade is diverted as well.
Losses are convex in the share of a supplier that cannot be replaced, so that the last suppliers
matter most [clayton2023framework, section 3]. Beside it the older indices: concentration of
imports by origin [hirschman1945national, ch. 6] and dependence on a supplier.
Simplified: one sector, one elasticity, buyers adapt within the year. Do not trust it for critical
goods (energy, minerals, chips), whose elasticity is lower and whose loss is larger; sector by
sector see `comity.models.trade.sector_coercion`.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.core import require
from comity.core.ops import total
from comity.models.trade import trade_checks
from comity.models.trade.trade_equilibrium import TradeBase, TradeEquilibrium, solve


class CutOff(eqx.Module):
    """What cutting the trade of two states costs everybody."""

    loss: Float[Array, " N"]
    """Fall of real consumption, as a fraction of what it would be; negative = gain."""
    power: Float[Array, ""]
    """Loss of the second state: the power of the first over it."""
    own_cost: Float[Array, ""]
    """Loss of the first state."""
    residual: Float[Array, ""]
    """Larger market residual of the two equilibria, as a share of output."""
    converged: Bool[Array, ""]


def cutoff_loss(
    base: TradeBase,
    elasticity: Float[Array, ""],
    endowment: Float[Array, " N"],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
    a: int | Int[Array, ""],
    b: int | Int[Array, ""],
    severity: Float[Array, ""],
    start: Float[Array, " N"] | None = None,
) -> CutOff:
    """Losses of all states when trade between ``a`` and ``b`` gets dearer both ways.

    Parameters
    ----------
    base, elasticity, endowment, tariff, cost
        The world as it is; see `comity.models.trade.trade_equilibrium.solve`.
    a, b
        Positions of the two states.
    severity
        Iceberg cost added to both directions, fraction of the price: 0 = nothing happens,
        1 = twice the cost; from about 100 on hardly anything is traded.
    start
        Producer prices to start from, e.g. those of the world as it is.

    Raises
    ------
    BadInput
        When the world or the severity is out of its range, or the positions are no two states.
    """
    trade_checks.shock(elasticity, endowment, tariff, cost, base.sales.shape)
    require.not_negative("severity", severity)
    require.pair("the two states", a, b, base.output.size)
    states = jnp.arange(base.output.size)
    pair = (states[:, None] == a) & (states == b)
    between = (pair | pair.T).astype(cost.dtype)

    def world(barrier: Float[Array, ""]) -> TradeEquilibrium:
        return solve(base, elasticity, endowment, tariff, cost * (1.0 + barrier * between), start)

    # One program for both worlds: with nothing cut they agree to the last bit.
    both = lax.map(world, jnp.stack([jnp.zeros_like(severity), severity]))
    loss = 1.0 - both.consumption[1] / both.consumption[0]
    return CutOff(
        loss=loss,
        power=loss[b],
        own_cost=loss[a],
        residual=jnp.max(both.residual),
        converged=jnp.all(both.converged),
    )


def import_dependence(sales: Float[Array, "N N"]) -> Float[Array, "N N"]:
    """Share of each foreign origin (row) in all that a state (column) buys; zero diagonal."""
    return _abroad(sales) / total(sales, 0)


def hirschman(sales: Float[Array, "N N"]) -> Float[Array, " N"]:
    """Concentration of a state's imports by origin: sum of squared shares, in (0, 1].

    Hirschman printed 100 times its square root. NaN for a state that imports nothing.
    """
    imports = _abroad(sales)
    shares = imports / total(imports, 0)
    return total(shares * shares, 0)


def _abroad(sales: Float[Array, "N N"]) -> Float[Array, "N N"]:
    return sales * (1.0 - jnp.eye(sales.shape[0]))
