"""``memberships``: which state belongs to which framework, from which year to which.

Each framework starts from a base named in ``framework_rules.csv`` and is then changed by hand:

* ``facts``: the members written in the facts; ``terms``: the Security Council's elected terms;
* ``igo:NAME``: full members in the Correlates of War list of organisations, which ends in 2014
  and samples every fifth year before 1965; ``un``: every member state of the United Nations
  from the framework's or its own first year; ``un&igo:NAME``: the list, completed by ``un``;
* changes: ``FRA:1966-2009`` or ``FRA:2009`` replace the spells of a state, ``+FRA:2009`` adds one,
  ``!FRA`` removes the state, ``@EU:2019`` stands for the members that a framework
  built earlier has in that year.

``until`` is the year of the first day on which the state is no member: 2020 for an exit in the
middle of 2020, 2025 for a term that ends with 2024, 1984 for an exit on 31 December 1984.

Up to 1965 the list of organisations looked up many of them every fifth year only, and it counts a
state from its own entry into the list.  Single dates from elsewhere (``membership_dates.csv``, a
source in each row) replace it.  What is left is an interval: ``earliest`` is the first year in
which the state may have joined, ``since`` the first in which it is listed.
Members that are not states of the registry (the European Union, Hong Kong) are left out.  Those
that were members before they were states (Belarus in the United Nations) are in it, and marked.
"""

import re
from importlib import resources

import pandas as pd

from comity.core.errors import BadInput
from comity.data.build.table import Field
from comity.data.sources.source import load
from comity.data.tables.frameworks import facts as known_frameworks
from comity.data.tables.frameworks import rules
from comity.registry.states import convert, find, first_year, spells

NAME = "memberships"
KEYS = ["framework", "state", "since"]
SOURCES = ["facts_frameworks", "cow_igo_memberships", "unsc_membership_terms"]
LICENCE = "facts with a source in each row; COW: research use with citation"
FIELDS = [
    Field("framework", "string", "", "Framework", SOURCES, LICENCE, "2026"),
    Field("state", "string", "", "Member", SOURCES, LICENCE, "2026"),
    Field("since", "integer", "year", "First year", SOURCES, LICENCE, "2026"),
    Field(
        "until",
        "integer",
        "year",
        "Year of the first day on which the state is no member; blank = no end known",
        SOURCES,
        LICENCE,
        "2026",
    ),
    Field(
        "earliest",
        "integer",
        "year",
        "First year in which it may have joined, where the source has only an interval to since",
        SOURCES,
        LICENCE,
        "2026",
    ),
    Field(
        "status",
        "string",
        "",
        "Of the year: agrees (two sources), unverified (one, or memory), interval, before "
        "statehood; blank = as the framework's",
        SOURCES,
        LICENCE,
        "2026",
    ),
]
DATES = "membership_dates.csv"
LISTED = "COW"  # second source of a date that the list of organisations holds in its interval
LIST_END = 2014
GRID = (1950, 1955, 1960, 1965)
MOSTLY = 2 / 3
Spell = tuple[int, int | None]
Members = dict[str, list[Spell]]
YEARS = r"(\d{4})(?:-(\d{4}))?"
FACT_TOKEN = re.compile(rf"^([A-Z]{{3}})?(?::{YEARS})?;?$")
CHANGE_TOKEN = re.compile(rf"^(?:!([A-Z]{{3}})|@([A-Z0-9-]+):{YEARS}|(\+?[A-Z]{{3}}):{YEARS})$")


def known() -> frozenset[str]:
    """Return the ids of every state there ever was."""
    return frozenset(spell.id for spell in spells())


def from_facts(text: str, founded: int) -> Members:
    """Read the members of a framework as the facts write them.

    Parameters
    ----------
    text
        Such as ``"USA JPN :2017 (first round 2007) IND:2018 RUS:1998-2014"``: a year after a
        blank goes with all states before it; remarks and words that are no ids are skipped.
    founded
        Year for states without one.
    """
    found: Members = {}
    waiting: list[str] = []
    for token in re.sub(r"\([^)]*\)|[|,]", " ", text).split():
        match = FACT_TOKEN.match(token)
        if not match:
            continue
        own, since, until = match.groups()
        if own and own not in known():
            continue
        if own and since:
            found.setdefault(own, []).append((int(since), int(until) if until else None))
        elif own:
            waiting.append(own)
        elif since:
            for state in waiting:
                found.setdefault(state, []).append((int(since), int(until) if until else None))
            waiting = []
    for state in waiting:
        found.setdefault(state, []).append((founded, None))
    return found


