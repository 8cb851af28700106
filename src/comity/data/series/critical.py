"""Critical goods: who needs fuel from abroad, and who digs what others need.

From the Statistical Review of World Energy 2025: production and consumption of oil, gas and coal,
production of eight minerals, all of one year. A state listed as a consumer but not as a producer
makes too little to be listed and counts as making none. Not here, because no source at hand has
it: who buys which mineral from whom, refining (where China's shares are larger than in mining),
gallium, germanium and tungsten, stocks, and semiconductors by kind.
"""

import pandas as pd

from comity.data.sources.source import load

YEAR = 2024
FUELS = {
    "oil": ("oil_production_barrels", "oil_consumption_barrels"),
    "gas": ("gas_production_exajoules", "gas_consumption_exajoules"),
    "coal": ("coal_production_exajoules", "coal_consumption_exajoules"),
}
MINERALS = {
    "lithium": "lithium",
    "cobalt": "cobalt",
    "rare_earths": "rare_earth_metals",
    "graphite": "natural_graphite",
    "nickel": "nickel",
    "copper": "copper",
    "platinum": "platinum_group_metals",
    "manganese": "manganese",
}
WORLD = "total_world"
# Names that the list of state names does not know.
OTHER_NAMES = {
    "Burma": "MMR",
    "Democratic Republic of Congo": "COD",
    "Republic of Congo": "COG",
    "Russian Federation": "RUS",
    "The Dominican Republic": "DOM",
}


def ids() -> pd.Series:
    """Return the state id of each geography of the source that is a state of the registry."""
    names = load("country_names").dropna(subset=["name", "iso3c"]).drop_duplicates("name")
    known = dict(zip(names["name"], names["iso3c"], strict=True)) | OTHER_NAMES
    places = load("energy_institute_2025_geo").set_index("geo")["name"]
    return places.map(known).dropna()


def _of(indicator: str, year: int) -> pd.Series:
    """Return one series of one year by geography."""
    frame = load("energy_institute_2025")
    frame = frame[(frame.indicator == indicator) & (frame.year == year)]
    return frame.set_index("geo")["value"]


def _by_state(values: pd.Series) -> pd.Series:
    """Return values by state id; geographies that are no state are left out."""
    return values.groupby(values.index.map(ids().to_dict())).sum(min_count=1)


def fuel_dependence(year: int = YEAR) -> pd.DataFrame:
    """Return net imports over consumption of each fuel by state; negative = net exporter."""
    columns = {}
    for fuel, (made, used) in FUELS.items():
        consumed = _by_state(_of(used, year))
        consumed = consumed[consumed > 0]
        produced = _by_state(_of(made, year)).reindex(consumed.index).fillna(0.0)
        columns[fuel] = 1.0 - produced / consumed
    return pd.DataFrame(columns)


def mineral_shares(year: int = YEAR) -> pd.DataFrame:
    """Return shares of world mine production by state; missing = not listed, not zero."""
    columns = {}
    for mineral, name in MINERALS.items():
        made = _of(f"{name}_production_and_reserves", year)
        columns[mineral] = _by_state(made) / made[WORLD]
    return pd.DataFrame(columns)
