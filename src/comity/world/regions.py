"""Merge states into regions so that a world of 196 becomes one of a few dozen that still adds up.

Each field merges by the rule on its card: extensive figures add, intensive ones are weighted
means, ties are ``any``. A region is a member of a framework as far as its GDP is. Sales inside a
region become its domestic sales. Councils and votes are never counted on a coarse world: they use
the full registry.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib import resources

import jax.numpy as jnp
import numpy as np
import pandas as pd

from comity.core.arguments import texts
from comity.core.errors import BadInput, CoverageWarning
from comity.core.words import LANGS, both, words
from comity.world.given import World, cards, check_world

# Share of a region's GDP that must be known before its sum or mean is given at all.
COVERED = 0.9


def default_focus() -> list[str]:
    """States kept in the focus world, from ``registry/focus.csv``."""
    with resources.files("comity.registry").joinpath("focus.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)["id"].tolist()


def region_names() -> dict[str, dict[str, str]]:
    """Names of the regions by language."""
    with resources.files("comity.registry").joinpath("regions.csv").open(encoding="utf-8") as file:
        frame = pd.read_csv(file).drop_duplicates("region")
    return {
        row["region"]: {lang: row[f"name_{lang}"] for lang in LANGS}
        for row in frame.astype(str).to_dict("records")
    }


def region_of() -> dict[str, str]:
    """Region id of every state there is or was, from the registry and ``registry/regions.csv``."""
    from comity.registry.states import spells

    with resources.files("comity.registry").joinpath("regions.csv").open(encoding="utf-8") as file:
        of_subregion = pd.read_csv(file).set_index("subregion")["region"].to_dict()
    return {spell.id: of_subregion[spell.region] for spell in spells()}


def groups(states: tuple[str, ...], focus: Sequence[str]) -> dict[str, list[int]]:
    """Map each entity of the coarse world to the rows it is made of, kept states first."""
    unknown = [state for state in focus if state not in states]
    if unknown:
        raise BadInput(f"focus names {unknown[0]!r}, which this world does not hold")
    regions = region_of()
    kept = {state: [states.index(state)] for state in sorted(set(focus))}
    rest: dict[str, list[int]] = {}
    for row, state in enumerate(states):
        if state not in kept:
            rest.setdefault(regions[state], []).append(row)
    return kept | dict(sorted(rest.items()))


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


def _merge_states(
    value: np.ndarray, rule: str, weight: np.ndarray, gdp: np.ndarray, member: np.ndarray, name: str
) -> np.ndarray:
    known = ~np.isnan(value)
    held = np.where(known, value, 0.0)
    covered = _ratio(member @ np.where(known, gdp, 0.0), member @ gdp)
    kind = rule.split(":")[0]
    if kind == "sum":
        merged = member @ held
    elif kind == "mean":
        merged = _ratio(member @ (held * weight * known), member @ (weight * known))
    elif kind == "independent":
        top = np.sqrt(member @ ((held * weight * known) ** 2))
        merged = _ratio(top, member @ (weight * known))
    else:
        return np.full(len(member), np.nan)
    partly = (covered < 1) & (covered >= COVERED) & (member.sum(1) > 1)
    if partly.any():
        said = both(
            words("comity.world")["merged.known_only"],
            field=name,
            regions=int(partly.sum()),
            covered=f"{COVERED:.0%}",
        )
        warnings.warn(CoverageWarning(said, name), stacklevel=4)
    return np.where(covered >= COVERED, merged, np.nan)


def _merge_dyads(
    value: np.ndarray, rule: str, sales: np.ndarray, population: np.ndarray, member: np.ndarray
) -> np.ndarray:
    known = ~np.isnan(value)
    held = np.where(known, value, 0.0)
    if rule == "sum":
        return member @ held @ member.T
    if rule == "trade":
        weight = sales * known
        return _ratio(member @ (held * weight) @ member.T, member @ weight @ member.T)
    if rule.startswith("mean"):
        weight = np.outer(population, population) * known
        return _ratio(member @ (held * weight) @ member.T, member @ weight @ member.T)
    if rule == "any":
        some = (member @ held @ member.T > 0).astype(float)
        return np.where(member @ known @ member.T > 0, some, np.nan)
    if rule == "nearest":
        far = np.where(known, value, np.inf)
        rows = [far[m.astype(bool)].min(0) for m in member]
        near = np.array([[row[m.astype(bool)].min() for m in member] for row in rows])
        return np.where(np.isinf(near), np.nan, near)
    return np.full((len(member), len(member)), np.nan)


def coarsen(world: World, focus: list[str] | None = None) -> World:
    """Merge every state outside ``focus`` (`default_focus` if omitted) into its region.

    Parameters
    ----------
    world
        A world at rest (NaN where unknown), N states.
    focus
        Ids of the states to keep.

    Returns
    -------
    World
        Kept states in order of id, then regions. Totals of extensive fields agree to 1e-12.
    """
    check_world(world)
    made = groups(world.states, default_focus() if focus is None else texts("focus", focus))
    member = np.zeros((len(made), world.count))
    for row, members in enumerate(made.values()):
        member[row, members] = 1.0
    gdp, population = np.asarray(world.gdp), np.nan_to_num(np.asarray(world.population))
    sales = np.asarray(world.sales)
    changes = {}
    for name, card in cards().items():
        value = np.asarray(getattr(world, name))
        if name == "membership":
            changes[name] = jnp.asarray((value * gdp) @ member.T / (member @ gdp))
        elif value.ndim == 2:
            changes[name] = jnp.asarray(_merge_dyads(value, card.merge, sales, population, member))
        elif value.ndim == 1:
            weight = np.asarray(getattr(world, card.merge.partition(":")[2] or "gdp"))
            changes[name] = jnp.asarray(
                _merge_states(value, card.merge, np.nan_to_num(weight), gdp, member, name)
            )
    return _rebuild(world, tuple(made), made, changes)


def slots(world: World, names: tuple[str, ...]) -> np.ndarray:
    """Stable numbers that random keys use: a state's own, and for regions those after the states.

    A kept state so meets the same shocks on a coarse world as on the full one.
    """
    own = dict(zip(world.states, np.asarray(world.slot).tolist(), strict=True))
    regions = sorted(set(region_of().values()))
    return np.array(
        [own.get(n, len(own) + regions.index(n) if n in regions else -1) for n in names]
    )


def _rebuild(
    world: World, names: tuple[str, ...], made: dict[str, list[int]], changes: dict
) -> World:
    fields = {name: getattr(world, name) for name in cards()} | changes
    coarse = World(
        states=names,
        frameworks=world.frameworks,
        year=world.year,
        slot=jnp.asarray(slots(world, names), dtype=jnp.uint32),
        **fields,
    )
    return coarse.with_fields(dict(world.moving_cards))
