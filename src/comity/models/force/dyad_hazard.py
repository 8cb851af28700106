"""The yearly chance that two states start a militarized dispute.

    logit P(onset in year t) = a + b'z + c1 s + c2 s^2 + c3 s^3

with z the pair's traits (ratio of capabilities, contiguity, alliance, democracy, trade, past
disputes) and s its years of peace, a cubic (carter2010back); the design of bremer1992dangerous.
Coefficients but the constant carry a ridge penalty; traits are standardised with the fitting
rows, and an unknown trait counts as the mean with an indicator of its own.
A forecast of several years holds z, and follows s through every chain of disputes that may
happen before.  Simplified: disputes last one year, no pair reacts to another pair.
Do not trust it for pairs without a past, nor when the system changes: 3.9 % of relevant pairs a
year had an onset in the 1950s, 1.5 % in the 2000s, and a fit knows only what was.
"""

from __future__ import annotations

import equinox as eqx
import numpy as np
from jaxtyping import Bool, Float
from scipy.optimize import minimize
from scipy.special import betaln, expit

from comity.core import require
from comity.models.statistics import logit

# Years of peace in a unit that keeps the cubic's columns near one.
DECADE = 10.0


class Hazard(eqx.Module):
    """A fitted hazard: frozen numbers, all from the rows it was fitted on.

    ``coefficients`` (1 + 2J + 3,) are for the constant, J standardised traits, J indicators of
    unknown traits and the standardised cubic; ``mean`` and ``sd`` (J + 3,) standardise;
    ``longest`` is the longest peace that was seen to end (years): longer ones count as that, for
    a cubic says nothing of where no dispute ever started.
    """

    coefficients: Float[np.ndarray, " K"]
    mean: Float[np.ndarray, " S"]
    sd: Float[np.ndarray, " S"]
    longest: float
    penalty: float
    converged: bool


class Climatology(eqx.Module):
    """Beta distribution of pairs' yearly rates: mean a / (a + b), a + b years' worth of weight."""

    a: float
    b: float


def _cubic(peace: Float[np.ndarray, " N"], longest: float) -> Float[np.ndarray, "N 3"]:
    s = np.minimum(peace, longest) / DECADE
    return np.stack([s, s**2, s**3], axis=1)


def _design(
    traits: Float[np.ndarray, "N J"],
    known: Bool[np.ndarray, "N J"],
    cubic: Float[np.ndarray, "N 3"],
    mean: Float[np.ndarray, " S"],
    sd: Float[np.ndarray, " S"],
) -> Float[np.ndarray, "N K"]:
    j = traits.shape[1]
    z = np.where(known, (np.where(known, traits, 0.0) - mean[:j]) / sd[:j], 0.0)
    s = (cubic - mean[j:]) / sd[j:]
    return np.concatenate([np.ones((len(z), 1)), z, (~known).astype(float), s], axis=1)


