"""Frameworks and their members, as the snapshot holds them."""

import os

import pandas as pd
import pytest

from comity.core.errors import BadInput
from comity.registry import frameworks as fw
from comity.registry import states
from comity.world.snapshot import table


@pytest.mark.parametrize(
    ("own", "year", "count"),
    [
        ("UN", 1945, 51),
        ("UN", 1950, 60),
        ("UN", 1955, 76),
        ("UN", 1960, 99),
        ("UN", 1970, 127),
        ("UN", 1975, 144),
        ("UN", 1980, 154),
        ("UN", 1990, 159),
        ("UN", 2000, 189),
        ("UN", 2011, 193),
        ("NATO", 1949, 12),
        ("NATO", 1999, 19),
        ("NATO", 2009, 28),
        ("NATO", 2024, 32),
        ("EU", 1995, 15),
        ("EU", 2004, 25),
        ("EU", 2013, 28),
        ("EU", 2020, 27),
        ("ASEAN", 1967, 5),
        ("ASEAN", 1999, 10),
        ("ASEAN", 2025, 11),
        ("CPTPP", 2018, 6),
        ("UNSC", 2000, 15),
        ("UNSC", 2014, 15),
        ("UNSC", 2024, 15),
        ("UNSC", 2026, 15),
        ("WTO", 2024, 163),
        ("IMF", 2024, 191),
        ("OECD", 2024, 38),
        ("ICC", 2024, 124),
        ("MERCOSUR", 2000, 4),
        ("MERCOSUR", 2024, 5),
        ("EUROZONE", 1999, 11),
        ("EUROZONE", 2024, 20),
        ("EUROZONE", 2026, 21),
        ("SCHENGEN", 2024, 29),
        ("EFTA", 1960, 7),
        ("EFTA", 2024, 4),
        ("ECOWAS", 2024, 15),
        ("ECOWAS", 2025, 12),
        ("PACIFIC-ALLIANCE", 2024, 4),
        ("CIS", 1991, 11),
        ("COE", 1949, 12),
        ("COE", 2021, 47),
        ("COE", 2022, 46),
        ("AU-PSC", 2024, 15),
        # With the Sahrawi Republic, no state here, the Court counts 29, 30 and 34.
        ("AU-COURT", 2015, 28),
        ("AU-COURT", 2016, 29),
        ("AU-COURT", 2024, 33),
        ("FOIP", 2024, 0),
    ],
)
def test_published_numbers_of_members(own, year, count):
    assert len(fw.members(own, year)) == count


def test_memberships_that_come_and_go():
    def years(own, state, span):
        return [year for year in span if state in fw.members(own, year)]

    assert years("UNESCO", "USA", range(1980, 2028)) == [
        *range(1980, 1984),
        *range(2003, 2018),
        2023,
        2024,
        2025,
    ]
    assert years("PARIS", "USA", range(2015, 2028)) == [*range(2016, 2020), *range(2021, 2026)]
    assert years("EU", "GBR", range(1970, 2025)) == [*range(1973, 2020)]
    assert years("UNSC", "JPN", range(2014, 2026)) == [2016, 2017, 2023, 2024]
    assert "TWN" in fw.members("UN", 1960) and "CHN" not in fw.members("UN", 1960)
    assert "CHN" in fw.members("UN", 1971) and "TWN" not in fw.members("UN", 1971)
    assert "DEU" not in fw.members("UN", 1972) and "DDR" in fw.members("UN", 1973)


def test_outsiders():
    assert not {"IND", "PAK", "ISR", "PRK"} & set(fw.members("NPT"))
    assert not {"USA", "TUR", "ISR", "VEN"} & set(fw.members("UNCLOS"))
    assert not {"USA", "CHN", "RUS", "IND", "SGP", "UZB"} & set(fw.members("ICC"))
    assert not {"CUB", "PRK", "TWN"} & set(fw.members("IMF"))
    assert {"USA", "JPN"}.isdisjoint(fw.members("AIIB"))
    assert set(fw.members("AU", 2016)) ^ set(fw.members("AU", 2017)) == {"MAR"}


def test_shared_is_symmetric_and_accepts_names():
    assert fw.shared("Japan", "米国") == fw.shared("USA", "JPN")
    assert {"US-JPN", "G7", "QUAD", "UN"} <= set(fw.shared("JPN", "USA"))
    assert fw.shared("PRK", "USA") == tuple(
        own for own in fw.frameworks() if {"PRK", "USA"} <= set(fw.members(own))
    )


def test_every_framework_is_described():
    for own in fw._all():
        one = fw.framework(own)
        assert one.name_ja and one.name_en and one.decision_rule and one.source
        assert one.status in {"checked", "unverified", "partial"}
        assert abs(one.w_security + one.w_economy + one.w_rules + one.w_human - 1) < 1e-9
        assert one.status != "partial" or one.note
        if "unverified" in one.source and one.status == "checked":
            assert "checked" in one.source or one.note, own


