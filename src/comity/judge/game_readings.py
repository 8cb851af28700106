"""Every side answers: what games on the mean and on single draws say of a matrix of strategies.

A payoff is the gain against the scenario alone on what a side plays for, in weighted smallest
effects of interest. The game of mean payoffs is read in full; how firm that is say two shares: of
bootstrap samples of the futures (Monte Carlo error), and of draws, one a future, whose own game
says the same (what is not known about the numbers of the model, and luck).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations, product
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput
from comity.core.toml_tables import read
from comity.judge.game_matrix import Matrix
from comity.judge.stakes import Stake
from comity.judge.two_by_two import LEVEL, resampled
from comity.models.games.bimatrix import EquilibriumSet
from comity.models.games.dominance import Dominated, eliminated, weakly_dominated
from comity.models.games.level_k import cognitive_hierarchy, level_k
from comity.models.games.mixed_equilibria import all_equilibria
from comity.models.games.moves_in_turn import in_turn
from comity.models.games.normal_form import best_replies, pure_equilibria, worst_cases
from comity.models.games.reply_cycles import cycles


@dataclass(frozen=True)
class Answers:
    """Readings of a matrix for what its sides play for; plain values from `record`."""

    matrix: Matrix
    stakes: tuple[Stake, ...]
    seed: int

    @cached_property
    def payoffs(self) -> Float[np.ndarray, "F P *S"]:
        """Payoff of each side in each cell and future, in weighted smallest effects."""
        found = []
        for aims, gains, stake in zip(
            self.matrix.aims, self.matrix.gains, self.stakes, strict=True
        ):
            card = {aim["name"]: aim for aim in aims}
            lost = [name for name in stake.weights if name not in card]
            if lost:
                raise BadInput(
                    f"{lost[0]} has no figure in any future",
                    "a side of it is part of a region in this world",
                    "run with --world full, or weigh another aim",
                )
            sign = {n: 1.0 if a["direction"] == "higher" else -1.0 for n, a in card.items()}
            found.append(
                sum(w * sign[n] / card[n]["smallest"] * gains[n] for n, w in stake.weights.items())
            )
        return np.stack(found, axis=1)

    @cached_property
    def mean(self) -> Float[np.ndarray, "P *S"]:
        """Mean payoffs."""
        return np.asarray(self.payoffs.mean(axis=0))

    @cached_property
    def samples(self) -> Float[np.ndarray, "B P *S"]:
        """Mean payoffs of bootstrap samples of the futures."""
        weights = resampled(len(self.payoffs), self.seed)
        flat = weights @ self.payoffs.reshape(len(self.payoffs), -1)
        return flat.reshape(-1, *self.payoffs.shape[1:])

    @cached_property
    def linked(self) -> Bool[np.ndarray, "P *S"]:
        """Whether a link leads from a cell to anything that a side plays for."""
        return np.stack(
            [
                np.logical_or.reduce([links[name] for name in stake.weights])
                for links, stake in zip(self.matrix.linked, self.stakes, strict=True)
            ]
        )

    @cached_property
    def shares(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Shares in which each cell is a best reply (P, *S) and an equilibrium (*S).

        Of draws, then of bootstrap samples.
        """
        found = []
        for games in (self.payoffs, self.samples):
            best = np.stack([best_replies(one) for one in games])
            found += [best.mean(axis=0), best.all(axis=1).mean(axis=0)]
        return found[0], found[2], found[1], found[3]

    def profile(self, cell: Sequence[int]) -> dict[str, str]:
        """Strategies of a cell by side."""
        named = zip(self.matrix.sides, self.matrix.strategies, cell, strict=True)
        return {side: own[k] for side, own, k in named}

    def record(self) -> dict[str, Any]:
        """All readings as plain values."""
        game, worst = self.mean, self._worst_cases()
        return {
            "futures": self.matrix.futures,
            "failed": self.matrix.failed,
            "aims": self._aims(),
            "cells": self._cells(),
            "payoffs": self._payoffs(),
            "dominated": self._dominated(),
            "equilibria": self._equilibria(),
            "looked_for": self.found.scope,
            "degenerate": self.found.degenerate,
            "cycles": [
                {
                    "loop": [self.profile(cell) for cell in one.loop],
                    "profiles": len(one.profiles),
                    "closed": one.closed,
                }
                for one in cycles(game)
            ],
            "worst_cases": worst,
            "survives": [one for one in worst if one["survives"]],
            "levels": self._levels(),
            "leaders": [
                {
                    "order": [self.matrix.sides[k] for k in order],
                    "outcomes": [self.profile(cell) for cell in in_turn(game, order)],
                }
                for order in permutations(range(len(game)))
            ],
        }

    @cached_property
    def found(self):
        """Equilibria of the game of mean payoffs."""
        return all_equilibria(self.mean)

    def _aims(self) -> dict[str, Any]:
        """What each side plays for; ``stake``: the most that its own choice makes of difference."""
        spans = [np.ptp(own, axis=side).max() for side, own in enumerate(self.mean)]
        return {
            side: {
                "weights": dict(stake.weights),
                "named": stake.named,
                "idle": list(stake.idle),
                "not_here": list(stake.not_here),
                "grade": max(a["grade"] for a in aims if a["name"] in stake.weights),
                "stake": float(span),
            }
            for side, stake, aims, span in zip(
                self.matrix.sides, self.stakes, self.matrix.aims, spans, strict=True
            )
        }

    def _places(self):
        """Every side and cell: number of the side, cell, its names."""
        for number, side in enumerate(self.matrix.sides):
            for cell in product(*map(range, self.matrix.shape)):
                others = self.profile(cell)
                own = others.pop(side)
                yield number, cell, {"side": side, "own": own, "others": others}

    def _cells(self) -> list[dict[str, Any]]:
        """Gains by side, cell and aim; no figure where no link leads there."""
        weights = resampled(self.matrix.futures, self.seed)
        figures = [
            {name: _figures(x, weights) for name, x in gains.items()} for gains in self.matrix.gains
        ]
        out = []
        for number, cell, names in self._places():
            for name, (mean, low, high) in figures[number].items():
                linked = bool(self.matrix.linked[number][name][cell])
                out.append(
                    names
                    | {
                        "aim": name,
                        "mean": float(mean[cell]) if linked else None,
                        "low": float(low[cell]) if linked else None,
                        "high": float(high[cell]) if linked else None,
                        "linked": linked,
                    }
                )
        return out

    def _payoffs(self) -> list[dict[str, Any]]:
        """What each side plays for, added up; whether its strategy is a best reply there."""
        best = best_replies(self.mean)
        of_draws, of_samples, _, _ = self.shares
        low, high = np.quantile(self.samples, _ENDS, axis=0)
        out = []
        for number, cell, names in self._places():
            place, linked = (number, *cell), bool(self.linked[(number, *cell)])
            own = np.moveaxis(self.mean[number], number, -1)[_without(cell, number)]
            out.append(
                names
                | {
                    "mean": float(self.mean[place]) if linked else None,
                    "low": float(low[place]) if linked else None,
                    "high": float(high[place]) if linked else None,
                    "linked": linked,
                    "best_reply": bool(best[place]),
                    "alike": bool(best[number].all(axis=number)[_without(cell, number)]),
                    "short": float(own.max() - self.mean[place]),
                    "of_draws": float(of_draws[place]),
                    "of_samples": float(of_samples[place]),
                }
            )
        return out

    def _dominated(self) -> list[dict[str, Any]]:
        taken = eliminated(self.mean).gone
        strict = {(one.side, one.strategy) for one in taken}
        weak = [
            one for one in weakly_dominated(self.mean) if (one.side, one.strategy) not in strict
        ]
        return [self._of(one, True) for one in taken] + [self._of(one, False) for one in weak]

    def _of(self, one: Dominated, strict: bool) -> dict[str, Any]:
        names, rows = (
            self.matrix.strategies[one.side],
            np.moveaxis(self.mean[one.side], one.side, 0),
        )
        return {
            "side": self.matrix.sides[one.side],
            "strategy": names[one.strategy],
            "strict": strict,
            "round": one.round,
            "by": _mixture(names, one.by),
            "most": float((np.tensordot(one.by, rows, axes=(0, 0)) - rows[one.strategy]).max()),
        }

    def _equilibria(self) -> list[dict[str, Any]]:
        """Pure ones, with their shares in draws and samples; then mixed ones and continua.

        A continuum is told by its corners; pure equilibria may lie in it.
        """
        _, _, of_draws, of_samples = self.shares
        out: list[dict[str, Any]] = [
            {
                "kind": "pure",
                "whole": True,
                "strategies": {s: [{own: 1.0}] for s, own in self.profile(cell).items()},
                "costs": self._costs(cell),
                "of_draws": float(of_draws[cell]),
                "of_samples": float(of_samples[cell]),
            }
            for cell in pure_equilibria(self.mean)
        ]
        for one in self.found.sets:
            if not one.pure:
                out.append(
                    {"kind": "mixed" if one.isolated else "continuum", "whole": one.whole}
                    | {"strategies": self._corners(one)}
                )
        return out

    def _corners(self, one: EquilibriumSet) -> dict[str, list[dict[str, float]]]:
        named = zip(self.matrix.sides, self.matrix.strategies, one.corners, strict=True)
        return {side: [_mixture(names, own) for own in corners] for side, names, corners in named}

    def _costs(self, cell: tuple[int, ...]) -> dict[str, float]:
        """What leaving a cell for the next best of its own strategies would cost each side."""
        out = {}
        for number, side in enumerate(self.matrix.sides):
            own = np.moveaxis(self.mean[number], number, -1)[_without(cell, number)]
            rest = np.delete(own, cell[number])
            if rest.size:
                out[side] = float(own[cell[number]] - rest.max())
        return out

    def _worst_cases(self) -> list[dict[str, Any]]:
        """By side and strategy the worst case over all replies; who has the best worst case."""
        of_samples = [worst_cases(one) for one in self.samples[:: len(self.samples) // 200 or 1]]
        out = []
        for number, case in enumerate(worst_cases(self.mean)):
            for place, name in enumerate(self.matrix.strategies[number]):
                side = self.matrix.sides[number]
                drawn = np.array([one[number].worst[place] for one in of_samples])
                low, high = np.quantile(drawn, _ENDS)
                out.append(
                    {
                        "side": side,
                        "strategy": name,
                        "worst": float(case.worst[place]),
                        "low": float(low),
                        "high": float(high),
                        "against": [
                            {k: v for k, v in self.profile(cell).items() if k != side}
                            for cell in case.at[place]
                        ],
                        "survives": place in case.survives,
                        "of_samples": float(
                            np.mean([place in one[number].survives for one in of_samples])
                        ),
                    }
                )
        return out

    def _levels(self) -> dict[str, Any]:
        """Choices of level 1 up, and the mean of the cognitive hierarchy at three means."""
        book = read("comity.library", "thinking.toml")
        steps = int(book["steps"]["value"])
        return {
            "source": f"{book['steps']['source']}; {book['tau']['source']}",
            "grade": book["tau"]["grade"],
            "k": {
                str(k): self._mixed(mixtures)
                for k, mixtures in enumerate(level_k(self.mean, steps))
                if k
            },
            "hierarchy": [
                {
                    "tau": tau,
                    "play": self._mixed(cognitive_hierarchy(self.mean, tau, _MOST_STEPS)[1]),
                }
                for tau in (book["tau"][end] for end in ("value", "low", "high"))
            ],
        }

    def _mixed(self, mixtures: Sequence[np.ndarray]) -> dict[str, dict[str, float]]:
        named = zip(self.matrix.sides, self.matrix.strategies, mixtures, strict=True)
        return {side: _mixture(names, own) for side, names, own in named}


_ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
_MOST_STEPS = 10  # of the hierarchy; at a mean of two steps a share of 1e-5 lies beyond


def _figures(
    gains: Float[np.ndarray, "F *S"], weights: Float[np.ndarray, "B F"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean over futures and the ends of its 95 % interval (bootstrap)."""
    samples = weights @ gains.reshape(len(gains), -1)
    low, high = np.quantile(samples, _ENDS, axis=0)
    shape = gains.shape[1:]
    return gains.mean(axis=0), low.reshape(shape), high.reshape(shape)


def _without(cell: Sequence[int], side: int) -> tuple[int, ...]:
    return tuple(k for number, k in enumerate(cell) if number != side)


def _mixture(names: Sequence[str], shares: np.ndarray) -> dict[str, float]:
    return {name: float(x) for name, x in zip(names, shares, strict=True) if x > 0}
