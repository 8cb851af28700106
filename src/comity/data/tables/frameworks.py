"""``frameworks``: treaties, organisations, summits and minilaterals, with rule and obligation."""

from importlib import resources

import pandas as pd

from comity.core.errors import BadInput
from comity.data.build.table import Field
from comity.data.sources.sanity import unique, within
from comity.data.sources.source import load

NAME = "frameworks"
KEYS = ["id"]
FACTS = ["facts_frameworks"]
LICENCE = "facts with a source in each row"
WEIGHTS = ("security", "economy", "rules", "human")
FIELDS = [
    Field("id", "string", "", "Short name", FACTS, LICENCE, "2026"),
    Field("name", "string", "", "English name", FACTS, LICENCE, "2026"),
    Field("name_ja", "string", "", "Japanese name", [], "own work", "2026"),
    Field(
        "kind",
        "string",
        "",
        "universal, regional, summit, alliance, trade, minilateral, domestic-law or vision",
        FACTS,
        LICENCE,
        "2026",
    ),
    Field("founded", "integer", "year", "First year", FACTS, LICENCE, "2026"),
    Field("decision_rule", "string", "", "How it decides", FACTS, LICENCE, "2026"),
    Field("obligation", "string", "", "What members owe each other", FACTS, LICENCE, "2026"),
    *(
        Field(
            f"w_{what}",
            "number",
            "0-1",
            f"Share of its mandate that is {what}; judged, the four sum to one",
            FACTS,
            LICENCE,
            "2026",
        )
        for what in WEIGHTS
    ),
    Field(
        "status",
        "string",
        "",
        "checked: membership confirmed by a second source; unverified: partly from memory; "
        "partial: members are known to be missing",
        FACTS,
        LICENCE,
        "2026",
    ),
    Field("note", "string", "", "What was completed, corrected or left out", [], "own work", ""),
    Field("source", "string", "", "Sources of the row", FACTS, LICENCE, "2026"),
]
STATUSES = frozenset({"checked", "unverified", "partial"})


def rules() -> pd.DataFrame:
    """Return our decisions on each framework: columns id, name_ja, base, changes, status, note."""
    place = resources.files("comity.data.tables") / "framework_rules.csv"
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)


def additions() -> pd.DataFrame:
    """Return the frameworks that the facts lack, in their columns (``framework_additions.csv``)."""
    place = resources.files("comity.data.tables") / "framework_additions.csv"
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, keep_default_na=False)


def facts() -> pd.DataFrame:
    """Return what is known of each framework: the facts, and the additions."""
    own = additions()
    return (
        pd.concat([load("facts_frameworks"), own], ignore_index=True)
        if len(own)
        else load("facts_frameworks")
    )


def build() -> pd.DataFrame:
    """Return the table, one row a framework.

    Raises
    ------
    BadInput
        When facts and rules do not list the same frameworks, or weights do not sum to one.
    """
    known, own = facts(), rules()
    unique(known, ["id"], "facts_frameworks")
    odd = set(known["id"]) ^ set(own["id"])
    if odd:
        raise BadInput(f"frameworks in facts or in rules only: {', '.join(sorted(odd))}")
    if not set(own["status"]) <= STATUSES:
        raise BadInput(f"statuses are {', '.join(sorted(STATUSES))}")
    out = known.merge(own[["id", "name_ja", "status", "note"]], on="id")
    total = out[[f"w_{what}" for what in WEIGHTS]].sum(axis=1).set_axis(out["id"])
    within(total, 1 - 1e-9, 1 + 1e-9, "framework weights")
    return out.filter([field.name for field in FIELDS])