def from_igo(name: str, raw: pd.DataFrame) -> Members:
    """Return spells of full membership in an organisation of the Correlates of War list.

    Parameters
    ----------
    name
        Organisation in the list's spelling, e.g. ``wto``.
    raw
        Columns ccode, year, ioname, status.

    Raises
    ------
    BadInput
        When the organisation is not in the list.
    """
    mine = raw[raw["ioname"] == name]
    if mine.empty:
        raise BadInput(f"there is no organisation {name!r} in cow_igo_memberships")
    sampled = sorted(raw["year"].unique())
    following = dict(zip(sampled, sampled[1:], strict=False))
    full = mine[mine["status"] == 1]
    full = full.assign(id=convert(full["ccode"], "cow", "id", full["year"].to_numpy()))
    found: Members = {}
    for own, group in full.dropna(subset=["id"]).groupby("id"):
        years = sorted(group["year"].unique())
        start = last = int(years[0])
        for year in map(int, years[1:]):
            if following.get(last) != year:
                found.setdefault(str(own), []).append((start, last + 1))
                start = year
            last = year
        found.setdefault(str(own), []).append((start, None if last == LIST_END else last + 1))
    return found


def united_nations(founded: int) -> Members:
    """Return every present UN member from the later of ``founded`` and its own first year."""
    now = {spell.id for spell in spells() if spell.kind == "un" and not spell.valid_to}
    return {own: [(max(founded, first_year(own)), None)] for own in sorted(now)}


def council_terms(raw: pd.DataFrame) -> Members:
    """Return the elected terms on the Security Council (``Congo`` of 2006-07 is Brazzaville)."""
    found: Members = {}
    for row in raw.query("seat == 'elected'").to_dict("records"):
        label, start = str(row["country_org"]), int(row["start_year"])
        own = "COG" if label == "Congo" else find(label, start)
        found.setdefault(own, []).append((start, int(row["end_year"]) + 1))
    return found


def change(members: Members, text: str, built: dict[str, Members]) -> Members:
    """Apply changes by hand to the members of a framework.

    Raises
    ------
    BadInput
        When a change cannot be read or names an unknown state or framework.
    """
    out, fresh = {own: list(spans) for own, spans in members.items()}, set()
    for token in text.split():
        match = CHANGE_TOKEN.match(token)
        if not match:
            raise BadInput(f"membership change {token!r} cannot be read")
        gone, group, since, until, own, first, last = match.groups()
        if group and group not in built:
            raise BadInput(f"membership change {token!r}: {group} is not built yet")
        named = gone or (own or "").removeprefix("+")
        if named and named not in known():
            raise BadInput(f"membership change {token!r} names no state")
        if gone:
            out.pop(gone, None)
        elif group:
            year = int(since)
            for state in _in_force(built[group], year):
                out[state] = [(year, int(until) if until else None)]
        else:
            if named not in fresh and not own.startswith("+"):
                out[named] = []
                fresh.add(named)
            out.setdefault(named, []).append((int(first), int(last) if last else None))
    return out


def _in_force(members: Members, year: int) -> list[str]:
    """Return the states with a spell that covers a year."""
    return sorted(
        own
        for own, spans in members.items()
        if any(a <= year and (b is None or b >= year) for a, b in spans)
    )


def _base(name: str, text: str, founded: int, raw: pd.DataFrame, terms: pd.DataFrame) -> Members:
    """Return the members of a framework before changes."""
    parts = name.split("&")
    found: Members = {}
    for part in parts:
        if part == "facts":
            new = from_facts(text, founded)
        elif part == "terms":
            new = council_terms(terms)
        elif part == "un":
            new = united_nations(founded)
        elif part.startswith("igo:"):
            new = from_igo(part.removeprefix("igo:"), raw)
        elif part == "none":
            new = {}
        else:
            raise BadInput(f"there is no base {part!r} for memberships")
        found |= new
    return found


