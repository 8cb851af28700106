"""Technology by sector from the KITE model's tables (WIOD 2016, year 2014): 43 states and a rest.

Input shares there are shares of all inputs; here they are shares of gross output, beside those of
value added, so that a column sums to one. Classes are those of `comity.data.series.sectors`.
"""

import pandas as pd

from comity.data.series.sectors import CLASS_OF_KITE
from comity.data.sources.source import load


def output() -> pd.DataFrame:
    """Return ``state``, ``sector`` (KITE's), ``output`` (million USD, net of tariffs)."""
    shares = load("kite_wiod2014_trade_share_tariff")
    spending = load("kite_wiod2014_country_sector").rename(columns={"country": "destination"})
    joined = shares.merge(spending[["destination", "sector", "expenditure"]])
    joined["output"] = joined.trade_share * joined.expenditure / joined.tariff
    made = joined.groupby(["origin", "sector"], as_index=False).agg(output=("output", "sum"))
    return made.rename(columns={"origin": "state"})


def technology() -> pd.DataFrame:
    """Return ``state``, ``using``, ``input`` and ``cost``: a use table in million USD of 2014.

    Sectors are classes; value added stands among the inputs as ``value_added``.
    """
    local = load("kite_wiod2014_country_sector").rename(columns={"country": "state"})
    local = local.merge(output(), on=["state", "sector"])
    added = local.assign(input="value_added", cost=local.factor_share * local.output)
    inputs = load("kite_wiod2014_intermediate_share").rename(
        columns={"country": "state", "output": "sector"}
    )
    inputs = inputs.merge(local[["state", "sector", "factor_share", "output"]])
    inputs["cost"] = inputs.value * (1.0 - inputs.factor_share) * inputs.output
    inputs["input"] = inputs.input.map(CLASS_OF_KITE)
    both = pd.concat([f[["state", "sector", "input", "cost"]] for f in (added, inputs)])
    both["using"] = both.sector.map(CLASS_OF_KITE)
    return both.groupby(["state", "using", "input"], as_index=False).agg(cost=("cost", "sum"))


def final_use() -> pd.DataFrame:
    """Return ``state``, ``sector`` (class) and ``share`` of final spending."""
    local = load("kite_wiod2014_country_sector").rename(
        columns={"country": "state", "consumption_share": "share"}
    )
    local["sector"] = local.sector.map(CLASS_OF_KITE)
    return local.groupby(["state", "sector"], as_index=False).agg(share=("share", "sum"))
