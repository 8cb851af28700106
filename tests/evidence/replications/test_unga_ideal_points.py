"""General Assembly ideal points against the published series; matched votes; nothing peeked at."""

import os

import pytest

from comity.evidence.panels import unga
from comity.evidence.replications import unga_ideal_points
from comity.models.institutions import ideal_points
from comity.models.institutions.roll_calls import roll_calls, same_titles

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
    ),
    pytest.mark.slow,
]
# Pairs of votes that the authors of the published series hold to be the same
# (bailey2017estimating, list of matches), a few from each decade; not a choice of ours.
PAIRS = ((1716, 1811), (2948, 3102), (3191, 3351), (3612, 3701), (4108, 4169), (4343, 4414))


def test_published_series_is_reached():
    checks = unga_ideal_points.run()
    assert len(checks) == 6
    assert all(one.ok for one in checks), [one for one in checks if not one.ok]


def test_titles_find_votes_held_to_be_the_same():
    same = same_titles(unga.titles(), gap=1)
    assert len(same) > 1500
    assert all(same.get(a) == same.get(b) is not None for a, b in PAIRS)


def test_without_a_session_the_estimates_change():
    """The comparison is with these votes: fewer of them are not as near."""
    rows = unga.choices()
    rolls = roll_calls(rows[rows.vote % 7 == 0])
    table = ideal_points.estimate(rolls, 2, tolerance=0.05).table(rolls)
    assert unga.by_session(unga.compared(table)).min() < 0.95
