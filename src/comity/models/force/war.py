"""What a war between two sides takes: soldiers' means, output at its site, and their trade.

A war at a flashpoint begins and ends once; the challenger fights the target and those protectors
that join.  While it is fought each side loses a share of its military stock, and trade between
the sides costs more; after it the barrier fades.  Output falls at the site for five years from the
start, as estimated [federle2024price], and less in the challenger; trade between belligerents
falls and stays low after, and that with neutrals may fall too [glick2010collateral;
feldman2016war].  Every loss is a share of what is there, so that no stock falls below nil.
Simplified: the site is the target; one size of war; no nuclear use, no conquest, no recovery of
output.  Do not trust it for single wars.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

# Years from the start of a war over which the estimate of lost output is spread.
SPREAD = 5.0


def _one(is_so: Bool[Array, "*any"]) -> Float[Array, "*any"]:
    return is_so.astype(jnp.result_type(float))


class Front(eqx.Module):
    """Where wars stand, by flashpoint: each (F,) but ``joined`` (F, P).

    ``age``: years since the last war began, counting its first as 1; 0 before any.  ``fought``: 1
    while it is fought.  ``barrier``: iceberg cost factor minus one between the two sides.
    ``joined``: 1 for protectors that joined the last war.
    """

    age: Float[Array, " F"]
    fought: Float[Array, " F"]
    barrier: Float[Array, " F"]
    joined: Float[Array, "F P"]


class Toll(eqx.Module):
    """What wars take; scalars, shares but for ``barrier`` (iceberg cost factor minus one).

    ``ends``: chance that a war ends in a year; ``fades``: share of the barrier that goes in a year
    of peace; ``third``: share of the barrier that stands between a side and third states;
    ``output``: fall of output at the site after five years; ``abroad``: share of that fall for the
    challenger; ``stock``: military stock lost in a year of war by challenger and target;
    ``engaged``: share of that for a protector.
    """

    ends: Float[Array, ""]
    barrier: Float[Array, ""]
    fades: Float[Array, ""]
    third: Float[Array, ""]
    output: Float[Array, ""]
    abroad: Float[Array, ""]
    stock: Float[Array, ""]
    engaged: Float[Array, ""]


class Escalation(eqx.Module):
    """Chance that a challenge that is resisted becomes a war; (F,) each.

    ``alone``: where the target fights alone; ``joined``: where a protector joins.
    """

    alone: Float[Array, " F"]
    joined: Float[Array, " F"]


class Sides(eqx.Module):
    """Rows of the states at each flashpoint, and which flashpoints are in this world.

    ``challenger``, ``target`` (F,), ``protector`` (F, P); ``listed`` (F, P) 1 where a protector
    stands; ``present`` (F,) 1 where both states are in the world and no war was under way.
    """

    challenger: Int[Array, " F"]
    target: Int[Array, " F"]
    protector: Int[Array, "F P"]
    listed: Float[Array, "F P"]
    present: Float[Array, " F"]


def next_front(
    front: Front,
    war: Float[Array, " F"],
    joins: Float[Array, "F P"],
    escalation: Escalation,
    luck: Float[Array, "F L"],
    sides: Sides,
    toll: Toll,
) -> Front:
    """Wars that begin, go on and end in a year.

    Parameters
    ----------
    front
        As the last year left it.
    war
        Chance of a war beginning at each flashpoint where none is fought.
    joins
        Chance that each protector joins a target that resists.
    escalation
        Chance that a challenge that is resisted becomes a war.
    luck
        Uniform numbers: column 0 for the beginning, 1 for the end, 2 onwards for protectors.
    sides
        Who stands where.
    toll
        Numbers.
    """
    going_on = front.fought * _one(luck[:, 1] >= toll.ends)
    begins = sides.present * (1.0 - front.fought) * _one(luck[:, 0] < war)
    fought = going_on + begins
    comes = sides.listed * joined_in_war(sides.listed * joins, escalation, luck[:, 2:])
    return Front(
        age=jnp.where(begins > 0, 1.0, jnp.where(front.age > 0, front.age + 1.0, 0.0)),
        fought=fought,
        barrier=jnp.where(fought > 0, toll.barrier, front.barrier * (1.0 - toll.fades)),
        joined=jnp.where(begins[:, None] > 0, comes, front.joined),
    )


def joined_in_war(
    joins: Float[Array, "F P"], escalation: Escalation, luck: Float[Array, "F P"]
) -> Float[Array, "F P"]:
    """1 for the protectors that are in a war, given that there is one.

    A war is more likely where a protector joined, so that among wars more are joined than among
    challenges (Bayes).  Protectors are drawn one after another, each given that there is a war and
    who came before it, which is exact: once one has joined, the others join as they always would.

    Parameters
    ----------
    joins
        Chance that each protector joins a target that resists, each apart.
    escalation
        Chance that a challenge that is resisted becomes a war.
    luck
        Uniform numbers.
    """
    alone, joined = escalation.alone[:, None], escalation.joined[:, None]
    # Chance that neither this protector nor any after it joins, and of a war where none before did.
    none = jnp.cumprod((1.0 - joins)[:, ::-1], axis=1)[:, ::-1]
    war = joined + none * (alone - joined)
    first = _one(luck < jnp.where(war > 0, joins * joined / jnp.where(war > 0, war, 1.0), 0.0))
    accompanied = jnp.cumsum(first, axis=1) - first > 0
    return jnp.where(accompanied, _one(luck < joins), first)


def second_side(front: Front, sides: Sides, states: int) -> Float[Array, "F N"]:
    """1 for the target and the protectors that joined the last war, by flashpoint and state."""
    index = jnp.arange(states)
    target = _one(sides.target[:, None] == index)
    joined = (_one(sides.protector[:, :, None] == index) * front.joined[:, :, None]).max(axis=1)
    return jnp.maximum(target, joined) * sides.present[:, None]


def first_side(sides: Sides, states: int) -> Float[Array, "F N"]:
    """1 for the challenger, by flashpoint and state."""
    here = _one(sides.challenger[:, None] == jnp.arange(states))
    return here * sides.present[:, None]


def at_war(front: Front, sides: Sides, states: int) -> Float[Array, " N"]:
    """1 for the states that fight: challenger, target and the protectors that joined."""
    part = jnp.maximum(first_side(sides, states), second_side(front, sides, states))
    return (front.fought[:, None] * part).max(axis=0)


def barriers(front: Front, sides: Sides, toll: Toll, states: int) -> Float[Array, "N N"]:
    """Cost that wars add to trade: between opposite sides, and a share of it with anybody else.

    Both ways; the highest barrier of a pair counts.
    """
    other = second_side(front, sides, states)
    one_way = jnp.zeros((states, states)).at[sides.challenger].max(front.barrier[:, None] * other)
    part = jnp.maximum(first_side(sides, states), other)
    own = toll.third * (front.barrier[:, None] * part).max(axis=0)
    spilled = jnp.maximum(own[:, None], own[None, :])
    cut = jnp.maximum(jnp.maximum(one_way, one_way.T), spilled)
    return cut * (1.0 - jnp.eye(states))


def stock_kept(front: Front, sides: Sides, toll: Toll, states: int) -> Float[Array, " N"]:
    """Share of its military stock that each state keeps in a year; between 0 and 1."""
    index = jnp.arange(states)
    target = _one(sides.target[:, None] == index) * sides.present[:, None]
    main = jnp.maximum(first_side(sides, states), target)
    helping = jnp.maximum(second_side(front, sides, states) - main, 0.0)
    lost = jnp.clip(toll.stock * (main + toll.engaged * helping), 0.0, 1.0)
    return jnp.prod(1.0 - front.fought[:, None] * lost, axis=0)


def output_kept(front: Front, sides: Sides, toll: Toll, states: int) -> Float[Array, " N"]:
    """Share of its output that site and challenger keep in a year, for five years."""
    early: Bool[Array, " F"] = (front.age > 0) & (front.age <= SPREAD)
    site = _one(sides.target[:, None] == jnp.arange(states)) * sides.present[:, None]
    fall = toll.output * jnp.maximum(site, toll.abroad * first_side(sides, states))
    yearly = (1.0 - jnp.clip(fall, 0.0, 1.0)) ** (1.0 / SPREAD)
    return jnp.prod(jnp.where(early[:, None], yearly, 1.0), axis=0)
