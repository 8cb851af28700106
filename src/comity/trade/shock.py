"""From the moves of a case to arrays on the world that is solved."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from comity.core.errors import CoverageWarning
from comity.core.parameters import Parameter
from comity.core.words import Text
from comity.engine.levers import Levers
from comity.mechanisms.agreements import agreements_from
from comity.mechanisms.catalogue import levers as declared_levers
from comity.mechanisms.catalogue import ready
from comity.mechanisms.trade import maturity
from comity.models.trade.trade_equilibrium import TradeBase, calibrate
from comity.scenarios.bounds import excesses, pushes
from comity.scenarios.compile import Layout, compile_moves, layout, levels_of
from comity.scenarios.moves import Move
from comity.study.ensemble import coverage
from comity.trade.files import Case
from comity.world.given import World, door
from comity.world.regions import coarsen, default_focus
from comity.world.snapshot import BASE_YEAR, load_world

FIELDS = ("sales", "goods", "tariff", "value_added_share")
KEPT_BY_NAME = 12  # a side of a move with at most this many states keeps them apart


@dataclass(frozen=True)
class Stage:
    """The world a case is solved on: over the full one, with what was filled or left out."""

    over: Layout
    warnings: tuple[Text, ...]

    @property
    def world(self) -> World:
        """The world that is solved."""
        return self.over.world


@dataclass(frozen=True)
class Shock:
    """What changes; (N, N) with the exporter as row, against the base year.

    ``tariff``: rate on goods, added. ``barrier``: iceberg cost factor minus 1. ``forbidden``:
    share of trade forbidden by the row. ``agreement``: share of the pair's trade that comes under
    a trade agreement (below zero: loses one), already matured. ``capacity``: ratio to base, (N,).
    """

    tariff: Float[np.ndarray, "N N"]
    barrier: Float[np.ndarray, "N N"]
    forbidden: Float[np.ndarray, "N N"]
    agreement: Float[np.ndarray, "N N"]
    capacity: Float[np.ndarray, " N"]

    @property
    def touched(self) -> Float[np.ndarray, "N N"]:
        """One where trade of a pair, in this direction, gets dearer or cheaper by the shock."""
        ban = self.forbidden + self.forbidden.T
        moved = (self.tariff != 0) | (self.barrier != 0) | (ban > 0) | (self.agreement != 0)
        return moved.astype(float)


def stage(case: Case, kind: str, keep: Sequence[str] = ()) -> Stage:
    """World of a case: ``focus`` keeps large states, those it names and ``keep``; or ``full``."""
    at_rest = load_world(BASE_YEAR)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CoverageWarning)
        full, _ = door(ready(at_rest))
        world = full
        if kind == "focus":
            named = {s for move in case.moves for side in _sides(move) for s in side}
            world, _ = door(coarsen(ready(at_rest), sorted({*default_focus(), *named, *keep})))
    return Stage(layout(full, world), tuple(coverage(caught, FIELDS)))


def _sides(move: Move) -> list[tuple[str, ...]]:
    return [side for side in (move.actors, move.targets) if len(side) <= KEPT_BY_NAME]


def ripeness(age: float, numbers: Mapping[str, Parameter]) -> float:
    """Share of its full effect that an agreement has after ``age`` years."""
    steps = [numbers[f"trade.share_{when}"].value for when in ("at_once", "after_4", "after_8")]
    return float(maturity(jnp.full((1, 1), age), *map(jnp.asarray, steps))[0, 0])


def shock_of(moves: Sequence[Move], year: int, ripe: float, over: Layout) -> Shock:
    """Arrays of some moves in a year.

    Parameters
    ----------
    moves
        Moves without conditions.
    year
        Year whose share of days they are in force.
    ripe
        Share of their full effect that agreements have, new or lost.
    over
        The world and the full one.
    """
    n = over.world.count
    plain = [move for move in moves if move.lever not in ("agreement", "capacity")]
    for one in excesses(pushes(plain, {}), declared_levers(), (year,), levels_of(over)):
        raise one.refusal()
    programme, groups = compile_moves(
        [("case", move) for move in plain], (), over, (year,), declared_levers()
    )
    levers = programme.levers(jnp.ones(len(groups)), jnp.asarray(0))
    agreement = _agreements(over.world, levers) + _pairs_under(moves, over)
    return Shock(
        tariff=np.asarray(levers.tariff),
        barrier=np.asarray(levers.barrier),
        forbidden=np.asarray(levers.sanction),
        agreement=np.clip(agreement * ripe, -1.0, 1.0),
        capacity=_capacity(moves, over, n),
    )


def _agreements(world: World, levers: Levers) -> Float[np.ndarray, "N N"]:
    """Agreements that joining and leaving frameworks brings or ends."""
    change = agreements_from(world)(world, levers, jax.random.key(0))
    return np.asarray(change["new_agreement"])


def _pairs_under(moves: Sequence[Move], over: Layout) -> Float[np.ndarray, "N N"]:
    """Agreements concluded pair by pair, weighted by the trade of the states in a region."""
    found = np.zeros((over.world.count, over.world.count))
    states, member = list(over.full.states), over.member
    held = np.asarray(over.full.agreement)
    weight = np.asarray(over.full.sales) + np.asarray(over.full.sales).T
    for move in (move for move in moves if move.lever == "agreement"):
        side = [np.isin(states, ids).astype(float) for ids in (move.actors, move.targets)]
        pairs = np.maximum(np.outer(*side), np.outer(*reversed(side))) * (1 - np.eye(len(states)))
        room = 1.0 - held if move.value > 0 else held
        found += member @ (move.value * pairs * room * weight) @ member.T
    touched = member @ weight @ member.T
    return np.divide(found, touched, out=np.zeros_like(found), where=touched > 0)


def _capacity(moves: Sequence[Move], over: Layout, n: int) -> Float[np.ndarray, " N"]:
    gdp, member = np.asarray(over.full.gdp), over.member
    grown = np.ones(n)
    for move in (move for move in moves if move.lever == "capacity"):
        states = np.isin(over.full.states, move.actors).astype(float)
        grown += move.value * (member @ (states * gdp) / (member @ gdp))
    return grown


def tariff_after(
    world: World, added: Float[np.ndarray, "N N"], agreement: Float[np.ndarray, "N N"] | float = 0.0
) -> Float[np.ndarray, "N N"]:
    """Rate on whole flows: rate on goods, not below zero, times the share of goods.

    Agreements cut the rate of the base year by the share of trade under them, not what is added.
    """
    rate = np.maximum(np.asarray(world.tariff) * (1.0 - np.clip(agreement, 0.0, 1.0)) + added, 0.0)
    return (1.0 - np.eye(world.count)) * np.asarray(world.goods) * rate


def base_of(world: World) -> TradeBase:
    """Calibrated one-sector base year of a filled world."""
    start = jnp.asarray(tariff_after(world, np.zeros((world.count, world.count))))
    return eqx.filter_jit(calibrate)(world.sales, start, world.value_added_share)
