"""What sales consist of: nine broad sectors' shares in the sales of each economy to each.

ICIO 2022 by sector; Hong Kong in China; ``ROW`` is ICIO's rest of the world, whose mix stands for
that of each state in it (so an oil exporter there looks like the average of them all). The levels
of sales stand in ``trade.csv``; these are their composition.
"""

import numpy as np
import pandas as pd

from comity.data.build.table import Field
from comity.data.series.sectors import IDS, SECTORS, broad_of
from comity.data.sources import icio_sectors

NAME = "sectors"
KEYS = ["origin", "destination"]
YEAR = 2022
SOURCE = ["oecd_icio_2011_2022_sector_bilateral"]
LICENCE = "OECD terms: free with attribution"
FIELDS = [
    Field("origin", "string", "", "Seller (ISO3; ROW = the rest).", SOURCE),
    Field("destination", "string", "", "Buyer (ISO3; ROW = the rest).", SOURCE),
    *(
        Field(
            one.id,
            "number",
            "1",
            f"Share of {one.name('en').lower()} in the seller's sales to the buyer.",
            SOURCE,
            LICENCE,
            str(YEAR),
        )
        for one in SECTORS
    ),
]


def build() -> pd.DataFrame:
    """Return one row an ordered pair of economies that trade, domestic sales included."""
    sales = icio_sectors.sales(YEAR)
    sales = sales.assign(broad=sales.sector.map(broad_of))
    wide = sales.pivot_table(
        index=["exporter", "importer"], columns="broad", values="sales", aggfunc="sum"
    )[list(IDS)]
    shares = wide.div(wide.sum(axis=1).replace(0.0, np.nan), axis=0).dropna()
    shares.index.names = KEYS
    return shares.reset_index()
