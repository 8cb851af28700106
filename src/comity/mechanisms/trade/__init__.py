"""World trade clears every year: prices move until every state sells what it makes.

One sector with inputs from everywhere; tariffs bring revenue, barriers only cost. The levers
``tariff`` (on goods; services pay none) and ``barrier``, new or lost trade agreements and the
growth of capacity shift the equilibrium of the base year in exact-hat algebra
[dekle2008global; costinot2014trade; caliendo2015estimates with one sector]. A new agreement frees
goods of tariffs and cuts other costs until trade in goods grows by its estimated effect, a part of
which services have; it ages, as does the loss of one, as in [yotov2016advanced, table of
application 3, column 7], and grows with what members add to its depth.
Simplified: one elasticity for all goods and services; deficits keep their share of world income;
no capital, no unemployment, no change of technology through trade; shocks act as in the long run,
exposure in the first year apart. Do not trust it for sectors or trade that is nil at the base year.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol, runtime_checkable

import equinox as eqx
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int

from comity.core.ops import total
from comity.core.parameters import Parameter
from comity.core.types import Flag, PerDyad, PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change, Place
from comity.engine.levers import Levers
from comity.mechanisms.agreements import market_access
from comity.models.trade.agreement import Eased, depth_of_pairs, of_flow, on_goods
from comity.models.trade.coercion import CutOff, cutoff_loss
from comity.models.trade.partner_share import moved, share
from comity.models.trade.trade_equilibrium import (
    TradeBase,
    TradeEquilibrium,
    calibrate,
    flows,
    solve,
)
from comity.world.given import World

TOLERANCE = 1e-10
# Trade cut off is at a hundred times its cost, or at what leaves a thousandth of its appeal,
# cost^-elasticity, where that is more: below an elasticity of 1.5, as nearly all of the first year.
# A loss is then within a thousandth of its limit; a ban is never airtight.
CUT_OFF = 99.0
APPEAL_LEFT = 1e-3


class Position(eqx.Module):
    """What the equilibrium of a year is solved for: tariffs on whole flows, costs, capacity."""

    tariff: PerDyad
    cost: PerDyad
    capacity: PerState
    start: PerState


class Trade(AbstractMechanism):
    """One-sector trade equilibrium of the year, warm-started from the year before."""

    name: ClassVar[str] = "trade"
    book: ClassVar[str] = "trade"
    phase: ClassVar[str] = "trade"
    reads: ClassVar[tuple[str, ...]] = (
        "goods",
        "tariff",
        "capacity",
        "price",
        "converged",
        "trade_left",
    )
    lagged: ClassVar[tuple[str, ...]] = (
        "new_agreement",
        "agreement_age",
        "depth",
        "war_barrier",
    )
    writes: ClassVar[tuple[str, ...]] = (
        "price",
        "consumption",
        "terms_of_trade",
        "openness",
        "partner_share",
        "residual",
        "converged",
    )
    reference: ClassVar[str] = "costinot2014trade"
    levers: ClassVar[tuple[str, ...]] = ("tariff", "barrier")
    keeps: ClassVar[tuple[str, ...]] = ()

    base: TradeBase
    market_access: Int[Array, " M"]
    elasticity: Scalar
    first_year: Scalar
    agreement_effect: Scalar
    deepening: Scalar
    services_part: Scalar
    share_at_once: Scalar
    share_after_4: Scalar
    share_after_8: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Trade:
        """The mechanism for a world, with the values of its book."""
        return trade_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Solve the year's equilibrium and hand on prices, consumption and terms of trade."""
        at = position(self, world, levers)
        found = solve(
            self.base, self.elasticity, at.capacity, at.tariff, at.cost, at.start, tol=TOLERANCE
        )
        return {
            "price": found.price,
            "consumption": found.consumption,
            "terms_of_trade": found.terms_of_trade,
            "openness": found.openness,
            "partner_share": shares_moved(self, at, found),
            "residual": found.residual,
            "converged": world.converged & found.converged,
        }

    def loss(
        self, world: World, levers: Levers, partner: Place, actor: Place
    ) -> tuple[Float[Array, " H"], Flag]:
        """What losing the partner would cost the actor; see `comity.engine.contract.CutsOff`."""
        at = position(self, world, levers)

        def within(elasticity: Scalar) -> CutOff:
            return cutoff_loss(
                self.base,
                elasticity,
                at.capacity,
                at.tariff,
                at.cost,
                partner,
                actor,
                severity(elasticity),
                at.start,
            )

        # One program for both horizons.
        found = lax.map(within, self.elasticity * jnp.stack([jnp.ones(()), self.first_year]))
        return 100.0 * found.power, jnp.all(found.converged)


