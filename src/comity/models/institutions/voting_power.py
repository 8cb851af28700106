"""Voting power: exact Shapley-Shubik and Banzhaf indices of weighted rules, as fractions.

A coalition S wins if it holds every veto and meets every quota (weights, heads, population):

    sum over i in S of w_ji >= q_j   for each quota j

Shapley-Shubik (shapley1954method): how often a member turns a random order of members winning;
Banzhaf (banzhaf1965weighted): how many coalitions it turns.  Both follow from how many winning
coalitions of each size hold the member.  Counted from the other side: who may be *missing* is
any set D of members without veto with w_j(D) <= W_j - q_j, and with D(d, m) the number of such
sets of size d and weight at most m,

    without i:  D_i(d, m) = D(d, m) - D_i(d - 1, m - w_i)

so one table of generating-function coefficients serves all members, and a demanding quota is
cheap.  Work grows as members squared times the product of (W_j - q_j + 1): give weights in
coarse units.  An index of the rule alone: who agrees with whom is left out, so do not read it
as who gets their way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import comb, factorial, prod

import numpy as np

from comity.core import require
from comity.core.errors import BadInput

MEMBERS = 200
CELLS = 20_000_000
WORD = 8  # bytes: coefficients are packed in whole words


@dataclass(frozen=True)
class Quota:
    """At least ``quota`` of the sum of whole, non-negative ``weights``, one a member."""

    weights: tuple[int, ...]
    quota: int

    @property
    def slack(self) -> int:
        """Weight that may be missing: the sum of weights less the quota."""
        return sum(self.weights) - self.quota


@dataclass(frozen=True)
class Rule:
    """All ``quotas`` at once, with every member of ``vetoes`` (positions from 0).

    ``enough``: so many members (with the vetoes) win whatever their weights; ``None``: no such
    clause.  The clause is that of the Council of the European Union, where fewer than four
    members cannot block.
    """

    quotas: tuple[Quota, ...]
    vetoes: frozenset[int] = frozenset()
    enough: int | None = None

    @property
    def members(self) -> int:
        """Number of members."""
        return len(self.quotas[0].weights)


@dataclass(frozen=True)
class Power:
    """Exact power of each member.

    ``shapley``: Shapley-Shubik index (sums to 1); ``swings``: winning coalitions that lose
    without the member; ``winning``: number of winning coalitions.
    """

    shapley: tuple[Fraction, ...]
    swings: tuple[int, ...]
    winning: int

    @cached_property
    def banzhaf(self) -> tuple[Fraction, ...]:
        """Normalised Banzhaf index: share of all swings."""
        total = sum(self.swings)
        return tuple(Fraction(swings, total) for swings in self.swings)

    @cached_property
    def absolute(self) -> tuple[Fraction, ...]:
        """Absolute Banzhaf index: share of the others' coalitions that the member turns."""
        return tuple(Fraction(swings, 2 ** (len(self.swings) - 1)) for swings in self.swings)

    @cached_property
    def prevent(self) -> tuple[Fraction, ...]:
        """Coleman's power to prevent: share of winning coalitions that need the member."""
        return tuple(Fraction(swings, self.winning) for swings in self.swings)

    @property
    def act(self) -> Fraction:
        """Coleman's power of the body to act: share of coalitions that win."""
        return Fraction(self.winning, 2 ** len(self.swings))


def heads(members: int, quota: int) -> Quota:
    """Return the quota of so many members, each counting one."""
    return Quota((1,) * members, quota)


def weighted(weights: Iterable[int | float], quota: int | float) -> Rule:
    """Return the rule of one weighted quota: whole weights, a coalition wins from ``quota`` on.

    Raises
    ------
    BadInput
        When a weight or the quota is not whole.
    """
    return Rule((_whole(tuple(weights), quota),))


def power(rule: Rule) -> Power:
    """Return the exact voting power of every member under a rule.

    Raises
    ------
    BadInput
        When the rule has no member or more than 200, weights or quotas are not whole, weights are
        negative or of unequal number, a quota is not positive or beyond reach, a veto is nobody's,
        or the table would be too large (coarser weights mend it).
    """
    rule = replace(rule, quotas=tuple(_whole(q.weights, q.quota) for q in rule.quotas))
    _check(rule)
    quotas, least = _split(rule)
    free = [
        i
        for i in range(rule.members)
        if i not in rule.vetoes and all(q.weights[i] <= q.slack for q in quotas)
    ]
    weights = {i: tuple(q.weights[i] for q in quotas) for i in free}
    limits = tuple(q.slack for q in quotas)
    table = _table([weights[i] for i in free], limits, least)
    total = [int(row[limits]) for row in table]
    kinds = {kind: _without(table, kind, limits) for kind in set(weights.values())}
    missing = [kinds[weights[i]] if i in weights else total for i in range(rule.members)]
    return _indices(*_with_enough(rule, total, missing))


def _whole(weights: Sequence[int | float], quota: int | float) -> Quota:
    """The quota in Python's own integers, which do not overflow."""
    for what, value in (("weights", weights), ("the quota", quota)):
        require.whole(what, value, fix="multiply weights and quota by what makes them whole")
    return Quota(tuple(map(int, weights)), int(quota))


