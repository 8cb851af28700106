"""Where fewer wars are no gain: the risk of war falls, and another bad end of a challenge rises.

A target that yields, or stands alone, is not at war. What is counted as human cost can therefore
fall because protectors stand aside; whoever reads the fall has to read this beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from comity.registry.sizes import size_of, smallest

WAR = "war"
# What rises in its place: all that ends badly together, else the ends without a war that is joined.
WHOLE, PARTS = "harm", ("yields", "unprotected")
ROUNDING = 1e-9  # of the smallest effect


def fewer_wars(effects: Mapping[str, Float[np.ndarray, " F"]], wars: Sequence[str]) -> list[str]:
    """Measures of other bad ends that rise where the risk of war falls; none where it does not.

    Parameters
    ----------
    effects
        Effect by measure and future, in its unit; NaN where it is not known.
    wars
        Measures of the risk of war, one a flashpoint. A fall counts from where it may be more than
        negligible, a rise from nothing on: this is a caution, and no ranking rests on it. Where all
        that ends badly rises together, its parts are not named.
    """
    found = []
    for war in wars:
        least, place = smallest(war), war.removeprefix(f"{WAR}.")
        draws = effects.get(war)
        if draws is None or least is None:
            continue
        size = size_of(draws, least.value, "lower")
        if size is None or size.most == "negligible" or not np.nanmean(draws) < 0.0:
            continue
        others = [WHOLE] if _rises(effects, f"{WHOLE}.{place}") else PARTS
        found += [name for other in others if _rises(effects, name := f"{other}.{place}")]
    return found


def _rises(effects: Mapping[str, Float[np.ndarray, " F"]], name: str) -> bool:
    draws, least = effects.get(name), smallest(name)
    if draws is None or least is None or not np.isfinite(draws).any():
        return False
    return bool(np.nanmean(draws) > ROUNDING * least.value)


def cautions(
    aims: Sequence[Mapping[str, Any]],
    strategies: Sequence[str],
    values: Mapping[str, Float[np.ndarray, "F S"]],
    baseline: Mapping[str, Float[np.ndarray, " F"]],
    alone: Mapping[str, Float[np.ndarray, " F"]],
) -> list[dict[str, Any]]:
    """For the scenario (``strategy`` is None) and each strategy: what rises where wars fall.

    Parameters
    ----------
    aims
        The card of aims.
    strategies
        Names of the columns of ``values``.
    values, baseline, alone
        Outcomes by measure: under the scenario, without anything, with the scenario alone.
    """
    wars = [m for aim in aims for m in aim["measures"] if m.startswith(f"{WAR}.")]
    known = [m for m in values if m in alone and m in baseline]
    effects: dict[str | None, dict[str, np.ndarray]] = {
        None: {m: alone[m] - baseline[m] for m in known}
    } | {name: {m: values[m][:, s] - alone[m] for m in known} for s, name in enumerate(strategies)}
    return [
        {"strategy": name, "rises": rises}
        for name, own in effects.items()
        if (rises := fewer_wars(own, wars))
    ]
