"""Economic power of one state over another, sector by sector, from the model of many sectors.

Two instruments, alone or together: *supply*, a sells b less of a sector; *market*, a buys less of
it from b. Power is what b loses in real consumption, the cost is what a loses itself; both from
the equilibrium, so inputs are rerouted through third states and through other sectors. Losses are
convex in the share that is cut [clayton2023framework, section 3]; indices of dependence stand
beside them [hirschman1945national, ch. 6]. With long-run elasticities this is the loss after
buyers have adapted; with those of the first year (about four tenths of them, 0.76 against 2 in
[boehm2023long]) it is two to three times as large. Simplified: no stocks, no inputs without which
a sector stops; what one firm alone can make (the newest chips, one enzyme) is inside a broad
sector and looks replaceable. Where deficits are kept, a cut-off of much trade may have no solution:
settle the base year without deficits first (`comity.models.trade.caliendo_parro.settle`).
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.core import require
from comity.core.ops import total
from comity.models.trade.caliendo_parro import SectorBase, SectorEquilibrium, solve

TOLERANCE = 1e-9


class SectorCutOff(eqx.Module):
    """What it costs everybody that a and b trade less."""

    loss: Float[Array, " N"]
    """Fall of real consumption, fraction; negative = gain."""
    power: Float[Array, ""]
    """Loss of b."""
    own_cost: Float[Array, ""]
    """Loss of a."""
    residual: Float[Array, ""]
    converged: Bool[Array, ""]


class PowerBySector(eqx.Module):
    """Power of a over b and its cost to a by sector; the last entry is all sectors at once."""

    supply: Float[Array, " J1"]
    """Loss of b where a sells it less."""
    supply_cost: Float[Array, " J1"]
    market: Float[Array, " J1"]
    """Loss of b where a buys less from it."""
    market_cost: Float[Array, " J1"]
    converged: Bool[Array, " J1"]


def sector_cutoff(
    base: SectorBase,
    elasticity: Float[Array, " J"],
    a: int | Int[Array, ""],
    b: int | Int[Array, ""],
    supply: Float[Array, " J"],
    market: Float[Array, " J"],
    start: SectorEquilibrium | None = None,
) -> SectorCutOff:
    """Losses of all states when a sells less to b, or buys less from it, by sector.

    Parameters
    ----------
    base
        The base year, at rest.
    elasticity
        Trade elasticity of each sector.
    a, b
        Positions of the state that acts and of the one it acts on.
    supply, market
        Iceberg cost added to sales of a to b, and of b to a: 0 = nothing happens, 1 = twice the
        cost; from about 100 on hardly anything is traded.
    start
        Equilibrium to start from.

    Raises
    ------
    BadInput
        When an elasticity is not positive, a cost negative, or the positions are no two states.
    """
    _check(base, elasticity, supply, market)
    require.pair("the two states", a, b, base.value_added.size)
    states = jnp.arange(base.value_added.size)
    selling = ((states[:, None] == a) & (states == b)).astype(base.tariff.dtype)
    cost = 1.0 + supply[:, None, None] * selling + market[:, None, None] * selling.T
    found = solve(
        base,
        elasticity,
        jnp.ones_like(base.value_added),
        base.tariff,
        cost,
        start=start,
        tol=TOLERANCE,
    )
    loss = jnp.where(found.converged, 1.0 - found.consumption, jnp.nan)
    return SectorCutOff(loss, loss[b], loss[a], found.residual, found.converged)


def power_by_sector(
    base: SectorBase,
    elasticity: Float[Array, " J"],
    a: int | Int[Array, ""],
    b: int | Int[Array, ""],
    severity: float | Float[Array, ""] = 100.0,
) -> PowerBySector:
    """Power of a over b by sector and instrument, and what it costs a; 2 (J + 1) solves."""
    require.positive("the elasticity", elasticity)
    require.not_negative("severity", severity)
    require.pair("the two states", a, b, base.value_added.size)
    count = elasticity.size
    which = severity * jnp.concatenate([jnp.eye(count), jnp.ones((1, count))])
    none = jnp.zeros(count)

    def one(cut: Float[Array, " J"]) -> tuple[SectorCutOff, SectorCutOff]:
        return (
            sector_cutoff(base, elasticity, a, b, cut, none),
            sector_cutoff(base, elasticity, a, b, none, cut),
        )

    supply, market = lax.map(one, which)
    return PowerBySector(
        supply.power,
        supply.own_cost,
        market.power,
        market.own_cost,
        supply.converged & market.converged,
    )


def power_matrix(
    base: SectorBase,
    elasticity: Float[Array, " J"],
    supply: Float[Array, " J"],
    market: Float[Array, " J"],
) -> tuple[Float[Array, "N N"], Float[Array, "N N"]]:
    """Power of the row over the column, and its cost to the row; N (N - 1) solves, zero diagonal.

    ``supply`` and ``market`` as in `sector_cutoff`; NaN where a solve failed.
    """
    _check(base, elasticity, supply, market)
    count = base.value_added.size
    first, second = jnp.where(~jnp.eye(count, dtype=bool), size=count * (count - 1))

    def one(pair: tuple[Int[Array, ""], Int[Array, ""]]) -> tuple[Array, Array]:
        done = sector_cutoff(base, elasticity, pair[0], pair[1], supply, market)
        return done.power, done.own_cost

    power, cost = lax.map(one, (first, second))
    empty = jnp.zeros((count, count))
    return empty.at[first, second].set(power), empty.at[first, second].set(cost)


def _check(
    base: SectorBase,
    elasticity: Float[Array, " J"],
    supply: Float[Array, " J"],
    market: Float[Array, " J"],
) -> None:
    require.positive("the elasticity", elasticity)
    for what, cost in (("the cost of selling", supply), ("the cost of buying", market)):
        require.shape(what, cost, base.tariff.shape[:1])
        require.not_negative(what, cost)


def supplier_share(base: SectorBase) -> Float[Array, "J N N"]:
    """Share of each foreign origin in what a state buys of a sector; zero diagonal."""
    return base.share * (1.0 - jnp.eye(base.value_added.size))


def sector_hirschman(base: SectorBase) -> Float[Array, "J N"]:
    """Concentration of a state's imports of a sector by origin, in (0, 1]; NaN without imports."""
    abroad = supplier_share(base)
    shares = abroad / total(abroad, 1)[:, None, :]
    return total(shares * shares, 1)
