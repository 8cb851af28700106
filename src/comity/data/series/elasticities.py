"""Trade elasticities of broad sectors out of six published tables.

Each paper's sectors are averaged (geometric mean) with their cross-border sales in ICIO 2022 as
weights; the value is the median of the papers, the spread the standard deviation of the logs.
"""

import numpy as np
import pandas as pd

from comity.data.series.sectors import IDS, broad_of
from comity.data.sources import icio_sectors
from comity.data.sources.source import load

PAPERS = ("BSY", "CP", "FGO", "GYY", "LL", "Shap")
YEAR = 2022


def by_paper() -> pd.DataFrame:
    """Return elasticities, one row a broad sector and one column a paper."""
    frame = load("tariffwar_trade_elasticities")
    frame = frame[(frame.dataset == "icio") & frame.elasticity_key.isin(PAPERS)]
    sales = icio_sectors.sales(YEAR)
    weight = sales[sales.exporter != sales.importer].groupby("sector").sales.sum()
    frame = frame.assign(weight=frame.sector.map(weight), broad=frame.sector.map(broad_of))
    frame["log"] = np.log(frame.epsilon_S) * frame.weight
    papers = frame.groupby(["broad", "elasticity_key"], as_index=False)
    sums = papers.agg(log=("log", "sum"), weight=("weight", "sum"))
    sums = sums.assign(value=np.exp(sums["log"] / sums["weight"]))
    return sums.pivot(index="broad", columns="elasticity_key", values="value").loc[list(IDS)]


def summary() -> pd.DataFrame:
    """Return ``median``, ``sd`` of logs, ``low`` and ``high`` of the papers for each sector."""
    table = by_paper()
    return pd.DataFrame(
        {
            "median": table.median(axis=1),
            "sd": np.log(table).std(axis=1),
            "low": table.min(axis=1),
            "high": table.max(axis=1),
        }
    )
