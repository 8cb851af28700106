"""Numbers of commitments and crises: each is what its data give."""

import os

import numpy as np
import pytest

from comity.evidence.estimates import crisis_effects, protection
from comity.evidence.panels import crisis_panel
from comity.mechanisms.catalogue import books

pytestmark = pytest.mark.skipif(
    not os.environ.get("COMITY_DATA"), reason="COMITY_DATA is not set: raw data needed"
)
COMMITMENT, CRISES = books()["commitment"], books()["crises"]


def test_what_came_of_challenges():
    found = protection.outcomes()
    assert (found.challenges, found.resisted, found.joined) == (1165, 569, 67)
    assert (found.wars_alone, found.wars_joined) == (13, 10)
    assert CRISES["resists"].value == pytest.approx(found.resisted / found.challenges, abs=5e-4)


def test_lapses_of_defence_treaties():
    rows = protection.treaty_years()
    assert (len(rows), rows["lapse"].sum()) == (3446, 70)
    found = protection.lapse_effects(rows)
    overlap = COMMITMENT["overlap"]
    assert overlap.value == pytest.approx(found["overlap"].value, abs=1e-3)
    assert overlap.prior.sd == pytest.approx(found["overlap"].error, abs=5e-3)
    ends = protection.lapse_effects(rows, "ended")["overlap"]
    assert abs(ends.value) < ends.error, "overlapping treaties end as often; the duty is carried on"
    assert abs(found["bases"].value) < found["bases"].error, "bases: nothing found, nothing used"


def test_troops_lie_inside_the_prior_whichever_design_is_right():
    prior = CRISES["troops"].prior
    found = crisis_effects.troops(crisis_panel.panel_rows())
    effects = np.array([table.iloc[0, 0] for table in found.values()])
    assert all(table.index[0] == "troops" for table in found.values())
    low, high = prior.mean - 1.96 * prior.sd, prior.mean + 1.96 * prior.sd
    assert (low < effects).all() and (effects < high).all()
    assert effects.min() < 0 < effects.max(), "designs disagree on the sign"


def test_troops_and_joining():
    found = crisis_effects.joining_us(crisis_effects.protectors()).loc["troops"]
    prior = COMMITMENT["forces"].prior
    assert prior.mean == pytest.approx(found.iloc[0], abs=0.05)
    assert prior.sd >= found.iloc[1]
