"""Pieces of the estimator of games: starts, information and inverses by hand."""

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from comity.models.force import strategic_likelihood as model
from comity.models.force.strategic_game import Game, design

TWO = Game(
    ("a", "b"),
    ("stays", "yields", "fights"),
    {("a", "stays"): "~ 1", ("b", "fights"): "~ 1"},
    link="logit",
)


def problem(game: Game, frame: pd.DataFrame) -> model.Problem:
    chosen = pd.Index(game.outcomes).get_indexer(pd.Index(frame["outcome"])).astype(np.int64)
    nothing = jnp.zeros(len(game.names))
    kind = (game.link, game.errors)
    return model.Problem(design(game, frame), jnp.asarray(chosen), nothing, "none", *kind)


def test_constants_start_at_the_shares_of_each_move():
    """Of 20 six stay; of 14 who go on ten meet a fight: - log 14/6 for staying, log 10/4."""
    frame = pd.DataFrame({"outcome": np.repeat(["stays", "yields", "fights"], [6, 4, 10])})
    found = model.backward(problem(TWO, frame), TWO)
    np.testing.assert_allclose(found, [np.log(6 / 14), np.log(10 / 4)], atol=2e-3)


@pytest.mark.parametrize("link", ["probit", "logit"])
def test_information_is_the_mean_square_of_the_slope(link):
    """Over both acts with their chances; the slope's own mean is nil."""
    index = np.array([-3.0, -0.4, 0.0, 1.1, 2.5])
    forth, information = model._slopes(index, np.ones(5), link)
    back, same = model._slopes(index, -np.ones(5), link)
    goes = norm.cdf(index) if link == "probit" else 1 / (1 + np.exp(-index))
    np.testing.assert_allclose(goes * forth + (1 - goes) * back, 0.0, atol=1e-12)
    np.testing.assert_allclose(goes * forth**2 + (1 - goes) * back**2, information, rtol=1e-10)
    np.testing.assert_array_equal(information, same)


def test_units_are_root_mean_squares_and_one_for_a_column_of_nothing():
    game = Game(("she",), ("stays", "goes"), {("she", "goes"): "~ 0 + x + z"}, link="logit")
    frame = pd.DataFrame({"x": [3.0, 4.0], "z": [0.0, 0.0], "outcome": ["stays", "goes"]})
    np.testing.assert_allclose(model.units(problem(game, frame)), [np.sqrt(12.5), 1.0])


def test_an_inverse_whatever_the_units_and_none_where_there_is_none():
    small = np.array([[2e-8, 0.0], [0.0, 4e6]])
    np.testing.assert_allclose(model.inverse(small), np.diag([5e7, 2.5e-7]), rtol=1e-12)
    for flat in (np.ones((2, 2)), np.diag([1.0, 0.0]), np.diag([1.0, -1.0]), small * np.nan):
        assert np.isnan(model.inverse(flat)).all()
