"""``events``: dated acts of states 2017-2026 on record, by kind and by who acted.

The rows of the facts that have a source and at least one state or framework; words are ours. The
list was made by hand and is no census: counts of it say what the list holds, and a test on them
is of grade D.
"""

import pandas as pd

from comity.data.build.table import Field
from comity.data.sources.source import load
from comity.registry.states import ids

NAME = "events"
KEYS = ["id"]
SOURCES = ["facts_events"]
LICENCE = "facts with a source in each row"
FIELDS = [
    Field("id", "string", "", "Event", SOURCES, LICENCE, "2026"),
    Field("date", "string", "", "Day, or month where only that is known", SOURCES, LICENCE, "2026"),
    Field("kind", "string", "", "Kind of act", SOURCES, LICENCE, "2026"),
    Field("states", "string", "", "States that acted or were met (ISO3)", SOURCES, LICENCE, "2026"),
    Field("frameworks", "string", "", "Frameworks involved", SOURCES, LICENCE, "2026"),
    Field("what", "string", "", "What happened", SOURCES, LICENCE, "2026"),
    Field("verified", "boolean", "", "Seen in a source", SOURCES, LICENCE, "2026"),
]


def build() -> pd.DataFrame:
    """Return the table."""
    raw = load("facts_events")
    known = set(ids())
    parts = raw["actors"].fillna("").str.split()
    frame = pd.DataFrame(
        {
            "id": raw["id"],
            "date": raw["date"].astype(str),
            "kind": raw["type"],
            "states": [" ".join(a for a in row if a in known) for row in parts],
            "frameworks": [" ".join(a for a in row if a not in known) for row in parts],
            "what": raw["title"],
            "verified": ~raw["source"].fillna("memory").str.contains("memory|unverified"),
        }
    )
    return frame[(frame["states"] != "") | (frame["frameworks"] != "")]
