"""Judgement over several aims: card, gains with and without the shock, what nothing beats.

The part ``aims`` of ``judgement.json``. Gains are against the scenario alone in the same futures,
in the unit and sign of the measure; ``low`` and ``high`` bound the mean (95 %, bootstrap over
futures), ``p5`` and ``p95`` the futures. A folder of before format 3 has no arms for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from comity.core import links, run_folder
from comity.core.errors import BadInput
from comity.core.run_folder import ALONE
from comity.judge.fewer_wars import cautions
from comity.judge.reading import Run
from comity.judge.several import by_aim, pareto, ranks, regrets, weights_of
from comity.judge.two_by_two import Gains, figures, gains, reacts, resampled
from comity.registry.sizes import smallest

MONEY = "consumption"  # the kind of aim that can be told in money


def several_aims(
    run: Run, folder: Path, weights: str | Mapping[str, float] | None = None
) -> dict[str, Any] | None:
    """Content of ``aims``; None for a folder that lacks the arms, or where no future has them all.

    Parameters
    ----------
    run, folder
        A run, and where the arms without the scenario lie.
    weights
        What a user weighs, by group, kind or name of aims.

    Raises
    ------
    BadInput
        A weight that cannot be read, of what is no aim, or of what is not measured.
    """
    given = None if weights is None else weights_of(weights)
    found = _gains(run, folder)
    if found is None:
        if given is None:
            return None
        raise BadInput(
            "this run has no aims to weigh",
            "it was made by an earlier version, or none of its futures was solved",
            "run it again",
            str(folder),
        )
    card, drawn = run.record["aims"], resampled(len(found.under), run.seed)
    weighed = None
    if given is not None:
        shares = by_aim(given, card, [found.aims[i]["name"] for i in found.ranked])
        ranking = regrets(found, shares, drawn)
        weighed = {"given": given, "by_aim": shares, "regret": ranking}
    record, money = run.record, run.record.get("money")
    return {
        "futures": len(found.under),
        "calm_futures": len(found.calm),
        "list": card,
        "shock": _shock(found, drawn, record, money),
        "objective": _objective(run, folder),
        "cells": _cells(found, drawn, record, money),
        "fewer_wars": _fewer_wars(run, folder),
        "pareto": pareto(found),
        "weights": weighed,
    }


def _fewer_wars(run: Run, folder: Path) -> list[dict[str, Any]]:
    """Where the risk of war falls and another bad end rises, by the scenario and each strategy."""
    calm = run_folder.table(folder, run_folder.CALM)
    rows = calm[calm["strategy"] == ALONE]
    futures = np.unique(calm["future"])
    alone = {
        str(m): own.set_index("future")["value"].reindex(futures).to_numpy(float)
        for m, own in rows.groupby("measure")
    }
    return cautions(run.record["aims"], run.strategies, run.values, run.baseline, alone)


def _gains(run: Run, folder: Path) -> Gains | None:
    """Gains on every aim of the card, from the two tables of outcomes."""
    if "aims" not in run.record or run_folder.CALM not in run.record.get("files", {}):
        return None
    calm, card = run_folder.table(folder, run_folder.CALM), run.record["aims"]
    needed, futures = {m for aim in card for m in aim["measures"]}, np.unique(calm["future"])
    tables = {
        str(m): rows.pivot(index="future", columns="strategy", values="value").reindex(futures)
        for m, rows in calm[calm["measure"].isin(needed)].groupby("measure")
    }
    return gains(card, run.strategies, run.values, run.baseline, tables)


def _shock(
    found: Gains,
    drawn: np.ndarray,
    record: Mapping[str, Any],
    money: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """What the scenario alone does to each aim."""
    out = []
    for place, aim in enumerate(found.aims):
        effect = figures(found.shock[:, place], drawn, aim["smallest"], aim["direction"])
        told = money_of(effect, money) if aim["kind"] == MONEY else None
        head = {"aim": aim["name"], "link": _link(record, ALONE, aim)}
        out.append(head | effect | {"money": told})
    return out


def _objective(run: Run, folder: Path) -> dict[str, Any] | None:
    """What the scenario alone does to the measure that is ranked by, which may be no aim."""
    calm = run_folder.table(folder, run_folder.CALM)
    rows = calm[(calm["strategy"] == ALONE) & (calm["measure"] == run.objective)]
    if run.objective not in run.baseline:
        return None
    effect = rows.sort_values("future")["value"].to_numpy(float) - run.baseline[run.objective]
    known = effect[np.isfinite(effect)]
    if not known.size:
        return None
    least = smallest(run.objective)
    head = {
        "smallest": least.value if least else None,
        "measure": run.objective,
        "link": links.by_scenario(run.record, run.objective),
    }
    drawn = resampled(len(known), run.seed)
    return head | figures(known, drawn, least.value if least else None, run.direction)


def _cells(
    found: Gains,
    drawn: np.ndarray,
    record: Mapping[str, Any],
    money: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """Every aim by every strategy."""
    cells = []
    for a, aim in enumerate(found.aims):
        sign, least, way = found.sign[a], aim["smallest"], aim["direction"]
        reached = [_link(record, name, aim) for name in found.strategies]
        means = sign * found.under[:, a].mean(axis=0)
        # Where nothing reaches the aim there is nothing to rank.
        placed = [None] * len(means) if not any(reached) else ranks(means, least)
        for s, name in enumerate(found.strategies):
            under = figures(found.under[:, a, s], drawn, least, way)
            calm = figures(found.calm[:, a, s], drawn, least, way)
            more = found.under[:, a, s] - found.calm[:, a, s]
            apart = figures(more, drawn, least, way)
            cells.append(
                {
                    "aim": aim["name"],
                    "strategy": name,
                    "link": reached[s],
                    "rank": placed[s],
                    "gain": under,
                    "calm": calm,
                    "difference": apart,
                    "reacts": reacts(under, calm, apart, least, way),
                    "money": money_of(under, money) if aim["kind"] == MONEY else None,
                }
            )
    return cells


def _link(record: Mapping[str, Any], name: str, aim: Mapping[str, Any]) -> bool | None:
    """Whether a path leads from what is done to what an aim is read from; None if nothing is done.

    A folder of before paths were recorded says nothing of them: there everything counts as linked.
    """

    def reaches(measure: str) -> bool:
        if name == ALONE:
            return links.by_scenario(record, measure)
        return links.linked(record, name, measure)

    if not any(reaches(one["name"]) for one in record["measures"]):
        return None
    return any(map(reaches, aim["measures"]))


def money_of(gain: Mapping[str, Any], money: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A gain in per cent of consumption as money per person and year, prices of the base year."""
    if money is None:
        return None
    one = money["usd"] / 100.0
    found: dict[str, Any] = {
        f"usd{end}": one * gain[key]
        for end, key in (("", "mean"), ("_low", "low"), ("_high", "high"))
    }
    if money.get("rate") is not None:
        found |= {key.replace("usd", "local"): x * money["rate"] for key, x in found.items()}
        found["currency"] = money["currency"]
    return found
