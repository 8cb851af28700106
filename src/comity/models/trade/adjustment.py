"""Trade in the years after a shock, before buyers have found others.

Trade reacts little at once and by more each year: by about 0.76 % to a tariff of 1 % in the year
after it, by about 2 % once seven to ten years have gone [boehm2023long]. Here a part of each cost
is settled, and trade has reacted to it with the long-run elasticity e; the rest is fresh, and trade
reacts to it with the elasticity of the first year, e0 = e f. The settled part moves towards the
cost by the same share of the gap each year, the pace a, so that h years after a single shock trade
reacts with

    e(h) = e0 + (e - e0) (1 - (1 - a)^h).

The year is two equilibria in exact-hat algebra, one after the other: settled costs from the base
year with e, and the fresh ones from there with e0. With f = 1 the two are the one of
`trade_equilibrium`; so they are where nothing is fresh.
Simplified: one pace for all pairs and goods; what comes to an end settles as what begins. Do not
trust it for weeks, or for goods without which nothing else can be made.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from comity.core import require
from comity.models.trade.trade_equilibrium import TOLERANCE, calibrate, flows, solve
from comity.models.trade.trade_market import TradeBase

# A gap in log cost below which all is settled: a fiftieth of a per cent of a price.
SETTLED = 2e-4


class Costs(eqx.Module):
    """What trade costs: tariffs, fraction of the whole flow, and log iceberg cost over base."""

    tariff: Float[Array, "N N"]
    log_cost: Float[Array, "N N"]


class Adjusted(eqx.Module):
    """The year as it stands before all has settled; ratios to the base year but for sales."""

    price: Float[Array, " N"]
    consumption: Float[Array, " N"]
    terms_of_trade: Float[Array, " N"]
    openness: Float[Array, " N"]
    """Exports plus imports over value added."""
    sales: Float[Array, "N N"]
    """At producer prices, in the unit of the base; row = exporter."""
    residual: Float[Array, ""]
    converged: Bool[Array, ""]


def elasticity_after(
    years: Float[Array, "..."],
    elasticity: Float[Array, ""],
    first: Float[Array, ""],
    pace: Float[Array, ""],
) -> Float[Array, "..."]:
    """Trade elasticity so many years after a single shock.

    Parameters
    ----------
    years
        Years since the shock, zero or more.
    elasticity
        Of the long run, positive.
    first
        Elasticity of the first year over that of the long run, (0, 1].
    pace
        Share of what is not settled that settles in a year, (0, 1].
    """
    require.not_negative("the years", years)
    _check(elasticity, first, pace)
    return elasticity * (1.0 - (1.0 - first) * (1.0 - pace) ** years)


def settle(
    settled: Float[Array, "N N"], level: Float[Array, "N N"], pace: Float[Array, ""]
) -> Float[Array, "N N"]:
    """The settled part after one more year; the level itself once the gap is small."""
    require.finite("the settled part", settled)
    require.finite("the level", level)
    require.share("the pace", pace)
    gap = level - settled
    left = (1.0 - pace) * gap
    return jnp.where(jnp.abs(left) <= SETTLED, level, settled + pace * gap)


def fresh_cost(
    settled: Float[Array, "N N"],
    by_cost: Float[Array, "N N"],
    by_quantity: Float[Array, "N N"],
    first: Float[Array, ""],
) -> Float[Array, "N N"]:
    """Log cost that is not settled, as the first year feels it.

    Parameters
    ----------
    settled
        Settled log cost.
    by_cost
        Log cost now, known as a cost.
    by_quantity
        Log cost now that stands for a fall of trade, taken at the long-run elasticity. The trade
        that it leaves is what is known, so in the first year the cost must be greater by 1 / f.
    first
        Elasticity of the first year over that of the long run.
    """
    require.finite("the settled cost", settled)
    require.finite("the cost", by_cost)
    require.finite("the cost that stands for a quantity", by_quantity)
    require.share("the elasticity of the first year over that of the long run", first)
    level = by_cost + by_quantity
    share = jnp.where(level == 0.0, 0.0, by_quantity / jnp.where(level == 0.0, 1.0, level))
    return (level - settled) * (1.0 + jnp.clip(share, 0.0, 1.0) * (1.0 / first - 1.0))


def adjusted(
    base: TradeBase,
    elasticity: Float[Array, ""],
    first: Float[Array, ""],
    endowment: Float[Array, " N"],
    settled: Costs,
    tariff: Float[Array, "N N"],
    fresh: Float[Array, "N N"],
    start: Float[Array, " N"] | None = None,
    tol: float = TOLERANCE,
) -> Adjusted:
    """The year with its settled and its fresh costs.

    Parameters
    ----------
    base
        Calibrated base year.
    elasticity
        Trade elasticity of the long run, positive.
    first
        Elasticity of the first year over it, (0, 1].
    endowment
        Productive endowment, ratio to base; always settled.
    settled
        Costs to which trade has adjusted.
    tariff
        Tariffs now, fraction of the whole flow.
    fresh
        Log iceberg cost now over the settled one, as `fresh_cost` gives it.
    start
        Producer prices to start from, ratio to base.
    tol
        Largest gap between sales and output that counts as cleared, as a share of output.
    """
    _check(elasticity, first, first)
    cost = jnp.exp(settled.log_cost)
    long = solve(base, elasticity, endowment, settled.tariff, cost, start, tol=tol)
    sold = flows(base, long, elasticity, settled.tariff, cost)
    there = calibrate(sold, settled.tariff, base.value_added_share)
    ones, more, short = jnp.ones_like(endowment), jnp.exp(fresh), elasticity * first
    soon = solve(there, short, ones, tariff, more, tol=tol)
    return Adjusted(
        long.price * soon.price,
        long.consumption * soon.consumption,
        long.terms_of_trade * soon.terms_of_trade,
        soon.openness,
        flows(there, soon, short, tariff, more),
        jnp.maximum(long.residual, soon.residual),
        long.converged & soon.converged,
    )


def _check(elasticity: Float[Array, ""], first: Float[Array, ""], pace: Float[Array, ""]) -> None:
    require.positive("the elasticity", elasticity)
    require.share("the elasticity of the first year over that of the long run", first)
    require.share("the pace", pace)