def intervals(name: str, raw: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return the years between which each state joined an organisation of the list.

    The list has every year, but up to 1965 many organisations were looked up every fifth one only
    and carried on (``GRID``): those of which most members come in these years.  A state is
    unknown, not outside, before its own entry into the list.
    """
    mine = raw[raw["ioname"] == name]
    begins = int(mine["year"].min())
    full = mine[mine["status"] == 1]
    full = full.assign(id=convert(full["ccode"], "cow", "id", full["year"].to_numpy()))
    first = full.dropna(subset=["id"]).groupby("id").year.min()
    late = first[(first > begins) & (first <= GRID[-1])]
    sampled = len(late) > 0 and late.isin(GRID).mean() >= MOSTLY
    found = {}
    for own, high in first.items():
        state, last = str(own), int(high)
        gap = 5 if sampled and last in GRID else 1
        before = convert([state], "id", "cow", last - gap).notna().iloc[0]
        low = last - gap + 1 if before else _born(state, last)
        found[state] = (min(max(low, begins), last), last)
    return found


def _born(state: str, year: int) -> int:
    """Return the year in which the spell of a state that covers ``year`` began, else ``year``."""
    mine = [s for s in spells() if s.id == state and s.covers(year, whole=True)]
    return min((int(s.valid_from[:4]) for s in mine), default=year)


def dates() -> pd.DataFrame:
    """Return dates of single memberships: framework, state, since, until, source, second."""
    place = resources.files("comity.data.tables") / DATES
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)


def dated(
    own: str, members: Members, known_to: dict[str, tuple[int, int]], rows: pd.DataFrame
) -> tuple[Members, dict[tuple[str, int], str]]:
    """Replace the spells of the states that ``rows`` date; return also the status of each date.

    Raises
    ------
    BadInput
        When a row names the list as its second source and the list says otherwise.
    """
    out, status = dict(members), {}
    for state, mine in rows[rows["framework"] == own].groupby("state"):
        spans = []
        for row in mine.to_dict("records"):
            since, until = int(row["since"]), int(row["until"]) if row["until"] else None
            spans.append((since, until))
            if row["second"] == LISTED and str(state) in known_to:
                low, high = known_to[str(state)]
                if since <= high and not low <= since:
                    raise BadInput(f"{own}: {state} {since} is not in the list's {low}-{high}")
            status[str(state), since] = "agrees" if row["second"] else "unverified"
        out[str(state)] = spans
    return out, status


def build() -> pd.DataFrame:
    """Return the table, one row a spell of membership.

    Raises
    ------
    BadInput
        When a spell ends before it starts or two spells of a state overlap.
    """
    facts = known_frameworks().set_index("id")
    raw, terms, known_dates = load("cow_igo_memberships"), load("unsc_membership_terms"), dates()
    built: dict[str, Members] = {}
    rows = []
    for rule in rules().to_dict("records"):
        own, base = str(rule["id"]), str(rule["base"])
        text, founded = str(facts.at[own, "members"]), int(facts["founded"].to_dict()[own])
        start = _base(base, text, founded, raw, terms)
        members = change(start, str(rule["changes"]), built)
        igo = next((part[4:] for part in base.split("&") if part.startswith("igo:")), "")
        known_to = intervals(igo, raw) if igo else {}
        members, status = dated(own, members, known_to, known_dates)
        built[own] = members
        for state, spans in members.items():
            for since, until in _clean(own, state, spans):
                low, high = known_to.get(state, (since, since))
                open_ = (state, since) not in status and since == high and low < high
                open_ = open_ and start.get(state, []) == members[state]
                low = max(low, founded) if open_ else since
                mark = status.get((state, since), "interval" if low < since else "")
                if not any(s.id == state and s.covers(since, whole=True) for s in spells()):
                    mark = "before statehood"
                rows.append((own, state, since, until, low if low < since else None, mark))
    out = pd.DataFrame(rows, columns=[field.name for field in FIELDS])
    return out.astype({"since": "int64", "until": "Int64", "earliest": "Int64"})


def _clean(framework: str, state: str, spans: list[Spell]) -> list[Spell]:
    """Sort the spells of a state; refuse impossible ones."""
    ordered = sorted(spans, key=lambda span: span[0])
    end = 0
    for since, until in ordered:
        if until is not None and until < since:
            raise BadInput(f"{framework}: {state} leaves in {until} before it joins in {since}")
        if since < end:
            raise BadInput(f"{framework}: spells of {state} overlap in {since}")
        end = 9999 if until is None else until
    return ordered
