"""The program of a row: all years, then what cutting off each partner would cost the actor."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from comity.core.types import Flag
from comity.engine.year import Kept, Row, Shared, bind, future
from comity.mechanisms.trade import Trade, position
from comity.models.trade.coercion import cutoff_loss

# Trade at a hundred times its cost: 100^-elasticity of its appeal is left, a thousandth at the
# lowest elasticity drawn (1.5), 1e-8 at 4. A ban is never airtight, and one without end is stiff.
CUT_OFF = 99.0


class Watched(eqx.Module):
    """A row and whom it is about: places of the actor (first) and of its partners."""

    row: Row
    who: Int[Array, " P"]


class RowResult(eqx.Module):
    """What a row sends back to be stored: series (T, ...), cut-off losses (P,) in %, its flag."""

    series: dict[str, Float[Array, "T *element"]]
    losses: Float[Array, " P"]
    ok: Flag


def one_row(shared: Shared, watched: Watched) -> RowResult:
    """Run a row. Who is watched is a value, so that one program serves every actor."""
    row, actor = watched.row, watched.who[0]
    kept = future(shared, row)
    places = range(1, watched.who.shape[0])
    losses = [_loss(shared, row, kept, actor, watched.who[place]) for place in places]
    ok = kept.ok & jnp.all(jnp.stack([found for _, found in losses]))
    return RowResult(kept.series, jnp.stack([loss for loss, _ in losses]), ok)


def _loss(
    shared: Shared, row: Row, kept: Kept, actor: Int[Array, ""], partner: Int[Array, ""]
) -> tuple[Float[Array, ""], Flag]:
    trade = bind(next(m for m in shared.mechanisms if isinstance(m, Trade)), row.parameters)
    at = position(trade, shared.world.replace(kept.end), kept.levers)
    found = cutoff_loss(
        trade.base,
        trade.elasticity,
        at.capacity,
        at.tariff,
        at.cost,
        partner,
        actor,
        jnp.asarray(CUT_OFF),
        at.start,
    )
    return 100.0 * found.power, found.converged
