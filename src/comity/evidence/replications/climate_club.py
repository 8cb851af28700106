"""The climate club of Nordhaus (2015): 15 regions, four carbon prices, eleven tariffs.

A member prices carbon at the target; an outsider at the target times its share of world product,
which is what its own damage is worth to it. Members put a uniform tariff on outsiders. Compared
with here is an enumeration of all 32,768 clubs made apart from this code; of the paper itself only
the abstract was seen.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput
from comity.data.sources.source import path
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.institutions.club import stable, tariff_penalty

# First- and second-order effect of a tariff of each region, per unit of what it imports.
TARIFF_EFFECTS = {
    "Brazil": (0.682, 0.7578),
    "Japan": (0.41, 0.4271),
    "EU": (0.611, 0.5555),
    "SSA": (0.548811824, 0.5177),
    "Canada": (0.684531442, 0.6458),
    "US": (0.733, 0.6212),
    "LatAm": (0.626481595, 0.591),
    "ROW": (0.591294405, 0.5578),
    "SEAsia": (0.640675679, 0.6044),
    "Mideast": (0.642277081, 0.6059),
    "Russia": (0.654438965, 0.6174),
    "India": (0.585, 0.975),
    "Safrica": (0.622645325, 0.5874),
    "China": (0.581, 0.6181),
    "Eurasia": (0.614254211, 0.5795),
}
# Abatement in the club model is cheaper than in its source by this factor.
CHEAPER = 0.837
TARIFFS = tuple(step / 100 for step in range(11))
PRICES = (12.5, 25.0, 50.0, 100.0)
AT_FIFTY = ("Japan", "EU", "SSA", "Canada", "US", "LatAm", "ROW", "SEAsia", "Mideast")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Regions:
    """The regions of 2011: product and trade in billion USD, carbon dioxide in Mt.

    ``slope`` is the cost of cutting all emissions as a share of product; ``imports`` are sales of
    the row's region to the column's.
    """

    names: tuple[str, ...]
    product: Float[np.ndarray, " N"]
    carbon: Float[np.ndarray, " N"]
    slope: Float[np.ndarray, " N"]
    imports: Float[np.ndarray, "N N"]

    @property
    def share(self) -> Float[np.ndarray, " N"]:
        """Share of world product: of the world's damage, what each region bears."""
        return self.product / self.product.sum()

    def prices(self, member: Bool[np.ndarray, "C N"], target: float) -> Float[np.ndarray, "C N"]:
        """Carbon price of each region in each coalition, USD per ton."""
        return target * np.where(member, 1.0, self.share)

    def cuts(self, member: Bool[np.ndarray, "C N"], target: float) -> Float[np.ndarray, "C N"]:
        """Share of its emissions that each region cuts: marginal cost equals its price."""
        intensity = self.carbon / self.product / 1000
        return self.prices(member, target) * intensity / (2 * self.slope)

    def payoff(
        self, member: Bool[np.ndarray, "C N"], target: float, tariff: float
    ) -> Float[np.ndarray, "C N"]:
        """What each region gets over a world that cuts nothing, billion USD a year."""
        cut = self.cuts(member, target)
        spared = (cut @ self.carbon)[:, None] * target * self.share / 1000
        cost = self.product * self.slope * cut**2
        gain, distortion = np.array([TARIFF_EFFECTS[name] for name in self.names]).T
        trade = tariff_penalty(member, self.imports, tariff, gain, distortion)
        return spared - cost + trade

    def stable(self, target: float, tariff: float) -> Bool[np.ndarray, "K N"]:
        """All stable clubs at a target price (USD per ton) and a tariff (fraction)."""
        return stable(lambda member: self.payoff(member, target, tariff), len(self.names))

    def total_cut(self, member: Bool[np.ndarray, " N"], target: float) -> float:
        """Fall of world emissions, per cent."""
        cut = self.cuts(member[None], target)[0]
        return float(100 * (cut @ self.carbon) / self.carbon.sum())


