"""The numbers of runs stay what they are, to 1e-9 on any machine.

A change that moves one is meant to be noticed here, said under [Numbers] in the changelog, and
written anew with its reason: ``python tests/study/test_kept_numbers.py``. Last written when the
wirings and priors of the critical reading came in (docs/decisions/2026-12-critical-reading.md);
until then they were those of commit e53f175, to the bit on one machine.
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


def outcomes(run):
    """Mean, first and last value of every strategy and measure."""
    scenario, strategies, futures = RUNS[run]
    found = cm.run(scenario, actor="JPN", strategies=strategies, futures=futures).outcomes
    values = found.groupby(["strategy", "measure"])["value"]
    columns = {"mean": values.mean(), "first": values.first(), "last": values.last()}
    return pd.DataFrame(columns).sort_index()


def us_wall():
    return cm.trade("us-wall-25").effects.reset_index(drop=True)


@pytest.mark.parametrize("run", RUNS)
def test_outcomes_are_those_of_before(run):
    theirs = pd.read_csv(HERE / "outcomes.csv", keep_default_na=False, na_values=[""])
    theirs = theirs[theirs["run"] == run].drop(columns="run").set_index(["strategy", "measure"])
    assert len(theirs) > 60
    pd.testing.assert_frame_equal(outcomes(run), theirs.sort_index(), rtol=1e-9, atol=1e-11)


def test_the_us_wall_is_that_of_before():
    found = us_wall()
    theirs = pd.read_csv(HERE / "us_wall_25.csv", keep_default_na=False, na_values=[""])
    assert len(theirs) > 40
    # The file holds six digits.
    pd.testing.assert_frame_equal(found[list(theirs)], theirs, rtol=1e-5, check_dtype=False)


if __name__ == "__main__":
    frames = [outcomes(run).reset_index().assign(run=run) for run in RUNS]
    made = pd.concat(frames)[["run", "strategy", "measure", "mean", "first", "last"]]
    made.to_csv(HERE / "outcomes.csv", index=False, lineterminator="\n")
    columns = list(pd.read_csv(HERE / "us_wall_25.csv", nrows=0))
    us_wall()[columns].to_csv(
        HERE / "us_wall_25.csv", index=False, float_format="%.6g", lineterminator="\n"
    )
