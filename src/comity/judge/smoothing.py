"""What an outcome is expected to be once some numbers are known: a smooth fit over the futures.

The conditional mean is a penalised regression, as in strong2014estimating: a cubic smoothing spline
of one number, a product of such splines for several (gu2013smoothing), a mean of its own for every
value of a choice. A straight line in each number is free; all bending is charged for, by as much
as generalised cross-validation finds best (kim2004smoothing, whose factor keeps it from following
noise). Beyond the range of 99 in 100 futures there is no bending, so that far values do no harm.

A fit follows chance a little, and so spreads wider than the mean that it estimates. `Fit.fitted` is
drawn together by what chance is expected to add; `Fit.plain` is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

CAUTION = 1.4  # times that a degree of freedom counts in cross-validation, by kim2004smoothing
KNOTS, MOST_KNOTS = 10, 120  # of one number; of several together
FEW_VALUES = 5  # a number with no more distinct values than this is a choice among them
BENDS = 2.0  # degrees of freedom for bending in the test, which must not depend on the outcome


@dataclass(frozen=True)
class Basis:
    """Orthonormal directions over the futures, all with mean zero, that a fit may use.

    ``strength`` is how cheaply a direction is used: one of strength s is followed by a part
    s / (s + charge). Free ones have an infinite strength.
    """

    directions: Float[np.ndarray, "F K"]
    strength: Float[np.ndarray, " K"]


@dataclass(frozen=True)
class Fit:
    """Outcomes to expect given the numbers, one column an outcome, in the unit of the outcome.

    ``share`` is the part of an outcome's variance that the numbers carry, 0 to 1; ``p`` is how
    often numbers that carry nothing would seem to carry as much. ``left`` is what a plain fit
    leaves, and ``followed`` how far it goes along each direction of ``on``.
    """

    fitted: Float[np.ndarray, "F M"]
    plain: Float[np.ndarray, "F M"]
    share: Float[np.ndarray, " M"]
    p: Float[np.ndarray, " M"]
    left: Float[np.ndarray, "F M"]
    followed: Float[np.ndarray, "K M"]
    on: Basis


def basis(inputs: pd.DataFrame) -> Basis:
    """Directions for a fit on one or several columns; none where no column varies.

    Parameters
    ----------
    inputs
        One row a future, no missing values. Numbers with more than `FEW_VALUES` distinct values are
        smoothed over, all else are choices.
    """
    varying = [column for _, column in inputs.items() if column.nunique() > 1]
    if len(inputs) < 3 or not varying:
        return Basis(np.zeros((len(inputs), 0)), np.zeros(0))
    places = [_place(column) for column in varying]
    free = _orthonormal(np.column_stack([part for _, _, part in places]))
    strength = np.full(free.shape[1], np.inf)
    if len(varying) == 1 and places[0][1]:
        return Basis(free, strength)
    points = np.column_stack([place for place, _, _ in places])
    sizes = [size for _, size, _ in places]
    knots = _knots(sizes, len(inputs))
    bent, charged = _bending(_kernel(points, knots, sizes), _kernel(knots, knots, sizes), free)
    return Basis(np.column_stack([free, bent]), np.concatenate([strength, charged]))


def _place(column: pd.Series) -> tuple[np.ndarray, int, np.ndarray]:
    """Place on the unit interval, number of values of a choice (else 0), and the free columns."""
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numeric and column.nunique() > FEW_VALUES:
        x = column.to_numpy(float)
        low, high = np.quantile(x, [0.005, 0.995])
        # Where nearly all values are one and the same, only the line is left.
        place = np.clip((x - low) / (high - low), 0.0, 1.0) if high > low else np.zeros_like(x)
        return place, 0, ((x - x.mean()) / x.std())[:, None]
    codes: Int[np.ndarray, " F"] = np.unique(column.astype(str), return_inverse=True)[1]
    count = int(codes.max()) + 1
    return codes.astype(float), count, (codes[:, None] == np.arange(1, count)).astype(float)


def _knots(sizes: list[int], futures: int) -> Float[np.ndarray, "knots inputs"]:
    """Points that bend a fit: even steps for one number, an even net for several.

    They do not depend on the order of the futures, nor on the outcome.
    """
    if len(sizes) == 1:
        return ((np.arange(KNOTS) + 0.5) / KNOTS)[:, None]
    from scipy.stats import qmc

    count = min(MOST_KNOTS, 2 * KNOTS * len(sizes), max(futures // 5, KNOTS))
    net = qmc.Halton(len(sizes), scramble=False).random(count)
    return np.column_stack(
        [np.floor(u * size) if size else u for u, size in zip(net.T, sizes, strict=True)]
    )


def _kernel(
    points: Float[np.ndarray, "P inputs"],
    knots: Float[np.ndarray, "knots inputs"],
    sizes: list[int],
) -> Float[np.ndarray, "P knots"]:
    """Reproducing kernel of the bending part: effects of each column and of all together."""
    product = np.ones((len(points), len(knots)))
    for u, v, size in zip(points.T, knots.T, sizes, strict=True):
        if size:
            product *= 1.0 + (u[:, None] == v) - 1.0 / size
            continue
        a, b, apart = u[:, None] - 0.5, v - 0.5, np.abs(u[:, None] - v) - 0.5
        quartic = (apart**4 - apart**2 / 2 + 7 / 240) / 24
        product *= 1.0 + a * b + (a**2 - 1 / 12) * (b**2 - 1 / 12) / 4 - quartic
    return product - 1.0


def _orthonormal(columns: np.ndarray) -> np.ndarray:
    """Orthonormal columns of the same span once their means are taken off."""
    left, size, _ = np.linalg.svd(columns - columns.mean(0), full_matrices=False)
    return left[:, size > 1e-9 * size.max()]


def _bending(
    values: Float[np.ndarray, "F knots"],
    charge: Float[np.ndarray, "knots knots"],
    free: Float[np.ndarray, "F free"],
) -> tuple[Float[np.ndarray, "F K"], Float[np.ndarray, " K"]]:
    """Directions of the bending part apart from the free ones, and the strength of each."""
    scale, turn = np.linalg.eigh(charge)
    kept = scale > 1e-10 * scale.max()
    z = values @ (turn[:, kept] / np.sqrt(scale[kept]))
    z -= z.mean(0)
    z -= free @ (free.T @ z)
    strength, turn = np.linalg.eigh(z.T @ z)
    kept = strength > 1e-8 * max(float(strength.max()), 1e-8)
    directions = z @ (turn[:, kept] / np.sqrt(strength[kept]))
    # What is left of the free directions after rounding is taken off once more.
    directions -= free @ (free.T @ directions)
    return directions, strength[kept]


def fit(on: Basis, outcomes: Float[np.ndarray, "F M"]) -> Fit:
    """Outcomes to expect given what a basis was made of.

    Parameters
    ----------
    on
        Of `basis`, over the same futures.
    outcomes
        One row a future, finite.
    """
    mean = outcomes.mean(0)
    centred = outcomes - mean
    futures, total = len(outcomes), (centred**2).sum(0)
    # What differs by no more than rounding does not vary.
    varies = total > 1e-24 * futures * np.abs(outcomes).max(axis=0, initial=0.0) ** 2
    along = on.directions.T @ centred
    shrunk = _shrinkage(on.strength, along, total, futures)
    spread = ((shrunk * along) ** 2).sum(0)
    left = (total - spread - 2 * (shrunk * (1 - shrunk) * along**2).sum(0)).clip(0.0)
    degrees = futures - 1 - (2 * shrunk - shrunk**2).sum(0)
    noise = left / degrees.clip(1.0)
    chance = noise * (shrunk**2).sum(0)
    real = np.where(varies, (spread - chance).clip(0.0), 0.0)
    drawn = np.sqrt(np.divide(real, spread, out=np.zeros_like(real), where=spread > 0))
    moved = on.directions @ (shrunk * along)
    share = np.divide(real, total, out=np.zeros_like(real), where=varies)
    p = np.where(varies, _p(on.strength, along, total, futures), 1.0)
    plain = np.where(varies, moved, 0.0)
    return Fit(mean + plain * drawn, mean + plain, share, p, centred - plain, shrunk, on)


def smoothed(found: Fit, weights: Float[np.ndarray, "F M"]) -> Float[np.ndarray, "F M"]:
    """What a fit makes of each outcome's weights over the futures: how each future counts in a sum.

    The weighted sum of fitted outcomes is the sum of the outcomes with these weights.
    """
    along = found.on.directions.T @ weights
    return weights.mean(0) + found.on.directions @ (found.followed * along)


def _shrinkage(
    strength: Float[np.ndarray, " K"],
    along: Float[np.ndarray, "K M"],
    total: Float[np.ndarray, " M"],
    futures: int,
) -> Float[np.ndarray, "K M"]:
    """How far each direction is followed for each outcome, 0 to 1, by cross-validation."""
    bent = strength[np.isfinite(strength)]
    if not bent.size:
        return np.ones_like(along)
    followed = np.array([_followed(strength, charge) for charge in _charges(bent)])
    left = total - np.einsum("ck,km->cm", 1 - (1 - followed) ** 2, along**2)
    degrees = 1 + followed.sum(1)
    room = futures - CAUTION * degrees
    score = np.where(room[:, None] > 0, left.clip(0.0), np.inf) / room[:, None] ** 2
    return followed[np.argmin(score, axis=0)].T


def _charges(bent: Float[np.ndarray, " K"]) -> Float[np.ndarray, " charges"]:
    """Charges for bending, from a straight line to hardly any charge at all."""
    return np.geomspace(bent.max() * 1e3, bent.min() * 1e-2, 40)


def _followed(strength: Float[np.ndarray, " K"], charge: float) -> Float[np.ndarray, " K"]:
    return np.where(np.isinf(strength), 1.0, 1.0 / (1.0 + charge / strength))


def _p(
    strength: Float[np.ndarray, " K"],
    along: Float[np.ndarray, "K M"],
    total: Float[np.ndarray, " M"],
    futures: int,
) -> Float[np.ndarray, " M"]:
    """P value that an outcome does not depend on the numbers.

    The fit of the test has `BENDS` degrees of freedom for bending whatever the outcome is, so that
    what cross-validation picks cannot make chance look like more.
    """
    from scipy import stats

    if not len(along):
        return np.ones(along.shape[1])
    bent = strength[np.isfinite(strength)]
    weight = np.ones(len(strength))
    if bent.size > BENDS:
        charges = _charges(bent)
        degrees = [_followed(bent, charge).sum() for charge in charges]
        weight = _followed(strength, float(np.interp(BENDS, degrees, charges)))
    # Of a weighted sum of squares, the F that has its first two moments.
    degrees = weight.sum() ** 2 / (weight**2).sum()
    left = total - ((1 - (1 - weight[:, None]) ** 2) * along**2).sum(0)
    rest = max(futures - 1 - float((2 * weight - weight**2).sum()), 1.0)
    noise = np.maximum(left / rest, 1e-12 * total / futures)
    ratio = (weight[:, None] * along**2).sum(0) / weight.sum()
    ratio = np.divide(ratio, noise, out=np.zeros_like(ratio), where=noise > 0)
    return np.asarray(stats.f.sf(ratio, degrees, rest), float)
