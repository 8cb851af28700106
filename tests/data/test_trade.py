"""Trade: ICIO's totals survive the split, balances close, and the split is plausible."""

import os
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import ComityError
from comity.data.flows.balance import poisson_fit, ras
from comity.data.flows.split import domestic_sales, fill_goods, goods_totals, services_totals

needs_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


def test_ras_reproduces_a_matrix_scaled_by_known_factors():
    rng = np.random.default_rng(1)
    seed = rng.uniform(0.1, 1.0, (4, 3))
    known = rng.uniform(0.5, 2.0, (4, 1)) * seed * rng.uniform(0.5, 2.0, (1, 3))
    found = ras(seed, known.sum(1), known.sum(0))
    np.testing.assert_allclose(found.matrix, known, rtol=1e-9)
    assert found.residual <= 1e-12


def test_ras_keeps_zeros_and_refuses_totals_that_disagree():
    seed = np.array([[0.0, 1.0], [1.0, 1.0]])
    assert ras(seed, np.array([1.0, 2.0]), np.array([0.5, 2.5])).matrix[0, 0] == 0
    with pytest.raises(ComityError, match="disagree"):
        ras(seed, np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    with pytest.raises(ComityError, match="empty"):
        ras(np.zeros((2, 2)), np.ones(2), np.ones(2))


@given(st.integers(0, 10_000), st.integers(2, 12))
def test_ras_does_not_depend_on_labels(seed, size):
    rng = np.random.default_rng(seed)
    matrix = rng.lognormal(0, 2, (size, size))
    rows, columns = rng.uniform(1, 5, size), rng.uniform(1, 5, size)
    columns = columns * rows.sum() / columns.sum()
    order = rng.permutation(size)
    plain = ras(matrix, rows, columns).matrix
    turned = ras(matrix[np.ix_(order, order)], rows[order], columns[order]).matrix
    np.testing.assert_allclose(turned, plain[np.ix_(order, order)], rtol=1e-9)


def test_poisson_fit_finds_the_coefficients_it_was_made_with():
    rng = np.random.default_rng(2)
    regressors = np.column_stack([np.ones(4000), rng.normal(size=(4000, 2))])
    truth = np.array([1.0, 0.8, -1.1])
    exact = poisson_fit(np.exp(regressors @ truth), regressors)
    np.testing.assert_allclose(exact, truth, atol=1e-8)
    noisy = poisson_fit(rng.poisson(np.exp(regressors @ truth)).astype(float), regressors)
    np.testing.assert_allclose(noisy, truth, atol=0.05)


def test_fill_prefers_the_newer_source_and_carries_the_older_one():
    baci = np.array([[np.nan, 10.0, np.nan], [20.0, np.nan, np.nan], [np.nan, np.nan, np.nan]])
    older = np.array([[np.nan, 5.0, 3.0], [10.0, np.nan, np.nan], [np.nan, np.nan, np.nan]])
    filled, count = fill_goods(baci, older, np.full((3, 3), 7.0))
    assert filled.tolist() == [[0.0, 10.0, 6.0], [20.0, 0.0, 7.0], [7.0, 7.0, 0.0]]
    assert count.to_dict() == {"gravity": 3, "BACI 2023": 2, "COW 2014": 1}


def test_totals_of_split_states():
    out, into = goods_totals(np.array([1.0, 4.0]), np.array([3.0, 6.0]), np.array([8.0, np.nan]))
    assert out.tolist() == [2.0, 4.0] and into.tolist() == [6.0, 6.0]
    services = services_totals(np.array([1.0, 2.0]), np.array([1.0, 3.0]), np.array([3.0, np.nan]))
    assert services.tolist() == [2.0, 4.0]  # measured; then gravity times the measured ratio 2
    sales = domestic_sales(np.array([10.0, 2.0]), np.array([2.0, 3.0]), 0.4, 9.0)
    assert sales.sum() == pytest.approx(9.0) and (sales > 0).all()


@lru_cache(maxsize=1)
def _split():
    from comity.data.tables import trade
    from comity.registry import states

    return trade.split_rest(list(states.ids(2024)))


@lru_cache(maxsize=1)
def _built() -> pd.DataFrame:
    from comity.data.tables import trade

    return trade.build()


def _wide(column: str) -> pd.DataFrame:
    return _built().pivot(index="origin", columns="destination", values=column)


@needs_data
def test_icio_totals_are_preserved_by_the_split():
    from comity.data.sources import icio

    trade = _split()
    table = icio.matrix(2022)
    total = pd.DataFrame(trade.total, trade.ids, trade.ids)
    split = [state for state, gone in zip(trade.ids, trade.split, strict=True) if gone]
    kept = [state for state in trade.ids if state not in split]
    assert len(kept) == 79 and len(split) == 117
    np.testing.assert_array_equal(total.loc[kept, kept], table.loc[kept, kept])
    np.testing.assert_allclose(total.loc[split, kept].sum(), table.loc["ROW", kept], rtol=1e-9)
    np.testing.assert_allclose(
        total.loc[kept, split].sum(axis=1), table.loc[kept, "ROW"], rtol=1e-9
    )
    within = total.loc[split, split].to_numpy().sum()
    assert within == pytest.approx(table.loc["ROW", "ROW"], rel=1e-9)
    assert trade.total.sum() == pytest.approx(199_691_318.4, rel=1e-9)


@needs_data
def test_every_state_sells_and_buys_and_only_embargoes_are_zero():
    from comity.data.tables import trade

    sales = _wide("sales")
    assert sales.shape == (196, 196) and not sales.isna().any(axis=None)
    assert (sales.to_numpy() >= 0).all() and (np.diag(sales) > 0).all()
    zeros = {(a, b) for a, b in zip(*[sales.index[k] for k in np.nonzero(sales == 0)], strict=True)}
    named = {(r["origin"], r["destination"]) for r in trade.adjustments().to_dict("records")}
    assert ("USA", "PRK") in zeros and zeros <= named


@needs_data
def test_world_output_is_world_spending_and_states_grow_with_their_gdp():
    from comity.data.series import rebase

    sales, before = _wide("sales"), _split()
    output, spending = sales.sum(axis=1), sales.sum()
    assert output.sum() == pytest.approx(spending.sum(), rel=1e-12)
    growth = rebase.growth_2022_2024(before.ids).growth.to_numpy()
    np.testing.assert_allclose(output / before.total.sum(1), growth, rtol=1e-9)
    ratio = spending.to_numpy() / before.total.sum(0) / growth
    assert np.ptp(ratio) < 1e-9 and abs(ratio[0] - 1) < 0.01


@needs_data
def test_known_magnitudes():
    sales, goods = _wide("sales"), _wide("goods")
    assert 0.88 < sales.loc["USA", "USA"] / sales["USA"].sum() < 0.95
    # ICIO 2022: 453 billion from China to the United States; nominal growth to 2024 is modest.
    assert 420e3 < sales.loc["CHN", "USA"] * goods.loc["CHN", "USA"] < 520e3
    cross = sales.to_numpy().sum() - np.trace(sales)
    assert 27.1e6 < cross < 27.1e6 * 1.15
    assert goods.min(axis=None) >= 0 and goods.max(axis=None) <= 1
    unknown = goods.isna()
    assert unknown.to_numpy().sum() == 117 + (sales.to_numpy() == 0).sum()
    assert not unknown.loc["USA"].drop("PRK").any()


@needs_data
def test_split_states_are_plausible():
    from comity.data.series import rebase

    trade = _split()
    gdp = rebase.gdp_2022(trade.ids).gdp.to_numpy()[trade.split]
    output, spending = trade.total.sum(1)[trade.split], trade.total.sum(0)[trade.split]
    share = gdp / output
    assert 0.25 < share.min() and share.max() < 0.75 and 0.55 < np.median(share) < 0.65
    home = np.diag(trade.total)[trade.split] / spending
    assert home.min() > 0.2 and 0.6 < np.median(home) < 0.8


@needs_data
def test_cross_border_shape_follows_baci():
    from comity.data.sources import baci

    trade = _split()
    reported = baci.exports(trade.ids).to_numpy()
    cells = (trade.split[:, None] != trade.split[None, :]) & (reported > 1)
    correlation = np.corrcoef(np.log(reported[cells]), np.log(trade.goods[cells]))[0, 1]
    assert correlation > 0.9
