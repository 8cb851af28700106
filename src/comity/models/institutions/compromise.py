"""What many actors settle on: the compromise model and the median, Thomson and others (2006).

The compromise is the mean of positions, each weighted by the actor's capability times the salience
of the issue to it.  The median is the position that no other beats when actors vote by distance
with those weights (Black 1948); of two that halve the weight exactly, the lower
[thomson2006european, black1948rationale].
Simplified: every actor's weight is the same on every issue but for salience, and nobody changes
position.  Do not trust it for issues with two possible outcomes, where the mean is neither.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from comity.core.errors import BadInput


def compromise(
    position: Float[np.ndarray, "*issues N"],
    capability: Float[np.ndarray, " N"] | Float[np.ndarray, "*issues N"],
    salience: Float[np.ndarray, "*issues N"],
) -> Float[np.ndarray, "*issues"]:
    """Mean position of each issue, in the unit of positions.

    Parameters
    ----------
    position
        Any unit; missing (NaN) where an actor has no position, which leaves it out there.
    capability
        Any unit, above nil.
    salience
        Share of the capability that an actor would use, above 0 and up to 1.

    Raises
    ------
    BadInput
        When a weight is out of range, shapes differ or an issue has no position.
    """
    weight = _weight(position, capability, salience)
    return np.asarray((weight * np.where(weight > 0, position, 0.0)).sum(-1) / weight.sum(-1))


def median(
    position: Float[np.ndarray, "*issues N"],
    capability: Float[np.ndarray, " N"] | Float[np.ndarray, "*issues N"],
    salience: Float[np.ndarray, "*issues N"],
) -> Float[np.ndarray, "*issues"]:
    """Weighted median position of each issue; arguments and errors as `compromise`."""
    weight = _weight(position, capability, salience)
    order = np.argsort(position, axis=-1, kind="stable")
    sorted_weight = np.take_along_axis(weight, order, -1)
    below = np.cumsum(sorted_weight, axis=-1)
    # Halves are told up to rounding of the sums.
    at = (below >= below[..., -1:] * (0.5 - 1e-12)).argmax(axis=-1)
    place = np.take_along_axis(order, at[..., None], -1)
    return np.asarray(np.take_along_axis(position, place, -1)[..., 0])


def _weight(
    position: Float[np.ndarray, "*issues N"],
    capability: Float[np.ndarray, " N"] | Float[np.ndarray, "*issues N"],
    salience: Float[np.ndarray, "*issues N"],
) -> Float[np.ndarray, "*issues N"]:
    """Capability times salience, nil where there is no position, after a look at all three."""
    if (
        position.ndim == 0
        or salience.shape != position.shape
        or capability.shape not in {position.shape, position.shape[-1:]}
    ):
        raise BadInput(
            f"positions {position.shape}, capabilities {capability.shape}, "
            f"saliences {salience.shape}",
            why="there is one of each for an actor",
        )
    if not (np.isfinite(capability) & (capability > 0)).all():
        raise BadInput("a capability is not a number above nil", fix="leave that actor out")
    if not ((salience > 0) & (salience <= 1)).all():
        raise BadInput(
            "a salience is not above 0 and up to 1",
            fix="divide by 100 where it is in per cent; give who does not care no position (NaN)",
        )
    if np.isinf(position).any() or np.isnan(position).all(axis=-1).any():
        raise BadInput("an issue has no position, or one that is not finite", fix="leave it out")
    return np.where(np.isnan(position), 0.0, capability * salience)
