"""The published index of national capability from its components."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.replications import cinc
from comity.models.force.capabilities import COMPONENTS

raw_data = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@raw_data
def test_every_published_figure_is_reached():
    checks = cinc.run()
    assert len(checks) == 9
    assert all(check.ok for check in checks), [c for c in checks if not c.ok]


@raw_data
def test_one_figure_that_is_off_is_caught():
    from comity.data.sources.source import load

    table = load("cow_nmc").query("year == 1950").reset_index(drop=True)
    table.loc[table.ccode == 2, "cinc"] *= 1.02
    rows, worst, _ = cinc.compare(table, "1950")
    assert not rows.ok and rows.ours == rows.published - 1
    assert not worst.ok


@raw_data
def test_the_break_of_2017_is_in_urban_population():
    from comity.data.sources.source import load

    table = load("cow_nmc")
    table["urban"] = table.upop.astype(float)
    world = table.groupby("year").urban.sum() / 1e6
    assert world[2016] == pytest.approx(2.34, abs=0.01)
    assert world[2017] == pytest.approx(3.33, abs=0.01)
    usa = table[table.ccode == 2].set_index("year").urban / 1e3
    assert usa[2016] == pytest.approx(197.8, abs=0.1) and usa[2017] == pytest.approx(110.0, abs=0.1)


def test_states_that_do_not_exist_in_a_year_count_for_nothing():
    table = pd.DataFrame({"ccode": [1, 2, 1], "year": [1900, 1900, 1901]})
    for name in COMPONENTS:
        table[name] = [1.0, 3.0, 5.0]
    table.loc[0, "pec"] = np.nan
    np.testing.assert_allclose(cinc.recomputed(table), [0.25, (5 * 0.75 + 1) / 6, 1.0])
