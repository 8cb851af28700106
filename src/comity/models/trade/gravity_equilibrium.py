"""What gravity estimates mean for the world: multilateral resistances, conditional and full.

    X_ij = Y_i E_j t_ij / (Pi_i P_j),   Pi_i = sum_j t_ij E_j / P_j,   P_j = sum_i t_ij Y_i / Pi_i

with t = exp(x'b) from `comity.models.trade.gravity`, and resistances to the power 1-s = -e
[anderson2003gravity]. Three answers to "what if t becomes t'?", each assuming less to be fixed:
`scale_to_totals` and `conditional` keep output Y and spending E and move resistances only; prices
read off them (p = 1/Pi^(1/(1-s))) are those of the package gegravity, "full" by its name
[herman2021gegravity]. `universal` also lets producer prices, output and spending move until
markets clear: universal gravity, p_i^ (p_i^/P_i^)^psi Y_i = sum_j X_ij^ X_ij with supply elasticity
psi [allen2020universal; campos2025gegravity]. psi = 0 is the fixed endowment of the Advanced Guide
[yotov2016advanced]; psi = (1-g)/g is what inputs with value-added share g do.
Do not trust the conditional answer where a state's price level matters, or any of them for
sectors, tariff revenue (`comity.models.trade.trade_equilibrium` has it) or pairs that never traded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from comity.core import require
from comity.core.errors import BadInput
from comity.models.trade import trade_checks

Pairs = Float[np.ndarray, "N N"]
States = Float[np.ndarray, " N"]
Vector = Float[np.ndarray, " K"]
Deficits = Literal["proportional", "additive"]

MEMORY = 5  # differences kept for Anderson mixing
WORSE = 2.0  # growth of the suggested step by which a secant step is rejected


@dataclass(frozen=True)
class Margins:
    """Trade scaled to given totals: fitted flows and the exporter and importer effects."""

    exporter: States
    importer: States
    trade: Pairs
    residual: float
    """Largest gap to a total, as a share of it."""
    steps: int
    converged: bool


@dataclass(frozen=True)
class Conditional:
    """New trade costs at given output and spending; ratios new over old."""

    outward: States
    """Outward resistance (a price, power 1); the reference's inward one is 1."""
    inward: States
    base: Pairs
    trade: Pairs
    residual: float
    converged: bool

    @property
    def price(self) -> States:
        """Producer price that outward resistance alone would bring: its inverse."""
        return 1.0 / self.outward

    @property
    def real_output(self) -> States:
        """That price over the buyers' price."""
        return self.price / self.inward


@dataclass(frozen=True)
class Universal:
    """All markets cleared under new trade costs; ratios new over old."""

    price: States
    """Producer price."""
    inward: States
    """Price index of buyers."""
    output: States
    """Nominal output."""
    trade: Pairs
    """Flows, in the unit of the base."""
    residual: float
    """Largest gap between sales and output, as a share of output."""
    steps: int
    converged: bool

    @property
    def real_price(self) -> States:
        """Producer price over the price index: what supply answers to."""
        return self.price / self.inward

    @property
    def real_output(self) -> States:
        """Output over the price index: welfare where spending is proportional to output."""
        return self.output / self.inward


def scale_to_totals(
    cost: Pairs,
    output: States,
    spending: States,
    reference: int,
    tol: float = 1e-12,
    max_steps: int = 10_000,
) -> Margins:
    """Fit exporter_i t_ij importer_j to row and column totals; the reference importer's is one.

    Parameters
    ----------
    cost
        Trade-cost terms t_ij = d_ij^(1-s).
    output, spending
        Row and column totals; their sums must agree.
    reference
        Position of the state whose inward resistance is the numeraire.
    tol
        Largest gap to a total that counts as met, as a share of it.

    Raises
    ------
    BadInput
        When a cost term is negative or not finite, a total not positive, or their sums differ.
    """
    _check_totals(cost, output, spending, reference)

    def improve(log_importer: Vector) -> Vector:
        exporter = output / (cost @ np.exp(log_importer))
        return np.log(spending / (cost.T @ exporter)) - log_importer

    log_importer, residual, steps = _anderson(improve, np.zeros(len(cost)), tol, max_steps)
    importer = np.exp(log_importer - log_importer[reference])
    exporter = output / (cost @ importer)
    trade = cost * exporter[:, None] * importer
    return Margins(exporter, importer, trade, residual, steps, residual <= tol)


def resistances(
    margins: Margins, output: States, spending: States, reference: int
) -> tuple[States, States]:
    """Outward and inward resistance, to the power 1-s; the reference's inward one is 1."""
    numeraire = spending[reference]
    return output * numeraire / margins.exporter, spending / (margins.importer * numeraire)


def conditional(
    before: Pairs,
    after: Pairs,
    output: States,
    spending: States,
    sigma: float,
    reference: int,
) -> Conditional:
    """Change trade costs with output and spending given.

    Parameters
    ----------
    before, after
        Trade-cost terms t_ij = exp(x'b), old and new.
    output, spending
        By state; the modelled base is scaled to them. Spending is brought to the sum of output.
    sigma
        Elasticity of substitution s > 1 between origins.
    reference
        Position of the state whose inward resistance is the numeraire.

    Raises
    ------
    BadInput
        When sigma is not above 1, or as in `scale_to_totals`.
    """
    require.above("sigma", sigma, 1.0)
    require.positive("output", output)
    require.positive("spending", spending)
    scaled = spending * (output.sum() / spending.sum())
    old, new = (scale_to_totals(t, output, scaled, reference) for t in (before, after))
    power = 1.0 / (1.0 - sigma)
    (out_old, in_old), (out_new, in_new) = (
        resistances(m, output, scaled, reference) for m in (old, new)
    )
    return Conditional(
        outward=(out_new / out_old) ** power,
        inward=(in_new / in_old) ** power,
        base=old.trade,
        trade=new.trade,
        residual=max(old.residual, new.residual),
        converged=old.converged and new.converged,
    )


