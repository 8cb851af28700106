"""Yearly chance of a challenge, of a target left alone and of war, flashpoint by flashpoint.

The baseline is the hazard of dispute onset, fitted to 2010 and scored on later years
[bremer1992dangerous; docs/replications/hindcasts.md]. It holds alliances and balance already, so
the game of challenger, target and protector [signorino1999strategic] adds only the difference in
log-odds that changed protection makes; forces in the target, military stocks of both sides and of
the strongest protector, and the lower of both shares in the other's trade [oneal1999kantian] come
in by their own estimated effects, as differences from the base year. What a target spends rises
with the challenges that are to be expected beyond those of the base year (``alarm``).
Simplified: flashpoints do not touch each other and differ in risk and gravity alone; a challenge is
anything from a threat to the use of force. Do not trust it for the absolute chance of a war, nor
for nuclear crises: read the change against the same future without the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import jax.numpy as jnp
from jax import nn
from jaxtyping import Array, Float, Int

from comity.core.parameters import Parameter
from comity.core.types import PerState, PRNGKey, Scalar
from comity.engine.contract import AbstractMechanism, Change
from comity.engine.levers import Levers
from comity.mechanisms.theatres import Theatres, theatres
from comity.models.force import flashpoints as model
from comity.models.trade.partner_share import share
from comity.world.given import World


class Crises(AbstractMechanism):
    """Log-odds of a challenge, of resistance without help, and of war in a year."""

    name: ClassVar[str] = "crises"
    book: ClassVar[str] = "crises"
    phase: ClassVar[str] = "crises"
    reads: ClassVar[tuple[str, ...]] = (
        "military_stock",
        "protection",
        "protection_seen",
        "protection_base",
        "partner_share",
        "alarm",
    )
    lagged: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = (
        "challenge_odds",
        "yields_odds",
        "unprotected_odds",
        "joined_war_odds",
        "harm_odds",
        "war_odds",
        "escalation_alone",
        "escalation_joined",
        "alarm",
    )
    reference: ClassVar[str] = "bremer1992dangerous"
    levers: ClassVar[tuple[str, ...]] = ("forces",)
    keeps: ClassVar[tuple[str, ...]] = (
        "challenge_odds",
        "yields_odds",
        "unprotected_odds",
        "joined_war_odds",
        "harm_odds",
        "war_odds",
    )

    theatres: Theatres
    base_balance: Float[Array, " F"]
    base_armed: Float[Array, " F"]
    lower: Ties
    level: Scalar
    resists: Scalar
    escalation: Scalar
    joined_escalation: Scalar
    resistance: Scalar
    protector: Scalar
    resolve: Scalar
    troops: Scalar
    balance: Scalar
    allied_arms: Scalar
    interdependence: Scalar
    alarm: Scalar

    @classmethod
    def build(cls, world: World, numbers: Mapping[str, Parameter]) -> Crises:
        """The mechanism for a world, with the values of its book."""
        return crises_from(world, numbers)

    def __call__(self, world: World, levers: Levers, key: PRNGKey) -> Change:
        """Play every flashpoint as protection and balance stand this year."""
        stakes = stakes_of(self)
        anchor = model.anchored(*at_base(self), world.protection_base, stakes)
        shift = outside(self, world, levers)
        found = model.crisis(anchor, world.protection_seen, world.protection, shift, stakes)
        return {
            "challenge_odds": found.challenge,
            "yields_odds": found.yields,
            "unprotected_odds": found.unprotected,
            "joined_war_odds": found.joined_war,
            "harm_odds": found.harm,
            "war_odds": found.war,
            "escalation_alone": found.alone,
            "escalation_joined": found.joined,
            "alarm": alarmed(self, world.alarm, found.challenge),
        }


def stakes_of(crises: Crises) -> model.Stakes:
    """What moves the players."""
    return model.Stakes(
        resistance=crises.resistance,
        protector=crises.protector,
        resolve=crises.resolve,
        escalation=nn.sigmoid(model.log_odds(crises.escalation) + crises.theatres.gravity),
        joined_escalation=crises.joined_escalation,
    )


def at_base(crises: Crises) -> tuple[Float[Array, " F"], Float[Array, " F"]]:
    """Chances of a challenge and of resistance at the baseline."""
    chance = crises.theatres.chance
    shifted = model.log_odds(chance) + crises.level
    return 1.0 / (1.0 + jnp.exp(-shifted)), jnp.full_like(chance, 1.0) * crises.resists


def outside(crises: Crises, world: World, levers: Levers) -> Float[Array, " F"]:
    """Log-odds of a challenge that forces and the balance add since the base year."""
    here, sides = crises.theatres, crises.theatres.sides
    added = levers.forces[sides.protector, sides.target[:, None]]
    moved = model.forces_shift(here.troops, here.troops + added, here.counted)
    tilt = balance_of(here, world) - crises.base_balance
    backed = armed_of(here, world) - crises.base_armed
    traded = world.partner_share[crises.lower.of, crises.lower.to]
    return (
        crises.troops * moved
        + crises.balance * tilt
        + crises.allied_arms * backed
        + crises.interdependence * traded
    )


def balance_of(theatre: Theatres, world: World) -> Float[Array, " F"]:
    """Log of the target's military stock over the challenger's at every flashpoint."""
    stock, sides = world.military_stock, theatre.sides
    return model.balance(stock[sides.target], stock[sides.challenger])


def armed_of(theatre: Theatres, world: World) -> Float[Array, " F"]:
    """Log of one plus the strongest protector's military stock over the challenger's."""
    stock, sides = world.military_stock, theatre.sides
    return model.armed(stock[sides.protector], stock[sides.challenger], sides.listed)


def alarmed(crises: Crises, alarm: PerState, odds: Float[Array, " F"]) -> PerState:
    """Log of spending that challenges have called for, with what is expected of this year's.

    A year adds `alarm` times the chance that any challenge comes beyond that of the base year, as
    the estimate counts a state-year once; nothing is taken back, though on record it fades.
    """
    more = any_challenge(crises, alarm, nn.sigmoid(odds))
    return alarm + crises.alarm * (more - any_challenge(crises, alarm, at_base(crises)[0]))


def any_challenge(crises: Crises, like: PerState, chance: Float[Array, " F"]) -> PerState:
    """Chance that a state is challenged at all in a year, at whichever flashpoint."""
    sides = crises.theatres.sides
    none = jnp.log1p(-sides.present * chance)
    return -jnp.expm1(jnp.zeros_like(like).at[sides.target].add(none))


class Ties(NamedTuple):
    """The side at each flashpoint in whose trade the other has the lower share, and the other."""

    of: Int[Array, " F"]
    to: Int[Array, " F"]


def lower_of(theatre: Theatres, world: World) -> Ties:
    """Sides by their shares at the base year."""
    sides, part = theatre.sides, share(world.sales)
    first = part[sides.challenger, sides.target] <= part[sides.target, sides.challenger]
    of = jnp.where(first, sides.challenger, sides.target)
    return Ties(of, jnp.where(first, sides.target, sides.challenger))


def crises_from(world: World, numbers: Mapping[str, Parameter]) -> Crises:
    """The mechanism for a world.

    Parameters
    ----------
    world
        A world that went through the door.
    numbers
        The book ``crises/numbers.toml``.
    """
    here = theatres(world)
    values = {name: jnp.asarray(number.value) for name, number in numbers.items()}
    return Crises(
        theatres=here,
        base_balance=balance_of(here, world),
        base_armed=armed_of(here, world),
        lower=lower_of(here, world),
        **values,
    )
