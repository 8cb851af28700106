"""What a gravity fit and the totals of small states need: sizes, distance, ties, openness."""

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.series import rebase
from comity.data.sources import cepii
from comity.data.sources.source import load
from comity.data.tables.geography import contiguity, distances


def regressors(ids: list[str], gdp: pd.Series, people: pd.Series) -> Float[ndarray, "N N k"]:
    """Return gravity regressors of every pair: sizes, incomes, distance, contiguity, ties."""
    distance, _ = distances(ids)
    touching = (contiguity(ids) == 1).to_numpy(float)
    pairs = cepii.pairs()
    ties = [
        pairs.pivot_table(index="iso_o", columns="iso_d", values=name)
        .reindex(index=ids, columns=ids)
        .fillna(0.0)
        .to_numpy()
        for name in cepii.TIES
    ]
    size, income = np.log(gdp.to_numpy()), np.log((gdp / people).to_numpy())
    shape = (len(ids), len(ids))
    by_state = [
        np.broadcast_to(column, shape)
        for x in (size, income)
        for column in (x[:, None], x[None, :])
    ]
    # The diagonal is never fitted; 1 km keeps its logarithm finite.
    kilometres = np.log(np.where(np.eye(len(ids)), 1.0, distance.to_numpy()))
    return np.stack([np.ones(shape), *by_state, kilometres, touching, *ties], axis=-1)


def population(ids: list[str], year: int) -> pd.Series:
    """Return population of ``year`` (million), Taiwan from the table of facts (2024)."""
    frame = load("wb_population", columns=["Country Code", "Year", "Value"])
    people = frame[frame.Year == year].set_index("Country Code").Value
    facts = load("facts_states", columns=["iso3", "population"]).set_index("iso3").population
    return (people.reindex(ids).fillna(facts.reindex(ids)) / 1e6).astype(float)


def openness(ids: list[str], name: str, gdp: pd.DataFrame, year: int) -> Float[ndarray, " N"]:
    """Return trade from its share in GDP (million USD); NaN = unknown.

    ``name`` is ``exports``, ``imports`` (goods and services) or ``merchandise_trade`` (exports and
    imports of goods).  Only for states whose GDP of that year is the World Bank's, the one the
    share refers to: others (Cuba with its official rate) would give a false level.
    """
    frame = load("gapminder_country_year", columns=["geo", "time", "indicator", "value"])
    frame = frame[(frame.indicator == f"{name}_percent_of_gdp") & (frame.time == year)]
    share = frame.assign(id=frame.geo.str.upper()).set_index("id").value
    amount = share.reindex(ids) / 100 * gdp.gdp
    return amount.where(gdp.route == rebase.WORLD_BANK).to_numpy(float)
