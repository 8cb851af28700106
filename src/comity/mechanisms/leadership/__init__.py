"""A type of government is a set of acts: which commitments it keeps, leaves and takes up again.

The levers `leadership` (all domains) and `engage` (one domain) place a government between -1, which
leaves commitments at the yearly rates of the United States since January 2025, 0, which leaves them
as any government has since 1965, and 1, which also goes back to what was left; log rates lie on a
line between [vonborzyskowski2019hello]. What comes out is the expected share of the commitments of
the base year that is kept, by domain; acts that a scenario names are part of it, not on top.
With the lever `ends_with_government` the type ends once another side governs (`elections`).
A change of leader as such moves votes in the General Assembly by a tenth more than other years and
in no known direction, and ends alliances no sooner (docs/replications/leadership.md), so ideal
points and alliances are left alone here.
Simplified: rates of one government of one state stand for the type anywhere; domains are equal
sized parts. Do not trust it for a named membership, nor as a forecast of an election.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.parameters import Parameter
from comity.core.types import PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.institutions.leadership import exit_rate, next_kept
from comity.registry.axes import DOMAINS
from comity.world.given import World


class Leadership(AbstractMechanism):
    """Engagement by domain and the share of commitments kept."""

    name: ClassVar[str] = "leadership"
    book: ClassVar[str] = "leadership"
    phase: ClassVar[str] = "leadership"
    reads: ClassVar[tuple[str, ...]] = ("commitments_kept", "government_stands")
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("engagement", "commitments_kept")
    reference: ClassVar[str] = "vonborzyskowski2019hello"
    levers: ClassVar[tuple[str, ...]] = ("leadership", "engage", "ends_with_government")
    keeps: ClassVar[tuple[str, ...]] = ("commitments_kept",)

    base_exit_rate: Scalar
    exit_rate_un: Scalar
    exit_rate_trade: Scalar
    exit_rate_climate: Scalar
    exit_rate_security: Scalar
    return_rate: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Leadership:
        """The mechanism for a world, with the values of its book."""
        return leadership_from(numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Place the government of the year and let commitments go or come back."""
        gone = jnp.clip(levers.ends_with_government, 0.0, 1.0) * (1.0 - world.government_stands)
        engagement = (1.0 - gone[:, None]) * jnp.clip(
            levers.leadership[:, None] + levers.engage, -1.0, 1.0
        )
        leaving = exit_rate(engagement, self.base_exit_rate, self.rates())
        back = self.return_rate * jnp.maximum(engagement, 0.0)
        kept = next_kept(world.commitments_kept, leaving, back)
        return {"engagement": engagement, "commitments_kept": kept}

    def rates(self) -> Float[Array, " D"]:
        """Exit rates at -1 in the order of `comity.registry.axes.DOMAINS`."""
        return jnp.stack([getattr(self, f"exit_rate_{domain}") for domain in DOMAINS])


def leadership_from(numbers: Mapping[str, Parameter]) -> Leadership:
    """The mechanism with the values of its book."""
    return Leadership(**{name: jnp.asarray(number.value) for name, number in numbers.items()})
