"""Solve a case in nine sectors with input-output links."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from comity.core.errors import BadInput
from comity.core.parameters import Parameter
from comity.models.trade.sanctions import left
from comity.trade.files import Case
from comity.trade.shock import Shock, Stage, ripeness, shock_of
from comity.world.snapshot import load_world


def solve_sectors(
    case: Case, ground: Stage, numbers: dict[str, Parameter], draws: int, seed: int
) -> tuple[Any, Any, Shock, tuple[Parameter, ...]]:
    """Outcome of the sector model; what an agreement or a ban is worth stays at its book value."""
    from comity.trade.sector_shock import sector_shock
    from comity.world.sector_world import elasticities, sector_world

    grown = next((move for move in case.moves if move.lever == "capacity"), None)
    if grown is not None:
        raise BadInput(
            "the sector model has no growth of capacity",
            fix="use --model one-sector",
            where=grown.where,
        )
    states = ground.world.states
    full = ground.over.full.states
    kept = None if states == full else [state for state in states if state in full]
    world = sector_world(load_world(), kept)
    ripe = ripeness(case.age, numbers)
    changes: list[Any] = []
    for sectors in dict.fromkeys(case.sectors.get(move.where) for move in case.moves):
        moves = [move for move in case.moves if case.sectors.get(move.where) == sectors]
        part = shock_of(moves, case.year, ripe, ground.over)
        changes += _changes(part, numbers, world.states, sectors)
    outcome = sector_shock(world, changes, draws=draws, seed=seed)
    whole = shock_of(case.moves, case.year, ripe, ground.over)
    return outcome, None, whole, tuple(elasticities().values())


def _changes(
    shock: Shock,
    numbers: dict[str, Parameter],
    states: tuple[str, ...],
    sectors: tuple[str, ...] | None,
) -> list[Any]:
    """Changes pair by pair, importers and equal values together."""
    from comity.trade.sector_shock import Change, Pact

    leak, chill = (jnp.asarray(numbers[f"sanctions.{name}"].value) for name in ("leak", "chill"))
    lost = np.log(np.asarray(left(jnp.asarray(shock.forbidden), leak, chill)))
    found: list[Any] = []
    for importer, exporters, value in _alike(shock.tariff, states):
        found.append(Change(importer, exporters, sectors, tariff=value))
    for importer, exporters, value in _alike(shock.barrier, states):
        found.append(Change(importer, exporters, sectors, barrier=value))
    for importer, exporters, value in _alike(lost, states):
        found.append(Change(importer, exporters, sectors, trade=value))
    worth = [numbers[f"trade.{name}"].value for name in ("agreement_effect", "services_part")]
    for importer, exporters, value in _alike(shock.agreement, states):
        found.append(Change(importer, exporters, sectors, pact=Pact(value, *worth)))
    return found


def _alike(
    matrix: Float[np.ndarray, "N N"], states: tuple[str, ...]
) -> list[tuple[str, list[str], float]]:
    """Importer, exporters and their common value, for every value that is not nil."""
    found = []
    for column, importer in enumerate(states):
        for value in np.unique(matrix[:, column]):
            rows = np.flatnonzero(matrix[:, column] == value)
            exporters = [states[row] for row in rows if row != column]
            if value != 0 and exporters:
                found.append((importer, exporters, float(value)))
    return found
