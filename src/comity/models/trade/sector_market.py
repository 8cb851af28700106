"""All markets of a world of many sectors, at given wages, prices and spending.

One pass through the system turns wages, sector prices and sector spending into those that they
imply; the equilibrium is where they imply themselves. Equations and sources: see
`comity.models.trade.caliendo_parro`, which is what to use. J sectors, N states; in ``input_share``
the axes are state, input sector, using sector.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.ops import total

FOLLOW = 0.3  # of the step that would close a wage's own gap: prices and spending still move
INCOME_FLOOR = 1e-3  # final spending during the search, as a share of that of the base year


class SectorBase(eqx.Module):
    """The base year. Flows are sector, exporter, importer; values in the unit of sales."""

    share: Float[Array, "J N N"]
    """Share of each origin in the importer's spending on a sector, at purchaser prices."""
    net_share: Float[Array, "J N N"]
    """The part of ``share`` that reaches producers: share / (1 + tariff)."""
    tariff: Float[Array, "J N N"]
    """Ad valorem tariff, fraction; zero on the diagonal."""
    spending: Float[Array, "J N"]
    """Spending on a sector, inputs and final use, at purchaser prices."""
    value_added_share: Float[Array, "J N"]
    """Value added over gross output."""
    input_share: Float[Array, "N J J"]
    """Share of the input sector (second axis) in the costs of the using sector (third axis)."""
    final_share: Float[Array, "J N"]
    """Share of a sector in final spending; columns sum to 1."""
    value_added: Float[Array, " N"]
    """Value added, all sectors together."""
    deficit: Float[Array, " N"]
    """Imports less exports at producer prices; sums to zero."""
    revenue: Float[Array, " N"]
    """Tariff revenue."""


class SectorShock(NamedTuple):
    """What a solve is for, with powers taken once."""

    elasticity: Float[Array, " J"]
    endowment: Float[Array, " N"]
    deficit: Float[Array, " N"]
    appeal: Float[Array, "J N N"]  # pi k^-theta
    net_appeal: Float[Array, "J N N"]  # the part that reaches producers


class Point(NamedTuple):
    """Logs of ratios to the base year: what the search moves."""

    wage: Float[Array, " N"]
    price: Float[Array, "J N"]
    spending: Float[Array, "J N"]


class Pass(NamedTuple):
    """One pass: the point implied, and by how much it differs from the point it came from."""

    implied: Point
    residual: Float[Array, ""]


def shock_of(
    base: SectorBase,
    elasticity: Float[Array, " J"],
    endowment: Float[Array, " N"],
    tariff: Float[Array, "J N N"],
    cost: Float[Array, "J N N"],
    deficit: Float[Array, " N"],
) -> SectorShock:
    """Shares at base prices but new costs; columns no longer sum to 1."""
    # Written so that unchanged tariffs give exactly 1 even where XLA divides by reciprocals.
    dearer = cost * (1.0 + (tariff - base.tariff) / (1.0 + base.tariff))
    appeal = base.share * jnp.exp(-elasticity[:, None, None] * jnp.log(dearer))
    return SectorShock(elasticity, endowment, deficit, appeal, appeal * (1.0 / (1.0 + tariff)))


def weights_at(base: SectorBase, shock: SectorShock, point: Point) -> Float[Array, "J N"]:
    """c^-theta of every producer: its pull on buyers, from its wage and the prices of inputs."""
    inputs = jnp.einsum("nkj,kn->jn", base.input_share, point.price)
    return jnp.exp(-shock.elasticity[:, None] * (base.value_added_share * point.wage + inputs))


def pass_through(
    base: SectorBase, shock: SectorShock, step: Float[Array, " N"], point: Point
) -> Pass:
    """Wages, prices and spending that the given ones imply.

    ``step`` is how far a wage follows the gap between demand for labour and its supply.
    """
    weight = weights_at(base, shock, point)
    gross = jnp.einsum("jin,ji->jn", shock.appeal, weight)
    net = jnp.einsum("jin,ji->jn", shock.net_appeal, weight)
    price = -jnp.log(gross) / shock.elasticity[:, None]
    spent = base.spending * jnp.exp(point.spending) / gross
    output = weight * jnp.einsum("jin,jn->ji", shock.net_appeal, spent)
    revenue = total(spent * (gross - net), 0)
    supply = base.value_added * shock.endowment * jnp.exp(point.wage)
    gap = total(base.value_added_share * output, 0) / supply
    final = base.value_added + base.revenue + base.deficit
    income = jnp.maximum(supply + revenue + shock.deficit, INCOME_FLOOR * final)
    inputs = jnp.einsum("nkj,jn->kn", base.input_share, output)
    wanted = inputs + base.final_share * income
    bought = base.spending > 0.0
    spending = jnp.where(bought, jnp.log(wanted / jnp.where(bought, base.spending, 1.0)), 0.0)
    wage = point.wage + step * jnp.log(gap)
    implied = Point(wage - growth_of(base, shock, wage), price, spending)
    residual = jnp.maximum(
        jnp.max(jnp.abs(gap - 1.0)),
        jnp.maximum(
            jnp.max(jnp.abs(price - point.price)), jnp.max(jnp.abs(spending - point.spending))
        ),
    )
    return Pass(implied, residual)


def growth_of(base: SectorBase, shock: SectorShock, wage: Float[Array, " N"]) -> Float[Array, ""]:
    """Log growth of world value added; exactly zero where nothing moves."""
    more = base.value_added * (shock.endowment * jnp.exp(wage) - 1.0)
    return jnp.log1p(total(more) / total(base.value_added))


def wage_step(base: SectorBase, shock: SectorShock) -> Float[Array, " N"]:
    """How far a wage should follow its gap: one over the slope of labour demand in it.

    As at the base year, with a rise of the wage passed on in full to the price of its output.
    """
    spent = base.spending
    output = jnp.einsum("jin,jn->ji", base.net_share, spent)
    rivalry = jnp.einsum("jin,jn->ji", base.net_share * base.share, spent)
    at_home = jnp.einsum("jnn->jn", base.net_share) * spent
    worth = base.value_added_share
    # Sectors nobody sells have no slope.
    slope = shock.elasticity[:, None] * worth * (output - rivalry) + worth * (output - at_home)
    return FOLLOW / (0.05 + total(slope, 0) / base.value_added)
