"""All markets at given prices: what the trade equilibrium searches over.

At log producer prices x: weights c^-e, price indices P, outputs Y', what buyers pay to producers
Y' + D', demand for each state's good and its gap to output. Equations and sources: see
`comity.models.trade.trade_equilibrium`, which is what to use.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.ops import total

SPENDING_FLOOR = 1e-3  # a buyer's spending during the search, as a share of its output


class TradeBase(eqx.Module):
    """The calibrated base year. Row = exporter, column = importer; values in the unit of sales."""

    share: Float[Array, "N N"]
    """Share of each origin in the importer's spending at purchaser prices; columns sum to 1."""
    net_share: Float[Array, "N N"]
    """The part of ``share`` that reaches producers: share / (1 + tariff)."""
    sales: Float[Array, "N N"]
    """Sales at producer prices, before tariffs; the diagonal is domestic sales."""
    output: Float[Array, " N"]
    """Gross output: row sums of sales."""
    deficit: Float[Array, " N"]
    """Imports less exports at producer prices; sums to zero."""
    tariff: Float[Array, "N N"]
    """Ad valorem tariff on the whole flow, fraction; zero on the diagonal."""
    value_added_share: Float[Array, " N"]
    """Value added over gross output, in (0, 1]."""
    final: Float[Array, " N"]
    """Final spending: value added + tariff revenue + deficit."""


class Shock(NamedTuple):
    """What a solve is for, with powers taken once."""

    elasticity: Float[Array, ""]
    endowment: Float[Array, " N"]
    appeal: Float[Array, "N N"]  # pi k^-e
    net_appeal: Float[Array, "N N"]  # the part that reaches producers: pi k^-e / (1+t')


class Market(NamedTuple):
    """All markets at given log producer prices."""

    weight: Float[Array, " N"]  # c^-e
    output_hat: Float[Array, " N"]
    receipts: Float[Array, " N"]  # what buyers pay to producers over their own output: 1 + D'/Y'
    excess: Float[Array, " N"]  # log of demand over output
    residual: Float[Array, ""]


def appeal_of(
    base: TradeBase,
    elasticity: Float[Array, ""],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
) -> tuple[Float[Array, "N N"], Float[Array, "N N"]]:
    """Shares at base prices but new costs, gross and net of tariffs; columns no longer sum to 1."""
    # Written so that unchanged tariffs give exactly 1 even where XLA divides by reciprocals.
    dearer = cost * (1.0 + (tariff - base.tariff) / (1.0 + base.tariff))
    appeal = base.share * jnp.exp(-elasticity * jnp.log(dearer))
    return appeal, appeal * (1.0 / (1.0 + tariff))


def market_at(base: TradeBase, shock: Shock, log_price: Float[Array, " N"]) -> Market:
    """All markets at the given log producer prices, cleared or not."""
    weight = jnp.exp(-shock.elasticity * log_price)
    output_hat = output_of(base, shock, log_price, -jnp.log(weight @ shock.appeal))
    output = base.output * output_hat
    receipts = 1.0 + base.deficit * (1.0 + world_growth(base, output_hat)) / output
    spent = output * jnp.maximum(receipts, SPENDING_FLOOR)
    ratio = weight * (shock.net_appeal @ (spent / (weight @ shock.net_appeal))) / output
    return Market(weight, output_hat, receipts, jnp.log(ratio), jnp.max(jnp.abs(ratio - 1.0)))


def output_of(
    base: TradeBase,
    shock: Shock,
    log_price: Float[Array, " N"],
    log_index_power: Float[Array, " N"],
) -> Float[Array, " N"]:
    """Nominal output that a producer price pays for, given log P^e (inputs cost P)."""
    gamma = base.value_added_share
    inputs = (1.0 - gamma) * (log_index_power / shock.elasticity)
    return shock.endowment * jnp.exp((log_price - inputs) / gamma)


def world_growth(base: TradeBase, output_hat: Float[Array, " N"]) -> Float[Array, ""]:
    """Growth of world value added; exactly zero where no output moves."""
    value_added = base.value_added_share * base.output
    return total(value_added * (output_hat - 1.0)) / total(value_added)


def own_slope(base: TradeBase, shock: Shock, market: Market) -> Float[Array, " N"]:
    """Fall of the log gap between demand and output of a good in its own log price."""
    gamma = base.value_added_share
    output = base.output * market.output_hat
    net_sum = market.weight @ shock.net_appeal
    spent = output * jnp.maximum(market.receipts, SPENDING_FLOOR)
    at_home = market.weight * jnp.diagonal(shock.net_appeal) / net_sum
    own_inputs = market.weight * jnp.diagonal(shock.appeal) / (market.weight @ shock.appeal)
    squares = (shock.net_appeal * shock.net_appeal) @ (spent / (net_sum * net_sum))
    rivalry = market.weight * market.weight * squares / (output * jnp.exp(market.excess))
    supply = (1.0 - (1.0 - gamma) * own_inputs) / gamma
    return shock.elasticity * (1.0 - rivalry) + supply * (1.0 - at_home)
