"""World trade in many sectors that use each other's output [caliendo2015estimates].

Each sector of each state makes its good from labour and from all sectors' goods; buyers shift
between origins with elasticity theta^j. In changes x^ = x'/x, with states n, i and sectors j, k:
c^_nj = w^_n^g_nj prod_k P^_nk^g_nkj;  P^_nj = (sum_i pi_nij (k^_nij c^_ij)^-theta_j)^(-1/theta_j);
X'_nj = sum_k g_njk sum_i pi'_ink/(1+t'_ink) X'_ik + a_nj I'_n;  I'_n = w'_n L_n + R'_n + D'_n;
w'_n L_n = sum_j g_nj sum_i pi'_inj/(1+t'_inj) X'_ij   [eqs 8 to 13 and 15 of the paper].
Tariff revenue R goes to final buyers. World value added is the numeraire, so that the aggregate
deficits D, kept or given, read as shares of world income; deficits by sector follow from trade.
Simplified: Cobb-Douglas in inputs and final use, labour moves freely between sectors, no
unemployment, no capital. Do not trust it for the first months after a shock, or for inputs that
nothing replaces within a sector.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.core import require
from comity.core.ops import ratio, total
from comity.models.trade import trade_checks
from comity.models.trade.sector_branch import follow
from comity.models.trade.sector_market import (
    INCOME_FLOOR,
    Point,
    SectorBase,
    SectorShock,
    shock_of,
    weights_at,
)
from comity.models.trade.sector_search import DIRECT_PASSES, Search, find

TOLERANCE = 1e-10
MAX_ITERATIONS = 6000


class SectorEquilibrium(eqx.Module):
    """An equilibrium. ``_hat`` quantities, wages, costs and prices are ratios to the base year."""

    wage: Float[Array, " N"]
    """Income of one unit of endowment; world value added is the numeraire."""
    cost: Float[Array, "J N"]
    """Cost of a unit of output: the producer price."""
    price: Float[Array, "J N"]
    """Price of a sector's goods to buyers of all origins, tariffs included."""
    spending_hat: Float[Array, "J N"]
    """Spending on a sector at purchaser prices."""
    price_index: Float[Array, " N"]
    """Price of final consumption."""
    consumption: Float[Array, " N"]
    """Real final spending: welfare."""
    real_wage: Float[Array, " N"]
    """Wage over the price of final consumption."""
    revenue: Float[Array, " N"]
    """Tariff revenue, unit of sales."""
    income: Float[Array, " N"]
    """Final spending: value added, revenue and deficit, unit of sales."""
    output: Float[Array, "J N"]
    """Gross output at producer prices, unit of sales."""
    residual: Float[Array, ""]
    """Largest gap of a labour market (share of its income), a price or a spending (logs)."""
    iterations: Int[Array, ""]
    converged: Bool[Array, ""]
    """Residual within tolerance and all incomes positive; False where anything is NaN."""


class FirstOrder(eqx.Module):
    """Parts of the change of welfare for a small shock, as fractions of final spending."""

    terms_of_trade: Float[Array, " N"]
    """Dearer exports less dearer imports."""
    volume_of_trade: Float[Array, " N"]
    """Tariff revenue from imports that grew."""


def calibrate(
    sales: Float[Array, "J N N"],
    tariff: Float[Array, "J N N"],
    value_added_share: Float[Array, "J N"],
    input_share: Float[Array, "N J J"],
    final_share: Float[Array, "J N"],
) -> SectorBase:
    """Set up the base year from data.

    It is an equilibrium where costs add up to output and uses to spending; otherwise `settle` it
    first.

    Parameters
    ----------
    sales
        Sales of the row state to the column state at producer prices, domestic on the diagonal.
    tariff
        Ad valorem tariff, fraction.
    value_added_share
        Value added over gross output, sector by state.
    input_share
        Cost of inputs of a sector (second axis) over gross output of a using sector (third).
    final_share
        Share of a sector in final spending, sector by state; columns sum to 1.

    Raises
    ------
    BadInput
        When a flow, tariff or share is out of its range; places are named.
    """
    trade_checks.flows("sales", sales)
    trade_checks.tariffs(tariff, sales.shape)
    require.chances("a value-added share", value_added_share)
    # Input tables have small negative entries (changes of stocks); none is more than all output.
    require.finite("an input share", input_share)
    require.above("one less an input share", 1.0 - input_share, -1e-9)
    require.chances("a share of final spending", final_share)
    paid = sales * (1.0 + tariff)
    spending = total(paid, 1)
    # A sector nobody buys has no shares; its own good is as good as any.
    count = sales.shape[1]
    bought = spending[:, None, :] > 0
    share = jnp.where(bought, paid / jnp.where(bought, spending[:, None, :], 1.0), jnp.eye(count))
    revenue = total(total(sales * tariff, 1), 0)
    output = total(sales, 2)
    return SectorBase(
        share=share,
        net_share=share * (1.0 / (1.0 + tariff)),
        tariff=tariff,
        spending=spending,
        value_added_share=value_added_share,
        input_share=input_share,
        final_share=final_share,
        value_added=total(value_added_share * output, 0),
        deficit=total(total(sales, 1), 0) - total(output, 0),
        revenue=revenue,
    )


