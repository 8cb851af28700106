"""A five-state world small enough to compute by hand; one shape, so that it compiles once."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from comity.engine import programme as programmes
from comity.engine.year import Row, Shared
from comity.mechanisms.catalogue import all_parameters, build_year, levers, ready
from comity.world.given import World

STATES = ("AUS", "CHN", "JPN", "KOR", "USA")
FRAMEWORKS = ("CPTPP", "WHO")
YEARS = (2025, 2026, 2027)
GROUPS = 4


def toy_world() -> World:
    """States with trade that looks like theirs: big home markets, every pair trading."""
    n = len(STATES)
    gdp = np.array([1.7e3, 18.7e3, 4.0e3, 1.8e3, 29.2e3])
    output = gdp * 1e3 / np.array([0.52, 0.36, 0.53, 0.40, 0.57])
    shares = np.outer(output, output) ** 0.8
    np.fill_diagonal(shares, 0.0)
    sales = 0.1 * output[:, None] * shares / shares.sum(1, keepdims=True)
    sales = sales + np.diag(output - sales.sum(1))
    foreign = 1.0 - np.eye(n)
    per_state = {
        "gdp": gdp,
        "population": np.array([27.0, 1409.0, 124.0, 52.0, 340.0]),
        "milex": np.array([34e3, 314e3, 55e3, 48e3, 997e3]),
        "military_stock": np.array([2e5, 2e6, 4e5, 4e5, 6e6]),
        "polyarchy": np.array([0.85, 0.08, 0.82, 0.8, 0.74]),
        "ideal_point": np.array([1.4, -0.8, 0.9, 0.8, 2.2]),
        "value_added_share": np.array([0.52, 0.36, 0.53, 0.40, 0.57]),
        "trend": np.array([0.012, 0.035, 0.008, 0.02, 0.014]),
        "trend_sd": np.full(n, 0.01),
        "population_growth": np.array([0.012, 0.0, -0.004, 0.0, 0.006]),
        "loading": np.ones(n),
        "growth_sd": np.full(n, 0.015),
    }
    membership = np.array([[1.0, 0.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    dyads = {
        "sales": sales,
        "goods": 0.7 * foreign,
        "tariff": 0.04 * foreign,
        "distance": 8e3 * foreign,
        "contiguity": np.full((n, n), np.nan),
        "obligation": np.zeros((n, n)),
        "agreement": np.outer(membership[0], membership[0]) * foreign,
    }
    given = World(
        states=STATES,
        frameworks=FRAMEWORKS,
        year=2024,
        slot=jnp.arange(n, dtype=jnp.uint32),
        membership=jnp.asarray(membership),
        **{k: jnp.asarray(v) for k, v in per_state.items()},
        **{k: jnp.asarray(v) for k, v in dyads.items()},
    )
    return ready(given)


def quiet(years, states, frameworks):
    """A programme without any move, with every lever that is declared."""
    return programmes.quiet(levers().values(), years, states, frameworks)


def toy_year(world: World, options=()):
    """The mechanisms on the toy world; CPTPP is its framework with market access."""
    return build_year(world, options)


def toy_shared(seed: int = 1, programme=None, options=()) -> Shared:
    """Everything rows share, with a programme that moves nothing unless one is given."""
    world = toy_world()
    programme = programme or quiet(YEARS, world.count, len(FRAMEWORKS))
    return Shared(world, toy_year(world, options), programme, jnp.uint32(seed))


def toy_row(future: int = 0, weights=None, active=None, **parameters: float) -> Row:
    """A row at the books' values, with some replaced (``trade__elasticity=5.0``)."""
    numbers = {p.key: jnp.asarray(p.value) for p in all_parameters()}
    numbers |= {k.replace("__", "."): jnp.asarray(v) for k, v in parameters.items()}
    weights = jnp.zeros(GROUPS) if weights is None else jnp.asarray(weights)
    active = jnp.ones(5, bool) if active is None else jnp.asarray(active)
    return Row(jnp.uint32(future), weights, numbers, active)


def still(**moved):
    """Levers that nobody moves, but those named."""
    calm = quiet(YEARS, len(STATES), len(FRAMEWORKS)).levers(jnp.zeros(0), jnp.asarray(0))
    return calm.replace(moved)