def _check(rule: Rule) -> None:
    """Raise on a rule that is none."""
    if not rule.quotas or not 1 <= rule.members <= MEMBERS:
        raise BadInput(f"a rule needs a quota and 1 to {MEMBERS} members")
    for q in rule.quotas:
        if len(q.weights) != rule.members or min(q.weights) < 0:
            raise BadInput(
                "weights are negative or not one a member in every quota",
                fix=f"give {rule.members} whole weights of zero or more",
            )
        if not 1 <= q.quota <= sum(q.weights):
            raise BadInput(
                f"the quota {q.quota} is not between 1 and the sum of weights {sum(q.weights)}",
                why="nobody, or everybody, would decide alone",
            )
    if not rule.vetoes <= set(range(rule.members)):
        raise BadInput(f"vetoes {sorted(rule.vetoes)} are not all positions of members")
    if rule.enough is not None and not 1 <= rule.enough <= rule.members:
        raise BadInput(f"enough = {rule.enough} is not a number of members")


def _split(rule: Rule) -> tuple[tuple[Quota, ...], int]:
    """Return the quotas that need an axis, and how many may be missing by those that do not.

    Where all count the same a quota is one of heads, which the table has anyway.
    """
    axes, least = [], rule.members
    for q in rule.quotas:
        if min(q.weights) == max(q.weights):
            least = min(least, q.slack // q.weights[0])
        else:
            axes.append(q)
    return tuple(axes), least


def _table(
    weights: Sequence[tuple[int, ...]], limits: tuple[int, ...], most: int
) -> list[np.ndarray]:
    """Count sets by size (to ``most``) that weigh at most each cell's weights on every axis.

    Each size's row is one whole number whose digits are the coefficients, so that adding a
    member is one shift and one sum: Kronecker's substitution.
    """
    widths = [
        limit + 1 + max((weight[axis] for weight in weights), default=0)
        for axis, limit in enumerate(limits)
    ]
    words = len(weights) // (8 * WORD) + 1
    bits = 8 * WORD * words
    if prod(widths) * words * (min(most, len(weights)) + 1) > CELLS:
        raise BadInput(
            "the weights are too fine for exact counting",
            why=f"a table of {prod(widths)} cells a size is needed",
            fix="give the weights in coarser units",
        )
    strides = [prod(widths[axis + 1 :]) for axis in range(len(widths))]
    mask = _mask(limits, widths, words)
    rows = [1] + [0] * min(most, len(weights))
    for done, weight in enumerate(weights):
        shift = bits * sum(w * s for w, s in zip(weight, strides, strict=True))
        for size in range(min(done + 1, len(rows) - 1), 0, -1):
            if rows[size - 1]:
                rows[size] += (rows[size - 1] << shift) & mask
    return [_unpacked(row, limits, widths, words) for row in rows]


def _mask(limits: tuple[int, ...], widths: list[int], words: int) -> int:
    """Return ones in the cells within the limits; the padding beyond takes what runs over."""
    block = b"\xff" * (WORD * words)
    for limit, width in zip(reversed(limits), reversed(widths), strict=True):
        block = block * (limit + 1) + bytes(len(block) * (width - limit - 1))
    return int.from_bytes(block, "little")


def _unpacked(row: int, limits: tuple[int, ...], widths: list[int], words: int) -> np.ndarray:
    """Return a row's coefficients, summed up to each cell on every axis."""
    packed = row.to_bytes(prod(widths) * words * WORD, "little")
    cells = np.frombuffer(packed, "<u8").reshape(*widths, words)
    cells = cells[tuple(slice(limit + 1) for limit in limits)]
    if words == 1:
        counts = cells[..., 0]
    else:  # beyond 64 bits only Python's integers are exact
        counts = sum(cells[..., k].astype(object) << (8 * WORD * k) for k in range(words))
    counts = np.asarray(counts)
    for axis in range(len(limits)):
        counts = np.add.accumulate(counts, axis=axis)
    return counts


def _without(
    table: list[np.ndarray], weight: tuple[int, ...], limits: tuple[int, ...]
) -> list[int]:
    """Count by size the sets within the limits that leave out a member of this weight."""
    steps = len(table) - 1
    for limit, w in zip(limits, weight, strict=True):
        steps = min(steps, limit // w) if w else steps
    found = [0] * len(table)
    for k in range(steps, -1, -1):
        at = tuple(limit - k * w for limit, w in zip(limits, weight, strict=True))
        found = [int(row[at]) - less for row, less in zip(table, [0, *found], strict=False)]
    return found


def _with_enough(
    rule: Rule, total: list[int], missing: list[list[int]]
) -> tuple[list[int], list[list[int]]]:
    """Pad the counts to all sizes, and count every set small enough for the clause."""
    n, pad = rule.members, [0] * (rule.members + 1 - len(total))
    few = 0 if rule.enough is None else n - rule.enough + 1
    free = n - len(rule.vetoes)

    def padded(counts: list[int], members: int) -> list[int]:
        return [comb(members, d) for d in range(few)] + (counts + pad)[few:]

    return padded(total, free), [
        padded(counts, free if i in rule.vetoes else free - 1) for i, counts in enumerate(missing)
    ]


def _indices(total: list[int], missing: list[list[int]]) -> Power:
    """Return the indices from winning coalitions by number missing: all, and holding each."""
    n, winning = len(missing), sum(total)
    orders = [factorial(n - 1 - d) * factorial(d) for d in range(n)]
    shapley = tuple(
        Fraction(
            sum(orders[d] * (holding[d] + holding[d + 1] - total[d + 1]) for d in range(n)),
            factorial(n),
        )
        for holding in missing
    )
    return Power(shapley, tuple(2 * sum(holding) - winning for holding in missing), winning)
