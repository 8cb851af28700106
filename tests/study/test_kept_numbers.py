"""Numbers that are kept: to 1e-9 on any machine.

Those of commit e53f175 to the last bit until borders of the base year were corrected
(docs/decisions/2026-11-29-borders-of-the-base-year.md). A change that moves one is meant to be
noticed here, said under [Numbers] in the changelog, and written anew with its reason
(``tests/reference/keep.py``).
"""

from pathlib import Path

import pandas as pd
import pytest

import comity as cm

HERE = Path(__file__).parents[1] / "reference"
RUNS = {
    "default": ("america-first", ["steady", "de-risk-china", "retaliate", "widen-cptpp"], 10),
    "usfk": ("usfk-cut", "all", 6),
}
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("run", RUNS)
def test_outcomes_are_those_of_before(run):
    scenario, strategies, futures = RUNS[run]
    found = cm.run(scenario, actor="JPN", strategies=strategies, futures=futures).outcomes
    values = found.groupby(["strategy", "measure"])["value"]
    ours = pd.DataFrame({"mean": values.mean(), "first": values.first(), "last": values.last()})
    theirs = pd.read_csv(HERE / "outcomes.csv", keep_default_na=False, na_values=[""])
    theirs = theirs[theirs["run"] == run].drop(columns="run").set_index(["strategy", "measure"])
    assert len(theirs) > 60
    pd.testing.assert_frame_equal(ours.sort_index(), theirs.sort_index(), rtol=1e-9, atol=1e-11)


def test_the_us_wall_is_that_of_before():
    found = cm.trade("us-wall-25").effects.reset_index(drop=True)
    theirs = pd.read_csv(HERE / "us_wall_25.csv", keep_default_na=False, na_values=[""])
    assert len(theirs) > 40
    # The file holds six digits.
    pd.testing.assert_frame_equal(found[list(theirs)], theirs, rtol=1e-5, check_dtype=False)
