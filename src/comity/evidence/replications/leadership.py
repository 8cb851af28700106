"""A change of leader, estimated: votes in the General Assembly, alliances, organisations, tariffs.

Leaders: Archigos (goemans2009introducing), in office at the end of a year; a change in year t is
another leader at its end than a year before.  A natural death in office is a change that nobody
timed (jones2005leaders).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from comity.data.sources.source import load
from comity.evidence.replications.base import Ours, against_print
from comity.models.institutions.leadership import (
    Effect,
    least_squares,
    moves,
    rate_ratio,
    turnover_effect,
)
from comity.world.snapshot import table

FIRST, LAST = 1946, 2014
DEMOCRATIC = 0.5  # of polyarchy: half of the scale
UNITED_STATES = 2
REPUBLICAN = {
    y
    for a, b in ((1953, 1961), (1969, 1977), (1981, 1993), (2001, 2009), (2017, 2021), (2025, 2029))
    for y in range(a, b)
}


@dataclass(frozen=True)
class Calendar:
    """Changes of leader by year and state: ``years`` (T,), ``states`` (N,) COW codes.

    ``changed``, ``died``: (T, N); ``known``: a leader is on record at both ends of the year.
    """

    years: np.ndarray
    states: np.ndarray
    changed: np.ndarray
    died: np.ndarray
    known: np.ndarray


@cache
def calendar() -> Calendar:
    """Return changes of leader of every state, 1946-2014."""
    leaders = load("leaders_archigos")
    codes = load("cow_gw_codes").drop_duplicates("gwcode").set_index("gwcode").ccode
    leaders = leaders.assign(ccode=leaders.gwcode.map(codes)).dropna(subset=["ccode"])
    years, states = np.arange(FIRST, LAST + 1), np.unique(leaders.ccode.astype(int))
    place = {code: i for i, code in enumerate(states)}
    held = np.full((len(years) + 1, len(states)), -1)
    natural = np.zeros((len(years), len(states)), bool)
    start = pd.to_datetime(leaders.startdate, errors="coerce").dt
    end = pd.to_datetime(leaders.enddate, errors="coerce").dt
    rows = zip(leaders.ccode.astype(int), start.year, end.year, leaders.exit, strict=True)
    for n, (code, first, last, how) in enumerate(rows):
        span = np.arange(max(int(first), FIRST - 1), min(int(last) - 1, LAST) + 1)
        held[span - FIRST + 1, place[code]] = n
        if how == "Natural Death" and FIRST <= last <= LAST:
            natural[int(last) - FIRST, place[code]] = True
    known = (held[1:] >= 0) & (held[:-1] >= 0)
    changed = known & (held[1:] != held[:-1])
    return Calendar(years, states, changed, natural & changed, known)


def matrix(rows: pd.DataFrame, value: str, time: Calendar) -> np.ndarray:
    """A state-year column as (T, N) on the calendar's axes; NaN where there is no row."""
    wide = rows.pivot_table(index="year", columns="ccode", values=value)
    return wide.reindex(index=time.years, columns=time.states).to_numpy(float)


def of_votes() -> dict[str, Effect]:
    """Return the effect on ideal points of all changes, by regime, and of deaths in office."""
    time = calendar()
    points = load("unga_ideal_points")
    size = moves(matrix(points, "idealpointall", time))
    size = np.where(time.known, size, np.nan)
    open_ = matrix(
        load("vdem_core").rename(columns={"vdem_cowcode": "ccode"}), "v2x_polyarchy", time
    )
    free = np.where(open_ >= DEMOCRATIC, size, np.nan)
    other = np.where(open_ < DEMOCRATIC, size, np.nan)
    # A death is set against years without any change.
    deaths = np.where(time.changed & ~time.died, np.nan, size)
    return {
        "all changes": turnover_effect(size, time.changed),
        "democracies": turnover_effect(free, time.changed),
        "other states": turnover_effect(other, time.changed),
        "deaths in office": turnover_effect(deaths, time.died),
    }


