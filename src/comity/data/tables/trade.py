"""Sales of every state to every state, domestic ones included, carried to 2024.

ICIO 2022 gives 79 economies (Hong Kong in China); ``comity.data.flows.split`` shares its rest of
the world among the other states, totals kept.  Every state's output and expenditure then grow with
its nominal GDP from 2022 to 2024 (``comity.data.series.rebase``); expenditure is scaled so that the
world spends what it sells, and RAS keeps the structure of cells.

Weak spots: the split is an estimate; territories outside the registry (Puerto Rico, Macao,
Bermuda, ...) are inside ICIO's rest and so are shared out too; flows of 2024 have the structure
of 2022, so what sanctions changed after that year is not in them; Cuba's goods partners are
those of 2014.  ``trade_adjustments.csv`` holds reported figures where the sources have none
(North Korea) and embargoes; only those are exact zeros: ICIO has none, and services fitted by
gravity are positive.  Where BACI has no goods flow, ``goods`` is 0.
"""

from importlib import resources
from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.build.table import Field
from comity.data.flows.balance import ras
from comity.data.flows.gravity import openness, population, regressors
from comity.data.flows.split import (
    OPEN_QUANTILE,
    Rest,
    domestic_sales,
    fill_goods,
    goods_totals,
    gravity_flows,
    services_totals,
    split_cross_border,
    value_added_share,
)
from comity.data.series import rebase
from comity.data.sources import baci, icio
from comity.data.sources.sanity import figure
from comity.registry import states

NAME = "trade"
KEYS = ["origin", "destination"]
YEAR = 2022
OTHERS = "others"
SOURCES = [
    "oecd_icio_2011_2022_country_matrix",
    "baci_2023_country_matrix",
    "cow_trade_v4_dyad_year",
    "cepii_geodist_bilateral",
    "wb_gdp_current_usd",
    "wb_gdp_constant2015usd",
    "wb_population",
    "gapminder_country_year",
    "sipri_milex_1949_2024",
]
LICENCE = "OECD terms: free with attribution; BACI: Etalab 2.0; World Bank: CC BY 4.0"
FIELDS = [
    Field("origin", "string", "", "Seller (ISO3).", ["country_codes_crosswalk"]),
    Field("destination", "string", "", "Buyer (ISO3).", ["country_codes_crosswalk"]),
    Field(
        "sales",
        "number",
        "million current USD",
        "Sales at producer prices, intermediate and final; origin = destination: domestic sales. "
        "ICIO 2022, its rest of the world split, scaled to 2024 and balanced.",
        SOURCES,
        LICENCE,
        "2022, scaled to 2024",
    ),
    Field(
        "goods",
        "number",
        "1",
        "Share of the flow that is goods (ISIC A to C), as of 2022; blank for domestic sales of "
        "states inside ICIO's rest of the world, for which it is unknown.",
        SOURCES[:4],
        LICENCE,
        "2022",
    ),
]


class Matrix(NamedTuple):
    """Trade of 2022 over all states: goods and services, million USD, and who was split."""

    ids: list[str]
    goods: Float[ndarray, "N N"]
    services: Float[ndarray, "N N"]
    total: Float[ndarray, "N N"]
    split: ndarray


def adjustments() -> pd.DataFrame:
    """Return reported flows and embargoes: origin, destination, kind, value, source, status."""
    place = resources.files("comity.data.tables").joinpath("trade_adjustments.csv")
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream)


def adjusted(
    seed: Float[ndarray, "N N"], ids: list[str], changes: pd.DataFrame, kind: str
) -> Float[ndarray, "N N"]:
    """Return ``seed`` after the changes of ``kind`` (``goods`` or ``services``).

    Named pairs are replaced first; the other partners of a state (``others``) are then scaled to
    their given sum.
    """
    flows, fixed = seed.copy(), np.zeros(seed.shape, dtype=bool)
    place = {state: number for number, state in enumerate(ids)}
    mine = changes.loc[changes.kind.isin([kind, "all"])]
    rest = (mine.origin == OTHERS) | (mine.destination == OTHERS)
    for row in mine.loc[~rest].to_dict("records"):
        pair = place[row["origin"]], place[row["destination"]]
        flows[pair], fixed[pair] = row["value"], True
    for row in mine.loc[rest].to_dict("records"):
        state = place[row["origin"] if row["destination"] == OTHERS else row["destination"]]
        line = np.s_[state, :] if row["destination"] == OTHERS else np.s_[:, state]
        free = np.where(fixed[line], 0.0, flows[line])
        flows[line] = np.where(fixed[line], flows[line], free * (row["value"] / free.sum()))
    return flows


