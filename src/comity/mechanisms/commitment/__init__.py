"""Protectors stand by their clients more or less, and commitments lapse or hold.

At every flashpoint the chance that each protector joins follows from what its commitment rests on
(treaty, law, statement), its forces in the target, what it says and plans (``commitment``), pacts
made or ended (``alliance``), the share of its trade with either side and what the client spends; it
fades as commitments lapse, the less the more living security frameworks the two share, the more
under a government that leaves commitments [leeds2002alliance for the treaties it is estimated on].
Forces and effort: the sign is open [reiter2021truth; fuhrmann2014signaling].
Simplified: protectors decide apart; no state loses face by what it does elsewhere; a framework
founded in a file counts nil. Do not trust it for the level of credibility: only differences are
meant, and most of its numbers are judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from comity.core.parameters import Parameter
from comity.core.types import Membership, PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.mechanisms.theatres import Theatres, theatres
from comity.models.force import commitment as model
from comity.models.force.flashpoints import any_joins
from comity.registry.axes import DOMAINS
from comity.world.given import World
from comity.world.snapshot import table

# Security's share of the mandate from which a framework counts, and the most members at which it
# still ties two of them in particular.
SECURITY, MEMBERS = 0.5, 50


class Commitment(AbstractMechanism):
    """Chance that protectors join, by flashpoint, and whether commitments still stand."""

    name: ClassVar[str] = "commitment"
    book: ClassVar[str] = "commitment"
    phase: ClassVar[str] = "crises"
    reads: ClassVar[tuple[str, ...]] = (
        "membership",
        "standing",
        "vigour",
        "engagement",
        "partner_share",
        "milex",
        "capacity",
    )
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = (
        "standing",
        "durability",
        "credibility",
        "protection",
        "protection_seen",
        "protection_base",
    )
    reference: ClassVar[str] = "leeds2002alliance"
    levers: ClassVar[tuple[str, ...]] = ("forces", "commitment", "alliance", "deepen")
    keeps: ClassVar[tuple[str, ...]] = ("protection", "durability")

    theatres: Theatres
    members: Membership
    spending: PerState
    weight: Float[Array, " K"]
    rate: model.PerPledge
    joining: Scalar
    law: Scalar
    statement: Scalar
    forces: Scalar
    lapse: Scalar
    overlap: Scalar
    framework_weight: Scalar
    leadership: Scalar
    trade_challenger: Scalar
    trade_client: Scalar
    effort: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Commitment:
        """The mechanism for a world, with the values of its book."""
        return commitment_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Let commitments lapse or hold, and weigh what protectors do."""
        lapse = lapses(self, world.membership, levers, world.vigour, world.engagement)
        standing, traded = world.standing * (1.0 - lapse), trade_shift(self, world)
        shift = traded + self.forces * troops_shift(self, levers) + effort_shift(self, world)
        pact, said = done(self, levers)
        stands = model.still_stands(standing, self.theatres.ground, pact, said)
        each = chances(self, levers, standing, shift)
        seen = chances(self, levers, standing, traded)
        return {
            "standing": standing,
            "durability": model.mean_standing(stands, self.theatres.ground.listed),
            "credibility": each,
            "protection": together(self, levers, each),
            "protection_seen": together(self, levers, seen),
            "protection_base": at_base(self),
        }


def lapses(
    commitment: Commitment,
    membership: Membership,
    levers: Levers,
    vigour: Float[Array, " K"] | float = 1.0,
    engagement: Float[Array, "N D"] | None = None,
) -> model.PerPledge:
    """Chance of a lapse in the year by flashpoint and protector.

    A framework ties as far as it is alive by its members, and as deep as the shallower of both
    sides makes it; a government that withdraws (``engagement`` below nil)
    raises the rate of its pledges, one that engages leaves it as it is.
    """
    sides = commitment.theatres.sides
    depth, weight = jnp.clip(levers.deepen, -1.0, 1.0), commitment.weight * vigour
    now = model.overlap(membership, weight, sides.protector, sides.target, depth)
    then = model.overlap(commitment.members, commitment.weight, sides.protector, sides.target)
    rate = commitment.lapse * commitment.rate
    if engagement is not None:
        rate = rate * jnp.exp(commitment.leadership * withdrawn(engagement)[sides.protector])
    rate = jnp.clip(rate, 0.0, 0.5)
    return model.lapse(rate, commitment.overlap, commitment.framework_weight, then, now)


def withdrawn(engagement: Float[Array, "N D"]) -> PerState:
    """How far each government withdraws from security commitments, 0 to 1."""
    return jnp.clip(-engagement[:, DOMAINS.index("security")], 0.0, 1.0)


