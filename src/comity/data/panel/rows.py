"""Which state-years, dyad-years and k-ad-years exist: the empty panels."""

from functools import lru_cache
from numbers import Integral

import numpy as np
import pandas as pd

from comity.core.arguments import flag
from comity.core.errors import BadInput
from comity.data.panel.keys import (
    NONE,
    CodeSystem,
    Keys,
    StateYears,
    Table,
    Unit,
    id_numbers,
    pair_key,
    whole,
)
from comity.data.sources.source import load
from comity.registry import frameworks, states
from comity.registry.years import whole_years

CODE = {"cow": "ccode", "gw": "gwcode", "id": "id"}


def check_years(first: int, last: int) -> None:
    """Raise unless the years are in order and not before the lists begin.

    Raises
    ------
    BadInput
        When they are not.
    """
    plain = all(isinstance(year, Integral) and not isinstance(year, bool) for year in (first, last))
    if not plain or not 1816 <= first <= last <= 2100:
        raise BadInput(
            f"years {first!r} to {last!r} cannot be used",
            why="the lists of states begin in 1816",
            fix="use first and last with 1816 <= first <= last",
        )


def state_table(system: CodeSystem, first: int, last: int, microstates: bool) -> StateYears:
    """Return the state-years of a system: states that existed on any day of the year.

    Sorted by code, then year.  After the end of the published list its last entries carry on.
    """
    check_years(first, last)
    if system not in ("cow", "gw"):
        raise BadInput(f"there is no state system {system!r}", fix="use 'cow' or 'gw'")
    return _state_table(system, int(first), int(last), flag("microstates", microstates))


@lru_cache(maxsize=32)
def _state_table(system: CodeSystem, first: int, last: int, microstates: bool) -> StateYears:
    found: set[tuple[int, int]] = set()
    for row in states.codes():
        if row["system"] != system or (not microstates and "microstate" in row["note"]):
            continue
        start = max(first, int((row["valid_from"] or "0000")[:4]))
        end = min(last, int((row["valid_to"] or "9999")[:4]))
        found |= {(int(row["code"]), year) for year in range(start, end + 1)}
    code, year = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
    return translated(pd.Series(code), year, system)


def translated(codes: pd.Series, year: np.ndarray, system: CodeSystem) -> StateYears:
    """Return state-years with their codes in every system.

    A code that the system does not know in that year is ``-1`` in all of them.
    """
    own = states.convert(codes, system, "id", year)
    numbers = own.map(id_numbers()).fillna(NONE).to_numpy(dtype=np.int64)
    known = {}
    for target in ("cow", "gw"):
        if target == system:
            known[target] = np.where(numbers == NONE, NONE, whole(codes))
        else:
            known[target] = whole(states.convert(own, "id", target, year))
    return StateYears(year.astype(np.int64), known["cow"], known["gw"], numbers)


def state_keys(table: StateYears) -> Keys:
    """Return the keys of a panel with one row a state-year."""
    return Keys("state-year", table, table.year, (np.arange(len(table.year)),))


def dyad_keys(table: StateYears, system: CodeSystem, directed: bool) -> Keys:
    """Return the keys of all pairs of states in each year, sorted by codes and year.

    Undirected pairs have the lower code first.
    """
    code = table.code(system)
    left, right = [], []
    for year in np.unique(table.year):
        now = np.flatnonzero(table.year == year)
        a, b = np.repeat(now, len(now)), np.tile(now, len(now))
        keep = a != b if directed else code[a] < code[b]
        left.append(a[keep])
        right.append(b[keep])
    first, second = np.concatenate(left), np.concatenate(right)
    order = np.argsort(pair_key(code[first], code[second], table.year[first]), kind="stable")
    first, second = first[order], second[order]
    unit: Unit = "directed dyad-year" if directed else "undirected dyad-year"
    return Keys(unit, table, table.year[first], (first, second))


def code_columns(table: StateYears, system: CodeSystem, side: np.ndarray) -> dict[str, pd.Series]:
    """Return id, ccode and gwcode of one side; the system's own code is never missing."""
    names = np.array([*id_numbers(), None], dtype=object)
    out = {"id": _taken(pd.Series(names[table.own]), side)}
    for one in ("cow", "gw"):
        codes = pd.Series(table.code(one))
        if one != system:
            codes = codes.astype("Int64").mask(codes == NONE)
        out[CODE[one]] = _taken(codes, side)
    return out


