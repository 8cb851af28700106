"""Which coefficients of a game are named as running to infinity."""

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from comity.models.force.strategic_game import Game, design
from comity.models.force.strategic_likelihood import Problem
from comity.models.force.strategic_separation import separated


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_only_the_column_that_tells_moves_apart_is_named_whatever_the_units(unit):
    """Who has z always goes; x has both with and without it."""
    game = Game(("she",), ("stays", "goes"), {("she", "goes"): "~ 1 + x + z"}, link="logit")
    x, z = np.array([0.0, 1, 2, 3, 0, 1, 2, 3]), np.array([0.0, 0, 0, 0, 0, 0, 1, 1])
    went = np.array([0, 1, 0, 1, 1, 0, 1, 1])
    frame = pd.DataFrame({"x": unit * x, "z": z})
    nothing = jnp.zeros(3)
    given = Problem(design(game, frame), jnp.asarray(went), nothing, "none", "logit", "agent")
    found = separated(given, game)
    assert found.names == ("she(goes):z",) and found.surely
