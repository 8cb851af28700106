"""How often each state's defence pacts lapse, with partial pooling over all who owe defence.

Unit: a state that owes defence to another in a year since 1946 (leeds2002alliance, directed
pairs, both in the state system that year and the next).  A lapse: no defence treaty binds the two
in the next year.  Rates differ between states as a beta distribution, fitted by maximum
likelihood; a state's own rate is its posterior.  Lapses that one state has in one year often come
from one deed (a bloc that dissolves, a treaty left), so counts are divided by the mean size of
such clusters (design effect) before they speak.
``python -m comity.evidence.estimates.pledge_lapse`` writes ``snapshot/pledge_lapse.csv``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import polygamma

from comity.data.build.build import folder
from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.estimates import Figures
from comity.models.force.dyad_hazard import Climatology, fit_effective
from comity.registry import states

FIRST = 1946
EVERYONE = "ALL"
COLUMNS = ("patron", "pair_years", "lapses", "cluster", "rate", "log_sd", "last_year")


def pledges() -> Table:
    """Directed pair-years of defence obligations and whether they lapse.

    Returns
    -------
    pandas.DataFrame
        ``patron``, ``client`` (Correlates of War codes), ``year``, ``lapse`` (bool).
    """
    rows: Table = load("atop_dyad_year", ["ccode1", "ccode2", "year", "atop_defense"])
    rows = rows[(rows["atop_defense"] == 1) & (rows["year"] >= FIRST)]
    one_way = rows[["ccode1", "ccode2", "year"]].set_axis(["patron", "client", "year"], axis=1)
    both = pd.concat([one_way, one_way.rename(columns={"patron": "client", "client": "patron"})])
    both = both.drop_duplicates().astype(int)
    bound = set(both.itertuples(index=False, name=None))
    last = int(both["year"].max())
    there = {year: set(states.listed("cow", year)) for year in range(FIRST, last + 1)}
    kept = [
        year < last and {patron, client} <= there[year] & there[year + 1]
        for patron, client, year in both.itertuples(index=False, name=None)
    ]
    both = both[kept].reset_index(drop=True)
    lapse = [
        (patron, client, year + 1) not in bound
        for patron, client, year in both.itertuples(index=False, name=None)
    ]
    return both.assign(lapse=lapse)


def cluster_size(rows: Table) -> float:
    """Lapses of the same state in the same year that a lapse has for company, itself included."""
    together = rows[rows["lapse"]].groupby(["patron", "year"]).size().to_numpy(float)
    return float((together**2).sum() / together.sum())


def rates(rows: Table) -> pd.DataFrame:
    """Yearly chance of a lapse by patron, and for one of whom nothing is known (``ALL``).

    Parameters
    ----------
    rows
        From `pledges`.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: counts as observed; ``rate`` posterior mean a year, ``log_sd`` the posterior
        standard deviation of its log.
    """
    size = cluster_size(rows)
    counts = rows.groupby("patron")["lapse"].agg(["size", "sum"]).astype(float)
    prior = fit_effective(counts["sum"].to_numpy() / size, counts["size"].to_numpy() / size)
    last = int(rows["year"].max())
    ids = states.convert(counts.index, "cow", "id", last)
    made = []
    for patron, (years, lapses) in zip(ids, counts.to_numpy(), strict=True):
        if isinstance(patron, str):
            made.append((patron, years, lapses, size, *posterior(prior, lapses, years, size), last))
    made.sort()
    everyone = (
        EVERYONE,
        len(rows),
        rows["lapse"].sum(),
        size,
        *posterior(prior, 0.0, 0.0, size),
        last,
    )
    return pd.DataFrame([everyone, *made], columns=list(COLUMNS))


def posterior(prior: Climatology, lapses: float, years: float, size: float) -> tuple[float, float]:
    """Mean of a rate and standard deviation of its log, given a record."""
    a = prior.a + lapses / size
    b = prior.b + (years - lapses) / size
    spread = polygamma(1, a) - polygamma(1, a + b)
    return a / (a + b), float(np.sqrt(spread))


def level() -> Figures:
    """Return the error of the level: that of the United States, on whose pledges most rests."""
    errors = rates(pledges()).set_index("patron")["log_sd"].to_dict()
    return {"commitment.lapse": {"sd": errors["USA"]}}


def write() -> None:
    """Write the table of rates into the snapshot."""
    made = rates(pledges()).astype({"pair_years": int, "lapses": int})
    path = folder() / "pledge_lapse.csv"
    made.to_csv(path, index=False, lineterminator="\n", float_format="%.4g")


if __name__ == "__main__":
    write()
