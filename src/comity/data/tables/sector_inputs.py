"""How sectors make their output: value added and inputs, by state and broad sector, 2014.

From the use tables behind the KITE model (WIOD 2016): 43 states and ``ROW``, which stands for all
others. Row of a using sector: shares of gross output, sum 1; row ``final``: shares of a sector in
final spending. They are the shape of technology, not its level: a world made from them is
balanced to its own sales and value added.
"""

import pandas as pd

from comity.data.build.table import Field
from comity.data.series.sectors import BROAD_OF_CLASS, IDS, SECTORS
from comity.data.sources import kite

NAME = "sector_inputs"
KEYS = ["state", "using"]
FINAL = "final"
SOURCES = [
    "kite_wiod2014_intermediate_share",
    "kite_wiod2014_country_sector",
    "kite_wiod2014_trade_share_tariff",
]
LICENCE = "WIOD: CC BY 4.0; KITE repository: no licence stated, aggregated figures only"
FIELDS = [
    Field("state", "string", "", "State (ISO3; ROW = all others).", SOURCES),
    Field("using", "string", "", "Sector that uses the inputs, or final.", SOURCES),
    Field(
        "value_added",
        "number",
        "1",
        "Value added over gross output; blank for final use.",
        SOURCES,
        LICENCE,
        "2014",
    ),
    *(
        Field(
            one.id,
            "number",
            "1",
            f"Share of {one.name('en').lower()} in the costs of the sector, or in final spending.",
            SOURCES,
            LICENCE,
            "2014",
        )
        for one in SECTORS
    ),
]


def build() -> pd.DataFrame:
    """Return one row a state and using sector, and one a state for final use."""
    use = kite.technology()
    use = use.assign(
        using=use.using.map(BROAD_OF_CLASS), input=use.input.map(BROAD_OF_CLASS | _ADDED)
    )
    wide = use.pivot_table(index=KEYS, columns="input", values="cost", aggfunc="sum")
    wide = wide.div(wide.sum(axis=1), axis=0)
    final = kite.final_use()
    final = final.assign(using=FINAL, input=final.sector.map(BROAD_OF_CLASS))
    last = final.pivot_table(index=KEYS, columns="input", values="share", aggfunc="sum")
    return pd.concat([wide, last])[["value_added", *IDS]].reset_index()


_ADDED = {"value_added": "value_added"}