def _rated(rows: pd.DataFrame) -> Effect:
    """Return the ratio of rates for state-years with columns ccode, year, ends, exposure."""
    time = calendar()
    rows = rows[rows.year.between(FIRST, LAST) & rows.ccode.isin(time.states)]
    t = rows.year.to_numpy(int) - FIRST
    i = np.searchsorted(time.states, rows.ccode.to_numpy(int))
    use = time.known[t, i]
    return rate_ratio(
        rows.ends.to_numpy(float)[use],
        rows.exposure.to_numpy(float)[use],
        time.changed[t, i][use],
        t[use],
        i[use],
    )


def of_alliances() -> Effect:
    """Return the effect on a member's leaving an alliance that the others keep (ATOP)."""
    rows = load("atop_members", columns=["atopid", "member", "yrent", "yrexit"]).drop_duplicates()
    ends = load("atop_treaties", columns=["atopid", "endyr"])
    rows = rows.merge(ends.groupby("atopid", as_index=False).endyr.max(), on="atopid")
    years = np.arange(FIRST, LAST + 1)
    spells = []
    for code, first, last, over in zip(
        rows.member, rows.yrent, rows.yrexit, rows.endyr, strict=True
    ):
        final = last if last > 0 else LAST + 1
        span = years[(years > first) & (years <= final)]
        left = (span == final) & (last > 0) & (last != over)
        spells.append(pd.DataFrame({"ccode": code, "year": span, "ends": left, "exposure": 1.0}))
    whole = pd.concat(spells).astype({"ends": float})
    return _rated(whole.groupby(["ccode", "year"], as_index=False).sum())


def of_organisations() -> Effect:
    """Return the effect on leaving an organisation that goes on (COW IGO, yearly from 1965)."""
    return _rated(exits())


@cache
def exits() -> pd.DataFrame:
    """Return full memberships and exits from living organisations by state and year."""
    rows = load("cow_igo_memberships")
    rows = rows[(rows.status == 1) & (rows.year >= 1965)]
    alive = set(zip(rows.ioname, rows.year, strict=True))
    held = set(zip(rows.ioname, rows.ccode, rows.year, strict=True))
    states = set(zip(rows.ccode, rows.year, strict=True))
    risk = rows[[(n, y + 1) in alive for n, y in zip(rows.ioname, rows.year, strict=True)]]
    risk = risk[[(c, y + 1) in states for c, y in zip(risk.ccode, risk.year, strict=True)]]
    gone = [
        float((n, c, y + 1) not in held)
        for n, c, y in zip(risk.ioname, risk.ccode, risk.year, strict=True)
    ]
    found = pd.DataFrame(
        {"ccode": risk.ccode, "year": risk.year + 1, "ends": gone, "exposure": 1.0}
    )
    return found.groupby(["ccode", "year"], as_index=False).sum()


@dataclass(frozen=True)
class Party:
    """US distance from the median state by the President's party, and the gap's chance."""

    republican: float
    other: float
    chance: float
    years: int


def of_the_united_states() -> Party:
    """Return whether the President's party goes with the US place in the General Assembly.

    The chance comes from turning the calendar of parties round, since both move slowly.
    """
    points = load("unga_ideal_points")
    own = points[points.ccode == UNITED_STATES].set_index("year").idealpointall.dropna()
    years = own.index.to_numpy(int)
    party = np.array([y in REPUBLICAN for y in years])
    gap = own.to_numpy(float) - points.groupby("year").idealpointall.median().loc[years].to_numpy()
    found = gap[party].mean() - gap[~party].mean()
    turned = [np.roll(party, k) for k in range(1, len(party))]
    null = np.array([gap[p].mean() - gap[~p].mean() for p in turned])
    chance = (1 + (np.abs(null) >= abs(found)).sum()) / (1 + len(null))
    return Party(float(gap[party].mean()), float(gap[~party].mean()), float(chance), len(years))


