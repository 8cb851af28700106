"""New pacts scored by treaty: which pairs came to be tied, and which k states made a treaty.

The board resamples pairs by their states. Here events are resampled by the treaty that made them
(pairs that stayed untied one by one), because the new pairs of a decade come from a few treaties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from comity.data.sources.source import load, years
from comity.evidence.backtest import Chances, Past
from comity.evidence.hindcasts.ties import Memberships, Pacts
from comity.evidence.panels.tie_tables import common_tables
from comity.evidence.panels.tie_traits import CODES, NEAR, Pacted, described, pacted
from comity.evidence.scoring import block_interval, log_event
from comity.models.institutions import ties

FIRST = 1966  # memberships are listed every year from 1965 on
OTHERS = 99
LEAST, MOST = 2, 12


@dataclass(frozen=True)
class ByTreaty:
    """New ties of a window against one baseline; smaller log scores are better."""

    window: int
    year: int
    baseline: str
    ours: float
    theirs: float
    low: float
    high: float
    area: float
    events: int
    treaties: int


def treaties() -> pd.DataFrame:
    """Return members of defence pacts: ``atopid``, ``member``, year in (``since``) and out."""
    rows = load("atop_members", columns=["atopid", "member", "yrent", "yrexit", "defense"])
    rows = rows[rows["defense"] == 1]
    out = rows["yrexit"].where(rows["yrexit"] > 0, 9999)
    return pd.DataFrame(
        {
            "atopid": rows["atopid"].astype(int),
            "member": rows["member"].astype(int),
            "since": rows["yrent"].astype(int),
            "until": out.astype(int),
        }
    )


def treaty_of(unit: Int[ndarray, " R"], after: int, year: int) -> Int[ndarray, " R"]:
    """Return for pairs newly tied between two years the treaty that did it; 0 where none is found.

    A pair is tied by the first treaty whose second member of the two entered after ``after``.
    """
    rows = treaties()
    rows = rows[(rows["since"] <= year) & (rows["until"] >= year)]
    rows = rows.drop_duplicates(["atopid", "member"])
    both = rows.merge(rows, on="atopid", suffixes=("1", "2"))
    both = both[both["member1"] < both["member2"]]
    both = both.assign(since=both[["since1", "since2"]].max(axis=1))
    both = both[both["since"] > after].sort_values("since")
    both = both.assign(unit=both["member1"] * CODES + both["member2"]).drop_duplicates("unit")
    found = pd.Series(both["atopid"].to_numpy(), index=both["unit"])
    return found.reindex(unit).fillna(0).to_numpy(np.int64)


def by_treaty(window: int, draws: int = 500) -> list[ByTreaty]:
    """Score new pacts at the last year to be had after a window, resampled by treaty."""
    quantity = Pacts("pacts_new", True)
    tables = quantity.tables()
    outlook = quantity.foresee(Past(window, tables), 10, 0, 0)
    rows = outlook.rows.assign(row=np.arange(len(outlook.rows)))
    rows = rows.merge(quantity.seen(tables, window), on=["unit", "year"])
    rows = rows[rows["year"] == rows["year"].max()]
    came, place, year = rows["value"].to_numpy(float), rows["row"].to_numpy(), int(rows.year.max())
    unit = rows["unit"].to_numpy()
    treaty = treaty_of(unit, window, year)
    label = np.where((came > 0) & (treaty > 0), treaty, 10**6 + unit)
    picked = {
        name: f.chance[place] for name, f in outlook.forecasts.items() if isinstance(f, Chances)
    }
    ours = log_event(picked["model"], came)
    found = []
    for name in list(picked)[1:]:
        theirs = log_event(picked[name], came)
        low, high = block_interval(ours - theirs, [label.astype(np.int64)], draws)
        found.append(
            ByTreaty(
                window,
                year,
                name,
                float(ours.mean()),
                float(theirs.mean()),
                low,
                high,
                ties.area(picked["model"], came > 0.5),
                int(came.sum()),
                len(np.unique(treaty[(came > 0) & (treaty > 0)])),
            )
        )
    return found


def area_interval(window: int, new: bool = True, draws: int = 200) -> tuple[float, float, float]:
    """Return the area under the curve for memberships, 95 % by organisations drawn anew."""
    quantity = Memberships("memberships", new)
    tables = quantity.tables()
    outlook = quantity.foresee(Past(window, tables), 10, 0, 0)
    rows = outlook.rows.assign(row=np.arange(len(outlook.rows)))
    rows = rows.merge(quantity.seen(tables, window), on=["unit", "year"])
    model = outlook.forecasts["model"]
    assert isinstance(model, Chances)
    chance, came = model.chance[rows["row"].to_numpy()], rows["value"].to_numpy() > 0.5
    _, label = np.unique(rows["organisation"].to_numpy(), return_inverse=True)
    order = np.argsort(label, kind="stable")
    cut = np.cumsum(np.bincount(label))
    parts = np.split(order, cut[:-1])
    rng = np.random.default_rng(0)
    areas = []
    for _ in range(draws):
        drawn = np.concatenate([parts[k] for k in rng.integers(len(parts), size=len(parts))])
        areas.append(ties.area(chance[drawn], came[drawn]))
    low, high = np.quantile(areas, [0.025, 0.975])
    return ties.area(chance, came), float(low), float(high)


def choice_sets(first: int, last: int, seed: int = 1) -> list[Float[ndarray, "A J"]]:
    """Return one set of traits for each defence pact of k states made in a span of years.

    First comes the pact, then 99 groups of the same size drawn near one state. Traits are those
    known at the end of the year before; pacts of more than 12 states are left out, and those of
    which a member was no state yet.
    """
    rng = np.random.default_rng(seed)
    past = Past(9999, common_tables())
    rows = treaties()
    begun = rows.groupby("atopid")["since"].min()
    found = []
    for year in range(first, last + 1):
        then = pacted(past.table("defence"), past.table("igo"), year - 1)
        pairs = near = None
        for treaty in begun.index[begun == year]:
            mine = rows[(rows["atopid"] == treaty) & (rows["since"] == year)]
            at = pd.Index(then.states).get_indexer(pd.Index(mine["member"].unique()))
            if not LEAST <= len(at) <= MOST or (at < 0).any():
                continue
            if pairs is None or near is None:
                pairs, near = _pair_traits(then, past)
            others = ties.groups_nearby(len(at), near, OTHERS, rng)
            groups = np.concatenate([at[None], others]).astype(np.int64)
            found.append(np.column_stack([ties.inside(groups, one) for one in pairs]))
    return found


def _pair_traits(
    then: Pacted, past: Past
) -> tuple[list[Float[ndarray, "N N"]], Float[ndarray, "N N"]]:
    """Return traits of pairs as square tables, and the weight of neighbours."""
    distance, power, polity, _ = described(past, then.states, then.year)
    near = np.nan_to_num(np.exp(-distance / (2 * NEAR)))
    return [
        np.log1p(distance),
        (distance == 0).astype(float),
        then.defence,
        then.other,
        then.once,
        ties.likeness(then.defence),
        then.shared,
        np.abs(polity[:, None] - polity[None, :]),
        np.minimum(polity[:, None], polity[None, :]),
        np.maximum(power[:, None], power[None, :]),
        np.minimum(power[:, None], power[None, :]),
    ], near


def choices(window: int) -> dict[str, float]:
    """Fit the choice of members to pacts up to a window and score those after it.

    Returns
    -------
    dict
        ``pacts`` scored, ``loss`` (mean minus log probability), ``guess`` (that of an even
        guess), ``distance`` (that of a fit on distance alone) and ``area``.
    """
    known, later = choice_sets(FIRST, window), choice_sets(window + 1, years("atop_dyad_year")[1])
    loss, rank = ties.choice_scores(later, *ties.fit_choice(known))
    alone, _ = ties.choice_scores(
        [one[:, :2] for one in later], *ties.fit_choice([one[:, :2] for one in known])
    )
    return {
        "pacts": float(len(later)),
        "loss": float(loss.mean()),
        "guess": float(np.log(OTHERS + 1)),
        "distance": float(alone.mean()),
        "area": float(rank.mean()),
        "worse_than_guess": float((loss > np.log(OTHERS + 1)).mean()),
    }
