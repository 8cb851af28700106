"""Bridges between frameworks, 1990-2026: the registry's frameworks and the COW organisations.

``python -m comity.evidence.studies.bridges FOLDER`` writes ``bridging.csv`` and the picture.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from numpy import ndarray

from comity.data.tables.frameworks import additions
from comity.models.institutions import bridging
from comity.registry.frameworks import framework, frameworks, members
from comity.registry.states import ids

NEW = 10  # a framework is new in its first ten years
DRAWS = 100
# The twenty largest economies of 2024 in the snapshot.
LEVEL = 0.9


def largest(count: int = 20) -> list[str]:
    """Return the states with the largest product in the base year."""
    from comity.world.snapshot import table

    return table("states").sort_values("gdp", ascending=False)["id"].head(count).tolist()


def network(
    year: int, without: Callable[[str], bool] = lambda _: False
) -> tuple[Bool[ndarray, "K N"], Bool[ndarray, " K"], tuple[str, ...], tuple[str, ...]]:
    """Return membership, which frameworks are new, their ids and the states of a year.

    Frameworks of one member or none, those for which ``without`` is true, and those added since the
    list was drawn up on one question (``additions``) are left out.
    """
    later = set(additions()["id"])
    states = tuple(ids(min(year, 2024)))
    place = {own: n for n, own in enumerate(states)}
    rows, new, names = [], [], []
    for own in frameworks(year):
        if own in later or without(own):
            continue
        row = np.zeros(len(states), bool)
        row[[place[m] for m in members(own, year) if m in place]] = True
        if row.sum() >= 2:
            rows.append(row)
            new.append(year - framework(own).founded < NEW)
            names.append(own)
    return np.array(rows), np.array(new), tuple(names), states


def organisations(year: int) -> tuple[Bool[ndarray, "K N"], Bool[ndarray, " K"], tuple[str, ...]]:
    """Return membership of the organisations of the COW list, which are new, and the states."""
    from comity.data.sources.source import load
    from comity.registry.states import convert

    igo = load("cow_igo_memberships", columns=["ccode", "year", "ioname", "status"])
    full = igo[igo["status"] == 1]
    start = full.groupby("ioname")["year"].min()
    now = full[full["year"] == year]
    own = convert(now["ccode"], "cow", "id", now["year"].to_numpy())
    table = pd.crosstab(now["ioname"], own.to_numpy(object)) > 0
    table = table[table.sum(axis=1) >= 2]
    new = year - start.reindex(table.index).to_numpy() < NEW
    return table.to_numpy(bool), new, tuple(table.columns)


def scores(
    member: Bool[ndarray, "K N"], new: Bool[ndarray, " K"], draws: int = DRAWS, seed: int = 1
) -> dict[str, tuple[Float[ndarray, " N"], Float[ndarray, "D N"]]]:
    """Return each measure of every state, and the same in networks drawn anew."""
    pair = bridging.across(new)
    rng = np.random.default_rng(seed)
    measures = {
        "brokerage": lambda m: bridging.brokerage(m),
        "new to old": lambda m: bridging.brokerage(m, pair),
        "betweenness": bridging.betweenness,
        # Low constraint is what spans holes: the sign is turned so that large means more.
        "constraint": lambda m: -np.nan_to_num(bridging.constraint(bridging.ties(m)), nan=9.0),
    }
    nulls = [bridging.rewired(member, rng) for _ in range(draws)]
    return {
        name: (of(member), np.array([of(one) for one in nulls])) for name, of in measures.items()
    }


def placed(
    found: dict[str, tuple[Float[ndarray, " N"], Float[ndarray, "D N"]]],
    states: tuple[str, ...],
    wanted: list[str],
) -> pd.DataFrame:
    """Return rank, the null's 90 % band of it and the excess over the null for some states."""
    rows = []
    for name, (value, null) in found.items():
        sd = null.std(axis=0)
        for own in wanted:
            if own not in states:
                continue
            at = states.index(own)
            low, middle, high = np.quantile(
                bridging.rank(null, at), [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]
            )
            rows.append(
                {
                    "measure": name,
                    "state": own,
                    "value": float(value[at]),
                    "rank": float(bridging.rank(value, at)),
                    "low": float(low),
                    "median": float(middle),
                    "high": float(high),
                    "excess": float((value[at] - null[:, at].mean()) / sd[at])
                    if sd[at] > 0
                    else np.nan,
                }
            )
    return pd.DataFrame(rows)


def through_time(
    years: range,
    wanted: list[str],
    draws: int = DRAWS,
    without: Callable[[str], bool] = lambda _: False,
) -> pd.DataFrame:
    """Return `placed` for each year."""
    parts = []
    for year in years:
        member, new, _, states = network(year, without)
        parts.append(placed(scores(member, new, draws), states, wanted).assign(year=year))
    return pd.concat(parts, ignore_index=True)


def named_for_japan(own: str) -> bool:
    """Return whether a framework is a pact of two with Japan, or is named for Japan."""
    return "JPN" in own.split("-") or own == "GSOMIA"


def losses(year: int, wanted: list[str]) -> pd.DataFrame:
    """Return what the frameworks of a year lose without each state."""
    member, new, _, states = network(year)
    pair = bridging.across(new)
    sole, sole_new = bridging.sole_links(member), bridging.sole_links(member, pair)
    rows = [
        (
            own,
            int(member[:, states.index(own)].sum()),
            float(sole[states.index(own)]),
            float(sole_new[states.index(own)]),
            100 * bridging.loss_without(member, states.index(own)),
        )
        for own in wanted
    ]
    names = ["state", "frameworks", "sole links", "sole links, new to old", "efficiency lost, %"]
    return pd.DataFrame(rows, columns=names)
