"""Sanctions and blockades as trade barriers that leak.

A sender forbids a share s of its trade with a target, both ways. Part of what is forbidden goes on
(exemptions, evasion, disguised origin), and part of what is allowed stops too, since banks and
shippers keep away [crozet2020friendly: most of the exports lost were not themselves banned]:

    trade left at given incomes = (1 - s)(1 - chill s) + leak s,    iceberg cost = left^(-1/e).

It falls with s as long as leak + chill < 1. Two bans on each other overlap: s is
1 - (1 - s_ij)(1 - s_ji). What moves to other partners follows from the trade equilibrium. A
blockade is the same with every state as sender. Complete sanctions cut trade most in gravity
estimates [felbermayr2020global].
Simplified: one leak for all goods and pairs, no goods that cannot be replaced, no detour through a
named third state, no build-up over time. Do not trust it for finance or single goods.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core import require

LEAST = 1e-6  # of trade that is always left: nothing in the equilibrium may be exactly cut


def overlap(forbidden: Float[Array, "N N"]) -> Float[Array, "N N"]:
    """Share of a pair's trade that one of the two or both forbid; symmetric, zero diagonal."""
    share = jnp.clip(forbidden, 0.0, 1.0) * (1.0 - jnp.eye(forbidden.shape[0]))
    return 1.0 - (1.0 - share) * (1.0 - share.T)


def left(
    forbidden: Float[Array, "N N"],
    leak: Float[Array, ""],
    chill: Float[Array, ""],
) -> Float[Array, "N N"]:
    """Trade of each pair that is left at given incomes, share of what it was.

    Parameters
    ----------
    forbidden
        Share of trade that the row forbids with the column, 0-1.
    leak
        Share of forbidden trade that goes on, 0-1.
    chill
        Share of allowed trade that stops where all the rest is forbidden, 0-1.

    Raises
    ------
    BadInput
        When one is no share.
    """
    for what, value in (("what is forbidden", forbidden), ("leak", leak), ("chill", chill)):
        require.chances(what, value)
    share = overlap(forbidden)
    return jnp.maximum((1.0 - share) * (1.0 - chill * share) + leak * share, LEAST)


def barrier(
    forbidden: Float[Array, "N N"],
    elasticity: Float[Array, ""],
    leak: Float[Array, ""],
    chill: Float[Array, ""],
) -> Float[Array, "N N"]:
    """Iceberg cost factor minus one that leaves that much trade; ``elasticity`` of trade > 0."""
    require.positive("the elasticity", elasticity)
    return jnp.exp(-jnp.log(left(forbidden, leak, chill)) / elasticity) - 1.0
