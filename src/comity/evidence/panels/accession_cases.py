"""Applications to nine frameworks, and what was known of applicant and members in each year.

The cases are packaged with a source in each row (``data/tables/accession_cases.csv``); their years
of entry agree with the memberships of the snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.data.sources.source import load, years
from comity.registry.frameworks import members
from comity.registry.states import LIST_END, convert

FIRST = 1973  # before, too few frameworks and figures
DEFENCE = ("NATO",)


def cases() -> Table:
    """Return the applications: framework, state, applied, ended (NaN), outcome, status, source."""
    place = resources.files("comity.data.tables") / "accession_cases.csv"
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, keep_default_na=False, na_values={"ended": [""]})


@dataclass(frozen=True)
class Figures:
    """What describes states by (id, year) or pair; read once."""

    vote: dict[tuple[str, int], float]
    democracy: dict[tuple[str, int], float]
    power: dict[tuple[str, int], float]
    trade: dict[tuple[str, str, int], float]
    total: dict[tuple[str, int], float]
    rival: dict[tuple[str, str], list[tuple[int, int]]]
    armed: dict[tuple[str, int], float]

    def rivals(self, a: str, b: str, year: int) -> bool:
        """Return whether two states are strategic rivals in a year."""
        return any(s <= year <= e for s, e in self.rival.get((min(a, b), max(a, b)), ()))


def _ids(code: Table, year: Table) -> ndarray:
    return convert(code, "cow", "id", year.to_numpy()).to_numpy(object)


def _by_state(name: str, code: str, value: str) -> dict[tuple[str, int], float]:
    rows: Table = load(name, columns=[code, "year", value]).dropna()
    rows = rows[rows["year"] >= FIRST - 10]
    ids = _ids(rows[code].astype(int), rows["year"].astype(int))
    return {
        (str(own), int(year)): float(x)
        for own, year, x in zip(ids, rows["year"], rows[value], strict=True)
        if isinstance(own, str)
    }


def figures() -> Figures:
    """Read what describes states and pairs."""
    trade: Table = load(
        "cow_trade_v4_dyad_year", columns=["ccode1", "ccode2", "year", "flow1", "flow2"]
    )
    trade = trade[(trade["year"] >= FIRST - 3)]
    flow = trade[["flow1", "flow2"]].where(trade[["flow1", "flow2"]] >= 0).sum(axis=1, min_count=1)
    trade = trade.assign(flow=flow).dropna(subset=["flow"])
    one, two = _ids(trade["ccode1"], trade["year"]), _ids(trade["ccode2"], trade["year"])
    pairs, total = {}, {}
    for a, b, year, x in zip(one, two, trade["year"], trade["flow"], strict=True):
        if isinstance(a, str) and isinstance(b, str):
            pairs[min(a, b), max(a, b), int(year)] = float(x)
            for own in (a, b):
                total[own, int(year)] = total.get((own, int(year)), 0.0) + float(x)
    open_from = years("tss_rivalries")[1]
    raw: Table = load("tss_rivalries", columns=["ccode1", "ccode2", "start", "end"])
    rival: dict[tuple[str, str], list[tuple[int, int]]] = {}
    late = raw[raw["end"] >= FIRST]
    then = late["end"].clip(upper=LIST_END["cow"]).astype(int)
    for a, b, s, e in zip(
        _ids(late["ccode1"], then),
        _ids(late["ccode2"], then),
        late["start"],
        late["end"],
        strict=True,
    ):
        if isinstance(a, str) and isinstance(b, str):
            # Rivalries that go on are listed to the end of the list.
            rival.setdefault((min(a, b), max(a, b)), []).append(
                (int(s), 9999 if e >= open_from else int(e))
            )
    return Figures(
        _by_state("unga_ideal_points", "ccode", "idealpointfp"),
        _by_state("democracy_cow_state_year", "ccode", "v2x_polyarchy"),
        _by_state("cow_nmc", "ccode", "cinc"),
        pairs,
        total,
        rival,
        {k: v for k, v in _by_state("cow_nmc", "ccode", "cinc").items() if v >= 0.03},
    )


def _last(table: dict[tuple[str, int], float], own: str, year: int) -> float:
    """Return the last figure of the ten years to ``year``; NaN for none."""
    for back in range(11):
        if (own, year - back) in table:
            return table[own, year - back]
    return float("nan")


def _stake(known: Figures, own: str, other: str, year: int) -> float:
    """Return the share of a member's trade that is with the applicant."""
    for back in range(11):
        total = known.total.get((own, year - back), 0.0)
        if total > 0:
            return known.trade.get((min(own, other), max(own, other), year - back), 0.0) / total
    return float("nan")


@dataclass(frozen=True)
class Rows:
    """Applicant-years and, for each, its members: traits, unscaled."""

    label: Table
    applicant: Float[ndarray, "R J"]
    member: Float[ndarray, "P M"]
    row: Int[ndarray, " P"]


def described(known: Figures, label: Table) -> Rows:
    """Return traits of each application in ``label`` (framework, state, waited, seen).

    ``seen`` is the year whose figures count.
    """
    applicant, member, row = [], [], []
    armed_to = max((when for _, when in known.armed), default=0)
    for at, one in enumerate(label.itertuples()):
        # Of a framework founded in the year itself, the first members.
        inside = members(str(one.framework), int(one.seen)) or members(
            str(one.framework), int(one.seen) + 1
        )
        inside = [m for m in inside if m != one.state]
        state, year = str(one.state), int(one.seen)
        free = [_last(known.democracy, m, year) for m in inside]
        size = [_last(known.power, m, year) for m in inside]
        own = _last(known.power, state, year)
        threat = any(
            known.rivals(state, great, year)
            for great, when in known.armed
            if when == min(year, armed_to) and great not in inside and great != state
        )
        applicant.append(
            (
                1.0,
                np.log(one.waited),
                np.log(one.waited) ** 2,
                _last(known.democracy, state, year) - np.nanmean(free),
                np.log(own / np.nansum(size)),
                float(threat and one.framework in DEFENCE),
            )
        )
        vote = _last(known.vote, state, year)
        for m in inside:
            member.append(
                (
                    1.0,
                    np.log(_stake(known, m, state, year) + 1e-4),
                    abs(vote - _last(known.vote, m, year)),
                    float(known.rivals(state, m, year)),
                )
            )
            row.append(at)
    return Rows(label, np.array(applicant), np.array(member), np.array(row, np.int64))


def open_years(all_cases: Table, first: int, last: int) -> Table:
    """Return one row a year of each application: framework, state, applied, waited, seen, came."""
    rows = []
    for one in all_cases.itertuples():
        end = last if pd.isna(one.ended) else min(int(one.ended), last)
        for year in range(max(int(one.applied), first), end + 1):
            if not members(str(one.framework), year):
                continue
            came = float(one.outcome == "joined" and year == one.ended)
            waited = year - int(one.applied) + 1
            rows.append((one.framework, one.state, int(one.applied), waited, year - 1, came, year))
    names = ["framework", "state", "applied", "waited", "seen", "came", "year"]
    return pd.DataFrame(rows, columns=names)
