"""What growth does to trade, and the forecast on flows that follow it."""

import numpy as np
import pandas as pd
import pytest

from comity.evidence.backtest import Table
from comity.evidence.hindcasts import trade_flows as trade


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
    )
    assert np.exp(trade.with_shares(rows).share).tolist() == pytest.approx([0.25, 0.75, 1.0])
    seen = trade.Trade().seen({"flows": Table(rows)}, 2000)
    assert seen.year.tolist() == [2001] and seen.value.tolist() == [0.0]
