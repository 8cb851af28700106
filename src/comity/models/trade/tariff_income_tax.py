"""Tariffs that pay for lower income taxes, where labour supply and trade deficits respond.

In changes x^ = x'/x, origin j, buyer i:
lambda'_ji ~ lambda_ji (w^_j L^_j^-psi)^-e (1+t_ji)^-(e phi_i);
P^_i = (E^_i/w^_i)^(1-phi_i) [sum_j lambda_ji (w^_j L^_j^-psi)^-e (1+t_ji)^-(e phi_i)]^(-1/e);
E'_i = w^_i L^_i Y_i + R'_i + T_i Y'/Y (world income); L^_i = (w^_i/P^_i/(1-R'_i/Y'_i))^kappa;
w^_i L^_i Y_i = sum_j (1-nu_j) X'_ij + nu_i sum_j X'_ji with X'_ji = lambda'_ji E'_i/(1+t_ji).
nu is the part of what buyers pay that is earned where they live (distribution), phi > 1 the tariff
that sellers and local costs add to; so the deficit X' implies moves although T is given.
[ignatenko2025making; the equations are those of the authors' public replication package.]
Simplified: one sector, no inputs, the whole of the revenue goes to wage earners. Do not trust it
for who pays a tariff in its first year.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float
from scipy import optimize

from comity.core import require
from comity.core.errors import BadInput

TOLERANCE = 1e-10
MAX_ITERATIONS = 50


class Economy(NamedTuple):
    """Calibrated base year without tariffs; row origin, column buyer."""

    sales: Float[np.ndarray, "N N"]
    income: Float[np.ndarray, " N"]
    spending: Float[np.ndarray, " N"]
    local: Float[np.ndarray, " N"]
    """nu: share of spending earned where the buyer lives."""
    elasticity: float
    labour_elasticity: float
    """kappa."""
    scale: float
    """psi: fall of a good's price as more is made of it."""
    burden: Float[np.ndarray, " N"]
    """phi: power of (1 + t) in the buyer's price."""


class Outcome(NamedTuple):
    """Effects of tariffs, per cent of the base year but for the last four."""

    welfare: Float[np.ndarray, " N"]
    deficit: Float[np.ndarray, " N"]
    """Change of imports less exports, of its size."""
    exports: Float[np.ndarray, " N"]
    """Exports over income."""
    imports: Float[np.ndarray, " N"]
    """Imports over income."""
    employment: Float[np.ndarray, " N"]
    prices: Float[np.ndarray, " N"]
    revenue: Float[np.ndarray, " N"]
    """Tariff revenue over base-year spending, fraction."""
    trade: float
    """World trade over world income, per cent."""
    residual: float
    converged: bool


def calibrate(
    exports: Float[np.ndarray, "N N"],
    income: Float[np.ndarray, " N"],
    local: Float[np.ndarray, " N"],
    elasticity: float = 4.0,
    labour_elasticity: float = 0.5,
    love_of_variety: float | None = None,
) -> Economy:
    """Economy of trade flows and GDP; what is not imported is bought at home.

    Parameters
    ----------
    exports
        Flows between states, nothing on the diagonal; unit of ``income``.
    income
        GDP.
    local
        nu of each buyer, see `local_shares`.
    elasticity, labour_elasticity
        Trade elasticity and kappa; the paper's 4 and 0.5.
    love_of_variety
        psi times the trade elasticity.  Where it is left out psi is the paper's 0.67/4 and the
        burden phi its own, whatever the elasticity: as where the paper doubles that alone.

    Raises
    ------
    BadInput
        When a flow is negative or not finite, income is not positive, a local share is not in
        [0, 1), an elasticity is not positive, or labour's is negative.
    """
    require.not_negative("a flow", exports)
    require.positive("income", income)
    require.not_negative("a local share", local)
    require.positive("the share that is not local", 1.0 - local)
    require.positive("the trade elasticity", elasticity)
    require.not_negative("the labour elasticity", labour_elasticity)
    if love_of_variety is None:
        love_of_variety = 0.67 * elasticity / 4.0
    require.positive("love of variety", love_of_variety)
    transfer = (1.0 - local) * (exports.sum(0) - exports @ (1.0 - local))
    home = np.maximum(income + transfer - exports.sum(0), 0.0)
    sales = exports + np.diag(home)
    theta = elasticity / love_of_variety
    return Economy(
        sales=sales,
        income=sales @ (1.0 - local) + local * sales.sum(0),
        spending=sales.sum(0),
        local=local,
        elasticity=elasticity,
        labour_elasticity=labour_elasticity,
        scale=love_of_variety / elasticity,
        burden=(1.0 + theta) / ((1.0 - local) * theta) - 1.0 / theta,
    )


