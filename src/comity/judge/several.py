"""Several aims at once: what nothing beats, and what is regretted under weights that a user names.

Aims are counted in their smallest effects of interest. One strategy beats another where it is
better on some aim by more than the smallest effect, on none worse by more than that, and where the
small losses that are passed over do not add up to more than what is won; the last keeps the order
free of circles, so that something is always left unbeaten. There is no weight but those that a
user names: without them nothing is added up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput, nearest
from comity.judge.two_by_two import LEVEL, Gains


def beats(scaled: Float[np.ndarray, "*batch R S"]) -> Bool[np.ndarray, "*batch S S"]:
    """Whether one strategy (second last axis) beats another (last), gains in smallest effects."""
    apart = scaled[..., :, None] - scaled[..., None, :]
    return (apart >= -1.0).all(axis=-3) & (apart > 1.0).any(axis=-3) & (apart.sum(axis=-3) > 0.0)


def pareto(found: Gains) -> dict[str, Any]:
    """What nothing beats: by mean gains, and the share of futures for each strategy."""
    scaled, names = found.in_smallest(), found.strategies
    if not scaled.shape[1]:
        return {"aims": [], "by_mean": list(names), "shares": {}, "beaten_by": {}}
    unbeaten = ~beats(scaled).any(axis=-2)
    means = scaled.mean(axis=0)
    by_mean = beats(means)
    beaten = {
        names[s]: names[_foremost(means, by_mean, s)]
        for s in np.flatnonzero(by_mean.any(axis=0)).tolist()
    }
    return {
        "aims": [found.aims[i]["name"] for i in found.ranked],
        "by_mean": [name for name in names if name not in beaten],
        "shares": dict(zip(names, unbeaten.mean(axis=0).tolist(), strict=True)),
        "beaten_by": beaten,
    }


def _foremost(
    means: Float[np.ndarray, "R S"], by_mean: Bool[np.ndarray, "S S"], beaten: int
) -> int:
    """Of those that beat a strategy the one to name, without adding aims up.

    One that nothing beats goes first, then the one better on most aims by more than the smallest
    effect, then the first in the list.
    """
    ahead = (means - means[:, [beaten]] > 1.0).sum(axis=0)
    free = np.asarray(~by_mean.any(axis=0))
    return max(np.flatnonzero(by_mean[:, beaten]).tolist(), key=lambda t: (free[t], ahead[t], -t))


def ranks(means: Float[np.ndarray, " S"], smallest: float) -> list[int]:
    """Rank by mean gain, larger is better; those within the smallest effect of a first share it."""
    out, first, place = [0] * len(means), math.inf, 0
    for count, s in enumerate(np.argsort(-means, kind="stable"), start=1):
        if first - means[s] > smallest:
            first, place = float(means[s]), count
        out[s] = place
    return out


def weights_of(given: str | Mapping[str, float]) -> dict[str, float]:
    """Weights as a user writes them, ``economy=2,security=1``, or as a mapping.

    Raises
    ------
    BadInput
        A part that is no ``name=number``, a name that stands twice, a weight that is not above 0.
    """
    pairs: Iterable[tuple[str, Any]]
    if isinstance(given, Mapping):
        pairs = given.items()
    else:
        pairs = (_pair(part) for part in str(given).split(","))
    found: dict[str, float] = {}
    for name, value in pairs:
        try:
            weight = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            weight = math.nan
        if not 0.0 < weight < math.inf:
            raise BadInput(
                f"the weight of {name!r} is {value!r}", fix="write a number above 0, as economy=2"
            )
        if name in found:
            raise BadInput(f"{name!r} has two weights", fix="name each aim or group once")
        found[str(name)] = weight
    if not found:
        raise BadInput("no weight is named", fix="write them as economy=2,security=1")
    return found


def _pair(part: str) -> tuple[str, str]:
    name, sign, value = (piece.strip() for piece in part.partition("="))
    if not (name and sign and value):
        raise BadInput(
            f"{part.strip()!r} is no weight", fix="write weights as economy=2,security=1"
        )
    return name, value


def check_weights(
    given: str | Mapping[str, float] | None, aims: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse weights that a card of aims has nothing for, before anything is computed for them."""
    if given is not None:
        by_aim(weights_of(given), aims, weighable(aims))


def weighable(aims: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of the aims that are measured and that strategies are ranked by."""
    return [aim["name"] for aim in aims if aim["status"] == "measured" and aim["ranked"]]


def by_aim(
    given: Mapping[str, float], aims: Sequence[Mapping[str, Any]], measured: Sequence[str]
) -> dict[str, float]:
    """Weight of each aim: that of a group or kind is shared evenly by those of its aims measured.

    Parameters
    ----------
    given
        Weights by group, kind or name of an aim.
    aims
        The whole card.
    measured
        Names of the aims that can be weighed.

    Raises
    ------
    BadInput
        A name that is none, or of which nothing is measured in this run; two names that share an
        aim, as a group and one of its aims.
    """
    names: dict[str, list[str]] = {}
    for aim in aims:
        for name in dict.fromkeys((aim["group"], aim["kind"], aim["name"])):
            names.setdefault(name, [])
            if aim["name"] in measured and aim["name"] not in names[name]:
                names[name].append(aim["name"])
    out: dict[str, float] = {}
    named_by: dict[str, str] = {}
    for name, weight in given.items():
        if name not in names:
            raise BadInput(f"there is no aim or group {name!r}", fix=nearest(name, names))
        if not names[name]:
            can = [one for one, own in names.items() if own]
            raise BadInput(
                f"nothing of {name!r} can be weighed in this run",
                "its aims are not measured here, or are shown and never ranked by",
                f"use some of {', '.join(can)}",
            )
        for aim in names[name]:
            if aim in out:
                raise BadInput(
                    f"{aim!r} would count twice: by {named_by[aim]!r} and by {name!r}",
                    "one is part of the other",
                    f"name one of the two, or each aim by itself: {', '.join(names[name])}",
                )
            out[aim], named_by[aim] = weight / len(names[name]), name
    return out


def regrets(
    found: Gains, weighed: Mapping[str, float], resamples: Float[np.ndarray, "B F"]
) -> list[dict[str, Any]]:
    """Regret of each strategy under weights, in weighted smallest effects; least regret first."""
    own = [found.aims[i]["name"] for i in found.ranked]
    weight = np.array([weighed.get(name, 0.0) for name in own])
    worth = np.einsum("frs,r->fs", found.in_smallest(), weight)
    regret = worth.max(axis=1, keepdims=True) - worth
    first = regret == 0.0
    best = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    low, high = np.quantile(resamples @ regret, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    rows = [
        {
            "strategy": name,
            "mean": regret[:, s].mean(),
            "low": low[s],
            "high": high[s],
            "p90": np.quantile(regret[:, s], 0.9),
            "best": best[s],
        }
        for s, name in enumerate(found.strategies)
    ]
    return sorted(rows, key=lambda row: row["mean"])
