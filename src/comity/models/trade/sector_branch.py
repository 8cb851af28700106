"""The equilibrium of many sectors under a large shock, reached from the base year by parts.

As `comity.models.trade.trade_branch`, with the search of `sector_search` for the way back to the
branch: where the direct search fails, a part of the shock is let in, solved from the point before,
then some more. Parts shrink where the search fails, and it gives up where they are too small.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from comity.models.trade.sector_market import Point, SectorBase, SectorShock
from comity.models.trade.sector_search import Search, find
from comity.models.trade.trade_branch import between

FIRST_PART = 0.25  # of the shock, in logs
SMALLEST_PART = 0.005  # before giving up
GROWTH = 1.5  # of the next part after one that was solved
PASSES = 300  # for one part


class Progress(NamedTuple):
    """A solved part of the shock; ``part`` is how much more comes next."""

    point: Point
    reached: Float[Array, ""]
    part: Float[Array, ""]
    found: Search


def follow(
    base: SectorBase, shock: SectorShock, found: Search, tol: float, max_passes: int
) -> Search:
    """``found`` where it clears the markets, else what solving by parts leads to.

    Parameters
    ----------
    base, shock
        The base year and the whole shock.
    found
        Where a direct search ended; handed back untouched where it cleared or where there is
        nothing to get at by parts.
    tol
        Largest gap that counts as cleared.
    max_passes
        Passes and those of ``found`` before giving up.
    """
    lost = found.best.residual > tol

    def unfinished(at: Progress) -> Bool[Array, ""]:
        going = (at.reached < 1.0) & (at.part >= SMALLEST_PART)
        return lost & going & (at.found.passes < max_passes)

    def followed() -> Search:
        none = jnp.zeros_like(base.spending)
        start = Progress(
            Point(jnp.zeros_like(base.value_added), none, none),
            jnp.zeros(()),
            jnp.asarray(FIRST_PART),
            found,
        )
        end = lax.while_loop(unfinished, lambda at: _step(base, shock, at, tol), start)
        kept = found._replace(passes=end.found.passes)
        whole = end.reached >= 1.0
        return jax.tree.map(lambda new, old: jnp.where(whole, new, old), end.found, kept)

    # A map over rows one by one skips all of it; where rows go together, no step is taken.
    return lax.cond(lost, followed, lambda: found)


def partly(base: SectorBase, shock: SectorShock, part: Float[Array, ""]) -> SectorShock:
    """The shock with only a part of it let in; deficits, which may be nil, not in logs."""
    return SectorShock(
        shock.elasticity,
        jnp.exp(part * jnp.log(shock.endowment)),
        jnp.where(part < 1.0, base.deficit + part * (shock.deficit - base.deficit), shock.deficit),
        between(base.share, shock.appeal, part),
        between(base.net_share, shock.net_appeal, part),
    )


def _step(base: SectorBase, shock: SectorShock, at: Progress, tol: float) -> Progress:
    """Let in some more of the shock; stay, and halve the part, where it is not solved."""
    target = jnp.minimum(at.reached + at.part, 1.0)
    tried = find(base, partly(base, shock, target), at.point, tol, PASSES)
    passes: Int[Array, ""] = at.found.passes + tried.passes
    solved = tried.best.residual <= tol
    point = jax.tree.map(lambda new, old: jnp.where(solved, new, old), tried.best_point, at.point)
    return Progress(
        point,
        jnp.where(solved, target, at.reached),
        jnp.where(solved, GROWTH, 0.5) * at.part,
        tried._replace(passes=passes),
    )
