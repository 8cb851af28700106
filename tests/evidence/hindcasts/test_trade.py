"""What growth does to trade, and the forecast on flows that follow it."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.backtest import Table
from comity.evidence.hindcasts import trade_flows as trade

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def world(n: int = 12, seed: int = 0):
    """Exports and output of a small world."""
    rng = np.random.default_rng(seed)
    output = rng.lognormal(8, 1, n)
    sales = rng.lognormal(0, 0.5, (n, n)) * np.outer(output, output) / output.sum() * 0.2
    np.fill_diagonal(sales, 0.0)
    return sales, output


def test_without_growth_nothing_moves():
    sales, output = world()
    moved = trade.structure(sales, output, np.zeros(12), 2)
    assert np.nanmax(np.abs(moved)) < 1e-9
    assert np.isnan(moved[:, range(12), range(12)]).all()


def test_the_same_growth_everywhere_leaves_every_share():
    sales, output = world()
    assert np.nanmax(np.abs(trade.structure(sales, output, np.full(12, 0.03), 3))) < 1e-7


def test_shares_add_up_and_growth_draws_trade():
    sales, output = world()
    growth = np.zeros(12)
    growth[3] = 0.05
    moved = trade.structure(sales, output, growth, 10)
    for year in moved:
        later = np.where(sales > 0, sales * np.exp(year), 0.0)
        assert np.nansum(later) == pytest.approx(sales.sum())
    others = np.arange(12) != 3
    assert (moved[9, 3, others] > moved[4, 3, others]).all() and (moved[9, 3, others] > 0).all()
    assert (moved[9][np.ix_(others, [3])] > 0).all()
    # Its goods grow cheaper: exports rise, but by less than output does.
    assert (moved[9, 3, others] < 0.5).all()


def test_renaming_states_renames_flows():
    sales, output = world()
    growth = np.linspace(-0.02, 0.06, 12)
    place = np.random.default_rng(1).permutation(12)
    plain = trade.structure(sales, output, growth, 2)
    other = trade.structure(sales[np.ix_(place, place)], output[place], growth[place], 2)
    np.testing.assert_allclose(other, plain[:, place][:, :, place], atol=1e-8)


def test_memory_is_recovered():
    rng = np.random.default_rng(2)
    back = rng.normal(0, 0.5, 5000)
    change = 0.4 * back + rng.normal(0.1, 0.3, 5000)
    assert trade.fit_memory(back, change) == pytest.approx(0.4, abs=0.03)
    assert trade.fit_memory(back, -back) == 0.0


def test_shares_are_of_the_years_world_trade():
    rows = pd.DataFrame(
        {"unit": ["A>B", "B>A", "A>B"], "year": [2000, 2000, 2001], "value": [1.0, 3.0, 9.0]}
    ).assign(joint=False)
    assert np.exp(trade.with_shares(rows).share).tolist() == pytest.approx([0.25, 0.75, 1.0])
    seen = trade.Trade().seen({"flows": Table(rows)}, 2000)
    assert seen.year.tolist() == [2001] and seen.value.tolist() == [0.0]


def test_joint_flows_count_in_world_trade_and_are_neither_forecast_nor_scored():
    rows = pd.DataFrame(
        {
            "unit": ["A>B", "B>A", "A>B", "B>A"],
            "year": [1998, 1998, 1999, 1999],
            "value": [1.0, 3.0, 1.0, 3.0],
            "joint": [False, True, False, False],
        }
    )
    shares = trade.with_shares(rows)
    assert np.exp(shares.share[0]) == pytest.approx(0.25) and np.isnan(shares.share[1])
    seen = trade.Trade().seen({"flows": Table(rows)}, 1997)
    assert seen.unit.tolist() == ["A>B", "A>B", "B>A"]


@needs_data
def test_flows_of_belgium_with_luxembourg_are_joint_to_1998_and_south_africas_to_1997():
    flows = trade.read_flows().set_index(["unit", "year"]).joint
    assert flows["BEL>FRA", 1998] and flows["FRA>LUX", 1990] and flows["USA>ZAF", 1997]
    assert not flows["BEL>FRA", 1999] and not flows["USA>ZAF", 1998] and not flows["DEU>FRA", 1998]
