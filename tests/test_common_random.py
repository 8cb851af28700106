"""Random numbers belong to (future, year, mechanism, state): worlds differ only by what differs."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy
from comity.core.parameters import draw, uniforms
from comity.engine.contract import key_of
from comity.engine.year import Shared, future
from comity.mechanisms.catalogue import all_parameters


def test_same_future_same_shocks_under_another_strategy(toy_future):
    """Weights of moves change nothing in the shocks, so that differences are paired."""
    a = toy_future(toy.toy_row(7))
    b = toy_future(toy.toy_row(7, weights=[1.0, 1.0, 0.5, 0.0]))
    np.testing.assert_array_equal(a.series["capacity"], b.series["capacity"])


def test_another_future_or_seed_has_other_shocks(toy_future):
    a, b = toy_future(toy.toy_row(0)), toy_future(toy.toy_row(1))
    c = toy_future(toy.toy_row(0), toy.toy_shared(seed=2))
    assert (a.series["capacity"] != b.series["capacity"]).all()
    assert (a.series["capacity"] != c.series["capacity"]).all()


def test_switching_a_mechanism_off_moves_no_other_draw(toy_future):
    on = toy_future(toy.toy_row(4))
    # Trade, and arms, which take their part of what trade leaves.
    off = toy_future(toy.toy_row(4, active=[True, True, False, False, True]))
    np.testing.assert_array_equal(on.series["capacity"], off.series["capacity"])
    assert (off.series["consumption"] == 1.0).all()


def test_key_depends_on_the_name_not_the_place():
    root = jax.random.key(0)
    ten = jnp.uint32(10)
    first = key_of("growth", root, ten, ten)
    assert (
        jax.random.key_data(first) == jax.random.key_data(key_of("growth", root, ten, ten))
    ).all()
    assert (
        jax.random.key_data(first) != jax.random.key_data(key_of("trade", root, ten, ten))
    ).any()


@pytest.mark.slow
def test_a_state_meets_the_same_shocks_in_a_smaller_world():
    """Minimally different world: without one state the others grow as before."""
    shared, row = toy.toy_shared(), toy.toy_row(3)
    keep = np.array([0, 1, 2, 3])

    def cut(x):
        for axis, size in enumerate(x.shape):
            if size == len(toy.STATES):
                x = jnp.take(x, keep, axis)
        return x

    world = jax.tree.map(cut, shared.world)
    world = eqx.tree_at(lambda w: w.slot, world, shared.world.slot[keep])
    small = type(world)(
        **{**{f: getattr(world, f) for f in world.__dataclass_fields__}, "states": toy.STATES[:4]}
    )
    programme = toy.quiet(toy.YEARS, 4, len(toy.FRAMEWORKS))
    kept = future(Shared(small, toy.toy_year(small), programme, shared.seed), row)
    whole = future(shared, row)
    np.testing.assert_array_equal(kept.series["capacity"], whole.series["capacity"][:, keep])


@given(st.integers(0, 2**31 - 1), st.integers(1, 40))
def test_draws_do_not_depend_on_how_many_futures(seed, fewer):
    many = draw(all_parameters(), seed, 41)
    few = draw(all_parameters(), seed, fewer)
    for key, values in few.items():
        np.testing.assert_array_equal(values, many[key][:fewer])


def test_draws_differ_by_name_and_stay_inside_their_bounds():
    drawn = draw(all_parameters(), 3, 2000)
    for p in all_parameters():
        values = drawn[p.key]
        assert values.min() >= p.prior.low and values.max() <= p.prior.high
        assert (np.ptp(values) > 0) == (p.prior.kind != "fixed")
    assert abs(np.corrcoef(uniforms(1, "a", 4000), uniforms(1, "b", 4000))[0, 1]) < 0.06
