"""Currencies: what a dollar of 2024 cost in the money of each state, and what that money is called.

The rate is output of 2024 in national currency over the same in dollars, as the World Economic
Outlook has both: its conversion factor times output at purchasing power, over output in dollars.
That is the average rate of the year which the producer used, official where several were in use.
"""

from importlib import resources

import pandas as pd

from comity.data.build.table import Field
from comity.data.sources.sanity import require
from comity.data.sources.source import load
from comity.registry import states

NAME = "money"
KEYS = ["id"]
YEAR = 2024
WEO = "imf_weo_oct2025"
# The source writes some names in short.
OTHER_IDS = {"KOS": "XKX", "UVK": "XKX", "WBG": "PSE"}
FIELDS = [
    Field("id", "string", "", "State (ISO3).", []),
    Field(
        "rate",
        "number",
        "national currency per USD",
        "Average market rate of the year: output in national currency over output in dollars. "
        "Blank: unknown.",
        [WEO],
        "IMF terms: cite",
        str(YEAR),
    ),
    Field(
        "currency",
        "string",
        "",
        "Code of the national currency of the base year (ISO 4217), written by hand.",
        [],
        "",
        str(YEAR),
    ),
]


def build() -> pd.DataFrame:
    """Return one row a state with a rate."""
    weo = load(WEO)
    require(weo, ["ref_area", "year", "concept", "value"], WEO)
    here = weo[(weo["year"] == YEAR) & weo["concept"].isin(["PPPEX", "PPPGDP", "NGDPD"])]
    wide = here.pivot(index="ref_area", columns="concept", values="value")
    rate = (wide["PPPEX"] * wide["PPPGDP"] / wide["NGDPD"]).dropna()
    rate.index = [OTHER_IDS.get(str(one), str(one)) for one in rate.index]
    require(wide, ["PPPEX", "PPPGDP", "NGDPD"], WEO)
    # A rate of one to a thousandth is the dollar itself.
    rate = rate.where((rate - 1.0).abs() > 1e-3, 1.0)
    place = resources.files("comity.data.tables").joinpath("currencies.csv")
    with place.open(encoding="utf-8") as stream:
        named = pd.read_csv(stream, index_col="id")["currency"]
    table = pd.DataFrame({"rate": rate, "currency": named}).rename_axis("id")
    known = table.index.isin(states.ids(YEAR)) & table["rate"].notna()
    return table.loc[known].sort_index().reset_index()
