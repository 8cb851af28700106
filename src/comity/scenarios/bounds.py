"""How far moves can push a lever: each times its number, and all that stand at one time together.

A lever's bounds are for what reaches the model. Within a file what can be known is refused; what
only meets in a run (a strategy on top of a scenario, rules that fire together) is held at the
bound and said.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.engine.levers import Lever
from comity.scenarios.forms import FIRST_YEAR
from comity.scenarios.moves import Move, fraction_in_year
from comity.scenarios.uncertainty import Uncertainty

ROUNDING = 1e-9
# Joint branches that are gone through one by one; with more, the sum over all of them stands.
MOST_BRANCHES = 4096

# Levels of the base year of a lever, actors as rows; None where no data are at hand.
Names = Sequence[str]
Level = Callable[[Lever, Names, Names], Float[np.ndarray, "R C"]] | None


@dataclass(frozen=True)
class Push:
    """A move and how far it can go: its value times the ends of the number that scales it.

    ``when`` are its branches, by a name that no other document uses.
    """

    move: Move
    low: float
    high: float
    when: tuple[tuple[str, tuple[str, ...]], ...]

    def change(
        self, end: float, level: Float[np.ndarray, "R C"] | float
    ) -> Float[np.ndarray, "R C"] | float:
        """Change of the lever against its level of the base year, at one end of the number."""
        if self.move.mode == "times":
            return (end - 1.0) * level
        return end - level if self.move.mode == "set" else end


@dataclass(frozen=True)
class Excess:
    """Moves that together push a lever beyond its bounds: where, when, how far.

    ``total`` and ``bound`` are against the level of the base year. ``sure``: some joint branch
    reaches the total; else there are too many to go through, and it is the sum over all of them.
    """

    lever: Lever
    cell: tuple[str, str]
    year: int
    total: float
    bound: float
    moves: tuple[Move, ...]
    sure: bool

    def said(self) -> str:
        """The excess in words."""
        on = " on ".join(name for name in self.cell if name)
        return f"moves of {self.lever.name!r} add up to {self.total:.6g} for {on} in {self.year}"

    def refusal(self) -> BadInput:
        """The excess as an error at the last of the moves."""
        last = max(reversed(self.moves), key=lambda move: move.start)
        others = [move.where for move in self.moves if move is not last]
        more = ", ..." if len(others) > 4 else ""
        return BadInput(
            self.said(),
            f"{_span(self.lever)}; with {', '.join(others[:4])}{more}",
            "make them smaller, or end one by `until`",
            last.where,
        )


def _span(lever: Lever) -> str:
    return f"{lever.name} runs from {lever.low:g} to {lever.high:g} ({lever.unit})"


def pushes(
    moves: Iterable[Move], doubts: Mapping[str, Uncertainty], document: str = ""
) -> tuple[Push, ...]:
    """How far the moves of a document can go; those scaled by a faulty number are left out."""
    found = []
    for move in moves:
        prior = doubts[move.scale].prior if move.scale else None
        if move.scale and prior is None:
            continue
        ends = [move.value * end for end in ((prior.low, prior.high) if prior else (1.0,))]
        when = tuple((f"{document}.{name}", options) for name, options in move.when.items())
        found.append(Push(move, min(ends), max(ends), when))
    return tuple(found)


def beyond(found: Iterable[Push], levers: Mapping[str, Lever]) -> list[BadInput]:
    """Moves that their number can scale out of the lever's bounds."""
    problems = []
    for push in found:
        move, lever = push.move, levers[push.move.lever]
        end = push.high if push.high > lever.high and move.mode != "times" else push.low
        within = lever.low <= end <= lever.high
        if move.scale and not (end >= 0 if move.mode == "times" else within):
            problems.append(
                BadInput(
                    f"{move.value:g} times {move.scale!r} can be {end:g}",
                    "a level times a number below 0 is none"
                    if move.mode == "times"
                    else _span(lever),
                    "bring the ends of the prior closer to 1, or the value down",
                    move.where,
                )
            )
    return problems


