"""Growth of GDP: a trend that each future draws once, a shock to all states, a shock of one's own.

    g_it = m_i + n_i + l_i f_t + e_it,   m_i ~ N(trend_i, trend_sd_i^2) once a future,
    f_t = phi f_(t-1) + w_t,  Var(f) = world_sd^2,   e_it ~ N(0, sd_i^2)       (log growth, 1/year)

Trends regress to the world mean (Easterly, Kremer, Pritchett and Summers 1993; Pritchett and
Summers 2014), a common factor moves all (Kose, Otrok and Whiteman 2003), and a trend drawn for
good makes uncertainty grow with the horizon as in Mueller, Stock and Watson (2022).
Simplified: normal shocks, no correlation of neighbours, population growth n_i without a shock of
its own (its error is in trend_sd).  Do not trust its tails: war, collapse and oil moved 1 % of
ten-year forecasts by more than five standard deviations.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.ops import total
from comity.core.types import PerState, PRNGKey, Scalar, StateSlots


class Growth(eqx.Module):
    """Growth of one year: ``rate`` (log, 1/year, (N,)), its ``world`` shock and ``own`` shocks."""

    rate: PerState
    world: Scalar
    own: PerState


class Aggregate(eqx.Module):
    """Parameters of regions, each (G,), in the units of the states' own."""

    trend: Float[Array, " G"]
    trend_sd: Float[Array, " G"]
    population_growth: Float[Array, " G"]
    loading: Float[Array, " G"]
    sd: Float[Array, " G"]


def state_normals(key: PRNGKey, slots: StateSlots) -> PerState:
    """Draw one standard normal a state from its slot, a number that is the state's for good.

    A state's draw is therefore the same whatever other states are in the world and in whatever
    order.  One hash a state is quicker at 48 states than drawing for all slots and picking.
    """
    return jax.vmap(lambda slot: jax.random.normal(jax.random.fold_in(key, slot), ()))(slots)


def draw_trend(key: PRNGKey, trend: PerState, trend_sd: PerState, slots: StateSlots) -> PerState:
    """Draw the growth per head (1/year) that a state tends to in this future."""
    return trend + trend_sd * state_normals(key, slots)


def first_world_shock(key: PRNGKey, world_sd: Scalar) -> Scalar:
    """Draw the common shock of the year before the first, from its long-run distribution."""
    return world_sd * jax.random.normal(key, ())


def world_shock(key: PRNGKey, before: Scalar, world_sd: Scalar, persistence: Scalar) -> Scalar:
    """Draw the common shock (1/year) given last year's; its long-run sd is ``world_sd``."""
    fresh = jnp.sqrt(1.0 - persistence**2) * world_sd
    return persistence * before + fresh * jax.random.normal(key, ())


def growth_rates(
    key: PRNGKey,
    trend: PerState,
    population_growth: PerState,
    loading: PerState,
    sd: PerState,
    before: Scalar,
    world_sd: Scalar,
    persistence: Scalar,
    slots: StateSlots,
) -> Growth:
    """Draw log growth of GDP in one year; GDP is multiplied by ``exp(rate)``.

    Parameters
    ----------
    key
        Key of this mechanism in this year of this future.
    trend
        Growth per head drawn for this future by ``draw_trend`` (1/year).
    population_growth
        Growth of population (1/year).
    loading
        Response to the common shock (1).
    sd
        Standard deviation of own yearly shocks (1/year).
    before
        Last year's common shock (1/year).
    world_sd, persistence
        Long-run sd (1/year) and first autocorrelation (0-1) of the common shock.
    slots
        The number that is each state's for good.
    """
    world_key, own_key = jax.random.split(key)
    world = world_shock(world_key, before, world_sd, persistence)
    own = sd * state_normals(own_key, slots)
    return Growth(trend + population_growth + loading * world + own, world, own)


def aggregate(
    weights: Float[Array, "G N"],
    trend: PerState,
    trend_sd: PerState,
    population_growth: PerState,
    loading: PerState,
    sd: PerState,
) -> Aggregate:
    """Return the parameters of regions merged from states.

    Growth of a sum is the mean of growth weighted by GDP shares ``weights`` (rows sum to one; an
    approximation while the shares stay near those).  Means and loadings are weighted means; trends
    and own shocks are independent between states, so variances add with squared weights.
    """

    def mean(x: PerState) -> Float[Array, " G"]:
        return total(weights * x)

    def independent(x: PerState) -> Float[Array, " G"]:
        return jnp.sqrt(total((weights * x) ** 2))

    return Aggregate(
        mean(trend), independent(trend_sd), mean(population_growth), mean(loading), independent(sd)
    )
