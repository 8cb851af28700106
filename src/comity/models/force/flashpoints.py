"""What a change of protection, forces or balance does to a flashpoint.

A game of three (``strategic_game``, logit, agent error): the challenger challenges or not, the
target yields or resists, its protectors, taken as one, stand aside or join.  Its constants are
chosen so that at the baseline it returns the chances that were estimated from data (``anchored``):
the game adds nothing there, and elsewhere only the difference that changed terms make,

    d logit P(challenge) = -s d(r) - k d(r q),    d logit P(resist) = e d(q),

with r the chance that the target resists, q that a protector joins then, s what resistance and k
what a protector costs the challenger, e what sure protection adds to the target's will, all in
log-odds (signorino1999strategic for the form).
Simplified: each side sees the chances of the other as they are; protectors decide apart from each
other; nothing is learned from earlier crises.  Do not trust it for absolute chances: it moves
those it is given.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jax import nn
from jax.scipy.special import logit
from jaxtyping import Array, Bool, Float

from comity.core import require
from comity.models.force.strategic_game import Play, play

# Chances nearer to 0 or 1 than this have no log-odds worth the name.
NEAR = 1e-9


class Stakes(eqx.Module):
    """What moves the players, in log-odds; scalars, ``escalation`` also by flashpoint.

    ``resistance`` (s) and ``protector`` (k): what the challenger loses where the target resists,
    and where a protector joins as well; ``resolve`` (e): what sure protection adds to the target's
    log-odds of resisting; ``escalation``: chance that a challenge that is resisted becomes war;
    ``joined_escalation``: log-odds added to that where a protector joins.
    """

    resistance: Float[Array, ""]
    protector: Float[Array, ""]
    resolve: Float[Array, ""]
    escalation: Float[Array, "*#flashpoints"]
    joined_escalation: Float[Array, ""]


class Anchor(eqx.Module):
    """Constants of the game by flashpoint: utility of no challenge, and of resisting alone."""

    quiet: Float[Array, " F"]
    alone: Float[Array, " F"]


class Crisis(eqx.Module):
    """Chances a year by flashpoint, as log-odds; each (F,).

    ``challenge``: a challenge; ``yields``: one to which the target yields; ``unprotected``: one
    that the target resists without a protector; ``joined_war``: one that becomes war with a
    protector in it; ``harm``: any of these three, which exclude each other; ``war``: a challenge
    that becomes war, joined or not.  As chances: ``resists`` given a challenge, ``alone`` and
    ``joined`` of a war given resistance without and with a protector.
    """

    challenge: Float[Array, " F"]
    yields: Float[Array, " F"]
    unprotected: Float[Array, " F"]
    joined_war: Float[Array, " F"]
    harm: Float[Array, " F"]
    war: Float[Array, " F"]
    resists: Float[Array, " F"]
    alone: Float[Array, " F"]
    joined: Float[Array, " F"]


def log_odds(chance: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """Log-odds of a chance, kept finite at 0 and 1.

    Raises
    ------
    BadInput
        When a chance is not in [0, 1].
    """
    require.chances("a chance", chance)
    return logit(jnp.clip(chance, NEAR, 1.0 - NEAR))


def any_joins(each: Float[Array, "F P"]) -> Float[Array, " F"]:
    """Chance that at least one protector joins where each decides apart; 0 without protectors.

    Raises
    ------
    BadInput
        When a chance is not in [0, 1].
    """
    require.chances("a chance of joining", each)
    return 1.0 - jnp.prod(1.0 - each, axis=-1)


def anchored(
    challenge: Float[Array, " F"],
    resists: Float[Array, " F"],
    joins: Float[Array, " F"],
    stakes: Stakes,
) -> Anchor:
    """Constants with which the game returns these chances.

    Parameters
    ----------
    challenge, resists, joins
        Chances at the baseline: of a challenge in a year, of resistance given one, of a protector
        joining given that.
    stakes
        What moves the players.
    """
    alone = log_odds(resists) - stakes.resolve * joins
    open_ = Anchor(jnp.zeros_like(challenge), alone)
    index = _played(open_, joins, stakes).index[:, 0]
    return Anchor(index - log_odds(challenge), alone)


def _played(anchor: Anchor, joins: Float[Array, " F"], stakes: Stakes) -> Play:
    """Play the game at every flashpoint; players challenger, target, protector."""
    nil = jnp.zeros_like(joins)
    lost = nil - stakes.resistance
    challenger = jnp.stack([anchor.quiet, nil, lost, lost - stakes.protector], axis=-1)
    target = jnp.stack([nil, nil, anchor.alone, anchor.alone + stakes.resolve], axis=-1)
    protector = jnp.stack([nil, nil, nil, log_odds(joins)], axis=-1)
    utility = jnp.stack([challenger, target, protector], axis=1)
    return play(utility, jnp.ones_like(joins), link="logit", errors="agent")


def crisis(
    anchor: Anchor,
    seen: Float[Array, " F"],
    joins: Float[Array, " F"],
    shift: Float[Array, " F"],
    stakes: Stakes,
) -> Crisis:
    """Chances at every flashpoint where protection or other terms differ from the baseline.

    Parameters
    ----------
    anchor
        From `anchored`.
    seen
        Chance that a protector joins, as it bears on the challenger's choice to begin.  It may
        leave out what ``shift`` holds already.
    joins
        Chance that a protector joins.
    shift
        Log-odds of a challenge added from outside the game (forces, balance).
    stakes
        What moves the players.
    """
    begins = _played(anchor, seen, stakes).index[:, 0] + shift
    resists = nn.sigmoid(_played(anchor, joins, stakes).index[:, 1])
    with_help = nn.sigmoid(log_odds(stakes.escalation) + stakes.joined_escalation)
    fights = (1.0 - joins) * stakes.escalation + joins * with_help
    begun = nn.sigmoid(begins)
    resisted = begun * resists
    yields, alone = begun * (1.0 - resists), resisted * (1.0 - joins)
    joined_war = resisted * joins * with_help
    return Crisis(
        challenge=begins,
        yields=log_odds(yields),
        unprotected=log_odds(alone),
        joined_war=log_odds(joined_war),
        harm=log_odds(yields + alone + joined_war),
        war=log_odds(resisted * fights),
        resists=resists,
        alone=jnp.full_like(begins, 1.0) * stakes.escalation,
        joined=jnp.full_like(begins, 1.0) * with_help,
    )


def forces_shift(
    before: Float[Array, "F P"], after: Float[Array, "F P"], counts: Bool[Array, "F P"]
) -> Float[Array, " F"]:
    """Log change of one plus the thousands of foreign troops in the target, over protectors.

    Parameters
    ----------
    before, after
        Thousand persons that each protector has there; below zero counts as none.
    counts
        Whether the protector's forces are known; those that are not leave no mark.
    """

    def whole(forces: Float[Array, "F P"]) -> Float[Array, " F"]:
        return jnp.log1p(jnp.where(counts, jnp.maximum(forces, 0.0), 0.0).sum(axis=-1))

    return whole(after) - whole(before)


def armed(
    protector: Float[Array, "F P"], challenger: Float[Array, " F"], listed: Float[Array, "F P"]
) -> Float[Array, " F"]:
    """Log of one plus the strongest protector's military stock over the challenger's.

    ``listed``: 1 where a protector stands.  0 without protectors, or where either has no stock.
    """
    strongest = (protector * listed).max(axis=-1)
    known = (strongest > 0) & (challenger > 0)
    return jnp.log1p(jnp.where(known, strongest, 0.0) / jnp.where(known, challenger, 1.0))


def balance(target: Float[Array, " F"], challenger: Float[Array, " F"]) -> Float[Array, " F"]:
    """Log of the target's military stock over the challenger's; 0 where either has none."""
    known = (target > 0) & (challenger > 0)
    ratio = jnp.where(known, target, 1.0) / jnp.where(known, challenger, 1.0)
    return jnp.log(ratio)
