"""Defence obligations: ATOP reproduced, exits and accessions applied."""

import os
from functools import lru_cache

import pandas as pd
import pytest

from comity.data.tables import obligations

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    return obligations.build().set_index(["owes", "owed"])


def test_an_exit_ends_what_that_treaty_gave_and_no_more():
    treaties = pd.DataFrame(
        [("A", "B", 1), ("A", "B", 2), ("B", "C", 1), ("C", "A", 1)],
        columns=["owes", "owed", "treaty"],
    )
    exits = pd.DataFrame({"treaty": [1], "state": ["A"]})
    left = obligations.without_exits(treaties, exits)
    assert left.to_records(index=False).tolist() == [("A", "B", 2), ("B", "C", 1)]


@needs_data
def test_atop_2018_is_reproduced_by_its_treaties():
    from comity.data.sources import atop

    spells, treaties = atop.spells(), atop.treaties()
    pairs = set(zip(spells.owes, spells.owed, strict=True))
    assert pairs == set(zip(treaties.owes, treaties.owed, strict=True)) and len(pairs) == 3412
    assert (spells.owes == "USA").sum() == 66


@needs_data
def test_known_obligations():
    table = _table()
    assert table.since["USA", "JPN"] == 1951 and ("JPN", "USA") not in table.index
    assert table.since["USA", "KOR"] == 1953 == table.since["KOR", "USA"]
    assert table.since["DEU", "USA"] == 1955
    assert table.since["CHN", "PRK"] == 1961 and "3445" in table.source["CHN", "PRK"]
    assert table.source["RUS", "PRK"] == "RUS-PRK" and table.since["PRK", "RUS"] == 2024


@needs_data
def test_updates_after_2018():
    table = _table()
    assert table.since["USA", "FIN"] == 2023 and table.since["SWE", "USA"] == 2024
    assert table.since["MKD", "TUR"] == 2020
    assert table.since["FIN", "SWE"] == 2007  # article 42.7, then NATO: unbroken
    assert table.since["GBR", "SWE"] == 2024 and ("GBR", "IRL") not in table.index
    assert ("USA", "NIC") not in table.index and ("ARM", "RUS") in table.index


@needs_data
@pytest.mark.parametrize(
    "pair", [("USA", "TWN"), ("USA", "IND"), ("AUS", "GBR"), ("USA", "NZL"), ("CHN", "RUS")]
)
def test_what_is_not_an_obligation(pair):
    assert pair not in _table().index


@needs_data
def test_every_row_has_two_states_a_year_and_a_source():
    table = _table().reset_index()
    assert not table.duplicated(["owes", "owed"]).any() and (table.owes != table.owed).all()
    assert table.since.between(1815, 2024).all() and table.source.str.len().min() > 3
    assert (table.owes == "USA").sum() == 67  # 66, less Nicaragua and Venezuela, plus three
