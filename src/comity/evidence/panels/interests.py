"""Memberships of organisations year by year, with what partners inside are worth to the member.

Organisations of the Correlates of War list that go on, states that go on, full memberships; from
1965, when the list is yearly, to its last year.  Everything is dated to the year before the one in
which a state may leave.  Votes are those of the five years to it, so no later year is in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from comity.data.sources.source import load
from comity.evidence.panels.unga import choices
from comity.models.institutions.interest import ISSUES, agreement, stakes

FIRST, LAST = 1965, 2013  # a state that is in at the end of a year may leave in the next
NEAR = 1500.0  # km over which the weight of a neighbour falls to 37 %
SPAN = 5  # years of votes
PRIOR = 400.0  # membership-years that the rate of all counts for in a state's or body's own


@dataclass(frozen=True)
class World:
    """States of a year and what pairs of them have; ``member`` (K, N) full memberships."""

    year: int
    states: Int[np.ndarray, " N"]
    names: tuple[str, ...]
    issue: Int[np.ndarray, " K"]
    member: Float[np.ndarray, "K N"]
    pairs: tuple[Float[np.ndarray, "N N"], ...]

    def stakes(self) -> Float[np.ndarray, "K N C"]:
        """Return the stakes of every state in every organisation."""
        return stakes(self.member, *self.pairs)


@cache
def _memberships() -> pd.DataFrame:
    rows = load("cow_igo_memberships", columns=["ccode", "year", "ioname", "status"])
    return rows[(rows.year >= FIRST) & (rows.status == 1)].astype({"ccode": int, "year": int})


@cache
def _issues() -> pd.Series:
    rows = load("cow_igo_list").drop_duplicates("ioname_lower").set_index("ioname_lower")
    return pd.Series(rows[list(ISSUES)].to_numpy(float).argmax(axis=1), index=rows.index)


@cache
def _pairs() -> dict[str, pd.DataFrame]:
    trade = load("cow_trade_v4_dyad_year", columns=["ccode1", "ccode2", "year", "flow1", "flow2"])
    trade = trade.assign(value=trade.flow1.fillna(0.0) + trade.flow2.fillna(0.0))
    trade = trade[(trade.year >= FIRST) & (trade.flow1.notna() | trade.flow2.notna())]
    allies = load("atop_dyad_year", columns=["ccode1", "ccode2", "year", "atop_defense"])
    allies = allies[(allies.year >= FIRST) & (allies.atop_defense == 1)].assign(value=1.0)
    near = load("cow_mindist", columns=["ccode1", "ccode2", "year", "mindist"])
    near = near[near.year >= FIRST].assign(value=lambda d: np.exp(-d.mindist / NEAR))
    keys = ["ccode1", "ccode2", "year", "value"]
    return {
        name: rows[keys].dropna().astype({"ccode1": int, "ccode2": int, "year": int})
        for name, rows in (("trade", trade), ("allies", allies), ("near", near))
    }


@cache
def _by_year(name: str) -> dict[int, pd.DataFrame]:
    return {int(str(year)): rows for year, rows in _pairs()[name].groupby("year")}


def _places(of: Sequence | np.ndarray, which: pd.Series | np.ndarray) -> Int[np.ndarray, " R"]:
    """Return positions in a list; -1 where it does not stand there."""
    return pd.Index(of).get_indexer(pd.Index(which))


def _grid(name: str, year: int, states: Int[np.ndarray, " N"], empty: float) -> np.ndarray:
    """Return a symmetric matrix of a year; ``empty`` where there is no row."""
    grid = np.full((len(states), len(states)), empty)
    rows = _by_year(name).get(year)
    if rows is None:
        return grid
    i, j = _places(states, rows.ccode1), _places(states, rows.ccode2)
    ok = (i >= 0) & (j >= 0)
    value = rows.value.to_numpy(float)[ok]
    grid[i[ok], j[ok]] = value
    grid[j[ok], i[ok]] = value
    return grid


@cache
def _votes() -> pd.DataFrame:
    return choices()


def _agreement(year: int, states: Int[np.ndarray, " N"]) -> np.ndarray:
    rows = _votes()
    rows = rows[(rows.period > year - SPAN) & (rows.period <= year) & rows.actor.isin(states)]
    wide = rows.pivot_table(index="vote", columns="actor", values="choice", aggfunc="first")
    return agreement(wide.reindex(columns=states).to_numpy(float))


def world(year: int) -> World:
    """Return organisations, states and pairs at the end of a year."""
    rows = _memberships()
    now, then = rows[rows.year == year], rows[rows.year == year + 1]
    names = np.array(sorted(set(now.ioname) & (set(then.ioname) if len(then) else set(now.ioname))))
    states = np.array(sorted(set(now.ccode)))
    member = np.zeros((len(names), len(states)))
    inside = now[now.ioname.isin(names)]
    member[_places(names, inside.ioname), _places(states, inside.ccode)] = 1.0
    pairs = (
        _grid("trade", year, states, np.nan),
        # No row: no obligation.  Alliances are listed for every pair that has one.
        _grid("allies", year, states, 0.0),
        _agreement(year, states),
        _grid("near", year, states, np.nan),
    )
    issue = _issues().reindex(names).to_numpy(int)
    return World(year, states, tuple(names), issue, member, pairs)


@dataclass(frozen=True)
class Rows:
    """Membership-years.

    ``record``: log members, log years of membership, memberships of the state, log rates at which
    this state and members of this body left before.  ``left``: out a year later.
    """

    year: Int[np.ndarray, " R"]
    state: Int[np.ndarray, " R"]
    organisation: Int[np.ndarray, " R"]
    issue: Int[np.ndarray, " R"]
    record: Float[np.ndarray, "R J"]
    stake: Float[np.ndarray, "R C"]
    left: Float[np.ndarray, " R"]

    def take(self, where: np.ndarray) -> Rows:
        """Return some rows."""
        return Rows(*(getattr(self, name)[where] for name in self.__dataclass_fields__))


@cache
def rows() -> Rows:
    """Return every membership-year 1965-2013 and whether the state was out a year later."""
    every = _memberships()
    held = set(zip(every.ioname, every.ccode, every.year, strict=True))
    exits_of_state: dict[int, list[float]] = {}
    exits_of_body: dict[str, list[float]] = {}
    since: dict[tuple[str, int], int] = {}
    parts: list[Rows] = []
    gone = at_risk = 0.0
    for year in range(FIRST, LAST + 1):
        here = world(year)
        later = set(every[every.year == year + 1].ccode)
        k, n = np.nonzero(here.member * np.isin(here.states, list(later)))
        codes, names = here.states[n], np.array(here.names)[k]
        keys = list(zip(names, codes, strict=True))
        left = np.array([float((a, c, year + 1) not in held) for a, c in keys])
        start = np.array([since.setdefault(key, year) for key in keys])
        base = (gone + 1.0) / (at_risk + PRIOR)

        def rate(known: dict, keys: np.ndarray, base: float = base) -> np.ndarray:
            pairs = np.array([known.get(key, [0.0, 0.0]) for key in keys])
            return np.log((pairs[:, 0] + PRIOR * base) / (pairs[:, 1] + PRIOR))

        record = np.column_stack(
            [
                np.log(here.member.sum(axis=1))[k],
                np.log1p(year - start),
                here.member.sum(axis=0)[n],
                rate(exits_of_state, codes),
                rate(exits_of_body, names),
            ]
        )
        number = _places(sorted(_issues().index), names)
        full = np.full(len(k), year)
        stake = here.stakes()[k, n]
        parts.append(Rows(full, codes, number, here.issue[k], record, stake, left))
        for key, one, table in ((codes, left, exits_of_state), (names, left, exits_of_body)):
            sums = pd.DataFrame({"key": key, "left": one}).groupby("key").left.agg(["sum", "size"])
            for name, out, risk in sums.itertuples():
                before = table.get(name, [0.0, 0.0])
                table[name] = [before[0] + out, before[1] + risk]
        gone, at_risk = gone + left.sum(), at_risk + len(left)
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Rows.__dataclass_fields__
    }
    return Rows(**joined)
