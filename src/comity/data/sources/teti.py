"""Applied tariffs by goods sector (Teti's Global Tariff Database on ICIO sectors).

The rates of 2022 are those of 2021.  A zero for a pair with ICIO's rest of the world means
missing, so those pairs are dropped; the other zeros (inside the European Union, in free-trade
agreements, Singapore) are true.  Averages over products are simple ones, so a few peaks on
tobacco and alcohol make the rate of food, beverages and tobacco (C10T12) useless for some
importers: up to 91 % for the United States, whose food tariffs are a few percent.
"""

import pandas as pd

from comity.data.sources.icio import MERGED, REST
from comity.data.sources.source import load

YEAR = 2022
SERVICES = "Services (aggregate)"
FOOD = "C10T12"
# Judged: no importer taxes food, drink and tobacco together at more than one half.
FOOD_PEAK = 0.5


def sector_rates() -> pd.DataFrame:
    """Return ``sector``, ``exporter``, ``importer``, ``sales`` (million USD), ``rate`` (fraction).

    Goods only, cross-border only, without the rest of the world.  Hong Kong, a customs territory
    of its own with free trade, is left out: China's rates are the mainland's.
    """
    frame = load(
        "oecd_icio_2011_2022_sector_bilateral",
        columns=["year", "sector", "exporter", "importer", "Xjik", "tjik"],
    )
    frame = frame.loc[frame.year == YEAR].rename(columns={"Xjik": "sales", "tjik": "rate"})
    frame = frame.astype({"sector": str, "exporter": str, "importer": str})
    outside = {REST, *MERGED}
    keep = (frame.sector != SERVICES) & (frame.exporter != frame.importer)
    keep &= ~frame.exporter.isin(outside) & ~frame.importer.isin(outside)
    return frame.loc[keep, ["sector", "exporter", "importer", "sales", "rate"]]


def peaked_importers(rates: pd.DataFrame) -> list[str]:
    """Return importers whose median rate on food, drink and tobacco is above one half."""
    food = rates[rates.sector == FOOD].groupby("importer").rate.median()
    return sorted(food.index[food > FOOD_PEAK])


def without_peaks(rates: pd.DataFrame) -> pd.DataFrame:
    """Return ``rates`` without the food sector of the importers whose rate on it is useless."""
    bad = rates.importer.isin(peaked_importers(rates)) & (rates.sector == FOOD)
    return rates.loc[~bad]
