"""Does overlap of frameworks keep a great power's defence pacts alive? A test on ATOP and COW IGO.

Pairs of a great power and a state it has a defence obligation with; the pact is there ten years on
or not. Traits: what the pair is like, and how many small and how many universal organisations it
shares. ``python -m comity.evidence.studies.durability`` prints the figures of the page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.backtest import Past
from comity.evidence.panels.igo_lives import memberships
from comity.evidence.panels.tie_tables import common_tables
from comity.evidence.panels.tie_traits import pacted
from comity.evidence.scoring import block_interval, log_event
from comity.models.institutions import ties
from comity.models.statistics import logit

AFTER = 10
YEARS = (1966, 1971, 1976, 1981, 1986, 1991, 1996, 2001, 2006)
SMALL, UNIVERSAL = 0.2, 0.5
GREAT = (2, 200, 220, 365, 710)  # permanent members of the Security Council
PLAIN = (0, 2, 5, 8, 9, 10, 11, 12, 13)  # columns of the traits of a pair


class Pairs(NamedTuple):
    """Pacts of great powers in some years: traits of the pair, what is shared, whether it held."""

    traits: Float[ndarray, "R J"]
    shared: Float[ndarray, "R 2"]
    held: Float[ndarray, " R"]
    great: Int[ndarray, " R"]
    year: Int[ndarray, " R"]


def counted(rows: Table, states: Int[ndarray, " N"], year: int) -> list[Float[ndarray, "N N"]]:
    """Return how many small and how many universal organisations each pair shares in a year."""
    now = rows[rows["year"] == year]
    found = []
    for mine in (now["most"] <= SMALL, now["most"] >= UNIVERSAL):
        grid = now[mine].groupby(["ioname", "ccode"]).size().unstack(fill_value=0)
        member = grid.reindex(columns=states, fill_value=0).to_numpy(float)
        found.append(member.T @ member)
    return found


def pairs() -> Pairs:
    """Return the pacts of great powers in every fifth year, and whether they held ten years on."""
    tables = common_tables()
    past = Past(9999, tables)
    organisations = memberships()
    defence, igo = load("atop_dyad_year"), past.table("igo")
    parts = []
    for year in YEARS:
        then = pacted(defence[defence["year"] <= year], igo[igo["year"] <= year], year)
        later = then.later(defence, year + AFTER)["value"].to_numpy(float)
        i, j = then.places
        great = np.isin(then.first, GREAT)
        chosen = then.tied & (great | np.isin(then.second, GREAT))
        # A state that is gone ten years on did not end its pact.
        there = np.isin(then.states, igo.loc[igo["year"] == min(year + AFTER, 2014), "ccode"])
        chosen &= there[i] & there[j]
        shared = [np.log1p(one[i, j][chosen]) for one in counted(organisations, then.states, year)]
        parts.append(
            Pairs(
                then.traits(past)[chosen][:, PLAIN],
                np.column_stack(shared),
                later[chosen],
                np.where(great, then.first, then.second)[chosen],
                np.full(int(chosen.sum()), year),
            )
        )
    return Pairs(*(np.concatenate([part[at] for part in parts]) for at in range(5)))


class Overlap(NamedTuple):
    """Log-odds of holding for one log point more shared organisations, and its error."""

    small: float
    small_error: float
    universal: float
    universal_error: float
    pairs: int
    ended: int


def effect(known: Pairs, only: Bool[ndarray, " R"]) -> Overlap:
    """Fit the odds that a pact holds; errors are clustered by the great power and year."""
    traits = np.concatenate([known.traits, known.shared], axis=1)[only]
    z = ties.scale(traits, np.nanmean(traits, axis=0), np.nanstd(traits, axis=0))
    x = np.column_stack([np.ones(len(z)), z])
    found = logit.fit(x, known.held[only], np.array([0.0, *np.full(z.shape[1], 0.1)]))
    group = (known.great * 10_000 + known.year)[only]
    error = np.sqrt(np.diag(logit.clustered(found, x, known.held[only], group)))
    sd = np.nanstd(traits, axis=0)
    b, e = found.coefficients[-2:] / sd[-2:], error[-2:] / sd[-2:]
    return Overlap(
        float(b[0]),
        float(e[0]),
        float(b[1]),
        float(e[1]),
        int(only.sum()),
        int((1 - known.held[only]).sum()),
    )


def foreseen(known: Pairs, window: int) -> tuple[float, float, float, float, int]:
    """Return log scores with and without what is shared, the 95 % of their difference, and n.

    Fitted to pacts whose ten years were over by ``window``, scored on those from then on.
    """
    learn, ask = known.year + AFTER <= window, known.year >= window
    both = np.concatenate([known.traits, known.shared], axis=1)
    losses = [
        log_event(ties.chance(ties.fit(x[learn], known.held[learn], 3.0), x[ask]), known.held[ask])
        for x in (both, known.traits)
    ]
    group = (known.great * 10_000 + known.year)[ask].astype(np.int64)
    low, high = block_interval(losses[0] - losses[1], [group])
    return float(losses[0].mean()), float(losses[1].mean()), low, high, int(ask.sum())


if __name__ == "__main__":
    read = pairs()
    print("all", effect(read, np.ones(len(read.held), bool)))
    print("United States", effect(read, read.great == 2))
    for start in (1986, 1996):
        print(start, foreseen(read, start))