def local_shares(
    exports: Float[np.ndarray, "N N"],
    income: Float[np.ndarray, " N"],
    setter: int,
    content: tuple[float, float] = (0.12, 0.26),
) -> Float[np.ndarray, " N"]:
    """Local shares nu, one for the ``setter`` and one for all others, that fit two averages.

    ``content`` are the shares of local content in what is sold by the others and by the setter,
    averaged over where they sell (0.12 and 0.26 in the paper).
    """
    two = np.zeros((2, len(income)))
    two[0], two[1, setter] = 1.0, 1.0
    two[0, setter] = 0.0
    flows, gdp = two @ exports @ two.T, two @ income
    sent = np.array([flows[0, 1], flows[1, 0]])

    def gap(local: Float[np.ndarray, " 2"]) -> Float[np.ndarray, " 2"]:
        spent = gdp + (1.0 - local) * (flows.sum(0) - flows @ (1.0 - local))
        kept = spent - sent[::-1]
        own = kept / (kept + sent)
        return own * local + (1.0 - own) * local[::-1] - np.array(content)

    found = optimize.root(gap, np.array([0.1, 0.24]), options={"xtol": 1e-12}).x
    return two.T @ np.maximum(found, 0.0)


def optimal_rate(
    economy: Economy,
    members: Bool[np.ndarray, " N"],
    over: Literal["income", "spending"] = "income",
) -> Float[np.ndarray, " N"]:
    """First-order optimal tariff on outsiders, as each buyer would apply it.

    t_i = 1 / ((1 + delta e) phi_i - 1). delta weighs, by what the group earns from each customer,
    the part of the customer's spending that goes to others, over the group's earnings not from
    itself. A state alone has all its customers; several members count as one, and so do the rest.
    The authors take what is earned from others from income where a tariff is answered, and from
    spending where it is not; the two differ by the deficit.

    Parameters
    ----------
    economy
        Calibrated base year.
    members
        Those who set the tariff together.
    over
        Whether own sales are taken from income or from spending.

    Raises
    ------
    BadInput
        When nobody or everybody sets the tariff.
    """
    if not 0 < members.sum() < len(members):
        raise BadInput("nobody or everybody sets the tariff", fix="mark some states")
    whole = getattr(economy, over)
    if members.sum() == 1:
        own, flows, local = int(np.argmax(members)), economy.sales, economy.local
    else:
        two = np.stack([members, ~members]).astype(float)
        own, flows, whole = 0, two @ economy.sales @ two.T, two @ whole
        local = two @ (economy.local * economy.spending) / (two @ economy.spending)
    left = 1.0 - flows[own] / flows.sum(0)
    earned = flows[own] * (1.0 - local) * left
    others = (1.0 - local[own]) * (whole[own] - flows[own, own])
    delta = (earned.sum() - earned[own]) / others
    return 1.0 / ((1.0 + delta * economy.elasticity) * economy.burden - 1.0)


