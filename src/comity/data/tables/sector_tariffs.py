"""Applied tariffs by broad goods sector at the end of 2024, by importer and exporter.

As ``tariffs.csv`` (Teti's rates weighted by ICIO sales of 2022, with ``tariff_adjustments.csv``),
one column a sector. Where tobacco and alcohol peaks spoil food, drink and tobacco, ``food`` is
the rate on farm goods, forestry and fish alone. The tariffs of the United States and China on
each other are known as averages only: every sector's rate is raised by the same amount to meet
them, which is too much for electronics and too little for machinery.
"""

import pandas as pd

from comity.data.build.table import Field
from comity.data.series.sectors import GOODS, SECTORS, broad_of
from comity.data.sources import teti
from comity.data.tables import tariffs

NAME = "sector_tariffs"
KEYS = ["importer", "exporter"]
SOURCES = ["oecd_icio_2011_2022_sector_bilateral", "facts_events"]
LICENCE = "Teti: research use; OECD terms: free with attribution; PIIE and Federal Register: facts"
FIELDS = [
    Field("importer", "string", "", "Buyer, who levies the tariff (ISO3).", []),
    Field("exporter", "string", "", "Seller (ISO3).", []),
    *(
        Field(
            one.id,
            "number",
            "fraction",
            f"Applied ad-valorem tariff: {one.name('en').lower()}. "
            "Blank or no row: unknown, not zero.",
            SOURCES,
            LICENCE,
            "2021, adjusted to 2024",
        )
        for one in SECTORS[:-1]
    ),
]


def broad_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """Return ``importer``, ``exporter``, ``broad``, ``sales``, ``rate``: means weighted by sales.

    Parameters
    ----------
    rates
        ``importer``, ``exporter``, ``sector`` (ICIO's), ``sales`` and ``rate``. Where a pair
        trades nothing in a broad sector its finer rates count alike.
    """
    table = rates.assign(broad=rates.sector.map(broad_of), duty=rates.rate * rates.sales)
    keys = ["importer", "exporter", "broad"]
    sums = table.groupby(keys, as_index=False).agg(
        duty=("duty", "sum"), sales=("sales", "sum"), plain=("rate", "mean")
    )
    rate = (sums.duty / sums.sales).where(sums.sales > 0, sums.plain)
    return sums.assign(rate=rate).drop(columns=["duty", "plain"])


def shifted(rates: pd.DataFrame, average: pd.DataFrame) -> pd.DataFrame:
    """Return ``rates`` with a pair's sectors raised alike to the average that is known.

    Parameters
    ----------
    rates
        As `broad_rates` returns.
    average
        ``importer``, ``exporter`` and ``rate``: averages over goods.
    """
    pairs = rates.assign(duty=rates.rate * rates.sales).groupby(KEYS, as_index=False)
    now = pairs.agg(duty=("duty", "sum"), sales=("sales", "sum"))
    target = average.rename(columns={"rate": "target"})[[*KEYS, "target"]].merge(now, on=KEYS)
    target["shift"] = target.target - target.duty / target.sales
    joined = rates.merge(target[[*KEYS, "shift"]], on=KEYS, how="left")
    return joined.assign(rate=joined.rate + joined["shift"].fillna(0.0)).drop(columns="shift")


def build() -> pd.DataFrame:
    """Return one row a pair whose rates are known, importer and exporter different."""
    changes = tariffs.adjustments()
    rates = tariffs.with_added(teti.without_peaks(teti.sector_rates()), changes)
    known = changes.loc[changes.kind == "replace"]
    table = shifted(broad_rates(rates), known)
    wide = table.pivot(index=KEYS, columns="broad", values="rate")[list(GOODS)]
    return wide.reset_index().sort_values(KEYS, ignore_index=True)