def severity(elasticity: Scalar) -> Scalar:
    """Cost on top, fraction of the price, at which trade counts as cut off."""
    return jnp.maximum(CUT_OFF, jnp.expm1(-jnp.log(APPEAL_LEFT) / elasticity))


@runtime_checkable
class Terms(Protocol):
    """Numbers by which agreements change trade; `trade` has them, and `adjustment`."""

    market_access: Int[Array, " M"]
    elasticity: Scalar
    agreement_effect: Scalar
    deepening: Scalar
    services_part: Scalar
    share_at_once: Scalar
    share_after_4: Scalar
    share_after_8: Scalar


def eased(terms: Terms, world: World) -> Eased:
    """Tariffs on goods that agreements leave this year, and log growth of flows besides."""
    under = world.new_agreement * maturity(
        world.agreement_age, terms.share_at_once, terms.share_after_4, terms.share_after_8
    )
    pact = on_goods(under, terms.agreement_effect, world.tariff, terms.elasticity)
    deeper = terms.deepening * depth_of_pairs(world.depth[terms.market_access])
    services = terms.services_part * (terms.agreement_effect * under + deeper)
    return Eased(pact.tariff, of_flow(world.goods, pact.growth + deeper, services))


def position(trade: Trade, world: World, levers: Levers) -> Position:
    """Where levers, agreements and growth have put the world this year."""
    pact = eased(trade, world)
    barrier = (1.0 + levers.barrier) * (1.0 + world.war_barrier)
    # Agreements and sanctions say by how much trade changes at given incomes.
    growth = pact.growth + jnp.log(world.trade_left)
    cost = barrier * jnp.exp(-growth / trade.elasticity)
    return Position(on_flow(world, pact.tariff + levers.tariff), cost, world.capacity, world.price)


def shares_moved(trade: Trade, at: Position, found: TradeEquilibrium) -> PerDyad:
    """Log change since the base year of each partner's share in a state's trade."""
    sales = flows(trade.base, found, trade.elasticity, at.tariff, at.cost)
    return moved(share(sales), share(trade.base.sales))


def on_flow(world: World, rate: PerDyad) -> PerDyad:
    """Tariff as a fraction of the whole flow: rate on goods, not below nil, times their share."""
    foreign = 1.0 - jnp.eye(world.tariff.shape[0])
    return foreign * world.goods * jnp.maximum(rate, 0.0)


def maturity(age: PerDyad, at_once: Scalar, after_4: Scalar, after_8: Scalar) -> PerDyad:
    """Share of an agreement's full effect after ``age`` years; straight lines between the lags."""
    first, second, third = (jnp.clip((age - lag) / 4.0, 0.0, 1.0) for lag in (0.0, 4.0, 8.0))
    later = (after_4 - at_once) * first + (after_8 - after_4) * second + (1.0 - after_8) * third
    return at_once + later


def begun(world: World) -> World:
    """The world with the openness of its base year, which rules watch before trade has cleared.

    ``world`` went through `comity.world.given.door`.
    """
    made, bought = total(world.sales, 1), total(world.sales, 0)
    abroad = made + bought - 2.0 * jnp.diagonal(world.sales)
    return world.replace({"openness": abroad / (world.value_added_share * made)})


def trade_from(world: World, numbers: Mapping[str, Parameter]) -> Trade:
    """The mechanism for a filled world, calibrated to its sales and tariffs.

    Parameters
    ----------
    world
        A world that went through `comity.world.given.door`.
    numbers
        The book ``trade/numbers.toml``.
    """
    foreign = 1.0 - jnp.eye(world.count)
    base = calibrate(world.sales, foreign * world.goods * world.tariff, world.value_added_share)
    own = Trade.__dataclass_fields__  # the book also holds the elasticities of `sectors`
    values: dict[str, Float[Array, ""]] = {
        n: jnp.asarray(p.value) for n, p in numbers.items() if n in own
    }
    rows = jnp.asarray(market_access(world.frameworks), int)
    return Trade(base=base, market_access=rows, **values)
