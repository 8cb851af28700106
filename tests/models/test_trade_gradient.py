"""Derivatives of the trade equilibrium against differences, a closed form, and both modes."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.models.trade.trade_equilibrium import solve
from gravity_worlds import base_of

N = 6
BASE = base_of(N)
READ = ("consumption", "price", "terms_of_trade", "openness", "revenue", "real_wage")
APART = 1.0 - np.eye(N)


def shocked(seed):
    rng = np.random.default_rng(seed)
    tariff = jnp.asarray(rng.uniform(0, 0.3, (N, N)) * APART)
    cost = jnp.asarray(np.exp(rng.uniform(-0.1, 0.3, (N, N)) * APART))
    return jnp.asarray(4.0), jnp.asarray(np.exp(rng.normal(0, 0.1, N))), tariff, cost


@jax.jit
def answers(elasticity, endowment, tariff, cost):
    found = solve(BASE, elasticity, endowment, tariff, cost, tol=1e-13)
    return jnp.concatenate([getattr(found, name) for name in READ])


tangent = jax.jit(lambda at, way: jax.jvp(answers, at, way)[1])


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_every_answer_moves_as_differences_say(seed):
    at, luck = shocked(seed), np.random.default_rng(seed + 1)
    # Costs and tariffs of a state with itself stay as they are.
    way = tuple(
        jnp.asarray(luck.normal(size=x.shape) * (APART if x.ndim == 2 else 1.0)) for x in at
    )
    step = 1e-5
    ends = [answers(*(x + s * step * w for x, w in zip(at, way, strict=True))) for s in (1, -1)]
    by_difference = (ends[0] - ends[1]) / (2 * step)
    np.testing.assert_allclose(tangent(at, way), by_difference, rtol=1e-6, atol=1e-6)


def test_both_modes_give_one_gradient():
    at = shocked(3)

    def first(*at):
        return answers(*at)[0]

    backward = jax.grad(first, argnums=(0, 1, 2, 3))(*at)
    for place, gradient in enumerate(backward):
        assert np.isfinite(gradient).all() and np.abs(gradient).max() > 0
        cells = list(np.ndindex(gradient.shape))[:: max(1, gradient.size // 5)]
        for cell in cells:
            way = [jnp.zeros_like(x) for x in at]
            way[place] = way[place].at[cell].set(1.0)
            np.testing.assert_allclose(tangent(at, tuple(way))[0], gradient[cell], rtol=1e-9)


@pytest.mark.slow
def test_growth_of_all_raises_all_consumption_alike():
    """With balanced trade a world that grows alike eats more alike: the derivative is one."""
    base = base_of(N, imbalance=0.0)

    def read(size):
        grown = size * jnp.ones(N)
        return solve(base, jnp.array(4.0), grown, base.tariff, jnp.ones((N, N))).consumption

    np.testing.assert_allclose(jax.jacfwd(read)(1.0), np.ones(N), atol=1e-9)


@pytest.mark.slow
def test_the_rule_holds_under_a_map():
    rows = 3
    many = jax.tree.map(lambda *x: jnp.stack(x), *(shocked(seed) for seed in range(rows)))
    one = jax.vmap(jax.grad(lambda *at: answers(*at)[1], argnums=1))(*many)
    for seed in range(rows):
        alone = jax.grad(lambda *at: answers(*at)[1], argnums=1)(*shocked(seed))
        np.testing.assert_allclose(one[seed], alone, rtol=1e-9)
