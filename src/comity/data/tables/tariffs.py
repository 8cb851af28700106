"""Applied tariffs on goods at the end of 2024, by importer and exporter.

Teti's rates by sector, weighted by ICIO sales of 2022; the food sector is left out of the average
for importers where tobacco and alcohol peaks spoil it (United States and five others; see
``sources.teti``).  What the file does not show is added from ``tariff_adjustments.csv``, a source
and a status in each row: the tariffs of the United States and China on each other, and section
232 duties on steel.

No row = unknown: importers and exporters inside ICIO's rest of the world have no bilateral rate.
Weak spots: rates of 2021; the US-China averages use the trade of 2017, duties collected over
imports were about half as high on the American side; section 232 aluminium, anti-dumping duties,
what the West took from Russia in 2022 and duties on electric cars of 2024 are missing.
"""

from importlib import resources

import numpy as np
import pandas as pd

from comity.data.build.table import Field
from comity.data.sources import teti

NAME = "tariffs"
KEYS = ["importer", "exporter"]
FIELDS = [
    Field("importer", "string", "", "Buyer, who levies the tariff (ISO3).", []),
    Field("exporter", "string", "", "Seller (ISO3).", []),
    Field(
        "rate",
        "number",
        "fraction",
        "Applied ad-valorem tariff on goods, weighted by sales of 2022; hand-made adjustments to "
        "the end of 2024 in tariff_adjustments.csv. No row: unknown, not zero.",
        ["oecd_icio_2011_2022_sector_bilateral", "facts_events"],
        "Teti: research use; OECD terms: free with attribution; PIIE and Federal Register: facts",
        "2021, adjusted to 2024",
    ),
]


def adjustments() -> pd.DataFrame:
    """Return the adjustments: importer, exporter, sector, kind (add, replace), rate, source."""
    place = resources.files("comity.data.tables").joinpath("tariff_adjustments.csv")
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream)


def average(rates: pd.DataFrame) -> pd.DataFrame:
    """Return ``importer``, ``exporter``, ``rate``: means weighted by sales, blank without sales.

    Parameters
    ----------
    rates
        ``importer``, ``exporter``, ``sales`` and ``rate`` by sector.
    """
    duties = rates.assign(duty=rates.rate * rates.sales)
    pairs = duties.groupby(["importer", "exporter"], as_index=False)
    sums = pairs.agg(duty=("duty", "sum"), sales=("sales", "sum"))
    sums = sums.loc[sums.sales > 0]
    sums = sums.assign(rate=sums.duty / sums.sales)
    return sums.loc[:, ["importer", "exporter", "rate"]]


def with_added(rates: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return sector rates after the changes of kind ``add``."""
    keys = ["importer", "exporter", "sector"]
    extra = changes.loc[changes.kind == "add"].rename(columns={"rate": "extra"})[[*keys, "extra"]]
    joined = rates.merge(extra, on=keys, how="left")
    return joined.assign(rate=joined.rate + joined.extra.fillna(0.0)).drop(columns="extra")


def build() -> pd.DataFrame:
    """Return one row a pair whose rate is known, importer and exporter different."""
    changes = adjustments()
    table = average(with_added(teti.without_peaks(teti.sector_rates()), changes))
    fixed = changes.loc[changes.kind == "replace"].rename(columns={"rate": "fixed"})
    table = table.merge(fixed[["importer", "exporter", "fixed"]], how="left")
    rate = np.where(table.fixed.notna(), table.fixed, table.rate)
    table = table.assign(rate=rate).loc[:, ["importer", "exporter", "rate"]]
    return table.sort_values(["importer", "exporter"], ignore_index=True)
