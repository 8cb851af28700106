"""Lapses of pledges by state: the shipped table, the record it rests on, and the pooling."""

import os

import numpy as np
import pandas as pd
import pytest

from comity.evidence.estimates import pledge_lapse
from comity.models.force.dyad_hazard import Climatology
from comity.world.snapshot import table


def test_a_long_clean_record_pulls_below_and_none_leaves_the_mean():
    prior = Climatology(2.0, 198.0)
    nothing, wide = pledge_lapse.posterior(prior, 0.0, 0.0, 1.0)
    clean, _ = pledge_lapse.posterior(prior, 0.0, 1800.0, 1.0)
    assert nothing == pytest.approx(0.01)
    assert clean == pytest.approx(2 / 2000)
    assert wide == pytest.approx(np.sqrt(0.6449341 - 1 / 200), abs=2e-3), "trigamma(2)"


def test_lapses_of_one_deed_count_once():
    rows = pd.DataFrame(
        {"patron": [1, 1, 1, 2], "year": [1990, 1990, 1990, 1991], "lapse": [True] * 4}
    )
    assert pledge_lapse.cluster_size(rows) == pytest.approx((9 + 1) / 4)
    one, _ = pledge_lapse.posterior(Climatology(1.0, 99.0), 4.0, 400.0, 2.0)
    assert one == pytest.approx((1 + 2) / (100 + 200))


@pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
@pytest.mark.slow
def test_the_shipped_table_is_what_the_data_give():
    made = pledge_lapse.rates(pledge_lapse.pledges()).set_index("patron")
    ships = table("pledge_lapse").set_index("patron")
    assert list(made.index) == list(ships.index)
    for column in ("pair_years", "lapses", "rate", "log_sd"):
        np.testing.assert_allclose(ships[column], made[column], rtol=5e-4)
    assert made.loc["USA", "lapses"] == 7 and made.loc["USA", "pair_years"] == 3581
