"""Estimates behind the links between mechanisms, each on all cases that the data hold.

*Trade and disputes*: the lower of both shares in the other's trade, within directed pairs.
*Allied arms*: capabilities of the target's strongest protector over the challenger's, likewise.
*Joining*: what the protector's trade, and the client's effort, go with once a challenge has come.
*Spending*: what follows a challenge, or the start of a war, in the target's (a side's) budget.
Traits are of the year before.  All are associations, within pairs or states where that can be;
the budget of the years before an event stands beside that of the years after it.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from comity.core.errors import CoverageWarning
from comity.data import panel
from comity.data.panel.keys import Table
from comity.data.sources.source import load
from comity.evidence.estimates import Figures, crisis_effects
from comity.evidence.panels.crisis_panel import FIRST, challenges, coded, panel_rows, pledges
from comity.evidence.panels.spending_panel import log_spending, read_spending
from comity.models.statistics.within import Slope, slope
from comity.models.trade.partner_share import FLOOR
from comity.registry.states import convert

KEY = ["ccode1", "ccode2", "year"]
LAST = 2010  # last year of disputes
# Share (%) of trade from which a pair counts as trading some, and below which it is rounding.
SOME, NOTHING = 0.1, 1e-10
# Years after a challenge over which spending is compared with the year before it.
SPAN = 3
# Log changes of spending larger than this are new states, new prices and coups. Judged.
LARGEST = 1.5
# Burdens outside these (% of GDP) are prices that do not fit: official rates, years of inflation.
BURDENS = (0.05, 60.0)


class Found(NamedTuple):
    """An estimate, its standard error and its cases."""

    value: float
    se: float
    count: int


def arms() -> Figures:
    """Return what arms of a protector go with in the rate of challenges."""
    return {"crises.allied_arms": {"value": _within(pair_years(), "armed").value}}


def joining() -> Figures:
    """Return what trade goes with in the log-odds that a protector joins."""
    found = joiners()
    return {
        "commitment.trade_challenger": {"value": found["trade with the challenger"].value},
        "commitment.trade_client": {"value": found["trade with the client"].value},
    }


def challenged() -> Figures:
    """Return by how much spending of a state rises after it was challenged."""
    found = spending()["challenged"]
    return {"crises.alarm": {"value": found.value, "sd": found.se}}


def mobilised() -> Figures:
    """Return by how much spending of a state rises where it enters a war."""
    found = spending()["war"]
    return {"war.mobilises": {"value": found.value, "sd": found.se}}


@cache
def partners() -> Table:
    """Return state 2's share (%) of all trade of state 1, directed pair-years with both figures."""
    rows: Table = panel.dyad_years(directed=True, first=FIRST, last=LAST).add_trade().to_pandas()
    whole: Table = panel.state_years(first=FIRST, last=LAST).add_trade().to_pandas()
    whole = whole.assign(total=whole["imports"] + whole["exports"])
    whole = whole.rename(columns={"ccode": "ccode1"})[["ccode1", "year", "total"]]
    rows = rows.merge(whole[whole["total"] > 0], on=["ccode1", "year"])
    rows = rows.assign(traded=rows["imports"] + rows["exports"])
    rows = rows.assign(share=100.0 * rows["traded"] / rows["total"])[[*KEY, "share"]]
    return rows[rows["share"] <= 100.0]  # a few pairs trade more than the totals of one side hold


@cache
def over_gdp() -> Table:
    """Return trade with state 2 in % of GDP of state 1, directed pair-years, Taiwan without."""
    rows: Table = panel.dyad_years(directed=True, first=FIRST, last=LAST).add_trade().to_pandas()
    rows = rows.merge(_gdp().rename(columns={"ccode": "ccode1"}), on=["ccode1", "year"])
    traded = rows["imports"] + rows["exports"]
    return rows[KEY].assign(share=100.0 * traded / rows["gdp"]).dropna()


def _gdp() -> Table:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        states = panel.state_years(first=FIRST, last=LAST).add_gdp("wdi").to_pandas()
    return states[["ccode", "year", "gdp_wdi"]].rename(columns={"gdp_wdi": "gdp"}).dropna()


def burdens() -> Table:
    """Return military spending in % of GDP by state and year, both in current dollars."""
    power: Table = load("cow_nmc", ["ccode", "year", "milex"])
    rows = _gdp().merge(power[power["milex"] > 0], on=["ccode", "year"])
    share = 0.1 * rows["milex"].astype(float) / rows["gdp"]
    rows = rows[["ccode", "year"]].assign(burden=share)
    return rows[rows["burden"].between(*BURDENS)]


def pair_years() -> pd.DataFrame:
    """Return directed relevant pair-years with logs ``trade``, ``of_gdp`` and ``armed``.

    ``trade``: the lower of both shares that one has in the other's trade; ``of_gdp``: the lower of
    both sides' trade over GDP; ``armed``: one plus capabilities of the target's strongest
    protector over the challenger's, nil without one.
    """
    known = crisis_effects.known_before(panel_rows())
    for name, own in (("trade", partners()), ("of_gdp", over_gdp())):
        turned = own.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1", "share": "theirs"})
        both = own.merge(turned, on=KEY)
        lower = np.log(both[["share", "theirs"]].min(axis=1) + FLOOR)
        known = known.merge(both[KEY].assign(**{name: lower}), on=KEY, how="left")
    shield = known["shield"].to_numpy(float)
    return known.assign(armed=np.nan_to_num(np.log1p(np.exp(shield))))


