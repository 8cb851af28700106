"""Power by cutting trade: nothing for nothing, more for more, and the cost to oneself."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from comity.models.trade.coercion import cutoff_loss, hirschman, import_dependence
from comity.models.trade.trade_equilibrium import calibrate

cut = jax.jit(cutoff_loss)
ELASTICITY = jnp.array(4.0)
FOREVER = jnp.array(1e3)


def world(exposure):
    """Three states; the second buys ``exposure`` of its goods from the large first."""
    sales = jnp.array([[80.0, 10 * exposure, 8.0], [10 * exposure, 9.0, 0.3], [8.0, 0.3, 30.0]])
    return calibrate(sales, jnp.zeros((3, 3)), jnp.array([0.5, 0.5, 0.5]))


def run(base, severity, a=0, b=1, start=None):
    ones = jnp.ones((3, 3))
    tariff = base.tariff + 0.05 * (ones - jnp.eye(3))
    return cut(base, ELASTICITY, jnp.ones(3), tariff, ones, a, b, severity, start)


@pytest.mark.parametrize("start", [None, jnp.array([1.1, 0.9, 1.05])])
def test_cutting_nothing_costs_exactly_nothing(start):
    done = run(world(0.2), jnp.array(0.0), start=start)
    np.testing.assert_array_equal(done.loss, np.zeros(3))
    assert done.converged


def test_both_sides_lose_and_the_dependent_one_more():
    done = run(world(0.2), FOREVER)
    assert done.converged
    assert done.power > done.own_cost > 0
    assert done.power == done.loss[1] and done.own_cost == done.loss[0]
    assert abs(done.loss[2]) < done.own_cost


def test_power_is_the_mirror_image_of_own_cost():
    one, other = run(world(0.2), FOREVER), run(world(0.2), FOREVER, a=1, b=0)
    np.testing.assert_allclose(one.power, other.own_cost, rtol=1e-12)


def test_the_loss_grows_with_severity():
    losses = [run(world(0.2), jnp.array(s)).power for s in (0.0, 0.1, 0.5, 2.0, 100.0)]
    assert np.all(np.diff(losses) > 0)


def test_the_loss_grows_with_the_share_faster_than_in_proportion():
    exposures = np.array([0.1, 0.2, 0.4, 0.8])
    powers = np.array([run(world(x), FOREVER).power for x in exposures])
    shares = np.array([import_dependence(world(x).sales)[0, 1] for x in exposures])
    assert np.all(np.diff(powers) > 0)
    assert np.all(np.diff(powers / shares) > 0)


def test_a_sole_supplier_takes_away_the_gains_from_trade():
    """Two states: cutting all trade is autarky, so the loss is 1 - own share^(1/(e g))."""
    base = calibrate(jnp.array([[90.0, 3.0], [3.0, 7.0]]), jnp.zeros((2, 2)), jnp.array([0.6, 0.5]))
    ones = jnp.ones((2, 2))
    done = cut(base, ELASTICITY, jnp.ones(2), base.tariff, ones, 0, 1, jnp.array(1e6))
    own = jnp.diagonal(base.share)
    expected = 1 - own ** (1 / (ELASTICITY * base.value_added_share))
    np.testing.assert_allclose(done.loss, expected, rtol=1e-8)


def test_missing_severity_is_flagged():
    assert not run(world(0.2), jnp.array(jnp.nan)).converged


def test_indices_of_dependence():
    sales = jnp.array([[50.0, 6.0, 1.0], [5.0, 10.0, 1.0], [5.0, 2.0, 2.0]])
    np.testing.assert_allclose(hirschman(sales), [0.5, 0.75**2 + 0.25**2, 0.5], rtol=1e-12)
    depends = import_dependence(sales)
    np.testing.assert_allclose(depends[:, 1], [6 / 18, 0.0, 2 / 18], rtol=1e-12)
    assert jnp.isnan(hirschman(jnp.eye(2))).all()
