"""The flashpoints of the library as rows of a world: who stands where, and on what ground.

A flashpoint of which a state is merged into a region, or not in the world, is left out: its rows
point at state 0 and its masks are nil, so that it moves nothing.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Bool, Float

from comity.models.force.commitment import Ground
from comity.models.force.war import Sides
from comity.registry.axes import PROTECTORS, flashpoints
from comity.world.given import World
from comity.world.snapshot import table


class Theatres(eqx.Module):
    """Flashpoints of a world: sides, ground of commitments, troops, chance of a challenge.

    ``troops`` (F, P): thousand persons of each protector in the target, and ``counted`` whether
    any source counts that protector's; ``chance`` (F,): of a challenge in a year at the baseline;
    ``gravity`` (F,): log-odds that one becomes a war, less those of all pairs.
    """

    sides: Sides
    ground: Ground
    troops: Float[Array, "F P"]
    counted: Bool[Array, "F P"]
    chance: Float[Array, " F"]
    gravity: Float[Array, " F"]


def risks() -> pd.DataFrame:
    """Table of risks that ships, a row a flashpoint in the order of the axis."""
    return table("flashpoint_risk").set_index("flashpoint").loc[list(flashpoints())]


def theatres(world: World) -> Theatres:
    """Flashpoints as they stand in a world."""
    frame = risks()
    row = {state: i for i, state in enumerate(world.states)}
    here = frame["challenger"].isin(row) & frame["target"].isin(row)
    states = {
        side: frame[side].map(row).fillna(0).to_numpy(int) for side in ("challenger", "target")
    }
    basis = [
        [pair.split(":") for pair in str(given).split()] for given in frame["protectors"].fillna("")
    ]
    protector = np.zeros((len(frame), len(PROTECTORS)), int)
    on = {kind: np.zeros(protector.shape) for kind in ("treaty", "law", "statement")}
    for f, pledges in enumerate(basis):
        for p, (state, kind) in enumerate(pledges):
            if here.iloc[f] and state in row:
                protector[f, p], on[kind][f, p] = row[state], 1.0
    listed = sum(on.values())
    troops, counted = _troops(world, protector, states["target"])
    present = here.to_numpy() & frame["under_way"].isna().to_numpy()
    return Theatres(
        Sides(
            challenger=jnp.asarray(states["challenger"]),
            target=jnp.asarray(states["target"]),
            protector=jnp.asarray(protector),
            listed=jnp.asarray(listed),
            present=jnp.asarray(present, float),
        ),
        Ground(jnp.asarray(listed), *(jnp.asarray(on[k]) for k in ("treaty", "law", "statement"))),
        jnp.asarray(troops),
        jnp.asarray(counted & (np.asarray(listed) > 0)),
        jnp.asarray(frame["chance"].to_numpy(float)),
        jnp.asarray(frame["escalation"].to_numpy(float)),
    )


def _troops(
    world: World, protector: np.ndarray, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Thousands of each protector's troops in the target, and whether its troops are counted."""
    frame = table("forces")
    known = frame.set_index(["sender", "host"])["personnel"]
    senders = set(frame["sender"])
    names = np.array(world.states)
    troops, counted = np.zeros(protector.shape), np.zeros(protector.shape, bool)
    for (f, p), state in np.ndenumerate(names[protector]):
        counted[f, p] = state in senders
        troops[f, p] = known.get((state, names[target[f]]), 0.0)
    return troops, counted
