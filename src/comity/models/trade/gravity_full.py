"""What a trade agreement did, by the Advanced Guide: estimate, then general equilibrium.

Trade X_ij = Y_i E_j t_ij / (Pi_i^(1-s) P_j^(1-s)) is estimated by PPML with exporter-year,
importer-year and pair effects; pairs without trade take their cost from a regression of the pair
effects on distance and ties; the agreement is then taken away. "Conditional" keeps output and
spending; "full endowment" lets producer prices p and so output move, spending staying in its base
proportion phi to output [yotov2016advanced, ch. 2, application 2; anderson2018geppml].
Poisson estimates with dummies reproduce totals, so all is done by scaling to totals.
The Guide's loop for the full effects stops by a rule of its authors (`STILL`), after three to five
steps in what it prints; it does not settle if continued. `guide_steps` repeats it as printed;
`comity.models.trade.gravity_equilibrium.universal` with proportional deficits gives the exact
answer to the same question. Regressions with standard errors are in
`comity.models.trade.gravity`. Do not use any of them inside simulations:
`comity.models.trade.trade_equilibrium` is for that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput
from comity.models.trade.gravity_equilibrium import (
    Margins,
    Pairs,
    States,
    resistances,
    scale_to_totals,
)

# The authors' files stop when, over all pairs, both the standard deviation of what prices move by
# less what they moved by a step earlier and the absolute value of its largest (signed) are at most
# this; a large fall alone does not keep them going.
STILL = 0.01
MOST = 100


@dataclass(frozen=True)
class PairEffects:
    """First stage: effects of agreements and, by pair, what else eases trade."""

    effects: Float[np.ndarray, " V"]
    """Coefficients of the agreement dummies (log points of trade)."""
    ease: Pairs
    """Trade-cost term t of each pair without agreement, domestic = 1; NaN where never traded."""
    converged: bool

    @property
    def agreement(self) -> float:
        """Coefficient of the only dummy.

        Raises
        ------
        BadInput
            When there are several.
        """
        if len(self.effects) != 1:
            raise BadInput(f"{len(self.effects)} effects, not one", fix="read .effects")
        return float(self.effects[0])

    def with_agreements(self, ease: Pairs, agreement: Float[np.ndarray, "N N *V"]) -> Pairs:
        """Trade-cost terms of ``ease`` (say, with missing pairs filled) under agreements."""
        return ease * np.exp(_stacked(agreement) @ self.effects)


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
    agreement: Float[np.ndarray, "T N N *V"],
    tol: float = 1e-13,
    max_sweeps: int = 20_000,
) -> PairEffects:
    """PPML of trade on agreement dummies with exporter-year, importer-year and pair effects.

    Each sweep sets one group of effects so that its fitted totals equal the observed ones, which
    climbs the Poisson likelihood; domestic trade of all states shares one effect, set to one.

    Parameters
    ----------
    trade
        Flows by year, exporter, importer, domestic trade included.
    agreement
        0/1 dummy of the same shape; with a last axis, several of them at once.

    Raises
    ------
    BadInput
        When a flow is negative or not finite, a dummy is not 0/1, or an effect cannot be
        estimated: no trade where the dummy is 1 (it runs to minus infinity), or no trading pair
        in which it changes.
    """
    members = _members(trade, agreement)
    states = trade.shape[1]
    domestic = np.eye(states, dtype=bool)
    observed = _both_ways(trade.sum(0))
    traded = (observed > 0) & ~domestic
    ease = np.where(domestic, 1.0, np.where(traded, 1e-3, 0.0))
    effects, importer, step = np.ones(len(members)), np.ones(trade.shape[:2]), np.inf
    for _ in range(max_sweeps):
        lift = np.ones_like(trade)
        for member, effect in zip(members, effects, strict=True):
            lift *= np.where(member, effect, 1.0)
        cost = ease * lift
        exporter = trade.sum(2) / np.einsum("tij,tj->ti", cost, importer)
        importer = trade.sum(1) / np.einsum("tij,ti->tj", cost, exporter)
        fitted, step = cost * exporter[:, :, None] * importer[:, None, :], 0.0
        for at, member in enumerate(members):
            factor = trade[member].sum() / fitted[member].sum()
            effects[at] *= factor
            fitted *= np.where(member, factor, 1.0)
            step = max(step, abs(factor - 1.0))
        seen = _both_ways(fitted.sum(0))
        ease = ease * np.where(traded, observed / np.where(traded, seen, 1.0), 1.0)
        if step <= tol:
            break
    known = np.where(traded | domestic, ease, np.nan)
    return PairEffects(np.log(effects), known, bool(step <= tol))


def _stacked(agreement: Float[np.ndarray, "..."]) -> Float[np.ndarray, "N N V"]:
    return agreement if agreement.ndim == 3 else agreement[..., None]


def _members(
    trade: Float[np.ndarray, "T N N"], agreement: Float[np.ndarray, "T N N *V"]
) -> Bool[np.ndarray, "V T N N"]:
    """Where each dummy is 1; refuses what has no estimate."""
    if not (np.isfinite(trade).all() and (trade >= 0).all()):
        raise BadInput("a flow is negative or not finite", fix="set flows that are nil to 0")
    stacked = agreement[..., None] if agreement.ndim == 3 else agreement
    if stacked.shape[:3] != trade.shape or not np.isin(stacked, (0.0, 1.0)).all():
        raise BadInput("an agreement dummy is not 0 or 1 for every flow")
    members = np.moveaxis(stacked == 1, -1, 0)
    traded = _both_ways(trade.sum(0)) > 0
    for at, member in enumerate(members):
        if not trade[member].sum() > 0:
            raise BadInput(
                f"agreement {at} is 1 only where trade is nil",
                why="its effect would run to minus infinity",
                fix="leave it out",
            )
        changes = (member != member[0]).any(0) & traded
        if not changes.any():
            raise BadInput(
                f"agreement {at} changes in no pair that trades",
                why="the pair effects contain it",
                fix="give years before and after it",
            )
    return members


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
    base: Margins, without: Pairs, sigma: float, reference: int, steps: int | None = None
) -> FullEffects:
    """Full endowment effects by the Guide's loop, stopped by its authors' rule.

    Parameters
    ----------
    base
        Fitted trade of the world with the agreement.
    without
        Trade-cost terms without the agreement.
    sigma
        Elasticity of substitution s > 1.
    reference
        Position of the state whose price level is the unit.
    steps
        Stop after so many steps instead of by the rule.

    Raises
    ------
    BadInput
        When sigma is not above 1, a cost term is not positive and finite, or the rule is not met
        in 100 steps.
    """
    _check_experiment(base, without, sigma)
    output, spending = base.trade.sum(1), base.trade.sum(0)
    phi, power = spending / output, 1.0 / (1.0 - sigma)
    now, outlay = scale_to_totals(without, output, spending, reference), spending
    outward, inward = resistances(now, output, outlay, reference)
    dearer, eased = (now.exporter / base.exporter) ** power, np.ones_like(without)
    before, taken = np.zeros_like(dearer), 0
    while taken < (MOST if steps is None else steps):
        moved = now.trade * np.outer(dearer, dearer) / eased
        new = scale_to_totals(without, moved.sum(1), moved.sum(0), reference)
        new_outlay = phi * new.trade.sum(1)
        new_outward, new_inward = resistances(new, new.trade.sum(1), new_outlay, reference)
        unit = new_outlay[reference] / outlay[reference]
        still = _still(dearer - before)
        before, dearer = dearer, (new.exporter / now.exporter / unit) ** power
        eased = np.outer(new_outward / outward, new_inward / inward)
        now, outlay, outward, inward = new, new_outlay, new_outward, new_inward
        taken += 1
        if steps is None and still:
            break
    else:
        if steps is None:
            raise BadInput(
                f"the Guide's loop does not come to rest in {MOST} steps",
                why="its own rule is not met: the experiment is too large for it",
                fix="use comity.models.trade.gravity_equilibrium.universal",
            )
    unit = outlay[reference] / spending[reference]
    price = (now.exporter / base.exporter / unit) ** power
    earned = price * output
    final_outward, _ = resistances(now, earned, outlay, reference)
    flow = np.outer(earned / final_outward, phi * earned / inward) * without
    _, base_inward = resistances(base, output, spending, reference)
    settled = bool(np.abs(dearer - 1.0).max() < 1e-10)
    return FullEffects(price, (inward / base_inward) ** power, foreign(flow), taken, settled)


def _still(change: States) -> bool:
    """Whether the authors' rule is met; their statistics run over pairs, a state N times."""
    pairs = np.repeat(change, len(change))
    return bool(pairs.std(ddof=1) <= STILL and abs(pairs.max()) <= STILL)


def _check_experiment(base: Margins, without: Pairs, sigma: float) -> None:
    if not (np.isfinite(sigma) and sigma > 1.0):
        raise BadInput(f"sigma = {sigma} is not above 1", why="goods must be substitutes")
    if not (np.isfinite(without).all() and (without > 0).all()):
        raise BadInput("a trade-cost term is not positive and finite")
    if not (base.converged and np.isfinite(base.trade).all()):
        raise BadInput("the base was not solved", fix="see its `converged` and `residual`")


def foreign(flow: Pairs) -> States:
    """Exports: row sums without domestic sales."""
    return flow.sum(1) - np.diagonal(flow)