def fit(
    traits: Float[np.ndarray, "N J"],
    known: Bool[np.ndarray, "N J"],
    peace: Float[np.ndarray, " N"],
    onset: Float[np.ndarray, " N"],
    penalty: float,
) -> Hazard:
    """Fit the hazard to pair-years.

    Parameters
    ----------
    traits
        J traits of each pair-year; anything where not known.
    known
        False where a trait is missing.
    peace
        Years since the last year with a dispute.
    onset
        1 where a dispute started, else 0.
    penalty
        Ridge penalty of every coefficient but the constant, above 0.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.events("an onset", onset)
    require.not_negative("years of peace", peace)
    require.positive("the penalty", penalty)
    ended = peace[onset == 1]
    longest = float(ended.max()) if len(ended) else float(peace.max())
    cubic = _cubic(peace, longest)
    weight = known.sum(axis=0)
    filled = np.where(known, traits, 0.0)
    centre = filled.sum(axis=0) / np.maximum(weight, 1)
    spread = np.sqrt(
        (np.where(known, filled - centre, 0.0) ** 2).sum(axis=0) / np.maximum(weight, 1)
    )
    mean = np.concatenate([centre, cubic.mean(axis=0)])
    sd = np.concatenate([spread, cubic.std(axis=0)])
    sd = np.where(sd > 0, sd, 1.0)
    x = _design(traits, known, cubic, mean, sd)
    ridge = np.full(x.shape[1], float(penalty))
    ridge[0] = 0.0
    found = logit.fit(x, onset, ridge)
    return Hazard(found.coefficients, mean, sd, longest, float(penalty), found.converged)


def hazard(
    model: Hazard,
    traits: Float[np.ndarray, "N J"],
    known: Bool[np.ndarray, "N J"],
    peace: Float[np.ndarray, " N"],
) -> Float[np.ndarray, " N"]:
    """Return the probability of an onset in a year, given the years of peace before it.

    Raises
    ------
    BadInput
        When years of peace are below zero.
    """
    require.not_negative("years of peace", peace)
    x = _design(traits, known, _cubic(peace, model.longest), model.mean, model.sd)
    return expit(x @ model.coefficients)


def forecast(
    model: Hazard,
    traits: Float[np.ndarray, "N J"],
    known: Bool[np.ndarray, "N J"],
    peace: Float[np.ndarray, " N"],
    years: int,
) -> Float[np.ndarray, "N years"]:
    """Return the probability of an onset in each of the coming years, seen from before them.

    Parameters
    ----------
    model
        A fitted hazard.
    traits, known
        Traits as last seen; they are held.
    peace
        Years of peace at the first coming year.
    years
        How many years.

    Returns
    -------
    numpy.ndarray
        (N, years).  An onset sets the years of peace of the next year to 0, so that the
        probability sums over every way in which the years before can go.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.whole("the number of years", years, 1)
    count = len(peace)
    quiet = np.stack([hazard(model, traits, known, peace + h) for h in range(years)], axis=1)
    again = np.stack(
        [hazard(model, traits, known, np.full(count, float(h))) for h in range(years)], axis=1
    )
    return chained(quiet[:, :, None], again[:, :, None])[:, :, 0]


def chained(
    quiet: Float[np.ndarray, "N H J"], again: Float[np.ndarray, "N H J"]
) -> Float[np.ndarray, "N H J"]:
    """Return the probability of each kind of event in each of H years, seen from before them.

    Parameters
    ----------
    quiet
        Probability of J kinds of events in a year if none came in the years before it.
    again
        The same h years after the year of an event.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.chances("a probability", quiet)
    require.chances("a probability after an event", again)
    for each in (quiet, again):
        require.not_negative("the chance of no event", 1.0 + 1e-9 - each.sum(axis=2))
    count, years, _ = quiet.shape
    untouched = np.ones(count)
    since = np.zeros((count, years))
    chance = np.zeros(quiet.shape)
    for h in range(years):
        chance[:, h] = untouched[:, None] * quiet[:, h] + np.einsum("nh,nhj->nj", since, again)
        survived = since * (1.0 - again.sum(axis=2))
        since = np.concatenate([chance[:, h].sum(axis=1)[:, None], survived[:, :-1]], axis=1)
        untouched = untouched * (1.0 - quiet[:, h].sum(axis=1))
    return chance


def fit_climatology(onsets: Float[np.ndarray, " D"], years: Float[np.ndarray, " D"]) -> Climatology:
    """Fit a beta-binomial to onsets and years of D pairs by maximum likelihood.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.positive("years", years)
    require.whole("onsets", onsets, 0)
    require.chances("onsets a year", onsets / years)
    return fit_effective(onsets, years)


def fit_effective(onsets: Float[np.ndarray, " D"], years: Float[np.ndarray, " D"]) -> Climatology:
    """The same fit for effective counts, which clustering makes smaller and no longer whole.

    Raises
    ------
    BadInput
        When an argument is out of its range; places are named.
    """
    require.positive("years", years)
    require.chances("onsets a year", onsets / years)

    def loss(logs: Float[np.ndarray, " two"]) -> float:
        a, b = np.exp(logs)
        return -float((betaln(a + onsets, b + years - onsets) - betaln(a, b)).sum())

    rate = max(float(onsets.sum() / years.sum()), 1e-6)
    found = minimize(loss, np.log([0.5, 0.5 / rate]), method="Nelder-Mead")
    a, b = np.exp(found.x)
    return Climatology(float(a), float(b))


def climatological_rate(
    model: Climatology, onsets: Float[np.ndarray, " D"], years: Float[np.ndarray, " D"]
) -> Float[np.ndarray, " D"]:
    """Return a pair's yearly rate given its own record, shrunk to that of all pairs."""
    return (model.a + onsets) / (model.a + model.b + years)