def regions() -> Regions:
    """Read the inputs: one row a region, imports of the region that the column names.

    Raises
    ------
    BadInput
        When the columns are not those of the file on the card.
    """
    header, *rows = cells(path("climate_club_inputs"))
    names = tuple(row[0] for row in rows)
    wanted = [f"Import_{name}" for name in names]
    if set(names) != set(TARIFF_EFFECTS) or not set(wanted) <= set(header):
        raise BadInput(
            "climate_club_inputs: rows and columns of imports are not the 15 regions",
            why=f"it has rows {', '.join(names)}",
            fix="put the file described on the card in its place",
        )
    table = {
        column: np.array([float(row[at]) for row in rows]) for at, column in enumerate(header) if at
    }
    return Regions(
        names,
        table["GDP"],
        table["CO2"],
        CHEAPER * table["McKinsey_alpha"],
        np.stack([table[name] for name in wanted], axis=1),
    )


def cells(place: Path) -> list[list[str]]:
    """Read the first sheet of a workbook as rows of text, blank cells as empty text.

    Done with the standard library: pandas needs a package for it that Comity does not.
    """
    with zipfile.ZipFile(place) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    text = ["".join(part.text or "" for part in item.iter(f"{SHEET}t")) for item in shared]
    return [list(_values(row, text)) for row in sheet.iter(f"{SHEET}row")]


def _values(row: ElementTree.Element, text: list[str]) -> Iterator[str]:
    """Cells of a row from column A on; a cell that the file leaves out is empty."""
    at = 0
    for cell in row.iter(f"{SHEET}c"):
        letters = re.sub(r"\d", "", cell.attrib["r"])
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - ord("A") + 1
        yield from [""] * (column - 1 - at)
        at = column
        raw = cell.findtext(f"{SHEET}v", "")
        yield text[int(raw)] if cell.get("t") == "s" else raw


@against_print("climate-club")
def run() -> list[Check | Ours]:
    """The 44 cells, then what three worlds cut and gain."""
    world = regions()
    found = {(price, tariff): world.stable(price, tariff) for price in PRICES for tariff in TARIFFS}
    single = sum(len(clubs) == 1 for clubs in found.values())
    cells = [
        Ours(f"members at ${price:g}, tariff {tariff:.0%}", _members(clubs), 0.0)
        for (price, tariff), clubs in found.items()
    ]
    nobody, everybody = np.zeros(15, bool), np.ones(15, bool)
    club = np.isin(world.names, AT_FIFTY)
    same = [np.array_equal(one, club) for one in found[50.0, 0.05]]
    return [
        Ours("cells with exactly one stable club", float(single), 0.0),
        *cells,
        Check("$50, 5%: the nine named are the club", 1.0, float(same == [True]), 0.0),
        Ours("$50, 5%: emissions cut (%)", world.total_cut(club, 50.0), 0.05),
        Ours("$25, no club: emissions cut (%)", world.total_cut(nobody, 25.0), 0.005),
        Ours("$25, no club: mean price ($)", _mean_price(world, nobody, 25.0), 0.05),
        Ours("$25, no club: gain (bn $)", _gain(world, nobody, 25.0), 0.05),
        Ours("$25, all in: emissions cut (%)", world.total_cut(everybody, 25.0), 0.05),
        Ours("$25, all in: gain (bn $)", _gain(world, everybody, 25.0), 0.05),
    ]


def _members(clubs: Bool[np.ndarray, "K N"]) -> float:
    """Members of the only stable club; not a number where there is none or more than one."""
    return float(clubs[0].sum()) if len(clubs) == 1 else float("nan")


def _gain(world: Regions, member: Bool[np.ndarray, " N"], target: float) -> float:
    return float(world.payoff(member[None], target, 0.0).sum())


def _mean_price(world: Regions, member: Bool[np.ndarray, " N"], target: float) -> float:
    """Mean over tons emitted, USD."""
    return float(world.prices(member[None], target)[0] @ world.carbon / world.carbon.sum())