def solve(
    base: SectorBase,
    elasticity: Float[Array, " J"],
    endowment: Float[Array, " N"],
    tariff: Float[Array, "J N N"],
    cost: Float[Array, "J N N"],
    deficit: Float[Array, " N"] | None = None,
    start: SectorEquilibrium | None = None,
    tol: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> SectorEquilibrium:
    """Solve for the wages, prices and spending at which all markets clear.

    Parameters
    ----------
    base
        The base year, in equilibrium (`settle`).
    elasticity
        Trade elasticity theta > 0 of each sector.
    endowment
        Productive endowment, ratio to base.
    tariff
        Ad valorem tariffs now, fraction.
    cost
        Iceberg trade cost, ratio to base.
    deficit
        Imports less exports now, as a part of world value added of the base year; kept as they
        are if omitted. Zeros balance all trade.
    start
        Equilibrium to start from, e.g. that of last year.
    tol
        Largest gap that counts as cleared.
    max_iterations
        Passes before giving up with ``converged`` False; the direct search ends after at most a
        thousand, then the shock is let in by parts.
    """
    trade_checks.shock(elasticity, endowment, tariff, cost, base.tariff.shape)
    # Constants would be folded into other arithmetic (a division becomes a product), and a world
    # without a shock would miss its base year by a last bit.
    base, tariff, cost = lax.optimization_barrier((base, tariff, cost))
    kept = base.deficit if deficit is None else deficit
    shock = shock_of(base, elasticity, endowment, tariff, cost, kept)
    found = find(base, shock, _start(base, start), tol, min(DIRECT_PASSES, max_iterations))
    return _report(base, shock, follow(base, shock, found, tol, max_iterations), tol)


def settle(
    base: SectorBase,
    elasticity: Float[Array, " J"],
    tariff: Float[Array, "J N N"] | None = None,
    cost: Float[Array, "J N N"] | None = None,
    deficit: Float[Array, " N"] | None = None,
    tol: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> tuple[SectorBase, SectorEquilibrium]:
    """Solve, and take the equilibrium as a new base year.

    Data that do not quite add up, or whose deficits are to be zero, become a world at rest.

    Parameters
    ----------
    base, elasticity, tariff, cost, deficit, tol, max_iterations
        See `solve`; tariffs, costs and deficits stay as they are if omitted.

    Returns
    -------
    tuple of SectorBase and SectorEquilibrium
        The new base year, and how it was found (see its ``converged``).
    """
    kept = base.deficit if deficit is None else deficit
    duty = base.tariff if tariff is None else tariff
    dearer = jnp.ones_like(base.tariff) if cost is None else cost
    endowment = jnp.ones_like(base.value_added)
    found = solve(
        base, elasticity, endowment, duty, dearer, kept, tol=tol, max_iterations=max_iterations
    )
    shock = shock_of(base, elasticity, endowment, duty, dearer, kept)
    share = shock.appeal * (found.cost ** -elasticity[:, None])[:, :, None]
    share = share / total(share, 1)[:, None, :]
    new = SectorBase(
        share=share,
        net_share=share * (1.0 / (1.0 + duty)),
        tariff=duty,
        spending=base.spending * found.spending_hat,
        value_added_share=base.value_added_share,
        input_share=base.input_share,
        final_share=base.final_share,
        value_added=base.value_added * found.wage,
        deficit=kept,
        revenue=found.revenue,
    )
    return new, found


def flows(
    base: SectorBase,
    equilibrium: SectorEquilibrium,
    elasticity: Float[Array, " J"],
    tariff: Float[Array, "J N N"],
    cost: Float[Array, "J N N"],
) -> Float[Array, "J N N"]:
    """Sales at producer prices in an equilibrium, row = exporter; same tariffs and costs as it."""
    shock = shock_of(base, elasticity, base.deficit, tariff, cost, base.deficit)
    weight = jnp.exp(-elasticity[:, None] * jnp.log(equilibrium.cost))[:, :, None]
    gross = total(shock.appeal * weight, 1)
    spent = base.spending * equilibrium.spending_hat / gross
    return shock.net_appeal * weight * spent[:, None, :]


def first_order(
    base: SectorBase,
    equilibrium: SectorEquilibrium,
    elasticity: Float[Array, " J"],
    tariff: Float[Array, "J N N"],
    cost: Float[Array, "J N N"],
) -> FirstOrder:
    """Terms of trade and volume of trade, as the paper adds them up to welfare [section 2.4].

    At tariffs, flows and incomes of the base year, so for small changes only: where tariffs fall
    to zero it counts the revenue won on new imports at the old rate. ``consumption`` of the
    equilibrium is the exact change.

    Parameters
    ----------
    base, elasticity, tariff, cost
        As in the call of `solve`.
    equilibrium
        What it returned.
    """
    now = flows(base, equilibrium, elasticity, tariff, cost)
    before = base.net_share * base.spending[:, None, :]
    income = base.value_added + base.revenue + base.deficit
    dearer = equilibrium.cost - 1.0
    exports = total(total(before, 2) * dearer, 0)
    imports = total(jnp.einsum("jin,ji->jn", before, dearer), 0)
    volume = base.tariff * (now - before * equilibrium.cost[:, :, None])
    return FirstOrder((exports - imports) / income, total(total(volume, 1), 0) / income)


def _start(base: SectorBase, start: SectorEquilibrium | None) -> Point:
    """Logs of the start; zeros where a failed year left nothing usable."""
    if start is None:
        none = jnp.zeros_like(base.spending)
        return Point(jnp.zeros_like(base.value_added), none, none)

    def usable(x: Float[Array, "..."]) -> Float[Array, "..."]:
        return jnp.log(jnp.where(jnp.isfinite(x) & (x > 0), x, 1.0))

    return Point(usable(start.wage), usable(start.price), usable(start.spending_hat))


def _report(base: SectorBase, shock: SectorShock, s: Search, tol: float) -> SectorEquilibrium:
    """Read off what the equilibrium means; sums of differences, exactly nil where nothing moved."""
    point = s.best_point
    weight = weights_at(base, shock, point)
    gross_base, net_base = total(base.share, 1), total(base.net_share, 1)
    gross_hat = ratio(weight[:, :, None] * shock.appeal, base.share, 1)
    net_hat = ratio(weight[:, :, None] * shock.net_appeal, base.net_share, 1)
    moved = net_hat / gross_hat - 1.0
    levy = 1.0 - net_base / gross_base
    more = base.spending * jnp.expm1(point.spending)
    change = more * levy - (base.spending + more) * (1.0 - levy) * moved
    revenue = base.revenue + total(change, 0)
    earned = base.value_added * (shock.endowment * jnp.exp(point.wage) - 1.0)
    final = base.value_added + base.revenue + base.deficit
    gain = earned + total(change, 0) + (shock.deficit - base.deficit)
    index = jnp.exp(total(base.final_share * point.price, 0))
    spent = (base.spending + more) / (gross_base * gross_hat)
    income = final + gain
    return SectorEquilibrium(
        wage=jnp.exp(point.wage),
        cost=jnp.exp(-jnp.log(weight) / shock.elasticity[:, None]),
        price=jnp.exp(point.price),
        spending_hat=jnp.exp(point.spending),
        price_index=index,
        consumption=(1.0 + gain / final) / index,
        real_wage=jnp.exp(point.wage) / index,
        revenue=revenue,
        income=income,
        output=weight * jnp.einsum("jin,jn->ji", shock.net_appeal, spent),
        residual=s.best.residual,
        iterations=s.passes,
        converged=(s.best.residual <= tol) & jnp.all(income > INCOME_FLOOR * final),
    )