def _rest(table: pd.DataFrame, kept: list[str]) -> Rest:
    """Return the row and column of ROW over the kept economies."""
    return Rest(
        table.loc[icio.REST, kept].to_numpy(float), table.loc[kept, icio.REST].to_numpy(float)
    )


def split_rest(ids: list[str]) -> Matrix:
    """Return trade of 2022 over ``ids``, ICIO's rest of the world shared out (see ``split``)."""
    tables = {kind: icio.matrix(YEAR, kind) for kind in ("goods", "services", "total")}
    kept = [state for state in ids if state in tables["total"].index]
    split = ~np.isin(ids, kept)
    money, people = rebase.gdp_2022(ids), population(ids, YEAR)
    fit = regressors(ids, money.gdp, people)

    flows = baci.exports(ids).to_numpy()
    fitted, _ = gravity_flows(np.nan_to_num(flows), np.isfinite(flows), fit)
    seed_goods, _ = fill_goods(flows, baci.older_exports(ids).to_numpy(), fitted)
    seed_goods = adjusted(seed_goods, ids, adjustments(), "goods")
    known = tables["services"].reindex(index=ids, columns=ids).to_numpy()
    seed_services, _ = gravity_flows(np.nan_to_num(known), np.isfinite(known), fit)
    np.fill_diagonal(seed_services, 0.0)
    seed_services = adjusted(seed_services, ids, adjustments(), "services")

    out, into = goods_totals(
        seed_goods.sum(1)[split],
        seed_goods.sum(0)[split],
        openness(ids, "merchandise_trade", money, YEAR)[split],
    )
    goods = split_cross_border(seed_goods, split, _rest(tables["goods"], kept), out, into)
    wanted = [
        services_totals(
            seed_services.sum(axis)[split], amount, openness(ids, name, money, YEAR)[split]
        )
        for axis, amount, name in ((1, out, "exports"), (0, into, "imports"))
    ]
    services = split_cross_border(
        seed_services, split, _rest(tables["services"], kept), wanted[0], wanted[1]
    )
    inside = np.ix_(~split, ~split)
    goods[inside] = tables["goods"].loc[kept, kept]
    services[inside] = tables["services"].loc[kept, kept]
    total = goods + services
    total[inside] = tables["total"].loc[kept, kept]
    block = figure(tables["total"], icio.REST, icio.REST)
    places = np.flatnonzero(split)
    total[places, places] = _domestic(total, split, money.gdp.to_numpy(), people.to_numpy(), block)
    return Matrix(ids, goods, services, total, split)


def _domestic(
    total: Float[ndarray, "N N"],
    split: ndarray,
    gdp: Float[ndarray, " N"],
    people: Float[ndarray, " N"],
    block: float,
) -> Float[ndarray, " S"]:
    """Return domestic sales of split states so that all sales among them sum to ``block``.

    ``total`` holds cross-border sales of all states and domestic ones of the kept economies.
    """
    output, income = total.sum(1), gdp / people
    added = gdp[~split] / output[~split]
    share = value_added_share(income[split], income[~split], added)
    least = float(np.quantile(np.diag(total)[~split] / output[~split], OPEN_QUANTILE))
    room = block - total[np.ix_(split, split)].sum()
    return domestic_sales(gdp[split] / share, output[split], least, room)


def carry_forward(
    total: Float[ndarray, "N N"], growth: Float[ndarray, " N"]
) -> Float[ndarray, "N N"]:
    """Return sales after every state's output and expenditure grew by ``growth``, balanced."""
    output, spending = total.sum(1) * growth, total.sum(0) * growth
    return ras(total, output, spending * output.sum() / spending.sum()).matrix


def build() -> pd.DataFrame:
    """Return one row an ordered pair of states, domestic sales included."""
    ids = list(states.ids(2024))
    trade = split_rest(ids)
    growth = rebase.growth_2022_2024(ids).growth.to_numpy()
    sales = carry_forward(trade.total, growth)
    both = trade.goods + trade.services
    share = np.divide(trade.goods, both, out=np.full_like(both, np.nan), where=both > 0)
    places = np.flatnonzero(trade.split)
    share[places, places] = np.nan
    names = np.array(ids)
    return pd.DataFrame(
        {
            "origin": np.repeat(names, len(ids)),
            "destination": np.tile(names, len(ids)),
            "sales": sales.ravel(),
            "goods": share.ravel(),
        }
    )
