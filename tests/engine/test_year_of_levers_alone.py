"""A future in which no mechanism acts: what levers stand at when it ends, put together by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toy
from comity.engine.paths import ACTS, graph
from comity.engine.programme import Acts, Moves, programme
from comity.engine.year import Row, Shared, future
from comity.mechanisms.catalogue import levers

WORLD = toy.toy_world()
USA, YEARS = toy.STATES.index("USA"), (2026, 2027, 2028)


def shared(years=YEARS, delay=0.0):
    """The United States spends 1, 2, 3, ... hundredths more, by an act that is sure to fall."""
    world = WORLD.replace(
        {
            "survival": jnp.zeros_like(WORLD.survival),
            "reversal_delay": jnp.full_like(WORLD.reversal_delay, delay),
        }
    )
    moved = np.zeros((1, len(years), WORLD.count))
    moved[0, :, USA] = 0.01 * np.arange(1, len(years) + 1)
    one = jnp.asarray([0])
    acts = Acts(jnp.asarray([USA]), one, jnp.asarray([2026.0]), one.astype(jnp.uint32), (0,), (0,))
    moves = {"defence_share": Moves(jnp.asarray(moved), (0,))}
    made = programme(levers().values(), years, WORLD.count, 2, others=moves, acts=acts)
    return Shared(world, (), made, jnp.uint32(1))


@pytest.mark.parametrize(("delay", "stands"), [(3.0, 0.03), (2.0, 0.0)])
def test_levers_end_where_the_last_year_puts_them(delay, stands):
    """The act of 2026 stands in 2028 where it takes three years to fall, and not where two."""
    row = Row(jnp.uint32(0), jnp.ones(1), {}, jnp.zeros(0, bool))
    end = jax.jit(future)(shared(delay=delay), row).levers
    np.testing.assert_allclose(end.defence_share, stands * (np.arange(WORLD.count) == USA))


def test_acts_of_a_single_year_are_followed():
    made = graph(shared((2026,)), {}, "JPN", ("USA",))
    reached = made.follow({"defence_share": np.arange(WORLD.count) == USA}, {0})
    assert [name for name, _ in made.programs] == [ACTS]
    assert reached == ()  # nobody reads the lever
