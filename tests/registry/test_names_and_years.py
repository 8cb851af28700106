"""Names with their dates, names of other lists, and what is a year."""

import csv
import datetime
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import BadInput
from comity.registry import states
from comity.registry.fold import fold
from comity.registry.years import whole_years

ENDED = [
    ("Soviet Union", "RUS", 1991),
    ("USSR", "RUS", 1991),
    ("U.S.S.R.", "RUS", 1991),
    ("Union of Soviet Socialist Republics", "RUS", 1991),
    ("ソ連", "RUS", 1991),
    ("SUN", "RUS", 1991),
    ("Serbia and Montenegro", "SRB", 2006),
    ("Serbia & Montenegro", "SRB", 2006),
    ("SCG", "SRB", 2006),
    ("FR Yugoslavia", "SRB", 2003),
    ("Ottoman Empire", "TUR", 1923),
    ("オスマン帝国", "TUR", 1923),
    ("Prussia", "DEU", 1871),
    ("West Germany", "DEU", 1990),
    ("Sardinia", "ITA", 1861),
    ("North Vietnam", "VNM", 1976),
    ("北ベトナム", "VNM", 1976),
    ("North Yemen", "YEM", 1990),
    ("Tanganyika", "TZA", 1964),
    ("Rhodesia", "ZWE", 1980),
    ("United Arab Republic", "EGY", 1971),
    ("Russian Empire", "RUS", 1917),
]


@pytest.mark.parametrize(("text", "own", "last"), ENDED)
@pytest.mark.parametrize("year", [None, 2026])
def test_an_ended_state_is_refused_with_its_end(text, own, last, year):
    with pytest.raises(BadInput) as error:
        states.find(text, year)
    assert str(last) in str(error.value) and own in str(error.value)


@pytest.mark.parametrize(("text", "own", "last"), ENDED)
def test_an_ended_state_is_found_in_its_time(text, own, last):
    assert states.find(text, last) == own


def test_every_name_that_a_state_no_longer_has_is_dated_or_listed_as_in_use():
    """The whole kind: no former name of any spell names a state of today without being listed."""
    with resources.files("comity.registry").joinpath("aliases.csv").open(encoding="utf-8") as file:
        kept = {fold(row["alias"]) for row in csv.DictReader(file) if not row["valid_to"]}
    latest = {s.id: s for s in states.spells()}
    for spell in states.spells():
        now = latest[spell.id]
        for label, last in ((spell.name_en, now.name_en), (spell.name_ja, now.name_ja)):
            if label == last or fold(label) in kept:
                continue
            with pytest.raises(BadInput):
                states.find(label, 2024)
            assert states.find(label, int(spell.valid_to[:4])) == spell.id


@pytest.mark.parametrize(
    ("text", "year", "own"),
    [
        ("Islamic Republic of Afghanistan", None, "AFG"),
        ("Kingdom of the Netherlands", None, "NLD"),
        ("Hellenic Republic", None, "GRC"),
        ("Iran, Islamic Republic of", None, "IRN"),
        ("Korea, Republic of", None, "KOR"),
        ("Korea, Democratic People's Republic of", None, "PRK"),
        ("Congo, Democratic Republic of the", None, "COD"),
        ("Congo, The Democratic Republic of the", None, "COD"),
        ("Germany, Federal Republic of", None, "DEU"),
        ("Gambia, The", None, "GMB"),
        ("Bahamas (the)", None, "BHS"),
        ("Micronesia, Federated States of", None, "FSM"),
        ("Bosnia & Herzegovina", None, "BIH"),
        ("Saint Vincent & the Grenadines", None, "VCT"),
        ("St. Lucia", None, "LCA"),
        ("Guinea Bissau", None, "GNB"),
        ("Cote d'Ivoire", None, "CIV"),
        ("Turkiye", None, "TUR"),
        ("Naoero", None, "NRU"),
        ("Deutschland", None, "DEU"),
        ("Bharat", None, "IND"),
        ("Russia (Soviet Union)", 1950, "RUS"),
        ("Turkey (Ottoman Empire)", 2000, "TUR"),
        ("Germany (Prussia)", 1900, "DEU"),
        ("German Federal Republic", 2016, "DEU"),
        ("Vietnam, Republic of", 1960, "RVN"),
        ("Rumania", 1950, "ROU"),
        ("大韓民国", None, "KOR"),
        ("フランス共和国", None, "FRA"),
        ("グレートブリテン及び北アイルランド連合王国", None, "GBR"),
        ("中央アフリカ共和国", None, "CAF"),
        ("ボスニアヘルツェゴビナ", None, "BIH"),
        ("Republic of China", 1930, "CHN"),
        ("Republic of China", 2000, "TWN"),
        ("Yugoslavia", 1999, "SRB"),
        ("Germany", 1990, "DEU"),
        ("Vietnam", 2000, "VNM"),
        ("Korea", 1900, "JOS"),
    ],
)
def test_names_of_other_lists(text, year, own):
    assert states.find(text, year) == own


