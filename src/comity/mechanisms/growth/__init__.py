"""Productive capacity grows with population and productivity, shaken by common and own shocks.

log capacity rises by g_it = m_i + n_i + l_i f_t + e_it, with f_t a first-order autoregression
common to all [kose2003international] and m_i the trend that this future drew (mechanism `trend`).
Capacity is what the trade equilibrium has to work with; what trade adds to or takes from
consumption is not fed back into growth.
Simplified: normal shocks; population growth without a shock of its own. Do not trust it for states
at war, or where one mine or oil field decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from comity.core.parameters import Parameter
from comity.core.types import PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.people.growth import growth_rates
from comity.world.given import World


class Growth(AbstractMechanism):
    """Growth of productive capacity in a year."""

    name: ClassVar[str] = "growth"
    book: ClassVar[str] = "growth"
    phase: ClassVar[str] = "growth"
    reads: ClassVar[tuple[str, ...]] = (
        "slot",
        "growth_trend",
        "population_growth",
        "loading",
        "growth_sd",
        "world_shock",
        "capacity",
    )
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("capacity", "world_shock", "own_shock")
    reference: ClassVar[str] = "kose2003international"
    levers: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()

    world_sd: Scalar
    world_persistence: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Growth:
        """The mechanism for a world, with the values of its book."""
        return growth_from(numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Draw the year's growth and add it to capacity."""
        year = growth_rates(
            key,
            world.growth_trend,
            world.population_growth,
            world.loading,
            world.growth_sd,
            world.world_shock,
            self.world_sd,
            self.world_persistence,
            world.slot,
        )
        return {
            "capacity": world.capacity * jnp.exp(year.rate),
            "world_shock": year.world,
            "own_shock": year.own,
        }


def growth_from(numbers: Mapping[str, Parameter]) -> Growth:
    """The mechanism with the values of its book."""
    return Growth(
        world_sd=jnp.asarray(numbers["world_sd"].value),
        world_persistence=jnp.asarray(numbers["world_persistence"].value),
    )
