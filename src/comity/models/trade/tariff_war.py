"""Tariffs that states choose for themselves: what one would gain alone, and where all end up.

A tariff lowers what foreigners get for their goods; each state gains from its own and loses from
the others'. A bloc b sets rates on outsiders to maximise W_b = log sum_i v_i C^_i (v: base-year
final spending, C^ real consumption in `trade_equilibrium`; a state alone is a bloc of one):
dW_b/dt = W_t - W_x F_x^-1 F_t = 0, with F(x, t) = 0 the market clearing conditions in prices x.
One playing bloc gives the optimal tariff (1/e for a small state [gros1987note]), all of them
Nash tariffs, blocs of several a customs union with a common external tariff [ossa2014trade,
section I]. Gradients are exact (implicit differentiation, one linear solve for all blocs); all
rates move together by a Newton step of the buyer's side alone, with Anderson mixing.
Simplified: one sector, no lobbies, no export taxes, one move. Second-order conditions are not
checked. Do not trust it for what governments do: observed tariffs are far below these.
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
from comity.models.trade import trade_checks
from comity.models.trade.trade_equilibrium import (
    TOLERANCE,
    TradeBase,
    TradeEquilibrium,
    calibrate,
    flows,
    solve,
)
from comity.models.trade.trade_market import Shock, appeal_of, market_at, world_growth

MEMORY = 6  # steps kept for Anderson mixing
LARGEST_STEP = 0.3  # of log(1 + rate) in one round
MAX_ROUNDS = 80
NO_TRADE = 1e-12  # share of spending below which a rate has nothing to act on
_solve = jax.jit(solve, static_argnames=("tol", "max_iterations"))


class TariffWar(eqx.Module):
    """Tariffs that no playing bloc wants to change alone, and the equilibrium they lead to."""

    rate: Float[Array, "N N"]
    """Ad valorem rate on what can be taxed; row exporter, column importer; 0 inside a bloc."""
    tariff: Float[Array, "N N"]
    """The same on whole flows: rate times ``reach`` for those who play, as given for others."""
    equilibrium: TradeEquilibrium
    """Prices, consumption and terms of trade under these tariffs; ratios to the base year."""
    gap: Float[Array, ""]
    """Largest step that a first-order condition still asks for, in log(1 + rate)."""
    rounds: Int[Array, ""]
    converged: Bool[Array, ""]
    """Gap within tolerance and the equilibrium solved."""


class _Point(NamedTuple):
    """The world at some tariffs, and how each bloc's welfare moves with its members' tariffs."""

    found: TradeEquilibrium
    share: Float[Array, "N N"]
    slope: Float[Array, "N N"]  # of the importer's bloc, in log(1 + tariff)
    weight: Float[Array, "B N"]


def optimal(
    base: TradeBase,
    elasticity: Float[Array, ""],
    member: Bool[np.ndarray, " N"],
    reach: Float[Array, "N N"] | None = None,
    by_partner: bool = False,
) -> TariffWar:
    """Tariffs that are best for one state, or for several as one customs union, if no one answers.

    Parameters
    ----------
    base, elasticity
        The calibrated base year and trade elasticity; all others keep their base-year tariffs.
    member
        Who sets the common external tariff.
    reach, by_partner
        As for `best_tariffs`.
    """
    blocs = np.where(member, 0, 1 + np.arange(member.size))
    return best_tariffs(base, elasticity, blocs, plays=member, reach=reach, by_partner=by_partner)


def nash(
    base: TradeBase,
    elasticity: Float[Array, ""],
    reach: Float[Array, "N N"] | None = None,
    by_partner: bool = False,
    tol: float = 1e-7,
) -> TariffWar:
    """Tariffs when every state sets its own, each best given those of all others.

    Arguments as for `best_tariffs`.
    """
    return best_tariffs(
        base,
        elasticity,
        np.arange(base.output.size),
        reach=reach,
        by_partner=by_partner,
        tol=tol,
    )


def reciprocal(
    before: Float[Array, "N N"],
    after: Float[Array, "N N"],
    answers: Bool[np.ndarray, " N"] | None = None,
) -> Float[Array, "N N"]:
    """Tariffs once every state in ``answers`` (all if omitted) has answered in kind.

    Whoever raised its tariff on a state meets the same rise from it, on top of what the state
    itself chose. Row exporter, column importer.
    """
    rise = jnp.maximum(after - before, 0.0).T
    who = jnp.ones(before.shape[0]) if answers is None else jnp.asarray(answers, float)
    return jnp.maximum(after, jnp.where(who > 0, before + rise, after))


def balanced(base: TradeBase, elasticity: Float[Array, ""]) -> TradeBase:
    """Base year that would be seen if no state ran a deficit, tariffs as they are.

    With deficits held, a state whose imports are paid by others' transfers gains more from a
    tariff; optimal tariffs are usually computed after taking deficits out [ossa2014trade].
    """
    n = base.output.size
    calm = eqx.tree_at(lambda b: b.deficit, base, jnp.zeros(n))
    cost = jnp.ones((n, n))
    found = _solve(calm, elasticity, jnp.ones(n), base.tariff, cost)
    sales = flows(calm, found, elasticity, base.tariff, cost)
    return calibrate(sales, base.tariff, base.value_added_share)


def best_tariffs(
    base: TradeBase,
    elasticity: Float[Array, ""],
    blocs: Int[np.ndarray, " N"],
    plays: Bool[np.ndarray, " N"] | None = None,
    tariff: Float[Array, "N N"] | None = None,
    reach: Float[Array, "N N"] | None = None,
    cost: Float[Array, "N N"] | None = None,
    endowment: Float[Array, " N"] | None = None,
    by_partner: bool = False,
    tol: float = 1e-7,
    max_rounds: int = MAX_ROUNDS,
) -> TariffWar:
    """Solve the first-order conditions of all blocs that play.

    Parameters
    ----------
    base
        Calibrated base year, N states.
    elasticity
        Trade elasticity.
    blocs
        Number of the bloc of each state; states of one number are a customs union.
    plays
        Who chooses; the whole bloc of a state that does. All if omitted.
    tariff
        Tariffs on whole flows of those who do not play, and pairs without trade; the base year's
        if omitted. Row exporter, column importer.
    reach
        Share of each flow that a tariff can tax (goods, not services), 0-1; all if omitted.
    cost, endowment
        Iceberg costs and endowments, ratios to the base year; ones if omitted.
    by_partner
        A rate for each partner instead of one for all (most-favoured-nation).
    tol
        Largest remaining step in log(1 + rate).
    max_rounds
        Rounds before giving up with ``converged`` False.

    Raises
    ------
    BadInput
        When the elasticity, a cost, an endowment, a tariff or a reach is out of its range.
    """
    n = base.output.size
    ones = jnp.ones((n, n))
    given = base.tariff if tariff is None else tariff
    at_home = jnp.ones(n) if endowment is None else endowment
    paid = ones if cost is None else cost
    _check(base, elasticity, at_home, given, paid, blocs, ones if reach is None else reach)
    world = (
        base,
        jnp.asarray(elasticity, float),
        at_home,
        paid,
    )
    game = _game(blocs, np.ones(n, bool) if plays is None else plays)
    part = np.asarray(ones if reach is None else reach) * game.sets
    level = np.zeros((n if by_partner else 1, len(game.members)))
    history: list[tuple[np.ndarray, np.ndarray]] = []
    at, gap, rounds = _tax(given, part, level, game), np.inf, 0
    point = _look(*world, at, jnp.asarray(game.members), jnp.ones(n))
    while rounds < max_rounds:
        step = _newton(point, level, part, game, float(elasticity), by_partner)
        gap, rounds = float(np.max(np.abs(step), initial=0.0)), rounds + 1
        if not gap > tol:
            break
        level = level + np.clip(_mixed(history, level, step), -LARGEST_STEP, LARGEST_STEP)
        at = _tax(given, part, level, game)
        point = _look(*world, at, jnp.asarray(game.members), point.found.price)
    return TariffWar(
        rate=jnp.asarray(np.where(game.sets, np.expm1(level @ game.members), np.asarray(given))),
        tariff=at,
        equilibrium=point.found,
        gap=jnp.asarray(gap),
        rounds=jnp.asarray(rounds, jnp.int32),
        converged=jnp.asarray(gap <= tol) & point.found.converged,
    )


def _check(
    base: TradeBase,
    elasticity: Float[Array, ""],
    endowment: Float[Array, " N"],
    tariff: Float[Array, "N N"],
    cost: Float[Array, "N N"],
    blocs: Int[np.ndarray, " N"],
    reach: Float[Array, "N N"],
) -> None:
    trade_checks.shock(elasticity, endowment, tariff, cost, base.sales.shape)
    require.shape("blocs", blocs, base.output.shape)
    require.chances("a reach", reach)


class _Game(NamedTuple):
    members: Float[np.ndarray, "B N"]  # of the blocs that play; rows beyond them are empty
    sets: Bool[np.ndarray, "N N"]  # flows whose tariff is chosen: into a playing bloc from outside
    inside: Bool[np.ndarray, "N N"]  # between two members of a playing bloc


def _game(blocs: Int[np.ndarray, " N"], plays: Bool[np.ndarray, " N"]) -> _Game:
    players = np.unique(blocs[plays])
    members = np.zeros((blocs.size, blocs.size))  # always N rows: one program for every game
    members[: players.size] = blocs == players[:, None]
    together = blocs[:, None] == blocs
    chosen = np.isin(blocs, players)
    return _Game(members, ~together & chosen, together & chosen)


def _tax(
    given: Float[Array, "N N"],
    part: Float[np.ndarray, "N N"],
    level: Float[np.ndarray, "K B"],
    game: _Game,
) -> Float[Array, "N N"]:
    """Tariffs on whole flows: chosen, none inside a bloc, and as given elsewhere."""
    chosen = part * np.expm1(level @ game.members)
    kept = np.where(game.inside, 0.0, np.asarray(given))
    return jnp.asarray(np.where(game.sets, chosen, kept))


def _newton(
    point: _Point,
    level: Float[np.ndarray, "K B"],
    part: Float[np.ndarray, "N N"],
    game: _Game,
    elasticity: float,
    by_partner: bool,
) -> Float[np.ndarray, "K B"]:
    """Step in log(1 + rate) that closes the first-order conditions at fixed producer prices.

    With spending shares s of outsiders the buyer's second derivative is -(1+e)(diag s - s s'),
    whose inverse is known in closed form.
    """
    grown = np.exp(level @ game.members)
    passed = part * grown / (1.0 + part * (grown - 1.0))  # d log(1 + tariff) / d log(1 + rate)
    slope = (np.asarray(point.slope) * passed) @ game.members.T
    spent = np.asarray(point.share) * passed * game.sets
    square = (spent * passed) @ np.asarray(point.weight).T
    once = spent @ np.asarray(point.weight).T
    if not by_partner:
        bent = square.sum(0) - once.sum(0) ** 2
        return (slope.sum(0) / ((1.0 + elasticity) * np.where(bent > NO_TRADE, bent, np.inf)))[None]
    alone = np.where(square > NO_TRADE, square, np.inf)
    common = (once * slope / alone).sum(0) / (1.0 - (once * once / alone).sum(0))
    return (slope + once * common) / ((1.0 + elasticity) * alone)


def _mixed(
    history: list[tuple[np.ndarray, np.ndarray]], level: np.ndarray, step: np.ndarray
) -> np.ndarray:
    """Anderson mixing of the last steps [walker2011anderson]; keeps ``history`` up to date.

    Each bloc mixes its own steps: one bloc with an odd response must not throw off the others.
    """
    history.append((level.copy(), step.copy()))
    memory = MEMORY if len(level) > 1 else 1  # of a single rate: the secant
    del history[: -memory - 1]
    if len(history) < 2:
        return step
    steps = np.diff([s.T for _, s in history], axis=0).transpose(1, 2, 0)
    moves = np.diff([x.T for x, _ in history], axis=0).transpose(1, 2, 0)
    weight = np.linalg.pinv(steps, rcond=1e-8) @ step.T[:, :, None]
    return step - ((moves + steps) @ weight)[:, :, 0].T


@jax.jit
def _look(
    base: TradeBase,
    elasticity: Float[Array, ""],
    endowment: Float[Array, " N"],
    cost: Float[Array, "N N"],
    tariff: Float[Array, "N N"],
    members: Float[Array, "B N"],
    start: Float[Array, " N"],
) -> _Point:
    """Solve the world at some tariffs and differentiate every bloc's welfare there."""
    found = solve(base, elasticity, endowment, tariff, cost, start, tol=TOLERANCE)
    log_price, log_tariff = jnp.log(found.price), jnp.log1p(tariff)

    def economy(
        log_price: Float[Array, " N"], log_tariff: Float[Array, "N N"]
    ) -> tuple[Float[Array, " N"], Float[Array, " N"], Float[Array, "N N"]]:
        now = jnp.expm1(log_tariff)
        shock = Shock(elasticity, endowment, *appeal_of(base, elasticity, now, cost))
        return _economy(base, shock, log_price)

    in_price = jax.jacfwd(lambda x: economy(x, log_tariff)[:2])(log_price)
    (_, log_consumption, share), pull = jax.vjp(lambda t: economy(log_price, t), log_tariff)
    valued = members * base.final * jnp.exp(log_consumption)
    whole = total(valued, 1)[:, None]
    weight = valued / jnp.where(whole > 0, whole, 1.0)
    # Raising all prices alike changes nothing; hold their mean, weighted by output.
    held = in_price[0] - base.output / total(base.output)
    adjoint = jnp.linalg.solve(held.T, (weight @ in_price[1]).T).T

    def add(slope: Float[Array, "N N"], bloc: tuple) -> tuple[Float[Array, "N N"], None]:
        member, weight, adjoint = bloc
        (own,) = pull((-adjoint, weight, jnp.zeros_like(share)))
        return slope + own * member, None

    slope, _ = lax.scan(add, jnp.zeros_like(tariff), (members, weight, adjoint))
    return _Point(found, share, slope, weight)


def _economy(
    base: TradeBase, shock: Shock, log_price: Float[Array, " N"]
) -> tuple[Float[Array, " N"], Float[Array, " N"], Float[Array, "N N"]]:
    """Gap of each market, log real consumption (ratio to base), and spending shares."""
    market = market_at(base, shock, log_price)
    gross, net = market.weight @ shock.appeal, market.weight @ shock.net_appeal
    output = base.output * market.output_hat
    revenue = output * market.receipts * (gross / net - 1.0)
    deficit = base.deficit * (1.0 + world_growth(base, market.output_hat))
    final = base.value_added_share * output + revenue + deficit
    log_consumption = jnp.log(final / base.final) + jnp.log(gross) / shock.elasticity
    return market.excess, log_consumption, market.weight[:, None] * shock.appeal / gross
