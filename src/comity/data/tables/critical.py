"""Critical goods by state, 2024: dependence on fuel from abroad, shares of mines in minerals.

See `comity.data.series.critical` for what is counted and what is missing.
"""

import pandas as pd

from comity.data.build.table import Field
from comity.data.series.critical import FUELS, MINERALS, YEAR, fuel_dependence, mineral_shares
from comity.registry import states

NAME = "critical"
KEYS = ["id"]
SOURCES = ["energy_institute_2025", "energy_institute_2025_geo", "country_names"]
LICENCE = "Energy Institute: free with attribution"
FIELDS = [
    Field("id", "string", "", "State (ISO3).", []),
    *(
        Field(
            fuel,
            "number",
            "1",
            f"Net imports of {fuel} over consumption; negative: net exporter. A consumer that the "
            "source does not list as a producer counts as making none: an upper bound. "
            "Blank: unknown.",
            SOURCES,
            LICENCE,
            str(YEAR),
        )
        for fuel in FUELS
    ),
    *(
        Field(
            mineral,
            "number",
            "1",
            f"Share of world mine production: {mineral.replace('_', ' ')}. Blank: not listed.",
            SOURCES,
            LICENCE,
            str(YEAR),
        )
        for mineral in MINERALS
    ),
]


def build() -> pd.DataFrame:
    """Return one row a state that the source lists."""
    table = pd.concat([fuel_dependence(), mineral_shares()], axis=1)
    table.index.name = "id"
    known = table.index.isin(states.ids(2024))
    return table.loc[known].sort_index().reset_index()
