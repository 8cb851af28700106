"""Checks, leadership and retreat: every figure that the pages print comes out of the data."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from comity.core.parameters import book
from comity.evidence.replications import checks, leadership, retreat
from comity.models.institutions.checks import pooled

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@needs_data
@pytest.mark.parametrize("module", [checks, leadership, retreat], ids=lambda m: m.__name__)
def test_every_printed_figure_is_reached(module):
    found = module.run()
    assert len(found) >= 10
    assert all(one.ok for one in found), [one for one in found if not one.ok]


@needs_data
def test_the_power_on_the_page_comes_out_of_the_data():
    page = (Path(__file__).parents[3] / "docs/replications/retreat.md").read_text(encoding="utf-8")
    rows = {"climate likelier": "climate", "United Nations likelier": "un"}
    rows |= {"security less likely": "security"}
    made = retreat.power_table(retreat.commitments())
    for row, domain in rows.items():
        printed = re.search(rf"\| {row} \| (.+) \|", page)[1].split(" | ")
        for factor, figure in zip((1.0, 2.0, 4.0, 8.0), printed, strict=True):
            assert made[domain, factor] == pytest.approx(float(figure), abs=0.006)


def test_the_record_is_wide_enough():
    one = checks.record()
    assert len(one.acts) >= 60 and (~one.survived).sum() >= 12
    assert set(one.acts.channel) == set(checks.CHANNELS)


@pytest.mark.parametrize(
    ("day", "number"),
    [("1989-01-20", 101), ("1991-01-02", 101), ("1991-01-03", 102), ("2026-09-24", 119)],
)
def test_the_congress_of_a_day(day, number):
    assert checks.congress_of(day) == number


@needs_data
def test_exit_rates_of_the_book_come_from_the_list():
    one = retreat.commitments()
    held = np.bincount(one.domain, minlength=5)
    kept = held - np.bincount(one.domain[one.left], minlength=5)
    fit = pooled(kept, held)
    chance = 1 / (1 + np.exp(-fit.log_odds))
    years = 526 / 365.25  # 20 January 2025 to 30 June 2026
    rates = -np.log(chance) / years
    numbers = book("leadership")
    for d, name in enumerate(("un", "trade", "climate")):
        assert numbers[f"exit_rate_{name}"].value == pytest.approx(rates[d], rel=0.03)
    low, high = rates[3], -np.log(fit.mean[3]) / years
    assert low < numbers["exit_rate_security"].value < high
    exits = leadership.exits()
    base = exits.ends.sum() / exits.exposure.sum()
    assert numbers["base_exit_rate"].value == pytest.approx(base, rel=0.01)
