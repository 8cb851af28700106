"""Traits of states outside (and inside) organisations and of pairs, as known in one year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from comity.evidence.backtest import Past
from comity.models.institutions import ties

AFTER = (4, 10)
NEAR = 1500.0  # km over which the weight of a neighbour falls to 37 %
RECENT = 5
CODES = 1000


@dataclass(frozen=True)
class Organised:
    """Organisations alive in a year by states of that year; one row each pair of the two.

    ``member`` (K, N) is full membership; ``looser`` association or observation; ``joined`` and
    ``former`` full membership five years before and at any time before.
    """

    year: int
    organisations: Int[ndarray, " K"]
    states: Int[ndarray, " N"]
    member: Float[ndarray, "K N"]
    looser: Float[ndarray, "K N"]
    before: Float[ndarray, "K N"]
    former: Float[ndarray, "K N"]
    age: Float[ndarray, " K"]

    @property
    def organisation(self) -> Int[ndarray, " R"]:
        """Organisation of each row."""
        return np.repeat(self.organisations, len(self.states))

    @property
    def state(self) -> Int[ndarray, " R"]:
        """Code of the state of each row."""
        return np.tile(self.states, len(self.organisations))

    @property
    def unit(self) -> Int[ndarray, " R"]:
        """Number of each row, the same in every year."""
        return self.organisation * CODES + self.state

    @property
    def inside(self) -> Bool[ndarray, " R"]:
        """Whether the state of each row is a full member."""
        return self.member.reshape(-1) > 0

    def traits(self, past: Past) -> Float[ndarray, "R J"]:
        """Return the traits of each row."""
        m, here = self.member, slice(None)
        distance, power, polity, defence = described(past, self.states, self.year)
        near = np.exp(-distance / NEAR) * (1.0 - np.eye(len(self.states)))
        near = np.nan_to_num(near)
        like = ties.with_members(m, ties.likeness(m.T))
        inner = np.where(m > 0, like, np.nan)
        with np.errstate(invalid="ignore"):
            usual = np.nansum(inner, axis=1) / np.maximum((m > 0).sum(axis=1), 1)
        count = m.sum(axis=1)
        fresh = (m * (1 - self.before)).sum(axis=1) / np.maximum(count, 1)
        neighbours = (m @ near.T) / np.maximum(near.sum(axis=1), 1e-9)
        shape = m.shape
        return np.stack(
            [
                like,
                like / np.where(usual > 0, usual, 1.0)[:, None],
                neighbours,
                np.broadcast_to(np.log(np.maximum(count, 1))[:, None], shape),
                np.broadcast_to((count / shape[1])[:, None], shape),
                np.broadcast_to(fresh[:, None], shape),
                np.broadcast_to(np.log1p(self.age)[:, None], shape),
                np.broadcast_to(m.mean(axis=0)[None, here], shape),
                self.looser,
                self.former * (1 - m),
                ties.with_members(m, np.abs(polity[:, None] - polity[None, :])),
                np.broadcast_to(power[None, :], shape),
                ties.with_members(m, defence),
                neighbours * (count / shape[1])[:, None],
            ],
            axis=-1,
        ).reshape(-1, 14)


def organised(igo: pd.DataFrame, year: int) -> Organised:
    """Return organisations and states of a year from memberships dated to it."""
    now = igo[igo["year"] == year]
    full = now[now["status"] == 1]
    sizes = full.groupby("organisation").size()
    names = np.sort(sizes[sizes >= 2].index.to_numpy(np.int64))
    states = np.sort(now["ccode"].unique()).astype(np.int64)
    old = igo[(igo["year"] <= year - RECENT) & (igo["status"] == 1)]
    five = old[old["year"] == year - RECENT]
    start = igo[igo["status"] == 1].groupby("organisation").year.min()
    return Organised(
        year,
        names,
        states,
        _grid(full, names, states),
        _grid(now[now["status"] > 1], names, states),
        _grid(five, names, states),
        _grid(igo[(igo["status"] == 1) & (igo["year"] < year)], names, states),
        year - start.reindex(names).to_numpy(float),
    )


def _grid(
    rows: pd.DataFrame, names: Int[ndarray, " K"], states: Int[ndarray, " N"]
) -> Float[ndarray, "K N"]:
    """Return 1 where a table has a row for organisation and state."""
    first = pd.Index(names).get_indexer(pd.Index(rows["organisation"]))
    second = pd.Index(states).get_indexer(pd.Index(rows["ccode"]))
    grid = np.zeros((len(names), len(states)))
    ok = (first >= 0) & (second >= 0)
    grid[first[ok], second[ok]] = 1.0
    return grid


def described(
    past: Past, states: Int[ndarray, " N"], year: int
) -> tuple[Float[ndarray, "N N"], Float[ndarray, " N"], Float[ndarray, " N"], ndarray]:
    """Return distance (km), log capability, Polity and defence ties (0 or 1) in a year."""
    distance = _latest_pairs(past.table("distance"), "mindist", states, year)
    power = np.log(_latest(past.table("power"), "cinc", states, year) + 1e-6)
    polity = _latest(past.table("polity"), "polity2", states, year)
    rows = past.table("defence")
    rows = rows[(rows["year"] == year) & (rows["atop_defense"] == 1)]
    return distance, power, polity, either(rows, states)


def either(rows: pd.DataFrame, states: Int[ndarray, " N"]) -> Float[ndarray, "N N"]:
    """Return 1 where a table of directed pairs has a row in one direction or the other."""
    first, second = _at(rows, states)
    grid = np.zeros((len(states), len(states)))
    ok = (first >= 0) & (second >= 0)
    grid[first[ok], second[ok]] = 1.0
    return np.maximum(grid, grid.T)


def _at(rows: pd.DataFrame, states: Int[ndarray, " N"]) -> tuple[ndarray, ndarray]:
    index = pd.Index(states)
    return index.get_indexer(pd.Index(rows["ccode1"])), index.get_indexer(pd.Index(rows["ccode2"]))


def _latest(
    rows: pd.DataFrame, column: str, states: Int[ndarray, " N"], year: int
) -> Float[ndarray, " N"]:
    """Return each state's last figure of the ten years to ``year``."""
    mine = rows[(rows["year"] <= year) & (rows["year"] > year - 10)].dropna(subset=[column])
    last = mine.sort_values("year").drop_duplicates("ccode", keep="last").set_index("ccode")
    return last[column].reindex(states).to_numpy(float)


