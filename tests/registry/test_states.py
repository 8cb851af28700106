"""States: every convention that trips other code lists, and what holds for any state."""

import os
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.registry import states

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def one(code, source, target, year):
    return states.convert([code], source, target, year).tolist()[0]


def test_196_states_in_2024():
    now = states.ids(2024)
    assert len(now) == 196 and list(now) == sorted(now)
    assert {"TWN", "XKX", "PSE"} <= set(now)
    kinds = [states.state(own).kind for own in now]
    assert kinds.count("un") == 193 and kinds.count("observer") == 1 and kinds.count("other") == 2


@pytest.mark.parametrize(
    ("code", "year", "own"),
    [
        (255, 1900, "DEU"),
        (260, 1980, "DEU"),
        (265, 1980, "DDR"),
        (255, 2000, "DEU"),
        (260, 2000, None),
        (255, 1980, None),
        (265, 1991, None),
        (345, 1900, "SRB"),
        (345, 1980, "YUG"),
        (345, 2010, "SRB"),
        (347, 2010, "XKX"),
        (678, 1980, "YEM"),
        (680, 1980, "YMD"),
        (679, 2000, "YEM"),
        (678, 2000, None),
        (816, 1970, "VNM"),
        (817, 1970, "RVN"),
        (816, 2000, "VNM"),
        (817, 2000, None),
        (970, 2010, "NRU"),
        (946, 2010, "KIR"),
        (365, 1980, "RUS"),
        (365, 2010, "RUS"),
        (713, 2010, "TWN"),
        (300, 1900, "AUH"),
        (730, 1900, "JOS"),
        (732, 2000, "KOR"),
        (315, 1992, "CSK"),
        (316, 1993, "CZE"),
        (740, 1948, None),
        (560, 2024, "ZAF"),
    ],
)
def test_correlates_of_war(code, year, own):
    assert one(code, "cow", "id", year) == own


@pytest.mark.parametrize(
    ("code", "year", "own"),
    [
        (260, 2000, "DEU"),
        (255, 2000, None),
        (255, 1944, "DEU"),
        (265, 1980, "DDR"),
        (340, 2010, "SRB"),
        (345, 2000, "SRB"),
        (345, 1980, "YUG"),
        (340, 1900, "SRB"),
        (678, 2000, "YEM"),
        (678, 1980, "YEM"),
        (679, 2000, None),
        (680, 1980, "YMD"),
        (816, 2000, "VNM"),
        (817, 1970, "RVN"),
        (815, 1850, "ANM"),
        (970, 2010, "KIR"),
        (971, 2010, "NRU"),
        (972, 2010, "TON"),
        (973, 2010, "TUV"),
        (711, 1930, "TBT"),
    ],
)
def test_gleditsch_ward(code, year, own):
    assert one(code, "gw", "id", year) == own


@pytest.mark.parametrize(
    ("code", "year", "own"),
    [
        ("YUG", 1980, "YUG"),
        ("YUG", 1999, "SRB"),
        ("SCG", 2005, "SRB"),
        ("SRB", 2010, "SRB"),
        ("SUN", 1980, "RUS"),
        ("RUS", 1980, "RUS"),
        ("DDR", 1980, "DDR"),
        ("CSK", 1980, "CSK"),
        ("XKX", 2015, "XKX"),
        ("XKK", 2015, "XKX"),
        ("KOS", 2015, "XKX"),
        ("UNK", 2015, "XKX"),
        ("TWN", 2015, "TWN"),
        ("ZAR", 1990, "COD"),
        ("ROM", 1990, "ROU"),
        ("YMD", 1980, "YMD"),
        ("SUN", 2010, None),
        ("XKX", 2000, None),
        ("NAM", 2000, "NAM"),
        ("WLD", 2000, None),
    ],
)
def test_iso3(code, year, own):
    assert one(code, "iso3", "id", year) == own


@pytest.mark.parametrize(
    ("own", "system", "year", "code"),
    [
        ("DEU", "cow", 1940, 255),
        ("DEU", "cow", 1980, 260),
        ("DEU", "cow", 1990, 255),
        ("DEU", "gw", 1990, 260),
        ("DEU", "gw", 2010, 260),
        ("YEM", "cow", 2000, 679),
        ("YEM", "gw", 2000, 678),
        ("SRB", "cow", 2010, 345),
        ("SRB", "gw", 2010, 340),
        ("XKX", "iso3", 2010, "XKX"),
        ("RUS", "iso3", 1980, "RUS"),
        ("TWN", "m49", 2010, 158),
        ("KIR", "gw", 2010, 970),
        ("KIR", "cow", 2010, 946),
        ("COD", "iso3", 1990, "COD"),
        ("PSE", "cow", 2020, pd.NA),
        ("XKX", "m49", 2020, pd.NA),
        ("DEU", "m49", 1980, 276),
    ],
)
def test_from_ids(own, system, year, code):
    got = one(own, "id", system, year)
    assert (got is pd.NA) if code is pd.NA else got == code


