"""Deadlock in the Security Council over conflicts that come back, and what its rule gives whom.

For each recurring conflict the chance of a veto in a year follows from the members' ties to the
state concerned [mcfadden1974conditional; models.council]; `deadlock` is its mean by topic. The
lever `decision_rule` on UNSC raises the number of vetoes that it takes to block: each beyond the
first is there with the chance that others joined the member's vetoes since 1990. `council_power`
is the Shapley-Shubik index of a seat under that rule [shapley1954method].
Simplified: the conflicts are those of 2010-2019, ties those of 2024, positions do not answer to the
rule, and drafts that nobody tabled are not counted.
Off by default: forecasts of vetoes were no better than base rates (docs/replications/council.md).
Do not trust it for one draft, nor for who will be the next to be shielded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from comity.core.parameters import Parameter
from comity.core.types import PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.models.institutions.voting_power import Quota, Rule, heads, power
from comity.registry.axes import TOPICS
from comity.world.given import World
from comity.world.snapshot import table

FRAMEWORK = "UNSC"
MEMBERS = ("USA", "GBR", "FRA", "RUS", "CHN")
SEATS, NEEDED = 15, 9
# State, what its conflicts were most often, members that took part. They are taken from the
# conflict data in evidence.estimates.council_numbers, and a test compares.
RECURRING = (
    ("AFG", "internationalised", ("USA",)),
    ("AZE", "internationalised", ()),
    ("CAF", "internationalised", ("FRA",)),
    ("CMR", "civil", ()),
    ("COD", "internationalised", ()),
    ("COL", "civil", ()),
    ("DZA", "civil", ()),
    ("EGY", "civil", ()),
    ("ETH", "civil", ()),
    ("IND", "interstate", ()),
    ("IRN", "civil", ()),
    ("IRQ", "internationalised", ("USA", "GBR", "FRA")),
    ("ISR", "civil", ()),
    ("KEN", "civil", ("USA",)),
    ("LBY", "internationalised", ("USA",)),
    ("MLI", "internationalised", ("USA", "GBR", "FRA", "CHN")),
    ("MMR", "civil", ()),
    ("MOZ", "civil", ()),
    ("NER", "internationalised", ("USA", "FRA")),
    ("NGA", "internationalised", ()),
    ("PAK", "interstate", ()),
    ("PHL", "civil", ()),
    ("RUS", "civil", ("RUS",)),
    ("RWA", "internationalised", ()),
    ("SDN", "civil", ()),
    ("SOM", "internationalised", ("USA",)),
    ("SSD", "civil", ()),
    ("SYR", "internationalised", ("RUS",)),
    ("TCD", "civil", ()),
    ("THA", "civil", ()),
    ("TUR", "civil", ()),
    ("UGA", "internationalised", ()),
    ("UKR", "internationalised", ("RUS",)),
    ("USA", "internationalised", ("USA",)),
    ("YEM", "internationalised", ()),
)


class Council(AbstractMechanism):
    """Deadlock by topic and power of seats.

    ``topic``: (conflicts, topics) 0/1; ``party``, ``defence``: 0/1 and ``distance`` less the
    member's mean: (conflicts, members); ``seat``: (K,) 1 at the Council; ``permanent``: (N,);
    ``seat_power``: index of a permanent and an elected seat where blocking takes one veto, two,
    ... and none can block.
    """

    name: ClassVar[str] = "council"
    book: ClassVar[str] = "council"
    phase: ClassVar[str] = "councils"
    reads: ClassVar[tuple[str, ...]] = ("membership",)
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ("deadlock", "council_power")
    reference: ClassVar[str] = "mcfadden1974conditional"
    levers: ClassVar[tuple[str, ...]] = ("decision_rule",)
    keeps: ClassVar[tuple[str, ...]] = ("deadlock", "council_power")

    topic: Float[Array, "X Q"]
    party: Float[Array, "X M"]
    defence: Float[Array, "X M"]
    distance: Float[Array, "X M"]
    seat: Float[Array, " K"]
    permanent: PerState
    seat_power: Float[Array, "2 R"]
    resolution: Scalar
    resolution_interstate: Scalar
    resolution_internationalised: Scalar
    veto_usa: Scalar
    veto_gbr: Scalar
    veto_fra: Scalar
    veto_rus: Scalar
    veto_chn: Scalar
    veto_party: Scalar
    veto_defence: Scalar
    veto_distance: Scalar
    joined_usa: Scalar
    joined_europe: Scalar
    joined_rus: Scalar
    joined_chn: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Council:
        """The mechanism for a world, with the values of its book."""
        return council_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Expected deadlock of the year and the power of each seat under the rule in force."""
        more = jnp.maximum(self.seat @ levers.decision_rule, 0.0)
        joined = jnp.where(more < len(MEMBERS), self.joined() ** more, 0.0)
        at = jnp.arange(self.seat_power.shape[1], dtype=float)
        first, other = (jnp.interp(more, at, row) for row in self.seat_power)
        sits = self.seat @ world.membership
        elected = other * jnp.maximum(sits - self.permanent, 0.0)
        return {
            "deadlock": (self.vetoes() @ joined) @ self.topic / jnp.maximum(self.topic.sum(0), 1.0),
            "council_power": first * jnp.minimum(sits, self.permanent) + elected,
        }

    def vetoes(self) -> Float[Array, "X M"]:
        """Chance in a year of a veto led by each member, conflict by conflict."""
        own = jnp.stack([getattr(self, f"veto_{member.lower()}") for member in MEMBERS])
        ties = self.veto_party * self.party + self.veto_defence * self.defence
        veto = jnp.exp(own + ties + self.veto_distance * self.distance)
        kinds = jnp.stack([self.resolution_interstate, 0.0, self.resolution_internationalised])
        acted = jnp.exp(self.resolution + self.topic @ kinds)
        return veto / (1.0 + acted + veto.sum(1))[:, None]

    def joined(self) -> Float[Array, " M"]:
        """Chance that one more member stands beside each that leads a veto."""
        return jnp.stack(
            [
                self.joined_usa,
                self.joined_europe,
                self.joined_europe,
                self.joined_rus,
                self.joined_chn,
            ]
        )


