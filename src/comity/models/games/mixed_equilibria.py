"""Equilibria of games of any number of sides, pure and mixed, as far as there is a sound method.

What is dominated strictly goes first; no equilibrium is lost.  Where two sides are left with a
choice all equilibria are found (`comity.models.games.bimatrix`).  With more sides a fully mixed
equilibrium solves polynomials.  Looked for are those in which at most two sides mix: two by two,
all others pure, whose replies are then held against the result.  Of three sides also those in
which each mixes two strategies, where the conditions come down to one quadratic
[osborne1994course, section 3.2 has the conditions].  ``scope`` says which of this was all there
was to look for; an equilibrium outside of it is not claimed to be absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np
from jaxtyping import Float

from comity.models.games.bimatrix import REPLY, SAME, EquilibriumSet, equilibria
from comity.models.games.dominance import eliminated, left
from comity.models.games.normal_form import TIE, expected, shortfall, sizes

# all: none is missed.  pairs: at most two sides mix.  twos: as pairs, and of three sides those in
# which each mixes exactly two.
Scope = Literal["all", "pairs", "twos"]
NIL = 1e-9  # coefficients, in shares of the largest stake


@dataclass(frozen=True)
class Equilibria:
    """Equilibria that were found, how far was looked, and whether the game is degenerate.

    A degenerate game can have continua; those found are among ``sets``.
    """

    sets: tuple[EquilibriumSet, ...]
    scope: Scope
    degenerate: bool


def all_equilibria(payoffs: Float[np.ndarray, "P *S"]) -> Equilibria:
    """Pure and mixed equilibria of a game of any number of sides.

    Raises
    ------
    BadInput
        As `comity.models.games.normal_form.sizes` and `comity.models.games.bimatrix.equilibria`.
    """
    whole = sizes(payoffs)
    kept = eliminated(payoffs).kept
    # Shortfalls of the game that is left: what replies hang on, the same in any unit.
    game = -shortfall(left(payoffs, kept))
    choosing = [side for side, own in enumerate(kept) if len(own) > 1]
    scope: Scope = "all"
    found: list[EquilibriumSet] = []
    crowded = False
    anyone = [*choosing, *(side for side in range(len(whole)) if side not in choosing)]
    pairs = list(combinations(choosing, 2)) or [tuple(sorted(anyone[:2]))]
    for pair in pairs:
        some, degenerate = _pair(game, pair)
        found += some
        crowded |= degenerate
    if len(choosing) == 3:
        three, odd = _three(game, choosing)
        found += three
        crowded |= odd
        scope = "all" if all(len(kept[s]) == 2 for s in choosing) and not odd else "twos"
    elif len(choosing) > 3:
        scope = "pairs"
    sets = tuple(
        EquilibriumSet(
            tuple(_spread(c, k, n) for c, k, n in zip(one.corners, kept, whole, strict=True)),
            one.whole,
        )
        for one in _largest(found)
    )
    return Equilibria(sets, scope, crowded)


def _spread(
    corners: Float[np.ndarray, "K R"], kept: tuple[int, ...], size: int
) -> Float[np.ndarray, "K S"]:
    """Mixtures over all strategies from those over the ones that are left."""
    found = np.zeros((len(corners), size))
    found[:, list(kept)] = corners
    return found


def _pair(game: Float[np.ndarray, "P *S"], pair: tuple[int, ...]) -> tuple[list, bool]:
    """Equilibria in which only two sides mix, and whether a game of the two is degenerate."""
    shape = game.shape[1:]
    others = [side for side in range(len(shape)) if side not in pair]
    found, degenerate = [], False
    for fixed in product(*(range(shape[side]) for side in others)):
        place: list = [slice(None)] * len(shape)
        for side, strategy in zip(others, fixed, strict=True):
            place[side] = strategy
        two = equilibria(np.stack([game[side][tuple(place)] for side in pair]))
        degenerate |= two.degenerate
        pures = [np.eye(shape[side])[[s]] for side, s in zip(others, fixed, strict=True)]
        for one in two.sets:
            corners = dict(zip(pair, one.corners, strict=True)) | dict(
                zip(others, pures, strict=True)
            )
            agreed = _agreed(game, [corners[side] for side in range(len(shape))], others)
            if agreed is not None:
                found.append(agreed)
    return found, degenerate


def _agreed(
    game: Float[np.ndarray, "P *S"], corners: list[np.ndarray], others: list[int]
) -> EquilibriumSet | None:
    """The part of a set at which the other sides' pure strategies are best replies.

    What a side gains by another strategy is bilinear in the mixtures of the two, so that its
    extremes over the set lie at pairs of corners.
    """
    pairs = list(product(*(range(len(own)) for own in corners)))
    gains = np.array(
        [
            np.concatenate(
                [_gain(game, side, mixtures, corners[side][0]) for side in others] or [np.zeros(1)]
            )
            for pair in pairs
            for mixtures in [tuple(own[k] for own, k in zip(corners, pair, strict=True))]
        ]
    )
    if (gains <= REPLY).all():
        return EquilibriumSet(tuple(corners))
    if (gains > REPLY).all(axis=0).any():
        return None
    good = [pair for pair, gain in zip(pairs, gains, strict=True) if (gain <= REPLY).all()]
    if len(good) == 1:
        kept = [own[[k]] for own, k in zip(corners, good[0], strict=True)]
        return EquilibriumSet(tuple(kept), whole=False)
    return EquilibriumSet(tuple(corners), whole=False)


def _gain(
    game: Float[np.ndarray, "P *S"], side: int, mixtures: tuple[np.ndarray, ...], own: np.ndarray
) -> Float[np.ndarray, " S"]:
    """What each other strategy of a side brings more than its mixture."""
    value = expected(game, side, mixtures)
    return np.asarray(value - value @ own)


def _three(game: Float[np.ndarray, "P *S"], sides: list[int]) -> tuple[list, bool]:
    """Equilibria in which three sides mix two strategies each; and whether some may be missed."""
    shape = game.shape[1:]
    found, odd = [], False
    choices = [list(combinations(range(shape[side]), 2)) for side in sides]
    rest = [side for side in range(len(shape)) if side not in sides]
    for played in product(*choices):
        cut: list = [[0]] * len(shape)
        for side, two in zip(sides, played, strict=True):
            cut[side] = list(two)
        cells = game[np.ix_(sides, *cut)].reshape(3, 2, 2, 2)
        roots, vague = _mixing(cells)
        for shares in roots:
            mixtures = [
                np.ones(1) if side in rest else np.zeros(shape[side]) for side in range(len(shape))
            ]
            for side, two, share in zip(sides, played, shares, strict=True):
                mixtures[side][list(two)] = 1.0 - share, share
            gains = [_gain(game, side, tuple(mixtures), mixtures[side]) for side in sides]
            if max(gain.max() for gain in gains) <= REPLY:
                found.append(EquilibriumSet(tuple(own[None] for own in mixtures)))
        odd |= vague
    return found, odd


def _mixing(
    cells: Float[np.ndarray, "3 2 2 2"],
) -> tuple[list[tuple[float, float, float]], bool]:
    """As `_indifferent`, from whichever side; what one of them cannot settle stays open."""
    found, vague = [], False
    for turn in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        turned = np.transpose(cells[list(turn)], [0, *(1 + side for side in turn)])
        roots, open_ = _indifferent(turned)
        vague |= open_
        for root in roots:
            shares = dict(zip(turn, root, strict=True))
            found.append((shares[0], shares[1], shares[2]))
    return found, vague


def _indifferent(
    cells: Float[np.ndarray, "3 2 2 2"],
) -> tuple[list[tuple[float, float, float]], bool]:
    """Shares of the second strategies at which all three sides are indifferent, all mixing.

    Side 1 is indifferent where a0 + a1 q + a2 r + a3 q r = 0, and so on; put into the condition of
    side 3, what p and q then are leaves a quadratic in r.  True beside them: there can be a
    continuum that is not listed.
    """
    a = _bilinear(cells[0, 1] - cells[0, 0])  # in q, r
    b = _bilinear(cells[1, :, 1] - cells[1, :, 0])  # in p, r
    c = _bilinear(cells[2, :, :, 1] - cells[2, :, :, 0])  # in p, q
    line = np.polynomial.polynomial
    up_q, down_q = [-a[0], -a[2]], [a[1], a[3]]
    up_p, down_p = [-b[0], -b[2]], [b[1], b[3]]
    terms = (
        c[0] * line.polymul(down_p, down_q),
        c[1] * line.polymul(up_p, down_q),
        c[2] * line.polymul(down_p, up_q),
        c[3] * line.polymul(up_p, up_q),
    )
    total = np.zeros(3)
    for term in terms:
        total[: len(term)] += term
    if np.abs(total).max() <= NIL * max(1e-300, *(np.abs(term).max() for term in terms)):
        return [], _can_mix(a) and _can_mix(b) and _can_mix(c)
    found, vague = [], False
    for r in _roots(total):
        q, free_q = _other(a[0] + a[2] * r, a[1] + a[3] * r)
        p, free_p = _other(b[0] + b[2] * r, b[1] + b[3] * r)
        if free_q and free_p:
            vague |= _inside(r)
            continue
        if free_q:
            q, free_q = _other(c[0] + c[1] * p, c[2] + c[3] * p)
        elif free_p:
            p, free_p = _other(c[0] + c[2] * q, c[1] + c[3] * q)
        if free_q or free_p:
            vague |= _inside(r)
        elif all(_inside(share) for share in (p, q, r)):
            found.append((p, q, r))
    return found, vague


def _bilinear(ahead: Float[np.ndarray, "2 2"]) -> tuple[float, float, float, float]:
    """Coefficients of 1, x, y, xy of what is given at the corners of the unit square."""
    k, y, x, both = ahead.reshape(-1).tolist()
    return k, x - k, y - k, both - x - y + k


def _can_mix(of: tuple[float, float, float, float]) -> bool:
    """Whether a bilinear function is nil somewhere on the unit square."""
    k, x, y, both = of
    at = (k, k + x, k + y, k + x + y + both)
    return min(at) <= NIL and max(at) >= -NIL


def _roots(total: Float[np.ndarray, " n"]) -> list[float]:
    """Real roots of a quadratic, or of what it is where leading coefficients are nil."""
    scaled = total / np.abs(total).max()
    c, b, a = scaled.tolist()
    if abs(a) <= NIL:
        return [-c / b] if abs(b) > NIL else []
    inner = b * b - 4.0 * a * c
    if inner < -NIL:
        return []
    # Two roots without taking like numbers from each other.
    far = -0.5 * (b + np.copysign(np.sqrt(max(inner, 0.0)), b))
    roots = {float(far / a), float(c / far) if abs(far) > NIL else float(far / a)}
    return sorted(roots)


def _other(level: float, slope: float) -> tuple[float, bool]:
    """Where level + slope x is nil, and whether it is so for every x."""
    if abs(slope) <= NIL:
        return np.nan, abs(level) <= NIL
    return -level / slope, False


def _inside(share: float) -> bool:
    return bool(TIE < share < 1.0 - TIE)


def _largest(found: list[EquilibriumSet]) -> list[EquilibriumSet]:
    """Sets without those that lie in another, isolated ones and pure ones first."""
    kept: list[EquilibriumSet] = []
    for place, one in enumerate(found):
        later = found[place + 1 :]
        if not any(_within(one, other) for other in (*kept, *later)):
            kept.append(one)
    return sorted(kept, key=lambda one: (not one.isolated, not one.pure))


def _within(one: EquilibriumSet, other: EquilibriumSet) -> bool:
    """Whether every corner of a set is a corner of another that is an equilibrium throughout."""
    if not other.whole and one.whole:
        return False
    return all(
        all(np.abs(their - corner).max(axis=1).min() <= SAME for corner in mine)
        for mine, their in zip(one.corners, other.corners, strict=True)
    )