def trade_shift(commitment: Commitment, world: World) -> model.PerPledge:
    """Log-odds of joining that changed trade adds: with the challenger and with the client."""
    sides, moved = commitment.theatres.sides, world.partner_share
    challenger = moved[sides.protector, sides.challenger[:, None]]
    client = moved[sides.protector, sides.target[:, None]]
    return commitment.trade_challenger * challenger + commitment.trade_client * client


def effort_shift(commitment: Commitment, world: World) -> model.PerPledge:
    """Log-odds of joining that a changed burden of the client adds; (F, 1)."""
    now, then = world.milex / world.capacity, commitment.spending
    some = (now > 0) & (then > 0)
    change = jnp.log(jnp.where(some, now, 1.0)) - jnp.log(jnp.where(some, then, 1.0))
    return commitment.effort * change[commitment.theatres.sides.target][:, None]


def troops_shift(commitment: Commitment, levers: Levers) -> model.PerPledge:
    """Log change of one plus each protector's thousands of troops in the target."""
    sides, here = commitment.theatres.sides, commitment.theatres
    added = levers.forces[sides.protector, sides.target[:, None]]
    after = jnp.maximum(here.troops + added, 0.0)
    return jnp.where(here.counted, jnp.log1p(after) - jnp.log1p(here.troops), 0.0)


def done(commitment: Commitment, levers: Levers) -> tuple[model.PerPledge, model.PerPledge]:
    """Treaty made or ended, and commitment raised or given up, by flashpoint and protector."""
    sides = commitment.theatres.sides
    pair = (sides.protector, sides.target[:, None])
    return levers.alliance[pair], jnp.clip(levers.commitment[pair], -1.0, 1.0)


def chances(
    commitment: Commitment, levers: Levers, standing: model.PerPledge, shift: model.PerPledge
) -> model.PerPledge:
    """Chance that each protector joins."""
    ground = commitment.theatres.ground
    pact, said = done(commitment, levers)
    odds = model.pledged_odds(ground, credence(commitment), pact)
    return model.credibility(odds, shift, standing, said, ground.listed)


def credence(commitment: Commitment) -> model.Credence:
    """The numbers of credibility."""
    return model.Credence(
        commitment.joining, commitment.law, commitment.statement, commitment.forces
    )


def together(commitment: Commitment, levers: Levers, each: model.PerPledge) -> Float[Array, " F"]:
    """Chance that any protector joins, new allies of the target among them."""
    sides = commitment.theatres.sides
    new = jnp.maximum(levers.alliance[:, sides.target].T, 0.0)
    states = jnp.arange(new.shape[1])
    old = ((sides.protector[:, :, None] == states) & (sides.listed[:, :, None] > 0)).any(axis=1)
    own = states == sides.challenger[:, None]
    return model.with_new_patrons(each, jnp.where(old | own, 0.0, new), commitment.joining)


def at_base(commitment: Commitment) -> Float[Array, " F"]:
    """Chance that any protector joined at the base year, with these numbers."""
    ground = commitment.theatres.ground
    nil = jnp.zeros_like(ground.listed)
    odds = model.pledged_odds(ground, credence(commitment), nil)
    return any_joins(model.credibility(odds, nil, nil + 1.0, nil, ground.listed))


def commitment_from(world: World, numbers: Mapping[str, Parameter]) -> Commitment:
    """The mechanism for a world.

    Parameters
    ----------
    world
        A world that went through the door.
    numbers
        The book ``commitment/numbers.toml``.
    """
    mandate = table("frameworks").set_index("id")["w_security"]
    weight = jnp.asarray([float(mandate.get(name, 0.0)) for name in world.frameworks])
    # Sums of shares: on a coarse world a region counts as far as its states are members.
    narrow = world.membership.sum(axis=1) <= MEMBERS
    values = {name: jnp.asarray(number.value) for name, number in numbers.items()}
    here = theatres(world)
    return Commitment(
        theatres=here,
        rate=rates_of(world.states, here),
        members=world.membership,
        spending=world.milex,
        weight=jnp.where((weight >= SECURITY) & narrow, weight, 0.0),
        **values,
    )


def rates_of(states: tuple[str, ...], here: Theatres) -> model.PerPledge:
    """Yearly chance of a lapse of each protector's pledge: by its own record, else that of all."""
    known = table("pledge_lapse").set_index("patron")["rate"]
    own = known.reindex(states).fillna(known["ALL"]).to_numpy(float)
    return jnp.asarray(own)[here.sides.protector]
