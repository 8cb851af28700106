"""What one would most like to know: the price of not knowing each number, aim by aim.

The part ``information`` of ``judgement.json``. Each aim is a choice of its own, by its mean, under
the scenario: nothing is added up over aims. For each number that was drawn: what knowing it before
choosing would be worth (`information.evppi`), in the unit of the aim, and in money per person and
year where the aim can be told so; beside it the share of the variance that it carries of what
decides, the difference between the two best strategies. A number may decide much and yet not be
worth knowing: the same strategy is best whatever it is.

Only numbers whose hold on some difference is told from chance are named (95 %, corrected for how
many numbers are asked). What is luck within a future is nobody's to know; it is in ``evpi`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from comity.core import links
from comity.judge.aims import MONEY, money_of
from comity.judge.information import Worth, contrasts, evpi, worth
from comity.judge.reading import Run
from comity.judge.robustness import comparable, oriented
from comity.judge.selection import holm
from comity.judge.smoothing import Basis, Fit, basis, fit
from comity.judge.two_by_two import ROUNDING
from comity.registry.sizes import smallest

LEVEL = 0.05  # chance that a number is named for any aim that holds nothing of it
NAMED = 5  # numbers listed for an aim
SMALL = 0.01  # share of the variance below which one that changes no choice is not listed
Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True)
class _Choice:
    """One aim to choose by; its name is None for the measure asked for where that is no aim."""

    aim: str | None
    measures: tuple[str, ...]
    kind: str
    smallest: float | None
    values: Float[np.ndarray, "F S"]


def worth_knowing(run: Run, fewest: int) -> dict[str, Any]:
    """Content of ``information``.

    Parameters
    ----------
    run
        The run in memory.
    fewest
        Comparable futures below which no number is named.

    Returns
    -------
    dict
        ``futures``, ``fewest``, ``enough``, ``numbers`` (how many were asked) and ``choices``, one
        an aim. A choice has ``verdict``: "alone" (one strategy), "no_link" (no path leads from any
        strategy to it), "same" (no strategy differs), "nothing" (no number would change the
        choice), "little" (what the best number is worth is below the smallest effect of interest)
        or "worth".
    """
    choices = _choices(run)
    known = np.ones(len(run.draws), bool)
    for choice in choices:
        known &= comparable(choice.values)[0]
    futures = int(known.sum()) if choices else 0
    head = {"futures": futures, "fewest": fewest, "enough": futures >= fewest}
    if not choices or futures < fewest:
        return head | {"numbers": 0, "choices": []}
    draws = run.draws.loc[known]
    draws = draws.loc[:, draws.nunique() > 1]
    kept = [np.flatnonzero(comparable(choice.values)[1]) for choice in choices]
    apart = [
        contrasts(choice.values[known][:, own], _rounding(choice))
        for choice, own in zip(choices, kept, strict=True)
    ]
    fits = _fits(draws, [difference for _, difference in apart])
    rows = []
    for place, (choice, own) in enumerate(zip(choices, kept, strict=True)):
        names = [run.strategies[i] for i in own]
        found = {name: parts[place] for name, parts in fits.items()}
        everything = evpi(choice.values[known][:, own])
        rows.append(_judged(choice, names, *apart[place], found, everything, run.record))
    return head | {"numbers": draws.shape[1], "choices": rows}


def worth_of(run: Run, names: Sequence[str], fewest: int) -> dict[str, Any]:
    """What knowing these numbers together would be worth, aim by aim.

    Parameters
    ----------
    run
        The run in memory.
    names
        Numbers of one question; those that this run did not draw are left out.
    fewest
        Comparable futures below which nothing is said.

    Returns
    -------
    dict
        ``futures``, ``enough``, ``numbers`` (those drawn) and ``choices``, one an aim: ``aim``,
        ``measures``, ``smallest``, ``best``, ``verdict`` as in `worth_knowing`, and where the
        verdict is "little" or "worth" the value with its interval, ``turns`` and ``to``. The test
        against chance is corrected for the number of aims.
    """
    choices = _choices(run)
    known = np.ones(len(run.draws), bool)
    for choice in choices:
        known &= comparable(choice.values)[0]
    futures = int(known.sum()) if choices else 0
    drawn = [
        name for name in names if name in run.draws and run.draws.loc[known, name].nunique() > 1
    ]
    enough = futures >= fewest
    head = {"futures": futures, "enough": enough, "numbers": drawn}
    if not enough or not drawn:
        return head | {"choices": []}
    on = basis(run.draws.loc[known, drawn])
    rows = [_worth_of(choice, known, on, len(choices), run) for choice in choices]
    return head | {"choices": rows}


def _worth_of(
    choice: _Choice, known: Bool[np.ndarray, " F"], on: Basis, asked: int, run: Run
) -> dict[str, Any]:
    """One aim of `worth_of`."""
    own = np.flatnonzero(comparable(choice.values)[1])
    names = [run.strategies[i] for i in own]
    best, apart = contrasts(choice.values[known][:, own], _rounding(choice))
    head = {"aim": choice.aim, "measures": list(choice.measures), "smallest": choice.smallest}
    head |= {"best": names[best]}
    differs = np.flatnonzero(np.abs(apart).max(axis=0) > 0)
    if not differs.size:
        return head | {"verdict": "alone" if len(names) == 1 else _still(names, choice, run.record)}
    found = fit(on, apart)
    value = worth(apart, found, best)
    told = asked * differs.size * float(found.p[differs].min()) <= LEVEL
    if not told or value.to is None:
        return head | {"verdict": "nothing"}
    small = choice.smallest is not None and value.value < choice.smallest
    named = {"turns": value.turns, "to": names[value.to]}
    verdict = {"verdict": "little" if small else "worth"}
    return head | verdict | named | _figure(value, choice, run.record)


def _choices(run: Run) -> list[_Choice]:
    """The measure asked for, then every ranked aim that is not that measure alone."""
    directions = {m["name"]: m["direction"] for m in run.record["measures"]}
    aims = [
        aim
        for aim in run.record.get("aims", [])
        if aim["status"] == "measured" and aim["ranked"] and set(aim["measures"]) <= set(run.values)
    ]
    own = [aim for aim in aims if list(aim["measures"]) == [run.objective]]
    found = []
    if not own:
        value = oriented(run.outcome, run.direction)
        least = smallest(run.objective)
        known = None if least is None else least.value
        found.append(_Choice(None, (run.objective,), "", known, value))
    for aim in [*own, *(aim for aim in aims if aim not in own)]:
        measures = tuple(aim["measures"])
        mean = np.mean([run.values[m] for m in measures], axis=0)
        value = oriented(mean, aim.get("direction") or directions[measures[0]])
        found.append(_Choice(aim["name"], measures, aim["kind"], aim["smallest"], value))
    # What has no figure anywhere, as at a flashpoint that this world merges, is no aim here.
    return [choice for choice in found if np.isfinite(choice.values).any()]


def _rounding(choice: _Choice) -> float:
    """Differences that are those of two programs of one sum, not of two strategies."""
    if choice.smallest is not None:
        return ROUNDING * choice.smallest
    return 1e-12 * float(np.nanmax(np.abs(choice.values)))


def _fits(draws: pd.DataFrame, apart: Sequence[np.ndarray]) -> dict[str, list[Fit]]:
    """Fits of all differences on each number, one basis a number for all aims."""
    ends = np.cumsum([part.shape[1] for part in apart])[:-1]
    stacked, found = np.hstack(apart), {}
    for name in draws.columns:
        on = basis(draws[[name]])
        whole = fit(on, stacked)
        parts = zip(
            *(np.split(a, ends, axis=-1) for a in (whole.fitted, whole.plain, whole.left)),
            *(np.split(a, ends) for a in (whole.share, whole.p)),
            np.split(whole.followed, ends, axis=1),
            strict=True,
        )
        found[str(name)] = [
            Fit(fitted, plain, share, p, left, followed, on)
            for fitted, plain, left, share, p, followed in parts
        ]
    return found


def _judged(
    choice: _Choice,
    names: Sequence[str],
    best: int,
    apart: Float[np.ndarray, "F S"],
    found: Mapping[str, Fit],
    everything: Worth,
    record: Mapping[str, Any],
) -> dict[str, Any]:
    """One aim: what is best now, what knowing everything is worth, and the numbers worth most."""
    head = {"aim": choice.aim, "measures": list(choice.measures), "best": names[best]}
    differs = np.flatnonzero(np.abs(apart).max(axis=0) > 0)
    if not differs.size:
        verdict = "alone" if len(names) == 1 else _still(names, choice, record)
        return head | {"verdict": verdict, "second": None, "evpi": None, "numbers": []}
    rivals = [i for i in range(len(names)) if i != best]
    second = max(rivals, key=lambda i: apart[:, i].mean())
    # The strictest of a number's tests, counted as often as there are differences to test.
    p = holm(np.array([min(1.0, differs.size * f.p[differs].min()) for f in found.values()]))
    rows = []
    for (name, on), chance in zip(found.items(), p, strict=True):
        if chance > LEVEL:
            continue
        own = worth(apart, on, best)
        if own.value > 0.0 or on.share[second] >= SMALL:
            to = None if own.to is None else names[own.to]
            share = on.share[second] if second in differs else None
            rows.append(
                {"parameter": name, "share": share, "turns": own.turns, "to": to}
                | _figure(own, choice, record)
            )
    rows.sort(key=lambda row: (-row["value"], -(row["share"] or 0.0)))
    most = max((row["value"] for row in rows), default=0.0)
    verdict = "nothing"
    if most > 0.0:
        small = choice.smallest is not None and most < choice.smallest
        verdict = "little" if small else "worth"
    return head | {
        "verdict": verdict,
        "second": names[second],
        "evpi": _figure(everything, choice, record),
        "numbers": rows[:NAMED],
    }


def _still(names: Sequence[str], choice: _Choice, record: Mapping[str, Any]) -> str:
    """Why strategies do not differ: no path leads to the aim, or they come to the same."""
    reached = (links.linked(record, name, measure) for name in names for measure in choice.measures)
    return "same" if any(reached) else "no_link"


def _figure(found: Worth, choice: _Choice, record: Mapping[str, Any]) -> dict[str, Any]:
    """A value with its 95 % interval, which cannot be below zero, and in money where it can be."""
    low, high = max(found.value - Z * found.se, 0.0), found.value + Z * found.se
    figure = {"mean": found.value, "low": low, "high": high}
    told = money_of(figure, record.get("money")) if choice.kind == MONEY else None
    return {"value": found.value, "se": found.se, "low": low, "high": high, "money": told}
