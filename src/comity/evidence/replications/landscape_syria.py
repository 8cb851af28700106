"""Eleven actors of the Syrian war, February 2016: every energy of Axelrod with Furnas.

Strengths and propensities (1 to 5, less 3) are theirs, and so is the list of all configurations
with energy, eleven frustrations (times strength) and the flag of a local minimum. It is read when
ours are done.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from comity.core.errors import BadInput
from comity.data.sources.source import load, path
from comity.evidence.replications.base import Check, Ours, against_print
from comity.models.force.landscape import (
    Landscape,
    configurations,
    energy,
    frustration,
    landscape,
    move_cost,
)

NEUTRAL = 3.0
# Opposite the United States, as flagged; then with Syria's strength cut from 50 to 10.
APART = ("Turkey", "ISIS", "Nursa")
WEAK, WEAK_SYRIA, WEAK_APART = "Syria", 10.0, ("ISIS", "Nursa")
HEADER = "US,Rus,Syr,Tur,S.A.,Iran,ISIS,Hez,IqKrd,Nursa,Iraq"


@against_print("landscape-syria")
def run() -> list[Check | Ours]:
    """Count the configurations that agree, then say what holds."""
    actors, size, propensity = inputs()
    camps = configurations(len(actors))
    height = energy(camps, size, propensity)
    pressed = frustration(camps, size, propensity) * size
    held = move_cost(camps, size, propensity).min(axis=1) >= 0
    found = landscape(size, propensity)
    weak = landscape(np.where(np.array(actors) == WEAK, WEAK_SYRIA, size), propensity)
    theirs = printed()
    order = np.array([theirs.row[row.tobytes()] for row in camps])
    return [
        Ours("energies that agree", int((height == theirs.energy[order]).sum())),
        Ours("frustrations that agree", int((pressed == theirs.frustration[order]).sum())),
        Ours("flags of a minimum that agree", int((held == theirs.minimum[order]).sum())),
        Ours("minima", len(found.camps)),
        Ours("energy of the minimum", float(found.energy[0]), 0.0),
        Check("Turkey, ISIS and Nusra against all", 1.0, _opposite(found, actors, APART), 0.0),
        Ours("Syria at 10: minima", len(weak.camps)),
        Ours("Syria at 10: energy of the minimum", float(weak.energy[0]), 0.0),
        Check("Syria at 10: ISIS and Nusra", 1.0, _opposite(weak, actors, WEAK_APART), 0.0),
    ]


def inputs() -> tuple[tuple[str, ...], Float[np.ndarray, " N"], Float[np.ndarray, "N N"]]:
    """Actors, strengths, propensities from -2 to 2.

    Raises
    ------
    BadInput
        When the two files do not have the same number of actors.
    """
    actors = load("furnas_actor_data")
    pairs = load("furnas_pairwise_propensity_feb_20").iloc[:, 1:].to_numpy(float)
    if pairs.shape != (len(actors), len(actors)):
        raise BadInput(
            f"furnas_pairwise_propensity_feb_20: {pairs.shape} for {len(actors)} actors",
            fix="put the file described on the card in its place",
        )
    return tuple(actors["actor"]), actors["strength"].to_numpy(float), pairs - NEUTRAL


@dataclass(frozen=True)
class Printed:
    """The published list: the row of each configuration (by its bytes), what stands in each row."""

    row: dict[bytes, int]
    energy: Float[np.ndarray, " C"]
    frustration: Float[np.ndarray, "C N"]
    minimum: Bool[np.ndarray, " C"]


def printed() -> Printed:
    """Read the published list below its header; camp 1 is that of the United States."""
    with path("furnas_landscape_results_2016_02_20").open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    actors = HEADER.split(",")
    top = next(at for at, row in enumerate(rows) if row[1 : 1 + len(actors)] == actors)
    body = np.array(rows[top + 1 :])
    number = body[:, :-1].astype(float)
    camps, rest = number[:, 1 : 1 + len(actors)], number[:, 1 + len(actors) :]
    row = {one.tobytes(): at for at, one in enumerate(camps == 2)}
    return Printed(row, rest[:, 0], rest[:, 1:], body[:, -1] == "TRUE")


def _opposite(found: Landscape, actors: tuple[str, ...], apart: tuple[str, ...]) -> float:
    """1 where the first minimum has just these against the first actor's camp."""
    return float({actors[at] for at in np.flatnonzero(found.camps[0])} == set(apart))