def _latest_pairs(
    rows: pd.DataFrame, column: str, states: Int[ndarray, " N"], year: int
) -> Float[ndarray, "N N"]:
    mine = rows[rows["year"] == year]
    first, second = _at(mine, states)
    grid = np.full((len(states), len(states)), np.nan)
    ok = (first >= 0) & (second >= 0)
    grid[first[ok], second[ok]] = mine[column].to_numpy(float)[ok]
    grid = np.where(np.isfinite(grid), grid, grid.T)
    np.fill_diagonal(grid, 0.0)
    return grid


@dataclass(frozen=True)
class Pacted:
    """Pairs of states of a year (lower code first) and who owes whom defence in it."""

    year: int
    states: Int[ndarray, " N"]
    defence: Float[ndarray, "N N"]
    other: Float[ndarray, "N N"]
    once: Float[ndarray, "N N"]
    shared: Float[ndarray, "N N"]

    @property
    def places(self) -> tuple[ndarray, ndarray]:
        """Positions of the two states of each row."""
        return np.triu_indices(len(self.states), 1)

    @property
    def first(self) -> Int[ndarray, " R"]:
        """Code of the first state of each row."""
        return self.states[self.places[0]]

    @property
    def second(self) -> Int[ndarray, " R"]:
        """Code of the second state of each row."""
        return self.states[self.places[1]]

    @property
    def unit(self) -> Int[ndarray, " R"]:
        """Number of each row, the same in every year."""
        return self.first * CODES + self.second

    @property
    def tied(self) -> Bool[ndarray, " R"]:
        """Whether one owes the other defence."""
        return self.defence[self.places] > 0

    def later(self, rows: pd.DataFrame, year: int) -> pd.DataFrame:
        """Return obligations in a later year; no row where alliances are not listed for it."""
        there = rows[(rows["year"] == year) & (rows["atop_defense"] == 1)]
        value = either(there, self.states)[self.places]
        found = pd.DataFrame({"unit": self.unit, "year": year, "value": value})
        return found if len(there) else found[:0]

    def traits(self, past: Past) -> Float[ndarray, "R J"]:
        """Return the traits of each pair."""
        distance, power, polity, _ = described(past, self.states, self.year)
        d = self.defence
        near = np.nan_to_num(np.exp(-distance / NEAR) * (1.0 - np.eye(len(d))))
        allies = d.sum(axis=1)
        # How far a pair's neighbours, and its partners in organisations, are tied already: a
        # treaty of many members reaches a state through those that it resembles.
        beside = (d @ near) / np.maximum(near.sum(axis=0), 1e-9)[None, :]
        alike = self.shared * (1.0 - np.eye(len(d)))
        through = (d @ alike) / np.maximum(alike.sum(axis=0), 1e-9)[None, :]
        i, j = self.places
        return np.column_stack(
            [
                np.log1p(distance[i, j]),
                distance[i, j] == 0,
                ties.likeness(d)[i, j],
                np.maximum(beside, beside.T)[i, j],
                np.maximum(through, through.T)[i, j],
                self.shared[i, j],
                self.other[i, j],
                self.once[i, j],
                np.abs(polity[i] - polity[j]),
                np.minimum(polity[i], polity[j]),
                np.maximum(power[i], power[j]),
                np.minimum(power[i], power[j]),
                np.log1p(np.maximum(allies[i], allies[j])),
                np.log1p(np.minimum(allies[i], allies[j])),
            ]
        ).astype(float)


def pacted(defence: pd.DataFrame, igo: pd.DataFrame, year: int) -> Pacted:
    """Return the pairs of a year from obligations and memberships dated to it."""
    now = organised(igo, year)
    here = defence[defence["year"] == year]
    owes = here["atop_defense"] == 1
    past = defence[(defence["year"] < year) & (defence["atop_defense"] == 1)]
    return Pacted(
        year,
        now.states,
        either(here[owes], now.states),
        either(here[~owes], now.states),
        either(past.drop_duplicates(["ccode1", "ccode2"]), now.states),
        ties.likeness(now.member.T),
    )
