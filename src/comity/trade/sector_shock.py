"""Shock in, effects out: the sector model for people with a question about trade.

    world = sector_world(focus=default_focus())
    found = sector_shock(world, [Change(importer="USA", tariff=0.25)])
    found.percent("consumption", "JPN")

Changes name importers, exporters and sectors; what is left out means all. With ``draws`` the
elasticities are drawn from their published spread and effects come with 5th and 95th percentiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float

import comity.core.runtime  # noqa: F401  (float64, before any JAX work)
from comity.core.errors import BadInput
from comity.data.series.sectors import SERVICES
from comity.models.trade.agreement import on_goods
from comity.models.trade.caliendo_parro import (
    SectorBase,
    SectorEquilibrium,
    first_order,
    flows,
    settle,
    solve,
)
from comity.study.ensemble import draws as drawn_numbers
from comity.world.sector_world import SectorWorld, elasticities

PERCENTILES = (5.0, 95.0)
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Pact:
    """Share of trade under an agreement (below zero: lost), its effect on goods, services' part.

    The tariff's part of the effect is reckoned at the central elasticities, in draws too.
    """

    share: float
    effect: float
    services_part: float


@dataclass(frozen=True)
class Change:
    """One change of trade costs; what is not named means all.

    Parameters
    ----------
    importer, exporter
        Ids of states or regions, one or several. A state never trades with itself here.
    sectors
        Sectors it holds for; ``None`` is every sector for barriers and trade, every goods sector
        for tariffs (no state levies tariffs on services).
    tariff
        Added to the ad valorem tariff, fraction; the sum never falls below zero.
    free
        True: the tariff is abolished.
    barrier
        Iceberg cost added, fraction of the price; from about 100 on hardly anything is traded.
    trade
        Log growth of trade that a lower cost brings at given incomes, e.g. the estimated effect
        of an agreement; each sector's cost falls by this over its elasticity.
    pact
        An agreement that comes into force or is lost: tariffs go, costs fall by the rest of its
        effect (`comity.models.trade.agreement`).
    """

    importer: str | Sequence[str] | None = None
    exporter: str | Sequence[str] | None = None
    sectors: Sequence[str] | None = None
    tariff: float = 0.0
    free: bool = False
    barrier: float = 0.0
    trade: float = 0.0
    pact: Pact | None = None


@dataclass(frozen=True)
class Costs:
    """Tariffs (fraction) and iceberg costs (ratio to base) by sector, exporter, importer.

    ``ease`` is the log growth of trade that is to come through lower costs.
    """

    tariff: Float[np.ndarray, "J N N"]
    barrier: Float[np.ndarray, "J N N"]
    ease: Float[np.ndarray, "J N N"]


EFFECTS = (
    "consumption",
    "real_wage",
    "terms_of_trade",
    "volume_of_trade",
    "price_index",
    "exports",
    "imports",
)


@dataclass(frozen=True)
class SectorOutcome:
    """Effects of a shock, against the world without it.

    ``effects`` holds one array (N,) for each of ``EFFECTS``, fractions: real final spending,
    wage over its price, first-order parts of welfare (terms and volume of trade, as fractions of
    final spending), price of final spending against world income, and goods and services sold
    and bought abroad at producer prices. ``low`` and ``high`` are percentiles over ``draws``,
    ``drawn`` the effects in those that were solved; empty without draws.
    """

    states: tuple[str, ...]
    sectors: tuple[str, ...]
    effects: dict[str, Float[np.ndarray, " N"]]
    before: Float[np.ndarray, "J N N"]
    after: Float[np.ndarray, "J N N"]
    output: Float[np.ndarray, "J N"]
    revenue: Float[np.ndarray, " N"]
    residual: float
    iterations: int
    converged: bool
    low: dict[str, Float[np.ndarray, " N"]] = field(default_factory=dict)
    high: dict[str, Float[np.ndarray, " N"]] = field(default_factory=dict)
    failed_draws: int = 0
    drawn: dict[str, Float[np.ndarray, "D N"]] = field(default_factory=dict)

    def percent(self, effect: str, state: str) -> float:
        """One effect on one state in per cent."""
        return 100.0 * float(self.effects[effect][self.states.index(state)])

    def trade(self, exporter: str, importer: str) -> Float[np.ndarray, " J"]:
        """Change of sales of one state to another by sector, fraction; NaN where nil before."""
        at = (slice(None), self.states.index(exporter), self.states.index(importer))
        before, after = self.before[at], self.after[at]
        return np.divide(after, before, out=np.full_like(before, np.nan), where=before > 0) - 1.0


def sector_shock(
    world: SectorWorld,
    changes: Sequence[Change],
    deficits: Literal["kept", "none"] = "kept",
    draws: int = 0,
    seed: int = 1,
) -> SectorOutcome:
    """Solve the world of sectors after changes of tariffs, barriers and agreements.

    Parameters
    ----------
    world
        The base year (`comity.world.sector_world.sector_world`).
    changes
        What happens, all at once.
    deficits
        ``kept``: trade deficits keep their share of world income; ``none``: they are set to zero
        before the shock, so that effects hold no change of deficits either.
    draws
        Number of draws of elasticities; 0 = central values only.
    seed
        Seed of the draws.

    Raises
    ------
    BadInput
        Where a change names an unknown state or sector.
    """
    return effects_of(world, costs_after(world, changes), deficits, draws, seed)


def effects_of(
    world: SectorWorld,
    costs: Costs,
    deficits: Literal["kept", "none"] = "kept",
    draws: int = 0,
    seed: int = 1,
) -> SectorOutcome:
    """Effects of given tariffs and trade costs; otherwise as `sector_shock`."""
    base, theta = world.base, world.elasticity
    inputs = tuple(jnp.asarray(x) for x in (costs.tariff, costs.barrier, costs.ease))
    zero = deficits == "none"
    effects, found, before, after = _central(base, theta, *inputs, zero=zero)
    outcome = {name: np.asarray(value) for name, value in effects.items()}
    drawn: dict[str, np.ndarray] = {}
    low: dict[str, np.ndarray] = {}
    high: dict[str, np.ndarray] = {}
    failed = 0
    if draws:
        thetas = jnp.asarray(np.column_stack(_drawn(world, seed, draws)))
        many, converged = _many(base, thetas, *inputs, zero=zero)
        good = np.asarray(converged)
        failed = int((~good).sum())
        if good.any():
            drawn = {name: np.asarray(values)[good] for name, values in many.items()}
            for name, values in drawn.items():
                low[name], high[name] = np.percentile(values, PERCENTILES, axis=0)
    return SectorOutcome(
        states=world.states,
        sectors=world.sectors,
        effects=outcome,
        before=np.asarray(before),
        after=np.asarray(after),
        output=np.asarray(found.output),
        revenue=np.asarray(found.revenue),
        residual=float(found.residual),
        iterations=int(found.iterations),
        converged=bool(found.converged),
        low=low,
        high=high,
        failed_draws=failed,
        drawn=drawn,
    )


def costs_after(world: SectorWorld, changes: Sequence[Change]) -> Costs:
    """Tariffs and trade costs after all changes. Raises BadInput for unknown names."""
    tariff = np.array(world.base.tariff)
    barrier, ease = np.ones_like(tariff), np.zeros_like(tariff)
    goods = [one for one in world.sectors if one != SERVICES and not one.startswith("Services")]
    foreign = ~np.eye(len(world.states), dtype=bool)
    for change in changes:
        pair = np.zeros_like(foreign)
        pair[np.ix_(_places(world, change.exporter), _places(world, change.importer))] = True
        pair &= foreign
        named = change.sectors
        taxed = _sectors(world, goods if named is None else named)[:, None, None] & pair
        touched = _sectors(world, world.sectors if named is None else named)[:, None, None] & pair
        tariff = np.where(taxed, np.maximum(tariff + change.tariff, 0.0), tariff)
        if change.free:
            tariff = np.where(taxed, 0.0, tariff)
        barrier = np.where(touched, barrier * (1.0 + change.barrier), barrier)
        ease = np.where(touched, ease + change.trade, ease)
        if change.pact is not None:
            tariff, ease = _under(change.pact, world, taxed, touched, tariff, ease)
    return Costs(tariff, barrier, ease)


def _under(
    pact: Pact,
    world: SectorWorld,
    taxed: Bool[np.ndarray, "J N N"],
    touched: Bool[np.ndarray, "J N N"],
    tariff: Float[np.ndarray, "J N N"],
    ease: Float[np.ndarray, "J N N"],
) -> tuple[Float[np.ndarray, "J N N"], Float[np.ndarray, "J N N"]]:
    """Tariffs and ease once an agreement holds: on goods, and on services that it touches."""
    share = jnp.full(tariff.shape, pact.share)
    elasticity = jnp.asarray(world.elasticity)[:, None, None]
    goods = on_goods(share, jnp.asarray(pact.effect), jnp.asarray(world.base.tariff), elasticity)
    services = pact.services_part * pact.effect * pact.share
    cut = np.asarray(world.base.tariff - goods.tariff)
    growth = np.where(taxed, np.asarray(goods.growth), np.where(touched, services, 0.0))
    return np.where(taxed, np.maximum(tariff - cut, 0.0), tariff), ease + growth


def _places(world: SectorWorld, named: str | Sequence[str] | None) -> list[int]:
    if named is None:
        return list(range(len(world.states)))
    return [world.index(one) for one in ([named] if isinstance(named, str) else named)]


def _sectors(world: SectorWorld, named: Sequence[str]) -> np.ndarray:
    unknown = sorted(set(named) - set(world.sectors))
    if unknown:
        raise BadInput(
            f"there is no sector {unknown[0]!r}", fix=f"sectors are {', '.join(world.sectors)}"
        )
    return np.array([sector in named for sector in world.sectors])


def _drawn(world: SectorWorld, seed: int, draws: int) -> list[np.ndarray]:
    """Elasticities of each sector, (draws,); central values for sectors without a prior."""
    numbers = elasticities()
    drawn = drawn_numbers(numbers.values(), (), seed, draws)
    return [
        drawn[numbers[sector].key].to_numpy() if sector in numbers else np.full(draws, float(value))
        for sector, value in zip(world.sectors, np.asarray(world.elasticity), strict=True)
    ]


def _run(base: SectorBase, theta, tariff, barrier, ease, zero: bool):
    """Equilibrium and effects for one set of elasticities."""
    settled = jnp.asarray(True)
    if zero:
        base, rest = settle(base, theta, deficit=jnp.zeros_like(base.deficit), tol=TOLERANCE)
        settled = rest.converged
    cost = barrier * jnp.exp(-ease / theta[:, None, None])
    endowment = jnp.ones_like(base.value_added)
    found = solve(base, theta, endowment, tariff, cost, tol=TOLERANCE)
    parts = first_order(base, found, theta, tariff, cost)
    before = base.net_share * base.spending[:, None, :]
    after = flows(base, found, theta, tariff, cost)
    foreign = 1.0 - jnp.eye(before.shape[1])

    def abroad(cube: Float[Array, "J N N"], axis: int) -> Float[Array, " N"]:
        return jnp.sum(cube * foreign, axis=(0, axis))

    effects = {
        "consumption": found.consumption - 1.0,
        "real_wage": found.real_wage - 1.0,
        "terms_of_trade": parts.terms_of_trade,
        "volume_of_trade": parts.volume_of_trade,
        "price_index": found.price_index - 1.0,
        "exports": abroad(after, 2) / abroad(before, 2) - 1.0,
        "imports": abroad(after, 1) / abroad(before, 1) - 1.0,
    }
    return effects, found, before, after, settled & found.converged


@partial(jax.jit, static_argnames="zero")
def _central(
    base: SectorBase, theta, tariff, barrier, ease, zero: bool
) -> tuple[dict, SectorEquilibrium, Float[Array, "J N N"], Float[Array, "J N N"]]:
    effects, found, before, after, converged = _run(base, theta, tariff, barrier, ease, zero)
    # A failed solve gives no numbers at all.
    effects = {name: jnp.where(converged, value, jnp.nan) for name, value in effects.items()}
    return effects, found, before, after


@partial(jax.jit, static_argnames="zero")
def _many(base: SectorBase, thetas, tariff, barrier, ease, zero: bool):
    def one(theta: Float[Array, " J"]):
        effects, *_, converged = _run(base, theta, tariff, barrier, ease, zero)
        return effects, converged

    return lax.map(one, thetas)
