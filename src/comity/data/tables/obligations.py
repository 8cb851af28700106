"""Who is bound by treaty to defend whom at the end of 2024, and since when.

ATOP 5.1 ends in 2018: its defence obligations are carried on unless ``obligation_exits.csv`` names
a state that has left the treaty; the table of frameworks adds the members NATO took in since and
the treaty of Russia and North Korea, ``obligation_changes.csv`` what else was found.  Article 42.7
of the European Union is in ATOP (treaty 4175, defence since 2007), and so is the Charter of the
Organization of American States (3150), which is why the United States has 66 partners in 2018.

Not in the table: consultation (ANZUS between New Zealand and the United States in ATOP, FPDA),
AUKUS, QUAD, and the Taiwan Relations Act, which is a law of one state.  Armenia has frozen its
part in the CSTO in 2024 but is still bound.  ATOP has no row for the compacts of the United
States with Palau, Micronesia and the Marshall Islands, nor for Palestine.  Ends after 2018 that
nobody listed stay in: the weakest spot.
"""

from itertools import permutations

import pandas as pd

from comity.data.build.table import Field, handmade
from comity.data.sources import atop, facts

NAME = "obligations"
KEYS = ["owes", "owed"]
FIELDS = [
    Field("owes", "string", "", "State bound to defend the other (ISO3).", ["atop_dyad_year"]),
    Field("owed", "string", "", "State that is to be defended (ISO3).", ["atop_dyad_year"]),
    Field(
        "since",
        "integer",
        "year",
        "First year of the unbroken obligation, whichever treaties carried it.",
        ["atop_dyad_year", "facts_frameworks"],
        "ATOP: free for research with citation",
        "2018, updated to 2024",
    ),
    Field(
        "source",
        "string",
        "",
        "ATOP numbers of the treaties, and frameworks or treaties added since, joined by ' + '.",
        ["atop_members", "facts_frameworks"],
        "ATOP: free for research with citation",
        "2018, updated to 2024",
    ),
]


def without_exits(treaties: pd.DataFrame, exits: pd.DataFrame) -> pd.DataFrame:
    """Return ``treaties`` (owes, owed, treaty) less the rows of states that left a treaty."""
    gone = set(zip(exits.treaty, exits.state, strict=True))
    left = [
        (treaty, owes) in gone or (treaty, owed) in gone
        for treaty, owes, owed in zip(treaties.treaty, treaties.owes, treaties.owed, strict=True)
    ]
    return treaties.loc[[not one for one in left]]


def carried_on() -> pd.DataFrame:
    """Return ATOP's obligations that no exit has ended: owes, owed, since, source."""
    kept = without_exits(atop.treaties(), handmade("obligation_exits.csv"))
    names = (
        kept.sort_values("treaty")
        .groupby(["owes", "owed"])
        .treaty.agg(lambda numbers: "ATOP " + " ".join(str(n) for n in numbers.unique()))
        .rename("source")
        .reset_index()
    )
    return atop.spells().merge(names, on=["owes", "owed"])


def added() -> pd.DataFrame:
    """Return obligations that came after ATOP ends: owes, owed, since, source."""
    nato = [(state, since) for state, since, until in facts.terms("NATO") if until is None]
    rows = [
        (a, b, max(start_a, start_b), "NATO")
        for (a, start_a), (b, start_b) in permutations(nato, 2)
        if max(start_a, start_b) > atop.LAST
    ]
    for row in handmade("obligation_changes.csv").to_dict("records"):
        rows += [
            (row["owes"], owed, int(row["since"]), row["source"]) for owed in row["owed"].split()
        ]
    return pd.DataFrame(rows, columns=["owes", "owed", "since", "source"])


def build() -> pd.DataFrame:
    """Return one row a directed pair with a defence obligation in force at the end of 2024."""
    both = pd.concat([carried_on(), added()], ignore_index=True)
    table = both.groupby(["owes", "owed"], as_index=False).agg(
        since=("since", "min"), source=("source", " + ".join)
    )
    return table.astype({"since": int}).sort_values(KEYS, ignore_index=True)
