"""Forces stationed abroad by sender and host, as last counted in one series.

United States: active-duty personnel assigned, 2023 (allen2022troops; Defense Manpower Data
Center).  A host with zero is one where the series counts nobody; a sender without rows is one
whose forces abroad no source at hand counts, which says nothing of how many they are.

Not comparable with legal floors.  Assigned personnel leave out rotational units: South Korea has
24,159 assigned, while the floor of 28,500 in the defence authorisation act of 2026 is on all.
Territories, the sea and personnel of unknown place (6,214) are left out.  Forces at war in the
host (Russia's in Ukraine, North Korea's in Russia) are not stationed there and are left out.
"""

import pandas as pd

from comity.data.build.table import Field
from comity.data.sources.sanity import require
from comity.data.sources.source import load
from comity.registry import states

NAME = "forces"
KEYS = ["sender", "host"]
YEAR = 2023
SENDER = "USA"
FIELDS = [
    Field(
        "sender", "string", "", "State whose forces they are (ISO3).", ["us_troops_country_year"]
    ),
    Field("host", "string", "", "State where they are (ISO3).", ["us_troops_country_year"]),
    Field(
        "personnel",
        "number",
        "thousand persons",
        "Active-duty personnel assigned to the host; rotational units are not counted.",
        ["us_troops_country_year"],
        "GPL-3 package; figures only",
        str(YEAR),
    ),
    Field("year", "integer", "year", "Year of the count.", ["us_troops_country_year"]),
]


def abroad(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``host`` and ``personnel`` (thousand) from rows of one year.

    Parameters
    ----------
    frame
        ``ccode`` (COW) and ``troops`` (persons).  Codes that no state has, and the sender's own
        row, are dropped; a state under two codes gets their sum.
    """
    require(frame, ["ccode", "troops"], "troops abroad")
    named = frame.assign(host=states.convert(frame["ccode"], "cow", "id", YEAR))
    here = named.dropna(subset=["host", "troops"])
    here = here[here["host"] != SENDER]
    whole = here.groupby("host", as_index=False)["troops"].sum()
    return whole.assign(personnel=whole["troops"] / 1e3)[["host", "personnel"]]


def build() -> pd.DataFrame:
    """Return one row a sender and host."""
    source = load("us_troops_country_year", columns=["ccode", "year", "troops"])
    found = abroad(source[source["year"] == YEAR])
    return found.assign(sender=SENDER, year=YEAR).sort_values(KEYS, ignore_index=True)
