"""``states``: what the base-year world knows of each of the 196 states."""

import numpy as np
import pandas as pd

from comity.data.build.table import Field
from comity.data.series import gdp, spending
from comity.data.sources import sipri_milex, world_bank
from comity.data.sources.sanity import column, unique, within
from comity.data.sources.source import load
from comity.registry.states import convert, ids

BASE = 2024
NAME = "states"
KEYS = ["id"]
FIELDS = [
    Field("id", "string", "", "ISO 3166 alpha-3 code; XKX for Kosovo", ["country_codes_crosswalk"]),
    Field(
        "gdp",
        "number",
        "billion current USD",
        "GDP of 2024; how each figure was come by stands in gdp_status",
        ["facts_states", "wb_gdp_current_usd", "wb_gdp_constant2015usd", "gapminder_country_year"]
        + ["sipri_milex"],
        "Factbook: public domain; World Bank and Gapminder: CC BY 4.0",
        "2024",
    ),
    Field("gdp_status", "string", "", "Source and year of gdp, and whether it was carried on"),
    Field(
        "population",
        "number",
        "million",
        "Population of 2024; Taiwan from the Factbook (2025)",
        ["wb_population", "facts_states"],
        "CC BY 4.0",
        "2024",
    ),
    Field(
        "milex",
        "number",
        "million current USD",
        "Military spending of 2024, or of the year in milex_status",
        ["sipri_milex", "facts_states"],
        "SIPRI: figures with citation, non-commercial",
        "2024",
    ),
    Field("milex_status", "string", "", "Source and year of milex"),
    Field(
        "military_stock",
        "number",
        "million constant 2023 USD",
        "Accumulated spending, perpetual inventory with depreciation of 8.25 % a year "
        "(fraumeni1997measurement); gaps inside a series filled by straight lines; a series that "
        "stops early is closed with the figure in milex; a state with that figure only gets the "
        "stock that such spending holds level",
        ["sipri_milex", "facts_states"],
        "SIPRI: figures with citation, non-commercial",
        "1949-2024",
    ),
    Field(
        "polyarchy",
        "number",
        "0-1",
        "Electoral democracy index v2x_polyarchy",
        ["vdem_core"],
        "CC BY-SA 4.0",
        "2024",
    ),
    Field(
        "ideal_point",
        "number",
        "latent scale, higher = closer to the United States",
        "Ideal point from General Assembly votes on final passage; the latest since 2019 where a "
        "state could not vote in 2024",
        ["unga_ideal_points"],
        "Dataverse terms",
        "2024",
    ),
    Field(
        "ideal_point_year", "integer", "year", "Year of ideal_point", ["unga_ideal_points"], "", ""
    ),
    Field(
        "value_added_share",
        "number",
        "0-1",
        "GDP over gross output of 2022 (China with Hong Kong); for economies that the tables do "
        "not name, the median of the named ones in the same third of GDP per head",
        ["oecd_icio_2011_2022_country_matrix", "wb_gdp_current_usd", "sipri_milex"],
        "OECD: free with attribution; World Bank: CC BY 4.0",
        "2022",
    ),
    Field("value_added_share_status", "string", "", "measured or median of the income third"),
]


def population() -> pd.Series:
    """Return population in million in the base year, indexed by id."""
    people = world_bank.population()
    now = people[people.index.get_level_values("year") == BASE].droplevel("year") / 1e6
    facts = load("facts_states", ["iso3", "population"]).set_index("iso3")["population"] / 1e6
    return now.reindex(ids(BASE)).fillna(facts)


def ideal_points(oldest: int = 2019) -> pd.DataFrame:
    """Return columns ideal_point and ideal_point_year, indexed by id."""
    raw = load("unga_ideal_points", ["ccode", "year", "idealpointfp"]).dropna()
    raw = raw[raw["year"].between(oldest, BASE)]
    raw = raw.assign(id=convert(raw["ccode"], "cow", "id", raw["year"].to_numpy()))
    unique(raw, ["id", "year"], "unga_ideal_points")
    within(column(raw.set_index(["id", "year"]), "idealpointfp"), -5, 5, "unga_ideal_points")
    last = raw.sort_values("year").groupby("id").tail(1).set_index("id")
    return pd.DataFrame(
        {"ideal_point": last["idealpointfp"], "ideal_point_year": last["year"].astype("Int64")}
    )


def polyarchy() -> pd.Series:
    """Return the electoral democracy index of the base year, indexed by id."""
    raw = load("vdem_core", ["country_text_id", "year", "v2x_polyarchy"])
    now = column(raw[raw["year"] == BASE].set_index("country_text_id"), "v2x_polyarchy")
    within(now, 0.0, 1.0, "vdem_core")
    return now.loc[now.index.isin(ids(BASE))]


def value_added_shares(per_head: pd.Series) -> pd.DataFrame:
    """Return columns value_added_share and value_added_share_status, indexed by id.

    Parameters
    ----------
    per_head
        GDP per head by id, which sorts the states into thirds.
    """
    output = _totals("oecd_icio_2011_2022_country_matrix", "year", "exporter", "total") / 1e3
    made = _totals("wb_gdp_current_usd", "Year", "Country Code", "Value") / 1e9
    made.loc["TWN"] = _implied_gdp("TWN", 2022)
    measured = pd.Series((made / output).reindex(ids(BASE)).dropna())
    within(measured, 0.2, 0.9, "value added over gross output")
    cuts = per_head.reindex(measured.index).quantile([1 / 3, 2 / 3]).to_numpy()
    place = pd.Series(np.searchsorted(cuts, per_head.to_numpy()), index=per_head.index)
    medians = pd.Series(measured.groupby(place.reindex(measured.index)).median())
    share = measured.reindex(ids(BASE))
    status = pd.Series("measured", index=share.index)
    status[share.isna()] = "median of income third"
    share = share.fillna(place.map(medians))
    status[share.isna()] = "none"
    return pd.DataFrame({"value_added_share": share, "value_added_share_status": status})


def _totals(source: str, year: str, code: str, value: str) -> pd.Series:
    """Return sums of 2022 by economy, Hong Kong counted with China."""
    frame = load(source, [year, code, value])
    frame = frame.loc[frame[year] == 2022].replace({code: {"HKG": "CHN"}})
    return pd.Series(frame.groupby(code)[value].sum())


def _implied_gdp(own: str, year: int) -> float:
    """Return GDP in billion USD as SIPRI's spending over its share of GDP."""
    series = sipri_milex.tidy()
    row = series[(series["id"] == own) & (series["year"] == year)].iloc[0]
    return float(row["current"] / row["share"] / 1e3)


def build() -> pd.DataFrame:
    """Return the table, one row a state."""
    out = gdp.base_year_gdp()
    out["population"] = population()
    out = out.join(spending.base_year())
    out["polyarchy"] = polyarchy()
    out = out.join(ideal_points())
    out = out.join(value_added_shares(column(out, "gdp") / column(out, "population")))
    out = out.rename_axis("id").reset_index()
    within(column(out.set_index("id"), "gdp"), 0.01, 5e4, "states gdp")
    within(column(out.set_index("id"), "population"), 0.005, 2e3, "states population")
    return out.filter([field.name for field in FIELDS])