@dataclass(frozen=True)
class Interests:
    """What announced tariffs went with: coefficients and errors of constant, deficit and ally."""

    coefficients: np.ndarray
    errors: np.ndarray
    fit: float
    states: int


def of_interests(august: bool = False) -> Interests:
    """Return what the rates of 2025 went with, commercial or security interest (R3).

    Rate announced on 2 April (or set on 7 August) 2025 on the US deficit in goods of 2023 over
    imports from the state, nil where there is a surplus, and on whether the United States owes it
    defence.  Canada, Mexico and states outside the order are left out.
    """
    rates = _august() if august else _april()
    trade = load("baci_2023_country_matrix").set_index(["iso3_o", "iso3_d"]).export_ij
    bought, sold = (trade.xs("USA", level=side) for side in ("iso3_d", "iso3_o"))
    # The European Union has one rate: one row, the United States owing most of it defence.
    union = [state for state in _union() if state in bought.index]
    for flow in (bought, sold):
        flow.loc["DEU"] = flow.reindex(union).sum()
    deficit = ((bought - sold.reindex(bought.index).fillna(0.0)) / bought).clip(lower=0.0)
    rows = pd.DataFrame({"rate": rates, "deficit": deficit}).dropna()
    rows = rows[~rows.index.isin(["CAN", "MEX", "USA", "RUS", "BLR", "CUB", "PRK"])]
    rows = rows[~rows.index.isin([state for state in union if state != "DEU"])]
    owed = set(table("obligations").query("owes == 'USA'").owed)
    ally = np.array([state in owed for state in rows.index], float)
    columns = np.column_stack([np.ones(len(rows)), rows.deficit, ally])
    b, errors, fit = least_squares(rows.rate.to_numpy(float), columns)
    return Interests(b, errors, fit, len(rows))


def _april() -> pd.Series:
    rates = load("liberation_day_country_gdp_tariff")
    return rates.set_index("iso3").applied_tariff.astype(float)


def _union() -> list[str]:
    return table("memberships").query("framework == 'EU' and until != until").state.tolist()


def _august() -> pd.Series:
    """Added rates of Annex I of Executive Order 14326 as they stand in the shipped scenario."""
    from ruamel.yaml import YAML

    text = (
        resources.files("comity.library")
        .joinpath("scenarios/america-first.yaml")
        .read_text("utf-8")
    )
    scenario = YAML(typ="safe", pure=True).load(text)
    groups = scenario["groups"] | {"EU": _union()}
    found = {}
    for move in scenario["moves"]:
        if move.get("instrument") != "reciprocal" or str(move["from"]) != "2025-08-07":
            continue
        named = move["exporter"] if isinstance(move["exporter"], list) else [move["exporter"]]
        for name in named:
            for state in groups.get(name, [name]):
                found[state] = float(move["add"])
    return pd.Series(found)


@against_print("leadership")
def run() -> list[Ours]:
    """Compare what the page prints with what the data give."""
    votes = of_votes()
    found = []
    for name, effect in votes.items():
        found.append(Ours(f"votes, {name}: ratio of moves", effect.ratio, 0.005))
        found.append(Ours(f"votes, {name}: chance", effect.chance, 0.03))
    for name, effect in (("alliances", of_alliances()), ("organisations", of_organisations())):
        found.append(Ours(f"leaving {name}: ratio of rates", effect.ratio, 0.005))
        found.append(Ours(f"leaving {name}: low", effect.low, 0.05))
        found.append(Ours(f"leaving {name}: high", effect.high, 0.05))
    party = of_the_united_states()
    found.append(Ours("US votes by party: chance", party.chance, 0.03))
    for august in (False, True):
        when = "August" if august else "April"
        ours = of_interests(august)
        for name, mine in zip(("deficit", "ally"), ours.coefficients[1:], strict=True):
            found.append(Ours(f"tariffs of {when} 2025, {name}", float(mine), 0.001))
    return found
