"""Sums over states, and ratios of sums, whose bits do not depend on how many cores there are.

XLA splits a plain reduction over its threads, so ``jnp.sum`` over 196 states gave other last bits
on one core than on two; a dot product with ones did not.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float


def total(x: Float[Array, "..."], axis: int = -1) -> Float[Array, "..."]:
    """Sum ``x`` over one axis as a dot product with ones; same shape without that axis."""
    return jnp.tensordot(x, jnp.ones(x.shape[axis], x.dtype), axes=([axis], [0]))


def ratio(new: Float[Array, "..."], old: Float[Array, "..."], axis: int = 0) -> Float[Array, "..."]:
    """Sum of ``new`` over that of ``old`` along an axis; exactly one where nothing changed.

    A sum of differences, not a difference of sums; but where little is left of a sum, one and a
    difference would lose the digits of what is left (a state cut off whose price rises eightfold
    keeps a ten-billionth at an elasticity of 8).
    """
    before = total(old, axis)
    moved = 1.0 + total(new - old, axis) / before
    return jnp.where(moved > 0.5, moved, total(new, axis) / before)
