"""Military spending by state and year, and whose spending a state watches: rivals and allies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from comity.evidence.backtest import Past
from comity.evidence.panels.growth_panel import panel_of, wide
from comity.models.force.armament import YEARS
from comity.models.people.growth_on_a_panel import GrowthPanel

FIRST = 1959  # the first decade of the fit starts here: fifty states report
REACTIONS = ("rivals", "allies")
SPENDING = ["unit", "year", "constant", "share", "watched"]


@dataclass(frozen=True)
class Knowledge:
    """A past as tables: log spending (years x ids), log share of GDP now, who watches whom."""

    logs: pd.DataFrame
    share: pd.Series
    watched: pd.DataFrame
    pairs: pd.DataFrame
    growth: GrowthPanel


def read_spending() -> pd.DataFrame:
    """Return ``unit``, ``year``, ``constant`` (million 2023 USD), ``share`` (of GDP), ``watched``.

    ``watched`` is what others see: SIPRI, else the Correlates of War figure at SIPRI's own prices
    for the United States.
    """
    from comity.data.sources import sipri_milex
    from comity.data.sources.source import load
    from comity.registry.states import convert

    mine = sipri_milex.tidy().rename(columns={"id": "unit"})
    usa = mine[mine.unit == "USA"].set_index("year")
    other = load("cow_nmc", columns=["ccode", "year", "milex"])
    other = other[(other.milex >= 0) & other.year.isin(usa.index)]
    other = other.assign(
        unit=convert(other.ccode, "cow", "id", other.year.to_numpy()),
        watched=other.milex / 1e3 * other.year.map(usa.constant / usa.current),
    )
    other = other.dropna(subset=["unit"]).drop_duplicates(["unit", "year"])
    both = mine.merge(other[["unit", "year", "watched"]], on=["unit", "year"], how="outer")
    both["watched"] = both.constant.where(both.constant.notna(), both.watched).astype(float)
    return both[SPENDING].sort_values(["unit", "year"], ignore_index=True)


def read_watched() -> pd.DataFrame:
    """Return ``unit``, ``other``, ``year``, ``kind``: rivals, and allies that owe it defence.

    Rivals: thompson2022analyzing, to 2020, carried on.  Allies: leeds2002alliance, to 2018,
    carried on; both to the last year of spending.
    """
    from comity.data.sources.source import load, years
    from comity.registry.states import convert

    last_year, open_from = years("sipri_milex")[1], years("tss_rivalries")[1]
    rivals = load("tss_rivalries", columns=["ccode1", "ccode2", "start", "end"])
    rivals = rivals[rivals.end >= 1949].reset_index(drop=True)
    end = rivals.end.where(rivals.end < open_from, last_year)
    spans = [range(max(1949, int(a)), int(b) + 1) for a, b in zip(rivals.start, end, strict=True)]
    rivals = rivals.assign(year=pd.Series(spans, dtype=object)).explode("year")
    both = pd.concat([rivals, rivals.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})])
    allies = load("atop_dyad_year", columns=["ccode1", "ccode2", "year", "atop_defense"])
    allies = allies[(allies.atop_defense == 1) & (allies.year >= 1949)]
    last = allies[allies.year == allies.year.max()]
    later = [last.assign(year=year) for year in range(int(allies.year.max()) + 1, last_year + 1)]
    # Who is owed watches who owes.
    allies = pd.concat([allies, *later]).rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})
    rows = pd.concat([both.assign(kind="rivals"), allies.assign(kind="allies")])
    when = rows.year.astype(int).to_numpy()
    rows = rows.assign(
        year=when,
        unit=convert(rows.ccode1, "cow", "id", when).to_numpy(),
        other=convert(rows.ccode2, "cow", "id", when).to_numpy(),
    )
    rows = rows[["unit", "other", "year", "kind"]].dropna().drop_duplicates()
    return rows.sort_values(["kind", "year", "unit", "other"], ignore_index=True)


def log_spending(rows: pd.DataFrame, column: str = "constant") -> pd.DataFrame:
    """Return logs of spending, years x units; nil spending has no logarithm and is left out."""
    table = wide(rows, column)
    return pd.DataFrame(np.log(table.where(table > 0)), table.index, table.columns)


def log_share(rows: pd.DataFrame, year: int) -> pd.Series:
    """Return the log share of GDP of a year, else of the year before, by unit."""
    now, before = (rows[rows.year == y].set_index("unit").share for y in (year, year - 1))
    share = now.reindex(before.index.union(now.index))
    share = share.where(share > 0, before.reindex(share.index))
    return pd.Series(np.log(share.where(share > 0)))


def knowledge(past: Past) -> Knowledge:
    """Return what a past holds."""
    rows = past.table("spending")
    logs = log_spending(rows).reindex(range(int(rows.year.min()), past.last + 1))
    return Knowledge(
        logs,
        log_share(rows, past.last).reindex(logs.columns),
        wide(rows, "watched"),
        past.table("watched"),
        panel_of(past),
    )


def decades(past: Past) -> pd.DataFrame:
    """Return one row a state and decade that ends by ``past.last``, ten years apart.

    ``change`` of log spending, ``growth`` of GDP in it, ``gap`` (log median share less own) at its
    start, and the change of what ``rivals`` and ``allies`` of its start spend (nil without any).
    """
    rows, known = past.table("spending"), knowledge(past)
    found = []
    for start in range(past.last - YEARS, FIRST - 1, -YEARS):
        end = start + YEARS
        share = log_share(rows, start)
        growth = known.growth.growth.loc[start + 1 : end].sum(min_count=YEARS)
        table = pd.DataFrame(
            {
                "change": known.logs.loc[end] - known.logs.loc[start],
                "growth": growth.reindex(known.logs.columns),
                "gap": share.median() - share,
            }
        ).dropna()
        for kind in REACTIONS:
            pairs = known.pairs[(known.pairs.kind == kind) & (known.pairs.year == start)]
            table[kind] = (
                _watched_change(pairs, known.watched, start, end).reindex(table.index).fillna(0.0)
            )
        found.append(table.assign(start=start))
    return pd.concat(found).rename_axis("unit").reset_index()


def _watched_change(pairs: pd.DataFrame, spending: pd.DataFrame, start: int, end: int) -> pd.Series:
    """Return the log change of what the partners with both figures spend, by unit."""
    then, now = (pairs.other.map(spending.loc[year].to_dict()) for year in (start, end))
    both = (then > 0) & (now > 0)
    sums = pairs.assign(then=then, now=now)[both].groupby("unit")[["then", "now"]].sum()
    return pd.Series(np.log(sums.now / sums.then))


def yearly_rows(past: Past) -> pd.DataFrame:
    """Return one row a state and year for the error-correction panel.

    ``change`` of log spending (clipped at half), ``growth`` of GDP, last year's ``level`` of log
    spending and ``income`` (log GDP), last year's change of what ``rivals`` and ``allies`` of the
    year before spend; states with ten years or more.
    """
    known = knowledge(past)
    logs = known.logs
    growth = known.growth.growth.reindex(index=logs.index, columns=logs.columns)
    columns = {
        "change": logs.diff().clip(-0.5, 0.5),
        "growth": growth,
        "level": logs.shift(1),
        "income": growth.cumsum().where(growth.notna()).shift(1),
    }
    for kind in REACTIONS:
        pairs = {year: part for year, part in known.pairs[known.pairs.kind == kind].groupby("year")}
        moved = {
            year: _watched_change(pairs[year - 1], known.watched, year - 2, year - 1)
            for year in logs.index[2:]
            if year - 1 in pairs
        }
        table = pd.DataFrame(moved).T.reindex(index=logs.index, columns=logs.columns)
        columns[kind] = table.fillna(0.0)
    rows = (
        pd.concat(
            {
                name: table.rename_axis(index="year", columns="unit").stack()
                for name, table in columns.items()
            },
            axis=1,
        )
        .dropna()
        .reset_index()
    )
    return rows[rows.groupby("unit").year.transform("size") >= 10].reset_index(drop=True)