def check_together(
    moves: Sequence[Move],
    doubts: Mapping[str, Uncertainty],
    levers: Mapping[str, Lever],
    last_year: int,
) -> list[BadInput]:
    """Dated moves of one file that together pass a bound, as errors.

    Rules may or may not fire, so they are not counted here; see `overruns`.
    """
    years = range(FIRST_YEAR, last_year + 1)
    found = excesses(pushes(moves, doubts), levers, years)
    return [one.refusal() for one in found if one.sure]


def overruns(
    documents: Iterable[tuple[Iterable[Move], Iterable[Uncertainty]]],
    levers: Mapping[str, Lever],
    years: Sequence[int],
    level: Level,
) -> tuple[Excess, ...]:
    """What the documents of one arm can come to beyond the bounds of levers, rules included.

    Parameters
    ----------
    documents
        Moves (those of rules among them) and uncertainties of each.
    levers, years, level
        As for `excesses`.
    """
    found = [
        push
        for number, (moves, unsure) in enumerate(documents)
        for push in pushes(moves, {one.name: one for one in unsure}, str(number))
    ]
    return tuple(excesses(found, levers, years, level))


def excesses(
    found: Sequence[Push], levers: Mapping[str, Lever], years: Iterable[int], level: Level = None
) -> Iterator[Excess]:
    """Levers that moves in force together can push out of bounds; the worst of each.

    A year counts a move by the share of its days, as the model does. Branches that exclude each
    other never add up.

    Parameters
    ----------
    found
        Moves that may stand together, each with how far it can go.
    levers
        Declared levers by name.
    years
        Years to look at.
    level
        Levels of the base year; without them what a level that is laid down takes away from
        them is not counted.
    """
    spans = tuple(years)
    for name in dict.fromkeys(push.move.lever for push in found):
        lever = levers[name]
        if not lever.valued:  # joined twice is joined
            continue
        mine = [push for push in found if push.move.lever == name]
        worst = [
            one
            for year in spans
            for sign in (1, -1)
            if (one := _worst(mine, lever, year, sign, level))
        ]
        if worst:
            yield max(worst, key=lambda one: abs(one.total - one.bound))


def _worst(mine: Sequence[Push], lever: Lever, year: int, sign: int, level: Level) -> Excess | None:
    """The worst excess of a lever above (``sign`` 1) or below (-1) its bounds in a year."""
    shares = [(push, fraction_in_year(push.move, year)) for push in mine]
    standing = [(push, share) for push, share in shares if share > 0]
    if lever.base and level is None:
        standing = [(push, share) for push, share in standing if push.move.mode == "add"]
    laid_down = any(push.move.mode != "add" for push, _ in standing)
    if not laid_down and not _crude(standing, lever, sign):
        return None
    rows, columns = _sides(standing, lever)
    here = level(lever, rows, columns) if level and lever.base else None
    parts = [_part(push, share, lever, rows, columns, sign, here) for push, share in standing]
    at_bound = np.full((len(rows), len(columns)), lever.high if sign > 0 else -lever.low)
    if here is not None and sign < 0:
        at_bound = np.maximum(at_bound, here)  # all of a level can be taken away, and no more
    over = _position(sum(parts, np.zeros(at_bound.shape)), lever) - at_bound
    seen: set[tuple[int, ...]] = set()
    # From the worst cell on; those under the same moves cannot be worse.
    for flat in np.argsort(-over, axis=None):
        row, column = divmod(int(flat), len(columns))
        if over[row, column] <= ROUNDING:
            break
        spots = [(row, column), (column, row)] if lever.symmetric else [(row, column)]
        under = tuple(n for n, part in enumerate(parts) if any(part[spot] for spot in spots))
        if under in seen:
            continue
        seen.add(under)
        pushed, cell = [standing[n][0] for n in under], (rows[row], columns[column])
        joint = _joint(pushed)
        total = _in_branches(pushed, [parts[n] for n in under], joint, lever, spots)
        bound = float(at_bound[row, column])
        if total > bound + ROUNDING:
            moves = tuple(push.move for push in pushed)
            return Excess(lever, cell, year, sign * total, sign * bound, moves, joint is not None)
    return None


