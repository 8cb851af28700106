"""Money of states: what a dollar of 2024 cost, against rates that others publish."""

import os

import pytest

from comity.data.build import build
from comity.registry import states
from comity.world.snapshot import table

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def rates():
    return table("money").set_index("id")["rate"]


@pytest.mark.parametrize(
    ("state", "rate"),
    # Average market rates of 2024 (US Federal Reserve, release G.5A), to about three digits.
    [("JPN", 151.5), ("KOR", 1363.4), ("CHN", 7.196), ("IND", 83.68), ("CHE", 0.881)],
)
def test_rates_are_those_of_the_market(state, rate):
    # Within two percent: fiscal years (India's ends in March) are no calendar years.
    assert rates()[state] == pytest.approx(rate, rel=0.02)


def test_a_dollar_costs_a_dollar_and_the_euro_is_one():
    money = table("money").set_index("id")
    assert (money.loc[money["currency"] == "USD", "rate"].round(2) == 1.0).all()
    euro = money.loc[money["currency"] == "EUR", "rate"]
    assert len(euro) > 20 and euro.max() / euro.min() < 1.005


def test_every_state_with_a_rate_has_a_currency_and_few_have_none():
    money = table("money")
    assert money["currency"].str.fullmatch("[A-Z]{3}").all() and (money["rate"] > 0).all()
    assert set(states.ids(2024)) - set(money["id"]) == {"CUB", "ERI", "MCO", "PRK", "SYR"}


@needs_data
def test_the_table_is_that_of_its_sources():
    source = build.module("money")
    made = build.to_csv(source.build(), source.KEYS, source.FIELDS, "money")
    assert made == (build.folder() / "money.csv").read_bytes()
