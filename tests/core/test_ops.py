"""Sums and their ratios over states."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax.numpy as jnp
import numpy as np
import pytest

from comity.core.ops import ratio, total


def test_a_total_is_a_sum_over_one_axis():
    x = jnp.arange(24.0).reshape(2, 3, 4)
    for axis in range(-1, 3):
        np.testing.assert_allclose(total(x, axis), np.asarray(x).sum(axis))


def test_what_did_not_change_is_exactly_one():
    old = jnp.asarray(np.random.default_rng(1).uniform(0, 1, (7, 5)))
    assert (ratio(old, old) == 1.0).all() and (ratio(old, old, 1) == 1.0).all()


@pytest.mark.parametrize("left", [1e-14, 1e-10, 0.3, 0.5, 0.9, 1.0, 3.0, 1e9])
def test_what_is_left_keeps_its_digits(left):
    old = jnp.asarray([[0.25], [0.5], [0.25]])
    np.testing.assert_allclose(ratio(left * old, old), [left], rtol=4e-16)
