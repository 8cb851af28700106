"""What parties agree on who may also not agree: the Nash bargain and its asymmetric form.

They settle where the product of gains over disagreement, each to the power of the party, is most:
argmax of sum a_i log(u_i - d_i) [nash1950bargaining; kalai1977nonsymmetric].  Two settings: a
surplus that can be divided, and one number that all must live with.  In the first, an option
outside that is worth less than a party's share changes nothing and one that is worth more is paid
in full: being able to leave is not the same as disagreement [binmore1989outside].
Simplified: all know all, nothing is lost on the way, an agreement is kept.
Do not trust it for how long a bargain takes, nor where powers are fitted to one bargain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from comity.core.errors import BadInput

HALVINGS = 100


@dataclass(frozen=True)
class Agreement:
    """What came of a bargain: the number agreed on, utilities of all, and whether there was one.

    Without an agreement ``issue`` is missing and ``utility`` what each has without.
    """

    issue: float
    utility: Float[np.ndarray, " N"]
    agreed: bool


def divide(
    surplus: float,
    disagreement: Float[np.ndarray, " N"],
    power: Float[np.ndarray, " N"],
    outside: Float[np.ndarray, " N"] | None = None,
) -> Agreement:
    """Divide what an agreement is worth to all together.

    Parameters
    ----------
    surplus
        In all, any unit.
    disagreement
        What each has while there is no agreement, the same unit.
    power
        Above nil; only their ratios count.
    outside
        What each can get by leaving for good; nowhere below the disagreement, which it is where
        not given.

    Returns
    -------
    Agreement
        ``issue`` is the surplus.

    Raises
    ------
    BadInput
        When an argument is out of range, shapes differ, or leaving is worse than disagreeing.
    """
    share = _shares(power, disagreement)
    leave = disagreement if outside is None else outside
    if leave.shape != share.shape or not np.isfinite(leave).all() or not np.isfinite(surplus):
        raise BadInput("a surplus or an outside option is missing or not finite")
    if (leave < disagreement).any():
        raise BadInput("leaving is worth less than disagreeing", why="then nobody would leave")
    if leave.sum() > surplus:
        return Agreement(float("nan"), leave, False)
    held = np.zeros(share.size, bool)
    while True:
        rest = surplus - leave[held].sum() - disagreement[~held].sum()
        part = np.divide(share, share[~held].sum(), out=np.zeros_like(share), where=~held)
        utility = np.where(held, leave, disagreement + part * rest)
        # Who would get less than by leaving is paid just that, and the others divide the rest.
        short = ~held & (utility < leave)
        if not short.any() or (held | short).all():
            return Agreement(float(surplus), np.where(short, leave, utility), True)
        held |= short


def agree(
    position: Float[np.ndarray, " N"],
    care: Float[np.ndarray, " N"],
    disagreement: Float[np.ndarray, " N"],
    power: Float[np.ndarray, " N"],
    curvature: float = 1.0,
) -> Agreement:
    """Agree on one number x; to each it is worth -s_i |x - x_i|^k.

    Parameters
    ----------
    position
        What each would like best, any unit.
    care
        s_i, above nil.
    disagreement
        Utility without an agreement, the unit of s |x - x_i|^k; at most nil.
    power
        Above nil; only their ratios count.
    curvature
        k, from 1 (each step away costs the same) up.

    Returns
    -------
    Agreement
        None where no number is at least as good for all as disagreement.

    Raises
    ------
    BadInput
        When an argument is out of range or shapes differ.
    """
    share = _shares(power, disagreement)
    if not (position.shape == care.shape == share.shape and np.isfinite(position).all()):
        raise BadInput("needs a position and a care for each party")
    if not (np.isfinite(care) & (care > 0)).all() or (disagreement > 0).any():
        raise BadInput(
            "a care is not above nil, or disagreement better than one's own position",
            fix="leave who does not care out",
        )
    if not 1 <= curvature < np.inf:
        raise BadInput("a curvature below 1", why="then there may be several best numbers")

    def worth(x: float) -> Float[np.ndarray, " N"]:
        return -care * np.abs(x - position) ** curvature

    reach = (-disagreement / care) ** (1 / curvature)
    low, high = float((position - reach).max()), float((position + reach).min())
    if low > high:
        return Agreement(float("nan"), disagreement, False)
    # Beyond what all like there is nothing to gain for anybody.
    low, high = max(low, float(position.min())), min(high, float(position.max()))

    def rises(x: float) -> bool:
        away = position - x
        slope = care * curvature * np.abs(away) ** (curvature - 1) * np.sign(away)
        gain = worth(x) - disagreement
        # Who has nothing to lose yet pulls without bound; who stands there does not pull.
        with np.errstate(divide="ignore", invalid="ignore"):
            pull = np.where(slope == 0, 0.0, slope * share / np.maximum(gain, 0.0))
            return bool(pull.sum() > 0)

    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if rises(middle) else (low, middle)
    x = 0.5 * (low + high)
    return Agreement(x, np.maximum(worth(x), disagreement), True)


def _shares(
    power: Float[np.ndarray, " N"], disagreement: Float[np.ndarray, " N"]
) -> Float[np.ndarray, " N"]:
    """Powers that add to one, after a look at what every bargain needs."""
    if power.ndim != 1 or power.size < 2 or disagreement.shape != power.shape:
        raise BadInput("two or more parties, each with a power and a disagreement, are needed")
    if not (np.isfinite(power) & (power > 0)).all() or not np.isfinite(disagreement).all():
        raise BadInput("a power is not above nil, or a disagreement is not finite")
    return np.asarray(power / power.sum())
