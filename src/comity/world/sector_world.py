"""The base year in sectors: who sells what to whom, with which inputs, under which tariffs.

Levels of sales, value added and deficits are those of the world of one sector; the composition of
sales, tariffs by sector and the shape of technology come from ``sectors.csv``,
``sector_tariffs.csv`` and ``sector_inputs.csv``. Each state's use table is then balanced (RAS) so
that every sector's costs add up to its output and every use to what is bought; so the world is an
equilibrium from the start. States that a table does not hold take its row ``ROW``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float

from comity.core.errors import ComityError
from comity.core.parameters import Parameter, book
from comity.data.series.sectors import GOODS, IDS
from comity.models.trade.caliendo_parro import SectorBase, calibrate
from comity.world.given import World, door
from comity.world.regions import groups
from comity.world.snapshot import load_world, table

REST = "ROW"
PASSES, TOLERANCE = 5_000, 1e-12
LEAST = 1e-12  # a cell of a use table, as a share of its seed's column


@dataclass(frozen=True)
class Seeds:
    """What a world in sectors is made of before its use tables are balanced.

    Sales in million USD, tariffs as fractions, ``use`` costs of each using sector over its output
    (state, input, using), ``final`` shares of final spending (sector, state), ``value_added`` in
    million USD a state, ``worth`` the value-added share by sector and state before balancing.
    """

    states: tuple[str, ...]
    sectors: tuple[str, ...]
    sales: Float[np.ndarray, "J N N"]
    tariff: Float[np.ndarray, "J N N"]
    use: Float[np.ndarray, "N J J"]
    worth: Float[np.ndarray, "J N"]
    final: Float[np.ndarray, "J N"]
    value_added: Float[np.ndarray, " N"]


@dataclass(frozen=True)
class SectorWorld:
    """The base year as the sector model takes it, with the names of its axes."""

    states: tuple[str, ...]
    sectors: tuple[str, ...]
    base: SectorBase
    elasticity: Float[Array, " J"]

    def index(self, state: str) -> int:
        """Position of a state. Raises ComityError where the world does not hold it."""
        if state not in self.states:
            raise ComityError(f"this world holds no {state!r}", f"it has {', '.join(self.states)}")
        return self.states.index(state)


def elasticities() -> dict[str, Parameter]:
    """Trade elasticity of each broad sector with its uncertainty, from ``trade/numbers.toml``."""
    numbers = book("trade")
    return {sector: numbers[f"elasticity_{sector}"] for sector in IDS}


def sector_world(world: World | None = None, focus: list[str] | None = None) -> SectorWorld:
    """Build the base year in nine broad sectors.

    Parameters
    ----------
    world
        The full world at rest, as `World.from_snapshot` gives it; that one if omitted.
    focus
        States to keep; the others merge (`comity.world.regions.groups`). All if omitted.

    Raises
    ------
    ComityError
        Where a use table cannot be balanced.
    """
    seeds = embedded_seeds() if world is None else full_seeds(world)
    if focus is not None:
        seeds = merged(seeds, groups(seeds.states, focus))
    return balanced(seeds, _central())


def sectors_of(world: World) -> SectorWorld:
    """The sectors of any world of the base year, coarse or small, levels kept.

    Parameters
    ----------
    world
        A world that went through `comity.world.given.door`; its regions, if any, hold all states
        that it does not hold by name.

    Raises
    ------
    ComityError
        Where a use table cannot be balanced.
    """
    full = embedded_seeds()
    kept = [state for state in world.states if state in full.states]
    whole = merged(full, groups(full.states, kept))
    at = np.array([whole.states.index(state) for state in world.states])
    inside = np.ix_(np.arange(len(IDS)), at, at)
    sales, own = whole.sales[inside], np.asarray(world.sales)
    every = sales.sum(0)
    seeds = Seeds(
        states=world.states,
        sectors=IDS,
        sales=sales * np.divide(own, every, out=0 * own, where=every > 0),
        tariff=whole.tariff[inside],
        use=whole.use[at],
        worth=whole.worth[:, at],
        final=whole.final[:, at],
        value_added=np.asarray(world.value_added_share) * own.sum(1),
    )
    return balanced(seeds, _central())


def _central() -> Float[np.ndarray, " J"]:
    """Central elasticities in the order of the sectors."""
    return np.array([one.value for one in elasticities().values()])


@cache
def embedded_seeds() -> Seeds:
    """Seeds of the embedded world, read once a process."""
    return full_seeds(load_world())


def full_seeds(world: World) -> Seeds:
    """Seeds for every state of a full world at rest."""
    filled, _ = door(world)
    sales, goods = np.asarray(filled.sales), np.asarray(world.goods)
    states = list(world.states)
    use, worth, final = _technology(table("sector_inputs"), states)
    output = sales.sum(1)
    return Seeds(
        states=world.states,
        sectors=IDS,
        sales=_composed(sales, goods, states),
        tariff=_tariffs(states),
        use=use,
        worth=worth,
        final=final,
        value_added=np.asarray(filled.value_added_share) * output,
    )


def _composed(
    sales: Float[np.ndarray, "N N"], goods: Float[np.ndarray, "N N"], states: list[str]
) -> Float[np.ndarray, "J N N"]:
    """Sales by sector: the pair's own mix, or that of the rest of the world where it is in it."""
    mix = table("sectors").set_index(["origin", "destination"])[list(IDS)]
    known = set(mix.index.get_level_values(0))
    names = [state if state in known else REST for state in states]
    pairs = pd.MultiIndex.from_product([names, names])
    count = len(states)
    shares = mix.reindex(pairs).to_numpy(float).reshape(count, count, len(IDS))
    shares = np.where(np.isnan(shares), shares[names.index(REST)].mean(0), shares)
    of_goods = shares[..., :-1].sum(-1)
    # Pairs of the rest keep their own split into goods and services, where it is known.
    split = np.array(names) == REST
    own = np.where((split[:, None] | split) & ~np.isnan(goods), goods, of_goods)
    inside = shares[..., :-1] * np.divide(own, of_goods, where=of_goods > 0, out=0 * own)[..., None]
    cube = np.concatenate([inside, 1.0 - inside.sum(-1, keepdims=True)], axis=-1)
    return np.moveaxis(cube * sales[..., None], -1, 0)


