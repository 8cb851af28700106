"""Do larger members of NATO bear more? By year, from SIPRI's release of 2026.

Two abstracts say when: hardly at all in 1999 to 2009, first in 2010 [sandler2014nato]; clearly in
2011 to 2017 [kim2020nato].  Their data are NATO's, and so is their list of
members of a year.  Here income is what SIPRI's spending and share of income imply; states without
forces or figures (Iceland) are left out.  The years 2016 and 2017 do not come out and are told on
the page, not compared.
"""

from __future__ import annotations

import pandas as pd

from comity.core.errors import BadInput
from comity.data.sources.source import load
from comity.evidence.replications.base import Ours, against_print
from comity.models.force.burden import Rank, exploitation
from comity.registry.frameworks import members

YEARS = range(1999, 2025)
# One-sided: above this there is no exploitation.
LEVEL = 0.1
# Years of which the figure was computed apart from this code, from the same release.
APART = (1999, 2004, 2009, 2010, 2011, 2012, 2014, 2015, 2016, 2017, 2019, 2022, 2024)


def shares() -> pd.DataFrame:
    """Return columns id, year, share (of income) and income (million USD) of every state.

    Raises
    ------
    BadInput
        When a state has two figures of a year.
    """
    names = load("country_names").dropna(subset=["iso3c"]).drop_duplicates("name")
    sheet = load("sipri_milex_2026release_1949_2024")
    share = sheet["share_of_gdp"].astype(float)
    share = share.where(share > 0)
    found = pd.DataFrame(
        {
            "id": sheet["Country"].map(names.set_index("name")["iso3c"]),
            "year": sheet["Year"],
            "share": share,
            "income": sheet["current_usd_m"].astype(float) / share,
        }
    )
    found = found.dropna(subset=["id", "share", "income"])
    if found.duplicated(["id", "year"]).any():
        raise BadInput(
            "sipri_milex_2026release_1949_2024: a state has two figures of a year",
            fix="put the file described on the card in its place",
        )
    return found


def by_year() -> dict[int, Rank]:
    """Rank correlation of defence share and income among the members at the end of each year."""
    table = shares()
    found = {}
    for year in YEARS:
        here = table[(table["year"] == year) & table["id"].isin(members("NATO", year))]
        found[year] = exploitation(here["share"].to_numpy(), here["income"].to_numpy())
    return found


@against_print("nato-burden")
def run() -> list[Ours]:
    """Years with exploitation in each published spell, then the correlations computed apart."""
    ranks = by_year()

    def years(first: int, last: int) -> int:
        return sum(ranks[year].chance < LEVEL for year in range(first, last + 1))

    return [
        Ours("1999 to 2009: years with exploitation", years(1999, 2009)),
        Ours("2010: exploitation (1 = yes)", years(2010, 2010)),
        Ours("2011 to 2015: years with exploitation", years(2011, 2015)),
        *(
            Ours(f"{year}: rank correlation (computed apart)", ranks[year].correlation)
            for year in APART
        ),
    ]
