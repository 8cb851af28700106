"""Strategy by shock: gains under the scenario beside gains without it, in the same futures.

Four arms of each future make the two-by-two: nothing, the scenario alone, the strategy alone, both.
The gain *under the shock* is both less the scenario alone, the gain *in calm* the strategy alone
less nothing. Their difference is what the strategy does about the shock; the rest it would do
anyway. Draws and luck are shared by all four, so a strategy that does not react has both gains
alike where effects add up. Changes of odds do not: they are measured in per cent of the odds
without anything, so that a strategy that halves the odds takes off more per cent where the scenario
has raised them, and its two gains differ by as much as the scenario raised the odds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.core.run_folder import ALONE
from comity.registry.sizes import size_of

RESAMPLES = 1000
ROUNDING = 1e-9  # of the smallest effect: below it, what two programs of one sum differ by
LEVEL = 0.95


@dataclass(frozen=True)
class Gains:
    """Gains on the aims in the futures in which every arm has an outcome.

    ``shock``: (F, A), the scenario alone less nothing. ``under`` and ``calm``: (F, A, S). Signs are
    those of the measures. ``strategies`` are those with an outcome.
    """

    aims: tuple[Mapping[str, Any], ...]
    strategies: tuple[str, ...]
    shock: Float[np.ndarray, "F A"]
    under: Float[np.ndarray, "F A S"]
    calm: Float[np.ndarray, "F A S"]

    @property
    def sign(self) -> Float[np.ndarray, " A"]:
        """1 where more of an aim is better, -1 where less is."""
        return np.array([1.0 if aim["direction"] == "higher" else -1.0 for aim in self.aims])

    @property
    def smallest(self) -> Float[np.ndarray, " A"]:
        """Smallest effect of interest of each aim."""
        return np.array([aim["smallest"] for aim in self.aims], float)

    @property
    def ranked(self) -> np.ndarray:
        """Places of the aims that strategies are ranked by."""
        return np.flatnonzero([aim["ranked"] for aim in self.aims])

    def in_smallest(self) -> Float[np.ndarray, "F R S"]:
        """Gains under the scenario on the ranked aims, in smallest effects, larger is better."""
        scaled = self.under * (self.sign / self.smallest)[None, :, None]
        return scaled[:, self.ranked]


def gains(
    aims: Sequence[Mapping[str, Any]],
    strategies: Sequence[str],
    values: Mapping[str, Float[np.ndarray, "futures strategies"]],
    baseline: Mapping[str, Float[np.ndarray, " futures"]],
    calm: Mapping[str, pd.DataFrame],
) -> Gains | None:
    """Gains of every strategy on every measured aim; None where no future has them all.

    Parameters
    ----------
    aims
        The card of aims; those that are not measured are left out.
    strategies
        Names of the columns of ``values``.
    values, baseline
        Outcomes by measure: under the scenario, and without anything.
    calm
        By measure: futures by `ALONE` and strategies without the scenario.
    """
    measured = [a for a in aims if a["status"] == "measured"]
    names = list(strategies)

    def mean(aim: Mapping[str, Any], table) -> np.ndarray:
        return np.mean([table(measure) for measure in aim["measures"]], axis=0)

    rest = [mean(a, lambda m: baseline[m]) for a in measured]
    alone = [mean(a, lambda m: calm[m][ALONE].to_numpy(float)) for a in measured]
    under = [
        mean(a, lambda m: values[m]) - one[:, None] for a, one in zip(measured, alone, strict=True)
    ]
    quiet = [
        mean(a, lambda m: calm[m][names].to_numpy(float)) - one[:, None]
        for a, one in zip(measured, rest, strict=True)
    ]
    # An aim without a figure anywhere, as at a flashpoint that this world merges, is no aim here.
    there = [i for i, one in enumerate(under) if np.isfinite(one).any()]
    if not there:
        return None
    both, calms = (np.stack([part[i] for i in there], 1) for part in (under, quiet))
    shock = np.stack([alone[i] - rest[i] for i in there], 1)
    kept = np.asarray((np.isfinite(both) & np.isfinite(calms)).all(1).any(0))
    both, calms = both[..., kept], calms[..., kept]
    known = np.isfinite(both).all((1, 2)) & np.isfinite(calms).all((1, 2))
    known &= np.isfinite(shock).all(1)
    if not known.any() or not kept.any():
        return None
    aims = tuple(measured[i] for i in there)
    least = ROUNDING * np.array([aim["smallest"] for aim in aims])
    return Gains(
        aims,
        tuple(name for name, keep in zip(names, kept, strict=True) if keep),
        *(
            np.where(np.abs(part) > least.reshape(-1, *[1] * (part.ndim - 2)), part, 0.0)
            for part in (shock[known], both[known], calms[known])
        ),
    )


def resampled(futures: int, seed: int) -> Float[np.ndarray, "B F"]:
    """Weight of each future in each bootstrap sample; drawn once, so that intervals compare."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(futures, np.full(futures, 1.0 / futures), RESAMPLES) / futures


def figures(
    draws: Float[np.ndarray, " F"],
    weights: Float[np.ndarray, "B F"],
    smallest: float | None,
    direction: str,
) -> dict[str, Any]:
    """Mean with its 95 % interval, 5 and 95 % over futures, how often better, what it is called.

    Where there is no smallest effect, effects have no name.
    """
    low, high = np.quantile(weights @ draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    p5, p95 = np.quantile(draws, [0.05, 0.95])
    size = None if smallest is None else size_of(draws, smallest, direction)
    better = draws > 0 if direction == "higher" else draws < 0
    return {
        "mean": draws.mean(),
        "low": low if len(draws) > 1 else np.nan,
        "high": high if len(draws) > 1 else np.nan,
        "p5": p5,
        "p95": p95,
        "same": bool((draws == 0).all()),
        "better": better.mean(),
        "size": None if size is None else size.record(),
    }


def reacts(
    under: Mapping[str, Any],
    calm: Mapping[str, Any],
    difference: Mapping[str, Any],
    smallest: float,
    direction: str,
) -> str:
    """What the two gains say together, from what `figures` tells of them and of their difference.

    A gain or loss counts as one where its mean is beyond the smallest effect and its size has a
    direction: nine in ten of the draws beyond the smallest effect go that way. Anything else is
    nothing of note. That the two differ is said by the same rule, asked of their difference: where
    only one of them counts and the difference does not, it is open whether the shock matters.
    """
    with_shock, without, apart = (
        _settled(one, smallest, direction) for one in (under, calm, difference)
    )
    if with_shock == without == 0:
        return "no_effect"
    if with_shock * without < 0:
        return "answers_shock" if with_shock > 0 else "only_in_calm"
    if with_shock == without:
        if apart == 0:
            return "good_anyway" if with_shock > 0 else "bad_anyway"
        return "better_in_shock" if apart > 0 else "worse_in_shock"
    if apart == 0:
        return "good_open" if with_shock + without > 0 else "bad_open"
    if without == 0:
        return "answers_shock" if with_shock > 0 else "costs_in_shock"
    return "only_in_calm" if without > 0 else "costs_in_calm"


def _settled(figure: Mapping[str, Any], smallest: float, direction: str) -> int:
    """1 for a gain that counts, -1 for a loss, 0 for nothing of note or no settled direction."""
    size = figure["size"]
    if size is None or size["way"] not in ("better", "worse") or abs(figure["mean"]) <= smallest:
        return 0
    better = (figure["mean"] > 0) == (direction == "higher")
    # A mean that few far draws pull against the others says nothing either.
    return (1 if better else -1) if better == (size["way"] == "better") else 0
