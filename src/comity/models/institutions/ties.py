"""Who ties itself to whom: accessions to frameworks and pacts of k members, with their risk sets.

A pact or an accession is one event however many pairs it ties: pairs of one treaty are not
independent, and reading k members as k (k - 1) / 2 events of two misstates both estimates and
their certainty [poast2010misusing]. Three views of the same events:

- accession: will a state outside a framework be inside it some years on? Risk set: every state
  that is outside, applicants and the refused with the rest;
- pact: will a pair that owes nothing owe defence some years on? Risk set: every untied pair;
- choice: given that k states make a treaty, which k? Compared with groups of the same size.

The first two are logits with a ridge on standardised traits; the third is a conditional logit
[mcfadden1974conditional] with drawn alternatives. New ties are to be scored apart from old ones:
most ties of a year are those of the year before, and a forecast of no change is hard to beat on
them and says nothing about new ones.
"""

from __future__ import annotations

import equinox as eqx
import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from comity.core import require
from comity.core.errors import BadInput
from comity.models.statistics.logit import fit as fit_logit

STEEP = 1e-3  # slope, a set, beyond which a climb has not ended at a summit


class Formation(eqx.Module):
    """A fitted logit: how traits are put to one scale, and a coefficient each, constant first."""

    mean: Float[np.ndarray, " J"]
    sd: Float[np.ndarray, " J"]
    coefficients: Float[np.ndarray, " J1"]


def scale(
    traits: Float[np.ndarray, "R J"], mean: Float[np.ndarray, " J"], sd: Float[np.ndarray, " J"]
) -> Float[np.ndarray, "R J"]:
    """Return traits in standard deviations from the mean; unknown ones stand at the mean."""
    return np.nan_to_num((traits - mean) / sd, nan=0.0, posinf=0.0, neginf=0.0)


def fit(
    traits: Float[np.ndarray, "R J"], event: Float[np.ndarray, " R"], penalty: float = 1.0
) -> Formation:
    """Fit the chance that a tie that is not there comes to be (or that one that is there stays).

    Parameters
    ----------
    traits
        Of each member of the risk set; NaN where unknown.
    event
        1 where the tie came (stayed), else 0.
    penalty
        Ridge on the coefficients of standardised traits; the constant is free.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.events("the event", event)
    require.not_negative("the penalty", penalty)
    mean, sd = _moments(traits)
    x = np.column_stack([np.ones(len(traits)), scale(traits, mean, sd)])
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-6
    return Formation(mean, sd, fit_logit(x, event, ridge).coefficients)


def chance(model: Formation, traits: Float[np.ndarray, "R J"]) -> Float[np.ndarray, " R"]:
    """Return the probability of the event for each row of traits."""
    z = scale(traits, model.mean, model.sd)
    return expit(model.coefficients[0] + z @ model.coefficients[1:])


def _moments(
    traits: Float[np.ndarray, "R J"],
) -> tuple[Float[np.ndarray, " J"], Float[np.ndarray, " J"]]:
    known = np.isfinite(traits)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, traits, 0.0).sum(axis=0) / count
    spread = np.where(known, (traits - mean) ** 2, 0.0).sum(axis=0) / count
    return mean, np.where(spread > 0, np.sqrt(spread), 1.0)


def with_members(
    member: Float[np.ndarray, "K N"], pair: Float[np.ndarray, "N N"]
) -> Float[np.ndarray, "K N"]:
    """Return the mean of a trait of pairs between each state and the members of each framework.

    A state is not paired with itself; pairs that are unknown (NaN) do not count. NaN where no
    pair is known.
    """
    known = np.isfinite(pair) & ~np.eye(len(pair), dtype=bool)
    total = member @ np.where(known, pair, 0.0)
    count = member @ known.astype(float)
    return np.where(count > 0, total / np.where(count > 0, count, 1.0), np.nan)


def likeness(profile: Float[np.ndarray, "N K"]) -> Float[np.ndarray, "N N"]:
    """Return the cosine of states' rows: 1 for the same memberships, 0 for none in common."""
    norm = np.sqrt((profile**2).sum(axis=1))
    safe = np.where(norm > 0, norm, 1.0)
    return (profile @ profile.T) / np.outer(safe, safe)


