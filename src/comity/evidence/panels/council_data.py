"""Armed conflicts of a state in a year, what the Security Council did, and its members' ties.

A unit is a state in whose armed conflicts (UCDP) at least 25 people died in a year; its conflicts
of the year are one, since agenda items of the Council name states, not conflicts.  Outcome: a veto
if any draft on the state was vetoed, else a resolution if any was adopted, else silence.
Resolutions are matched to states by words in the agenda item, vetoes by the crisis that the list
of vetoes names.  "The situation in the Middle East" names no state: it is counted for Israel and
Lebanon (observer and interim forces), and from 2011, when Syria and Yemen were dealt with under
it, for these two as well.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from comity.data.panel.keys import Table
from comity.data.sources.source import load, years

FIRST = 1990  # before it the Council hardly took up civil wars: another institution
MEMBERS = {"USA": 2, "GBR": 200, "FRA": 220, "RUS": 365, "CHN": 710}
CAST = {
    "USA": ("USA",),
    "GBR": ("UK",),
    "FRA": ("France",),
    "RUS": ("USSR", "Russia"),
    "CHN": ("China",),
}
PAST_YEARS = 5
TRAITS = ("war", "interstate", "internationalised", "age", "resolved", "vetoed")
TIES = ("party", "defence", "arms", "distance", "past")
# Words of agenda items by Gleditsch-Ward number, beside the state's own name.
WORDS = {
    41: "haiti",
    90: "guatemala|central america",
    92: "salvador|central america",
    93: "nicaragua|central america",
    95: "panama",
    100: "colombia",
    101: "venezuela",
    200: "northern ireland",
    343: "former yugoslav republic of macedonia",
    344: "croatia",
    345: "yugoslavia|kosovo|serbia",
    346: "bosnia|herzegovina",
    365: "chechnya",
    369: "ukraine",
    372: "georgia",
    373: "azerbaijan|nagorny",
    437: "ivoire",
    438: r"(?<!equatorial )(?<!papua new )guinea(?!.bissau)",
    482: "central african republic",
    484: "republic of the congo(?<!democratic republic of the congo)|brazzaville",
    490: "democratic republic of the congo|zaire|great lakes",
    625: "(?<!south )sudan|darfur",
    626: "south sudan",
    630: r"iran\b",
    640: "turkey",
    645: "iraq",
    652: "syria|golan|undof",
    660: "lebanon|unifil",
    666: "palestin|occupied arab|israel|undof|golan",
    678: "yemen",
    679: "yemen",
    690: "kuwait",
    731: "democratic people's republic of korea",
    775: "myanmar|burma",
    780: "sri lanka",
    811: "cambodia|kampuchea",
    850: "timor",
}
MIDDLE_EAST = re.compile(r"situation in the middle east|middle east situation|^middle east")
BROAD = {666: FIRST, 660: FIRST, 652: 2011, 678: 2011, 679: 2011}


def named(topics: pd.Series, years: pd.Series, state: int, name: str) -> Float[ndarray, " R"]:
    """Return where agenda items are about a state (1) or not (0)."""
    words = re.compile(WORDS.get(state, rf"\b{re.escape(name.lower())}\b"))
    text = topics.str.lower().str.replace(r"\s+", " ", regex=True)
    about = text.str.contains(words)
    if state in BROAD:
        other = re.compile("syria|lebanon|yemen|iraq|iran|palestin|golan|undof|unifil")
        about |= (
            text.str.contains(MIDDLE_EAST) & ~text.str.contains(other) & (years >= BROAD[state])
        )
    return about.to_numpy(float)


def frame() -> Table:
    """Return state-years in conflict from ``FIRST`` with what the conflicts were.

    ``state``, ``year``, ``war`` (1,000 deaths), ``interstate``, ``internationalised``, ``age`` (log
    of one and earlier years in conflict), and ``party_`` with each member that took part.
    """
    rows = load("ucdp_acd")
    rows = rows[rows.type_of_conflict != "extrasystemic"]
    between = rows.type_of_conflict == "interstate"
    base = pd.DataFrame(
        {
            "year": rows.year,
            "war": (rows.intensity_level == 2).astype(float),
            "interstate": between.astype(float),
            "internationalised": (rows.type_of_conflict == "II").astype(float),
        }
    )
    sides = rows[["gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd"]]
    for member, number in MEMBERS.items():
        base[f"party_{member}"] = (sides == number).fillna(False).any(axis=1).astype(float)
    home = base.assign(state=rows.gwno_a)
    away = base.assign(state=rows.gwno_b)[between]
    both = pd.concat([home, away]).astype({"state": int})
    years = both.groupby(["state", "year"], as_index=False).max()
    years["age"] = np.log1p(years.groupby("state").cumcount())
    return years[years.year >= FIRST].reset_index(drop=True)


def resolutions() -> Table:
    """Return resolutions adopted: ``year``, ``topic``."""
    rows = load("unsc_outcomes")
    rows = rows[(rows.outcome == "adopted") & (rows.year >= FIRST - 1)]
    return pd.DataFrame({"year": rows.year, "topic": rows.topic.fillna("")}).reset_index(drop=True)


def vetoes() -> Table:
    """Return drafts vetoed, to September 2022: ``year``, ``topic``, a column a member (0/1)."""
    rows = load("unsc_vetoes")
    rows = rows[rows.year >= FIRST - PAST_YEARS]
    cast = {m: rows[list(c)].max(axis=1).astype(float) for m, c in CAST.items()}
    table = pd.DataFrame({"year": rows.year, "topic": rows.crisis_topic, **cast})
    return table.reset_index(drop=True)


def record(states: ndarray) -> Table:
    """Return what the Council did on each state: ``state``, ``year``, ``adopted``, members' vetoes.

    Years in which it did nothing have no row.
    """
    names = load("cow_states").drop_duplicates("ccode").set_index("ccode").statenme
    adopted, stopped = resolutions().assign(adopted=1.0), vetoes()
    counts = []
    for state in np.unique(states):
        name = str(names.get(state, "no such state"))
        passed = adopted[named(adopted.topic, adopted.year, int(state), name) == 1]
        cast = stopped[named(stopped.topic, stopped.year, int(state), name) == 1]
        both = pd.concat([passed, cast])[["year", "adopted", *MEMBERS]].groupby("year").sum()
        counts.append(both.assign(state=int(state)).reset_index())
    return pd.concat(counts, ignore_index=True)


def ties(states: ndarray) -> Table:
    """Return ``defence_`` and ``arms_`` of each member to each state in every year since 1985.

    ``defence``: the member owes the state defence (ATOP, carried on from its last year); ``arms``:
    log of one and the million TIV it delivered in the five years to this one.  To the last year
    of the vetoes; figures that end before are carried on.
    """
    owed = load("atop_dyad_year", ["ccode1", "ccode2", "year", "atop_defense"])
    pact = set(owed[owed.atop_defense == 1][["ccode1", "ccode2", "year"]].itertuples(False, None))
    ends, last = int(owed.year.max()), years("unsc_vetoes")[1]
    sold = load("sipri_tiv_dyad_year", ["ccode_supplier", "ccode_recipient", "year", "tiv_est"])
    known = int(sold.year.max())
    bought = sold.groupby(["ccode_supplier", "ccode_recipient", "year"]).tiv_est.sum().to_dict()
    codes = load("cow_gw_codes").drop_duplicates("gwcode").set_index("gwcode").ccode
    found = []
    for state in np.unique(states):
        code = int(codes.get(state, state))
        for year in range(FIRST - PAST_YEARS, last + 1):
            one: dict[str, float] = {"state": int(state), "year": year, "code": code}
            for member, number in MEMBERS.items():
                one[f"defence_{member}"] = float((number, code, min(year, ends)) in pact)
                span = range(min(year, known) - PAST_YEARS + 1, min(year, known) + 1)
                one[f"arms_{member}"] = np.log1p(
                    sum(bought.get((number, code, y), 0.0) for y in span)
                )
            found.append(one)
    return pd.DataFrame(found)


def roll_call_frame(first: int) -> Table:
    """Return General Assembly votes since a year: ``actor``, ``vote``, ``period``, ``choice``."""
    from comity.evidence.panels.unga import choices

    rows = choices()
    return rows[rows.period >= first].assign(year=lambda x: x.period).reset_index(drop=True)


def distances(rows: Table, points: Table, codes: pd.Series) -> Table:
    """Return ``distance_`` in ideal points to each member, as of the year before or the last known.

    Where a state has no ideal point in the four years before, the median distance stands.
    """
    place = points.set_index(["actor", "period"]).ideal_point.to_dict()
    last = int(points.period.max())
    out = {}
    for member, number in MEMBERS.items():
        out[f"distance_{member}"] = [
            abs(_at(place, number, min(year - 1, last)) - _at(place, code, min(year - 1, last)))
            for code, year in zip(codes, rows.year, strict=True)
        ]
    table = pd.DataFrame(out, index=rows.index)
    return table.fillna(table.median())


def _at(place: dict, code: int, year: int) -> float:
    """Return the ideal point of a year or the nearest of three before; NaN where there is none."""
    return next((place[code, y] for y in range(year, year - 4, -1) if (code, y) in place), np.nan)


def history(rows: Table, done: Table) -> Table:
    """Return what the Council had done before: ``resolved``, ``vetoed``, ``past_`` by member.

    As of the year before, or the last year known where that is earlier.  ``resolved``: the share
    of the last five years with a resolution; ``past_``: log of one and vetoes in those years.
    """
    last = int(done.year.max())
    known = {(r.state, r.year): r for r in done.itertuples()}
    out = []
    for state, year in zip(rows.state, rows.year, strict=True):
        then = min(year - 1, last)
        span = [known.get((state, y)) for y in range(then - PAST_YEARS + 1, then + 1)]
        acts = [x for x in span if x is not None]
        one = {"resolved": sum(x.adopted > 0 for x in acts) / PAST_YEARS}
        for member in MEMBERS:
            one[f"past_{member}"] = np.log1p(sum(getattr(x, member) for x in acts))
        one["vetoed"] = float(any(one[f"past_{member}"] > 0 for member in MEMBERS))
        out.append(one)
    return pd.DataFrame(out, index=rows.index)


def shares(cast: Float[ndarray, "N 5"], adopted: Float[ndarray, " N"]) -> Float[ndarray, "N 7"]:
    """Return silence, resolution and a veto of each member, divided among those who cast it."""
    one = (cast > 0).astype(float)
    total = one.sum(axis=1)
    out = np.zeros((len(one), 2 + one.shape[1]))
    out[:, 1] = (total == 0) & (adopted > 0)
    out[:, 0] = (total == 0) & ~(adopted > 0)
    out[:, 2:] = one / np.maximum(total, 1.0)[:, None]
    return out
