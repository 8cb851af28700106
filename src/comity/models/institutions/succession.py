"""Succession by law: who may keep office on the day that the constitution fixes, and who goes.

A head of government whose term ends on a fixed day either may stand again or may not.  In a year

    P(change) = 1          on a day by law, for one whose terms are used up
              = 1 - r      on a day by law, for one who may stand
              = h          in any other year

with r and h estimated on the years that are theirs alone, so that nothing is counted twice
[goemans2009introducing for who held office].  A new holder of the office is of the same side as the
last with probability s.  Terms are those begun on a day by law without a break; one who takes over
in between has begun none, as under the 22nd Amendment of the United States.
Simplified: whoever may stand has one chance, whatever the economy and the polls; laws are kept as
they are.  Do not trust it for a named election, nor where a limit is about to be lifted.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from comity.core import require
from comity.core.types import PerState, PRNGKey, StateSlots

UNLIMITED = 1e6  # of terms, where the law sets none


def days_by_law(
    first: Int[np.ndarray, " R"],
    every: Int[np.ndarray, " R"],
    last: Int[np.ndarray, " R"],
    years: Int[np.ndarray, " T"],
) -> Bool[np.ndarray, "R T"]:
    """Return the years in which each rule has a term end.

    Parameters
    ----------
    first, last
        Years of the first and the last such day under a rule.
    every
        Years of a term.
    years
        Years asked for.

    Raises
    ------
    BadInput
        When a term has no year.
    """
    require.whole("the years of a term", every, 1)
    since = years - first[:, None]
    return (since >= 0) & (years <= last[:, None]) & (since % every[:, None] == 0)


def change_chance(
    due: Float[Array, "..."],
    used_up: Bool[Array, "..."],
    kept: Float[Array, "..."],
    between: Float[Array, "..."],
) -> Float[Array, "..."]:
    """Return the chance that a year ends with another holder of the office.

    Parameters
    ----------
    due
        1 where a term ends by law in the year.
    used_up
        Whether the holder's terms are used up.
    kept
        Chance that one who may stand keeps the office.
    between
        Chance of a change in any other year.
    """
    return jnp.where(due > 0, jnp.where(used_up, 1.0, 1.0 - kept), between)


def next_terms(
    terms: Float[Array, "..."], due: Float[Array, "..."], changed: Bool[Array, "..."]
) -> Float[Array, "..."]:
    """Return terms begun on a day by law, in a row, by who holds the office at year's end."""
    before = jnp.where(changed, 0.0, terms)
    return jnp.where(due > 0, before + 1.0, before)


def draw_changes(
    key: PRNGKey, chance: PerState, same_side: PerState, slots: StateSlots
) -> tuple[Bool[Array, " N"], Bool[Array, " N"]]:
    """Draw whether another person holds the office, and whether one of another side does.

    A state's draws hang on its slot alone, whatever other states are in the world.
    """
    draws = jax.vmap(lambda slot: jax.random.uniform(jax.random.fold_in(key, slot), (2,)))(slots)
    changed = draws[:, 0] < chance
    return changed, changed & (draws[:, 1] >= same_side)
