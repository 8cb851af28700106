"""The panel: a frame of state-years, dyad-years or k-ad-years that knows what covers it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from comity.core.errors import BadInput
from comity.data.panel import (
    alliances,
    capabilities,
    civil,
    contiguity,
    disputes,
    distance,
    gdp,
    igos,
    regime,
    spells,
    spending,
    trade,
    troops,
    votes,
    wars,
)
from comity.data.panel import coverage as cover
from comity.data.panel.cite import citations
from comity.data.panel.coverage import Added, Column
from comity.data.panel.keys import CodeSystem, Keys

LISTS = {"cow": "cow_states", "gw": "gw_states", "id": "cow_states"}


@dataclass(frozen=True)
class Panel:
    """A panel and the record of what was added to it.

    Every ``add_*`` method returns a new panel.  Cells outside a source's coverage are missing
    (NaN) and one ``CoverageWarning`` names the source and its last year; zero means that the
    source looked and found none.  In panels of dyads a figure of states gets the suffixes 1 and
    2, in panels of k-ads ``_sum``, ``_min`` and ``_max`` over the members.

    Parameters
    ----------
    frame
        The rows; read it, do not change it.
    keys
        Which states a row is about.
    system
        State system of the rows: ``cow``, ``gw`` or, for users' own frames, ``id``.
    year
        Name of the year column.
    columns
        Where the added columns came from.
    backend
        Kind of data frame that ``to_native`` returns.
    """

    frame: pd.DataFrame
    keys: Keys
    system: CodeSystem
    year: str = "year"
    columns: tuple[Column, ...] = ()
    backend: str = "pandas"

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def unit(self) -> str:
        """Return what a row is."""
        return self.keys.unit

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a pandas frame of its own."""
        return self.frame.copy()

    def to_native(self) -> Any:
        """Return the rows in the kind of frame that was brought to ``of`` (else pandas)."""
        if self.backend == "pandas":
            return self.to_pandas()
        import narwhals as nw
        import pyarrow as pa

        table = pa.Table.from_pandas(self.frame, preserve_index=False)
        if self.backend == "pyarrow":
            return table
        backend: Any = self.backend
        return nw.from_arrow(table, backend=backend).to_native()

    def coverage(self) -> pd.DataFrame:
        """Return one row an added column: source, years, unit, shares of rows covered and known."""
        return cover.table(self.frame, self.keys.year, self.columns)

    def cite(self) -> str:
        """Return the citations of the state list and of every source used, one a line."""
        return citations([LISTS[self.system], *(c.source for c in self.columns)])

    def where(self, mask: pd.Series | np.ndarray) -> "Panel":
        """Return the rows at which ``mask`` is true; missing counts as false."""
        chosen = np.flatnonzero(pd.Series(mask).fillna(False).to_numpy(dtype=bool))
        return replace(self, frame=self.frame.iloc[chosen], keys=self.keys.take(chosen))

    def with_columns(self, added: Added) -> "Panel":
        """Return the panel with columns, and warn once where rows lie outside their coverage.

        Raises
        ------
        BadInput
            When a column is there already.
        """
        doubled = sorted(set(added.values) & set(self.frame.columns))
        if doubled:
            raise BadInput(
                f"the panel already has {', '.join(doubled)}",
                why="adding it again would overwrite it",
                fix="rename or drop the column first",
            )
        cover.warn(self.keys, added.columns)
        new = pd.DataFrame(added.values, index=self.frame.index)
        frame = pd.concat([self.frame, new], axis=1)
        return replace(self, frame=frame, columns=self.columns + added.columns)

    def _pairs(self, what: str) -> Keys:
        """Return the keys of a panel of dyads.

        Raises
        ------
        BadInput
            When rows are not pairs.
        """
        if not self.keys.dyadic:
            raise BadInput(
                f"{what} cannot be added to {self.unit}s",
                why="it is known of pairs of states",
                fix="start from panel.dyad_years()",
            )
        return self.keys

    def _no_kads(self, what: str) -> Keys:
        """Return the keys of a panel of states or dyads.

        Raises
        ------
        BadInput
            When rows are k-ads.
        """
        if self.keys.sizes is not None:
            raise BadInput(
                f"{what} cannot be added to {self.unit}s",
                why="what is known of pairs does not add up over members",
                fix="start from panel.state_years() or panel.dyad_years()",
            )
        return self.keys

    def add_capabilities(self) -> "Panel":
        """Add milex, milper, irst, pec, tpop, upop, cinc and ``nmc_break`` (1 from 2017 on)."""
        return self.with_columns(capabilities.capabilities(self.keys))

    def add_majors(self) -> "Panel":
        """Add ``major``: 1 for a major power, 0 for others to 2016, missing later."""
        return self.with_columns(capabilities.majors(self.keys))

    def add_alliances(self) -> "Panel":
        """Add the five ATOP obligations, directed; numbers of partners for states."""
        return self.with_columns(alliances.alliances(self._no_kads("alliances")))

    def add_disputes(
        self,
        source: disputes.Source = "gml",
        exclude: tuple[disputes.Rule, ...] = (),
    ) -> "Panel":
        """Add onset, ongoing, hostility of militarized disputes; see the module for the rules."""
        return self.with_columns(disputes.disputes(self._no_kads("disputes"), source, exclude))

    def add_contiguity(self) -> "Panel":
        """Add ``contiguity`` 1 to 5, 0 none; for states the number of neighbours."""
        return self.with_columns(contiguity.contiguity(self._no_kads("contiguity")))

    def add_distance(self) -> "Panel":
        """Add ``capital_distance`` and ``minimum_distance`` in km, to dyads."""
        return self.with_columns(distance.distance(self._pairs("distance")))

    def add_trade(self, smooth: bool = False) -> "Panel":
        """Add imports and exports in million current USD (``smooth``: the smoothed series)."""
        return self.with_columns(trade.trade(self._no_kads("trade"), smooth))

    def add_votes(self) -> "Panel":
        """Add ``vote_agreement`` and ``votes_joint`` in the General Assembly, to dyads."""
        return self.with_columns(votes.votes(self._pairs("votes")))

    def add_ideal_points(self, measure: votes.Measure = "fp") -> "Panel":
        """Add ideal points from General Assembly votes, and their distance to dyads."""
        return self.with_columns(votes.ideal_points(self.keys, measure))

    def add_regime(self) -> "Panel":
        """Add ``polyarchy`` (V-Dem) and ``polity2`` (Polity5)."""
        return self.with_columns(regime.regime(self.keys, self.system))

    def add_igos(self) -> "Panel":
        """Add joint IGO memberships to dyads, numbers of memberships to states."""
        return self.with_columns(igos.igos(self._no_kads("igos")))

    def add_wars(self, kind: wars.Kind = "inter") -> "Panel":
        """Add onset and ongoing of wars between states, or (``intra``) within states."""
        return self.with_columns(wars.wars(self._no_kads("wars"), kind))

    def add_civil_conflict(self) -> "Panel":
        """Add civil conflict, civil war and onset (UCDP/PRIO)."""
        return self.with_columns(civil.civil(self.keys))

    def add_spending(self) -> "Panel":
        """Add SIPRI military spending: current, constant and share of GDP."""
        return self.with_columns(spending.spending(self.keys))

    def add_troops(self) -> "Panel":
        """Add ``us_troops``: US active-duty personnel in the state."""
        return self.with_columns(troops.troops(self.keys))

    def add_gdp(self, source: gdp.Source = "maddison") -> "Panel":
        """Add GDP (and population) from ``maddison``, ``pwt`` or ``wdi``, each under its name."""
        return self.with_columns(gdp.gdp(self.keys, source))

    def add_relevance(self) -> "Panel":
        """Add ``relevant``: 1 for pairs that are contiguous (codes 1 to 5) or hold a major power.

        Missing where that is not known: after 2016 nobody is relevant by default.
        """
        keys = self._pairs("relevance")
        near = contiguity.contiguity(keys).values["contiguity"]
        power = capabilities.majors(keys).values
        flags = [near > 0, power["major1"] == 1, power["major2"] == 1]
        known = ~(np.isnan(near) | np.isnan(power["major1"]) | np.isnan(power["major2"]))
        yes = np.logical_or.reduce(flags)
        value = np.where(yes, 1.0, np.where(known, 0.0, np.nan))
        parts = [cover.window("cow_contdir"), cover.window("cow_majors")]
        first, last = max(p[0] for p in parts), min(p[1] for p in parts)
        facts = tuple(
            Column("relevant", name, first, last, "0/1", True, "contiguity 1-5 or a power", "cow")
            for name in ("cow_contdir", "cow_majors")
        )
        return self.with_columns(Added({"relevant": value}, facts))

    def relevant(self) -> "Panel":
        """Return the politically relevant dyads; pairs of unknown relevance are left out."""
        full = self if "relevant" in self.frame else self.add_relevance()
        return full.where(full.frame["relevant"].to_numpy() == 1)

    def _units(self) -> np.ndarray:
        """Return the number of the state, pair or k-ad of each row, by code as in the list."""
        if self.keys.sizes is not None:
            return pd.factorize(self.frame.iloc[:, 0])[0]
        code = self.keys.table.code(self.system)
        sides = [code[side] for side in self.keys.sides]
        if self.unit == "undirected dyad-year":
            sides = [np.minimum(*sides), np.maximum(*sides)]
        return pd.MultiIndex.from_arrays(sides).factorize()[0]

    def _flag(self, column: str) -> np.ndarray:
        """Return a column as floats.

        Raises
        ------
        BadInput
            When it is not there.
        """
        if column not in self.frame:
            raise BadInput(
                f"the panel has no column {column!r}",
                fix=f"add it first; there are {', '.join(map(str, self.frame.columns))}",
            )
        return self.frame[column].astype("float64").to_numpy()

    def add_peace_years(self, event: str, name: str = "peace_years") -> "Panel":
        """Add the years without the event before each row; missing while any is unknown."""
        value = spells.time_since(self._units(), self.keys.year, self._flag(event))
        return self._derived({name: value}, event, "years")

    def add_spells(self, column: str) -> "Panel":
        """Add the number of the run of equal values and the year in it, from 1."""
        number, year = spells.runs(self._units(), self.keys.year, self._flag(column))
        return self._derived({f"{column}_spell": number, f"{column}_year": year}, column, "1")

    def _derived(self, values: dict[str, np.ndarray], column: str, unit: str) -> "Panel":
        """Add columns made from another one, with its sources and years."""
        made = tuple(
            replace(c, name=name, unit=unit, note=f"made from {column}")
            for name in values
            for c in self.columns
            if c.name == column
        )
        covered = self.keys.known(self.system)
        for one in made:
            covered &= (self.keys.year >= one.first) & (self.keys.year <= one.last)
        figures = {name: np.where(covered, v, np.nan) for name, v in values.items()}
        return replace(self, columns=self.columns + made).with_columns(Added(figures))