def disputes() -> dict[str, Found]:
    """Return log rates of a challenge in a year, within directed pairs; pairs clustered.

    Trade also by its log without the floor where it is positive, and on shares above ``SOME``.
    """
    known = pair_years()
    share = np.exp(known["trade"].to_numpy(float)) - FLOOR
    positive = known.assign(trade=np.log(np.where(share > NOTHING, share, np.nan)))
    return {
        "trade": _within(known, "trade"),
        "trade, positive": _within(positive, "trade"),
        "trade, some": _within(known[share > SOME], "trade"),
        "trade over GDP": _within(known, "of_gdp"),
        "allied arms": _within(known, "armed"),
    }


def _within(known: Table, name: str) -> Found:
    some = known.dropna(subset=[name]).reset_index(drop=True)
    table = crisis_effects.changes(some, (name, *crisis_effects.MOVING), coded(some))
    return _row(table, name, len(some))


def joiners() -> dict[str, Found]:
    """Return log-odds that a state bound to the target joins, by trade and by effort.

    All protectors with their strength, borders and what the target does; major powers alone for
    the client's effort, as those that are no power join where they border the challenger.
    """
    found = crisis_effects.protectors()
    before = partners().assign(year=lambda rows: rows["year"] + 1)
    for side, name in (("ccode1", "with_challenger"), ("ccode2", "with_client")):
        column = before.set_axis(["patron", side, "year", name], axis=1)
        found = found.merge(column, on=["patron", side, "year"], how="left")
    effort = burdens().assign(year=lambda rows: rows["year"] + 1)
    found = found.merge(
        effort.set_axis(["ccode2", "year", "burden"], axis=1), on=["ccode2", "year"], how="left"
    )
    found = found.assign(
        with_challenger=np.log(found["with_challenger"] + FLOOR),
        with_client=np.log(found["with_client"] + FLOOR),
        effort=np.log(found["burden"]),
    )
    same = ("shield", "torn", "borders", "resists", "force")
    trading = ("with_challenger", "with_client", "major", *same)
    traded, table = _joined(found, trading)
    mighty, armed = _joined(found[found["major"] == 1], ("effort", *same))
    every, any_ = _joined(found, ("effort", "major", *same))
    great, power = _joined(found[found["major"] == 1], ("with_challenger", "with_client", *same))
    return {
        "trade with the challenger, major powers": _row(power, "with_challenger", great),
        "trade with the client, major powers": _row(power, "with_client", great),
        "trade with the challenger": _row(table, "with_challenger", traded),
        "trade with the client": _row(table, "with_client", traded),
        "effort of the client, major powers": _row(armed, "effort", mighty),
        "effort of the client, all": _row(any_, "effort", every),
    }


def _joined(found: Table, names: tuple[str, ...]) -> tuple[int, pd.DataFrame]:
    return len(found.dropna(subset=list(names))), crisis_effects.who_joins(found, names)


def spending() -> dict[str, Found]:
    """Return log changes of spending after a challenge and after the start of a war.

    From the year before to ``SPAN`` years after a challenge, to one year after a war began (its
    sides alike); effects of state and year, states clustered.  ``before``: the two years before.
    """
    logs = log_spending(read_spending())
    logs = logs.reindex(range(int(logs.index.min()), int(logs.index.max()) + 1))
    hit, began = targets(logs.columns), war_starts(logs.columns)
    made = {
        "challenged": slope(_change(logs, 1, SPAN), hit),
        "challenged, before": slope(_change(logs, 3, -1), hit),
        "challenger": slope(_change(logs, 1, SPAN), targets(logs.columns, "ccode1")),
        "war": slope(_change(logs, 1, 1), began),
        "war, before": slope(_change(logs, 3, -1), began),
    }
    return {name: _found(one) for name, one in made.items()}


def _change(logs: Table, before: int, after: int) -> pd.DataFrame:
    return (logs.shift(-after) - logs.shift(before)).clip(-LARGEST, LARGEST)


def targets(units: pd.Index, side: str = "ccode2") -> pd.DataFrame:
    """Return 1 where a state was challenged in a year (``ccode1``: challenged another)."""
    came = challenges(pledges())
    ids = convert(came[side], "cow", "id", came["year"].to_numpy()).to_numpy()
    return _marked(came.assign(unit=ids), units, LAST)


def war_starts(units: pd.Index) -> pd.DataFrame:
    """Return 1 in the first year of a state's part in a war between states."""
    wars: Table = load("cow_interstate_war_participants")
    wars = wars[wars["StartYear1"] >= FIRST]
    year = wars["StartYear1"].astype(int)
    ids = convert(wars["ccode"], "cow", "id", year.to_numpy()).to_numpy()
    return _marked(pd.DataFrame({"unit": ids, "year": year}), units, int(year.max()) + 3)


def _marked(rows: Table, units: pd.Index, last: int) -> pd.DataFrame:
    rows = rows.dropna(subset=["unit"])
    table = rows.groupby(["year", "unit"]).size().gt(0).astype(float).unstack()
    return table.reindex(index=range(FIRST, last + 1), columns=units).fillna(0.0)


def _row(table: pd.DataFrame, name: str, count: int) -> Found:
    value, error = table.loc[[name], ["effect", "se"]].to_numpy(float)[0]
    return Found(float(value), float(error), count)


def _found(one: Slope) -> Found:
    return Found(one.value, one.se, one.count)
