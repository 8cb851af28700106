"""Trade agreements: spells joined without gaps, known pairs, agreement with another data set."""

import os
from functools import lru_cache

import pandas as pd
import pytest

from comity.data.build.table import handmade
from comity.data.tables import agreements

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@lru_cache(maxsize=1)
def _since() -> pd.Series:
    return agreements.build().set_index(["a", "b"]).since


def test_spells_join_unless_a_year_is_missing():
    spells = [("A", "B", 1994, 2019), ("A", "B", 2020, 2024), ("A", "C", 1990, 2000)]
    spells += [("A", "C", 2002, 2024), ("B", "C", 1990, 2010), ("C", "D", 2025, 2030)]
    assert agreements.unbroken(spells, 2024) == {("A", "B"): 1994, ("A", "C"): 2002}


def test_a_club_binds_pairs_while_both_are_in():
    spells = agreements.of_club([("B", 1973, 2020), ("A", 1958, None), ("C", 2021, None)])
    assert spells == [("A", "B", 1973, 2020), ("A", "C", 2021, 2024)]


def test_tables_beside_the_module_say_how_sure_they_are():
    for name in ("agreement_rules.csv", "agreement_changes.csv"):
        table = handmade(name)
        assert set(table.status) <= {"checked", "memory, unverified"}


@needs_data
@pytest.mark.parametrize(
    ("a", "b", "since"),
    [
        ("CAN", "USA", 1989),
        ("MEX", "USA", 1994),
        ("KOR", "USA", 2012),
        ("DEU", "JPN", 2019),
        ("CHN", "JPN", 2022),
        ("GBR", "JPN", 2019),
        ("DEU", "GBR", 1973),
        ("DEU", "POL", 1994),
        ("AUS", "NZL", 1966),
        ("AUS", "GBR", 2023),
        ("HRV", "KOR", 2013),
        ("KOR", "MEX", None),
        ("JPN", "USA", None),
        ("CHN", "TWN", None),
        ("CHN", "IND", None),
        ("RUS", "UKR", None),
        ("SYR", "TUR", None),
        ("COL", "VEN", None),
        ("BIH", "GBR", None),
        ("IRN", "RUS", None),
    ],
)
def test_known_pairs(a, b, since):
    assert _since().get((a, b)) == since


@needs_data
def test_the_european_union_is_complete():
    from itertools import combinations

    from comity.data.sources import facts

    members = sorted(state for state, _, until in facts.terms("EU") if until is None)
    assert len(members) == 27
    assert all(pair in _since().index for pair in combinations(members, 2))


@needs_data
def test_agreement_with_the_world_bank_data_of_2016():
    from comity.data.sources.source import load
    from comity.registry import states

    frame = load("penppml_trade_rta_provisions", columns=["exp", "imp", "time", "id", "agreement"])
    old = {"ROM": "ROU", "ZAR": "COD", "YUG": "SRB", "TMP": "TLS"}
    frame = frame.assign(a=frame.exp.astype(str).replace(old), b=frame.imp.astype(str).replace(old))
    ids = set(states.ids(2024))
    frame = frame[frame.a.isin(ids) & frame.b.isin(ids) & (frame.a < frame.b)]
    partial = (
        "Global System|Asia Pacific Trade|Economic Cooperation Org|Latin American|South Pacific"
    )
    then = frame[(frame.time == 2016) & (frame.id > 0) & ~frame.agreement.str.contains(partial)]
    theirs = set(zip(then.a, then.b, strict=True))
    covered = set(zip(frame.a, frame.b, strict=True))
    early = _since()[_since() <= 2016]
    ours = {pair for pair in early.index if pair in covered}
    assert len(theirs) > 2000
    assert len(theirs & ours) / len(theirs) > 0.93
    assert len(theirs & ours) / len(ours) > 0.80
