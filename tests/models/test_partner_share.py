"""Shares in foreign trade, counted by hand."""

import comity.core.runtime  # noqa: F401, I001  (float64 before any JAX work)

import jax.numpy as jnp
import numpy as np

from comity.models.trade.partner_share import moved, share

SALES = jnp.asarray([[5.0, 2.0, 1.0], [4.0, 9.0, 3.0], [0.0, 1.0, 2.0]])


def test_a_share_is_trade_both_ways_in_all_foreign_trade():
    """The first sells 2 to the second and buys 4, sells 1 to the third: 6 and 1 of 7."""
    found = np.asarray(share(SALES))
    np.testing.assert_allclose(found[0], [0.0, 600 / 7, 100 / 7])
    np.testing.assert_allclose(found[1], [60.0, 0.0, 40.0])
    np.testing.assert_allclose(found[2], [20.0, 80.0, 0.0])


def test_it_moves_in_logs_of_a_share_that_may_come_to_an_end():
    now, then = jnp.asarray([[0.0, 1.0], [20.0, 7.0]]), jnp.asarray([[1.0, 0.0], [10.0, 7.0]])
    by_hand = np.log([[0.01 / 1.01, 1.01 / 0.01], [20.01 / 10.01, 1.0]])
    np.testing.assert_allclose(moved(now, then), by_hand, atol=1e-15)
    assert moved(now, then)[1, 1] == 0.0
