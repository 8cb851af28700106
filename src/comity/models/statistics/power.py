"""Power by simulation: how long a record must be to tell an effect from nothing.

Records of any length are drawn from a fitted model, the effect is estimated in each as it was in
the record in hand, and the share of them that tell it from nothing is the power
(arnold2011simulation). Three kinds of fitted models, each brought down to what its effect is told
from, so that a century of a hundred thousand pairs of states is drawn in a moment:

`Rare`    counts of events at the values of one trait, all other traits and effects taken out of it
          as the fit takes them out (the efficient score). Events come in clumps, whose size is by
          how much the clustered variance exceeds that of independent events.
`Panel`   a slope within units: what each unit tells, and how far its errors pull.
`Shares`  two groups of cases of which a share comes to an end.

Years to come are taken to be like those of the record: as many cases, as much change in the trait,
no more dependence between years than within the record. Where the same unit errs the same way for
ever, more years help less than is said here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import expit, logit
from scipy.stats import norm

from comity.core import require
from comity.core.errors import BadInput

LEVEL = 0.05  # chance of telling an effect where there is none, two-sided
POWER = 0.8
DRAWS = 2000
LONGEST = 1e7  # years beyond which none are looked for
STEPS = 40  # of Newton's method
REACH = 30.0  # log rates beyond which an estimate has run away


@dataclass(frozen=True)
class Rare:
    """Events by a trait: ``trait`` (K,), expected ``events`` (K,) a year at the ``fitted`` effect.

    ``clump`` is the clustered variance of the effect over that of independent events.
    """

    trait: Float[np.ndarray, " K"]
    events: Float[np.ndarray, " K"]
    fitted: float
    clump: float


@dataclass(frozen=True)
class Panel:
    """Slope within units: sum of squares (G,) and summed errors times cause (G,) of a record."""

    squares: Float[np.ndarray, " G"]
    pull: Float[np.ndarray, " G"]
    years: float


@dataclass(frozen=True)
class Shares:
    """Two groups, cases a year and the chance of each: that of the second is taken as it is.

    The effect is the log-odds of the first group over the second.
    """

    cases: Float[np.ndarray, " two"]
    chance: Float[np.ndarray, " two"]


Model = Rare | Panel | Shares


@dataclass(frozen=True)
class Needed:
    """Length of a record, in years, with the power asked for; ``power`` as simulated there.

    ``years`` is infinite where it would be longer than `LONGEST`.
    """

    years: float
    power: float


def formula(effect: float, error: float, level: float = LEVEL) -> float:
    """Power of a two-sided test of an estimate that is normal with a known standard error."""
    require.finite("an effect", effect)
    require.positive("a standard error", error)
    require.level("the level", level)
    z = float(norm.ppf(1 - level / 2))
    ratio = effect / error
    return float(norm.cdf(ratio - z) + norm.cdf(-ratio - z))


def years_by_formula(effect: float, error: float, years: float, power: float = POWER) -> float:
    """Years of a record with a power where the error falls with their square root.

    Parameters
    ----------
    effect
        Size to be told from nothing.
    error
        Standard error of the record in hand.
    years
        Its length.
    """
    require.positive("a standard error", error)
    require.positive("years", years)
    _check(effect, power)
    reach = float(norm.ppf(1 - LEVEL / 2) + norm.ppf(power))
    return years * (reach * error / effect) ** 2


def rejected(
    model: Model, years: float, effect: float, *, draws: int = DRAWS, seed: int = 0
) -> float:
    """Share of records of this length and true effect that reject that there is no effect.

    With no effect this is the size of the test, with one its power.

    Parameters
    ----------
    model
        As fitted.
    years
        Length of the records.
    effect
        The truth.
    draws
        Records.
    seed
        Of the draws.
    """
    require.whole("draws", draws, 1)
    estimate, error = drawn(model, years, effect, draws, np.random.default_rng(seed))
    with np.errstate(invalid="ignore", divide="ignore"):
        return float((np.abs(estimate / error) > norm.ppf(1 - LEVEL / 2)).mean())


def drawn(
    model: Model, years: float, effect: float, draws: int, rng: np.random.Generator
) -> tuple[Float[np.ndarray, " R"], Float[np.ndarray, " R"]]:
    """Estimates and standard errors of records drawn; NaN where a record tells nothing."""
    require.positive("years", years)
    require.finite("an effect", effect)
    _check_model(model)
    if isinstance(model, Rare):
        return _rare(model, years, effect, draws, rng)
    if isinstance(model, Panel):
        return _panel(model, years, effect, draws, rng)
    return _shares(model, years, effect, draws, rng)


def _rare(
    model: Rare, years: float, effect: float, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Counts drawn, and the effect estimated from how a record's total is shared out."""
    with np.errstate(over="ignore"):
        mean = model.events * np.exp((effect - model.fitted) * model.trait)
    mean *= years * model.events.sum() / mean.sum()
    counts = model.clump * rng.poisson(mean / model.clump, (draws, mean.size))
    total = counts.sum(axis=1)
    base = np.log(model.events) - model.fitted * model.trait
    seen = counts @ model.trait
    found = np.full(draws, effect)
    spread = np.ones(draws)
    for _ in range(STEPS):
        index = base + found[:, None] * model.trait
        share = np.exp(index - index.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        centre = share @ model.trait
        spread = share @ model.trait**2 - centre**2
        with np.errstate(invalid="ignore", divide="ignore"):
            move = (seen - total * centre) / (total * spread)
        # A step is held to what the trait's own spread can tell, lest it run away at once.
        found = found + np.clip(move, -2.0, 2.0)
        if not (np.abs(move) > 1e-9 * (1 + np.abs(found))).any():
            break
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(model.clump / (total * spread))
    gone = ~(total > 0) | ~(np.abs(found) < REACH) | ~(spread > 0)
    return np.where(gone, np.nan, found), np.where(gone, np.nan, error)


def _panel(
    model: Panel, years: float, effect: float, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Errors of every unit drawn anew, as large as those of the record, for more or fewer years."""
    part, units = years / model.years, model.squares.size
    squares = model.squares * part
    pull = model.pull * np.sqrt(part) * rng.standard_normal((draws, units))
    off = pull.sum(axis=1) / squares.sum()
    left = pull - squares * off[:, None]
    error = np.sqrt((left**2).sum(axis=1) * units / (units - 1)) / squares.sum()
    return effect + off, error


def _shares(
    model: Shares, years: float, effect: float, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Cases drawn, half a case added to each count so that none is nil (haldane1956estimation)."""
    chance = np.array([expit(logit(model.chance[1]) + effect), model.chance[1]])
    cases = rng.poisson(model.cases * years, (draws, 2))
    yes = rng.binomial(cases, chance) + 0.5
    no = cases + 1.0 - yes
    odds = np.log(yes / no)
    return odds[:, 0] - odds[:, 1], np.sqrt((1 / yes + 1 / no).sum(axis=1))


def years_needed(
    model: Model,
    effect: float,
    guess: float,
    *,
    power: float = POWER,
    draws: int = DRAWS,
    seed: int = 0,
) -> Needed:
    """Length of a record, in years, that tells an effect from nothing with some power.

    Simulated at lengths around a guess; the power's quantile is a line in the root of the length,
    which is fitted and read off, and the guess moved until what is read off lies among them.

    Parameters
    ----------
    model
        As fitted.
    effect
        The truth, not zero.
    guess
        Length to begin from, such as that of `years_by_formula`.
    power
        Share of records that must reject.
    draws, seed
        Of each length.
    """
    _check(effect, power)
    require.positive("a guess", guess)
    middle = guess
    for _ in range(8):
        if middle > LONGEST:
            break
        lengths = middle * np.array([0.5, 0.7, 0.85, 1.0, 1.2, 1.45, 1.8])
        found = [
            rejected(model, float(n), effect, draws=draws, seed=seed + i)
            for i, n in enumerate(lengths)
        ]
        middle = _read_off(np.sqrt(lengths), np.array(found), power, draws) ** 2
        if lengths[0] <= middle <= lengths[-1]:
            reached = rejected(model, float(middle), effect, draws=draws, seed=seed + 97)
            return Needed(float(middle), reached)
        middle = float(np.clip(middle, lengths[0] / 4, lengths[-1] * 4))
    return Needed(np.inf, np.nan)


def _read_off(
    roots: Float[np.ndarray, " L"], found: Float[np.ndarray, " L"], power: float, draws: int
) -> float:
    """Root of the length at which a line through the quantiles of the power reaches that asked."""
    held = np.clip(found, 1 / draws, 1 - 1 / draws)
    quantile = norm.ppf(held)
    weight = norm.pdf(quantile) / np.sqrt(held * (1 - held))
    rise, start = np.polyfit(roots, quantile, 1, w=weight)
    if not rise > 0:
        return float(roots[-1] * 2)
    return float(max((norm.ppf(power) - start) / rise, roots[0] / 4))


def _check(effect: float, power: float) -> None:
    require.finite("an effect", effect)
    if effect == 0.0:
        raise BadInput("an effect of nothing is told from nothing by no record", fix="name a size")
    if not 0.0 < power < 1.0:
        raise BadInput(f"a power of {power:g}", fix="use one between 0 and 1, such as 0.8")


def _check_model(model: Model) -> None:
    if isinstance(model, Rare):
        require.finite("a trait or the fitted effect", np.append(model.trait, model.fitted))
        require.positive(
            "the events expected, or their clump", np.append(model.events, model.clump)
        )
    elif isinstance(model, Panel):
        require.positive("a sum of squares, or the years", np.append(model.squares, model.years))
        require.finite("a pull", model.pull)
    else:
        require.positive("the number of cases", model.cases)
        require.level("a chance", model.chance)
