"""Dated lever moves with every name resolved, and how two of them can contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from comity.core.errors import BadInput
from comity.files.documents import by_line

Mode = Literal["add", "set", "times", "member"]


@dataclass(frozen=True)
class Move:
    """A lever moved over a span of time.

    The move holds for every pair of ``actors`` and ``targets`` but a state with itself.

    Parameters
    ----------
    lever
        Name of the lever.
    actors
        Ids of the lever's first argument (importer, a, state), sorted.
    targets
        Ids of the second argument (exporter, b), sorted; empty for a state's or a membership.
    framework
        Framework of a membership lever.
    categories
        Labels of the axis of a ``category`` lever.
    channel
        Way in which the act comes into force and so can be checked; empty for none.
    mode
        ``add`` to whatever else is in force, ``set`` the level itself, ``times`` the level of the
        base year, or ``member``.
    value
        Size in the lever's unit; 1 for a membership. For ``set`` of a tariff it is the whole
        applied rate, the base year's included.
    start, stop
        Year fractions; in force from ``start`` up to, not including, ``stop``; infinite if open.
    when
        In force only in these branches: uncertainty name to names of its choices.
    scale
        Number uncertainty that multiplies ``value``; None for 1.
    instrument
        Legal act or policy; additions of different instruments stack.
    event
        Id of the dated event in the record of facts.
    source
        Where the move is recorded, or why it was judged.
    judged
        True where the move is a judgement, not an act on record.
    note
        Remark for readers.
    where
        ``FILE:LINE:COLUMN`` of the move.
    """

    lever: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    framework: str | None
    mode: Mode
    value: float
    start: float
    stop: float
    when: Mapping[str, tuple[str, ...]]
    scale: str | None
    instrument: str
    event: str | None
    source: str
    judged: bool
    note: str
    where: str
    categories: tuple[str, ...] = ()
    channel: str = ""


def fraction_in_year(move: Move, year: int) -> float:
    """Share of a calendar year in which the move is in force, from 0 to 1."""
    return max(0.0, min(move.stop, year + 1.0) - max(move.start, float(year)))


def conflicts(moves: Sequence[Move], symmetric: Collection[str] = ()) -> list[BadInput]:
    """Moves that hold a lever of states that an earlier one already holds at the same time.

    Additions of different instruments stack and are no conflict; nor are moves whose branches
    never meet. ``symmetric`` names the levers whose pairs have no direction.
    """
    problems = []
    for place, later in enumerate(moves):
        for earlier in moves[:place]:
            if _meet(earlier, later) and _same_element(earlier, later, later.lever in symmetric):
                problems.append(_conflict(earlier, later))
                break
    return by_line(problems)


def rule_conflicts(
    moves: Sequence[Move], ruled: Sequence[Move], symmetric: Collection[str] = ()
) -> list[BadInput]:
    """Moves of rules that may hold a level which another move or rule holds at the same time.

    Additions of rules stack with all others; only a level that is laid down (``set``, ``times``)
    cannot be laid down twice or added to. Parameters as in `conflicts`; ``ruled`` are the moves of
    rules.
    """
    problems = []
    for place, later in enumerate(ruled):
        for earlier in (*moves, *ruled[:place]):
            laid_down = {"set", "times"} & {earlier.mode, later.mode}
            if not laid_down or earlier.where == later.where:
                continue
            if _meet(earlier, later) and _same_element(earlier, later, later.lever in symmetric):
                problems.append(_conflict(earlier, later))
                break
    return by_line(problems)


def _meet(one: Move, other: Move) -> bool:
    """Whether both can be in force at once on what they share."""
    levers = {one.lever, other.lever}
    if len(levers) > 1 and levers != {"join", "leave"}:
        return False
    if one.mode == other.mode == "add" and one.instrument != other.instrument:
        return False
    if one.start >= other.stop or other.start >= one.stop:
        return False
    return all(
        set(one.when[name]) & set(other.when[name]) for name in one.when.keys() & other.when.keys()
    )


def _same_element(one: Move, other: Move, symmetric: bool) -> bool:
    if one.framework != other.framework:
        return False
    if one.categories and not set(one.categories) & set(other.categories):
        return False
    if not one.targets:
        return bool(set(one.actors) & set(other.actors))
    return _product_meets(one.actors, one.targets, other.actors, other.targets) or (
        symmetric and _product_meets(one.actors, one.targets, other.targets, other.actors)
    )


def _product_meets(
    actors: Sequence[str],
    targets: Sequence[str],
    other_actors: Sequence[str],
    other_targets: Sequence[str],
) -> bool:
    """Whether two sets of pairs share one that is not a state with itself."""
    first, second = set(actors) & set(other_actors), set(targets) & set(other_targets)
    return bool(first and second) and not (first == second and len(first) == 1)


def _conflict(earlier: Move, later: Move) -> BadInput:
    same = (earlier.lever, earlier.mode, earlier.value) == (later.lever, later.mode, later.value)
    what = "repeats" if same else "contradicts"
    fix = (
        "keep one of them, or end one by `until`"
        if later.mode == "member"
        else "end the first by `until`, or give each its own `instrument` if they add up"
    )
    return BadInput(
        f"this move of {later.lever!r} {what} the one at {earlier.where}",
        "both hold for the same states at the same time",
        fix,
        later.where,
    )
