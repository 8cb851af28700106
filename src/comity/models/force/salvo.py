"""Salvos exchanged by two forces: what each has left, for sure and by chance.

Well-aimed missiles S meet defences that can take on D of them and stop a share q of those:
S - q min(S, D) hit, and b of them put a unit out. With q = 1 nothing leaks through until defences
are full; a q below one lets leakers through [hughes1995salvo, equations 1; tiah2007analysis].
Several classes of unit share out their fire and defend themselves [johns2001heterogeneous].
By chance [armstrong2005stochastic]: missiles that arrive and those that are stopped are binomial,
a hit takes a normal loss, and what is lost lies between nothing and the force. The net of both is
taken as normal in `armstrong`, added up case by case in `enumerated`, drawn in `simulated`.
Simplified: both fire at once and all they have, fire does not shift within a salvo, damage makes
a unit proportionally weaker, a class does not defend another.
Do not trust it for who finds whom first, or for what weapons do: it adds up what is put in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from scipy.special import gammaln, ndtr, xlog1py, xlogy

from comity.core import require
from comity.core.errors import BadInput

# Beyond so many standard deviations nothing of a normal is left in double precision.
FAR = 40.0

Each = Float[np.ndarray, "..."] | Int[np.ndarray, "..."] | float | int


@dataclass(frozen=True)
class Fleet:
    """One side by class of unit; figures of a unit and a salvo.

    ``strike`` counts well-aimed missiles fired, ``defence`` those that can be met, ``staying`` hits
    that put a unit out; ``stopped`` is the share of those met that is stopped.
    """

    units: Float[np.ndarray, "... T"]
    strike: Float[np.ndarray, "... T"]
    defence: Float[np.ndarray, "... T"]
    staying: Float[np.ndarray, "... T"]
    stopped: Float[np.ndarray, "... T"]


@dataclass(frozen=True)
class Battle:
    """Units of both sides before the first salvo and after each."""

    a: Float[np.ndarray, "S ... I"]
    b: Float[np.ndarray, "S ... J"]


@dataclass(frozen=True)
class Losses:
    """What a salvo by chance takes, in units of the force that it falls on.

    ``net`` is missiles arriving less missiles stopped; ``potential`` what they would take if there
    were no end to the force, a negative net counting as negative. ``mean`` and ``sd`` are of the
    loss itself, ``none`` and ``all`` the chances that nothing and that everything is lost.
    """

    net_mean: Float[np.ndarray, "..."]
    net_variance: Float[np.ndarray, "..."]
    potential_mean: Float[np.ndarray, "..."]
    potential_variance: Float[np.ndarray, "..."]
    mean: Float[np.ndarray, "..."]
    sd: Float[np.ndarray, "..."]
    none: Float[np.ndarray, "..."]
    all: Float[np.ndarray, "..."]


def losses(
    shooters: Float[np.ndarray, "... I"],
    strike: Float[np.ndarray, "... I"],
    targets: Float[np.ndarray, "... J"],
    defence: Float[np.ndarray, "... J"],
    staying: Float[np.ndarray, "... J"],
    stopped: Float[np.ndarray, "... J"],
    aim: Float[np.ndarray, "... I J"] | None = None,
) -> Float[np.ndarray, "... J"]:
    """Units that one side's salvo puts out of the other, by class; never more than there are.

    Parameters
    ----------
    shooters, targets
        Units by class, fractions allowed. Leading axes are cases, and broadcast.
    strike, defence, staying, stopped
        As in `Fleet`.
    aim
        Share of each class's fire at each class; without it fire is even over all units there are.

    Raises
    ------
    BadInput
        When a number is missing or below nil, ``staying`` is not above it, ``stopped`` not a share,
        or a class aims more than it fires.
    """
    for what, value in (
        ("units that fire", shooters),
        ("strike of a unit", strike),
        ("units fired at", targets),
        ("defence of a unit", defence),
    ):
        require.not_negative(what, value)
    require.positive("hits that put a unit out", staying)
    require.chances("share stopped of missiles met", stopped)
    if aim is not None:
        _require_aim(aim)
    return _losses(shooters, strike, targets, defence, staying, stopped, aim)


def battle(
    a: Fleet,
    b: Fleet,
    salvos: int,
    aim_a: Float[np.ndarray, "... I J"] | None = None,
    aim_b: Float[np.ndarray, "... J I"] | None = None,
) -> Battle:
    """Salvos one after the other, both sides firing at once in each; errors as `losses`."""
    require.whole("number of salvos", salvos, least=0)
    units_a, units_b = [a.units], [b.units]
    for _ in range(salvos):
        lost_a, lost_b = _onto(b, a, aim_b), _onto(a, b, aim_a)
        a, b = replace(a, units=a.units - lost_a), replace(b, units=b.units - lost_b)
        units_a.append(a.units)
        units_b.append(b.units)
    return Battle(np.stack(units_a), np.stack(units_b))


def exchange_ratio(
    lost_a: Float[np.ndarray, "..."],
    units_a: Float[np.ndarray, "..."],
    lost_b: Float[np.ndarray, "..."],
    units_b: Float[np.ndarray, "..."],
) -> Float[np.ndarray, "..."]:
    """Share of B lost over share of A lost; infinite where A loses none, NaN where nobody does.

    Raises
    ------
    BadInput
        When there are no units, or losses below nil or above them.
    """
    share = []
    for lost, units in ((lost_a, units_a), (lost_b, units_b)):
        require.positive("units", units)
        require.chances("share of units lost", lost / units)
        share.append(lost / units)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(share[1] / share[0])


def armstrong(
    launched: Each, arrive: Each, met: Each, stop: Each, units: Each, loss: Each, spread: Each
) -> Losses:
    """Losses in closed form, the potential loss taken as normal and cut at nothing and all.

    With V the variance of the net and m its mean, the potential loss has mean m ``loss`` and
    variance V ``loss``^2 + E|net| ``spread``^2; E|net| is that of a normal net.

    Parameters
    ----------
    launched, arrive
        Missiles fired at the force, a whole number, and the chance that one would hit.
    met, stop
        Missiles that the force can take on, a whole number, and the chance that it stops one.
    units
        The force.
    loss, spread
        Mean and standard deviation of what one hit takes (units).

    Raises
    ------
    BadInput
        When missiles are not whole numbers, chances not in [0, 1], or a number is below nil.
    """
    _require_volley(launched, arrive, met, stop, units, loss, spread)
    mean = np.asarray(launched * arrive - met * stop, float)
    variance = np.asarray(launched * arrive * (1 - arrive) + met * stop * (1 - stop), float)
    potential = mean * loss
    of_potential = variance * np.square(loss) + _folded(mean, variance) * np.square(spread)
    return _as_losses(
        mean, variance, potential, of_potential, *_cut(potential, of_potential, np.asarray(units))
    )


def enumerated(
    launched: float | int,
    arrive: float | int,
    met: float | int,
    stop: float | int,
    units: float | int,
    loss: float | int,
    spread: float | int,
) -> Losses:
    """Losses added up over every number arriving and stopped; arguments, errors as `armstrong`."""
    _require_volley(launched, arrive, met, stop, units, loss, spread)
    arriving, stopping = _binomial(int(launched), arrive), _binomial(int(met), stop)
    # Convolved with the reverse: chances of each net from -met to launched.
    chance, net = np.convolve(arriving, stopping[::-1]), np.arange(-float(met), launched + 1.0)
    mean = chance @ net
    potential = loss * mean
    second = chance @ (np.square(loss * net) + np.abs(net) * spread**2)
    hits = np.maximum(net, 0.0)
    each, each_sd, none, everything = _cut(hits * loss, hits * spread**2, np.asarray(units))
    lost = chance @ each
    return _as_losses(
        mean,
        chance @ np.square(net - mean),
        potential,
        second - potential**2,
        lost,
        np.sqrt(chance @ (np.square(each_sd) + np.square(each - lost))),
        chance @ none,
        chance @ everything,
    )


def simulated(
    launched: float | int,
    arrive: float | int,
    met: float | int,
    stop: float | int,
    units: float | int,
    loss: float | int,
    spread: float | int,
    draws: int,
    generator: np.random.Generator,
) -> Losses:
    """Losses over exchanges drawn, two or more; arguments and errors as `armstrong`."""
    _require_volley(launched, arrive, met, stop, units, loss, spread)
    require.whole("draws", draws, least=2)
    net = generator.binomial(int(launched), arrive, draws) - generator.binomial(
        int(met), stop, draws
    )
    potential = net * loss + np.sqrt(np.abs(net)) * spread * generator.normal(size=draws)
    lost = np.where(net > 0, np.clip(potential, 0.0, units), 0.0)
    return _as_losses(
        net.mean(),
        net.var(ddof=1),
        potential.mean(),
        potential.var(ddof=1),
        lost.mean(),
        lost.std(ddof=1),
        (lost <= 0).mean(),
        (lost >= units).mean(),
    )


def _onto(shooter: Fleet, target: Fleet, aim: np.ndarray | None) -> np.ndarray:
    return losses(
        shooter.units,
        shooter.strike,
        target.units,
        target.defence,
        target.staying,
        target.stopped,
        aim,
    )


def _losses(
    shooters: np.ndarray,
    strike: np.ndarray,
    targets: np.ndarray,
    defence: np.ndarray,
    staying: np.ndarray,
    stopped: np.ndarray,
    aim: np.ndarray | None,
) -> np.ndarray:
    fired = shooters * strike
    if aim is None:
        there = targets.sum(axis=-1, keepdims=True)
        even = targets / np.where(there > 0, there, 1.0)
        aimed = fired.sum(axis=-1, keepdims=True) * even
    else:
        aimed = (fired[..., None] * aim).sum(axis=-2)
    hits = aimed - stopped * np.minimum(aimed, targets * defence)
    return np.minimum(hits / staying, targets)


def _binomial(count: int, chance: float | int) -> np.ndarray:
    """Chances of none to all of ``count``; by logarithms, so that tiny ones do not overflow."""
    k = np.arange(count + 1.0)
    ways = gammaln(count + 1.0) - gammaln(k + 1.0) - gammaln(count - k + 1.0)
    return np.exp(ways + xlogy(k, chance) + xlog1py(count - k, -chance))


def _folded(mean: Each, variance: Each) -> Each:
    """Mean of the absolute value of a normal."""
    sd = np.sqrt(variance)
    z = np.clip(mean / np.where(sd > 0, sd, 1.0), -FAR, FAR)
    spread = sd * np.sqrt(2 / np.pi) * np.exp(-np.square(z) / 2)
    return np.where(sd > 0, spread + mean * (1 - 2 * ndtr(-z)), np.abs(mean))


def _cut(mean: Each, variance: Each, top: Each) -> tuple[Each, Each, Each, Each]:
    """Mean and sd of a normal cut at nil and ``top``; the chances of nil and of ``top``."""
    sd = np.sqrt(variance)
    unit = np.where(sd > 0, sd, 1.0)
    low, high = (np.clip(edge / unit, -FAR, FAR) for edge in (-mean, top - mean))
    density = [np.exp(-np.square(z) / 2) / np.sqrt(2 * np.pi) for z in (low, high)]
    none, everything = ndtr(low), ndtr(-high)
    within = ndtr(high) - none
    first = mean * within + unit * (density[0] - density[1])
    second = (np.square(mean) + np.square(unit)) * within
    second = second + unit * (mean * density[0] - (mean + top) * density[1])
    found = first + top * everything
    square = second + np.square(top) * everything - np.square(found)
    sure = np.clip(mean, 0.0, top)
    return (
        np.where(sd > 0, np.clip(found, 0.0, top), sure),
        np.where(sd > 0, np.sqrt(np.maximum(square, 0.0)), 0.0),
        np.where(sd > 0, none, mean <= 0),
        np.where(sd > 0, everything, mean >= top),
    )


def _as_losses(*figures: Each) -> Losses:
    return Losses(*(np.asarray(one, float) for one in figures))


def _require_aim(aim: np.ndarray) -> None:
    require.chances("share of fire", aim)
    # Shares such as thirds may add to more than one by rounding.
    if (aim.sum(axis=-1) > 1 + 1e-12).any():
        raise BadInput(
            "a class aims more than it fires",
            why="its shares over the classes fired at add to more than one",
            fix="make each row of `aim` add to one or less",
        )


def _require_volley(
    launched: Each, arrive: Each, met: Each, stop: Each, units: Each, loss: Each, spread: Each
) -> None:
    require.whole("missiles launched", launched, least=0)
    require.whole("missiles met", met, least=0)
    require.chances("chance to arrive", arrive)
    require.chances("chance to be stopped", stop)
    require.not_negative("units", units)
    require.not_negative("loss a hit", loss)
    require.not_negative("spread of the loss a hit", spread)
