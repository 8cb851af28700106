"""CEPII BACI 2023: goods exports by pair; older COW trade for states BACI leaves out."""

import pandas as pd

from comity.data.sources.cow import with_ids
from comity.data.sources.icio import MERGED
from comity.data.sources.source import load

COW_YEAR = 2014


def exports(ids: list[str]) -> pd.DataFrame:
    """Return goods exports of 2023 (million USD, FOB) as origin x destination over ``ids``.

    Hong Kong is added to China.  A pair of two reporting states without a flow is 0; NaN means
    that one of the two is not in the file; the diagonal is NaN.
    """
    frame = load("baci_2023_country_matrix", columns=["iso3_o", "iso3_d", "export_ij"])
    frame = frame.assign(
        iso3_o=frame.iso3_o.replace(MERGED),
        iso3_d=frame.iso3_d.replace(MERGED),
        value=frame.export_ij.fillna(0.0) / 1e3,
    )
    frame = frame[frame.iso3_o != frame.iso3_d]
    table = frame.pivot_table(index="iso3_o", columns="iso3_d", values="value", aggfunc="sum")
    return table.reindex(index=ids, columns=ids)


def older_exports(ids: list[str]) -> pd.DataFrame:
    """Return goods exports of 2014 (million USD) from COW Trade 4.0; NaN = not reported."""
    frame = load("cow_trade_v4_dyad_year", columns=["ccode1", "ccode2", "year", "flow2"])
    frame = with_ids(frame.loc[frame.year == COW_YEAR], COW_YEAR).dropna(subset=["flow2"])
    table = frame.pivot_table(index="a", columns="b", values="flow2", aggfunc="mean")
    return table.reindex(index=ids, columns=ids)
