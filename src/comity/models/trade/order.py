"""Rules against power in tariffs: who gains what when trade is ordered in one way or another.

Orders are tariffs in `trade_equilibrium`, compared by real consumption:
- war: each sets its best tariffs given the others' (`tariff_war`), partner by partner or one rate
  for all [ossa2014trade];
- rules: from the war with one rate for all (most-favoured-nation), all cut in steps that leave
  producer prices where they are, so that what each opens is matched by what is opened to it
  (reciprocity), until someone has nothing left to cut [bagwell1999economic, sections II and III];
- power: each pair strikes the Nash bargain over its two tariffs, given all other pairs' deals, and
  falls back to its war tariffs without one [bagwell2021multiparty, without most-favoured-nation];
- free trade.
Simplified: one sector, governments that only count consumption, no side payments, deals between
nil and the war tariff, one round of cuts. Do not trust it for why tariffs are what they are: who
has the bargaining power comes from trade alone, not from arms, alliances or institutions.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.core import require
from comity.core.ops import total
from comity.models.trade.tariff_war import TariffWar
from comity.models.trade.trade_equilibrium import TOLERANCE, TradeBase, TradeEquilibrium, solve
from comity.models.trade.trade_market import Shock, appeal_of, market_at

STEPS = 40  # of the path of reciprocal cuts
FREE = 1e-3  # share of the war's average tariff that counts as free trade
NEWTON = 12
GRID = 41  # candidate levels of each tariff of a bargain, then once more around the best
NODES = 3  # levels at which a bargain's welfare is computed; a quadratic in between
MAX_SWEEPS = 60
SETTLED = 1e-6  # change of consumption between sweeps that counts as settled


class Order(eqx.Module):
    """Tariffs under one order and what they mean; row exporter, column importer."""

    rate: Float[Array, "N N"]
    """Ad valorem rate on what can be taxed."""
    tariff: Float[Array, "N N"]
    """The same on whole flows."""
    consumption: Float[Array, " N"]
    """Real consumption, ratio to the base year."""
    terms_of_trade: Float[Array, " N"]
    price: Float[Array, " N"]
    """Producer prices, ratio to base; world value added is the numeraire."""
    gap: Float[Array, ""]
    """What the order's own condition still misses: see the function that made it."""
    converged: Bool[Array, ""]


class _Path(NamedTuple):
    """What reciprocal cuts are made in; ``average`` is the war's tariff at output weights."""

    base: TradeBase
    elasticity: Float[Array, ""]
    reach: Float[Array, "N N"]
    weight: Float[np.ndarray, " N"]
    average: float


class _Point(NamedTuple):
    """A point of the path: log(1 + rate), log producer prices, who has nothing left to cut."""

    level: Float[np.ndarray, " N"]
    log_price: Float[np.ndarray, " N"]
    bound: Bool[np.ndarray, " N"]


def of_war(war: TariffWar) -> Order:
    """The order that a tariff war leads to."""
    found = war.equilibrium
    return Order(
        war.rate,
        war.tariff,
        found.consumption,
        found.terms_of_trade,
        found.price,
        war.gap,
        war.converged,
    )


def under(
    base: TradeBase,
    elasticity: Float[Array, ""],
    rate: Float[Array, "N N"],
    reach: Float[Array, "N N"],
) -> Order:
    """The order of given rates on what can be taxed; ``gap`` is the market residual.

    Parameters
    ----------
    base, elasticity
        The calibrated base year and trade elasticity.
    rate
        Ad valorem rates, fraction.
    reach
        Share of each flow that tariffs can tax (goods), 0-1.

    Raises
    ------
    BadInput
        When the elasticity, a rate or a reach is out of its range.
    """
    require.positive("the elasticity", elasticity)
    require.shape("the rates", rate, base.sales.shape)
    require.above("a rate", rate, -1.0)
    require.shape("the reach", reach, base.sales.shape)
    require.chances("a reach", reach)
    found = _solve(base, elasticity, reach * rate, jnp.ones(base.output.size))
    return Order(
        rate,
        reach * rate,
        found.consumption,
        found.terms_of_trade,
        found.price,
        found.residual,
        found.converged,
    )


