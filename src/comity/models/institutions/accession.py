"""Whether a framework lets an applicant in: a yearly chance under its accession rule.

Under unanimity every member can block, so the chance of a year is that the applicant is ready
times the chance that no member blocks [tsebelis2002veto, ch. 1: more veto players, or more distant
ones, less change]:

    P_t = F(r'x_t) * prod_j F(c'z_jt),      F(u) = 1 / (1 + exp(-u))

x: the applicant (years waited, how democratic next to members); z: each member beside it (what it
stands to gain, how far apart they vote, whether they are rivals). The plain hazard F(b'[x, m]) with
m the mean and the worst member stands beside it; whichever foresees better is used. An accession
within a span: 1 - prod_t (1 - P_t).
"""

from __future__ import annotations

import equinox as eqx
import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from comity.core import require
from comity.core.errors import BadInput

CONSENT = 5.0  # log-odds of a member's yes to which the fit is drawn: 1 in 150 blocks


class Veto(eqx.Module):
    """A fitted rule: weights on the applicant (constant first) and on each member beside it."""

    ready: Float[np.ndarray, " J"]
    consent: Float[np.ndarray, " M"]


def yearly(
    ready: Float[np.ndarray, " R"], consent: Float[np.ndarray, " P"], row: Int[np.ndarray, " P"]
) -> Float[np.ndarray, " R"]:
    """Return the chance of each applicant-year from log-odds.

    Parameters
    ----------
    ready
        Log-odds that the applicant is ready, a figure a row.
    consent
        Log-odds that a member does not block, a figure for each row and member.
    row
        Row to which each of those belongs.
    """
    agreed = np.bincount(row, weights=log_expit(consent), minlength=len(ready))
    return np.exp(log_expit(ready) + agreed)


def fit(
    applicant: Float[np.ndarray, "R J"],
    member: Float[np.ndarray, "P M"],
    row: Int[np.ndarray, " P"],
    came: Float[np.ndarray, " R"],
    penalty: float = 1.0,
) -> Veto:
    """Fit the rule to applicant-years by penalised maximum likelihood.

    Parameters
    ----------
    applicant, member
        Traits in comparable units, a column of ones first; no missing values.
    row
        Row of ``applicant`` to which each row of ``member`` belongs.
    came
        1 in the year of accession, else 0.
    penalty
        Ridge on all weights but the applicant's constant; the members' constant is drawn to 5.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.finite("an applicant's trait", applicant)
    require.finite("a member's trait", member)
    require.events("an accession", came)
    require.not_negative("the penalty", penalty)
    if len(row) and not 0 <= int(row.min()) <= int(row.max()) < len(came):
        raise BadInput("a member belongs to a row that is not there", fix="rows count from 0")
    j, m = applicant.shape[1], member.shape[1]
    centre = np.concatenate([np.zeros(j), [CONSENT], np.zeros(m - 1)])
    weight = np.concatenate([[1e-6], np.full(j + m - 1, penalty)])

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        ready, consent = applicant @ b[:j], member @ b[j:]
        p = np.clip(yearly(ready, consent, row), 1e-12, 1.0 - 1e-12)
        value = -np.sum(np.where(came > 0.5, np.log(p), np.log1p(-p)))
        # d log p is 1 - F of each log-odds; a year without accession weighs it by -p / (1 - p).
        slope = np.where(came > 0.5, 1.0, -p / (1.0 - p))
        first = applicant.T @ (slope * expit(-ready))
        second = member.T @ (slope[row] * expit(-consent))
        away = b - centre
        return (
            float(value + 0.5 * weight @ away**2),
            -np.concatenate([first, second]) + weight * away,
        )

    found = minimize(loss, centre, jac=True, method="L-BFGS-B", options={"maxiter": 2000})
    return Veto(np.asarray(found.x[:j]), np.asarray(found.x[j:]))


def chance(
    model: Veto,
    applicant: Float[np.ndarray, "R J"],
    member: Float[np.ndarray, "P M"],
    row: Int[np.ndarray, " P"],
) -> Float[np.ndarray, " R"]:
    """Return the chance of accession in each applicant-year."""
    return yearly(applicant @ model.ready, member @ model.consent, row)


def within(yearly_chance: Float[np.ndarray, "... T"]) -> Float[np.ndarray, "..."]:
    """Return the chance that it passes in one of the years along the last axis.

    Raises
    ------
    BadInput
        When a chance is not in [0, 1].
    """
    require.chances("a yearly chance", yearly_chance, missing=True)
    return np.asarray(1.0 - np.prod(1.0 - yearly_chance, axis=-1))


def blockers(gain: Float[np.ndarray, " M"], least: float = 0.0) -> Bool[np.ndarray, " M"]:
    """Return the members who would lose by an accession: vetoes under unanimity.

    Parameters
    ----------
    gain
        Of each member, any unit; NaN where it was not computed, which blocks nothing.
    least
        Gain below which a member is against.
    """
    return np.nan_to_num(gain, nan=np.inf) < least
