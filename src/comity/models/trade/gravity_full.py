"""What a trade agreement did, by the Advanced Guide: estimate, then general equilibrium.

Trade X_ij = Y_i E_j t_ij / (Pi_i^(1-s) P_j^(1-s)) is estimated by PPML with exporter-year,
importer-year and pair effects; pairs without trade take their cost from a regression of the pair
effects on distance and ties; the agreement is then taken away. "Conditional" keeps output and
spending; "full endowment" lets producer prices p and so output move, spending staying in its base
proportion phi to output [yotov2016advanced, ch. 2, application 2; anderson2018geppml].
Poisson estimates with dummies reproduce totals, so all is done by scaling to totals.
The Guide's loop for the full effects stops when price changes move by less than one per cent,
which in its own application is after three steps; it does not settle if continued. `guide_steps`
repeats it as printed; `comity.models.trade.gravity_equilibrium.universal` with proportional
deficits gives the exact answer to the same question. Regressions with standard errors are in
`comity.models.trade.gravity`. Do not use any of them inside simulations:
`comity.models.trade.trade_equilibrium` is for that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from comity.models.trade.gravity_equilibrium import (
    Margins,
    Pairs,
    States,
    resistances,
    scale_to_totals,
)


@dataclass(frozen=True)
class PairEffects:
    """First stage: effect of agreements and, by pair, what else eases trade."""

    agreement: float
    """Coefficient of the agreement dummy (log points of trade)."""
    ease: Pairs
    """Trade-cost term t of each pair without agreement, domestic = 1; NaN where never traded."""
    converged: bool


@dataclass(frozen=True)
class FullEffects:
    """World without the agreement over world with it; the reference's buyers' prices are 1."""

    price: States
    inward: States
    """Price index of buyers P_j."""
    exports: States
    """Exports without the agreement, in the unit of trade."""
    steps: int
    converged: bool


def pair_effects(
    trade: Float[np.ndarray, "T N N"],
    agreement: Float[np.ndarray, "T N N"],
    tol: float = 1e-13,
    max_sweeps: int = 20_000,
) -> PairEffects:
    """PPML of trade on an agreement dummy with exporter-year, importer-year and pair effects.

    Each sweep sets one group of effects so that its fitted totals equal the observed ones, which
    climbs the Poisson likelihood; domestic trade of all states shares one effect, set to one.

    Parameters
    ----------
    trade
        Flows by year, exporter, importer, domestic trade included.
    agreement
        0/1 dummy of the same shape.
    """
    states = trade.shape[1]
    domestic = np.eye(states, dtype=bool)
    observed = _both_ways(trade.sum(0))
    traded = (observed > 0) & ~domestic
    member = agreement == 1
    ease = np.where(domestic, 1.0, np.where(traded, 1e-3, 0.0))
    effect, importer, step = 1.0, np.ones(trade.shape[:2]), np.inf
    for _ in range(max_sweeps):
        cost = ease * np.where(member, effect, 1.0)
        exporter = trade.sum(2) / np.einsum("tij,tj->ti", cost, importer)
        importer = trade.sum(1) / np.einsum("tij,ti->tj", cost, exporter)
        fitted = cost * exporter[:, :, None] * importer[:, None, :]
        factor = trade[member].sum() / fitted[member].sum()
        effect *= factor
        seen = _both_ways((fitted * np.where(member, factor, 1.0)).sum(0))
        ease = ease * np.where(traded, observed / np.where(traded, seen, 1.0), 1.0)
        step = abs(factor - 1.0)
        if step <= tol:
            break
    known = np.where(traded | domestic, ease, np.nan)
    return PairEffects(float(np.log(effect)), known, bool(step <= tol))


def _both_ways(flow: Pairs) -> Pairs:
    return flow + flow.T


def fill_missing_pairs(
    ease: Pairs, ties: Float[np.ndarray, "N N V"]
) -> tuple[Pairs, Float[np.ndarray, " V"]]:
    """Second stage: PPML of pair effects on ties with exporter and importer effects.

    Returns the matrix with NaN cells (pairs that never traded) predicted, and the coefficients of
    the ``ties`` (distance, border, language, ...).
    """
    abroad = ~np.eye(len(ease), dtype=bool)
    known, missing = abroad & ~np.isnan(ease), abroad & np.isnan(ease)
    columns, values = _dummies(known, ties), ease[known]
    fitted = (values + values.mean()) / 2.0
    index, beta = np.log(fitted), np.zeros(columns.shape[1])
    for _ in range(100):
        target = index + (values - fitted) / fitted
        weighted = columns * fitted[:, None]
        last, beta = beta, np.linalg.solve(weighted.T @ columns, weighted.T @ target)
        index = columns @ beta
        fitted = np.exp(index)
        if np.abs(beta - last).max() < 1e-12:
            break
    filled = ease.copy()
    filled[missing] = np.exp(_dummies(missing, ties) @ beta)
    return filled, beta[: ties.shape[2]]


def _dummies(
    cells: Bool[np.ndarray, "N N"], ties: Float[np.ndarray, "N N V"]
) -> Float[np.ndarray, "cells columns"]:
    origin, destination = np.nonzero(cells)
    one = np.eye(len(cells))
    return np.hstack([ties[cells], one[origin], one[destination][:, :-1]])


def guide_steps(
    base: Margins, without: Pairs, sigma: float, reference: int, steps: int = 3
) -> FullEffects:
    """Full endowment effects by the Guide's loop, stopped after ``steps`` (3 in its application).

    Parameters
    ----------
    base
        Fitted trade of the world with the agreement.
    without
        Trade-cost terms without the agreement.
    sigma
        Elasticity of substitution s.
    """
    output, spending = base.trade.sum(1), base.trade.sum(0)
    phi, power = spending / output, 1.0 / (1.0 - sigma)
    now, outlay = scale_to_totals(without, output, spending, reference), spending
    outward, inward = resistances(now, output, outlay, reference)
    dearer, eased = (now.exporter / base.exporter) ** power, np.ones_like(without)
    for _ in range(steps):
        moved = now.trade * np.outer(dearer, dearer) / eased
        new = scale_to_totals(without, moved.sum(1), moved.sum(0), reference)
        new_outlay = phi * new.trade.sum(1)
        new_outward, new_inward = resistances(new, new.trade.sum(1), new_outlay, reference)
        unit = new_outlay[reference] / outlay[reference]
        dearer = (new.exporter / now.exporter / unit) ** power
        eased = np.outer(new_outward / outward, new_inward / inward)
        now, outlay, outward, inward = new, new_outlay, new_outward, new_inward
    unit = outlay[reference] / spending[reference]
    price = (now.exporter / base.exporter / unit) ** power
    earned = price * output
    final_outward, _ = resistances(now, earned, outlay, reference)
    flow = np.outer(earned / final_outward, phi * earned / inward) * without
    _, base_inward = resistances(base, output, spending, reference)
    settled = bool(np.abs(dearer - 1.0).max() < 1e-10)
    return FullEffects(price, (inward / base_inward) ** power, foreign(flow), steps, settled)


def foreign(flow: Pairs) -> States:
    """Exports: row sums without domestic sales."""
    return flow.sum(1) - np.diagonal(flow)
