"""Organisations of the Correlates of War list: who is in them, how they grow, which end."""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.sources.source import load

FIRST = 1965  # memberships are listed every year from then on


def memberships() -> pd.DataFrame:
    """Return full memberships since 1965 with the largest share the organisation ever had."""
    igo = load("cow_igo_memberships", columns=["ccode", "year", "ioname", "status"])
    igo = igo[(igo["year"] >= FIRST) & (igo["status"] == 1)]
    count = igo.groupby("year")["ccode"].nunique()
    size = igo.groupby(["ioname", "year"]).size().rename("size").reset_index()
    size["share"] = size["size"] / size["year"].map(count)
    return igo.merge(size.groupby("ioname")["share"].max().rename("most"), on="ioname")


def ended(year: int, span: int) -> tuple[Float[ndarray, "R J"], Float[ndarray, " R"]]:
    """Return traits of the organisations of a year, and 1 where nobody is a member later."""
    igo = load("cow_igo_memberships", columns=["ccode", "year", "ioname", "status"])
    full = igo[igo["status"] == 1]
    size = full[full["year"] == year].groupby("ioname").size()
    before = full[full["year"] == year - 5].groupby("ioname").size().reindex(size.index)
    start = full[full["year"] <= year].groupby("ioname")["year"].min().reindex(size.index)
    later = set(full[full["year"] == year + span]["ioname"])
    grown = np.log(size / before.fillna(size))
    traits = np.column_stack(
        [np.log(size), np.log1p(year - start), grown, before.isna().astype(float), grown < 0]
    ).astype(float)
    return traits, np.array([float(name not in later) for name in size.index])
