"""Disputes of the nineteenth century: the reference figures, and how the rows are made."""

import os

import pytest

from comity.evidence.replications import war1800
from comity.models.force.strategic_choice import fit, predict

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)


@pytest.mark.slow
def test_the_reference_figures():
    checks = war1800.run()
    assert [c for c in checks if not c.ok] == []
    assert len(checks) == 1 + 3 * 10 + 4 + 3


def test_outcomes_and_missing_regimes():
    disputes = war1800.frame()
    assert len(disputes) == 313
    complete = disputes.dropna(subset=["outcome", *war1800.GAME.columns])
    counts = complete["outcome"].value_counts().to_dict()
    assert counts == {"status quo": 124, "capitulation": 83, "war": 75}
    unknown = disputes["regime2"].isna()
    assert unknown.sum() == 20
    assert disputes.loc[unknown, ["dem2", "mixed2"]].isna().all(axis=None)


@pytest.mark.slow
def test_fitted_chances_average_to_the_shares_of_the_outcomes():
    """The target's constant makes its move fit on average, up to what the first move weighs."""
    disputes = war1800.frame()
    found = fit(war1800.GAME, disputes)
    rows = disputes.dropna(subset=["outcome", *war1800.GAME.columns])
    shares = rows["outcome"].value_counts(normalize=True)
    fitted = predict(found, rows).mean()
    assert found.dropped == 31
    for outcome in war1800.GAME.outcomes:
        assert fitted[outcome] == pytest.approx(shares[outcome], abs=0.02)
