"""The Security Council: what becomes of a conflict there, and who would stop a draft.

For a conflict i in a year the alternatives are silence, a resolution, and a veto led by one of the
permanent members m, with probabilities proportional to exp of (mcfadden1974conditional)

    silence 0;   resolution x_i b;   veto of m:  a_m + w_im (g + d_m)

w_im holds the ties of m to the state concerned.  A ridge on a_m and d_m pools the members: a
member with few vetoes stands near the common figures a new permanent member would be given.

Rules are decision functions apart from who sits: ``decide`` for known positions, ``carried`` for
chances.  Reforms change the rule, never the positions; drafts that nobody tables because they
would be stopped are silence here, so what a reform would bring to a vote is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from comity.core.errors import BadInput

Design = Float[np.ndarray, "N A P"]
Shares = Float[np.ndarray, "N A"]
SETTLED = 1e-9
Weights = Float[np.ndarray, " P"]


@dataclass(frozen=True)
class Choice:
    """A penalised conditional logit: weights, penalties, mean log-likelihood, end reached."""

    weights: Weights
    penalty: Weights
    fit: float
    converged: bool


def chances(design: Design, weights: Weights) -> Shares:
    """Return the probability of every alternative; rows sum to 1."""
    return softmax(design @ weights, axis=1)


def fit(design: Design, shares: Shares, penalty: Weights) -> Choice:
    """Fit the weights by penalised maximum likelihood, which has one summit.

    Parameters
    ----------
    design
        Traits of every alternative: cases x alternatives x weights.
    shares
        What happened: a row sums to 1; a veto by several members is divided between them.
    penalty
        Ridge on each weight (precision of its normal prior); 0 for none.

    Raises
    ------
    BadInput
        When shares do not sum to 1 or figures are missing.
    """
    if not np.isfinite(design).all() or not np.allclose(shares.sum(axis=1), 1.0):
        raise BadInput("cases need finite traits and shares that sum to 1")

    def loss(weights: Weights) -> tuple[float, Weights]:
        index = design @ weights
        away = softmax(index, axis=1) - shares
        value = -np.sum(shares * log_softmax(index, axis=1)) + 0.5 * penalty @ weights**2
        return float(value), np.einsum("na,nap->p", away, design) + penalty * weights

    start = minimize(loss, np.zeros(design.shape[2]), jac=True, method="L-BFGS-B", tol=1e-10).x
    weights, settled = _summit(design, shares, penalty, start)
    logs = log_softmax(design @ weights, axis=1)
    return Choice(weights, penalty, float(np.mean(np.sum(shares * logs, axis=1))), settled)


def _summit(
    design: Design, shares: Shares, penalty: Weights, start: Weights, most: int = 50
) -> tuple[Weights, bool]:
    """Newton's steps to the summit: rare vetoes make it flat, and slower methods stop short."""
    weights = start
    for _ in range(most):
        chance = softmax(design @ weights, axis=1)
        slope = np.einsum("na,nap->p", chance - shares, design) + penalty * weights
        if np.abs(slope).max() < SETTLED:
            return weights, True
        mean = np.einsum("na,nap->np", chance, design)
        bend = np.einsum("nap,na,naq->pq", design, chance, design) - mean.T @ mean
        weights = weights - np.linalg.solve(bend + np.diag(penalty), slope)
    return weights, False


def design_of(
    resolution: Float[np.ndarray, "N R"], veto: Float[np.ndarray, "N M W"]
) -> Float[np.ndarray, "N M+2 P"]:
    """Stack the traits of silence, resolution and a veto of each of M members.

    Weights in order: resolution (R), common of vetoes (W), each member's own departures (M x W).
    Put a constant first in both: a member's departure from it is the a_m above.
    """
    cases, members, traits = veto.shape
    first = resolution.shape[1]
    out = np.zeros((cases, members + 2, first + traits * (members + 1)))
    out[:, 1, :first] = resolution
    for m in range(members):
        out[:, m + 2, first : first + traits] = veto[:, m]
        own = first + traits * (m + 1)
        out[:, m + 2, own : own + traits] = veto[:, m]
    return out


def pooled(choice: Choice, resolution: int, traits: int) -> Weights:
    """Return the weights common to all members: those of a member who has never voted."""
    return choice.weights[resolution : resolution + traits]


class Vote(Enum):
    """A member's position on a draft."""

    FOR = 1
    ABSTAIN = 0
    AGAINST = -1


class Outcome(Enum):
    """What becomes of a draft put to the vote."""

    ADOPTED = "adopted"
    SHORT = "not adopted"
    VETOED = "vetoed"


@dataclass(frozen=True)
class CouncilRule:
    """Who sits, who holds a veto, votes needed, and how many vetoes it takes to stop a draft.

    ``party_abstains``: a holder of a veto who is party to the conflict may not use it.
    ``override``: votes in favour that carry a draft over any veto; none where ``None``.
    """

    members: tuple[str, ...]
    vetoes: frozenset[str]
    needed: int = 9
    stop: int = 1
    party_abstains: bool = False
    override: int | None = None

    def __post_init__(self) -> None:
        """Refuse rules that are none."""
        if not self.vetoes <= set(self.members) or not 1 <= self.needed <= len(self.members):
            raise BadInput("a rule needs vetoes held by members and a quota within their number")
        if self.stop < 1:
            raise BadInput("it takes at least one veto to stop a draft")


def decide(
    rule: CouncilRule, votes: Mapping[str, Vote], parties: frozenset[str] = frozenset()
) -> Outcome:
    """Return what becomes of a draft; members without a vote named abstain.

    A veto counts only where the draft has the votes it needs otherwise.
    """
    cast = {member: votes.get(member, Vote.ABSTAIN) for member in rule.members}
    favour = sum(vote is Vote.FOR for vote in cast.values())
    if favour < rule.needed:
        return Outcome.SHORT
    barred = parties if rule.party_abstains else frozenset()
    against = sum(cast[member] is Vote.AGAINST for member in rule.vetoes - barred)
    if against >= rule.stop and (rule.override is None or favour < rule.override):
        return Outcome.VETOED
    return Outcome.ADOPTED


def stopped(
    rule: CouncilRule, against: Mapping[str, float], parties: frozenset[str] = frozenset()
) -> float:
    """Return the probability that enough holders of a veto use it.

    Parameters
    ----------
    against
        Probability that each member would vote against, taken as independent given the draft;
        members not named never do.
    parties
        Members who are party to the conflict.
    """
    barred = parties if rule.party_abstains else frozenset()
    count = np.zeros(rule.stop + 1)
    count[0] = 1.0
    for member in sorted(rule.vetoes - barred):
        p = against.get(member, 0.0)
        more = count * p
        count = count * (1.0 - p)
        count[1:] += more[:-1]
        count[-1] += more[-1]
    return float(count[-1])
