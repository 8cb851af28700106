"""How the equilibrium of many sectors is found: Anderson mixing, with a way back.

Each pass gives the wages, prices and spending that the present ones imply; Anderson mixing
[walker2011anderson] turns the last such passes into a secant step. A step that makes the largest
gap much worse is undone: the search goes back to its best point, forgets, and takes a number of
damped plain steps, twice as many every time, before it mixes again. It stops at the tolerance or
at the limit of passes, never elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int

from comity.models.trade.sector_market import (
    Pass,
    Point,
    SectorBase,
    SectorShock,
    pass_through,
    wage_step,
)
from comity.models.trade.trade_search import eliminate

MEMORY = 6
LARGEST_STEP = 1.0  # of a logarithm in one pass
WORSE = 4.0  # times the best residual: beyond, a step is undone
PLAIN = 0.5  # part of a plain step that is taken
DIRECT_PASSES = 1000  # before the shock is let in by parts
FIRST_REST, LONGEST_REST = 4, 256  # plain steps after the first and after many failures


class Search(NamedTuple):
    """State of the search; arrays of past changes run from the latest to the oldest."""

    point: Point
    here: Pass
    moves: Float[Array, "M size"]
    changes: Float[Array, "M size"]
    best_point: Point
    best: Pass
    rest: Int[Array, ""]
    """Plain steps still to come, and how many there will be after the next failure."""
    next_rest: Int[Array, ""]
    passes: Int[Array, ""]


def find(base: SectorBase, shock: SectorShock, start: Point, tol: float, max_passes: int) -> Search:
    """Search from ``start`` until the largest gap is within ``tol``; see ``best``."""
    step = wage_step(base, shock)
    here = pass_through(base, shock, step, start)
    memory = jnp.zeros((MEMORY, _flat(start).size))
    none, rest = jnp.int32(0), jnp.int32(FIRST_REST)
    first = Search(start, here, memory, memory, start, here, none, rest, none)
    return lax.while_loop(
        lambda s: (s.best.residual > tol) & (s.passes < max_passes),
        lambda s: _mix(base, shock, step, s),
        first,
    )


def _flat(point: Point) -> Float[Array, " size"]:
    return jnp.concatenate([point.wage, point.price.ravel(), point.spending.ravel()])


def _mix(base: SectorBase, shock: SectorShock, step: Float[Array, " N"], s: Search) -> Search:
    """One secant step; or, for a while after one that made things much worse, plain ones."""
    bad = ~(s.here.residual <= WORSE * s.best.residual)
    # Plain steps may make things worse for a while, but not without end.
    worse = bad & ((s.rest == 0) | ~jnp.isfinite(s.here.residual))
    rest = jnp.where(worse, s.next_rest, s.rest)
    old, implied = jax.tree.map(
        lambda back, on: jnp.where(worse, back, on),
        (s.best_point, s.best.implied),
        (s.point, s.here.implied),
    )
    gap = _flat(implied) - _flat(old)
    keep = jnp.where(worse, 0.0, 1.0)
    moves, changes = keep * s.moves, keep * s.changes
    move = jnp.where(rest > 0, PLAIN * gap, gap - _secant(moves, changes, gap))
    move = jnp.clip(move, -LARGEST_STEP, LARGEST_STEP)
    point = _moved(old, move)
    here = pass_through(base, shock, step, point)
    change = _flat(here.implied) - _flat(point) - gap
    better = here.residual < s.best.residual
    best_point, best = jax.tree.map(
        lambda new, kept: jnp.where(better, new, kept), (point, here), (s.best_point, s.best)
    )
    return Search(
        point,
        here,
        jnp.concatenate([move[None], moves[:-1]]),
        jnp.concatenate([change[None], changes[:-1]]),
        best_point,
        best,
        jnp.maximum(rest - 1, 0),
        jnp.where(worse, jnp.minimum(2 * s.next_rest, LONGEST_REST), s.next_rest),
        s.passes + 1,
    )


def _moved(point: Point, move: Float[Array, " size"]) -> Point:
    count, pairs = point.wage.size, point.price.size
    return Point(
        point.wage + move[:count],
        point.price + move[count : count + pairs].reshape(point.price.shape),
        point.spending + move[count + pairs :].reshape(point.price.shape),
    )


def _secant(
    moves: Float[Array, "M size"],
    changes: Float[Array, "M size"],
    gap: Float[Array, " size"],
) -> Float[Array, " size"]:
    """Correction of the plain step that the last changes of point and gap suggest."""
    gram = changes @ changes.T
    ridge = 1e-14 * jnp.trace(gram) + 1e-300
    weights = eliminate(gram + ridge * jnp.eye(MEMORY), changes @ gap, unroll=True)
    return weights @ (moves + changes)
