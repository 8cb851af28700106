"""World trade in one sector: prices move until every state sells what it makes.

Each state makes its own good from labour and inputs bought from all; buyers everywhere shift
between origins with elasticity e as prices, tariffs or barriers change. In changes x^ = x'/x:
c^_i = w^_i^g_i P^_i^(1-g_i);  P^_j = (sum_i pi_ij (c^_i k^_ij)^-e)^(-1/e);
k^_ij = d^_ij (1+t'_ij)/(1+t_ij);  Y'_i = sum_j pi'_ij X'_j/(1+t'_ij);  X'_j = Y'_j + R'_j + D'_j.
[dekle2008global, eqs 4-9; costinot2014trade, sections 2 and 5; eaton2002technology for inputs.]
Tariff revenue R goes to final buyers; deficits D keep their share of world value added, which is
the numeraire: it is the income that deficits are financed from, so prices read as shares of world
income. Simplified: one sector, fixed endowments, no capital flows beyond D, no unemployment. Do
not trust it for sectors, for pairs with no base-year trade (they stay at nil) or for the first
months after a shock.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.core.ops import ratio, total
from comity.models.trade import trade_checks
from comity.models.trade.trade_branch import partly, walk
from comity.models.trade.trade_gradient import cleared
from comity.models.trade.trade_market import (
    SPENDING_FLOOR,
    Shock,
    TradeBase,
    appeal_of,
    market_at,
    output_of,
    world_growth,
)
from comity.models.trade.trade_search import Newton

TOLERANCE = 1e-10
MAX_ITERATIONS = 600


class TradeEquilibrium(eqx.Module):
    """An equilibrium. ``_hat`` quantities and prices are ratios to the base year."""

    price: Float[Array, " N"]
    """Producer price, ratio to base; world value added is the numeraire."""
    wage: Float[Array, " N"]
    """Income of one unit of endowment, ratio to base."""
    price_index: Float[Array, " N"]
    """Purchaser price index, tariffs included, ratio to base."""
    consumption: Float[Array, " N"]
    """Real consumption (final spending over the price index), ratio to base: welfare."""
    real_wage: Float[Array, " N"]
    """Wage over price index, ratio to base."""
    output: Float[Array, " N"]
    """Nominal gross output, unit of sales."""
    revenue: Float[Array, " N"]
    """Tariff revenue, unit of sales."""
    own_share_hat: Float[Array, " N"]
    """Change of the share of spending that stays at home."""
    terms_of_trade: Float[Array, " N"]
    """Producer price over those of suppliers, base imports as weights; ratio to base."""
    openness: Float[Array, " N"]
    """Exports plus imports at producer prices over value added."""
    residual: Float[Array, ""]
    """Largest gap between sales and output, as a share of output."""
    iterations: Int[Array, ""]
    converged: Bool[Array, ""]
    """Residual within tolerance and all spending positive; False where anything is NaN."""


def calibrate(
    sales: Float[Array, "N N"], tariff: Float[Array, "N N"], value_added_share: Float[Array, " N"]
) -> TradeBase:
    """Calibrate the base year; it is an equilibrium by construction, whatever the deficits.

    Parameters
    ----------
    sales
        Sales of the row state to the column state at producer prices, domestic sales on the
        diagonal; every row and column needs a positive sum.
    tariff
        Ad valorem tariff on the whole flow, fraction.
    value_added_share
        Value added over gross output, in (0, 1]; 1 = no intermediate inputs.

    Raises
    ------
    BadInput
        When a flow, tariff or share is out of its range; places are named.
    """
    trade_checks.flows("sales", sales)
    trade_checks.tariffs(tariff, sales.shape)
    trade_checks.shares("the value-added share", value_added_share, sales.shape[1:])
    paid = sales * (1.0 + tariff)
    output = total(sales, 1)
    bought = total(sales, 0)
    revenue = total(sales * tariff, 0)
    share = paid / total(paid, 0)
    return TradeBase(
        share=share,
        net_share=share * (1.0 / (1.0 + tariff)),
        sales=sales,
        output=output,
        deficit=bought - output,
        tariff=tariff,
        value_added_share=value_added_share,
        final=value_added_share * output + revenue + bought - output,
    )


def solve(
    base: TradeBase,
    elasticity: Float[Array, ""],
    endowment: Float[Array, " N"],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
    start: Float[Array, " N"] | None = None,
    tol: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> TradeEquilibrium:
    """Solve for the prices that clear all markets.

    Parameters
    ----------
    base
        Calibrated base year.
    elasticity
        Trade elasticity e > 0 (sigma - 1 in Armington).
    endowment
        Productive endowment, ratio to base.
    tariff
        Ad valorem tariffs now, fraction of the whole flow.
    cost
        Iceberg trade cost, ratio to base.
    start
        Producer prices to start from (ratio to base), e.g. those of last year; ones if omitted.
    tol
        Largest gap between sales and output that counts as cleared, as a share of output.
    max_iterations
        Iterations before giving up with ``converged`` False; the direct search ends after at most
        a hundred, then the branch from the base year is followed.
    """
    trade_checks.shock(elasticity, endowment, tariff, cost, base.sales.shape)
    # Constants would be folded into other arithmetic (a division becomes a product), and a world
    # without a shock would miss its base year by a last bit.
    base, tariff, cost = lax.optimization_barrier((base, tariff, cost))
    shock = Shock(elasticity, endowment, *appeal_of(base, elasticity, tariff, cost))
    first = jnp.zeros_like(base.output) if start is None else _usable_log(start)
    return _report(base, shock, cleared(base, shock, first, tol, max_iterations), tol)


def farthest(
    base: TradeBase,
    elasticity: Float[Array, ""],
    endowment: Float[Array, " N"],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
    tol: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> tuple[Float[Array, ""], TradeEquilibrium]:
    """How much of a shock, in logs, the branch from the base year lets in; the world there.

    For shocks that `solve` flags: where consumption is not positive, a lender's fixed surplus has
    eaten up its income on the way, and there is no equilibrium on the branch beyond that.
    Arguments as in `solve`; the part is 1 where the branch leads to the whole shock.
    """
    base, tariff, cost = lax.optimization_barrier((base, tariff, cost))
    shock = Shock(elasticity, endowment, *appeal_of(base, elasticity, tariff, cost))
    end = walk(base, shock, tol, max_iterations)
    so_far = partly(base, shock, end.reached)
    there = Newton(
        end.log_price, market_at(base, so_far, end.log_price), jnp.ones(()), end.iterations
    )
    return end.reached, _report(base, so_far, there, tol)


def flows(
    base: TradeBase,
    equilibrium: TradeEquilibrium,
    elasticity: Float[Array, ""],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
) -> Float[Array, "N N"]:
    """Sales at producer prices in an equilibrium, row = exporter; same tariffs and costs as it."""
    _, net_appeal = appeal_of(base, elasticity, tariff, cost)
    bought = net_appeal * jnp.exp(-elasticity * jnp.log(equilibrium.price))[:, None]
    receipts = equilibrium.output + base.deficit  # the numeraire keeps deficits at their value
    return bought / total(bought, 0) * receipts


def _usable_log(start: Float[Array, " N"]) -> Float[Array, " N"]:
    """Log of the start; ones where a failed year left no usable price."""
    usable = jnp.isfinite(start) & (start > 0)
    return jnp.log(jnp.where(usable, start, 1.0))


def _report(base: TradeBase, shock: Shock, s: Newton, tol: float) -> TradeEquilibrium:
    """Bring prices to the numeraire and read off what the equilibrium means."""
    m = s.market
    gross_sum, net_sum = total(base.share, 0), total(base.net_share, 0)
    gross_hat = ratio(m.weight[:, None] * shock.appeal, base.share)
    net_hat = ratio(m.weight[:, None] * shock.net_appeal, base.net_share)
    log_index_power = -jnp.log(gross_hat)
    nominal = output_of(base, shock, s.log_price, log_index_power)
    scale = 1.0 / (1.0 + world_growth(base, nominal))
    price = jnp.exp(s.log_price) * scale
    price_index = jnp.exp(log_index_power / shock.elasticity) * scale
    output_hat = nominal * scale
    output = base.output * output_hat
    bought = base.output + base.deficit
    receipts = output + base.deficit
    wedge = gross_sum / net_sum  # spending over what reaches producers
    levy = wedge * (gross_hat / net_hat) - 1.0
    earned = base.output * (output_hat - 1.0)
    gain = earned * (base.value_added_share + levy) + bought * wedge * (gross_hat / net_hat - 1.0)
    final_hat = 1.0 + gain / base.final
    wage = output_hat / shock.endowment
    home = jnp.diagonal(base.sales)
    at_home = jnp.diagonal(shock.net_appeal) * m.weight * receipts / (net_sum * net_hat)
    own = jnp.diagonal(base.share)
    own_appeal = 1.0 + (jnp.diagonal(shock.appeal) - own) / own
    imports = bought - home
    dearer = ((price - 1.0) @ base.sales - (price - 1.0) * home) / imports
    sound = (final_hat > 0) & (m.receipts >= SPENDING_FLOOR)
    return TradeEquilibrium(
        price=price,
        wage=wage,
        price_index=price_index,
        consumption=final_hat / price_index,
        real_wage=wage / price_index,
        output=output,
        revenue=receipts * levy,
        own_share_hat=own_appeal * m.weight / gross_hat,
        terms_of_trade=price / (1.0 + jnp.where(imports > 0, dearer, 0.0)),
        openness=(output + receipts - 2.0 * at_home) / (base.value_added_share * output),
        residual=m.residual,
        iterations=s.iterations,
        converged=(m.residual <= tol) & jnp.all(sound),
    )
