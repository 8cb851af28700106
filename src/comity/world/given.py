"""The world: every state, dyad and framework of one year, as one frozen tree of arrays.

Rows of a dyad are the origin, sender, patron or exporter; columns the partner. At rest a missing
figure is NaN. `door` is the only way into computation: each field becomes filled values and a mask
of what was known, so that no model meets a NaN and nothing missing passes for a zero.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Array, Float

from comity.core.errors import BadInput, CoverageWarning
from comity.core.types import Flag, Membership, PerDyad, PerState, Scalar, StateSlots
from comity.registry.axes import axes


@dataclass(frozen=True)
class FieldCard:
    """What a field of the world is: unit, meaning, how it merges, how a gap is filled at the door.

    ``merge`` is one of ``sum``, ``mean:W`` (weighted by the per-state field W), ``independent:W``
    (standard deviation of a W-weighted mean of independent terms), ``trade`` (weighted by sales),
    ``any``, ``nearest`` (smallest), ``undefined``. ``fill`` is one of ``refuse``, ``median``,
    ``importer`` (mean over the importer's known partners, else over all), ``zero_by_definition``
    (absence of a row means none, as the source says), ``share:W`` (median ratio to the field W
    among states with a figure, times W), ``leave`` (not used in computation). ``moves``: a
    mechanism may write it. ``start``: its value before the first year where no data give one;
    ``dims``: its axes then (``state``, ``framework`` or one of `comity.registry.axes`).
    """

    unit: str
    meaning: str
    merge: str
    fill: str = "leave"
    moves: bool = False
    start: float | bool | None = None
    dims: tuple[str, ...] = ("state",)


def _card(unit: str, meaning: str, merge: str, fill: str = "leave", moves: bool = False) -> Any:
    return eqx.field(metadata={"card": FieldCard(unit, meaning, merge, fill, moves)})


def _moving(unit: str, meaning: str, start: float | bool, *dims: str, merge: str = "") -> Any:
    """A field of the year: ``start`` before the first year, axes by name."""
    card = FieldCard(unit, meaning, merge or "undefined", moves=True, start=start, dims=dims)
    return eqx.field(metadata={"card": card})


class World(eqx.Module):
    """States, dyads and frameworks at the end of ``year``; shapes (N,), (N, N) and (K, N)."""

    states: tuple[str, ...] = eqx.field(static=True)
    frameworks: tuple[str, ...] = eqx.field(static=True)
    year: int = eqx.field(static=True)
    slot: StateSlots

    gdp: PerState = _card("billion USD of 2024", "gross domestic product", "sum", "refuse")
    population: PerState = _card("million", "population", "sum", "median")
    milex: PerState = _card(
        "million USD of 2024", "military spending", "sum", "share:gdp", moves=True
    )
    military_stock: PerState = _card(
        "million USD of 2023", "military capital stock", "sum", "share:gdp", moves=True
    )
    polyarchy: PerState = _card("0-1", "electoral democracy index", "mean:population")
    ideal_point: PerState = _card("latent scale", "General Assembly ideal point", "mean:population")
    value_added_share: PerState = _card(
        "share", "value added in gross output", "mean:gdp", "median"
    )
    trend: PerState = _card("1/year", "growth per head, expected", "mean:gdp", "refuse")
    trend_sd: PerState = _card("1/year", "uncertainty of that", "independent:gdp", "refuse")
    population_growth: PerState = _card("1/year", "population growth", "mean:gdp", "refuse")
    loading: PerState = _card("1", "loading on the world factor", "mean:gdp", "refuse")
    growth_sd: PerState = _card("1/year", "own yearly shock", "independent:gdp", "refuse")

    sales: PerDyad = _card(
        "million USD of 2024", "sales of the row to the column, producer prices", "sum", "refuse"
    )
    goods: PerDyad = _card("share", "goods in those sales", "trade", "median")
    tariff: PerDyad = _card(
        "fraction", "tariff that the column levies on goods of the row", "trade", "importer"
    )
    distance: PerDyad = _card("km", "distance between populations", "mean:population")
    contiguity: PerDyad = _card("COW code 1-5", "direct contiguity", "nearest")
    obligation: PerDyad = _card(
        "0 or 1", "the row owes the column defence", "any", "zero_by_definition"
    )
    agreement: PerDyad = _card(
        "share", "sales under a trade agreement in force", "trade", "zero_by_definition"
    )
    membership: Membership = _card(
        "share",
        "member; on a coarse world the share of a region's GDP in it",
        "mean:gdp",
        "zero_by_definition",
        moves=True,
    )

    growth_trend: PerState = _moving("1/year", "trend drawn for this future", 0.0, "state")
    world_shock: Scalar = _moving("1/year", "common growth shock of the year", 0.0)
    burden_shift: PerState = _moving(
        "log, base year = 0",
        "change of military spending over GDP, levers apart",
        0.0,
        "state",
    )
    own_shock: PerState = _moving("1/year", "own growth shock of the year", 0.0, "state")
    capacity: PerState = _moving(
        "index, base year = 1", "productive capacity", 1.0, "state", merge="mean:gdp"
    )
    new_agreement: PerDyad = _moving(
        "share", "trade under agreements new since the base year, less lost", 0.0, "state", "state"
    )
    agreement_age: PerDyad = _moving(
        "years", "years since a new agreement came into force", 0.0, "state", "state"
    )
    depth: Membership = _moving(
        "0 to 1", "obligations taken on beyond those of the base year", 0.0, "framework", "state"
    )
    members: Float[Array, " K"] = _moving("states", "members of the framework", 0.0, "framework")
    vitality: Float[Array, " K"] = _moving(
        "probability", "the framework is alive, neither zombie nor dead", 0.0, "framework"
    )
    alive: PerState = _moving("frameworks", "expected frameworks alive", 0.0, "state")
    bridging: PerState = _moving(
        "share", "of the links between new and old frameworks", 0.0, "state"
    )
    deadlock: Float[Array, " Q"] = _moving(
        "probability a year", "vetoes stop drafts on recurring conflicts", 0.0, "topic"
    )
    council_power: PerState = _moving("share", "voting power in the Security Council", 0.0, "state")
    war_barrier: PerDyad = _moving(
        "iceberg cost factor minus 1", "trade cost that war adds", 0.0, "state", "state"
    )
    sector_consumption: PerState = _moving(
        "index, base year = 1", "real consumption, trade in nine sectors", 1.0, "state"
    )
    trade_left: PerDyad = _moving(
        "share", "trade that sanctions leave at given incomes", 1.0, "state", "state"
    )
    survival: Float[Array, "N C"] = _moving(
        "probability", "an act through this channel is left standing", 1.0, "state", "channel"
    )
    reversal_delay: Float[Array, " C"] = _moving(
        "years", "an act stands this long before it falls", 0.0, "channel"
    )
    engagement: Float[Array, "N D"] = _moving(
        "from -1 (withdraws) to 1", "place of the government by domain", 0.0, "state", "domain"
    )
    commitments_kept: Float[Array, "N D"] = _moving(
        "share", "commitments of the base year that are kept", 1.0, "state", "domain"
    )
    standing: Float[Array, "F P"] = _moving(
        "probability", "the commitment has not lapsed", 1.0, "flashpoint", "protector"
    )
    credibility: Float[Array, "F P"] = _moving(
        "probability", "the protector joins if called", 0.0, "flashpoint", "protector"
    )
    durability: Float[Array, " F"] = _moving(
        "probability", "a commitment has not lapsed, mean over protectors", 1.0, "flashpoint"
    )
    protection: Float[Array, " F"] = _moving(
        "probability", "some protector joins if called", 0.0, "flashpoint"
    )
    protection_seen: Float[Array, " F"] = _moving(
        "probability", "the same, leaving out troops", 0.0, "flashpoint"
    )
    protection_base: Float[Array, " F"] = _moving(
        "probability", "the same at the base year", 0.0, "flashpoint"
    )
    challenge_odds: Float[Array, " F"] = _moving(
        "log-odds a year", "a challenge begins", 0.0, "flashpoint"
    )
    unprotected_odds: Float[Array, " F"] = _moving(
        "log-odds a year", "a challenge is resisted alone", 0.0, "flashpoint"
    )
    war_odds: Float[Array, " F"] = _moving("log-odds a year", "a war begins", -20.0, "flashpoint")
    war_age: Float[Array, " F"] = _moving("years", "since the last war began", 0.0, "flashpoint")
    war_fought: Float[Array, " F"] = _moving("0 or 1", "a war is fought", 0.0, "flashpoint")
    war_cost: Float[Array, " F"] = _moving(
        "iceberg cost factor minus 1", "of trade between the sides", 0.0, "flashpoint"
    )
    war_joined: Float[Array, "F P"] = _moving(
        "0 or 1", "joined the last war", 0.0, "flashpoint", "protector"
    )
    price: PerState = _moving("index, base year = 1", "producer price", 1.0, "state")
    consumption: PerState = _moving(
        "index, base year = 1", "real consumption", 1.0, "state", merge="mean:gdp"
    )
    terms_of_trade: PerState = _moving("index, base year = 1", "terms of trade", 1.0, "state")
    openness: PerState = _moving("ratio", "exports plus imports over value added", 0.0, "state")
    residual: Scalar = _moving("relative", "largest market residual of the year", 0.0)
    converged: Flag = _moving("flag", "every equilibrium so far was found", True)

    @property
    def count(self) -> int:
        """Number of states and regions, N."""
        return len(self.states)

    def index(self, state: str) -> int:
        """Row of a state or region. Raises BadInput with the nearest names."""
        if state in self.states:
            return self.states.index(state)
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(state, self.states, 3)) or "none"
        raise BadInput(
            f"{state!r} is not in this world of {self.count}",
            fix=f"nearest: {near}; a state merged into a region can be kept with focus=[...]",
        )

    def replace(self, changes: Mapping[str, Any]) -> World:
        """Return a copy with these fields replaced; same shapes."""
        names = list(changes)
        return eqx.tree_at(
            lambda world: [getattr(world, name) for name in names],
            self,
            [changes[name] for name in names],
            is_leaf=lambda leaf: leaf is None,
        )

    def to_xarray(self) -> xr.Dataset:
        """Labelled copy with units and long names; masks are the NaN that the fields carry."""
        return _to_xarray(self)


def cards() -> dict[str, FieldCard]:
    """Cards of every field that has one, in order."""
    fields = World.__dataclass_fields__
    return {name: f.metadata["card"] for name, f in fields.items() if "card" in f.metadata}


def moving() -> tuple[str, ...]:
    """Fields that a mechanism may write."""
    return tuple(name for name, card in cards().items() if card.moves)


def dims_of(name: str, ndim: int) -> tuple[str, ...]:
    """Axes of a field by name; the second of two axes of states is ``partner``."""
    card = cards()[name]
    if name == "membership":
        return ("framework", "state")
    if card.start is None:
        return {0: (), 1: ("state",), 2: ("state", "partner")}[ndim]
    return ("state", "partner") if card.dims == ("state", "state") else card.dims


def _to_xarray(world: World) -> xr.Dataset:
    data = {}
    for name, card in cards().items():
        value = np.asarray(getattr(world, name))
        attrs = {"units": card.unit, "long_name": card.meaning}
        data[name] = (dims_of(name, value.ndim), value, attrs)
    coords = {
        "state": list(world.states),
        "partner": list(world.states),
        "framework": list(world.frameworks),
    } | {name: list(labels) for name, labels in axes().items()}
    return xr.Dataset(data, coords=coords, attrs={"year": world.year})


def _fill(name: str, card: FieldCard, value: np.ndarray, world: World) -> np.ndarray:
    gaps = np.isnan(value)
    if card.fill == "leave" or not gaps.any():
        return value
    if card.fill == "refuse":
        where = sorted({world.states[i] for i in np.argwhere(gaps)[:, -1]})
        raise BadInput(
            f"{name} is missing for {', '.join(where[:6])}",
            "the models cannot run without it and will not guess it",
            "rebuild the snapshot with `comity data build`, or leave those states out",
        )
    if card.fill == "zero_by_definition":
        return np.where(gaps, 0.0, value)
    if card.fill.startswith("share:"):
        whole = np.asarray(getattr(world, card.fill.partition(":")[2]))
        return np.where(gaps, np.nanmedian(value / whole) * whole, value)
    if card.fill == "importer":
        # A state's own cell is nil by definition and says nothing of what it levies on others.
        known = ~gaps & ~np.eye(len(value), dtype=bool)
        sums, count = np.where(known, value, 0.0).sum(0), known.sum(0)
        if not known.any():
            warnings.warn(
                f"{name}: no figure is known in {world.year}; computed as if there were none, "
                "and marked unknown",
                CoverageWarning,
                stacklevel=3,
            )
        everywhere = value[known].mean() if known.any() else 0.0
        column = np.where(count > 0, sums / np.maximum(count, 1), everywhere)
        return np.where(gaps, column[None, :], value)
    return np.where(gaps, np.nanmedian(value), value)


def door(world: World) -> tuple[World, dict[str, np.ndarray]]:
    """Fill the gaps of a world for computation.

    Returns
    -------
    filled, known
        The world without NaN in any field that a model reads, and for each filled field the mask
        of what the data held (True = known), to be reported beside results.

    Raises
    ------
    BadInput
        Where a field that cannot be guessed is missing.
    """
    changes, known = {}, {}
    for name, card in cards().items():
        value = np.asarray(getattr(world, name), dtype=float)
        if card.fill == "leave":
            continue
        mask = ~np.isnan(value)
        changes[name] = jnp.asarray(_fill(name, card, value, world))
        known[name] = mask
    return world.replace(changes), known


def base_values(count: int, frameworks: int) -> dict[str, Array]:
    """Values of the moving fields before the first year, by what their cards say."""
    sizes = {"state": count, "framework": frameworks}
    sizes |= {name: len(labels) for name, labels in axes().items()}
    return {
        name: jnp.full([sizes[axis] for axis in card.dims], card.start, type(card.start))
        for name, card in cards().items()
        if card.start is not None
    }


def with_frameworks(world: World, names: tuple[str, ...]) -> World:
    """The world with slots for frameworks that do not exist yet: nobody is a member."""
    new = tuple(name for name in names if name not in world.frameworks)
    if not new:
        return world
    empty = jnp.zeros((len(new), world.count))
    fields = {name: getattr(world, name) for name in cards()}
    fields["membership"] = jnp.concatenate([world.membership, empty])
    fields |= base_values(world.count, len(world.frameworks) + len(new))
    return World(world.states, (*world.frameworks, *new), world.year, world.slot, **fields)
