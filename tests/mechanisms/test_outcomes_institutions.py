"""Measures of checks and leadership read the right state, channel, domain and year."""

import numpy as np
import pytest

from comity.engine.measures import Block
from comity.mechanisms.checks.measures import measures as checks_outcomes
from comity.mechanisms.elections.measures import measures as elections_outcomes
from comity.mechanisms.leadership.measures import measures as leadership_outcomes
from comity.registry.axes import CHANNELS, DOMAINS


def block(states=("JPN", "USA")):
    shape = (2, 3, 5, 2, 4)
    kept = np.arange(np.prod(shape), dtype=float).reshape(shape) / 1e3
    series = {"survival": kept, "commitments_kept": kept}
    empty = np.zeros((2, 3, 0))
    return Block(states, np.ones(2), "JPN", (), series, empty, np.ones((2, 3), bool))


@pytest.mark.parametrize("place", range(4))
def test_each_reads_its_own_place(place):
    one = block()
    survival, kept = checks_outcomes("JPN", ())[place], leadership_outcomes("JPN", ())[place]
    assert survival.name == f"survival.USA.{CHANNELS[place]}"
    assert kept.name == f"commitments_kept.USA.{DOMAINS[place]}"
    whole = one.series["survival"][:, :, :, 1, place]
    np.testing.assert_allclose(survival.reduce(one), 100 * whole.mean(2))
    np.testing.assert_allclose(kept.reduce(one), 100 * whole[:, :, -1])


def test_the_government_is_that_of_the_last_year_and_of_states_with_a_day_by_law():
    one = block(("JPN", "USA", "KOR"))
    stands = np.zeros((2, 3, 5, 3))
    stands[..., 4, 1], stands[0, :, 4, 2] = 1.0, 1.0
    one.series["government_stands"] = stands
    assert [m.name for m in elections_outcomes("JPN", ())] == ["government.USA"]
    korea, states = elections_outcomes("KOR", ())
    assert korea.name == "government.KOR" and states.name == "government.USA"
    np.testing.assert_array_equal(states.reduce(one), 100.0)
    np.testing.assert_array_equal(korea.reduce(one), [[100.0] * 3, [0.0] * 3])
    assert np.isnan(korea.reduce(block(("USA",)))).all()


def test_a_world_without_the_state_has_no_figure():
    other = block(("JPN", "R_x"))
    assert np.isnan(checks_outcomes("JPN", ())[0].reduce(other)).all()
    assert checks_outcomes("JPN", ())[0].reduce(other).shape == (2, 3)


def test_words_stand_in_both_languages():
    for one in (
        *checks_outcomes("JPN", ()),
        *leadership_outcomes("JPN", ()),
        *elections_outcomes("JPN", ()),
    ):
        assert one.label["en"] != one.label["ja"] and one.direction == "none"
