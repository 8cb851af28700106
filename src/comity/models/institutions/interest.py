"""Commitment computed from interest: what partners inside an organisation are worth to a member.

A member's stake in organisation k is what it has with the others inside: trade, allies, like votes,
neighbours.  The yearly odds of leaving are

    log odds = z_ik' a + sum_c b_c,d(k) s_ikc ,     s_ikc = mean over partners j in k of x_ijc ,

with d(k) the issue that the organisation is for and z what is known without any interest: size,
age, how often this state and others left before.  States leave organisations whose members'
preferences lie far from theirs [vonborzyskowski2019hello]; trade, allies and neighbours are the
other interests that the literature names.  Because a stake is a mean over
partners, the part of a partner in the odds of staying is - b_c,d x_ijc / n_k, summed over what the
two share: commitment by issue and by partner.
Simplified: every member counts alike, stakes do not answer to leaving.  Do not trust it for one
membership: exits are 2.4 in a thousand a year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.special import expit

from comity.core import require
from comity.core.errors import BadInput
from comity.models.institutions.ties import with_members
from comity.models.statistics import logit

STAKES = ("trade", "allies", "votes", "neighbours")
ISSUES = ("political", "social", "economic")
PENALTY = 1.0  # a stake of one standard deviation is worth a log-odds of about one at most


@dataclass(frozen=True)
class Commitment:
    """A fitted hazard of leaving.

    ``record`` (1 + J,) constant and what is known without interest; ``stake`` (C, D) by stake and
    issue, per standard deviation of the stake; ``errors`` (C, D) clustered by state;
    ``centre``, ``scale`` of the record's and the stakes' columns.
    """

    record: Float[np.ndarray, " J"]
    stake: Float[np.ndarray, "C D"]
    errors: Float[np.ndarray, "C D"]
    centre: Float[np.ndarray, " K"]
    scale: Float[np.ndarray, " K"]


def agreement(votes: Float[np.ndarray, "V N"], least: int = 20) -> Float[np.ndarray, "N N"]:
    """Return the share of votes on which two states did the same; NaN below ``least`` common votes.

    Parameters
    ----------
    votes
        Yes, abstention, no as any three numbers; NaN where a state did not vote.
    least
        Common votes that a share needs.
    """
    here = np.isfinite(votes).astype(float)
    same = sum(
        (votes == value).astype(float).T @ (votes == value).astype(float)
        for value in np.unique(votes[np.isfinite(votes)])
    )
    both = here.T @ here
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(both >= least, same / np.maximum(both, 1.0), np.nan)


def share_inside(
    member: Float[np.ndarray, "K N"], flow: Float[np.ndarray, "N N"]
) -> Float[np.ndarray, "K N"]:
    """Return the share of each state's recorded trade that runs with members of an organisation.

    NaN for a state without any recorded trade.

    Raises
    ------
    BadInput
        When a flow is negative.
    """
    require.not_negative("trade", flow[np.isfinite(flow)])
    known = np.nan_to_num(flow) * (1.0 - np.eye(len(flow)))
    total = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, (member @ known.T) / total, np.nan)


def stakes(
    member: Float[np.ndarray, "K N"],
    trade: Float[np.ndarray, "N N"],
    allies: Float[np.ndarray, "N N"],
    votes: Float[np.ndarray, "N N"],
    near: Float[np.ndarray, "N N"],
) -> Float[np.ndarray, "K N C"]:
    """Return the stakes of each state in each organisation, in the order of `STAKES`.

    Trade is taken per partner, as the others are: the share of a state's trade that runs with the
    members over how many of the world's states they are.
    """
    size = np.maximum(member.sum(axis=1, keepdims=True) - member, 1.0) / member.shape[1]
    inside = share_inside(member, trade) / size
    rest = [with_members(member, one) for one in (allies, votes, near)]
    return np.stack([inside, *rest], axis=-1)


def fit(
    record: Float[np.ndarray, "R J"],
    stake: Float[np.ndarray, "R C"],
    issue: Int[np.ndarray, " R"],
    left: Float[np.ndarray, " R"],
    state: Int[np.ndarray, " R"],
) -> Commitment:
    """Fit the hazard; a stake that is not known stands at the mean.

    Parameters
    ----------
    record
        What is known of a membership without interest.
    stake
        Stakes; NaN where not known.  With no column the record alone is fitted.
    issue
        Position in `ISSUES`.
    left
        1 where the state left within the year.
    state
        Clusters of the errors.

    Raises
    ------
    BadInput
        When nobody left, or an issue is not one of them.
    """
    if not left.any():
        raise BadInput("nobody left", why="there is nothing to compare")
    require.whole("an issue", issue, 0)
    both = np.column_stack([record, stake])
    centre = np.nanmean(both, axis=0)
    scale = np.nanstd(both, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    x = _columns(record, stake, issue, centre, scale)
    j = 1 + record.shape[1] + len(ISSUES) - 1
    penalty = np.where(np.arange(x.shape[1]) == 0, 0.0, PENALTY)
    found = logit.fit(x, left, penalty)
    covariance = logit.clustered(found, x, left, state)
    shape = (stake.shape[1], len(ISSUES))
    return Commitment(
        found.coefficients[:j],
        found.coefficients[j:].reshape(shape),
        np.sqrt(np.diag(covariance))[j:].reshape(shape),
        centre,
        scale,
    )


def chance(
    fitted: Commitment,
    record: Float[np.ndarray, "R J"],
    stake: Float[np.ndarray, "R C"],
    issue: Int[np.ndarray, " R"],
) -> Float[np.ndarray, " R"]:
    """Return the yearly chance of leaving."""
    x = _columns(record, stake, issue, fitted.centre, fitted.scale)
    return expit(x @ np.concatenate([fitted.record, fitted.stake.reshape(-1)]))


def by_partner(
    fitted: Commitment,
    pair: Float[np.ndarray, "N C"],
    member: Float[np.ndarray, "K N"],
    issue: Int[np.ndarray, " K"],
) -> Float[np.ndarray, "N D"]:
    """Return each partner's part in the log-odds of staying, summed over shared organisations.

    Parameters
    ----------
    fitted
        Of all memberships.
    pair
        What the state has with each partner, in units of the stakes; NaN where not known.
    member
        Members of the organisations that the state is in, itself left out.
    issue
        Of those organisations.
    """
    start = len(fitted.centre) - fitted.stake.shape[0]
    centre, scale = fitted.centre[start:], fitted.scale[start:]
    worth = -np.nan_to_num((pair - centre) / scale) @ fitted.stake
    part = member / np.maximum(member.sum(axis=1, keepdims=True), 1.0)
    on = np.eye(len(ISSUES))[issue]
    return worth * (part.T @ on)


def _columns(
    record: Float[np.ndarray, "R J"],
    stake: Float[np.ndarray, "R C"],
    issue: Int[np.ndarray, " R"],
    centre: Float[np.ndarray, " K"],
    scale: Float[np.ndarray, " K"],
) -> Float[np.ndarray, "R L"]:
    """Constant, record, issues but the first, and every stake by issue."""
    scaled = np.nan_to_num((np.column_stack([record, stake]) - centre) / scale)
    on = np.eye(len(ISSUES))[issue]
    j = record.shape[1]
    by_issue = scaled[:, j:, None] * on[:, None, :]
    return np.column_stack(
        [np.ones(len(scaled)), scaled[:, :j], on[:, 1:], by_issue.reshape(len(scaled), -1)]
    )
