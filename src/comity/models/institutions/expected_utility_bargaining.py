"""Rounds of challenges over one issue: Bueno de Mesquita's model as in Scholz and others (2011).

Actors stand on a line of length R.  Each pair would fight it out with the votes of all, v_i(j, k) =
c_i s_i (|x_i - x_k| - |x_i - x_j|) / R.  From them comes P_jk, the chance that j prevails over k,
and what a challenge by j is worth to it: E_jk = s_k (P_jk U_s + (1 - P_jk) U_f) + (1 - s_k) U_s
- U_sq, which each actor reckons with its own exponent r_i, from 1/2 to 2, that follows from what
others expect of challenging it.  Who expects more brings the other to its own position, or part of
the way; all move at once [scholz2011unravelling].
The authors' own program, whose figures were printed, differs from their text in two places, each
switchable here: votes of ``all_pairs`` stand below P (text: of the pair), and of compromises an
actor takes the ``lowest`` weighted position (text: the one nearest to where it stands).
Simplified: if nobody challenges all stays as it is (Q = 1), positions are all that is seen.
Do not trust it for a forecast: it does not come to rest, the original program was never disclosed,
and nobody can be sure that a replication is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from comity.core.errors import BadInput
from comity.models.institutions.compromise import compromise, median

KINDS = ("stays", "confronted", "compromises", "capitulates")
STAYS, CONFRONTED, COMPROMISES, CAPITULATES = range(4)
# Expected utilities are of the order of one: differences up to this are nil.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Course:
    """Rounds of bargaining, the start first.

    ``position`` in the unit of positions, with its weighted ``mean`` and ``median``; of each round
    the exponents ``risk``, the ``kind`` of what an actor did (a place in `KINDS`) and ``with_whom``
    (-1 where it stayed).
    """

    position: Float[np.ndarray, "T1 N"]
    mean: Float[np.ndarray, " T1"]
    median: Float[np.ndarray, " T1"]
    risk: Float[np.ndarray, "T N"]
    kind: Int[np.ndarray, "T N"]
    with_whom: Int[np.ndarray, "T N"]


def bargain(
    position: Float[np.ndarray, " N"],
    capability: Float[np.ndarray, " N"],
    salience: Float[np.ndarray, " N"],
    rounds: int,
    *,
    all_pairs: bool = False,
    lowest: bool = False,
) -> Course:
    """Bargain for a number of rounds; the text's rules, or those of the authors' program.

    Parameters
    ----------
    position
        Of each actor on the issue, any unit; two or more apart.
    capability
        Any unit, above nil.
    salience
        Above 0, up to 1.
    rounds
        How many, one or more.
    all_pairs
        Divide votes by those of all actors on all pairs, which makes chances small.
    lowest
        Take the compromise whose weighted position is lowest, not the nearest: then the direction
        in which the issue is written matters.

    Raises
    ------
    BadInput
        When an argument is out of its range, shapes differ, or all stand at one place.
    """
    if rounds < 1 or position.ndim != 1 or not np.isfinite(position).all():
        raise BadInput("needs one position for each actor, and one round or more")
    span = float(np.ptp(position)) if position.size else 0.0
    if span == 0:
        raise BadInput("all stand at one place", fix="there is nothing to bargain over")
    places = [position.astype(float)]
    means = [compromise(position, capability, salience)]
    medians = [median(position, capability, salience)]
    done: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for _ in range(rounds):
        here = places[-1]
        far = np.abs(here[:, None] - here)
        prevails = chance(far, capability * salience, all_pairs)
        risk = risk_exponent(expected(far / span, salience, prevails, np.ones(1))[0])
        utility = expected(far / span, salience, prevails, risk)
        there, kind, whom = _moves(here, utility, lowest)
        places.append(there)
        means.append(compromise(there, capability, salience))
        medians.append(median(there, capability, salience))
        done.append((risk, kind, whom))
    risks, kinds, whoms = (np.stack(part) for part in zip(*done, strict=True))
    return Course(np.stack(places), np.stack(means), np.stack(medians), risks, kinds, whoms)


def chance(
    far: Float[np.ndarray, "N N"], weight: Float[np.ndarray, " N"], all_pairs: bool
) -> Float[np.ndarray, "N N"]:
    """P_jk that j prevails over k, from distances in any unit; nil where they stand together.

    Of a pair both ways add to one, with the votes of ``all_pairs`` below to less.
    """
    votes = weight[:, None, None] * (far[:, None, :] - far[:, :, None])
    below = np.abs(votes).sum() if all_pairs else np.abs(votes).sum(axis=0)
    won = np.maximum(votes, 0.0).sum(axis=0)
    return np.divide(
        won, below, out=np.zeros_like(won), where=np.broadcast_to(below > 0, won.shape)
    )


def expected(
    far: Float[np.ndarray, "N N"],
    salience: Float[np.ndarray, " N"],
    prevails: Float[np.ndarray, "N N"],
    risk: Float[np.ndarray, " V"],
) -> Float[np.ndarray, "V N N"]:
    """E[i, j, k]: what a challenge of k by j is worth to j, as i reckons it with its exponent.

    Distances in units of the span, one at most; utilities from -4 to 4.
    """
    r = risk[:, None, None]
    half = 0.5 * far
    # Rounding of a later place may make a distance a little more than one.
    success = 2 - 4 * np.maximum(0.5 - half, 0.0) ** r
    failure = 2 - 4 * (0.5 + half) ** r
    resists = salience * (prevails * success + (1 - prevails) * failure)
    return resists + (1 - salience) * success - (2 - 4 * 0.5**r)


def risk_exponent(neutral: Float[np.ndarray, "N N"]) -> Float[np.ndarray, " N"]:
    """r_i from 1/2, where challenges promise others most, to 2; 1 where all are alike.

    ``neutral`` are the utilities E_jk of challenges with exponents of one.
    """
    danger = neutral.sum(axis=0) - np.diag(neutral)
    span = np.ptp(danger)
    if span <= ROUNDING:
        return np.ones(len(neutral))
    level = (2 * danger - danger.max() - danger.min()) / span
    return (1 - level / 3) / (1 + level / 3)


def _moves(
    place: Float[np.ndarray, " N"], utility: Float[np.ndarray, "N N N"], lowest: bool
) -> tuple[Float[np.ndarray, " N"], Int[np.ndarray, " N"], Int[np.ndarray, " N"]]:
    """Where each goes, what it did, with whom: the mildest kind of offer, then the best of them."""
    actor = np.arange(place.size)
    mine = utility[actor, actor]
    theirs = utility[actor, :, actor]
    apart = place[:, None] != place
    cornered = apart & (theirs > ROUNDING) & (mine < -ROUNDING)
    stronger = theirs + mine > ROUNDING
    offered = {
        CONFRONTED: apart & (mine > ROUNDING) & (theirs > mine + ROUNDING),
        COMPROMISES: cornered & stronger,
        CAPITULATES: cornered & ~stronger,
    }
    step = np.divide(np.abs(mine), theirs, out=np.zeros_like(mine), where=cornered)
    to = {
        CONFRONTED: np.broadcast_to(place, mine.shape),
        COMPROMISES: place[:, None] + (place - place[:, None]) * step,
        CAPITULATES: np.broadcast_to(place, mine.shape),
    }
    sizes = np.abs(mine) + np.abs(theirs)
    mixed = np.abs(mine) * place[:, None] + np.abs(theirs) * place
    mixed = np.divide(mixed, sizes, out=np.zeros_like(mixed), where=sizes > 0)
    there, kind = place.copy(), np.full(place.size, STAYS)
    whom = np.full(place.size, -1)
    for one in (CONFRONTED, COMPROMISES, CAPITULATES):
        by = mixed if one == COMPROMISES and lowest else np.abs(to[one] - place[:, None])
        best = np.where(offered[one], by, np.inf).argmin(axis=1)
        takes = offered[one].any(axis=1) & (kind == STAYS)
        there = np.where(takes, to[one][actor, best], there)
        kind, whom = np.where(takes, one, kind), np.where(takes, best, whom)
    return there, kind, whom
