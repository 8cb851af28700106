"""``acts``: what US presidents did abroad from 1989 to 2026, and whether it survived the checks.

The rule, written down before outcomes were entered.  For each presidency since 1989 and each of
nine categories take the acts with a formal instrument of the President's own choosing (an order,
proclamation, notice, memorandum, address that orders forces, treaty sent to the Senate, bill,
budget or agreement sent to Congress).  Of these enter the largest by the category's stake as it
was known on the day: the largest two (three where the category is pacts, which alone give cases
to the treaty channel; one order a presidency on captives).  Stakes within a tenth of the last one
taken enter too.  Stakes: ``tariff`` goods imports covered; ``withdrawal`` and ``other_pact``
states that take part; ``troops`` and ``force`` people or targets; ``security_pact`` (alliances
and weapons of mass destruction, each alliance's enlargement once) all found, up to three;
``sanction`` people in the target, one act a target; ``money`` US dollars asked for or withheld,
the same yearly request once; ``detention`` the first order.  Orders that rest on the same power
and stood or fell together are one act.  Acts less than half a year before the record ends (24
September 2026) do not enter.  Where nothing certain was found a place stays empty.

Outcomes: ``survived``: no check took away half of it or more by the end of the presidency (pacts:
within two years if that is later); ``blocked``: it never took effect because of Congress, a court
or the administration; ``reversed_by_court``, ``reversed_by_congress``: it took effect and was
then undone; ``watered_down``: a check took away half or more; ``dropped``: the President gave it
up himself.  What a successor undid has survived.  Whoever entered the rows knew history: the rule
limits the choice, it does not make it blind (docs/explanation/acts.md).
"""

import re

import pandas as pd

from comity.core.errors import BadInput
from comity.data.build.table import Field, handmade
from comity.data.sources.sanity import column
from comity.data.sources.source import load

NAME = "acts"
KEYS = ["id"]
FACTS = ["facts_events"]
LICENCE = "facts with a source in each row; own words"
PRESIDENTS = ("bush41", "clinton", "bush43", "obama", "trump45", "biden", "trump47")
CATEGORIES = (
    "tariff",
    "withdrawal",
    "troops",
    "security_pact",
    "other_pact",
    "sanction",
    "force",
    "detention",
    "money",
)
CHANNELS = ("executive_order", "statute", "treaty", "appropriation")
CHECKS = ("congress", "court", "administration", "")
FAILED = ("blocked", "reversed_by_court", "reversed_by_congress", "watered_down")
OUTCOMES = ("survived", "dropped", *FAILED)
VERIFIED = ("facts", "checked", "record")
ALLOWED = {
    "president": PRESIDENTS,
    "category": CATEGORIES,
    "channel": CHANNELS,
    "checked_by": CHECKS,
    "outcome": OUTCOMES,
    "verified": VERIFIED,
}
DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
EVENT = re.compile(r"\bE\d{3}\b")


def _field(name: str, description: str, unit: str = "") -> Field:
    return Field(name, "string", unit, description, FACTS, LICENCE, "1989-2026")


FIELDS = [
    _field("id", "Presidency, category and number in the order entered"),
    _field("date", "Day of the act (of the order, the message to Congress, the notice)", "day"),
    _field("president", f"Presidency: {', '.join(PRESIDENTS)}"),
    _field("category", f"One of {', '.join(CATEGORIES)}"),
    _field("act", "What was done"),
    _field("stake", "Size by the measure of its category as known on the day; rough"),
    _field("channel", f"Instrument: {', '.join(CHANNELS)}"),
    _field("checked_by", "Who took a formal step on it: congress, court, administration; or none"),
    _field("outcome", f"One of {', '.join(OUTCOMES)}"),
    _field(
        "outcome_date",
        "Day of the step that decided; for a treaty never voted on, the end of the presidency",
        "day",
    ),
    _field("source", "Event of the facts (E and a number), law, treaty document, case or report"),
    _field(
        "verified",
        "facts: in the table of dated facts; checked: found in another source; record: number of "
        "the official document from memory, not looked up again",
    ),
]


def build() -> pd.DataFrame:
    """Return the table.

    Raises
    ------
    BadInput
        When a word is not allowed, a date cannot be read or runs backwards, or an event named as
        source is not in the facts.
    """
    table = handmade("acts.csv")
    for name, allowed in ALLOWED.items():
        _refuse(table, ~table[name].isin(list(allowed)), f"{name} is not one of {allowed}")
    for name in ("date", "outcome_date"):
        dated = table[name].str.match(DATE) | ((name == "outcome_date") & (table[name] == ""))
        _refuse(table, ~dated, f"{name} is no day")
    early = (table.outcome_date != "") & (table.outcome_date < table.date)
    # Congress may have asked for it before the act.
    _refuse(table, early & (table.outcome != "survived"), "the outcome is before the act")
    undated = table.outcome.isin([*FAILED, "dropped"]) & (table.outcome_date == "")
    _refuse(table, undated, "an act that did not survive needs the day")
    known = set(column(load("facts_events"), "id"))
    for row in table.itertuples():
        named = set(EVENT.findall(str(row.source)))
        if named - known or (row.verified == "facts" and not (named or "table" in str(row.source))):
            raise BadInput(f"acts: {row.id} names no event of the facts", why=str(row.source))
    return table


def _refuse(table: pd.DataFrame, bad: pd.Series, why: str) -> None:
    """Raise on the first bad row."""
    if bad.any():
        raise BadInput(f"acts: {table.id[bad].iloc[0]} is refused", why=why)