def _taken(values: pd.Series, side: np.ndarray) -> pd.Series:
    """Return the values at some positions with a fresh index."""
    return values.take(side).reset_index(drop=True)


def frame_of(keys: Keys, system: CodeSystem) -> Table:
    """Return the frame of a new panel: codes, year and whether the list has ended by then."""
    columns: dict[str, pd.Series | np.ndarray] = {}
    if keys.dyadic:
        both = [code_columns(keys.table, system, side) for side in keys.sides]
        for name in both[0]:
            columns |= {f"{name}{n}": one[name] for n, one in enumerate(both, 1)}
    else:
        columns |= code_columns(keys.table, system, keys.sides[0])
    columns["year"] = keys.year
    columns["extended"] = keys.year > states.LIST_END[system]
    return pd.DataFrame(columns)


def keys_of(
    codes: tuple[pd.Series, ...], year: pd.Series, system: CodeSystem, directed: bool
) -> Keys:
    """Return the keys of rows that a user brings.

    Raises
    ------
    BadInput
        When a year is missing, or is none.
    """
    when = whole_years(year, f"column {year.name!r}")
    pairs = pd.concat(
        [pd.DataFrame({"code": c.to_numpy(dtype=object), "year": when}) for c in codes]
    )
    numbered = pairs.assign(code=pairs["code"].where(pairs["code"].notna(), None))
    group = numbered.groupby(["code", "year"], dropna=False, sort=False).ngroup().to_numpy()
    _, at = np.unique(group, return_index=True)
    seen = numbered.iloc[at]
    table = translated(seen["code"].reset_index(drop=True), seen["year"].to_numpy(), system)
    sides = tuple(np.split(group, len(codes)))
    if len(sides) == 1:
        return Keys("state-year", table, when, sides)
    return Keys("directed dyad-year" if directed else "undirected dyad-year", table, when, sides)


def framework_years(first: int, last: int) -> Table:
    """Return rows of framework, year, name, members and uncertain ones (tuples of ids)."""
    rows = []
    for year in range(first, last + 1):
        for own in frameworks.frameworks(year):
            members = frameworks.members(own, year)
            maybe = frameworks.uncertain(own, year)
            rows.append((own, year, frameworks.framework(own).name_en, members, maybe))
    return pd.DataFrame(rows, columns=["framework", "year", "name", "members", "uncertain"])


def treaty_years(first: int, last: int) -> Table:
    """Return rows of atopid, year and members (a tuple of ids) of alliance treaties.

    A member counts from the year it enters to the year it leaves, both included (ATOP 5.1, 1815
    to 2018).  Members that the Correlates of War list does not know in that year fall away, and
    with them treaties of which fewer than two are left.
    """
    spells: Table = load("atop_members", ["atopid", "member", "yrent", "yrexit"])
    end = spells["yrexit"].where(spells["yrexit"] != 0, 2018).clip(upper=min(last, 2018))
    start = spells["yrent"].clip(lower=max(first, 1816))
    length = (end - start + 1).clip(lower=0)
    long = spells.loc[spells.index.repeat(length), ["atopid", "member"]].reset_index(drop=True)
    long["year"] = start.loc[start.index.repeat(length)].to_numpy()
    long["year"] += long.groupby(np.repeat(np.arange(len(length)), length)).cumcount()
    long["id"] = states.convert(long["member"], "cow", "id", long["year"].to_numpy())
    long = long.dropna(subset=["id"]).drop_duplicates(["atopid", "year", "id"])
    grouped = long.sort_values(["atopid", "year", "id"]).groupby(["atopid", "year"])["id"]
    out = grouped.agg(tuple).rename("members").reset_index()
    return out[out["members"].map(len) > 1].reset_index(drop=True)


def kad_keys(frame: Table) -> Keys:
    """Return the keys of k-ad-years from columns ``members`` and ``year``."""
    sizes = frame["members"].map(len).to_numpy(dtype=np.int64)
    flat = frame["members"].explode().reset_index(drop=True)
    when = pd.Series(np.repeat(frame["year"].to_numpy(), sizes))
    keys = keys_of((flat,), when, "id", directed=False)
    return Keys("k-ad-year", keys.table, frame["year"].to_numpy(np.int64), keys.sides, sizes)