def rules(
    base: TradeBase,
    elasticity: Float[Array, ""],
    war: TariffWar,
    reach: Float[Array, "N N"],
    strict: bool = True,
    steps: int = STEPS,
) -> Order:
    """Most-favoured-nation tariffs cut by reciprocity, from a war with one rate for all.

    At fixed producer prices the markets of N states give N-1 conditions on N rates: one path of
    cuts. ``strict``: it ends where the first state trades freely. Otherwise such states stay at
    nil and get what others go on granting each other; their prices move, those of the others stay
    in proportion; it ends where one that still cuts would lose by the next step, or at free trade.
    ``gap`` is the largest change of a relative producer price among those still cutting.

    Parameters
    ----------
    base, elasticity, reach
        As for `under`.
    war
        `tariff_war.nash` with one rate for all partners (``by_partner`` False).
    strict
        Whether to end where the first state has nothing left to cut.
    steps
        Steps from the war to an average tariff of nil; a step that fails is halved.
    """
    fixed = np.asarray(jnp.log(war.equilibrium.price))
    apart = 1.0 - jnp.eye(base.output.size)
    start = np.asarray(jnp.log1p(jnp.max(war.rate * apart, axis=0)))
    weight = np.asarray(base.output / total(base.output))
    path = _Path(base, elasticity, reach, weight, float(weight @ start))
    at, left, size = _Point(start, fixed, start <= 0.0), 1.0, 1.0 / steps
    reached = _order_at(path, at)
    while left > FREE and size > 1e-5:
        share = max(left - size, FREE)
        tried = _cut(path, at, share, strict)
        if tried is None:
            size /= 2.0
            continue
        new = _order_at(path, tried)
        worse = np.asarray(new.consumption) < np.asarray(reached.consumption) * (1.0 - 1e-9)
        if not bool(new.converged) or (worse & ~tried.bound).any():
            break
        at, left, reached = tried, share, new
    moved = np.asarray(jnp.log(reached.price))[~at.bound] - fixed[~at.bound]
    gap = jnp.asarray(np.ptp(moved) if moved.size else 0.0)
    return eqx.tree_at(lambda order: order.gap, reached, gap)


def power(
    base: TradeBase,
    elasticity: Float[Array, ""],
    war: TariffWar,
    reach: Float[Array, "N N"],
    max_sweeps: int = MAX_SWEEPS,
) -> Order:
    """Tariffs that pairs bargain out under the threat of war, each pair given all other deals.

    All pairs bargain at once and move half way to their bargain in each sweep, until nobody's
    consumption changes by more than a millionth (``gap`` is the last change, as a fraction). The
    welfare of a pair in its two tariffs is a quadratic through nine exact equilibria. Tariffs of
    pairs that hardly trade are not determined.

    Parameters
    ----------
    base, elasticity, reach
        As for `under`.
    war
        `tariff_war.nash`: each pair's tariffs if it strikes no deal.
    """
    first, second = np.triu_indices(base.output.size, 1)
    threat = np.log1p(np.maximum(np.asarray(war.rate), 0.0))
    level = threat
    found, change = under(base, elasticity, jnp.asarray(war.rate), reach), np.inf
    for _ in range(max_sweeps):
        deals = _bargains(base, elasticity, level, threat, found.price, reach, first, second)
        level = 0.5 * (level + deals)
        new = under(base, elasticity, jnp.expm1(jnp.asarray(level)), reach)
        change = float(jnp.max(jnp.abs(new.consumption / found.consumption - 1.0)))
        found = new
        if change <= SETTLED:
            break
    return eqx.tree_at(
        lambda order: (order.gap, order.converged),
        found,
        (jnp.asarray(change), found.converged & (change <= SETTLED)),
    )


def gains(order: Order, against: Order) -> Float[np.ndarray, " N"]:
    """Real consumption under one order over that under another, per cent."""
    return 100.0 * (np.asarray(order.consumption) / np.asarray(against.consumption) - 1.0)


def _order_at(path: _Path, point: _Point) -> Order:
    apart = 1.0 - jnp.eye(point.level.size)
    rate = jnp.expm1(jnp.asarray(np.maximum(point.level, 0.0)))[None] * apart
    return under(path.base, path.elasticity, rate, path.reach)


def _cut(path: _Path, at: _Point, share: float, strict: bool) -> _Point | None:
    """The path's point with a share of the war's average tariff; None where there is none.

    Who has nothing left to cut stays at nil, and its producer price moves instead.
    """
    level, log_price, bound = at.level.copy(), at.log_price.copy(), at.bound.copy()
    while not bound.all():
        for _ in range(NEWTON):
            excess, by_level, by_price = (
                np.asarray(x)
                for x in _excess(
                    path.base,
                    path.elasticity,
                    jnp.asarray(log_price),
                    jnp.asarray(level),
                    path.reach,
                )
            )
            # One market is redundant; the average tariff takes its place.
            gap = np.append(excess[:-1], path.weight @ level - share * path.average)
            slope = np.where(bound, by_price, by_level)[:-1]
            last = np.where(bound, 0.0, path.weight)
            step = np.linalg.solve(np.vstack([slope, last]), gap)
            level, log_price = (
                level - np.where(bound, 0, step),
                log_price - np.where(bound, step, 0),
            )
            if not np.abs(step).max() > 1e-12:
                break
        if not np.abs(gap).max() < 1e-9:
            return None
        new = ~bound & (level < 0.0)
        if not new.any():
            return _Point(level, log_price, bound)
        if strict:
            return None
        bound, level = bound | new, np.where(new, 0.0, level)
    return None


