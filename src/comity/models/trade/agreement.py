"""What a trade agreement does to a pair's trade: tariffs go, and other costs fall by the rest.

The published effect of an agreement on trade in goods [yotov2016advanced, manufacturing] holds
its tariff cuts already.  So tariffs are cut, with their revenue, and other trade costs fall only
by what the cut leaves of the effect, log growth of trade at given incomes:

    rest = max(w a - e log((1 + t) / (1 + t (1 - w))), 0),

with w the share of the pair's trade under the agreement, a its effect, e the trade elasticity and
t the tariff.  On services the effect is a judged part of that on goods, without a tariff.  An
agreement that is lost raises costs by its whole effect; the tariffs that would apply instead are
not known pair by pair, and stay.  What members add to depth later adds its own log growth.
Simplified: one effect for every agreement, whatever is in it.  Do not trust it for one agreement:
deep ones do several times as much as shallow ones.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float


class Eased(NamedTuple):
    """Tariff left on goods (fraction) and log growth of trade in goods to come from other costs."""

    tariff: Float[Array, "*pairs"]
    growth: Float[Array, "*pairs"]


def on_goods(
    share: Float[Array, "*pairs"],
    effect: Float[Array, ""],
    tariff: Float[Array, "*pairs"],
    elasticity: Float[Array, "*#pairs"],
) -> Eased:
    """What an agreement leaves of tariffs on goods, and what it adds besides.

    Parameters
    ----------
    share
        Share of the pair's trade that came under an agreement, matured; below zero where it lost
        one, down to -1.
    effect
        Log growth of trade in goods by a full agreement, tariff cuts included.
    tariff
        Rate on goods before, fraction.
    elasticity
        Trade elasticity, positive.
    """
    left = tariff * (1.0 - jnp.clip(share, 0.0, 1.0))
    by_tariff = elasticity * (jnp.log1p(tariff) - jnp.log1p(left))
    whole = effect * share
    return Eased(left, jnp.where(share > 0, jnp.maximum(whole - by_tariff, 0.0), whole))


def depth_of_pairs(depth: Float[Array, "K N"]) -> Float[Array, "N N"]:
    """What both sides of a pair have added to, or undone of, a shared agreement's depth; (N, N).

    Of both sides' moves the lesser counts, of several agreements the one that moved most.

    Parameters
    ----------
    depth
        Obligations beyond those of the base year by trade agreement and state, from -1 to 1.
    """
    count = depth.shape[1]
    found = jnp.zeros((count, count))
    for own in depth:
        up, down = jnp.maximum(own, 0.0), jnp.minimum(own, 0.0)
        joint = jnp.minimum(up[:, None], up[None, :]) + jnp.maximum(down[:, None], down[None, :])
        found = jnp.where(jnp.abs(joint) > jnp.abs(found), joint, found)
    return found * (1.0 - jnp.eye(count))


def of_flow(
    goods: Float[Array, "*pairs"],
    growth: Float[Array, "*pairs"],
    services: Float[Array, "*pairs"],
) -> Float[Array, "*pairs"]:
    """Log growth of a whole flow, given that of its goods and of its services.

    ``goods``: share of goods in the flow.  Exactly nil where both are.
    """
    return jnp.log1p(goods * jnp.expm1(growth) + (1.0 - goods) * jnp.expm1(services))
