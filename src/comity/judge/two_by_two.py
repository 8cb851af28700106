"""Strategy by shock: gains under the scenario beside gains without it, in the same futures.

Four arms of each future make the two-by-two: nothing, the scenario alone, the strategy alone, both.
The gain *under the shock* is both less the scenario alone, the gain *in calm* the strategy alone
less nothing. Their difference is what the strategy does about the shock; the rest it would do
anyway. Draws and luck are shared by all four, so a strategy that does not react has both gains
alike.
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
    smallest: float,
    direction: str,
) -> dict[str, Any]:
    """Mean with its 95 % interval, 5 and 95 % over futures, how often better, what it is called."""
    low, high = np.quantile(weights @ draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    p5, p95 = np.quantile(draws, [0.05, 0.95])
    size = size_of(draws, smallest, direction)
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


def reacts(under: float, calm: float, smallest: float) -> str:
    """What the two gains, larger is better, say together; what is within the smallest is nothing.

    Gains that differ by no more than the smallest effect are the same: a strategy is then good, or
    costs, whatever the others do.
    """
    if max(abs(under), abs(calm)) <= smallest:
        return "no_effect"
    if abs(under - calm) <= smallest:
        return "good_anyway" if under + calm > 0 else "bad_anyway"
    if abs(calm) <= smallest:
        return "answers_shock" if under > 0 else "costs_in_shock"
    if abs(under) <= smallest:
        return "only_in_calm" if calm > 0 else "costs_in_calm"
    if under * calm < 0:
        return "answers_shock" if under > 0 else "only_in_calm"
    return "better_in_shock" if under > calm else "worse_in_shock"
