"""After a shock trade takes years to find other partners, and until then it costs more.

What `trade` solves for the long run is solved here for the year as it stands: costs to which trade
has adjusted act with the long-run elasticity, those that are new with that of the first year
[boehm2023long; `models.trade.adjustment`]. Sanctions and war say by how much trade falls, so theirs
is the trade that is left, and its cost is greater at first. Agreements have years of their own.
Only where costs have changed is anything solved; elsewhere the year is that of `trade` to the bit.
Simplified: one pace; growth is always settled. Do not trust it for goods that nobody can replace,
or together with `sectors`, which stays one of the long run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Int

from comity.core.parameters import Parameter
from comity.core.types import Flag, PerDyad, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.mechanisms.trade import TOLERANCE, eased, on_flow, trade_from
from comity.models.trade.adjustment import SETTLED, Costs, adjusted, fresh_cost, settle
from comity.models.trade.partner_share import moved, share
from comity.models.trade.trade_equilibrium import TradeBase
from comity.world.given import World

# What the equilibrium of the year as it stands puts in the place of that of the long run.
OUTCOMES = ("price", "consumption", "terms_of_trade", "openness", "partner_share")


class Adjustment(AbstractMechanism):
    """Equilibrium of the year before all costs have settled; draws shared with `trade`."""

    name: ClassVar[str] = "adjustment"
    book: ClassVar[str] = "trade"
    phase: ClassVar[str] = "coercion"
    reads: ClassVar[tuple[str, ...]] = (
        *OUTCOMES,
        "goods",
        "tariff",
        "capacity",
        "residual",
        "trade_left",
        "settled_tariff",
        "settled_cost",
    )
    lagged: ClassVar[tuple[str, ...]] = ("new_agreement", "agreement_age", "depth", "war_barrier")
    writes: ClassVar[tuple[str, ...]] = (
        *OUTCOMES,
        "residual",
        "settled_tariff",
        "settled_cost",
    )
    reference: ClassVar[str] = "boehm2023long"
    levers: ClassVar[tuple[str, ...]] = ("tariff", "barrier")
    keeps: ClassVar[tuple[str, ...]] = ()

    base: TradeBase
    market_access: Int[Array, " M"]
    elasticity: Scalar
    first_year: Scalar
    pace: Scalar
    agreement_effect: Scalar
    deepening: Scalar
    services_part: Scalar
    share_at_once: Scalar
    share_after_4: Scalar
    share_after_8: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Adjustment:
        """The mechanism for a world, with the values of its book."""
        return adjustment_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """The year as it stands where a cost is new, and what will have settled by the next."""
        now = costs_of(self, world, levers)
        change = lax.cond(
            is_new(self, world, now),
            lambda: as_it_stands(self, world, now),
            lambda: {name: getattr(world, name) for name in (*OUTCOMES, "residual")},
        )
        return {
            **change,
            "settled_tariff": settle(world.settled_tariff, now.level, self.pace),
            "settled_cost": settle(world.settled_cost, now.log_cost, self.pace),
        }


class Now(NamedTuple):
    """Costs of the year, settled and fresh; agreements are settled, they have their own years."""

    tariff: PerDyad
    level: PerDyad
    log_cost: PerDyad
    fresh: PerDyad
    settled: Costs


def costs_of(by: Adjustment, world: World, levers: Levers) -> Now:
    """Tariffs and costs of the year, and what trade has adjusted to of them."""
    terms = eased(by, world)
    pact, tariff = (on_flow(world, terms.tariff + more) for more in (0.0, levers.tariff))
    # Rates first: an untouched tariff then leaves exactly nothing to settle.
    rise = jnp.maximum(terms.tariff + levers.tariff, 0.0) - jnp.maximum(terms.tariff, 0.0)
    level = (1.0 - jnp.eye(world.count)) * world.goods * rise
    cost = jnp.log1p(levers.barrier)
    # Known as a fall of trade: see `fresh_cost`.
    quantity = jnp.log1p(world.war_barrier) - jnp.log(world.trade_left) / by.elasticity
    settled = Costs(
        jnp.maximum(pact + world.settled_tariff, 0.0),
        world.settled_cost - terms.growth / by.elasticity,
    )
    fresh = fresh_cost(world.settled_cost, cost, quantity, by.first_year)
    return Now(tariff, level, cost + quantity, fresh, settled)


def is_new(by: Adjustment, world: World, now: Now) -> Flag:
    """Whether trade has not adjusted to some cost, and would do so with years."""
    gap = jnp.maximum(jnp.abs(now.fresh), jnp.abs(now.level - world.settled_tariff))
    return (by.first_year < 1.0) & jnp.any(gap > SETTLED)


def as_it_stands(by: Adjustment, world: World, now: Now) -> Change:
    """The equilibrium of the year; no number where none was found, so that the row is left out."""
    found = adjusted(
        by.base,
        by.elasticity,
        by.first_year,
        world.capacity,
        now.settled,
        now.tariff,
        now.fresh,
        world.price,
        TOLERANCE,
    )
    return {
        "price": found.price,
        "consumption": jnp.where(found.converged, found.consumption, jnp.nan),
        "terms_of_trade": found.terms_of_trade,
        "openness": found.openness,
        "partner_share": moved(share(found.sales), share(by.base.sales)),
        "residual": jnp.maximum(world.residual, found.residual),
    }


def adjustment_from(world: World, numbers: Mapping[str, Parameter]) -> Adjustment:
    """The mechanism for a filled world; base year and numbers are those of `trade`."""
    trade = trade_from(world, numbers)
    own = (field.name for field in dataclasses.fields(Adjustment) if field.name != "pace")
    shared = {name: getattr(trade, name) for name in own}
    return Adjustment(pace=jnp.asarray(numbers["pace"].value), **shared)