def test_missing_stays_missing_and_the_index_is_kept():
    codes = pd.Series([2.0, np.nan, 740.0], index=["a", "b", "c"])
    got = states.convert(codes, "cow", "id", [2000, 2000, 1948])
    assert got.index.tolist() == ["a", "b", "c"]
    assert got.isna().tolist() == [False, True, True] and got["a"] == "USA"


def test_an_unknown_system_is_refused():
    with pytest.raises(BadInput, match="iso2"):
        states.convert(["US"], "iso2", "id", 2000)


@given(st.sampled_from(["cow", "gw", "iso3", "m49"]), st.integers(1816, 2024))
def test_codes_and_ids_go_round(system, year):
    alive = list(states.ids(year))
    codes = states.convert(alive, "id", system, year)
    back = states.convert(codes, system, "id", year)
    for own, code, again in zip(alive, codes, back, strict=True):
        if not pd.isna(code):
            assert again == own
    present = codes.dropna()
    assert present.is_unique


@given(st.integers(1816, 2024))
def test_an_id_is_alive_once(year):
    alive = [s.id for s in states.spells() if s.covers(year)]
    assert len(alive) == len(set(alive))


def test_spells_are_ordered_and_do_not_overlap():
    for own in {s.id for s in states.spells()}:
        mine = [s for s in states.spells() if s.id == own]
        for first, second in zip(mine, mine[1:], strict=False):
            assert first.valid_to and first.valid_to < second.valid_from, own
        for spell in mine:
            assert not spell.valid_to or spell.valid_from < spell.valid_to
            assert spell.kind in {"un", "observer", "other"}


def test_japanese_names_are_japanese_and_short():
    for spell in states.spells():
        assert re.search(r"[぀-ヿ一-鿿]", spell.name_ja), spell
        assert len(spell.name_ja) <= 17, spell
    pairs = {"USA": "米国", "GBR": "英国", "KOR": "韓国", "PRK": "北朝鮮", "TWN": "台湾"}
    assert {own: states.name(own, "ja") for own in pairs} == pairs


def test_names_by_year():
    assert states.name("RUS", "ja", 1980) == "ソ連" and states.name("RUS") == "Russia"
    assert states.name("DEU", "en", 1850) == "Prussia"
    assert states.name("DEU", "en", 1980) == "West Germany"
    assert states.name("TUR", "ja", 1900) == "オスマン帝国"
    assert states.name("SRB", "en", 2004) == "Serbia and Montenegro"
    with pytest.raises(BadInput, match="1918-1992"):
        states.name("YUG", "en", 2024)


@pytest.mark.parametrize(
    ("text", "year", "own"),
    [
        ("JPN", None, "JPN"),
        ("jpn", None, "JPN"),
        ("ＪＰＮ", None, "JPN"),
        ("米国", None, "USA"),
        ("アメリカ", None, "USA"),
        ("America", None, "USA"),
        ("the Gambia", None, "GMB"),
        ("Georgia", None, "GEO"),
        ("Macedonia", None, "MKD"),
        ("Burma", None, "MMR"),
        ("Ivory Coast", None, "CIV"),
        ("Côte d’Ivoire", None, "CIV"),
        ("Turkey", None, "TUR"),
        ("Soviet Union", 1980, "RUS"),
        ("USSR", 1980, "RUS"),
        ("SUN", 1980, "RUS"),
        ("East Germany", 1980, "DDR"),
        ("東ドイツ", 1980, "DDR"),
        ("Yugoslavia", 1980, "YUG"),
        ("Prussia", 1850, "DEU"),
        ("Austria-Hungary", 1900, "AUH"),
        ("XKK", None, "XKX"),
        ("Republic of Korea", None, "KOR"),
        ("台湾", None, "TWN"),
        ("Swaziland", None, "SWZ"),
        ("Viet Nam", None, "VNM"),
        ("Palestine", None, "PSE"),
    ],
)
def test_find(text, year, own):
    assert states.find(text, year) == own


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Korea", ["KOR", "PRK", "ambiguous"]),
        ("Congo", ["COD", "COG"]),
        ("コンゴ", ["COD", "COG"]),
        ("Jpan", ["JPN", "did you mean"]),
        ("Untied States", ["USA"]),
        ("フィリッピン", ["PHL"]),
        ("Yugoslavia", ["1918-1992", "SRB", "HRV"]),
        ("East Germany", ["DEU"]),
        ("Czechoslovakia", ["CZE", "SVK"]),
        ("", ["alpha-3"]),
        ("Atlantis", ["no state"]),
    ],
)
def test_find_helps(text, words):
    with pytest.raises(BadInput) as error:
        states.find(text)
    for word in words:
        assert word in str(error.value)