@pytest.mark.parametrize(
    ("text", "year"), [("Vietnam", 1960), ("Germany", 1980), ("Yemen", 1980), ("ドミニカ", None)]
)
def test_a_name_of_two_states_is_asked_back(text, year):
    with pytest.raises(BadInput, match="ambiguous"):
        states.find(text, year)


@pytest.mark.parametrize(
    "text",
    ["Puerto Rico", "Hong Kong", "Macao", "Greenland", "American Samoa", "Virgin Islands, U.S.",
     "Virgin Islands, British", "French Guiana", "Sint Maarten (Dutch part)", "Aruba", "Guam",
     "South Georgia and the South Sandwich Islands", "Northern Ireland", "Micronesian Islands",
     "New Caledonia", "Western Sahara", "Isle of Man", "Niue", "Cook Islands", "Somaliland"],
)  # fmt: skip
def test_a_territory_is_no_state_and_never_another_ones_name(text):
    with pytest.raises(BadInput, match="no state"):
        states.find(text)


def test_an_alias_is_no_other_states_name():
    for label, hits in states._labels().items():
        if len({one.id for one in hits}) == 1:
            continue
        for year in range(1816, 2027, 5):
            try:
                found = states.find(label, year)
            except BadInput:
                continue
            assert found in {one.id for one in hits}


def test_folding_keeps_letters_that_differ():
    assert fold("ガボン") != fold("カボン") and fold("Niger") != fold("Nigeria")
    assert fold("Ｊａｐａｎ") == "japan" and fold("São Tomé") == "sao tome"


# ---- years


@pytest.mark.parametrize("year", [-9, -999, 0, 99, 12000, 201005, 20100501, 2010.5, np.inf, "x"])
@pytest.mark.parametrize("many", [False, True])
def test_what_is_no_year_is_refused(year, many):
    years = [2000, year] if many else year
    with pytest.raises(BadInput, match="year"):
        states.convert([200, 740] if many else [200], "cow", "id", years)
    with pytest.raises(BadInput, match="year"):
        whole_years(years)


def test_the_rows_are_named():
    with pytest.raises(BadInput, match=r"-9, 20000; .*rows 1, 3"):
        whole_years([2000, -9, 2001, 20000])


def test_a_code_without_a_year_is_missing():
    years = pd.Series([2000, np.nan, pd.NA, None], dtype="object")
    found = states.convert([2, 2, 2, 2], "cow", "id", years)
    assert found.tolist() == ["USA", None, None, None]


@pytest.mark.parametrize(
    "years",
    [
        np.array(["2010-05-01", "2010-12-31"], dtype="datetime64[D]"),
        pd.to_datetime(["2010-05-01", "2010-12-31"]),
        pd.period_range("2010-01", periods=2, freq="M"),
        [datetime.date(2010, 5, 1), datetime.datetime(2010, 12, 31)],
        ["2010-05-01", "2010"],
        [2010.0, 2010],
        pd.array([2010, 2010], dtype="Int64"),
    ],
)
def test_dates_are_years(years):
    assert whole_years(years).tolist() == [2010, 2010]
    assert states.convert([2, 740], "cow", "id", years).tolist() == ["USA", "JPN"]


@given(st.integers(1000, 2999), st.sampled_from([2, 200, 345, 740]))
def test_a_year_is_that_year_and_no_other(year, code):
    """Pairs of code and year never run into each other."""
    alone = states.convert([code], "cow", "id", year).iloc[0]
    beside = states.convert([2, code, 740], "cow", "id", [2999, year, 1000]).iloc[1]
    assert (alone is None and beside is None) or alone == beside


def test_codes_that_are_no_whole_number_are_missing():
    assert states.convert([2.5, np.inf, "2", 2.0], "cow", "id", 2000).tolist() == [
        None, None, "USA", "USA",
    ]  # fmt: skip


def test_numbers_of_codes_and_years_must_agree():
    with pytest.raises(BadInput, match="2 codes and 3 years"):
        states.convert([2, 20], "cow", "id", [2000, 2001, 2002])


@pytest.mark.parametrize(
    ("code", "system", "year", "own"),
    [
        (499, "m49", 1995, None),
        (499, "m49", 2007, "MNE"),
        ("MNE", "iso3", 1995, None),
        ("EST", "iso3", 1980, None),
        (233, "m49", 1980, None),
        ("EST", "iso3", 1930, "EST"),
        (688, "m49", 1995, "SRB"),
        ("DZA", "iso3", 1900, None),
    ],
)
def test_a_code_of_a_place_counts_while_there_is_a_state(code, system, year, own):
    assert states.convert([code], system, "id", year).iloc[0] == own


@pytest.mark.parametrize("ask", [states.ids, lambda y: states.state("JPN", y)])
def test_lookups_refuse_what_is_no_year(ask):
    for year in (-9, 20000):
        with pytest.raises(BadInput, match="year"):
            ask(year)
