"""Pairs of states with free trade by treaty at the end of 2024, and since when.

A pair counts when a free-trade agreement or customs union between them is in force; ``since`` is
the first year of the unbroken spell, whichever treaties carried it (the United States and Mexico
since 1994, not 2020).  DESTA gives the treaties to 2020 (``sources.desta`` says which count), the
table of frameworks the European Union, RCEP and CPTPP by member and year, and
``agreement_changes.csv`` what came or ended since, a status in each row.

Weak spots: the choice between free trade and partial scope is made by hand, mostly from memory;
treaties in force are not always applied (CIS, PICTA, ECOWAS); agreements of 2021-24 are those we
know of.  AfCFTA is left out: it is in force but tariffs are hardly cut under it yet.
"""

from collections.abc import Iterable
from itertools import combinations, product

import pandas as pd

from comity.data.build.table import Field, handmade
from comity.data.sources import desta, facts

NAME = "agreements"
KEYS = ["a", "b"]
END = 2024
FROM_FACTS = ("RCEP", "CPTPP", "EAEU", "USMCA")
Spell = tuple[str, str, int, int]
FIELDS = [
    Field("a", "string", "", "State (ISO3), first in the alphabet.", []),
    Field("b", "string", "", "State (ISO3), second in the alphabet.", []),
    Field(
        "since",
        "integer",
        "year",
        "First year of the unbroken spell of free trade by treaty (free-trade area or customs "
        "union) in force at the end of 2024.",
        ["desta_treaty_members", "facts_frameworks"],
        "DESTA: free with citation",
        "2024",
    ),
]


def _spell(a: str, b: str, first: int, last: int) -> Spell:
    """Return a spell with the states in alphabetical order."""
    return min(a, b), max(a, b), first, last


def of_club(terms: Iterable[tuple[str, int, int | None]]) -> list[Spell]:
    """Return spells between all members of a club, each while both belong to it."""
    spells = []
    for (a, start_a, end_a), (b, start_b, end_b) in combinations(terms, 2):
        first, last = max(start_a, start_b), min(end_a or END, end_b or END)
        if a != b and first <= last:
            spells.append(_spell(a, b, first, last))
    return spells


def of_treaties(union: list[tuple[str, int, int | None]]) -> list[Spell]:
    """Return spells from DESTA, European treaties spread over the members of the union."""
    names = {state for state, _, _ in union}
    spells = []
    for treaty in desta.treaties(handmade("agreement_rules.csv")):
        if not desta.is_european(treaty, names):
            spells += [
                _spell(a, b, treaty.since, END) for a, b in combinations(sorted(treaty.members), 2)
            ]
            continue
        # A treaty signed with members about to accede lists them a year early.
        inside = {state for state, start, _ in union if start <= treaty.since + 1}
        others = sorted(treaty.members - inside)
        for other, (state, start, end) in product(others, union):
            first, last = max(treaty.since, start), end or END
            if other != state and first <= last:
                spells.append(_spell(other, state, first, last))
    return spells


def of_changes(union: list[tuple[str, int, int | None]]) -> list[Spell]:
    """Return spells from the table of changes; ``EU`` stands for its members of 2024."""
    members = [state for state, _, end in union if end is None]
    spells = []
    for row in handmade("agreement_changes.csv").to_dict("records"):
        first = members if row["first"] == "EU" else [row["first"]]
        second = members if row["second"] == "EU" else row["second"].split()
        for a, b in product(first, second):
            spells.append(_spell(a, b, int(row["since"]), int(row["until"] or END)))
    return spells


def unbroken(spells: Iterable[Spell], end: int) -> dict[tuple[str, str], int]:
    """Return the first year of the spell that reaches ``end``, by pair; gaps break a spell."""
    by_pair: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for a, b, first, last in spells:
        by_pair.setdefault((a, b), []).append((first, last))
    found = {}
    for pair, parts in by_pair.items():
        since = None
        for first, last in sorted(parts, key=lambda part: -part[1]):
            reaches = end if since is None else since - 1
            if first <= end and last >= reaches:
                since = first if since is None else min(since, first)
        if since is not None:
            found[pair] = since
    return found


def build() -> pd.DataFrame:
    """Return one row a pair with free trade by treaty, a before b."""
    union = facts.terms("EU")
    clubs = [spell for club in FROM_FACTS for spell in of_club(facts.terms(club))]
    ended = {(a, b) for a, b, _, last in of_changes(union) if last < END}
    spells = [*of_club(union), *clubs, *of_treaties(union), *of_changes(union)]
    lasting = [spell for spell in spells if not (spell[:2] in ended and spell[3] == END)]
    found = unbroken(lasting, END)
    rows = [(a, b, since) for (a, b), since in sorted(found.items())]
    return pd.DataFrame(rows, columns=["a", "b", "since"])
