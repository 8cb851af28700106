"""Read the embedded tables into a world at rest."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd

from comity.core.errors import BadInput
from comity.snapshot import ESTIMATED, TABLES
from comity.world.given import World

BASE_YEAR = 2024


def table(name: str) -> pd.DataFrame:
    """One table of the snapshot; blanks are NaN, ``NA`` stays the text it is."""
    with resources.files("comity.snapshot").joinpath(f"{name}.csv").open("rb") as file:
        return pd.read_csv(file, keep_default_na=False, na_values=[""])


def fingerprint() -> str:
    """Hash of all embedded tables; runs carry it, and resuming refuses another one.

    The flashpoints are data too, though they stand in the library; their risks are read at the
    place in the order that they had there, so that the hash is that of earlier runs.
    """
    digest, snapshot = hashlib.sha256(), resources.files("comity.snapshot")
    for name in TABLES:
        digest.update(snapshot.joinpath(f"{name}.csv").read_bytes())
    library = resources.files("comity.library").joinpath("flashpoints")
    files = [*library.iterdir(), *(snapshot.joinpath(f"{name}.csv") for name in ESTIMATED)]
    for file in sorted(files, key=lambda one: one.name.removeprefix("flashpoint_")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _places(values: pd.Series, among: list[str]) -> np.ndarray:
    """Position of each value in a list that holds it."""
    found = pd.Index(among).get_indexer(pd.Index(values))
    if (found < 0).any():
        unknown = sorted(set(values[found < 0].astype(str)))
        raise BadInput(
            f"{values.name}: {', '.join(unknown[:6])} not in the registry",
            fix="build the snapshot anew with `comity data build`",
        )
    return found


def _matrix(
    frame: pd.DataFrame, row: str, column: str, value: str, states: list[str], absent: float
) -> np.ndarray:
    """Long table to (N, N); pairs without a row get ``absent``; every state must be known."""
    out = np.full((len(states), len(states)), absent)
    out[_places(frame[row], states), _places(frame[column], states)] = frame[value]
    return out


def _symmetric(frame: pd.DataFrame, value: str, states: list[str], absent: float) -> np.ndarray:
    out = _matrix(frame, "a", "b", value, states, absent)
    mirror = _matrix(frame, "b", "a", value, states, absent)
    return np.where(np.isnan(out) | (out == absent), mirror, out)


def members_at(
    frame: pd.DataFrame, frameworks: list[str], states: list[str], year: int
) -> np.ndarray:
    """(K, N) membership on the last day of ``year``."""
    here = frame.query("since <= @year and not until <= @year and state in @states")
    out = np.zeros((len(frameworks), len(states)))
    out[_places(here["framework"], frameworks), _places(here["state"], states)] = 1.0
    return out


def load_world(year: int = BASE_YEAR) -> World:
    """World at the end of ``year`` from the snapshot.

    Raises
    ------
    BadInput
        Another year than the embedded one.
    """
    if year != BASE_YEAR:
        raise BadInput(
            f"the snapshot holds {BASE_YEAR}, not {year!r}",
            fix="use world.past(year) for past years",
        )
    frame = table("states").merge(table("growth"), on="id", how="left").sort_values("id")
    states = frame["id"].tolist()
    memberships, frameworks = table("memberships"), sorted(table("frameworks")["id"])
    trade, geography = table("trade"), table("geography")
    obligations = table("obligations").assign(one=1.0)
    in_force = table("agreements").query("since <= @year").assign(one=1.0)
    distance = _symmetric(geography, "distance", states, np.nan)
    dyads = {
        "sales": _matrix(trade, "origin", "destination", "sales", states, np.nan),
        "goods": _matrix(trade, "origin", "destination", "goods", states, np.nan),
        "tariff": _matrix(table("tariffs"), "exporter", "importer", "rate", states, np.nan),
        "distance": distance,
        "contiguity": _symmetric(geography, "contiguity", states, np.nan),
        "obligation": _matrix(obligations, "owes", "owed", "one", states, 0.0),
        "agreement": _symmetric(in_force, "one", states, 0.0),
    }
    np.fill_diagonal(dyads["tariff"], 0.0)
    per_state = frame.rename(columns={"sd": "growth_sd"})
    names = (
        "gdp",
        "population",
        "milex",
        "military_stock",
        "polyarchy",
        "ideal_point",
        "value_added_share",
        "trend",
        "trend_sd",
        "population_growth",
        "loading",
        "growth_sd",
    )
    fields: dict[str, Any] = {
        name: jnp.asarray(per_state[name].to_numpy(float)) for name in names
    } | {name: jnp.asarray(value) for name, value in dyads.items()}
    return World(
        states=tuple(states),
        frameworks=tuple(frameworks),
        year=year,
        slot=jnp.arange(len(states), dtype=jnp.uint32),
        membership=jnp.asarray(members_at(memberships, frameworks, states, year)),
        **fields,
    )
