"""The world: every state, dyad and framework of one year, as one frozen tree of arrays.

Rows of a dyad are the origin, sender, patron or exporter; columns the partner. At rest a missing
figure is NaN. `door` is the only way into computation: each field becomes filled values and a mask
of what was known, so that no model meets a NaN and nothing missing passes for a zero.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Array

from comity.core.errors import AssemblyError, BadInput, CoverageWarning, nearest
from comity.core.types import Membership, PerDyad, PerState, StateSlots
from comity.core.words import both, words
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


def moving(
    unit: str, meaning: str, start: float | bool, *dims: str, merge: str = "undefined"
) -> FieldCard:
    """Card of a field of the year: ``start`` before the first year, axes by name."""
    return FieldCard(unit, meaning, merge, moves=True, start=start, dims=dims)


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

    moving: dict[str, Array] = eqx.field(default_factory=dict)
    moving_cards: tuple[tuple[str, FieldCard], ...] = eqx.field(static=True, default=())

    def __getattr__(self, name: str) -> Array:
        moved = self.__dict__.get("moving", {})
        if name in moved:
            return moved[name]
        raise AttributeError(f"the world has no field {name!r}")

    @property
    def count(self) -> int:
        """Number of states and regions, N."""
        return len(self.states)

    @property
    def defence_share(self) -> PerState:
        """Military spending as a share of GDP, (N,)."""
        return self.milex / (1e3 * self.gdp)

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
        given = [name for name in changes if name not in self.moving]
        made = self
        if given:
            made = eqx.tree_at(
                lambda world: [getattr(world, name) for name in given],
                self,
                [changes[name] for name in given],
                is_leaf=lambda leaf: leaf is None,
            )
        moved = self.moving | {n: value for n, value in changes.items() if n in self.moving}
        return made if moved == {} else _moved(made, moved)

    def with_fields(self, fields: Mapping[str, FieldCard]) -> World:
        """The world with fields of the year added, each at its start.

        Raises
        ------
        AssemblyError
            A field that the world has already.
        """
        if twice := [name for name in fields if name in cards() or name in self.moving]:
            raise AssemblyError(f"the world has the field {twice[0]!r} already")
        declared = (*self.moving_cards, *fields.items())
        begun = base_values(dict(fields), self.count, len(self.frameworks))
        return dataclasses.replace(self, moving=self.moving | begun, moving_cards=declared)

    @property
    def cards(self) -> dict[str, FieldCard]:
        """Cards of every field that this world has, given ones first."""
        return cards() | dict(self.moving_cards)

    def to_xarray(self) -> xr.Dataset:
        """Labelled copy with units and long names; masks are the NaN that the fields carry."""
        return _to_xarray(self)


def _moved(world: World, moved: dict[str, Array]) -> World:
    return eqx.tree_at(lambda one: one.moving, world, moved)


def cards() -> dict[str, FieldCard]:
    """Cards of the given fields, in order; those of the year are declared by mechanisms."""
    fields = World.__dataclass_fields__
    return {name: f.metadata["card"] for name, f in fields.items() if "card" in f.metadata}


def dims_of(name: str, card: FieldCard, ndim: int) -> tuple[str, ...]:
    """Axes of a field by name; the second of two axes of states is ``partner``."""
    if name == "membership":
        return ("framework", "state")
    if card.start is None:
        return {0: (), 1: ("state",), 2: ("state", "partner")}[ndim]
    return ("state", "partner") if card.dims == ("state", "state") else card.dims


def _to_xarray(world: World) -> xr.Dataset:
    data = {}
    for name, card in world.cards.items():
        value = np.asarray(getattr(world, name))
        attrs = {"units": card.unit, "long_name": card.meaning}
        data[name] = (dims_of(name, card, value.ndim), value, attrs)
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
            said = both(words("comity.world")["unknown.everywhere"], field=name, year=world.year)
            warnings.warn(CoverageWarning(said, name), stacklevel=3)
        everywhere = value[known].mean() if known.any() else 0.0
        column = np.where(count > 0, sums / np.maximum(count, 1), everywhere)
        return np.where(gaps, column[None, :], value)
    return np.where(gaps, np.nanmedian(value), value)


def check_world(world: object) -> None:
    """Raise BadInput unless this is a world."""
    if not isinstance(world, World):
        raise BadInput(f"{world!r:.40} is no world", fix="load one with comity.world.load()")


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
    check_world(world)
    changes, known = {}, {}
    for name, card in cards().items():
        value = np.asarray(getattr(world, name), dtype=float)
        if card.fill == "leave":
            continue
        mask = ~np.isnan(value)
        changes[name] = jnp.asarray(_fill(name, card, value, world))
        known[name] = mask
    return world.replace(changes), known


def base_values(fields: Mapping[str, FieldCard], states: int, frameworks: int) -> dict[str, Array]:
    """Values of fields of the year before the first one, by what their cards say."""
    sizes = {"state": states, "framework": frameworks}
    sizes |= {name: len(labels) for name, labels in axes().items()}
    return {
        name: jnp.full([sizes[axis] for axis in card.dims], _start(card), type(card.start))
        for name, card in fields.items()
    }


def _start(card: FieldCard) -> float | bool:
    if card.start is None:
        raise AssemblyError(f"the field {card.meaning!r} has no start")
    return card.start


def check_card(name: str, card: FieldCard, where: str) -> None:
    """Refuse a field of the year without a start, or over an axis that nothing else has.

    Raises
    ------
    AssemblyError
        With the place that the message names, ``where``.
    """
    if not isinstance(card.start, bool | int | float):
        raise AssemblyError(
            f"the start of {name!r} is {card.start!r}", fix="write a number", where=where
        )
    known = ("state", "framework", *axes())
    for axis in card.dims:
        if axis not in known:
            raise AssemblyError(
                f"{name!r} has an axis {axis!r}", fix=nearest(str(axis), known), where=where
            )


def with_frameworks(world: World, names: tuple[str, ...]) -> World:
    """The world with slots for frameworks that do not exist yet: nobody is a member.

    Fields of the year are at their start again.
    """
    new = tuple(name for name in names if name not in world.frameworks)
    if not new:
        return world
    empty = jnp.zeros((len(new), world.count))
    fields = {name: getattr(world, name) for name in cards()}
    fields["membership"] = jnp.concatenate([world.membership, empty])
    wider = World(world.states, (*world.frameworks, *new), world.year, world.slot, **fields)
    return wider.with_fields(dict(world.moving_cards))
