"""Veto players and pivots: which status quos cannot be moved, and where the others can go.

On a line (krehbiel1998pivotal, tsebelis2002veto).  Ideal points in order x_(1) <= ... <= x_(n),
each voter preferring what is nearer.  Of q votes out of n the pivots are x_(n-q+1) and x_(q):
a status quo s moves right only if s < x_(n-q+1), and then as far as 2 x_(n-q+1) - s; left
likewise from x_(q).  Between the pivots lies gridlock.  Players who must agree: the least left
and the greatest right pivot; where one of several suffices: the reverse.
In the plane (plott1967notion, mckelvey1976intransitivities): along a direction u the same holds
of the ideal points projected on u, so the winset is a star around the status quo with radius
2 max(0, q-th largest of (x_i - s) . u), and the core is where every radius is nil.

Limits: preferences are taken as Euclidean, known and sincere; agenda, bargaining and party
discipline are left out.  Where bodies are scaled apart, their points cannot be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput

SLACK = 1e-9  # of the spread of ideal points: room for rounding where the core is a point or line
NEAR = 1e-6  # of the spread: corners nearer than this are one

Line = Float[np.ndarray, " n"]
Plane = Float[np.ndarray, "n 2"]


@dataclass(frozen=True)
class Pivots:
    """A body on a line: what is below ``left`` can move right, above ``right`` left.

    ``left <= right``: between them is gridlock, the core of the game.  ``left > right``: no core;
    between them two groups can each move the status quo their own way.
    """

    left: float
    right: float

    @property
    def width(self) -> float:
        """Length of the gridlock interval; 0 where there is none."""
        return max(self.right - self.left, 0.0)

    def gridlocked(self, status_quo: float) -> bool:
        """Whether a status quo cannot be moved."""
        return self.left <= status_quo <= self.right

    def winset(self, status_quo: float) -> tuple[float, float]:
        """Return the ends of the open interval that beats a status quo (both it, if nothing)."""
        return (
            min(status_quo, 2 * self.right - status_quo),
            max(status_quo, 2 * self.left - status_quo),
        )


def votes(members: int, share: Fraction) -> int:
    """Return the fewest votes that are at least a share of the members (2/3 of 100: 67)."""
    return ceil(share * members)


def majority(members: int) -> int:
    """Return the fewest votes that are more than half."""
    return members // 2 + 1


def body(ideals: Line, needed: int) -> Pivots:
    """Return the pivots of a body that decides by ``needed`` votes.

    One veto player alone: one ideal point and one vote; unanimity: as many votes as members.

    Raises
    ------
    BadInput
        When an ideal point is not finite, or ``needed`` is not 1 to the number of members.
    """
    _check(ideals, needed)
    ordered = np.sort(ideals)
    return Pivots(float(ordered[len(ordered) - needed]), float(ordered[needed - 1]))


def both(*bodies: Pivots) -> Pivots:
    """Return the pivots of bodies that must all agree."""
    return Pivots(min(b.left for b in bodies), max(b.right for b in bodies))


def either(*bodies: Pivots) -> Pivots:
    """Return the pivots of bodies any one of which decides."""
    return Pivots(max(b.left for b in bodies), min(b.right for b in bodies))


@dataclass(frozen=True)
class Thresholds:
    """Shares of members needed in the United States: rules of the Senate and the constitution.

    ``cloture``: to end debate in the Senate (3/5 since 1975, 2/3 of those voting before);
    ``override``: of both houses, against a veto; ``treaty``: of the Senate.
    """

    cloture: Fraction = Fraction(3, 5)
    override: Fraction = Fraction(2, 3)
    treaty: Fraction = Fraction(2, 3)


@dataclass(frozen=True)
class Chain:
    """Pivots of the United States on one line, by what they take part in.

    ``house``, ``senate``: majorities; ``filibuster``: the Senate's end of debate; ``override``:
    two thirds of both, so that within it an act of the President alone stands (howell2003power);
    ``statute``: what a law needs; ``treaty``: two thirds of the Senate and the President.
    """

    house: Pivots
    senate: Pivots
    filibuster: Pivots
    president: Pivots
    override: Pivots
    statute: Pivots
    treaty: Pivots


def united_states(
    house: Float[np.ndarray, " h"],
    senate: Float[np.ndarray, " s"],
    president: float,
    thresholds: Thresholds | None = None,
) -> Chain:
    """Return the pivots of laws, treaties and overrides (krehbiel1998pivotal).

    A law: a majority of the House, a majority of the Senate and the votes to end its debate,
    and the President, or two thirds of both houses instead.

    Parameters
    ----------
    house, senate
        Ideal points of the members, on one scale; any order.
    president
        The President's, on the same scale.
    thresholds
        Shares of votes; as today by default.

    Raises
    ------
    BadInput
        When an ideal point is not finite or a chamber is empty.
    """
    rules = thresholds or Thresholds()
    alone = body(np.array([president]), 1)
    lower, upper = (body(chamber, majority(len(chamber))) for chamber in (house, senate))
    debate = body(senate, votes(len(senate), rules.cloture))
    over = both(*(body(c, votes(len(c), rules.override)) for c in (house, senate)))
    consent = body(senate, votes(len(senate), rules.treaty))
    return Chain(
        house=lower,
        senate=upper,
        filibuster=debate,
        president=alone,
        override=over,
        statute=both(lower, upper, debate, either(alone, over)),
        treaty=both(consent, alone),
    )


def prefers(
    ideals: Plane, status_quo: Float[np.ndarray, "2"], points: Float[np.ndarray, "p 2"]
) -> Bool[np.ndarray, "p n"]:
    """Return who strictly prefers each point to the status quo: whom it lies nearer to."""
    near = np.linalg.norm(points[:, None] - ideals[None], axis=-1)
    return near < np.linalg.norm(ideals - status_quo, axis=-1)


def radius(
    ideals: Plane, needed: int, status_quo: Float[np.ndarray, "2"], angles: Float[np.ndarray, " a"]
) -> Float[np.ndarray, " a"]:
    """Return how far from the status quo the winset reaches in each direction (radians).

    Bodies that must all agree: the least of their radii; any one suffices: the greatest.

    Raises
    ------
    BadInput
        When an ideal point is not finite, or ``needed`` is not 1 to the number of members.
    """
    _check(ideals, needed)
    along = (ideals - status_quo) @ np.stack([np.cos(angles), np.sin(angles)])
    pivot = np.sort(along, axis=0)[len(ideals) - needed]
    return 2 * np.maximum(pivot, 0.0)


def winset_area(
    ideals: Plane, needed: int, status_quo: Float[np.ndarray, "2"], directions: int = 4096
) -> float:
    """Return the area of the winset of a status quo, by equal angles."""
    angles = np.arange(directions) * (2 * np.pi / directions)
    reach = radius(ideals, needed, status_quo, angles)
    return float(np.pi * np.mean(reach**2))


def core(ideals: Plane, needed: int) -> Float[np.ndarray, "m 2"]:
    """Return the core in the plane: corners of the points nothing beats, counter-clockwise.

    The pivot along a direction changes only where two ideal points tie, so the core is cut out
    by half-planes normal to the lines through pairs of them.  Unanimity: the convex hull of the
    ideal points; no corner where the core is empty, one or two where it is a point or a line.

    Raises
    ------
    BadInput
        When an ideal point is not finite, or ``needed`` is not 1 to the number of members.
    """
    _check(ideals, needed)
    middle = ideals.mean(axis=0)
    spread = float(np.abs(ideals - middle).max())
    if spread == 0.0:
        return middle[None]
    points = (ideals - middle) / spread
    across = (points[:, None] - points[None]).reshape(-1, 2)
    length = np.linalg.norm(across, axis=1)
    across = across[length > SLACK] / length[length > SLACK, None]
    normals = np.concatenate([across @ np.array([[0.0, 1.0], [-1.0, 0.0]]), np.eye(2), -np.eye(2)])
    pivots = np.sort(points @ normals.T, axis=0)[len(points) - needed]
    return _polygon(normals, pivots - SLACK) * spread + middle


def _polygon(
    normals: Float[np.ndarray, "h 2"], least: Float[np.ndarray, " h"]
) -> Float[np.ndarray, "m 2"]:
    """Return what half-planes leave of a square of side 4, cutting by the worst broken first."""
    polygon = np.array([[-2.0, -2.0], [2.0, -2.0], [2.0, 2.0], [-2.0, 2.0]])
    for _ in range(len(normals)):
        over = (polygon @ normals.T).min(axis=0) - least
        worst = int(over.argmin())
        if over[worst] >= -SLACK / 2:
            break
        polygon = _clipped(polygon, normals[worst], float(least[worst]))
        if not len(polygon):
            break
    return _corners(polygon)


def _clipped(
    polygon: Float[np.ndarray, "m 2"], normal: Float[np.ndarray, "2"], least: float
) -> Float[np.ndarray, "k 2"]:
    """Return what of a convex polygon has at least so much along a normal."""
    over = polygon @ normal - least
    kept = []
    for a, b, here, there in zip(
        polygon, np.roll(polygon, -1, axis=0), over, np.roll(over, -1), strict=True
    ):
        if here >= 0:
            kept.append(a)
        if (here >= 0) != (there >= 0):
            kept.append(a + (b - a) * (here / (here - there)))
    return np.array(kept).reshape(-1, 2)


def _corners(polygon: Float[np.ndarray, "m 2"]) -> Float[np.ndarray, "k 2"]:
    """Return the corners without those that only the room for rounding sets apart."""
    kept, i = list(polygon), 0
    while len(kept) > 1 and i < len(kept):
        if _off(kept[i], kept[i - 1], kept[(i + 1) % len(kept)]) < NEAR:
            del kept[i]
            i = 0
        else:
            i += 1
    return np.array(kept).reshape(-1, 2)


def _off(point: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    """Return the distance of a point from the segment between two others."""
    along = b - a
    square = float(along @ along)
    share = min(max(float((point - a) @ along) / square, 0.0), 1.0) if square else 0.0
    return float(np.linalg.norm(point - a - share * along))


def _check(ideals: Float[np.ndarray, "n ..."], needed: int) -> None:
    """Raise on ideal points or a number of votes that cannot be used."""
    if not np.isfinite(ideals).all():
        raise BadInput(
            "an ideal point is not a finite number",
            why="a member whose position is unknown has no place in the order",
            fix="leave the member out and count the votes needed of those that remain",
        )
    if not 1 <= needed <= len(ideals):
        raise BadInput(f"{needed} votes of {len(ideals)} members cannot be needed")