def _tariffs(states: list[str]) -> Float[np.ndarray, "J N N"]:
    """Tariffs by sector, gaps filled; none on services."""
    known = table("sector_tariffs").set_index(["exporter", "importer"])
    count = len(states)
    wide = known[list(GOODS)].reindex(pd.MultiIndex.from_product([states, states]))
    rates = np.moveaxis(wide.to_numpy(float).reshape(count, count, len(GOODS)), -1, 0)
    return np.concatenate([filled_tariffs(rates), np.zeros((1, count, count))])


def filled_tariffs(rates: Float[np.ndarray, "J N N"]) -> Float[np.ndarray, "J N N"]:
    """Tariffs without gaps: unknown ones are the importer's mean, or that of all importers."""
    held = ~np.isnan(rates)
    sums, number = np.where(held, rates, 0.0).sum(1), held.sum(1)
    everywhere = (sums.sum(1) / number.sum(1))[:, None]
    mean = np.where(number > 0, sums / np.maximum(number, 1), everywhere)
    full = np.where(held, rates, mean[:, None, :])
    return full * (1.0 - np.eye(rates.shape[1]))


def _technology(
    inputs: pd.DataFrame, states: list[str]
) -> tuple[Float[np.ndarray, "N J J"], Float[np.ndarray, "J N"], Float[np.ndarray, "J N"]]:
    """Input shares (state, input, using), value-added shares and final shares by state."""
    known = set(inputs["state"])
    names = [state if state in known else REST for state in states]
    rows = inputs.set_index(["state", "using"])
    costs = rows.reindex(pd.MultiIndex.from_product([names, IDS]))
    shape = (len(states), len(IDS), len(IDS))
    use = costs[list(IDS)].to_numpy(float).reshape(shape).transpose(0, 2, 1)
    worth = costs["value_added"].to_numpy(float).reshape(shape[:2]).T
    final = rows.xs("final", level="using")[list(IDS)].reindex(names).to_numpy(float).T
    return use, worth, final


def merged(seeds: Seeds, made: dict[str, list[int]]) -> Seeds:
    """Merge states into groups: sales add up, shares and rates are weighted means."""
    member = np.zeros((len(made), len(seeds.states)))
    for row, rows in enumerate(made.values()):
        member[row, rows] = 1.0

    def pairs(cube: np.ndarray) -> np.ndarray:
        return np.einsum("an,jnm,bm->jab", member, cube, member, optimize=True)

    sales, output = pairs(seeds.sales), seeds.sales.sum(2)
    made_by = output @ member.T
    levied = np.divide(pairs(seeds.sales * seeds.tariff), sales, out=0 * sales, where=sales > 0)
    levied[:, np.arange(len(made)), np.arange(len(made))] = 0.0
    bought = seeds.sales.sum((0, 1))
    return Seeds(
        states=tuple(made),
        sectors=seeds.sectors,
        sales=sales,
        tariff=levied,
        use=np.einsum("an,nkj,jn->akj", member, seeds.use, output, optimize=True)
        / made_by.T[:, None, :],
        worth=(seeds.worth * output) @ member.T / made_by,
        final=(seeds.final * bought) @ member.T / (member @ bought),
        value_added=member @ seeds.value_added,
    )