def _bargains(
    base: TradeBase,
    elasticity: Float[Array, ""],
    level: Float[np.ndarray, "N N"],
    threat: Float[np.ndarray, "N N"],
    price: Float[Array, " N"],
    reach: Float[Array, "N N"],
    first: Int[np.ndarray, " P"],
    second: Int[np.ndarray, " P"],
) -> Float[np.ndarray, "N N"]:
    """Nash bargain of every pair at the others' present tariffs; levels are log(1 + rate)."""
    welfare = np.asarray(
        _pairs_welfare(
            base,
            elasticity,
            jnp.asarray(level),
            jnp.asarray(threat),
            reach,
            jnp.stack([jnp.asarray(first), jnp.asarray(second)], axis=1),
            price,
        )
    ).reshape(len(first), NODES, NODES, 2)
    # Axis 1: what the second levies on the first; axis 2: what the first levies on the second.
    low, high = np.zeros((len(first), 2)), np.ones((len(first), 2))
    for _ in range(2):
        grids = low[:, None, :] + np.linspace(0, 1, GRID)[None, :, None] * (high - low)[:, None, :]
        bases = _lagrange(grids)
        value = np.einsum("pak,pbl,pklw->pabw", bases[:, :, :, 0], bases[:, :, :, 1], welfare)
        gain = value - welfare[:, None, None, -1, -1]
        product = np.where((gain > 0).all(-1), gain[..., 0] * gain[..., 1], 0.0)
        at = product.reshape(len(first), -1).argmax(1)
        pick = np.stack([at // GRID, at % GRID], 1)
        chosen = np.take_along_axis(grids, pick[:, None, :], 1)[:, 0, :]
        deal = product.reshape(len(first), -1).max(1) > 0
        chosen = np.where(deal[:, None], chosen, 1.0)
        width = (high - low) / (GRID - 1)
        low, high = np.clip(chosen - width, 0, 1), np.clip(chosen + width, 0, 1)
    deals = level.copy()
    deals[first, second] = chosen[:, 0] * threat[first, second]
    deals[second, first] = chosen[:, 1] * threat[second, first]
    return deals


def _lagrange(x: Float[np.ndarray, "P G 2"]) -> Float[np.ndarray, "P G 3 2"]:
    """Quadratics that are one at one of 0, 1/2, 1 and nil at the other two."""
    return np.stack([2 * (x - 0.5) * (x - 1), 4 * x * (1 - x), 2 * x * (x - 0.5)], axis=2)


@jax.jit
def _solve(
    base: TradeBase,
    elasticity: Float[Array, ""],
    tariff: Float[Array, "N N"],
    start: Float[Array, " N"],
) -> TradeEquilibrium:
    n = base.output.size
    return solve(base, elasticity, jnp.ones(n), tariff, jnp.ones((n, n)), start, tol=TOLERANCE)


@jax.jit
def _pairs_welfare(
    base: TradeBase,
    elasticity: Float[Array, ""],
    level: Float[Array, "N N"],
    threat: Float[Array, "N N"],
    reach: Float[Array, "N N"],
    pairs: Int[Array, "P 2"],
    start: Float[Array, " N"],
) -> Float[Array, "P 9 2"]:
    """Log consumption of both of each pair at nine combinations of their two tariffs."""
    parts = jnp.linspace(0.0, 1.0, NODES)
    both = jnp.stack(jnp.meshgrid(parts, parts, indexing="ij"), axis=-1).reshape(-1, 2)

    def one(row: tuple) -> Float[Array, " 2"]:
        (i, j), part = row
        tried = level.at[i, j].set(part[0] * threat[i, j]).at[j, i].set(part[1] * threat[j, i])
        found = _solve(base, elasticity, reach * jnp.expm1(tried), start)
        return jnp.log(found.consumption[jnp.stack([i, j])])

    rows = (jnp.repeat(pairs, len(both), axis=0), jnp.tile(both, (len(pairs), 1)))
    return lax.map(one, rows).reshape(len(pairs), len(both), 2)


@jax.jit
def _excess(
    base: TradeBase,
    elasticity: Float[Array, ""],
    log_price: Float[Array, " N"],
    level: Float[Array, " N"],
    reach: Float[Array, "N N"],
) -> tuple[Float[Array, " N"], Float[Array, "N N"], Float[Array, "N N"]]:
    """Gaps of the markets at given producer prices; slopes in log(1 + rate) and in log price."""
    apart = 1.0 - jnp.eye(level.size)

    def gaps(level: Float[Array, " N"], log_price: Float[Array, " N"]) -> Float[Array, " N"]:
        tariff = reach * jnp.expm1(level)[None] * apart
        cost = jnp.ones_like(tariff)
        shock = Shock(elasticity, jnp.ones(level.size), *appeal_of(base, elasticity, tariff, cost))
        return market_at(base, shock, log_price).excess

    return gaps(level, log_price), *jax.jacfwd(gaps, argnums=(0, 1))(level, log_price)
