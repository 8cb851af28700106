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

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.ops import total

TOLERANCE = 1e-10
MAX_ITERATIONS = 500
MEMORY = 4  # differences kept for Anderson mixing; more helped no shock we tried
SPENDING_FLOOR = 1e-3  # a buyer's spending during the search, as a share of its output
LARGEST_STEP = 2.0  # of a log price in one iteration


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
    rivalry: Float[Array, " N"]
    """Own share in the markets a state sells to, weighted by its sales (for the solver's steps)."""


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


class Search(NamedTuple):
    """State of the solver."""

    log_price: Float[Array, " N"]
    market: Market
    step: Float[Array, " N"]
    price_changes: Float[Array, "M N"]
    step_changes: Float[Array, "M N"]
    best_price: Float[Array, " N"]
    best_step: Float[Array, " N"]
    best: Float[Array, ""]
    damping: Float[Array, ""]
    iterations: Int[Array, ""]


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
    """
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
        rivalry=total(sales * sales / bought, 1) / output,
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
        Iterations before giving up with ``converged`` False.
    """
    # Constants would be folded into other arithmetic (a division becomes a product), and a world
    # without a shock would miss its base year by a last bit.
    base, tariff, cost = lax.optimization_barrier((base, tariff, cost))
    shock = Shock(elasticity, endowment, *_appeal(base, elasticity, tariff, cost))
    first = jnp.zeros_like(base.output) if start is None else _usable_log(start)
    slope = _own_slope(base, elasticity)
    found = lax.while_loop(
        lambda s: ~(s.best <= tol) & (s.best < jnp.inf) & (s.iterations < max_iterations),
        lambda s: _advance(base, shock, slope, s),
        _start_search(base, shock, slope, first),
    )
    return _report(base, shock, found, tol)


def flows(
    base: TradeBase,
    equilibrium: TradeEquilibrium,
    elasticity: Float[Array, ""],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
) -> Float[Array, "N N"]:
    """Sales at producer prices in an equilibrium, row = exporter; same tariffs and costs as it."""
    _, net_appeal = _appeal(base, elasticity, tariff, cost)
    bought = net_appeal * jnp.exp(-elasticity * jnp.log(equilibrium.price))[:, None]
    receipts = equilibrium.output + base.deficit  # the numeraire keeps deficits at their value
    return bought / total(bought, 0) * receipts