def test_members_are_states_and_spells_do_not_overlap():
    known = {s.id for s in states.spells()}
    for own, spans in fw._spells().items():
        for member in {m for m, _, _ in spans}:
            assert member in known
            mine = sorted((a, b) for m, a, b in spans if m == member)
            assert all(a < b for a, b in mine), (own, member)
            assert all(p[1] <= q[0] for p, q in zip(mine, mine[1:], strict=False)), (own, member)
        assert all(since >= fw.framework(own).founded - 65 for _, since, _ in spans)


def test_an_unknown_framework_gets_the_nearest_names():
    with pytest.raises(BadInput, match="QUAD"):
        fw.framework("QUAAD")
    with pytest.raises(BadInput, match="BRICS"):
        fw.members("brics")


@pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
@pytest.mark.parametrize(
    "own", ["NATO", "EU", "ASEAN", "APEC", "SCO", "CSTO", "SAARC", "GCC", "UN", "OECD"]
)
def test_facts_agree_with_the_list_of_organisations_in_2014(own):
    from comity.data.sources.source import load

    raw = load("cow_igo_memberships")
    full = raw[(raw.ioname == own.lower()) & (raw.year == 2014) & (raw.status == 1)]
    assert set(fw.members(own, 2014)) == set(states.convert(full.ccode, "cow", "id", 2014))


def spells(framework: str, state: str) -> list[tuple[int, int | None, str]]:
    rows = table("memberships").query("framework == @framework and state == @state")
    return [
        (int(r.since), None if pd.isna(r.until) else int(r.until), r.status or "")
        for r in rows.itertuples()
    ]


@pytest.mark.parametrize(
    ("framework", "state", "expected"),
    [
        ("OECD", "DEU", [(1961, None)]),
        ("OECD", "FIN", [(1969, None)]),
        ("IMF", "DEU", [(1952, None)]),
        ("IBRD", "DEU", [(1952, None)]),
        ("WHO", "DEU", [(1951, None)]),
        ("UNESCO", "DEU", [(1951, None)]),
        ("IAEA", "DEU", [(1957, None)]),
        ("UN", "TLS", [(2002, None)]),
        ("UN", "UZB", [(1992, None)]),
        ("UNESCO", "AUT", [(1948, None)]),
        ("UNESCO", "ISL", [(1964, None)]),
        ("UNESCO", "IRL", [(1961, None)]),
        ("UNESCO", "ESP", [(1953, None)]),
        ("UNESCO", "RUS", [(1954, None)]),
        ("UNESCO", "ZAF", [(1946, 1956), (1994, None)]),
        ("IBRD", "DOM", [(1945, 1960), (1961, None)]),
        ("IMF", "IDN", [(1954, 1965), (1967, None)]),
        ("IAEA", "BEL", [(1958, None)]),
        # ``until`` by one rule: the year of the first day without.
        ("OPEC+", "QAT", [(2016, 2019)]),
        ("OPEC+", "AGO", [(2016, 2024)]),
        ("OPEC+", "ECU", [(2016, 2020)]),
        ("LAS", "EGY", [(1945, 1979), (1989, None)]),
        ("EU", "GBR", [(1973, 2020)]),
        ("UNESCO", "USA", [(1946, 1984), (2003, 2018), (2023, 2026)]),
        ("JPN-EU-EPA", "GBR", [(2019, 2021)]),
        ("UN", "SYR", [(1945, 1958), (1961, None)]),
        ("IMF", "CSK", [(1945, 1954), (1990, 1993)]),
    ],
)
def test_years_of_entry_and_exit(framework, state, expected):
    assert [spell[:2] for spell in spells(framework, state)] == expected


def test_a_grid_of_five_years_is_no_date():
    """Organisations that a list looked up every fifth year: a source of its own, or an interval."""
    rows = table("memberships")
    grid = rows[rows.framework.isin(["UNESCO", "IAEA"]) & rows.since.isin([1950, 1955, 1960, 1965])]
    assert len(grid) > 20
    assert (grid.status[grid.earliest.notna()] == "interval").all()
    # Without a status: states that came to be in that very year.
    for row in grid[grid.status.isna()].itertuples():
        born = [s for s in states.spells() if s.id == row.state and s.covers(row.since)]
        assert min(int(s.valid_from[:4]) for s in born) == row.since, row


def test_an_interval_is_uncertain_before_its_end():
    rows = table("memberships")
    rows = rows[rows.earliest.notna()]
    assert len(rows) and (rows.earliest < rows.since).all()
    for row in rows.itertuples():
        first, last = int(row.earliest), int(row.since)
        assert row.state in fw.uncertain(row.framework, first)
        assert row.state not in fw.members(row.framework, last - 1)
        assert row.state not in fw.uncertain(row.framework, last)
        assert row.state in fw.members(row.framework, last)


def test_members_before_they_were_states_are_marked_and_few():
    """Every one of them, and no other: the United Nations of 1945, Palestine, and so on."""
    rows = table("memberships")
    early = [
        not any(s.id == r.state and s.covers(int(r.since), whole=True) for s in states.spells())
        for r in rows.itertuples()
    ]
    assert set(rows[early].status) == {"before statehood"}
    assert (rows.status == "before statehood").sum() == sum(early) == 20
    assert {"BLR", "UKR", "IND", "PHL", "SYR"} == set(rows[early].query("framework == 'UN'").state)
