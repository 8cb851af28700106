"""Attrition without a pause: Lanchester's laws, what each keeps constant, who is left.

Each side loses at a rate that grows with powers of its own strength and of the other's:
A' = -b A^p B^q, B' = -a B^r A^s, a and b being what one unit destroys in a unit of time. Aimed fire
makes the square law (p = r = 0, q = s = 1), fire at an area the linear law (all 1), losses by one's
own numbers the logarithmic one (p = r = 1, q = s = 0); one side may be hit one way and the other
another, as where an army fights a guerrilla [lanchester1916aircraft, deitchman1962lanchester].
dA/dB separates, so a A^m / m - b B^n / n never changes, with m = 1 + s - p and n = 1 + q - r
(a logarithm where an exponent is nil): of the square law a A^2 - b B^2.
Simplified: two forces, each of one kind, rates that do not change, no pause and nobody gives up.
Do not trust it for a forecast of a battle: rates are known after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.integrate import solve_ivp

from comity.core import require
from comity.core.errors import BadInput

# Steps are held to this part of the strengths, so that what is constant stays so to 1e-9.
PRECISION = 1e-12

Strength = Float[np.ndarray, "..."] | float | int


@dataclass(frozen=True)
class Law:
    """Powers to which A's losses (``own_a`` p, ``other_a`` q) and B's (r, s) grow with strengths.

    Zero or more each.
    """

    own_a: float
    other_a: float
    own_b: float
    other_b: float


SQUARE = Law(0.0, 1.0, 0.0, 1.0)
LINEAR = Law(1.0, 1.0, 1.0, 1.0)
LOGARITHMIC = Law(1.0, 0.0, 1.0, 0.0)
# A is hit by fire at an area, B by aimed fire.
MIXED = Law(1.0, 1.0, 0.0, 1.0)


@dataclass(frozen=True)
class Arrivals:
    """Who arrives evenly between ``start`` and ``end``: units of A and of B altogether."""

    start: Float[np.ndarray, " L"]
    end: Float[np.ndarray, " L"]
    a: Float[np.ndarray, " L"]
    b: Float[np.ndarray, " L"]


@dataclass(frozen=True)
class Path:
    """Strengths at the times asked; ``over`` is when one side was gone, NaN where none was."""

    a: Float[np.ndarray, " T"]
    b: Float[np.ndarray, " T"]
    over: float


def invariant(
    a: Strength, b: Strength, rate_a: Strength, rate_b: Strength, law: Law = SQUARE
) -> Float[np.ndarray, "..."]:
    """What never changes while both fight; above nil where A outlasts B, if either does.

    For the square law half of a A^2 - b B^2. Minus or plus infinity for a side of nil whose
    exponent is not above nil.

    Raises
    ------
    BadInput
        When a strength or a power is below nil, or a rate not above it.
    """
    _require(a, b, rate_a, rate_b, law)
    m, n = _exponents(law)
    return np.asarray(rate_a * _power(a, m) - rate_b * _power(b, n))


def left(
    a: Strength, b: Strength, rate_a: Strength, rate_b: Strength, law: Law = SQUARE
) -> tuple[Float[np.ndarray, "..."], Float[np.ndarray, "..."]]:
    """Strengths of A and B when one of them is gone, or both.

    Raises
    ------
    BadInput
        As `invariant`; where the law lets a side never be gone.
    """
    m, n = _exponents(law)
    if m <= 0 or n <= 0:
        raise BadInput(
            "under this law a side is never gone",
            why="what it loses shrinks with its own strength too fast",
            fix="ask `fight` for the strengths at a time",
        )
    constant = invariant(a, b, rate_a, rate_b, law)
    return (
        np.asarray((m * np.maximum(constant, 0.0) / rate_a) ** (1 / m)),
        np.asarray((n * np.maximum(-constant, 0.0) / rate_b) ** (1 / n)),
    )


def fight(
    times: Float[np.ndarray, " T"],
    a: float | int,
    b: float | int,
    rate_a: float | int,
    rate_b: float | int,
    law: Law = SQUARE,
    arrivals: Arrivals | None = None,
) -> Path:
    """Strengths at ``times``, from nil on and rising.

    When one side has none left the fight is over: who arrives later is counted and does not fight.

    Raises
    ------
    BadInput
        As `invariant`; when times are below nil or do not rise, arrivals are below nil or end
        before they start.
    """
    _require(a, b, rate_a, rate_b, law)
    require.not_negative("times", times)
    if (np.diff(times) < 0).any():
        raise BadInput("times do not rise", fix="sort them")
    coming = _checked(arrivals)
    now, state, over = 0.0, np.array([a, b], float), np.nan
    at = {0.0: state}
    for after in np.unique(np.concatenate([times, coming.start, coming.end])):
        if after > now:
            state, ended = _stretch(now, after, state, rate_a, rate_b, law, coming, over)
            over, now = ended, float(after)
        at[float(after)] = state
    found = np.array([at[float(t)] for t in times]).reshape(-1, 2)
    return Path(found[:, 0], found[:, 1], float(over))


def _stretch(
    start: float,
    end: float,
    state: np.ndarray,
    rate_a: float,
    rate_b: float,
    law: Law,
    coming: Arrivals,
    over: float,
) -> tuple[np.ndarray, float]:
    """Strengths after a stretch in which arrivals are steady, and when it was over."""
    steady = (coming.start <= start) & (end <= coming.end)
    length = np.where(steady, coming.end - coming.start, 1.0)
    flow = np.array([(one * steady / length).sum() for one in (coming.a, coming.b)])
    if over <= start or ((state <= 0) & (flow <= 0)).any():
        return state + flow * (end - start), start if np.isnan(over) else over
    rate = np.array([rate_b, rate_a])
    own, other = np.array([law.own_a, law.own_b]), np.array([law.other_a, law.other_b])

    def change(_: float, strengths: np.ndarray) -> np.ndarray:
        there = np.maximum(strengths, 0.0)
        return flow - rate * there**own * there[::-1] ** other

    def gone(which: int):
        def strength(_: float, strengths: np.ndarray) -> float:
            return strengths[which]

        strength.terminal, strength.direction = True, -1
        return strength

    scale = PRECISION * max(float(state.max()), float((flow * (end - start)).max()))
    solved = solve_ivp(
        change,
        (start, end),
        state,
        method="DOP853",
        rtol=PRECISION,
        atol=scale,
        events=[gone(0), gone(1)],
    )
    reached = np.maximum(solved.y[:, -1], 0.0)
    if solved.status != 1:
        return reached, over
    ended = float(solved.t[-1])
    for which, event in enumerate(solved.t_events):
        if len(event):
            reached[which] = 0.0
    return reached + flow * (end - ended), ended


def _exponents(law: Law) -> tuple[float, float]:
    return 1 + law.other_b - law.own_a, 1 + law.other_a - law.own_b


def _power(strength: Strength, exponent: float) -> Strength:
    with np.errstate(divide="ignore"):
        if exponent == 0:
            return np.log(np.asarray(strength, float))
        return np.asarray(strength, float) ** exponent / exponent


def _require(a: Strength, b: Strength, rate_a: Strength, rate_b: Strength, law: Law) -> None:
    require.not_negative("strength of A", a)
    require.not_negative("strength of B", b)
    require.positive("rate of A", rate_a)
    require.positive("rate of B", rate_b)
    require.not_negative("powers", [law.own_a, law.other_a, law.own_b, law.other_b])


def _checked(arrivals: Arrivals | None) -> Arrivals:
    if arrivals is None:
        return Arrivals(*(np.zeros(0) for _ in range(4)))
    for what in ("start", "end", "a", "b"):
        require.not_negative(f"arrivals: {what}", getattr(arrivals, what))
    if (arrivals.end <= arrivals.start).any():
        raise BadInput("arrivals end before they start", fix="put `start` before `end`")
    return arrivals
