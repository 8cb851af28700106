"""Killed at any point, a run loses no chunk and changes no value.

Whenever a run is about to open a file to write, to move, make or remove one, its folder is copied
as it stands: that is what a kill at this instant leaves. Each copy is then finished and compared.
"""

import os
import random
import shutil

import pytest

from fuzz import crashes
from fuzz.stops import ENDS, KINDS, campaign


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """A laboratory, its finished folder, and what kills at every point would have left."""
    return crashes.states(tmp_path_factory.mktemp("kills"))


def check(states, chosen):
    lab, whole, _ = states
    for folder, when in chosen:
        assert crashes.finished(lab, folder, whole) == ("finished", ""), when
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_run_killed_at_any_of_some_points_is_finished(states):
    seen = states[2]
    assert len(seen) > 100 and any("plan.json" in when for _, when in seen)
    # The first ones and the last, and some between.
    chosen = [*seen[:2], *random.Random(1).sample(seen[4:-1], 2), seen[-1]]
    check(states, chosen)
    for folder, _ in chosen:
        assert not folder.exists()


@pytest.mark.slow
def test_a_run_killed_at_more_points_is_finished(states):
    """As many as COMITY_KILLS says; `make verify` takes them all."""
    left = [one for one in states[2] if one[0].exists()]
    many = min(int(os.environ.get("COMITY_KILLS", "20")), len(left))
    check(states, random.Random(2).sample(left, many))
    print(f"{many} of {len(states[2])} points")


@pytest.mark.slow
def test_stops_of_every_kind_end_well(tmp_path):
    counts, points, broken = campaign(tmp_path, 1, 2 * len(KINDS))
    assert points > 100 and not broken
    assert sum(counts.values()) == 2 * len(KINDS) and {end for _, end in counts} <= set(ENDS)
    assert all(counts[kind, "finished"] for kind in KINDS)
