"""Caliendo and Parro (2015), table 2: all 24 numbers, and what the table leaves out."""

import os

import numpy as np
import pytest

from comity.evidence.replications import caliendo_parro_nafta as nafta

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.fixture(scope="module")
def data():
    return nafta.data()


def test_all_24_numbers():
    checks = nafta.run()
    assert len(checks) == 24 and all(one.ok for one in checks)


def test_unrounded_results_without_deficits(data):
    ours = nafta.effects(data, deficits=False)
    printed = {"Canada": (-0.0638, -0.108, 0.0443, 0.323), "USA": (0.0848, 0.0435, 0.0412, 0.112)}
    for member, numbers in printed.items():
        place = data.economies.index(member)
        assert [ours[i][place] for i in range(4)] == pytest.approx(numbers, abs=6e-4)


def test_the_exact_change_of_consumption_is_another_matter_where_tariffs_fall_to_zero(data):
    """The table counts revenue won at the old tariffs; Mexico in fact gives nearly all of it up."""
    ours = nafta.effects(data, deficits=False)
    mexico, usa = (data.economies.index(one) for one in ("Mexico", "USA"))
    assert ours.consumption[mexico] == pytest.approx(0.007, abs=0.002)
    assert ours.consumption[usa] == pytest.approx(0.074, abs=0.002)


def test_another_elasticity_falls_short(data):
    other = nafta.Nafta(data.economies, data.raw, 0.7 * data.elasticity, data.after)
    ours = nafta.effects(other, deficits=False)
    mexico = data.economies.index("Mexico")
    assert np.isfinite(ours.welfare).all() and abs(ours.welfare[mexico] - 1.31) > 0.05
