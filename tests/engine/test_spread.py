"""How a change spreads through a program: by hand, and against perturbations of it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from comity.engine.spread import traced

GIVEN = np.array([2, 0, 1])
PAIRS = jnp.asarray([[True, True], [False, True], [False, False]])


def spread(call, shape, *touched):
    """Places of the output that a change at some places of an input can reach."""
    program = traced(lambda named, _: {"y": call(named["x"])}, {"x": jnp.zeros(shape)})
    mask = np.zeros(shape, bool)
    for place in touched:
        mask[place] = True
    found = program.spread("x", mask)
    return [] if not found else np.argwhere(found["y"]).squeeze(-1).tolist()


@pytest.mark.parametrize(
    ("call", "reached"),
    [
        (lambda x: 2.0 * x + 1.0, [1]),
        (lambda x: x[GIVEN], [2]),
        (lambda x: jnp.where(jnp.asarray([True, False, True]), x, 0.0), []),
        (lambda x: jnp.where(PAIRS.all(axis=1), x, 0.0), []),
        (lambda x: jnp.where(PAIRS.any(axis=1), x, 0.0), [1]),
        (lambda x: jnp.where(PAIRS.any(axis=0).all(), x, 0.0), [1]),
        (lambda x: x * jnp.asarray([1.0, 0.0, 1.0]), []),
        (lambda x: jnp.outer(jnp.ones(2), x) @ jnp.asarray([1.0, 0.0, 1.0]), []),
        (lambda x: jnp.asarray(np.eye(3)) @ x, [1]),
        (lambda x: x / x.sum(), [0, 1, 2]),
        (lambda x: jnp.cumsum(x), [1, 2]),
        (lambda x: jnp.sort(x), [0, 1, 2]),
        (lambda x: jnp.zeros(4).at[GIVEN].set(x), [0]),
        (lambda x: jnp.concatenate([x[1:], x[:1]]), [0]),
        (lambda x: jnp.where(x > 0, 1.0, 0.0), [1]),
        (lambda x: jax.nn.sigmoid(jnp.clip(x, -1.0, 1.0)), [1]),
        (lambda x: lax.while_loop(lambda y: y[0] < 1, lambda y: y + 1.0, x), [0, 1, 2]),
        (lambda x: lax.cond(jnp.asarray(1) > 0, lambda y: y, lambda y: -y, x), [1]),
        (lambda x: jnp.zeros(3), []),
    ],
)
def test_a_change_at_the_middle_of_three_reaches(call, reached):
    assert spread(call, (3,), 1) == reached


def test_what_is_drawn_is_not_looked_at():
    """A number that is nil in one draw is not nil in all."""
    program = traced(
        lambda named, drawn: {"y": drawn * named["x"]}, {"x": jnp.zeros(3)}, jnp.asarray(0.0)
    )
    assert program.spread("x", np.ones(3, bool))["y"].all()
    given = traced(lambda named, _: {"y": 0.0 * named["x"]}, {"x": jnp.zeros(3)})
    assert given.spread("x", np.ones(3, bool)) == {}


def test_an_operation_that_is_not_known_mixes_all():
    assert spread(lambda x: jnp.fft.fft(x).real, (3,), 1) == [0, 1, 2]


def test_a_program_within_a_program_called_twice():
    inner = jax.jit(lambda a, b: (b, a))
    program = traced(
        lambda named, _: dict(zip("pq", inner(*inner(named["x"], named["y"])), strict=True)),
        {"x": jnp.zeros(2), "y": jnp.zeros(3)},
    )
    assert set(program.spread("x", np.ones(2, bool))) == {"p"}
    assert set(program.spread("y", np.ones(3, bool))) == {"q"}


@pytest.mark.parametrize(
    ("call", "reached"),
    [
        (lambda x: lax.dynamic_slice(x, (1, 0), (1, 3)), [[0, 1]]),
        (lambda x: lax.dynamic_slice(x, (0, 1), (2, 2)), [[1, 0]]),
        # A start beyond the end is moved back, as JAX does.
        (lambda x: lax.dynamic_slice(x, (5, 5), (1, 2)), [[0, 0]]),
        (lambda x: lax.dynamic_slice(x, (0, 0), (1, 3)), []),
        (lambda x: x[:, ::2], []),
        (lambda x: x[:, 1::2], [[1, 0]]),
        (lambda x: x[1:, None, :], [[0, 0, 1]]),
        (lambda x: x.T[::-1], [[1, 1]]),
        (lambda x: x.reshape(6)[2:5], [[2]]),
        (lambda x: jnp.concatenate([x, x], axis=1), [[1, 1], [1, 4]]),
        (lambda x: jnp.broadcast_to(x[:, 1], (2, 2)), [[0, 1], [1, 1]]),
        (lambda x: x.sum(axis=0), [[1]]),
        (lambda x: x.max(axis=1), [[1]]),
        (lambda x: jnp.cumsum(x, axis=0), [[1, 1]]),
        (lambda x: jnp.cumsum(x, axis=1, dtype=float), [[1, 1], [1, 2]]),
        (lambda x: lax.cumsum(x, axis=1, reverse=True), [[1, 0], [1, 1]]),
    ],
)
def test_a_change_in_the_last_row_of_two_reaches(call, reached):
    program = traced(lambda named, _: {"y": call(named["x"])}, {"x": jnp.zeros((2, 3))})
    mask = np.zeros((2, 3), bool)
    mask[1, 1] = True
    found = program.spread("x", mask)
    assert ([] if not found else np.argwhere(found["y"]).tolist()) == reached
