"""How far a protector can be counted on, and for how long.

Credibility is the chance that a protector joins when the target is challenged and resists,

    q = S sigma(b + f d log(1 + forces)),   then q (1 + c) for c < 0 and q + (1 - q) c for c > 0,

with b the log-odds by what the commitment rests on (treaty, law, statement), c what the protector
does with it (-1 gives it up, 1 makes it sure) and S the chance that it still stands.  Durability
is the chance that the commitment stands, S (1 + min(c, 0)), nil where its treaty was ended; S
falls every year by the chance of a lapse, sigma(l + o w d log(1 + overlap)): l its log-odds at
the baseline, o the effect of other defence treaties between the same states, w what a framework
without a defence duty counts beside a treaty.
Simplified: a commitment that lapsed does not return; protectors do not look at each other.  The
reliability of alliances once invoked (berkemeier2018reassessing) is another quantity, conditional
on an invocation that is itself chosen, and is not used.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jax import nn
from jaxtyping import Array, Float, Int

from comity.models.force.flashpoints import any_joins, log_odds

PerPledge = Float[Array, "F P"]


class Ground(eqx.Module):
    """What commitments rest on; (F, P) each, zero where there is no protector.

    ``listed``: 1 where a protector stands in this place; ``treaty``, ``law``, ``statement``: 1
    where the commitment rests on it.
    """

    listed: PerPledge
    treaty: PerPledge
    law: PerPledge
    statement: PerPledge


class Credence(eqx.Module):
    """Numbers of credibility, scalars: ``joining`` is a chance, the others log-odds.

    ``joining``: that a protector by treaty joins; ``law``, ``statement``: less where there is no
    treaty; ``forces``: per log of one plus thousands of troops.
    """

    joining: Float[Array, ""]
    law: Float[Array, ""]
    statement: Float[Array, ""]
    forces: Float[Array, ""]


def pledged_odds(ground: Ground, credence: Credence, pact: PerPledge) -> PerPledge:
    """Log-odds of joining by what the commitment rests on; forces and standing apart.

    Parameters
    ----------
    ground
        What commitments rest on at the baseline.
    credence
        Numbers.
    pact
        Defence treaty made (up to 1) or ended (down to -1) since the baseline.  A made one lifts
        the others to a treaty; an ended one leaves what a statement is worth.
    """
    below = ground.law * credence.law + ground.statement * credence.statement
    made, ended = jnp.maximum(pact, 0.0), jnp.maximum(-pact, 0.0) * ground.treaty
    return log_odds(credence.joining) + below * (1.0 - made) + ended * credence.statement


def credibility(
    odds: PerPledge,
    forces: PerPledge,
    standing: PerPledge,
    commitment: PerPledge,
    listed: PerPledge,
) -> PerPledge:
    """Chance that each protector joins; (F, P), zero where there is none.

    Parameters
    ----------
    odds
        From `pledged_odds`.
    forces
        Log-odds that forces in the target add.
    standing
        Chance that the commitment still stands.
    commitment
        From -1 (given up) to 1 (sure).
    listed
        1 where there is a protector.
    """
    own = standing * nn.sigmoid(odds + forces)
    less, more = jnp.minimum(commitment, 0.0), jnp.maximum(commitment, 0.0)
    return listed * jnp.clip(own * (1.0 + less) + (1.0 - own) * more, 0.0, 1.0)


def with_new_patrons(
    each: PerPledge, new: Float[Array, "F N"], joining: Float[Array, ""]
) -> Float[Array, " F"]:
    """Chance that any protector joins, states that made a pact with the target included.

    ``new``: share of a new pact of each state with each target, nil for listed protectors.
    """
    return 1.0 - (1.0 - any_joins(each)) * jnp.prod(1.0 - joining * jnp.clip(new, 0.0, 1.0), axis=1)


def still_stands(
    standing: PerPledge, ground: Ground, pact: PerPledge, commitment: PerPledge
) -> PerPledge:
    """Chance that each commitment stands once treaties are ended and commitments given up; (F, P).

    Parameters
    ----------
    standing
        Chance that it has not lapsed.
    ground
        What commitments rest on at the baseline.
    pact
        Defence treaty made or ended since then; an ended one (-1) no longer stands, whatever else
        the protector may still do.
    commitment
        From -1 (given up) to 1 (sure).
    """
    ended = jnp.clip(-pact, 0.0, 1.0) * ground.treaty
    return standing * (1.0 - ended) * (1.0 + jnp.clip(commitment, -1.0, 0.0))


def mean_standing(standing: PerPledge, listed: PerPledge) -> Float[Array, " F"]:
    """Mean over a target's protectors of the chance that their commitment stands; 1 without any."""
    count = listed.sum(axis=-1)
    mean = (standing * listed).sum(axis=-1) / jnp.maximum(count, 1.0)
    return jnp.where(count > 0, mean, 1.0)


def overlap(
    membership: Float[Array, "K N"],
    weight: Float[Array, " K"],
    protector: Int[Array, "F P"],
    target: Int[Array, " F"],
    depth: Float[Array, "K N"] | float = 0.0,
) -> PerPledge:
    """Weight of the frameworks that protector and target share.

    A shared framework is as deep as the shallower of the two makes it.

    Parameters
    ----------
    membership
        Share of membership, 0 to 1.
    weight
        Share of security in each framework's mandate, 0 where it ties nobody in particular.
    protector, target
        Rows of the states.
    depth
        Obligations beyond those of the base year, -1 to 1; at 1 a framework ties twice as much.
    """
    joint = membership[:, protector] * membership[:, target][:, :, None]
    deep = jnp.broadcast_to(jnp.asarray(depth), membership.shape)
    lesser = jnp.minimum(deep[:, protector], deep[:, target][:, :, None])
    return jnp.tensordot(weight, joint * (1.0 + lesser), axes=1)


def lapse(
    rate: PerPledge,
    effect: Float[Array, ""],
    weight: Float[Array, ""],
    before: PerPledge,
    after: PerPledge,
) -> PerPledge:
    """Chance that a commitment lapses in a year; (F, P).

    Parameters
    ----------
    rate
        The chance at the baseline, by pledge.
    effect
        Log-odds per log of one plus the other treaties between the two states.
    weight
        What a framework counts beside a treaty.
    before, after
        Overlap at the baseline and now.
    """
    return nn.sigmoid(log_odds(rate) + effect * weight * (jnp.log1p(after) - jnp.log1p(before)))
