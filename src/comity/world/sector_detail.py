"""The base year in 28 sectors and 80 economies, from the raw tables: full detail, year 2022.

Sales are those of ICIO 2022 (79 economies and its rest of the world), tariffs Teti's with the
adjustments to 2024, technology that of the KITE tables (2014), finer sectors sharing the
technology of their class and the purchases of it by what their state buys of each; value added is
GDP of 2022. Otherwise made as `comity.world.sector_world` makes the embedded one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Float

from comity.data.series import rebase
from comity.data.series.sectors import BROAD_OF_CLASS, class_of
from comity.data.sources import icio_sectors, kite, teti
from comity.data.tables import sector_tariffs, tariffs
from comity.world.sector_world import (
    REST,
    SectorWorld,
    Seeds,
    balanced,
    elasticities,
    filled_tariffs,
)

YEAR = 2022


def detailed_world() -> SectorWorld:
    """Build the world of 28 sectors and 80 economies; `balanced` says what can go wrong."""
    seeds = detailed_seeds()
    numbers = elasticities()
    theta = np.array([numbers[BROAD_OF_CLASS[class_of(s)]].value for s in seeds.sectors])
    return balanced(seeds, theta)


def detailed_seeds() -> Seeds:
    """Read what the detailed world is made of. Raises DataMissing without ``COMITY_DATA``."""
    table = icio_sectors.sales(YEAR)
    sectors = list(dict.fromkeys(table["sector"]))
    states = sorted(set(table["exporter"]) - {REST})
    places = (sectors, [*states, REST], [*states, REST])
    sales = _cube(table, "sales", *places)
    use, worth, final = _technology(sectors, places[1], sales.sum(1))
    output = sales.sum(2)
    added = np.append(
        rebase.gdp_2022(states).gdp.to_numpy(float), (worth[:, -1] * output[:, -1]).sum()
    )
    return Seeds(
        tuple(places[1]), tuple(sectors), sales, _tariffs(*places), use, worth, final, added
    )


def _cube(
    frame: pd.DataFrame, value: str, sectors: list[str], exporters: list[str], importers: list[str]
) -> Float[np.ndarray, "J N N"]:
    """Long table to sector, exporter, importer; NaN where there is no row."""
    out = np.full((len(sectors), len(exporters), len(importers)), np.nan)
    labels = (("sector", sectors), ("exporter", exporters), ("importer", importers))
    out[tuple(pd.Index(names).get_indexer(pd.Index(frame[c])) for c, names in labels)] = frame[
        value
    ]
    return out


def _tariffs(
    sectors: list[str], exporters: list[str], importers: list[str]
) -> Float[np.ndarray, "J N N"]:
    """Tariffs by ICIO sector with the adjustments; unknown ones filled as in the embedded world."""
    changes = tariffs.adjustments()
    rates = tariffs.with_added(teti.sector_rates(), changes)
    rates = sector_tariffs.shifted(rates, changes.loc[changes.kind == "replace"])
    peaks = rates.importer.isin(teti.peaked_importers(teti.sector_rates()))
    farm = rates[rates.sector == "A01"].set_index(["importer", "exporter"]).rate
    pairs = pd.MultiIndex.from_frame(rates[["importer", "exporter"]])
    spoilt = peaks & (rates.sector == teti.FOOD)
    rates = rates.assign(rate=np.where(spoilt, farm.reindex(pairs).to_numpy(), rates.rate))
    goods = [one for one in sectors if one != teti.SERVICES]
    cube = filled_tariffs(_cube(rates, "rate", goods, exporters, importers))
    out = np.zeros((len(sectors), len(exporters), len(importers)))
    out[[sectors.index(one) for one in goods]] = cube
    return out


def _technology(
    sectors: list[str], states: list[str], bought: Float[np.ndarray, "J N"]
) -> tuple[Float[np.ndarray, "N J J"], Float[np.ndarray, "J N"], Float[np.ndarray, "J N"]]:
    """Input shares, value-added shares and final shares of the finer sectors.

    ``bought`` is what each state buys of each sector, million USD.
    """
    classes = list(dict.fromkeys(class_of(one) for one in sectors))
    within = np.array([[class_of(one) == name for one in sectors] for name in classes], float)
    of_class = within.argmax(0)
    whole = (within @ bought)[of_class]
    even = (1.0 / within.sum(1))[of_class][:, None] * np.ones_like(bought)
    shares = np.divide(bought, whole, out=even, where=whole > 0)
    costs = kite.technology()
    known = set(costs["state"])
    names = [state if state in known else REST for state in states]
    cells = costs.set_index(["state", "using", "input"]).cost
    wide = cells.reindex(pd.MultiIndex.from_product([names, classes, ["value_added", *classes]]))
    table = np.nan_to_num(wide.to_numpy(float)).reshape(len(names), len(classes), -1)
    # Sectors that a state did not have in 2014 are made as in the rest of the world.
    table = np.where(table.sum(2, keepdims=True) > 0, table, table[names.index(REST)])
    table = table / table.sum(2, keepdims=True)
    use = table[:, of_class, 1:][:, :, of_class].transpose(0, 2, 1) * shares.T[:, :, None]
    final = kite.final_use().set_index(["state", "sector"])["share"]
    last = np.nan_to_num(final.reindex(pd.MultiIndex.from_product([names, classes])).to_numpy())
    last = last.reshape(len(names), len(classes)).T[of_class] * shares
    return use, table[:, of_class, 0].T, last
