"""What output loses when an input that is hard to replace falls away.

One input E and all else X make output with a constant elasticity of substitution s between them;
with a the share of spending on E before, and e what is left of it,

    y = (a e^((s-1)/s) + 1 - a)^(s/(s-1)),

all else unchanged [bachmann2022what, the simplified model]. To second order the loss of log
output is a d + a (1-a) (1/s - 1) d^2 / 2 with d = -ln e [baqaee2019macroeconomic]: the first term
is what a trade model of broad sectors sees, the second what it misses.
Simplified: one input, no stocks, no rationing between users, no fall of demand. Do not trust it
for weeks, or for a share of spending that is not known by itself (chips of one kind).
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core import require

LARGE = 30.0  # beyond which 1 is nothing beside its exponential


def output_left(
    share: Float[Array, "*#cases"],
    left: Float[Array, "*#cases"],
    substitution: Float[Array, "*#cases"],
) -> Float[Array, "*cases"]:
    """Output, ratio to before.

    Parameters
    ----------
    share
        Share of spending on the input before, (0, 1].
    left
        What is left of the input, ratio to before, (0, 1].
    substitution
        Elasticity of substitution between it and all else, positive; 1 is Cobb-Douglas.
    """
    _check(share, left, substitution)
    near = jnp.abs(substitution - 1.0) < 1e-9
    power = (jnp.where(near, 2.0, substitution) - 1.0) / jnp.where(near, 2.0, substitution)
    pull = power * jnp.log(left)
    # Near one both logs are small, and far from it their exponentials are beyond any float.
    little = jnp.log1p(share * jnp.expm1(jnp.minimum(pull, LARGE)))
    much = jnp.logaddexp(jnp.log(share) + pull, jnp.log1p(-share))
    return jnp.where(near, left**share, jnp.exp(jnp.where(pull > LARGE, much, little) / power))


def second_order(
    share: Float[Array, "*#cases"],
    left: Float[Array, "*#cases"],
    substitution: Float[Array, "*#cases"],
) -> Float[Array, "*cases"]:
    """Output to second order in the log of what is left; arguments as in `output_left`."""
    _check(share, left, substitution)
    fall = -jnp.log(left)
    bent = 0.5 * share * (1.0 - share) * (1.0 / substitution - 1.0)
    return jnp.exp(-share * fall - bent * fall**2)


def _check(share: object, left: object, substitution: object) -> None:
    require.share("the share of spending", share)
    require.share("what is left of the input", left)
    require.positive("the elasticity of substitution", substitution)
