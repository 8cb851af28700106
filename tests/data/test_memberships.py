"""Reading memberships: the facts' notation, the list of organisations, changes by hand."""

import pandas as pd
import pytest

from comity.core.errors import BadInput
from comity.data.tables import memberships as m


@pytest.mark.parametrize(
    ("text", "spells"),
    [
        ("USA JPN :2017 (first round 2007-2008)", {"USA": [(2017, None)], "JPN": [(2017, None)]}),
        (
            "USA:2016-2017 JPN AUS :2016",
            {"USA": [(2016, 2017)], "JPN": [(2016, None)], "AUS": [(2016, None)]},
        ),
        (
            "FRA DEU (EU participates) RUS:1998-2014",
            {"RUS": [(1998, 2014)], "FRA": [(1975, None)], "DEU": [(1975, None)]},
        ),
        ("USA:1945-1984 USA:2003-2018", {"USA": [(1945, 1984), (2003, 2018)]}),
        ("ARG AUS :1999 EU:1999 AU:2023", {"ARG": [(1999, None)], "AUS": [(1999, None)]}),
        (
            "PRY :1947 TTO:1967; left: CUB:1947-1962",
            {"PRY": [(1947, None)], "TTO": [(1967, None)], "CUB": [(1947, 1962)]},
        ),
        ("", {}),
    ],
)
def test_the_notation_of_the_facts(text, spells):
    assert m.from_facts(text, 1975) == spells


def igo(rows):
    return pd.DataFrame(rows, columns=["ccode", "year", "ioname", "status"])


def test_spells_of_the_list_of_organisations():
    years = [1955, 1960, 1965, 1966, 1967, 2013, 2014]
    other = [(2, year, "other", 1) for year in years]
    rows = [(740, year, "club", 1) for year in years]
    rows += [(2, 1955, "club", 1), (2, 1960, "club", 1), (2, 1967, "club", 1)]
    rows += [(200, 1966, "club", 3), (200, 2014, "club", 1)]
    got = m.from_igo("club", igo(rows + other))
    assert got["JPN"] == [(1955, None)]
    assert got["USA"] == [(1955, 1961), (1967, 1968)]
    assert got["GBR"] == [(2014, None)]
    with pytest.raises(BadInput, match="nobody"):
        m.from_igo("nobody", igo(rows))


def test_changes():
    base = {"USA": [(1945, None)], "FRA": [(1945, 1966)]}
    built = {"EU": {"DEU": [(1958, None)], "GBR": [(1973, 2020)]}}
    got = m.change(base, "FRA:1945-1966 FRA:2009 !USA +JPN:2023-2025 @EU:1990", built)
    assert got == {
        "FRA": [(1945, 1966), (2009, None)],
        "JPN": [(2023, 2025)],
        "DEU": [(1990, None)],
        "GBR": [(1990, None)],
    }
    assert base["FRA"] == [(1945, 1966)]
    assert m.change(base, "+FRA:2009", built)["FRA"] == [(1945, 1966), (2009, None)]


@pytest.mark.parametrize("text", ["FRA", "fra:2009", "@NATO:1999", "QQQ:1999", "!QQQ", "FRA:20"])
def test_changes_that_cannot_be_read(text):
    with pytest.raises(BadInput, match="membership change"):
        m.change({}, text, {})


@pytest.mark.parametrize(
    "spans", [[(2000, 1999)], [(1990, None), (2000, None)], [(1990, 2001), (2000, None)]]
)
def test_impossible_spells_are_refused(spans):
    with pytest.raises(BadInput, match="CLUB"):
        m._clean("CLUB", "USA", spans)


def test_every_rule_has_a_known_base():
    from comity.data.tables.frameworks import rules

    for row in rules().to_dict("records"):
        for part in row["base"].split("&"):
            assert part in {"facts", "terms", "un", "none"} or part.startswith("igo:"), row["id"]