def inside(group: Int[np.ndarray, "E S"], pair: Float[np.ndarray, "N N"]) -> Float[np.ndarray, "E"]:
    """Return the mean of a trait of pairs over all pairs inside each group of the same size.

    Parameters
    ----------
    group
        Members of each group, by number; two at least.
    pair
        Trait of pairs, symmetric; NaN where unknown, and then left out of the mean.
    """
    first, second = np.triu_indices(group.shape[1], 1)
    value = pair[group[:, first], group[:, second]]
    known = np.isfinite(value)
    count = known.sum(axis=1)
    total = np.where(known, value, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def groups_nearby(
    size: int,
    near: Float[np.ndarray, "N N"],
    draws: int,
    rng: np.random.Generator,
) -> Int[np.ndarray, "E S"]:
    """Draw groups that could have made a treaty: a state at random and others near to it.

    Groups drawn evenly over the globe would be told from real ones by distance alone; these
    leave the question open which of the neighbours it is.

    Parameters
    ----------
    size
        Members of a group.
    near
        Weight with which the column's state is drawn beside the row's; the diagonal is ignored.
    """
    weight = np.where(np.isfinite(near), near, 0.0) * (1.0 - np.eye(len(near)))
    first = rng.integers(len(near), size=draws)
    # The largest of log-weights plus Gumbel noise: a draw without replacement.
    with np.errstate(divide="ignore"):
        race = np.log(weight[first]) + rng.gumbel(size=(draws, len(near)))
    others = np.argsort(-race, axis=1, kind="stable")[:, : size - 1]
    return np.column_stack([first, others])


def fit_choice(
    sets: list[Float[np.ndarray, "_ J"]], penalty: float = 1.0
) -> tuple[Float[np.ndarray, " J"], Float[np.ndarray, " J"], Float[np.ndarray, " J"]]:
    """Fit a conditional logit: each set holds the traits of alternatives, the chosen one first.

    Returns
    -------
    mean, sd, coefficients
        With which traits are scaled, and the weight of each [mcfadden1974conditional].

    Raises
    ------
    BadInput
        When a set has fewer than two alternatives or other traits than the first.
    """
    _check_sets(sets)
    require.not_negative("the penalty", penalty)
    mean, sd = _moments(np.concatenate(sets))
    scaled = [scale(one, mean, sd) for one in sets]

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.5 * penalty * float(b @ b), penalty * b
        for one in scaled:
            index = one @ b
            top = logsumexp(index)
            value += float(top - index[0])
            slope = slope + np.exp(index - top) @ one - one[0]
        return value, slope

    found = minimize(loss, np.zeros(len(mean)), jac=True, method="L-BFGS-B")
    if not np.abs(found.jac).max() <= STEEP * len(sets):
        raise BadInput("the choices have no best fit", why=str(found.message), fix="a penalty")
    return mean, sd, np.asarray(found.x)


def choice_scores(
    sets: list[Float[np.ndarray, "_ J"]],
    mean: Float[np.ndarray, " J"],
    sd: Float[np.ndarray, " J"],
    coefficients: Float[np.ndarray, " J"],
) -> tuple[Float[np.ndarray, " E"], Float[np.ndarray, " E"]]:
    """Return minus the log probability of each set's first alternative, and its rank share.

    The rank share is the share of the other alternatives that were given less, ties half: the
    area under the curve of one event.

    Raises
    ------
    BadInput
        When a set has fewer than two alternatives or other traits than the first.
    """
    _check_sets(sets)
    loss, rank = np.empty(len(sets)), np.empty(len(sets))
    for at, one in enumerate(sets):
        index = scale(one, mean, sd) @ coefficients
        loss[at] = logsumexp(index) - index[0]
        rank[at] = np.mean((index[1:] < index[0]) + 0.5 * (index[1:] == index[0]))
    return loss, rank


def _check_sets(sets: list[Float[np.ndarray, "_ J"]]) -> None:
    """Sets may differ in how many alternatives they hold, not in their traits."""
    if not sets:
        raise BadInput("no choice to learn from")
    for at, one in enumerate(sets):
        if len(one) < 2 or one.shape[1] != sets[0].shape[1]:
            raise BadInput(
                f"set {at} has {len(one)} alternatives with {one.shape[1]} traits",
                why=f"two at least are chosen between, all with {sets[0].shape[1]} traits",
            )


def area(chances: Float[np.ndarray, " R"], came: Bool[np.ndarray, " R"]) -> float:
    """Return the area under the curve: the chance that an event was given more than a non-event.

    Ties count half; NaN where there are no events or nothing else.

    Raises
    ------
    BadInput
        When a chance is NaN.
    """
    require.present("a chance", chances)
    _, level = np.unique(chances, return_inverse=True)
    events = np.bincount(level, weights=came.astype(float))
    others = np.bincount(level, weights=(~came).astype(float))
    both = float(events.sum() * others.sum())
    below = np.cumsum(others) - 0.5 * others
    return float(events @ below) / both if both > 0 else float("nan")
