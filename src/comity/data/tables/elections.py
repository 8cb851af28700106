"""``elections``: states whose head of government holds office to a day that the law fixes.

Presidents (or heads of state who govern) of states that were electoral democracies (V-Dem's
polyarchy of 0.5 or more) in years from 1946 on, or of 0.4 or more in 2024.  A row is a rule: the
first day under it, every how many years, the last one where it has ended, and how many terms in a
row the law allows.  Parliaments that can be dissolved have a latest day, not a day, and are not
here.  Written from constitutions; days to 2014 are held against those on which Archigos has leaders
take office (`comity.evidence.replications.succession.on_the_day`).  ``terms``: terms in a row that
whoever holds office on 24 September 2026, the end of the record, has begun; blank where the law
allows one alone, or sets no limit.  ``foreseen``: 0 where a new term followed a resignation, death
or removal of the same year, which no calendar could foresee.
"""

import pandas as pd

from comity.core.errors import BadInput
from comity.data.build.table import Field, handmade

NAME = "elections"
KEYS = ["state", "first"]
LICENCE = "facts with a source in each row; own words"


def _field(name: str, kind: str, description: str, unit: str = "") -> Field:
    return Field(name, kind, unit, description, [], LICENCE, "1946-2026")  # type: ignore[arg-type]


FIELDS = [
    _field("state", "string", "State"),
    _field("first", "integer", "Year of the first day under the rule", "year"),
    _field("every", "integer", "Length of a term", "year"),
    _field("last", "integer", "Year of the last day under the rule; blank where in force", "year"),
    _field("month", "integer", "Month of the day on which a term begins"),
    _field("day", "integer", "Day of that month; in some states within a week of it"),
    _field("limit", "integer", "Terms in a row that the law allows; 0 where it sets no limit"),
    _field("terms", "integer", "Terms in a row that the holder of September 2026 has begun"),
    _field("foreseen", "integer", "1 where the first day was fixed before its year began", "0/1"),
    _field("source", "string", "Article of the constitution"),
]


def build() -> pd.DataFrame:
    """Return the table.

    Raises
    ------
    BadInput
        When rules of a state overlap, a term has no year, or one in force with a limit of two or
        more does not say which term runs.
    """
    table = handmade("elections.csv").sort_values(KEYS, ignore_index=True)
    whole = ["first", "every", "last", "month", "day", "limit", "terms", "foreseen"]
    table[whole] = table[whole].apply(pd.to_numeric).astype("Int64")
    ended = table["last"].fillna(9999)
    follows = table.state.eq(table.state.shift())
    over = follows & (table["first"] <= ended.shift().fillna(0))
    _refuse(table, over, "its rules overlap")
    _refuse(table, table.every < 1, "a term has no year")
    unknown = table["last"].isna() & (table.limit > 1) & table.terms.isna()
    _refuse(table, unknown, "the term that runs is not said")
    _refuse(table, table.source == "", "it has no source")
    return table


def _refuse(table: pd.DataFrame, bad: pd.Series, why: str) -> None:
    if bad.any():
        raise BadInput(f"elections: {table.state[bad].iloc[0]} is refused", why=why)
