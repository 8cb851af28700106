"""Sources that traits of memberships and of pacts are made of, as tables a past can be cut from."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence.backtest import Table

FIRST = 1965  # from then on memberships are listed every year


def _igo() -> pd.DataFrame:
    """Return memberships since ``FIRST``; an organisation is a number, for speed."""
    rows = load("cow_igo_memberships", columns=["ccode", "year", "ioname", "status"])
    rows = rows[rows["year"] >= FIRST]
    names = rows["ioname"].unique()
    number = pd.Series([zlib.crc32(str(name).encode()) for name in names], index=names)
    return pd.DataFrame(
        {
            "organisation": rows["ioname"].map(number).to_numpy(np.int64),
            "ccode": rows["ccode"].to_numpy(np.int64),
            "year": rows["year"].to_numpy(np.int64),
            "status": rows["status"].to_numpy(np.int64),
        }
    )


def _plain(name: str, keys: list[str], value: str) -> Table:
    """Return a source with whole numbers as keys and floats as values; rows without are left out.

    Nullable columns would make every later comparison slower.
    """
    rows = load(name, columns=[*keys, value]).dropna()
    whole = {key: rows[key].to_numpy(np.int64) for key in keys}
    return Table(pd.DataFrame(whole | {value: rows[value].to_numpy(float)}))


def common_tables() -> dict[str, Table]:
    """Read what traits of both kinds of ties are made of."""
    pair, state = ["ccode1", "ccode2", "year"], ["ccode", "year"]
    defence = load("atop_dyad_year", columns=[*pair, "atop_defense"])
    return {
        "igo": Table(_igo()),
        "defence": Table(defence.astype(np.int64)),
        "distance": _plain("cow_mindist", pair, "mindist"),
        "polity": _plain("democracy_cow_state_year", state, "polity2"),
        "power": _plain("cow_nmc", state, "cinc"),
    }
