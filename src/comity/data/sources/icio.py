"""OECD ICIO: sales of every economy to every economy, domestic sales included.

Hong Kong is a separate economy in the tables and part of China in the registry: its row and
column are added to China's (trade between the two becomes domestic).
"""

import pandas as pd

from comity.data.sources.source import load

REST = "ROW"
MERGED = {"HKG": "CHN"}


def matrix(year: int, kind: str = "total") -> pd.DataFrame:
    """Return sales (million current USD, basic prices) as exporter x importer.

    Parameters
    ----------
    year
        2011 to 2022.
    kind
        ``total``, ``goods`` (ISIC A to C) or ``services`` (the rest).

    Returns
    -------
    pandas.DataFrame
        79 economies of the registry and ``ROW``, sorted; the diagonal is domestic sales.
    """
    frame = load(
        "oecd_icio_2011_2022_country_matrix", columns=["year", "exporter", "importer", kind]
    )
    frame = frame[frame.year == year]
    frame = frame.assign(
        exporter=frame.exporter.astype(str).replace(MERGED),
        importer=frame.importer.astype(str).replace(MERGED),
    )
    table = frame.pivot_table(
        index="exporter", columns="importer", values=kind, aggfunc="sum", observed=True
    )
    return table.sort_index(axis=0).sort_index(axis=1)
