"""World trade clears in nine sectors that use each other's output, beside the one-sector year.

The same tariffs, barriers, sanctions, agreements and growth as in `trade` go through the model of
many sectors [caliendo2015estimates], with elasticities by sector drawn from six published tables.
The lever ``tariff`` falls on goods, sector by sector; what an agreement or a sanction does to trade
at given incomes it does in every sector. Only real consumption is taken from it; prices and all
that other mechanisms read stay those of one sector (see docs/explanation/one-sector-or-many.md).
Simplified: composition of sales of 2022, use tables of 2014; capacity grows alike in all sectors.
Do not trust it for single critical goods, for the first months after a shock, or for past years.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from comity.core.parameters import Parameter
from comity.core.types import PerDyad, PRNGKey, Scalar
from comity.data.series.sectors import IDS, SERVICES
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.mechanisms.agreements import market_access
from comity.mechanisms.trade import maturity
from comity.models.trade.agreement import Eased, depth_of_pairs, on_goods
from comity.models.trade.caliendo_parro import SectorBase, solve
from comity.world.given import World
from comity.world.sector_world import sectors_of

# Seven digits of consumption; measures are read to three.
TOLERANCE = 1e-7


class Sectors(AbstractMechanism):
    """Equilibrium of the year in nine sectors; draws shared with `trade`."""

    name: ClassVar[str] = "sectors"
    book: ClassVar[str] = "trade"
    phase: ClassVar[str] = "coercion"
    reads: ClassVar[tuple[str, ...]] = ("capacity", "consumption", "converged", "trade_left")
    lagged: ClassVar[tuple[str, ...]] = (
        "new_agreement",
        "agreement_age",
        "depth",
        "war_barrier",
    )
    writes: ClassVar[tuple[str, ...]] = ("sector_consumption", "sector_gain", "converged")
    reference: ClassVar[str] = "caliendo2015estimates"
    levers: ClassVar[tuple[str, ...]] = ("tariff", "barrier")
    keeps: ClassVar[tuple[str, ...]] = ("sector_gain",)

    base: SectorBase
    market_access: Int[Array, " M"]
    agreement_effect: Scalar
    deepening: Scalar
    services_part: Scalar
    share_at_once: Scalar
    share_after_4: Scalar
    share_after_8: Scalar
    elasticity_food: Scalar
    elasticity_energy: Scalar
    elasticity_chemicals: Scalar
    elasticity_metals: Scalar
    elasticity_electronics: Scalar
    elasticity_machinery: Scalar
    elasticity_vehicles: Scalar
    elasticity_other_goods: Scalar
    elasticity_services: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Sectors:
        """The mechanism for a world, with the values of its book."""
        return sectors_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Solve the year's equilibrium in sectors and hand on real consumption."""
        pact = pacts(self, world)
        found = solve(
            self.base,
            self.elasticities(),
            world.capacity,
            tariffs(pact.tariff, levers.tariff),
            costs(self, world, pact.growth, levers.barrier),
            tol=TOLERANCE,
        )
        consumption = jnp.where(found.converged, found.consumption, jnp.nan)
        return {
            "sector_consumption": consumption,
            # Before defence takes its part of either.
            "sector_gain": consumption - world.consumption,
            "converged": world.converged & found.converged,
        }

    def elasticities(self) -> Float[Array, " J"]:
        """Trade elasticities in the order of `comity.data.series.sectors.IDS`."""
        return jnp.stack([getattr(self, f"elasticity_{sector}") for sector in IDS])


def of_goods() -> Float[Array, "J 1 1"]:
    """1 for sectors of goods, 0 for services."""
    return jnp.array([float(sector != SERVICES) for sector in IDS])[:, None, None]


def tariffs(rate: Float[Array, "J N N"], lever: PerDyad) -> Float[Array, "J N N"]:
    """Tariffs of the year: the lever is added on goods, and none falls below zero."""
    foreign = 1.0 - jnp.eye(lever.shape[0])
    return foreign * jnp.maximum(rate + of_goods() * lever, 0.0)


def pacts(sectors: Sectors, world: World) -> Eased:
    """Tariffs that agreements leave, and log growth that they bring besides, by sector."""
    share = world.new_agreement * maturity(
        world.agreement_age, sectors.share_at_once, sectors.share_after_4, sectors.share_after_8
    )
    shares = jnp.broadcast_to(share, sectors.base.tariff.shape)
    elasticity = sectors.elasticities()[:, None, None]
    goods = on_goods(shares, sectors.agreement_effect, sectors.base.tariff, elasticity)
    deeper = sectors.deepening * depth_of_pairs(world.depth[sectors.market_access])
    services = sectors.services_part * (sectors.agreement_effect * share + deeper)
    return Eased(
        jnp.where(of_goods() > 0, goods.tariff, sectors.base.tariff),
        jnp.where(of_goods() > 0, goods.growth + deeper, services),
    )


def costs(
    sectors: Sectors, world: World, growth: Float[Array, "J N N"], barrier: PerDyad
) -> Float[Array, "J N N"]:
    """Trade costs of the year: barriers, war, and what agreements and sanctions do to trade."""
    eased = jnp.exp(-(growth + jnp.log(world.trade_left)) / sectors.elasticities()[:, None, None])
    return (1.0 + barrier) * (1.0 + world.war_barrier) * eased


def sectors_from(world: World, numbers: Mapping[str, Parameter]) -> Sectors:
    """The mechanism for a filled world, calibrated to its sales.

    Parameters
    ----------
    world
        A world that went through `comity.world.given.door`.
    numbers
        The book ``trade/numbers.toml``.
    """
    own = [name for name in numbers if name in Sectors.__dataclass_fields__]
    return Sectors(
        base=sectors_of(world).base,
        market_access=jnp.asarray(market_access(world.frameworks), int),
        **{name: jnp.asarray(numbers[name].value) for name in own},
    )