def universal(
    base: Pairs,
    change: Pairs,
    elasticity: float,
    reference: int,
    supply: float = 0.0,
    deficits: Deficits = "additive",
    tol: float = 1e-12,
    max_steps: int = 2_000,
) -> Universal:
    """Change trade costs and let prices, output and spending move until all markets clear.

    Parameters
    ----------
    base
        Flows, domestic sales included; every row and column needs a positive sum.
    change
        Ratio of trade-cost terms t, new over old (a cost ratio to the power ``-elasticity``).
    elasticity
        Trade elasticity e = s - 1 > 0.
    reference
        Position of the state whose price index is the unit.
    supply
        Elasticity psi >= 0 of output in the producer price over the price index.
    deficits
        ``additive``: each deficit keeps its share of world output. ``proportional``: spending
        keeps its proportion to output; world spending and output then drift apart, and a factor
        common to all markets closes the gap (2e-5 in the Advanced Guide's application).
    tol
        Largest gap between sales and output that counts as cleared, as a share of output.

    Raises
    ------
    BadInput
        When a flow is negative or not finite, a state sells or buys nothing, a change is not
        positive where there is trade, or an elasticity is out of its range.
    """
    _check_world(base, change, elasticity, supply, reference, deficits)
    made, spent = base.sum(1), base.sum(0)
    pull = base / spent * change

    def markets(log_price: Vector) -> tuple[States, States, Pairs, States]:
        bought = pull * np.exp(-elasticity * log_price)[:, None]
        log_inward = -np.log(bought.sum(0)) / elasticity
        output = made * np.exp(log_price + supply * (log_price - log_inward))
        if deficits == "additive":
            spending = output + (spent - made) * (output.sum() / made.sum())
        else:
            spending = spent / made * output
            spending = spending * (output.sum() / spending.sum())
        flow = bought / bought.sum(0) * spending
        return output, np.exp(log_inward), flow, flow.sum(1) / output

    def improve(log_price: Vector) -> Vector:
        with np.errstate(invalid="ignore"):
            gap = np.log(markets(log_price)[3])
        # All prices alike change nothing; each state's own response is at most this steep.
        step = gap / (1.0 + elasticity + supply)
        return step - step @ made / made.sum()

    enough = 0.5 * tol / (1.0 + elasticity + supply)
    log_price, _, steps = _anderson(improve, np.zeros(len(base)), enough, max_steps)
    output, inward, flow, ratio = markets(log_price)
    residual = float(np.abs(ratio - 1.0).max())
    unit = inward[reference]
    return Universal(
        price=np.exp(log_price) / unit,
        inward=inward / unit,
        output=output / made / unit,
        trade=flow / unit,
        residual=residual,
        steps=steps,
        converged=residual <= tol,
    )


def _check_world(
    base: Pairs,
    change: Pairs,
    elasticity: float,
    supply: float,
    reference: int,
    deficits: str,
) -> None:
    trade_checks.flows("flows", base)
    require.shape("the change of costs", change, base.shape)
    # An unknown cost is no fault of the caller's: the result is flagged.
    require.not_negative("the change of costs", np.where(np.isnan(change), 1.0, change))
    require.positive("the elasticity", elasticity)
    require.not_negative("the supply elasticity", supply)
    _check_position(reference, len(base))
    if deficits not in ("additive", "proportional"):
        raise BadInput(f"deficits {deficits!r}", fix="additive or proportional")


def _check_totals(cost: Pairs, output: States, spending: States, reference: int) -> None:
    trade_checks.flows("trade-cost terms", cost)
    for what, total in (("output", output), ("spending", spending)):
        require.shape(what, total, cost.shape[:1])
        require.positive(what, total)
    if not np.isclose(output.sum(), spending.sum(), rtol=1e-6):
        raise BadInput(
            f"output adds up to {output.sum():g}, spending to {spending.sum():g}",
            why="no trade has both as its totals",
            fix="scale one to the other",
        )
    _check_position(reference, len(cost))


def _check_position(reference: int, states: int) -> None:
    if not 0 <= reference < states:
        raise BadInput(f"no state {reference} among {states}", fix="positions count from 0")


def _anderson(
    improve: Callable[[Vector], Vector], start: Vector, tol: float, max_steps: int
) -> tuple[Vector, float, int]:
    """Find where ``improve`` suggests no step: secant steps from the last few [walker2011anderson].

    Returns the last point, the largest step still suggested there and the evaluations. Where a
    secant step leads to a clearly worse point, the plain step is taken instead and memory dropped.
    """
    point, step = start, improve(start)
    points, steps_seen, taken = [], [], 0
    while np.abs(step).max() > tol and taken < max_steps:
        new, new_step = point, np.full_like(step, np.inf)
        if points:
            change = np.array(steps_seen).T
            weights = np.linalg.lstsq(change, step, rcond=1e-12)[0]
            new = point + step - (np.array(points).T + change) @ weights
            new_step, taken = improve(new), taken + 1
        if not np.abs(new_step).max() <= WORSE * np.abs(step).max():
            points, steps_seen = [], []
            new = point + step
            new_step, taken = improve(new), taken + 1
        points = [*points, new - point][-MEMORY:]
        steps_seen = [*steps_seen, new_step - step][-MEMORY:]
        point, step = new, new_step
    return point, float(np.abs(step).max()), taken