def _crude(standing: Sequence[tuple[Push, float]], lever: Lever, sign: int) -> bool:
    """Whether all moves on one cell would pass the bound, which spares a look at most files."""
    most = [max(0.0, sign * share * (p.high if sign > 0 else p.low)) for p, share in standing]
    if lever.combine == "factor" and sign > 0:
        return math.prod(1.0 + one for one in most) - 1.0 > lever.high + ROUNDING
    return sum(most) > (lever.high if sign > 0 else -lever.low) + ROUNDING


def _cells(move: Move, lever: Lever) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the rows and columns of the lever that a move stands on."""
    if lever.kind == "dyad":
        return move.actors, move.targets
    if lever.kind == "category":
        return move.actors, move.categories
    if lever.kind == "membership":
        return move.actors, (str(move.framework),)
    return move.actors, (str(move.framework) if lever.kind == "framework" else "",)


def _sides(
    standing: Sequence[tuple[Push, float]], lever: Lever
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rows and columns that any move stands on; the same for both where it acts on pairs."""
    sides = [_cells(push.move, lever) for push, _ in standing]
    rows = {name for one, _ in sides for name in one}
    columns = {name for _, one in sides for name in one}
    if lever.kind == "dyad":
        rows = columns = rows | columns
    return tuple(sorted(rows)), tuple(sorted(columns))


def _part(
    push: Push,
    share: float,
    lever: Lever,
    rows: Sequence[str],
    columns: Sequence[str],
    sign: int,
    level: Float[np.ndarray, "R C"] | None,
) -> Float[np.ndarray, "R C"]:
    """How far a move pushes each cell in the direction of ``sign``, not below nil."""
    one, other = _cells(push.move, lever)
    stands = np.outer(np.isin(rows, one), np.isin(columns, other))
    if lever.kind == "dyad":
        stands = stands & ~np.eye(len(rows), dtype=bool)
    if lever.symmetric:
        # As in the model: a pair that is named from both sides is moved once.
        stands = np.where(stands & stands.T, np.triu(stands), stands)
    change = push.change(push.high if sign > 0 else push.low, 0.0 if level is None else level)
    return np.where(stands, np.maximum(sign * share * change, 0.0), 0.0)


def _position(moved: Float[np.ndarray, "R C"], lever: Lever) -> Float[np.ndarray, "R C"]:
    if lever.combine == "factor":
        return (1.0 + moved) * (1.0 + moved.T) - 1.0
    return moved + moved.T if lever.combine == "pact" else moved


def _in_branches(
    found: Sequence[Push],
    parts: Sequence[Float[np.ndarray, "R C"]],
    joint: Sequence[Mapping[str, str]] | None,
    lever: Lever,
    spots: Sequence[tuple[int, int]],
) -> float:
    """The largest sum at a cell (both directions of a pair) over all joint branches."""
    most = 0.0
    for branch in joint or ({},):
        sums = [
            sum(
                float(part[spot])
                for push, part in zip(found, parts, strict=True)
                if all(branch.get(name, named[0]) in named for name, named in push.when)
            )
            for spot in spots
        ]
        factors = math.prod(1.0 + one for one in sums) - 1.0
        most = max(most, factors if lever.combine == "factor" else sum(sums))
    return most


def _joint(found: Iterable[Push]) -> list[dict[str, str]] | None:
    """Joint branches of the choices that moves depend on; None where there are too many.

    Branches of a choice that no move names are one, without a name.
    """
    options: dict[str, dict[str, None]] = {}
    for push in found:
        for name, named in push.when:
            options.setdefault(name, {"": None}).update(dict.fromkeys(named))
    if math.prod(len(one) for one in options.values()) > MOST_BRANCHES:
        return None
    return [dict(zip(options, one, strict=True)) for one in itertools.product(*options.values())]
