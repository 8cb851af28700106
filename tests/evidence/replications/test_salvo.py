"""Excursion A3, the Coral Sea, Iwo Jima: what is reached, what a wrong input would show."""

from dataclasses import replace

import numpy as np
import pytest

from comity.evidence.replications import salvo
from comity.models.force import attrition


def short(checks):
    return [check.what for check in checks if not check.ok]


CORAL_SEA = [
    "Coral Sea: American carriers lost",
    "Coral Sea: Japanese carriers lost",
    "Coral Sea: both American carriers lost (%)",
]


def test_salvo_is_reached():
    checks = salvo.run()
    assert len(checks) == 21 and short(checks) == CORAL_SEA
    assert all(check.stated == (check.what in CORAL_SEA) for check in checks)


def test_sides_taken_for_each_other_are_seen(monkeypatch):
    monkeypatch.setattr(salvo, "ON_AMERICAN", salvo.ON_JAPANESE)
    monkeypatch.setattr(salvo, "ON_JAPANESE", replace(salvo.ON_JAPANESE, met=0))
    lost = {c.what: c.gap for c in salvo.run() if c.what in CORAL_SEA[:2]}
    assert lost[CORAL_SEA[0]] < -0.05 and lost[CORAL_SEA[1]] > 0.05
    monkeypatch.setattr(salvo, "STOPPED", 1.0)
    assert "A3, pulse 1: Red left (%)" in short(salvo.run())


def test_no_reading_alone_gives_the_coral_sea_as_printed():
    """The page says so: 1.55 and 54 % lie between readings."""
    american = salvo.readings(salvo.ON_AMERICAN)
    assert [round(float(one.mean), 2) for one in american] == [1.52, 1.58, 1.53]
    assert [round(100 * float(one.all)) for one in american] == [50, 68, 50]
    japanese = salvo.readings(salvo.ON_JAPANESE)
    assert [round(float(one.mean), 2) for one in japanese] == [1.44, 1.49, 1.47]


def iwo_jima(rate_american, rate_japanese, defenders):
    """Engel's landings, in thousands over the first, third and sixth day."""
    first = np.array([0.0, 2.0, 5.0])
    landings = attrition.Arrivals(first, first + 1, 1000 * np.array([54.0, 6, 13]), np.zeros(3))
    times = np.array([28.0, 35.0, 40.0])
    return attrition.fight(times, 0.0, defenders, rate_american, rate_japanese, arrivals=landings)


@pytest.mark.parametrize(
    ("given", "on_35", "over"),
    [
        ((0.0106, 0.0544, 21_500.0), (52_012, 768), 36.4),
        ((0.0106, 0.0544, 21_000.0), (53_080, 81), 35.1),
        ((0.0106351, 0.0547895, 21_000.0), (52_982, 41), 35.1),
    ],
)
def test_iwo_jima_as_on_the_page(given, on_35, over):
    path = iwo_jima(*given)
    assert (round(path.a[1]), round(path.b[1])) == on_35
    assert round(path.over, 1) == over