def balanced(seeds: Seeds, elasticity: Float[np.ndarray, " J"]) -> SectorWorld:
    """Balance every state's use table to its sales and value added, and calibrate.

    Raises
    ------
    ComityError
        Where a state's final spending would be negative, or balancing does not settle.
    """
    output = seeds.sales.sum(2)
    spending = (seeds.sales * (1.0 + seeds.tariff)).sum(1)
    inputs = output - _value_added(seeds.worth, output, seeds.value_added)
    final = spending.sum(0) - inputs.sum(0)
    if (final <= 0).any():
        poor = [seeds.states[i] for i in np.flatnonzero(final <= 0)]
        raise ComityError(f"no final spending is left for {', '.join(poor)}")
    seed = np.concatenate([seeds.use * output.T[:, None, :], (seeds.final * final).T[..., None]], 2)
    # No cell is empty, or a sector that is bought might have no use.
    seed = np.maximum(seed, LEAST * seed.sum(1, keepdims=True))
    columns = np.concatenate([inputs.T, final[:, None]], 1)
    use = _ras(seed, spending.T, columns, seeds.states)
    safe = np.where(output > 0, output, 1.0).T[:, None, :]
    input_share = np.where(output.T[:, None, :] > 0, use[..., :-1] / safe, 0.0)
    base = calibrate(
        jnp.asarray(seeds.sales),
        jnp.asarray(seeds.tariff),
        jnp.asarray(1.0 - input_share.sum(1).T),
        jnp.asarray(input_share),
        jnp.asarray(use[..., -1].T / final),
    )
    return SectorWorld(seeds.states, seeds.sectors, base, jnp.asarray(elasticity))


def in_one_sector(world: SectorWorld, elasticity: float) -> SectorWorld:
    """The same world seen as one sector: sales added up, tariffs averaged over them."""
    base = world.base
    sales = np.asarray(base.net_share * base.spending[:, None, :])
    whole, output = sales.sum(0), sales.sum(2)
    levied = (sales * np.asarray(base.tariff)).sum(0)
    rate = np.divide(levied, whole, out=0 * whole, where=whole > 0)
    added = (np.asarray(base.value_added_share) * output).sum(0) / output.sum(0)
    one = calibrate(
        jnp.asarray(whole[None]),
        jnp.asarray(rate[None]),
        jnp.asarray(added[None]),
        jnp.asarray((1.0 - added)[:, None, None]),
        jnp.ones((1, added.size)),
    )
    return SectorWorld(world.states, ("all",), one, jnp.asarray([elasticity]))


def _value_added(
    worth: Float[np.ndarray, "J N"],
    output: Float[np.ndarray, "J N"],
    wanted: Float[np.ndarray, " N"],
) -> Float[np.ndarray, "J N"]:
    """Value added by sector that sums to ``wanted``: its odds against inputs scaled alike."""
    odds = np.clip(worth, 0.01, 0.99)
    odds = odds / (1.0 - odds)
    low, high = np.full(wanted.shape, -20.0), np.full(wanted.shape, 20.0)
    for _ in range(80):
        middle = 0.5 * (low + high)
        scaled = odds * np.exp(middle)
        less = (scaled / (1.0 + scaled) * output).sum(0) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    scaled = odds * np.exp(0.5 * (low + high))
    return scaled / (1.0 + scaled) * output


def _ras(
    seed: Float[np.ndarray, "N K C"],
    rows: Float[np.ndarray, "N K"],
    columns: Float[np.ndarray, "N C"],
    states: tuple[str, ...],
) -> Float[np.ndarray, "N K C"]:
    """Scale all states' tables at once to their row and column sums [bacharach1965estimating]."""

    def scale(wanted: np.ndarray, now: np.ndarray) -> np.ndarray:
        return np.divide(wanted, now, out=np.ones_like(now), where=now > 0)

    use = seed.copy()
    for _ in range(PASSES):
        use *= scale(rows, use.sum(2))[:, :, None]
        use *= scale(columns, use.sum(1))[:, None, :]
        miss = np.abs(scale(rows, use.sum(2)) - 1.0).max(1)
        if miss.max() <= TOLERANCE:
            return use
    worst = states[int(miss.argmax())]
    raise ComityError(f"the use table of {worst} does not balance", f"gap {miss.max():.1e}")
