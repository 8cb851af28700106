"""OECD ICIO by sector: sales by sector of every economy to every economy, domestic ones included.

Hong Kong is added to China, as in ``icio``; its tariffs are left out, China's are the mainland's.
"""

import pandas as pd

from comity.data.sources.icio import MERGED
from comity.data.sources.source import load


def sales(year: int) -> pd.DataFrame:
    """Return ``sector``, ``exporter``, ``importer`` and ``sales`` (million current USD).

    28 sectors, 79 economies of the registry and ``ROW``; basic prices; sorted.
    """
    frame = load(
        "oecd_icio_2011_2022_sector_bilateral",
        columns=["year", "sector", "exporter", "importer", "Xjik"],
    )
    frame = frame.loc[frame.year == year].rename(columns={"Xjik": "sales"})
    frame = frame.astype({"sector": str, "exporter": str, "importer": str})
    frame = frame.assign(
        exporter=frame.exporter.replace(MERGED), importer=frame.importer.replace(MERGED)
    )
    keys = ["sector", "exporter", "importer"]
    sums = frame.groupby(keys, as_index=False).agg(sales=("sales", "sum"))
    return sums.sort_values(keys, ignore_index=True)
