"""Rows of a panel as numbers: which states, in which year, under which code of which system.

A panel refers to a small table of state-years; dyads and k-ads hold positions in it.  What is
known of a state is joined to that table and spread to the rows; what is known of a pair is
joined by one integer key.  Codes come from the registry, year by year, so Germany is 255, 260
and again 255 in the Correlates of War list and the same state throughout.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from comity.registry import states

Unit = Literal["state-year", "directed dyad-year", "undirected dyad-year", "k-ad-year"]
CodeSystem = Literal["cow", "gw", "id"]
# A pandas frame.  The type stubs give a column of a frame a union of types that no function takes.
Table = Any
SYSTEMS = ("cow", "gw", "id")
NONE = -1
YEARS = 4096


@lru_cache(maxsize=1)
def id_numbers() -> dict[str, int]:
    """Return the position of every id of the registry in their sorted list."""
    return {own: n for n, own in enumerate(sorted({s.id for s in states.spells()}))}


@dataclass(frozen=True)
class StateYears:
    """State-years and their codes; ``-1`` where a system has no such state in that year.

    ``own`` numbers the ids of the registry as ``id_numbers`` does.
    """

    year: Int[np.ndarray, " S"]
    cow: Int[np.ndarray, " S"]
    gw: Int[np.ndarray, " S"]
    own: Int[np.ndarray, " S"]

    def code(self, system: CodeSystem) -> Int[np.ndarray, " S"]:
        """Return the codes in one system."""
        return {"cow": self.cow, "gw": self.gw, "id": self.own}[system]


@dataclass(frozen=True)
class Keys:
    """The rows of a panel.

    Parameters
    ----------
    unit
        What a row is.
    table
        The state-years that occur.
    year
        Year of each row.
    sides
        Positions in ``table``: one array for state-years, two for dyads, for k-ads one array
        of all members one k-ad after the other.
    sizes
        Members of each row, for k-ads only.
    """

    unit: Unit
    table: StateYears
    year: Int[np.ndarray, " rows"]
    sides: tuple[Int[np.ndarray, " _"], ...]
    sizes: Int[np.ndarray, " rows"] | None = None

    @property
    def dyadic(self) -> bool:
        """Tell whether a row is a pair of states."""
        return self.unit in ("directed dyad-year", "undirected dyad-year")

    def take(self, rows: Int[np.ndarray, " few"]) -> "Keys":
        """Return the keys of some rows."""
        if self.sizes is None:
            return Keys(self.unit, self.table, self.year[rows], tuple(s[rows] for s in self.sides))
        ends = np.cumsum(self.sizes)
        parts = [self.sides[0][ends[row] - self.sizes[row] : ends[row]] for row in rows]
        flat = np.concatenate(parts) if parts else np.array([], dtype=np.int64)
        return Keys(self.unit, self.table, self.year[rows], (flat,), self.sizes[rows])

    def known(self, system: CodeSystem) -> Bool[np.ndarray, " rows"]:
        """Tell which rows have all their states in a system."""
        there = self.table.code(system) != NONE
        if self.sizes is not None:
            return _reduce(np.logical_and, there[self.sides[0]], self.sizes)
        out = there[self.sides[0]]
        for side in self.sides[1:]:
            out = out & there[side]
        return out

    def spread(self, name: str, values: Float[np.ndarray, " S"]) -> dict[str, np.ndarray]:
        """Turn a figure of state-years into columns of the rows.

        One column for state-years, ``name1`` and ``name2`` for dyads; for k-ads ``name_sum``,
        ``name_min`` and ``name_max`` over the members, missing when it is for any of them.
        """
        if self.sizes is not None:
            flat = values[self.sides[0]]
            ways = {"sum": np.add, "min": np.minimum, "max": np.maximum}
            return {f"{name}_{how}": _reduce(f, flat, self.sizes) for how, f in ways.items()}
        if not self.dyadic:
            return {name: values[self.sides[0]]}
        stem = f"{name}_" if name[-1].isdigit() else name
        return {f"{stem}{n}": values[side] for n, side in enumerate(self.sides, 1)}


def _reduce(ufunc: np.ufunc, flat: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Reduce members to their k-ads; no k-ad is empty."""
    if not len(sizes):
        return flat[:0]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    return ufunc.reduceat(flat, starts)


def whole(values: Any) -> Int[np.ndarray, " _"]:
    """Return codes as integers, ``-1`` where missing."""
    numbers = pd.Series(pd.to_numeric(pd.Series(values), errors="coerce"))
    return numbers.fillna(NONE).to_numpy(dtype=np.int64)


def state_key(code: np.ndarray, year: np.ndarray) -> Int[np.ndarray, " _"]:
    """Return one number for a code and a year; negative where there is no code."""
    key = code.astype(np.int64) * YEARS + year
    return np.where(code < 0, NONE, key)


def pair_key(a: np.ndarray, b: np.ndarray, year: np.ndarray) -> Int[np.ndarray, " _"]:
    """Return one number for two codes and a year; negative where a code is missing."""
    key = (a.astype(np.int64) * YEARS + b) * YEARS + year
    return np.where((a < 0) | (b < 0), NONE, key)


def place(wanted: np.ndarray, known: np.ndarray) -> Int[np.ndarray, " _"]:
    """Return for each wanted key its position among the known ones, ``-1`` where it is not."""
    if not len(known):
        return np.full(len(wanted), NONE)
    order = np.argsort(known, kind="stable")
    ranked = known[order]
    found = np.minimum(np.searchsorted(ranked, wanted), len(ranked) - 1)
    return np.where((ranked[found] == wanted) & (wanted >= 0), order[found], NONE)


def gather(values: Any, positions: Int[np.ndarray, " rows"]) -> Float[np.ndarray, " rows"]:
    """Return the values at some positions as floats, NaN at ``-1``."""
    source = pd.Series(values).astype("float64").to_numpy()
    out = np.full(len(positions), np.nan)
    hit = positions >= 0
    out[hit] = source[positions[hit]]
    return out


def join_states(
    keys: Keys, frame: Table, system: CodeSystem, code: str, columns: list[str]
) -> dict[str, Float[np.ndarray, " S"]]:
    """Join a source of state-years to the table of state-years.

    ``frame`` has one row a code and year; with ``system="id"`` the codes are ids.
    """
    own = frame[code].map(id_numbers()) if system == "id" else frame[code]
    known = state_key(whole(own), frame["year"].to_numpy())
    at = place(state_key(keys.table.code(system), keys.table.year), known)
    return {name: gather(frame[name], at) for name in columns}


def place_pairs(
    keys: Keys,
    frame: Table,
    system: CodeSystem,
    a: str = "ccode1",
    b: str = "ccode2",
    ordered: bool = True,
) -> Int[np.ndarray, " rows"]:
    """Return for each dyad-year the position of its row in ``frame``, ``-1`` where it has none.

    With ``ordered`` false a row of ``frame`` stands for the pair in both directions.
    """
    code = keys.table.code(system)
    first, second = code[keys.sides[0]], code[keys.sides[1]]
    x, y = whole(frame[a]), whole(frame[b])
    if not ordered:
        low = np.where((first < 0) | (second < 0), NONE, np.minimum(first, second))
        first, second = low, np.maximum(first, second)
        x, y = np.minimum(x, y), np.maximum(x, y)
    return place(pair_key(first, second, keys.year), pair_key(x, y, frame["year"].to_numpy()))
