"""Strategies of several sides against each other: gains in every cell and future, by aim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comity.core.errors import BadInput
from comity.judge.two_by_two import ROUNDING


@dataclass(frozen=True)
class Matrix:
    """Gains of all sides in the futures in which every cell has an outcome.

    ``aims``: by side, the aims that are measured. ``gains``: by side and aim (F, *S), in the unit
    and sign of the measure, against the scenario alone. ``linked``: by side and aim, whether a link
    leads from a cell to the aim. ``failed``: futures that are left out.
    """

    sides: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    aims: tuple[tuple[Mapping[str, Any], ...], ...]
    gains: tuple[Mapping[str, np.ndarray], ...]
    linked: tuple[Mapping[str, np.ndarray], ...]
    failed: int

    @property
    def shape(self) -> tuple[int, ...]:
        """How many strategies each side has."""
        return tuple(map(len, self.strategies))

    @property
    def futures(self) -> int:
        """Futures with an outcome in every cell."""
        return len(next(iter(self.gains[0].values())))


def matrix(
    sides: Sequence[str],
    strategies: Sequence[Sequence[str]],
    aims: Sequence[Sequence[Mapping[str, Any]]],
    cells: Sequence[Mapping[str, np.ndarray]],
    alone: Sequence[Mapping[str, np.ndarray]],
    linked: Sequence[Mapping[str, np.ndarray]],
) -> Matrix:
    """Gains in every cell, from levels in cells (F, *S) and with the scenario alone (F).

    An aim without a figure in any future, as at a flashpoint that this world merges, is no aim
    here.

    Raises
    ------
    BadInput
        No future has an outcome in every cell.
    """
    there = [
        tuple(a for a in own if np.isfinite(levels[a["name"]]).any())
        for own, levels in zip(aims, cells, strict=True)
    ]
    gains = [
        {
            a["name"]: levels[a["name"]]
            - rest[a["name"]].reshape(-1, *[1] * (levels[a["name"]].ndim - 1))
            for a in own
        }
        for own, levels, rest in zip(there, cells, alone, strict=True)
    ]
    known = np.logical_and.reduce(
        [np.isfinite(x).reshape(len(x), -1).all(axis=1) for own in gains for x in own.values()]
    )
    if not known.any():
        raise BadInput(
            "no future could be solved in every cell",
            "a cell that failed has no payoff; it is not nil",
            "leave out a strategy, or run with other futures (--seed)",
        )
    quiet = [{a["name"]: ROUNDING * a["smallest"] for a in own} for own in there]
    kept = [
        {n: np.where(np.abs(x[known]) > least[n], x[known], 0.0) for n, x in own.items()}
        for own, least in zip(gains, quiet, strict=True)
    ]
    return Matrix(
        tuple(sides),
        tuple(map(tuple, strategies)),
        tuple(there),
        tuple(kept),
        tuple(linked),
        int((~known).sum()),
    )
