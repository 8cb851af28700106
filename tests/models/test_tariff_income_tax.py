"""Tariffs that pay for lower taxes: cases with known answers, on four states."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import numpy as np
import pytest

from comity.core.errors import BadInput
from comity.models.trade import tariff_income_tax as model

N = 4


def economy(local=0.1, scale=0.67, labour=0.5, seed=0):
    rng = np.random.default_rng(seed)
    exports = rng.uniform(1, 3, (N, N)) * (1 - np.eye(N))
    income = 30 + 10 * rng.uniform(size=N)
    return model.calibrate(exports, income, np.full(N, local), 4.0, labour, scale)


def wall(rate, setter=0):
    tariff = np.zeros((N, N))
    tariff[:, setter] = rate * (np.arange(N) != setter)
    return tariff


def test_without_tariffs_nothing_moves():
    found = model.solve(economy(), np.zeros((N, N)))
    assert found.converged
    for name in ("welfare", "prices", "employment", "exports", "imports", "deficit", "trade"):
        np.testing.assert_allclose(getattr(found, name), 0.0, atol=1e-9, err_msg=name)
    np.testing.assert_array_equal(found.revenue, 0.0)


@pytest.mark.parametrize("rate", [0.2, 10.0])
def test_everybody_spends_what_comes_in(rate):
    """Sums over states: income and transfers in, spending out; deficits add to nothing."""
    base = economy()
    np.testing.assert_allclose(base.income.sum(), base.spending.sum(), rtol=1e-12)
    found = model.solve(base, wall(rate))
    assert found.converged and found.residual < 1e-10
    gap = base.sales.sum(0) - base.sales.sum(1)
    assert abs((gap + found.deficit / 100 * np.abs(gap)).sum()) < 1e-7 * base.income.sum()


def test_the_setter_gains_from_a_small_tariff_and_the_others_lose():
    found = model.solve(economy(), wall(0.05))
    assert found.welfare[0] > 0 and np.all(found.welfare[1:] < 0)
    assert found.revenue[0] > 0 and np.all(found.revenue[1:] == 0)
    assert found.imports[0] < 0 and -10 < found.trade < 0


KAPPA = 0.5


def read_off(base, found):
    """Prices, employment, earnings and revenue from what is reported.

    What is paid for work, lower taxes with it, is P L^(1 + 1/kappa), of which earnings are the part
    1 - R / earnings.
    """
    labour, price = 1 + found.employment / 100, 1 + found.prices / 100
    revenue = found.revenue * base.spending
    paid = base.income * price * labour ** (1 + 1 / KAPPA)
    return price, labour, paid / 2 * (1 + np.sqrt(1 - 4 * revenue / paid)), revenue


def test_welfare_is_what_is_consumed_less_the_toil():
    """With toil L^(1 + 1/kappa) the optimum has kappa / (1 + kappa) of earnings of it."""
    base = economy(labour=KAPPA)
    found = model.solve(base, wall(0.2))
    price, _, earned, revenue = read_off(base, found)
    lent = (base.spending - base.income) * earned.sum() / base.income.sum()
    consumed = (earned + revenue + lent) / price
    toil = KAPPA / (1 + KAPPA)
    welfare = (consumed - toil * earned / price) / (base.spending - toil * base.income)
    np.testing.assert_allclose(found.welfare[1:], 100 * (welfare - 1)[1:], rtol=1e-7)


def test_prices_fall_in_how_much_is_made():
    """P = [sum of lambda (w L^-psi (1+t))^-e]^(-1/e) where nothing is earned by local costs."""
    base, tariff = economy(local=0.0, labour=KAPPA), wall(0.2)
    found = model.solve(base, tariff)
    price, labour, earned, _ = read_off(base, found)
    cost = earned / (base.income * labour) * labour ** (-0.67 / 4.0)
    share = base.sales / base.sales.sum(0)
    index = ((share * (cost[:, None] * (1 + tariff)) ** -4.0).sum(0)) ** (-1 / 4.0)
    assert np.abs(found.employment).max() > 0.1
    np.testing.assert_allclose(price, index, rtol=1e-9)


@pytest.mark.parametrize("setter", range(2))
def test_the_formula_rate_gains_more_than_a_third_of_it(setter):
    base = economy()
    rate = model.optimal_rate(base, np.arange(N) == setter)[setter]
    welfare = [model.solve(base, wall(t, setter)).welfare[setter] for t in (rate, rate / 3)]
    assert 0.05 < rate < 0.5 and welfare[0] > welfare[1] > 0


@pytest.mark.parametrize(("size", "taken"), [(1, 1), (2, 2), (3, 3)])
def test_the_formula_in_a_world_of_equals(size, taken):
    """Without local costs phi = 1, so t = 1/(e delta); a group takes that much of the others."""
    exports = np.full((N, N), 4.0) * (1 - np.eye(N))
    base = model.calibrate(exports, np.full(N, 50.0), np.zeros(N))
    rate = model.optimal_rate(base, np.arange(N) < size)
    np.testing.assert_allclose(rate, 1 / (4.0 * (1 - taken * 4.0 / 50.0)), rtol=1e-12)


def test_local_shares_fit_the_two_averages():
    rng = np.random.default_rng(1)
    exports = rng.uniform(1, 3, (N, N)) * (1 - np.eye(N))
    local = model.local_shares(exports, np.full(N, 50.0), 2)
    assert len(set(np.round(local, 12))) == 2
    # No more than a mean of the two, so one lies above and one below what it fits.
    assert local.min() < 0.12 < 0.26 < local.max()


def test_what_is_no_economy_or_tariff_is_refused():
    exports, income, local = np.ones((N, N)) - np.eye(N), np.full(N, 30.0), np.full(N, 0.1)
    good = {"exports": exports, "income": income, "local": local}
    for name, value, said in (
        ("exports", -exports, "a flow"),
        ("income", 0.0 * income, "income not above zero at 0, 1, 2, 3"),
        ("local", local + 0.9, "not local"),
        ("elasticity", -4.0, "the trade elasticity = -4"),
        ("labour_elasticity", -0.5, "the labour elasticity"),
    ):
        with pytest.raises(BadInput, match=said):
            model.calibrate(**(good | {name: value}))
    with pytest.raises(BadInput, match="one plus a tariff"):
        model.solve(economy(), wall(-1.0))
    with pytest.raises(BadInput, match="nobody or everybody"):
        model.optimal_rate(economy(), np.ones(N, dtype=bool))


def test_the_default_burden_does_not_hang_on_the_elasticity():
    exports, income, local = np.ones((N, N)) - np.eye(N), np.full(N, 30.0), np.full(N, 0.1)
    four, eight = (model.calibrate(exports, income, local, e) for e in (4.0, 8.0))
    assert four.scale == eight.scale == 0.67 / 4.0
    np.testing.assert_array_equal(four.burden, eight.burden)