def seat_power() -> Float[np.ndarray, "2 R"]:
    """Shapley-Shubik index of a permanent and an elected seat as more vetoes are needed to block.

    k vetoes block where more than five less k of the permanent members must not oppose.
    """
    permanent = (1,) * len(MEMBERS) + (0,) * (SEATS - len(MEMBERS))
    rules = [
        Rule((heads(SEATS, NEEDED), Quota(permanent, least)))
        for least in range(len(MEMBERS), 0, -1)
    ]
    found = [power(rule).shapley for rule in (*rules, Rule((heads(SEATS, NEEDED),)))]
    return np.array([[float(one[place]) for one in found] for place in (0, SEATS - 1)])


def council_from(world: World, numbers: Mapping[str, Parameter]) -> Council:
    """The mechanism with the values of its book; ties are those of the base year."""
    points = table("states").set_index("id").ideal_point.astype(float)
    owed = table("obligations")
    pacts = set(zip(owed.owes, owed.owed, strict=True))
    conflicts = [(state, parties) for state, _, parties in RECURRING]
    distance = np.array([[abs(points[m] - points[s]) for m in MEMBERS] for s, _ in conflicts])
    distance = distance - distance.mean(axis=0)
    return Council(
        topic=jnp.asarray([[float(t == topic) for t in TOPICS] for _, topic, _ in RECURRING]),
        party=jnp.asarray([[float(m in p) for m in MEMBERS] for _, p in conflicts]),
        defence=jnp.asarray([[float((m, s) in pacts) for m in MEMBERS] for s, _ in conflicts]),
        distance=jnp.asarray(distance),
        seat=jnp.asarray([float(name == FRAMEWORK) for name in world.frameworks]),
        permanent=jnp.asarray([float(state in MEMBERS) for state in world.states]),
        seat_power=jnp.asarray(seat_power()),
        **{name: jnp.asarray(number.value) for name, number in numbers.items()},
    )
