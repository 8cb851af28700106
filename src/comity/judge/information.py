"""What it would be worth to know: the price of not knowing, for a choice among strategies.

Whoever must choose takes the strategy that is best on average. Told the value of some number first,
one might choose another; what that gains on average is the expected value of partial perfect
information (EVPPI). Told everything, luck included, it is that of perfect information (EVPI), which
bounds all others. A study tells a number only with error: what it is worth is the expected value of
sample information (EVSI).

EVPPI by regression on the futures already run (strong2014estimating), EVSI by regression on what
the study would find (strong2015estimating) or by matching the spread of what one would believe
after it (heath2018efficient). All are in the unit of the values. Estimates from few futures are too
large, as a fit follows chance; `smoothing.fit` takes that off. `plain` is without that.

Values are of shape (futures, options), larger is better, and finite: `robustness.oriented` and
`robustness.comparable` make them so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from comity.judge.smoothing import Fit, basis, fit, smoothed

POSTERIORS = 30  # findings of a study over which the spread that stays is averaged


@dataclass(frozen=True)
class Worth:
    """What knowing something is worth for a choice, in the unit of the values.

    ``se`` is its standard error. ``turns`` is the share of futures in which, knowing it, another
    option than the best on average would be taken; ``to`` is the one most often taken then, None
    where that never happens. ``plain`` is the value without the correction for few futures.
    """

    value: float
    se: float
    turns: float
    to: int | None
    plain: float


def contrasts(
    values: Float[np.ndarray, "F S"], rounding: float = 0.0
) -> tuple[int, Float[np.ndarray, "F S"]]:
    """The option best on average, and each option less that one, future by future.

    Parameters
    ----------
    values
        One row a future, one column an option.
    rounding
        Differences no larger than this are none.

    Raises
    ------
    ValueError
        If there is no future or no option, or a value is missing.
    """
    if not values.size or not np.isfinite(values).all():
        raise ValueError(f"values of shape {values.shape} must be there and finite")
    best = int(np.argmax(values.mean(0)))
    apart = values - values[:, [best]]
    return best, np.where(np.abs(apart) > rounding, apart, 0.0)


def evpi(values: Float[np.ndarray, "F S"]) -> Worth:
    """Expected value of perfect information: the mean regret of the option best on average.

    What nobody can know, as the luck of a future, is in it, so that it is an upper bound of what
    any knowledge is worth.
    """
    best, apart = contrasts(values)
    gain, taken = _rule(apart, best)
    turns, to = _turns(taken, best)
    mean = float(gain.mean())
    return Worth(mean, _error(gain), turns, to, mean)


def evppi(values: Float[np.ndarray, "F S"], inputs: pd.DataFrame) -> Worth:
    """Expected value of knowing one number, or several together.

    Parameters
    ----------
    values
        One row a future, one column an option; larger is better.
    inputs
        What would be known: the same futures, one column a number or choice.

    Raises
    ------
    ValueError
        If the lengths differ, an input has missing values, or a value is not finite.
    """
    if len(inputs) != len(values):
        raise ValueError(f"{len(inputs)} rows of inputs but {len(values)} of values")
    if inputs.isna().to_numpy().any():
        raise ValueError("an input has missing values; drop those futures or the input")
    best, apart = contrasts(values)
    found = fit(basis(inputs), apart)
    return worth(apart, found, best)


def worth(apart: Float[np.ndarray, "F S"], found: Fit, best: int) -> Worth:
    """Value of choosing by what is expected instead of always choosing the best on average.

    Parameters
    ----------
    apart
        Options less the best one, as they came out.
    found
        The same as expected from what is known.
    best
        Column of the best option, which is zero in both.
    """
    gain, taken = _rule(found.fitted, best)
    bound = float(apart.max(axis=1).clip(0.0).mean())
    chosen = (taken[:, None] == np.arange(apart.shape[1])).astype(float)
    chosen[:, best] = 0.0
    # Two sources of error: which futures were drawn, and the fit. What is off in the rule itself
    # does not count to first order, as the rule is the best one.
    by_fit = (smoothed(found, chosen) * found.left).sum(axis=1)
    turns, to = _turns(taken, best)
    return Worth(
        value=min(float(gain.mean()), bound),
        se=float(np.hypot(_error(gain), _error(by_fit))),
        turns=turns,
        to=to,
        plain=min(float(_rule(found.plain, best)[0].mean()), bound),
    )


def _rule(
    expected: Float[np.ndarray, "F S"], best: int
) -> tuple[Float[np.ndarray, " F"], Int[np.ndarray, " F"]]:
    """Gain over the best option, and which is taken; the best one where none promises more."""
    known = expected.copy()
    known[:, best] = 0.0
    gain = known.max(axis=1)
    return gain, np.where(gain > 0.0, known.argmax(axis=1), best)


def _turns(taken: Int[np.ndarray, " F"], best: int) -> tuple[float, int | None]:
    """Share of futures in which another option is taken, and which most often."""
    others = taken[taken != best]
    return others.size / taken.size, int(np.bincount(others).argmax()) if others.size else None


def _error(gains: Float[np.ndarray, " F"]) -> float:
    """Standard error of a mean; NaN of one value."""
    return float(gains.std(ddof=1) / np.sqrt(gains.size)) if gains.size > 1 else np.nan


def measured(numbers: pd.DataFrame, error: float, *, seed: int) -> pd.DataFrame:
    """What a study would find in each future: the numbers with a normal error.

    Parameters
    ----------
    numbers
        One row a future, one column a number that the study estimates.
    error
        Standard error of the study, in the unit of the numbers.
    seed
        Of the errors.
    """
    # A stream of its own: whoever drew the numbers with this seed must not get their errors again.
    rng = np.random.default_rng([seed, 1])
    return numbers + error * rng.standard_normal(numbers.shape)


def evsi(values: Float[np.ndarray, "F S"], findings: pd.DataFrame) -> Worth:
    """Expected value of a study, by regression on what it would find in each future.

    Parameters
    ----------
    values
        One row a future, one column an option; larger is better.
    findings
        Summaries of the study's data in the same futures, drawn given the numbers of each: those of
        `measured` for a normal study, else counts, means or estimates of any design.
    """
    return evppi(values, findings)


def evsi_matched(values: Float[np.ndarray, "F S"], number: pd.Series, error: float) -> Worth:
    """Expected value of a study of one number with a normal error, by matching moments.

    What one would expect after the study has the spread of what one would expect knowing the
    number, less the spread that the study leaves: that is averaged over `POSTERIORS` findings, with
    the futures weighted by how well they fit each (heath2018efficient).

    Parameters
    ----------
    values
        One row a future, one column an option; larger is better.
    number
        What the study estimates, one value a future.
    error
        Standard error of the study, above zero, in the unit of the number.
    """
    if not error > 0.0:
        raise ValueError(f"a standard error of {error}: give one above 0")
    from scipy.stats import norm

    best, apart = contrasts(values)
    found = fit(basis(number.to_frame()), apart)
    x = number.to_numpy(float)
    # Even steps of the finding's distribution: each future's value with an even step of error.
    steps = (np.arange(x.size) + 0.5) / x.size
    errors = norm.ppf(np.random.default_rng(0).permutation(steps)) * error
    asked = np.quantile(x + errors, (np.arange(POSTERIORS) + 0.5) / POSTERIORS)
    log = -0.5 * ((asked[:, None] - x) / error) ** 2
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    left = (weight @ found.fitted**2 - (weight @ found.fitted) ** 2).mean(0)
    whole = found.fitted.var(0)
    part = np.divide(left, whole, out=np.ones_like(left), where=whole > 0).clip(0.0, 1.0)

    kept = np.sqrt(1.0 - part)
    after = {
        name: expected.mean(0) + (expected - expected.mean(0)) * kept
        for name, expected in (("fitted", found.fitted), ("plain", found.plain))
    }
    return worth(apart, replace(found, **after), best)
