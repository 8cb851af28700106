"""How often allies kept their word once a war called on it.

A share of obligations honoured, by type and period, with an interval that resamples whole wars
(allies of one war decide together), and a logit of covariates with a ridge penalty.  Published
shares stand beside: leeds2000reevaluating, berkemeier2018reassessing.

**Conditional on invocation; never use it as the probability of defence.**  A war that calls on an
alliance is one that the alliance failed to prevent: challengers pick allies they expect to stay
out (fearon1994signaling).  What is honoured once tested says little of what would have been in
the tests that never came, and nothing of disputes short of war.
"""

from __future__ import annotations

from dataclasses import dataclass

import equinox as eqx
import numpy as np
from jaxtyping import Float, Int
from scipy.special import expit
from scipy.stats import beta

from comity.core import require
from comity.core.errors import BadInput
from comity.models.statistics import logit


@dataclass(frozen=True)
class Published:
    """A published share: of which ``obligation`` and years, and the bibliography's key."""

    obligation: str
    first: int
    last: int
    share: float
    source: str


PUBLISHED = (
    Published("any", 1816, 1944, 0.745, "leeds2000reevaluating"),
    Published("any", 1816, 2003, 0.50, "berkemeier2018reassessing"),
    Published("any", 1816, 1944, 0.66, "berkemeier2018reassessing"),
    Published("any", 1945, 2003, 0.22, "berkemeier2018reassessing"),
    Published("defence", 1816, 2003, 0.41, "berkemeier2018reassessing"),
    Published("offence", 1816, 2003, 0.74, "berkemeier2018reassessing"),
    Published("neutrality", 1816, 2003, 0.78, "berkemeier2018reassessing"),
    Published("non-aggression", 1816, 2003, 0.37, "berkemeier2018reassessing"),
)


class Share(eqx.Module):
    """A share of ``cases`` in ``clusters``, and its interval."""

    share: float
    low: float
    high: float
    cases: int
    clusters: int


def of_cases(honoured: int, cases: int, level: float = 0.95) -> Share:
    """Return a share of independent cases with the interval of Jeffreys' prior.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.whole("the number of cases", cases, 1)
    require.whole("cases honoured", honoured, 0)
    require.chances("the share honoured", honoured / cases)
    require.level("the level of an interval", level)
    a, b = honoured + 0.5, cases - honoured + 0.5
    tail = (1.0 - level) / 2.0
    low, high = beta.ppf([tail, 1.0 - tail], a, b)
    return Share(honoured / cases, float(low), float(high), cases, cases)


def of_clusters(
    honoured: Float[np.ndarray, " N"],
    cluster: Int[np.ndarray, " N"],
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Share:
    """Return a share of cases that come in clusters, resampled whole.

    Where all agree, resampling shows no doubt: the interval is then that of as many independent
    cases as there are clusters.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.events("what was honoured", honoured)
    require.whole("the number of cases", len(honoured), 1)
    require.whole("the number of draws", draws, 1)
    require.level("the level of an interval", level)
    _, slot = np.unique(cluster, return_inverse=True)
    sums, sizes = np.bincount(slot, weights=honoured), np.bincount(slot).astype(float)
    count = len(sums)
    plain = of_cases(int(round(float(honoured.mean()) * count)), count, level)
    low, high = plain.low, plain.high
    if 0.0 < honoured.mean() < 1.0:
        rng = np.random.default_rng(seed)
        weight = rng.multinomial(count, np.full(count, 1.0 / count), size=draws)
        shares = (weight @ sums) / (weight @ sizes)
        tail = (1.0 - level) / 2.0
        low, high = np.quantile(shares, [tail, 1.0 - tail])
    return Share(float(honoured.mean()), float(low), float(high), len(honoured), count)


def weight_before(whole: float, before: float, after: float) -> float:
    """Return the share of cases that lie before a break, from three shares honoured.

    Raises
    ------
    BadInput
        When a share is none, or the whole does not lie between its two parts.
    """
    for share in (whole, before, after):
        require.chances("a share", share)
    if not min(before, after) <= whole <= max(before, after) or before == after:
        raise BadInput(
            f"the whole, {whole:g}, does not lie between its parts, {before:g} and {after:g}",
            why="no weights of theirs give it",
        )
    return (whole - after) / (before - after)


class Reliability(eqx.Module):
    """Coefficients (1 + K,), constant first, of columns as given, with clustered covariance."""

    coefficients: Float[np.ndarray, " C"]
    covariance: Float[np.ndarray, "C C"]
    converged: bool


def fit(
    x: Float[np.ndarray, "N K"],
    honoured: Float[np.ndarray, " N"],
    cluster: Int[np.ndarray, " N"],
    penalty: float = 0.5,
) -> Reliability:
    """Fit log-odds of being honoured on covariates; the constant is not penalised."""
    full = np.column_stack([np.ones(len(x)), x])
    ridge = np.full(full.shape[1], float(penalty))
    ridge[0] = 0.0
    found = logit.fit(full, honoured, ridge)
    covariance = logit.clustered(found, full, honoured, cluster)
    return Reliability(found.coefficients, covariance, found.converged)


def probability(
    model: Reliability, x: Float[np.ndarray, "N K"], z: float = 1.959963984540054
) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
    """Return chance of being honoured once invoked, and the ends of its interval."""
    full = np.column_stack([np.ones(len(x)), x])
    index = full @ model.coefficients
    spread = z * np.sqrt(np.einsum("nk,kl,nl->n", full, model.covariance, full))
    return expit(index), expit(index - spread), expit(index + spread)
