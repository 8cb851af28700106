"""Trade models refuse a base year or a shock that is none, and say where."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from comity.core.errors import BadInput
from comity.models.trade import caliendo_parro, gravity_equilibrium, sanctions
from comity.models.trade.coercion import cutoff_loss
from comity.models.trade.tariff_war import best_tariffs
from comity.models.trade.trade_equilibrium import calibrate, solve

N = 3
SALES = jnp.asarray(np.array([[50.0, 3, 4], [2, 60, 5], [6, 1, 40]]))
NIL, ONES, ONE = jnp.zeros((N, N)), jnp.ones((N, N)), jnp.ones(N)
BASE = calibrate(SALES, NIL, ONE)
E4 = jnp.asarray(4.0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sales": SALES.at[0, 1].set(jnp.inf)}, r"sales not finite .* at \(0, 1\)"),
        ({"sales": SALES.at[0, 1].set(-1.0)}, r"at \(0, 1\) \(the first is -1\)"),
        ({"sales": SALES.at[1].set(0.0)}, "state 1 sells nothing"),
        ({"sales": SALES.at[:, 2].set(0.0)}, "state 2 buys nothing"),
        ({"tariff": NIL.at[2, 0].set(-1.0)}, r"the tariff .* at \(2, 0\)"),
        ({"tariff": NIL.at[2, 0].set(jnp.nan)}, r"the tariff .* at \(2, 0\)"),
        ({"value_added_share": ONE.at[1].set(1.2)}, "the value-added share .* at 1"),
        ({"value_added_share": ONE.at[1].set(0.0)}, "the value-added share .* at 1"),
    ],
)
def test_a_base_year_that_is_none(change, said):
    with pytest.raises(BadInput, match=said):
        calibrate(**({"sales": SALES, "tariff": NIL, "value_added_share": ONE} | change))


SHOCKS = [
    ({"elasticity": jnp.asarray(-4.0)}, "the elasticity = -4"),
    ({"elasticity": jnp.asarray(0.0)}, "the elasticity = 0"),
    ({"endowment": ONE.at[0].set(0.0)}, "the endowment .* at 0"),
    ({"tariff": NIL.at[0, 1].set(jnp.inf)}, r"the tariff .* at \(0, 1\)"),
    ({"cost": ONES.at[0, 1].set(0.0)}, r"the cost .* at \(0, 1\)"),
]


@pytest.mark.parametrize(("change", "said"), SHOCKS)
def test_a_shock_that_is_none(change, said):
    good = {"elasticity": E4, "endowment": ONE, "tariff": NIL, "cost": ONES}
    with pytest.raises(BadInput, match=said):
        solve(BASE, **(good | change))
    with pytest.raises(BadInput, match=said):
        cutoff_loss(BASE, **(good | change), a=0, b=1, severity=jnp.asarray(1.0))
    shared = {k: v for k, v in (good | change).items() if k != "elasticity"}
    with pytest.raises(BadInput, match=said):
        best_tariffs(BASE, (good | change)["elasticity"], np.arange(N), **shared)


def test_inside_a_traced_computation_nothing_is_looked_at():
    found = jax.jit(solve)(BASE, E4, ONE, NIL, ONES)
    plain = solve(BASE, E4, ONE, NIL, ONES)
    assert found.converged and plain.converged
    np.testing.assert_allclose(found.price, plain.price, rtol=1e-12)


def test_two_different_states_are_meant():
    for a, b in ((0, 0), (0, 3), (-1, 1)):
        with pytest.raises(BadInput, match="two different ones of 3"):
            cutoff_loss(BASE, E4, ONE, NIL, ONES, a, b, jnp.asarray(1.0))


def test_sectors_are_checked_too():
    sales = jnp.stack([SALES, SALES])
    half, inputs = jnp.full((2, N), 0.5), jnp.full((N, 2, 2), 0.25)
    good = (sales, jnp.zeros((2, N, N)), half, inputs, half)
    base = caliendo_parro.calibrate(*good)
    with pytest.raises(BadInput, match=r"a value-added share not in \[0, 1\] at \(0, 1\)"):
        caliendo_parro.calibrate(*good[:2], half.at[0, 1].set(1.2), *good[3:])
    with pytest.raises(BadInput, match="the elasticity not above zero at 1"):
        caliendo_parro.solve(base, jnp.asarray([4.0, -4.0]), ONE, base.tariff, base.tariff + 1.0)


def test_gravity_worlds_are_checked():
    sales = np.asarray(SALES)
    output, spending = sales.sum(1), sales.sum(0)
    ones = np.ones((N, N))
    with pytest.raises(BadInput, match="sigma"):
        gravity_equilibrium.conditional(ones, ones, output, spending, 1.0, 0)
    with pytest.raises(BadInput, match="adds up to"):
        gravity_equilibrium.scale_to_totals(ones, output, 2.0 * spending, 0)
    with pytest.raises(BadInput, match="no state 3"):
        gravity_equilibrium.scale_to_totals(ones, output, spending, 3)
    for change, elasticity, supply, said in (
        (-ones, 4.0, 0.0, "the change of costs"),
        (ones, -4.0, 0.0, "the elasticity = -4"),
        (ones, 4.0, -1.0, "the supply elasticity"),
    ):
        with pytest.raises(BadInput, match=said):
            gravity_equilibrium.universal(sales, change, elasticity, 0, supply)


def test_shares_of_a_ban_are_shares():
    half = jnp.asarray(0.5)
    with pytest.raises(BadInput, match=r"what is forbidden .* at \(0, 1\)"):
        sanctions.left(NIL.at[0, 1].set(1.5), half, half)
    with pytest.raises(BadInput, match="the elasticity"):
        sanctions.barrier(NIL, -E4, half, half)
