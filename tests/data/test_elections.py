"""Days on which terms end by law: one rule at a time, and broken rows are refused."""

import pytest

from comity.core.errors import BadInput
from comity.data.tables import elections
from comity.world.snapshot import table


def test_the_table_has_one_rule_in_force_a_state_and_the_days_that_everybody_knows():
    rules = table("elections")
    now = rules[rules["last"].isna()].set_index("state")
    assert now.index.is_unique and {"JPN", "GBR", "CHN"}.isdisjoint(now.index)
    for state, year in (("USA", 2029), ("FRA", 2027), ("KOR", 2030), ("TWN", 2028), ("MEX", 2030)):
        assert (year - now["first"][state]) % now.every[state] == 0
    assert (now.limit["USA"], now.terms["USA"]) == (2, 2) and now.limit["KOR"] == 1


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("first", 2024, "overlap"), ("every", 0, "no year"), ("source", "", "no source")],
)
def test_broken_rows_are_refused(monkeypatch, column, value, words):
    rows = elections.handmade("elections.csv")
    place = rows.index[(rows.state == "MEX") & (rows["first"] == 1952)][0]
    rows.loc[place, column] = value
    if column == "first":
        rows.loc[place, "last"] = ""
    monkeypatch.setattr(elections, "handmade", lambda name: rows)
    with pytest.raises(BadInput, match=words):
        elections.build()


def test_a_term_that_is_not_on_record_is_refused(monkeypatch):
    rows = elections.handmade("elections.csv")
    rows.loc[rows.state == "USA", "terms"] = ""
    monkeypatch.setattr(elections, "handmade", lambda name: rows)
    with pytest.raises(BadInput, match="term that runs"):
        elections.build()