def solve(economy: Economy, tariff: Float[np.ndarray, "N N"]) -> Outcome:
    """Equilibrium under tariffs, by Newton's method on wages, spending and employment.

    Raises
    ------
    BadInput
        When a tariff is not finite or -100 % or below.
    """
    require.shape("the tariff", tariff, economy.sales.shape)
    require.positive("one plus a tariff", 1.0 + tariff)
    n = len(economy.income)
    x = jnp.zeros(3 * n)
    at = (jnp.asarray(economy.elasticity), jnp.asarray(tariff), jax.tree.map(jnp.asarray, economy))
    for _ in range(MAX_ITERATIONS):
        gap = _gap(x, *at)
        residual = float(jnp.max(jnp.abs(gap)))
        if not residual > TOLERANCE:
            break
        step = jnp.linalg.solve(_slope(x, *at), gap)
        x = x - step * jnp.minimum(1.0, 0.5 / jnp.max(jnp.abs(step)))
    return _outcome(economy, tariff, x, residual)


class _State(NamedTuple):
    wage: Any  # JAX arrays inside the solver, NumPy ones after it
    spending: Any
    labour: Any
    price: Any
    sales: Any
    revenue: Any


def _state(
    x: Float[Array, " M"], elasticity: Float[Array, ""], tariff: Float[Array, "N N"], base: Economy
) -> _State:
    wage, spending, labour = jnp.exp(x.reshape(3, -1))
    cost = wage * labour**-base.scale
    pull = base.sales / base.spending * cost[:, None] ** -elasticity
    pull = pull * (1.0 + tariff) ** (-elasticity * base.burden)
    price = (spending / wage) ** (1.0 - base.burden) * pull.sum(0) ** (-1.0 / elasticity)
    paid = pull / pull.sum(0) * base.spending * spending
    sales = paid / (1.0 + tariff)
    return _State(wage, spending, labour, price, sales, (paid - sales).sum(0))


@jax.jit
def _gap(
    x: Float[Array, " M"], elasticity: Float[Array, ""], tariff: Float[Array, "N N"], base: Economy
) -> Float[Array, " M"]:
    now = _state(x, elasticity, tariff, base)
    income = base.income * now.wage * now.labour
    earned = now.sales @ (1.0 - base.local) + base.local * now.sales.sum(0)
    market = earned / income - 1.0
    # One market clears by itself; the place is taken by the numeraire, the mean price of spending.
    mean = ((now.price - 1.0) * base.spending).sum() / base.spending.sum()
    transfer = (base.spending - base.income) * income.sum() / base.income.sum()
    budget = (now.revenue + income + transfer) / (base.spending * now.spending) - 1.0
    kept = now.wage / now.price / (1.0 - now.revenue / income)
    supply = jnp.log(now.labour) - base.labour_elasticity * jnp.log(kept)
    return jnp.concatenate([market.at[-1].set(mean), budget, supply])


_slope = jax.jit(jax.jacfwd(_gap))


def _outcome(
    base: Economy, tariff: Float[np.ndarray, "N N"], x: Float[Array, " M"], residual: float
) -> Outcome:
    now = _State(
        *map(np.asarray, _state(x, jnp.asarray(base.elasticity), jnp.asarray(tariff), base))
    )
    income = base.income * now.wage * now.labour
    kappa = base.labour_elasticity
    untaxed = (1.0 - now.revenue / income) * base.income
    weight = base.spending / (base.spending - kappa / (1.0 + kappa) * untaxed)
    welfare = weight * now.spending / now.price + (1 - weight) * now.wage * now.labour / now.price
    apart = 1.0 - np.eye(len(income))
    before, after = base.sales * apart, now.sales * apart
    gap, new_gap = before.sum(0) - before.sum(1), after.sum(0) - after.sum(1)
    paid = (after * (1.0 + tariff)).sum() / income.sum()
    return Outcome(
        welfare=100 * (welfare - 1),
        deficit=100 * (new_gap - gap) / np.abs(gap),
        exports=100 * (after.sum(1) / income / (before.sum(1) / base.income) - 1),
        imports=100 * (after.sum(0) / income / (before.sum(0) / base.income) - 1),
        employment=100 * (now.labour - 1),
        prices=100 * (now.price - 1),
        revenue=now.revenue / base.spending,
        trade=float(100 * (paid / (before.sum() / base.income.sum()) - 1)),
        residual=residual,
        converged=residual <= TOLERANCE,
    )
