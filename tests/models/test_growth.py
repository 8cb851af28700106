"""Growth: moments that can be written down, invariance of draws, regions against simulation."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comity.core.runtime  # noqa: F401  (float64)
from comity.models.people.growth import (
    aggregate,
    draw_trend,
    first_world_shock,
    growth_rates,
    state_normals,
    world_shock,
)


def slots(*numbers):
    return jnp.asarray(numbers, dtype=jnp.uint32)


def scalar(x):
    return jnp.asarray(x, dtype=jnp.float64)


def draw_paths(futures, years, trend, trend_sd, people, loading, sd, world_sd, persistence, slot):
    """Log GDP after ``years``, (futures, N)."""

    def one(key):
        start, rest = jax.random.split(key)
        drawn = draw_trend(start, trend, trend_sd, slot)
        first = first_world_shock(jax.random.fold_in(start, 7), world_sd)

        def step(before, year_key):
            year = growth_rates(
                year_key, drawn, people, loading, sd, before, world_sd, persistence, slot
            )
            return year.world, year.rate

        return jax.lax.scan(step, first, jax.random.split(rest, years))[1].sum(axis=0)

    return np.asarray(jax.jit(jax.vmap(one))(jax.random.split(jax.random.key(3), futures)))


def test_rate_is_trend_and_population_when_nothing_is_uncertain():
    zero = jnp.zeros(2)
    year = growth_rates(
        jax.random.key(1),
        jnp.array([0.02, 0.01]),
        jnp.array([0.01, -0.005]),
        jnp.ones(2),
        zero,
        scalar(0.0),
        scalar(0.0),
        scalar(0.5),
        slots(4, 9),
    )
    np.testing.assert_allclose(year.rate, [0.03, 0.005], atol=1e-15)
    assert float(year.world) == 0.0


def test_last_years_common_shock_decays():
    shock = world_shock(jax.random.key(1), scalar(-0.04), scalar(0.0), scalar(0.5))
    np.testing.assert_allclose(shock, -0.02, atol=1e-15)


def test_spread_of_ten_years_is_the_formula():
    """Variances of trend (H^2), own shocks (H) and AR(1) common shock add up."""
    from comity.models.people.growth_on_a_panel import sum_factor

    trend_sd, sd, loading = (
        np.array([0.01, 0.0, 0.0]),
        np.array([0.0, 0.04, 0.0]),
        np.array([0.0, 0.0, 1.5]),
    )
    ends = draw_paths(
        20_000,
        10,
        jnp.full(3, 0.02),
        jnp.asarray(trend_sd),
        jnp.zeros(3),
        jnp.asarray(loading),
        jnp.asarray(sd),
        scalar(0.012),
        scalar(0.45),
        slots(1, 2, 3),
    )
    expected = np.sqrt(
        100 * trend_sd**2 + 10 * sd**2 + loading**2 * 0.012**2 * sum_factor(10, 0.45)
    )
    np.testing.assert_allclose(ends.mean(axis=0), 0.2, atol=4 * expected.max() / np.sqrt(20_000))
    np.testing.assert_allclose(ends.std(axis=0), expected, rtol=0.02)


def test_common_shock_correlates_states():
    flat = jnp.zeros(2)
    ends = draw_paths(
        5_000,
        1,
        flat,
        flat,
        flat,
        jnp.ones(2),
        jnp.full(2, 0.01),
        scalar(0.01),
        scalar(0.3),
        slots(1, 2),
    )
    assert np.corrcoef(ends.T)[0, 1] == pytest.approx(0.5, abs=0.04)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=6, max_size=6, unique=True), st.randoms())
def test_a_states_shock_is_its_own(numbers, random):
    """Neither the order of states nor who else is there changes a state's draw, bit for bit."""
    key = jax.random.key(11)
    full = dict(zip(numbers, np.asarray(state_normals(key, slots(*numbers))), strict=True))
    some = random.sample(numbers, k=3)
    np.testing.assert_array_equal(state_normals(key, slots(*some)), [full[i] for i in some])
    assert len(set(full.values())) == len(full)


def test_common_shock_ignores_who_is_there():
    arguments = (scalar(0.01), scalar(0.012), scalar(0.4))
    key, two, one = jax.random.key(5), jnp.full(2, 0.02), jnp.full(1, 0.02)
    both = growth_rates(key, two, two, two, two, *arguments, slots(3, 8))
    alone = growth_rates(key, one, one, one, one, *arguments, slots(8))
    assert float(both.world) == float(alone.world)
    assert float(both.rate[1]) == float(alone.rate[0])


def test_regions_have_the_moments_of_their_members():
    """Log change of a region's summed GDP over a year against the aggregated parameters."""
    rng = np.random.default_rng(0)
    n = 6
    trend, people = rng.uniform(0.0, 0.04, n), rng.uniform(-0.01, 0.03, n)
    trend_sd, sd = rng.uniform(0.008, 0.02, n), rng.uniform(0.01, 0.05, n)
    loading, gdp = rng.uniform(0.5, 1.5, n), rng.lognormal(0, 1, n)
    ends = draw_paths(
        40_000,
        1,
        *(jnp.asarray(x) for x in (trend, trend_sd, people, loading, sd)),
        scalar(0.012),
        scalar(0.4),
        slots(*range(n)),
    )
    seen = np.log(np.exp(ends) @ (gdp / gdp.sum()))
    region = aggregate(
        jnp.asarray(gdp / gdp.sum())[None, :],
        *(jnp.asarray(x) for x in (trend, trend_sd, people, loading, sd)),
    )
    expected = np.sqrt(
        float(region.trend_sd[0]) ** 2
        + float(region.sd[0]) ** 2
        + (float(region.loading[0]) * 0.012) ** 2
    )
    # Half the variance between members is the error of averaging logs: below 0.001 here.
    assert seen.mean() == pytest.approx(
        float(region.trend[0] + region.population_growth[0]), abs=1e-3
    )
    assert seen.std() == pytest.approx(expected, rel=0.02)


def test_a_region_of_one_state_is_that_state():
    x = jnp.array([0.01, 0.02, 0.03])
    region = aggregate(jnp.eye(3), x, x, x, x, x)
    for part in (
        region.trend,
        region.trend_sd,
        region.population_growth,
        region.loading,
        region.sd,
    ):
        np.testing.assert_allclose(part, x, rtol=1e-14)
