"""What each future draws once about growth: every state's trend for the years to come.

m_i ~ N(trend_i, trend_sd_i^2), with trend_i the world mean plus the state's own past deviation,
regressed to the mean as past growth is a poor guide [pritchett2014asiaphoria]; and the common
shock of the year before the first, from its long-run distribution. A trend drawn for good makes
uncertainty grow with the horizon [muller2022econometric].
Simplified: trends of neighbours are drawn independently. Do not trust it for states at war.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp

from comity.core.parameters import Parameter
from comity.core.types import PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.people.growth import draw_trend, first_world_shock
from comity.world.given import World


class Trend(AbstractMechanism):
    """Trend of growth per head and the common shock before the first year."""

    name: ClassVar[str] = "trend"
    book: ClassVar[str] = "growth"
    phase: ClassVar[str] = "start"
    reads: ClassVar[tuple[str, ...]] = ("slot", "trend", "trend_sd")
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("growth_trend", "world_shock")
    reference: ClassVar[str] = "pritchett2014asiaphoria"
    levers: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()

    world_sd: Scalar
    world_mean_error: Scalar
    trend_sd_scale: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Trend:
        """The mechanism for a world, with the values of its book."""
        return trend_from(numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Draw the trends and where the world cycle stands."""
        trend_key, world_key = jax.random.split(key)
        mean, spread = world.trend + self.world_mean_error, self.trend_sd_scale * world.trend_sd
        return {
            "growth_trend": draw_trend(trend_key, mean, spread, world.slot),
            "world_shock": first_world_shock(world_key, self.world_sd),
        }


def trend_from(numbers: Mapping[str, Parameter]) -> Trend:
    """The mechanism with the values of the book of growth, whose numbers it shares."""
    names = ("world_sd", "world_mean_error", "trend_sd_scale")
    return Trend(**{name: jnp.asarray(numbers[name].value) for name in names})
