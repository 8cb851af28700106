"""Checks on government: the chance that an act survives parliament, courts, administration.

Of n_c acts through channel c (executive order, statute, treaty, appropriation), y_c survived:

    y_c ~ Binomial(n_c, p_c),   p_c ~ Beta(m k, (1 - m) k),   m ~ Uniform,   p(k) ~ (1 + k)^-2

(partial pooling, gelman2013bayesian ch. 5): a channel with few acts leans towards the others, the
more the more alike the channels are.  The posterior is summed over a grid of m and log k.  With
covariates (divided government, distance of President and Congress, howell2003power), a logit with
channel terms under normal priors takes its place.
In a future, log-odds add up: p = 1 / (1 + exp(-(log-odds of the channel + shift))), the shift
being what makes checks weaker or stronger.
Not causal: presidents choose the channel, and try what may pass.  The record is of one state.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Array, Bool, Float, Int
from scipy.special import betaln, polygamma, psi

from comity.core import require
from comity.core.errors import BadInput
from comity.models.statistics import logit

MEANS = (np.arange(200) + 0.5) / 200
CONCENTRATIONS = np.exp(np.linspace(np.log(0.1), np.log(1000.0), 120))


@dataclass(frozen=True)
class Survival:
    """Posterior of the channels' probabilities of survival.

    ``mean``, ``sd``: of the probability; ``log_odds``, ``log_odds_sd``: of its log-odds, all (C,).
    ``common``: mean of the distribution that the channels share.
    """

    mean: Float[np.ndarray, " C"]
    sd: Float[np.ndarray, " C"]
    log_odds: Float[np.ndarray, " C"]
    log_odds_sd: Float[np.ndarray, " C"]
    common: float


def pooled(survived: Int[np.ndarray, " C"], acts: Int[np.ndarray, " C"]) -> Survival:
    """Return the beta-binomial posterior of every channel under partial pooling.

    Parameters
    ----------
    survived, acts
        How many survived of how many, by channel; a channel without acts gets the common view.

    Raises
    ------
    BadInput
        When more survived than there were, or a count is negative.
    """
    if (survived < 0).any() or (survived > acts).any():
        raise BadInput("survivors must be between none and all of the acts")
    m, k = (grid.ravel() for grid in np.meshgrid(MEANS, CONCENTRATIONS, indexing="ij"))
    a = m[:, None] * k[:, None] + survived
    b = (1 - m)[:, None] * k[:, None] + (acts - survived)
    prior = betaln(m * k, (1 - m) * k)[:, None]
    # The grid is even in log k, so the density of k is multiplied by k.
    log = (betaln(a, b) - prior).sum(1) - 2 * np.log1p(k) + np.log(k)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean, second = weight @ (a / (a + b)), weight @ (a * (a + 1) / (a + b) / (a + b + 1))
    odds = psi(a) - psi(b)
    log_odds = weight @ odds
    spread = weight @ (odds**2 + polygamma(1, a) + polygamma(1, b)) - log_odds**2
    return Survival(mean, np.sqrt(second - mean**2), log_odds, np.sqrt(spread), float(weight @ m))


def left_out(
    channel: Int[np.ndarray, " A"], survived: Bool[np.ndarray, " A"], channels: int
) -> Float[np.ndarray, " A"]:
    """Return each act's pooled probability from all other acts; (A,).

    Raises
    ------
    BadInput
        When a channel is not one of them.
    """
    _check_channel(channel, channels)
    count = np.bincount(channel, minlength=channels)
    yes = np.bincount(channel[survived], minlength=channels)
    found = np.empty(len(channel))
    for c in range(channels):
        for kind in (False, True):
            mine = (channel == c) & (survived == kind)
            if mine.any():
                one = np.eye(channels, dtype=int)[c]
                found[mine] = pooled(yes - kind * one, count - one).mean[c]
    return found


def base_rate_left_out(
    channel: Int[np.ndarray, " A"], survived: Bool[np.ndarray, " A"], channels: int
) -> Float[np.ndarray, " A"]:
    """Return the share that survived among the other acts of the same channel; (A,).

    Where an act is the only one of its channel: the share among all others.

    Raises
    ------
    BadInput
        When a channel is not one of them, or there is one act only.
    """
    _check_channel(channel, channels)
    require.whole("the number of acts", len(survived), 2)
    count = np.bincount(channel, minlength=channels)[channel] - 1
    yes = np.bincount(channel[survived], minlength=channels)[channel] - survived
    overall = (survived.sum() - survived) / (len(survived) - 1)
    return np.where(count > 0, yes / np.maximum(count, 1), overall)


def design(
    channel: Int[np.ndarray, " A"], covariates: Float[np.ndarray, "A X"], channels: int
) -> Float[np.ndarray, "A K"]:
    """Return the columns of the logit: a constant, one a channel, covariates to unit spread."""
    spread = covariates.std(axis=0)
    scaled = (covariates - covariates.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.column_stack([np.ones(len(channel)), np.eye(channels)[channel], scaled])


def fit_logit(
    columns: Float[np.ndarray, "A K"], survived: Bool[np.ndarray, " A"], channels: int
) -> logit.LogitFit:
    """Fit the logit with covariates; priors: channels N(0, 1), covariates N(0, 0.5), constant wide.

    The prior of a covariate holds that a step of one standard deviation rarely more than doubles
    or halves the odds by itself.
    """
    others = columns.shape[1] - channels - 1
    penalty = np.concatenate([[0.01], np.full(channels, 1.0), np.full(others, 4.0)])
    return logit.fit(columns, survived.astype(float), penalty)


def logit_left_out(
    columns: Float[np.ndarray, "A K"], survived: Bool[np.ndarray, " A"], channels: int
) -> Float[np.ndarray, " A"]:
    """Return each act's probability under the logit fitted on all other acts; (A,)."""
    found = np.empty(len(survived))
    for i in range(len(survived)):
        rest = np.arange(len(survived)) != i
        model = fit_logit(columns[rest], survived[rest], channels)
        found[i] = 1.0 / (1.0 + np.exp(-(columns[i] @ model.coefficients)))
    return found


def survival_probability(
    log_odds: Float[Array, " C"], shift: Float[Array, "N C"]
) -> Float[Array, "N C"]:
    """Return the probability that an act survives, by state and channel.

    Parameters
    ----------
    log_odds
        Of survival by channel, as drawn for this future.
    shift
        Added to the log-odds; above zero checks are weaker.
    """
    return jax.nn.sigmoid(log_odds + shift)


def _check_channel(channel: Int[np.ndarray, " A"], channels: int) -> None:
    if len(channel) and not 0 <= int(channel.min()) <= int(channel.max()) < channels:
        raise BadInput(f"channels are numbered 0 to {channels - 1}")