def _appeal(
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


def _usable_log(start: Float[Array, " N"]) -> Float[Array, " N"]:
    """Log of the start; ones where a failed year left no usable price."""
    usable = jnp.isfinite(start) & (start > 0)
    return jnp.log(jnp.where(usable, start, 1.0))


def _own_slope(base: TradeBase, elasticity: Float[Array, ""]) -> Float[Array, " N"]:
    """Fall of log excess demand for a state's good in its own log price, at the base."""
    home = jnp.diagonal(base.share)
    supply = (1.0 - (1.0 - base.value_added_share) * home) / base.value_added_share
    income = jnp.diagonal(base.sales) / (base.output + base.deficit)
    return elasticity * (1.0 - base.rivalry) + supply * (1.0 - income)


def _market(base: TradeBase, shock: Shock, log_price: Float[Array, " N"]) -> Market:
    weight = jnp.exp(-shock.elasticity * log_price)
    output_hat = _output_hat(base, shock, log_price, -jnp.log(weight @ shock.appeal))
    output = base.output * output_hat
    receipts = 1.0 + base.deficit * (1.0 + _growth(base, output_hat)) / output
    spent = output * jnp.maximum(receipts, SPENDING_FLOOR)
    ratio = weight * (shock.net_appeal @ (spent / (weight @ shock.net_appeal))) / output
    return Market(weight, output_hat, receipts, jnp.log(ratio), jnp.max(jnp.abs(ratio - 1.0)))


def _output_hat(
    base: TradeBase,
    shock: Shock,
    log_price: Float[Array, " N"],
    log_index_power: Float[Array, " N"],
) -> Float[Array, " N"]:
    """Nominal output that a producer price pays for, given log P^e (inputs cost P)."""
    gamma = base.value_added_share
    inputs = (1.0 - gamma) * (log_index_power / shock.elasticity)
    return shock.endowment * jnp.exp((log_price - inputs) / gamma)


def _growth(base: TradeBase, output_hat: Float[Array, " N"]) -> Float[Array, ""]:
    """Growth of world value added; exactly zero where no output moves."""
    value_added = base.value_added_share * base.output
    return total(value_added * (output_hat - 1.0)) / total(value_added)


def _start_search(
    base: TradeBase, shock: Shock, slope: Float[Array, " N"], log_price: Float[Array, " N"]
) -> Search:
    market = _market(base, shock, log_price)
    step = market.excess / slope
    memory = jnp.zeros((MEMORY, log_price.size))
    return Search(
        log_price,
        market,
        step,
        memory,
        memory,
        log_price,
        step,
        market.residual,
        jnp.ones(()),
        jnp.zeros((), jnp.int32),
    )


def _advance(base: TradeBase, shock: Shock, slope: Float[Array, " N"], s: Search) -> Search:
    """One iteration: Anderson mixing of own-price steps; back to the best point if it got worse."""
    worse = ~(s.market.residual <= 4.0 * s.best)
    damping = jnp.where(worse, 0.5 * s.damping, s.damping)
    mixed = s.step - _secant(s)
    move = jnp.where(worse, damping * s.best_step, mixed)
    log_price = jnp.where(worse, s.best_price, s.log_price)
    new_price = log_price + jnp.clip(move, -LARGEST_STEP, LARGEST_STEP)
    market = _market(base, shock, new_price)
    step = market.excess / slope
    better = market.residual < s.best
    keep = jnp.where(worse, 0.0, 1.0)
    base_step = jnp.where(worse, s.best_step, s.step)
    return Search(
        new_price,
        market,
        step,
        _push(s.price_changes, new_price - log_price, keep),
        _push(s.step_changes, step - base_step, keep),
        jnp.where(better, new_price, s.best_price),
        jnp.where(better, step, s.best_step),
        jnp.where(better, market.residual, s.best),
        jnp.where(better, 1.0, damping),
        s.iterations + 1,
    )


def _push(
    memory: Float[Array, "M N"], latest: Float[Array, " N"], keep: Float[Array, ""]
) -> Float[Array, "M N"]:
    return jnp.concatenate([latest[None], keep * memory[:-1]])


def _secant(s: Search) -> Float[Array, " N"]:
    """Correction of the plain step that the last changes of prices and steps suggest."""
    gram = s.step_changes @ s.step_changes.T
    ridge = 1e-14 * jnp.trace(gram) + 1e-300
    target = s.step_changes @ s.step
    weights = _solve_small(gram + ridge * jnp.eye(MEMORY), target)
    return weights @ (s.price_changes + s.step_changes)


def _solve_small(matrix: Float[Array, "M M"], target: Float[Array, " M"]) -> Float[Array, " M"]:
    """Gauss-Jordan elimination of a small positive definite system, written out."""
    rows = jnp.concatenate([matrix, target[:, None]], axis=1)
    for k in range(matrix.shape[0]):
        pivot = rows[k] / rows[k, k]
        rows = (rows - rows[:, k : k + 1] * pivot).at[k].set(pivot)
    return rows[:, -1]


def _report(base: TradeBase, shock: Shock, s: Search, tol: float) -> TradeEquilibrium:
    """Bring prices to the numeraire and read off what the equilibrium means."""
    m = s.market
    # Sums of differences, not differences of sums: exactly nil where nothing changed.
    gross_sum, net_sum = total(base.share, 0), total(base.net_share, 0)
    gross_hat = 1.0 + total(m.weight[:, None] * shock.appeal - base.share, 0) / gross_sum
    net_hat = 1.0 + total(m.weight[:, None] * shock.net_appeal - base.net_share, 0) / net_sum
    log_index_power = -jnp.log(gross_hat)
    nominal = _output_hat(base, shock, s.log_price, log_index_power)
    scale = 1.0 / (1.0 + _growth(base, nominal))
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
