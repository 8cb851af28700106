"""DESTA trade agreements, as spells of free trade between pairs of states.

DESTA lists treaties with their members but says nothing on scope or end, so: a treaty counts when
DESTA marks it as notified to the World Trade Organization, less the ones ``agreement_rules.csv``
excludes (partial scope, one-sided, ended) and with the ones it includes; accessions count with
their treaty.  The common commercial policy is applied by rule: a treaty of the European
Communities binds every member from its accession and until it leaves.
"""

from dataclasses import dataclass

import pandas as pd

from comity.data.sources.source import load
from comity.registry import states

KOSOVO = 900
COUNTED = ("base_treaty", "consolidated", "accession")
EUROPEAN_SIGN = 6
# An enlargement takes effect some years after it is signed.
ENLARGEMENTS = {1979: 1981, 1985: 1986, 1994: 1995, 2003: 2004, 2005: 2007, 2011: 2013}


@dataclass(frozen=True)
class Treaty:
    """A treaty that counts: its number in DESTA, name, first year and members (ids)."""

    number: str
    name: str
    since: int
    members: frozenset[str]


def _members() -> pd.DataFrame:
    """Return the file with a column ``state``; members without an id today are dropped."""
    frame = load("desta_treaty_members")
    state = states.convert(frame.member_iso3n, "m49", "id", 2020)
    state = state.mask(frame.member_iso3n == KOSOVO, "XKX")
    frame = frame.assign(
        state=state.to_numpy(),
        number=frame.number.astype(str),
        base_treaty=frame.base_treaty.astype(str),
    )
    return frame.loc[frame.state.isin(states.ids(2024))]


def _first_year(signed: float, force: float) -> int:
    """Return the year of entry into force, or the year after signature where it is unknown."""
    if pd.notna(force):
        return int(force)
    return ENLARGEMENTS.get(int(signed), int(signed) + 1)


def treaties(rules: pd.DataFrame) -> list[Treaty]:
    """Return the treaties that count, sorted by number.

    Parameters
    ----------
    rules
        ``treaty``, ``action`` (``include``, ``exclude`` or ``drop``) and ``states`` to drop.
    """
    by_action = {action: part for action, part in rules.groupby("action")}
    included, excluded = set(by_action["include"].treaty), set(by_action["exclude"].treaty)
    dropped = {
        str(number): set(" ".join(part.states).split())
        for number, part in by_action["drop"].groupby("treaty")
    }
    frame = _members()
    frame = frame.loc[frame.entry_type.isin(COUNTED)]
    signed = frame.year.notna() | frame.entryforceyear.notna()
    dated = frame.loc[signed & ~frame.number.isin(excluded) & ~frame.base_treaty.isin(excluded)]
    notified = dated.wto_listed.eq(1) & (
        dated.entryforceyear.notna() | dated.entry_type.eq("accession")
    )
    bases = set(dated.number[notified]) | included
    base_of = set(dated.base_treaty[dated.number.isin(bases)])
    counts = dated.number.isin(bases) | (
        dated.entry_type.eq("accession") & dated.base_treaty.isin(base_of)
    )
    found = []
    for number, part in dated.loc[counts].groupby("number"):
        row = part.iloc[0]
        members = frozenset(part.state) - dropped.get(str(number), set())
        since = _first_year(row.year, row.entryforceyear)
        found.append(Treaty(str(number), str(row["name"]), since, members))
    return sorted(found, key=lambda treaty: treaty.number)


def is_european(treaty: Treaty, union: set[str]) -> bool:
    """Tell whether the European Communities as a body are a party to the treaty."""
    named = "EC" in treaty.name.split() or "European Economic Area" in treaty.name
    return named and len(treaty.members & union) >= EUROPEAN_SIGN
