"""Measures of frameworks read the last year of the actor."""

import numpy as np

from comity.engine.measures import Block
from comity.mechanisms.frameworks.measures import ENLARGED
from comity.mechanisms.frameworks.measures import measures as frameworks_outcomes

# A plan's own framework first: a measure finds its row by name, not by place.
NAMES = ("Ours", *ENLARGED)


def test_share_rank_and_living_frameworks_of_the_last_year():
    bridging = np.zeros((2, 1, 3, 3))
    bridging[..., -1, :] = [[[0.5, 0.3, 0.2]], [[0.1, 0.3, 0.6]]]
    alive = np.full((2, 1, 3, 3), 4.0)
    members = np.full((2, 1, 3, len(NAMES)), 10.0)
    block = Block(
        ("CHN", "JPN", "USA"),
        np.ones(3),
        "JPN",
        (),
        {"bridging": bridging, "alive": alive, "members": members},
        np.zeros((2, 1, 0)),
        np.ones((2, 1), bool),
        NAMES,
    )
    found = {one.name: one.reduce(block)[:, 0] for one in frameworks_outcomes("JPN", ())}
    np.testing.assert_allclose(found["bridging"], [30.0, 30.0])
    np.testing.assert_allclose(found["bridging_rank"], [2.0, 2.0])
    np.testing.assert_allclose(found["frameworks_alive"], [4.0, 4.0])


def test_a_failed_future_has_no_rank():
    series = {name: np.full((1, 1, 2, 1), np.nan) for name in ("bridging", "alive")}
    series["members"] = np.full((1, 1, 2, len(NAMES)), np.nan)
    block = Block(
        ("JPN",), np.ones(1), "JPN", (), series, np.zeros((1, 1, 0)), np.ones((1, 1), bool), NAMES
    )
    assert all(np.isnan(one.reduce(block)).all() for one in frameworks_outcomes("JPN", ()))


def test_a_framework_is_enlarged_where_it_has_a_member_more_than_without_the_scenario():
    members = np.full((2, 2, 3, len(NAMES)), 10.0)
    members[0, 1, -1, NAMES.index("CPTPP")] = 11.0
    series = {"bridging": np.zeros((2, 2, 3, 1)), "alive": np.zeros((2, 2, 3, 1))}
    block = Block(
        ("JPN",),
        np.ones(1),
        "JPN",
        (),
        series | {"members": members},
        np.zeros((2, 2, 0)),
        np.ones((2, 2), bool),
        NAMES,
    )
    found = {one.name: one.reduce(block) for one in frameworks_outcomes("JPN", ())}
    np.testing.assert_array_equal(found["enlarged.CPTPP"], [[0.0, 100.0], [0.0, 0.0]])
    assert (found["enlarged.NATO"] == 0).all()
