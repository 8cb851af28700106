"""Wars that called on alliances: counts, cases that are known, and what the page says."""

import os

import pytest

from comity.evidence.replications import alliance_wars
from comity.models.force import reliability

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
FRANCE, BRITAIN, POLAND = 220, 200, 290


@pytest.fixture(scope="module")
def rows():
    return alliance_wars.cases()


def test_the_wars_that_everyone_knows(rows):
    """Poland 1939: France and Britain fought. The Falklands: no ally of Britain did."""
    defence = rows[rows["obligation"] == "defence"]
    poland = defence[(defence["ccode"] == POLAND) & (defence["year"] == 1939)]
    assert poland.set_index("ally")["honoured"].loc[[FRANCE, BRITAIN]].eq(1).all()
    falklands = defence[(defence["ccode"] == BRITAIN) & (defence["year"] == 1982)]
    assert len(falklands) and falklands["honoured"].sum() == 0
    assert falklands["limited"].mean() > 0.5  # to a region that it was not in


def test_shares_are_those_of_the_page(rows):
    found = alliance_wars.shares(rows)
    assert len(rows) == 512
    for key, share, cases in (
        (("defence", "all", "allies"), 0.243, 485),
        (("defence", "before 1945", "allies"), 0.662, 151),
        (("defence", "from 1945", "allies"), 0.054, 334),
        (("defence", "before 1945", "pacts"), 0.429, 35),
        (("defence", "from 1945", "pacts"), 0.125, 40),
        (("offence", "all", "allies"), 0.259, 27),
    ):
        assert found.loc[key, "share"] == pytest.approx(share, abs=0.001), key
        assert found.loc[key, "cases"] == cases


def test_as_published_the_word_was_kept_less_after_1945(rows):
    found = alliance_wars.shares(rows)
    published = {(p.obligation, p.first): p.share for p in reliability.PUBLISHED[2:4]}
    assert published["any", 1816] > published["any", 1945]
    before, after = (found.loc[("defence", p, "allies")] for p in ("before 1945", "from 1945"))
    assert before["share"] > after["high"]
    effect = alliance_wars.covariates(rows).loc["after_1945"]
    assert effect["effect"] + 2 * effect["se"] < 0