def test_suggest_puts_the_nearest_first():
    assert states.suggest("Philipines")[0] == "PHL"


@pytest.mark.parametrize("row", states.succession(), ids=lambda r: f"{r['predecessor']}")
def test_succession_names_states_that_lived(row):
    known = {s.id for s in states.spells()}
    assert row["predecessor"] in known and row["successor"] in known
    last = max(
        int((s.valid_to or "9999")[:4]) for s in states.spells() if s.id == row["predecessor"]
    )
    assert last <= int(row["year"]) + 61


def test_every_state_that_ended_has_a_successor():
    ended = {s.id for s in states.spells()} - set(states.ids(2024))
    assert ended == {row["predecessor"] for row in states.succession()}


def test_years_after_the_lists_are_flagged():
    assert states.is_extension("cow", 2017) and not states.is_extension("cow", 2016)
    assert states.is_extension("gw", 2018) and not states.is_extension("iso3", 2024)


@needs_data
@pytest.mark.parametrize("system", ["cow", "gw"])
def test_codes_equal_the_published_lists(system):
    from comity.data.sources.source import load

    if system == "cow":
        raw = load("cow_states")
        listed = set(zip(raw.ccode, raw.styear, strict=True))
        ends = {2016}
    else:
        raw = load("gw_states")
        listed = {(c, int(str(d)[:4])) for c, d in zip(raw.gwcode, raw.startdate, strict=True)}
        ends = {2017}
    ours = {
        (int(r["code"]), int(r["valid_from"][:4]))
        for r in states.codes()
        if r["system"] == system and "microstate" not in r["note"]
    }
    # One published spell of Yugoslavia is several of ours: Serbia, Yugoslavia, Serbia.
    split = {(345, 1918), (345, 1992)}
    assert listed - ours == set()
    assert ours - listed <= split
    assert states.LIST_END[system] in ends


@needs_data
@pytest.mark.parametrize("year", [1816, 1870, 1914, 1938, 1950, 1980, 1991, 2016])
def test_every_cow_member_of_a_year_has_an_id(year):
    from comity.data.sources.source import load

    raw = load("cow_states")
    alive = raw[(raw.styear <= year) & (raw.endyear >= year)].ccode.drop_duplicates()
    got = states.convert(alive, "cow", "id", year)
    assert got.notna().all() and got.is_unique


@needs_data
def test_crosswalk_agrees_with_ours():
    from comity.data.sources.source import load

    raw = load("cow_gw_codes")
    for year in (1950, 1985, 2005, 2015):
        now = raw[(raw.year_from <= year) & (raw.year_to >= year)]
        a = states.convert(now.ccode, "cow", "id", year)
        b = states.convert(now.gwcode, "gw", "id", year)
        both = a.notna() & b.notna()
        wrong = now[both & (a != b)]
        assert wrong.empty, wrong


def test_long_panels_are_translated_pair_by_pair():
    rng = np.random.default_rng(1)
    codes, years = rng.choice([2, 255, 260, 345, 999], 5000), rng.integers(1900, 2020, 5000)
    got = states.convert(codes, "cow", "id", years)
    want = [
        one(code, "cow", "id", int(year))
        for code, year in zip(codes[:300], years[:300], strict=True)
    ]
    assert got.iloc[:300].tolist() == want
    assert states.convert([], "cow", "id", 2000).empty


def test_only_the_listed_names_are_ambiguous():
    alive = set(states.ids(2024))
    several = {
        label
        for label, hits in states._labels().items()
        if len({own for own, a, b in hits if own in alive and states._covers(a, b, 2024, True)}) > 1
    }
    assert several == {"korea", "congo", "コンゴ", "朝鮮", "ドミニカ"}


def test_aliases_name_known_states():
    known = {s.id for s in states.spells()}
    assert {row["id"] for row in states._read("aliases.csv")} <= known
    assert {row["id"] for row in states.codes()} <= known


@needs_data
@pytest.mark.parametrize("year", [1816, 1850, 1900, 1925, 1950, 1975, 1992, 2000, 2017])
def test_our_states_are_those_of_gleditsch_and_ward(year):
    from comity.data.sources.source import load

    raw = load("gw_states")
    last = pd.Timestamp(year, 12, 31)
    alive = raw[(pd.to_datetime(raw.startdate) <= last) & (pd.to_datetime(raw.enddate) >= last)]
    theirs = set(states.convert(alive.gwcode, "gw", "id", year))
    small = {row["id"] for row in states.codes() if "microstate" in row["note"]} | {"PSE"}
    assert set(states.ids(year)) - small == theirs


@pytest.mark.parametrize(("year", "count"), [(1816, 23), (2011, 195), (2016, 195), (2024, 195)])
def test_size_of_the_correlates_of_war_system(year, count):
    codes = states.listed("cow", year)
    assert len(codes) == count and list(codes) == sorted(codes)
