"""Made-up worlds of trade for tests of the trade models."""

import jax.numpy as jnp
import numpy as np

from comity.models.trade.trade_equilibrium import calibrate


def gravity_world(n, seed=0, imbalance=0.1, tariffs=True, inputs=True):
    """A world of unequal states, home-biased trade and bounded deficits, as plain arrays."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(0, 1.5, n))
    closeness = np.exp(rng.normal(-3.0, 1.0, (n, n)))
    closeness[np.diag_indices(n)] = 1.0 + rng.uniform(0, 1, n)
    spending = size * (1 + imbalance * rng.uniform(-1, 1, n))
    spending *= size.sum() / spending.sum()
    sales = closeness * size[:, None] * size
    for _ in range(200):
        sales *= (size / sales.sum(1))[:, None]
        sales *= spending / sales.sum(0)
    tariff = rng.uniform(0, 0.15, (n, n)) * (1 - np.eye(n)) * tariffs
    added = rng.uniform(0.35, 0.8, n) if inputs else np.ones(n)
    return sales, tariff, added


def base_of(n, seed=0, **kind):
    return calibrate(*(jnp.asarray(x) for x in gravity_world(n, seed, **kind)))
