"""Power by sector: nothing for nothing, convex in the share, dear to oneself."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from comity.models.trade.sector_coercion import (
    power_by_sector,
    power_matrix,
    sector_cutoff,
    sector_hirschman,
    supplier_share,
)
from comity.world.sector_world import Seeds, balanced

pytestmark = pytest.mark.slow  # compiling
cut = jax.jit(sector_cutoff)
THETA = jnp.array([3.0, 6.0])
NOTHING = jnp.zeros(2)


def world(exposure: float):
    """Three states, two sectors; the second buys ``exposure`` of the first sector from a."""
    sales = np.array(
        [
            [[40.0, 10 * exposure, 4.0], [2.0, 6.0, 0.5], [4.0, 0.5, 20.0]],
            [[40.0, 2.0, 4.0], [10 * exposure, 9.0, 0.5], [4.0, 0.5, 20.0]],
        ]
    )
    return balanced(
        Seeds(
            ("A", "B", "C"),
            ("x", "y"),
            sales,
            np.zeros_like(sales),
            np.full((3, 2, 2), 0.25),
            np.full((2, 3), 0.5),
            np.full((2, 3), 0.5),
            0.5 * sales.sum((0, 2)),
        ),
        np.asarray(THETA),
    ).base


def test_cutting_nothing_costs_exactly_nothing():
    done = cut(world(0.2), THETA, 0, 1, NOTHING, NOTHING)
    assert done.converged
    np.testing.assert_array_equal(done.loss, 0.0)


def test_supply_and_market_are_mirror_images():
    base, some = world(0.2), jnp.array([0.5, 0.1])
    one = cut(base, THETA, 0, 1, some, NOTHING)
    other = cut(base, THETA, 1, 0, NOTHING, some)
    assert one.power == pytest.approx(float(other.own_cost), rel=1e-7) and one.power > 0


def test_the_loss_is_convex_in_the_share_that_is_cut():
    """Deficits apart: the share of one supplier in a sector rises, all else of the sector too."""
    shares, losses = [], []
    for exposure in (0.05, 0.1, 0.2, 0.4, 0.8):
        base = world(exposure)
        shares.append(float(supplier_share(base)[0, 0, 1]))
        losses.append(float(cut(base, THETA, 0, 1, jnp.array([5.0, 0.0]), NOTHING).power))
    slopes = np.diff(losses) / np.diff(shares)
    assert (np.diff(shares) > 0).all() and (slopes > 0).all() and (np.diff(slopes) > 0).all()


def test_what_is_harder_to_replace_is_worth_more():
    base = world(0.2)
    hard = cut(base, jnp.array([1.5, 6.0]), 0, 1, jnp.array([5.0, 0.0]), NOTHING)
    easy = cut(base, jnp.array([9.0, 6.0]), 0, 1, jnp.array([5.0, 0.0]), NOTHING)
    assert hard.power > 1.2 * easy.power > 0


def test_tables_of_power_hold_the_single_cuts():
    base = world(0.2)
    table = jax.jit(power_by_sector)(base, THETA, 0, 1, jnp.array(3.0))
    assert table.converged.all() and table.supply.shape == (3,)
    both = cut(base, THETA, 0, 1, jnp.full(2, 3.0), NOTHING)
    assert table.supply[2] == pytest.approx(float(both.power), rel=1e-7)
    assert table.supply_cost[2] == pytest.approx(float(both.own_cost), rel=1e-7)
    assert table.supply[0] > table.supply[1]  # it depends on x
    power, cost = jax.jit(power_matrix)(base, THETA, jnp.full(2, 3.0), NOTHING)
    assert power[0, 1] == pytest.approx(float(both.power), rel=1e-7)
    assert cost[0, 1] == pytest.approx(float(both.own_cost), rel=1e-7)
    assert not jnp.diagonal(power).any()


def test_indices_of_dependence():
    base = world(0.2)
    abroad = supplier_share(base)
    assert not jnp.einsum("jnn->jn", abroad).any()
    expected = (2.0**2 + 0.5**2) / 2.5**2
    assert sector_hirschman(base)[0, 1] == pytest.approx(expected)
    assert float(sector_hirschman(base).max()) <= 1.0


def test_missing_severity_is_flagged():
    done = cut(world(0.2), THETA, 0, 1, NOTHING * jnp.nan, NOTHING)
    assert not done.converged and np.isnan(done.power)
