"""The program of a row: all years, then what cutting off each partner would cost the actor."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from comity.core.types import Flag
from comity.engine.contract import CutsOff
from comity.engine.year import Kept, Row, Shared, bind, future


class Watched(eqx.Module):
    """A row and whom it is about: places of the actor (first) and of its partners."""

    row: Row
    who: Int[Array, " P"]


class RowResult(eqx.Module):
    """What a row sends back to be stored: series (T, ...), its flag, and cut-off losses in %.

    ``losses``: by partner and horizon, in the long run and in the first year.
    """

    series: dict[str, Float[Array, "T *element"]]
    losses: Float[Array, "P H"]
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
) -> tuple[Float[Array, " H"], Flag]:
    able = next(m for m in shared.mechanisms if isinstance(m, CutsOff))
    cutting: Any = bind(able, row.parameters)
    return cutting.loss(shared.world.replace(kept.end), kept.levers, partner, actor)
